//! What of plans and forecasts leaves as a file.

use crate::harness::{Browser, Table, TestApp, assert_golden, signed_answers, small_catalog};

/// Two dimensions that the default roadmap has targets for, with activities of levels 1 to 4.
const DIMENSIONS: &[(&str, &[u8])] = &[("Culture and Organization", &[1, 2, 3]), ("Implementation", &[1, 2, 4])];

/// Two teams over three quarters. Of the first stage, Payments has one activity open and Web Shop two and a half.
fn two() -> TestApp {
    TestApp::small(
        DIMENSIONS,
        &[
            ("Payments", "2026-Q2", "00000n", ""),
            ("Payments", "2026-Q3", "x0000n", ""),
            ("Payments", "2026-Q4", "x00x0n", ""),
            ("Web Shop", "2026-Q2", "000000", ""),
            ("Web Shop", "2026-Q4", "h00000", ""),
        ],
    )
}

/// Keeps a plan for a scope from the fourth quarter of 2026 on, in which each team does so many points in a quarter.
fn keep(app: &TestApp, query: &str, name: &str, capacity: &str, more: &[(&str, &str)]) -> String {
    let mut form = app.visit(&format!("/roadmap/plans/new{query}")).form("form[method=post]:has([name=capacity])");
    for (field, value) in [("name", name), ("start", "2026-Q4"), ("capacity", capacity)].iter().chain(more) {
        form.fill(field, value);
    }
    form.press("do", "save");
    let address = app.submit(&form).location();
    address.rsplit('/').next().unwrap().to_owned()
}

/// A visitor in the quarter after, when Payments has done one activity more.
fn a_quarter_later(app: &TestApp) -> Browser {
    let later = app.a_quarter_later();
    let assessment = later.open(app.team("Payments"), "2027-Q1");
    later.answer(&assessment, &[("a1", "fully_implemented")]);
    later.hand_in(&assessment);
    later
}

/// The files that say everything about a kept plan.
const OF_A_KEPT_PLAN: [&str; 9] = [
    "roadmap",
    "work-items",
    "forecast",
    "forecast-fan",
    "projection",
    "plan-progress",
    "burn-up",
    "slipped",
    "plan-teams",
];

#[test]
fn files_of_a_kept_plan_are_as_they_always_were() {
    let app = two();
    let plan = keep(&app, "", "Two years", "3", &[("exceptions", "Web Shop; 2027-Q1; 6")]);
    let later = a_quarter_later(&app);
    for (kind, golden) in [
        ("roadmap.json", "roadmap.json"),
        ("roadmap.csv", "roadmap.csv"),
        ("work-items.csv", "work-items.csv"),
        ("projection.csv", "projection.csv"),
        ("plan-progress.csv", "plan-progress.csv"),
        ("burn-up.csv", "burn-up.csv"),
        ("slipped.csv", "slipped.csv"),
        ("plan-teams.csv", "plan-teams.csv"),
    ] {
        let path = format!("/export/{kind}?plan={plan}");
        assert_golden(golden, later.visit(&path).text());
        assert_eq!(later.visit(&path).body, later.visit(&path).body, "{kind}: the same bytes again");
    }
}

#[test]
fn the_forecast_leaves_with_and_without_a_plan() {
    let app = TestApp::demo();
    let forecast = Table::read(app.visit("/export/forecast.csv").text());
    let fan = Table::read(app.visit("/export/forecast-fan.csv").text());
    let shown = app.visit("/roadmap");
    assert_eq!(forecast.rows.len(), 3);
    for row in &forecast.rows {
        let cell = |column| forecast.cell(row, column);
        let of_stage = |other: &&Vec<String>| fan.cell(other, "stage") == cell("stage");
        let on_page = shown.row(&format!("{}. {}", cell("stage"), cell("stage_name")));
        assert_eq!(on_page[1], cell("points_left"));
        assert!(cell("by_50_percent") <= cell("by_80_percent"), "{row:?}");
        // Half of the ways are done when the median is 0.
        let done = fan.rows.iter().filter(of_stage).find(|point| fan.cell(point, "median") == "0");
        assert_eq!(done.map_or("", |point| fan.cell(point, "quarter")), cell("by_50_percent"));
    }
    for row in &fan.rows {
        let columns = [
            "least_95_percent",
            "least_80_percent",
            "least_50_percent",
            "median",
            "greatest_50_percent",
            "greatest_80_percent",
            "greatest_95_percent",
        ];
        let numbers = columns.map(|column| fan.cell(row, column).parse::<f64>().unwrap());
        assert!(numbers.is_sorted(), "{row:?}");
    }
}

#[test]
fn the_roadmap_as_json_has_the_fields_that_others_rely_on() {
    let app = two();
    let proposed = app.visit("/export/roadmap.json").json();
    let plan = keep(&app, "", "Two years", "3", &[]);
    let kept = app.visit(&format!("/export/roadmap.json?plan={plan}")).json();
    for (roadmap, name) in [(&proposed, None), (&kept, Some("Two years"))] {
        let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(roadmap)[..4], ["scope", "from", "capacity", "stages"]);
        assert_eq!(keys(&roadmap["scope"]), ["kind", "name"]);
        let stages = roadmap["stages"].as_array().unwrap();
        assert_eq!(stages.len(), 3);
        for stage in stages {
            let first = ["name", "goal", "targets", "reached", "completion", "starts", "ends", "practices"];
            assert_eq!(keys(stage)[..8], first);
            assert!(stage["targets"].as_object().unwrap().values().all(serde_json::Value::is_u64));
            for practice in stage["practices"].as_array().unwrap() {
                let first = ["team", "activity_id", "activity", "effort", "usefulness", "quarter", "because"];
                assert_eq!(keys(practice)[..7], first);
                assert!(practice["begins"].as_str() <= practice["quarter"].as_str());
                assert!(stage["starts"].as_str() <= practice["begins"].as_str());
                assert!(practice["quarter"].as_str() <= stage["ends"].as_str());
            }
        }
        assert_eq!(roadmap["plan"]["name"].as_str(), name);
    }
    assert_eq!(app.visit("/export/roadmap.json").json(), kept, "the kept plan is followed from now on");
}

#[test]
fn a_plan_is_taken_along_in_any_version_and_in_part() {
    let app = two();
    let plan = keep(&app, "", "Two years", "3", &[]);
    let first = app.visit(&format!("/export/roadmap.csv?plan={plan}")).text().to_owned();
    let mut form = app.visit(&format!("/roadmap/plans/{plan}/edit")).form("form[method=post]:has([name=capacity])");
    form.fill("capacity", "9");
    form.press("do", "save");
    app.submit(&form).location();
    let latest = app.visit(&format!("/export/roadmap.csv?plan={plan}")).text().to_owned();
    assert_ne!(latest, first);
    assert_eq!(app.visit(&format!("/export/roadmap.csv?plan={plan}&version=1")).text(), first);
    assert_eq!(app.visit(&format!("/export/roadmap.csv?plan={plan}&version=2")).text(), latest);

    let all = Table::read(&latest);
    let rows_of = |team: &str| all.rows.iter().filter(|row| all.cell(row, "team") == team).cloned().collect::<Vec<_>>();
    for team in ["Payments", "Web Shop"] {
        let part = format!("/export/roadmap.csv?plan={plan}&team={}", app.team(team));
        assert_eq!(Table::read(app.visit(&part).text()).rows, rows_of(team));
    }
    let stages = |n: usize| Table::read(app.visit(&format!("/export/roadmap.csv?plan={plan}&stage={n}")).text()).rows;
    assert!(stages(1).iter().all(|row| row[0] == "1") && stages(1).len() < stages(2).len());
    let named = app.get(&format!("/export/roadmap.csv?plan={plan}&stage=4")).expect_status(422);
    assert!(named.words("main").contains("the roadmap has the stages 1 to 3"));

    let header = |path: &str| app.visit(path).header("content-disposition").to_owned();
    let named = header(&format!("/export/work-items.csv?plan={plan}&team=1"));
    assert_eq!(named, format!("attachment; filename=\"cairn-work-items-plan-{plan}-team-1.csv\""));
}

#[test]
fn the_command_line_gives_the_same_files() {
    let app = two();
    let shop = app.team("Web Shop");
    let same = keep(&app, &format!("?team={}", app.team("Payments")), "Two years", "6", &[]);
    let plan = keep(&app, "", "Two years", "3", &[]);
    let own = keep(&app, &format!("?team={shop}"), "Own way", "6", &[]);
    let commands = app.commands();
    let of_page = |path: String| app.visit(&path).text().to_owned();
    for kind in ["roadmap", "work-items", "projection"] {
        for format in ["csv", "json"] {
            let export = |more: &[&str]| commands.export(&[&[kind, "--format", format], more].concat()).expect_done();
            assert_eq!(export(&["--plan", "two YEARS"]), of_page(format!("/export/{kind}.{format}?plan={plan}")));
            assert_eq!(
                export(&["--plan", "Two years", "--plan-version", "1", "--team", "Web Shop"]),
                of_page(format!("/export/{kind}.{format}?plan={plan}&team={shop}")),
                "a team's part of a plan for all"
            );
            assert_eq!(
                export(&["--team", "Payments", "--plan", "Two years"]),
                of_page(format!("/export/{kind}.{format}?plan={same}")),
                "its own plan of this name comes before that of all"
            );
            assert_eq!(
                export(&["--team", "Web Shop"]),
                of_page(format!("/export/{kind}.{format}?plan={own}")),
                "a team follows its own plan"
            );
        }
    }
    let failure = |arguments: &[&str]| commands.export(arguments).expect_failure();
    assert_eq!(
        failure(&["roadmap", "--plan", "Nothing"]),
        "plan: there is no plan called “Nothing” of Organization; there are “Two years”\n"
    );
    assert!(failure(&["burn-up", "--team", "Payments", "--plan", "Own way"]).contains("of Payments"));
    assert!(failure(&["roadmap", "--plan", ""]).starts_with("plan: a name is needed"));
    assert!(failure(&["roadmap", "--plan", "Two years", "--plan-version", "2"]).contains("version of this plan"));
    assert_eq!(commands.export(&["roadmap", "--plan-version", "2"]).code, Some(2), "a version is one of a plan");
}

#[test]
fn what_there_is_not_is_named() {
    let app = two();
    app.get("/export/roadmap.csv?plan=7").expect_status(404);
    for (query, message) in [
        ("plan=x", "plan: this is not the number of a plan"),
        ("version=1", "version: say of which plan"),
        ("plan=1&version=x", ""),
    ] {
        let page = app.get(&format!("/export/roadmap.csv?{query}"));
        assert!(matches!(page.status, 400 | 422), "{query}: {}", page.status);
        let words = page.words("main").to_lowercase();
        assert!(message.split(": ").all(|part| words.contains(part)), "{words}");
    }
    for kind in ["plan-progress", "burn-up", "slipped", "plan-teams"] {
        let page = app.get(&format!("/export/{kind}.csv")).expect_status(409);
        assert!(page.words("main").contains("No plan is kept for Organization yet"), "{}", page.words("main"));
    }
    let page = app.get("/export/forecast.csv").expect_status(409);
    assert!(page.words("main").contains("There is no forecast: a forecast rests on at least 4 steps"));
    let plan = keep(&app, "", "Two years", "3", &[]);
    app.get(&format!("/export/roadmap.csv?plan={plan}&version=9")).expect_status(404);
    let empty = TestApp::new();
    for kind in OF_A_KEPT_PLAN {
        assert_eq!(empty.get(&format!("/export/{kind}.csv")).status, 404, "{kind}");
    }
}

#[test]
fn who_sees_one_team_takes_away_only_what_is_of_that_team() {
    let app = two();
    let plan = keep(&app, "", "Two years", "3", &[("exceptions", "Web Shop; 2027-Q1; 6\r\nPayments; 2027-Q2; 4")]);
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let vera = app.person("Vera", &["--role", "viewer", "--team", "Payments"]);
    for query in [String::new(), format!("?plan={plan}"), format!("?plan={plan}&team={}", app.team("Payments"))] {
        for kind in OF_A_KEPT_PLAN.iter().filter(|kind| !kind.starts_with("forecast")) {
            for format in ["csv", "json"] {
                let file = vera.visit(&format!("/export/{kind}.{format}{query}"));
                assert!(!file.text().contains("Web Shop"), "{kind}.{format}{query}: {}", file.text());
            }
        }
        assert!(vera.visit(&format!("/export/roadmap.csv{query}")).text().contains("Payments"));
        let roadmap = vera.visit(&format!("/export/roadmap.json{query}")).json();
        assert_eq!(roadmap["capacity_exceptions"].as_array().unwrap().len(), 1);
    }
    let part = format!("/export/roadmap.json?plan={plan}&team={}", app.team("Payments"));
    assert_eq!(app.visit(&part).json()["capacity_exceptions"][0]["team"], "Payments", "a part is only of that part");
    let other = app.team("Web Shop");
    assert_eq!(vera.get(&format!("/export/roadmap.csv?plan={plan}&team={other}")).status, 404);
    let own = keep(&app, &format!("?team={other}"), "Own way", "3", &[]);
    assert_eq!(vera.get(&format!("/export/roadmap.csv?plan={own}")).status, 404);
}

#[test]
fn work_items_are_what_is_left_to_do() {
    let csv = signed_answers(&[("=Shop", "2026-Q4", "00", ""), ("\"Bank, \"\"Core\"\"\"", "2026-Q4", "00", "")]);
    let app = TestApp::public("https://cairn.example.org/");
    let risky = "    a0: {uuid: a0, level: 1, usefulness: 3, risk: \"/close\\n\\nLost.\", measure: \"1. Do it.\\n2. Show it.\", \
                 difficultyOfImplementation: {knowledge: 1, time: 1, resources: 1}}\n";
    let catalog = small_catalog(&[("Implementation", &[1, 1])]);
    let first = catalog.lines().find(|line| line.contains("uuid: a0,")).unwrap();
    let commands = app.commands();
    commands.write("small.yaml", catalog.replace(&format!("{first}\n"), risky));
    commands.run(&["catalog", "use", "--whole", "small.yaml"]).expect_done();
    commands.write("answers.csv", csv);
    commands.run(&["import", "--submit", "answers.csv"]).expect_done();

    let file = app.visit("/export/work-items.csv");
    assert!(file.text().starts_with("title,description,due_date,labels,assignee,"), "as GitLab takes them");
    assert!(file.text().contains("'=Shop: a0"), "no spreadsheet runs a title");
    let items = Table::read(file.text());
    assert_eq!(items.rows.len(), 4);
    let item = items.rows.iter().find(|row| row[0] == "Bank, \"Core\": a0").unwrap();
    let cell = |column| items.cell(item, column);
    assert_eq!(cell("labels"), "dsomm,initial-adoption,implementation,bank-core");
    let quarter: cairn::domain::period::Period = cell("quarter").parse().unwrap();
    assert_eq!(cell("due_date"), quarter.last_day().to_string());
    let description = cell("description");
    assert!(description.starts_with("Why: Initial adoption asks for level 1 of Implementation"), "{description}");
    assert!(description.contains("**Risk without it**\n\n\\/close\n\nLost."), "it is no order: {description}");
    assert!(description.contains("**What to do**\n\n1. Do it.\n2. Show it."), "{description}");
    let team = app.team("Bank, \"Core\"");
    assert!(description.ends_with(&format!("https://cairn.example.org/catalog/a0?team={team}")), "{description}");

    let of_team = Table::read(app.visit(&format!("/export/work-items.csv?team={team}")).text());
    assert_eq!(of_team.rows.iter().map(|row| &*row[0]).collect::<Vec<_>>(), ["a0", "a1"], "a team need not be named");
    let unknown = commands.export(&["work-items"]).expect_done();
    assert!(!unknown.contains("/catalog/a0"), "nobody knows the address");
    let variables = [("CAIRN_PUBLIC_URL", "https://cairn.example.org")];
    let known = commands.run_with(&["export", "work-items"], &variables).expect_done();
    assert!(known.contains("https://cairn.example.org/catalog/a0?team="), "{known}");
}

#[test]
fn what_is_done_meanwhile_is_no_work_item() {
    let app = two();
    let plan = keep(&app, "", "Two years", "3", &[]);
    let titles = |browser: &Browser| {
        let items = Table::read(browser.visit(&format!("/export/work-items.csv?plan={plan}")).text());
        items.rows.iter().map(|row| row[0].clone()).collect::<Vec<_>>()
    };
    let before = titles(&app);
    let later = titles(&a_quarter_later(&app));
    let gone: Vec<&String> = before.iter().filter(|title| !later.contains(title)).collect();
    assert_eq!(gone, ["Payments: a1"]);
    assert_eq!(later.len() + 1, before.len());
}

#[test]
fn the_pages_link_to_their_files() {
    let app = two();
    let kinds = |page: &str| {
        let addresses = app.visit(page).attributes("a[download]", "href");
        for address in &addresses {
            assert!(!app.visit(address).body.is_empty(), "{address}");
        }
        addresses
    };
    let proposed = kinds("/roadmap");
    for address in [
        "/export/roadmap.csv",
        "/export/roadmap.xlsx",
        "/export/roadmap.json",
        "/export/work-items.csv",
        "/export/projection.csv",
        "/charts/workload.png",
        "/charts/projection.svg?dimension=Implementation",
    ] {
        assert!(proposed.iter().any(|found| found == address), "{address}: {proposed:?}");
    }
    let plan = keep(&app, "", "Two years", "3", &[]);
    let of_plan = kinds(&format!("/roadmap/plans/{plan}?team={}", app.team("Web Shop")));
    for file in [
        "export/roadmap.json",
        "export/work-items.csv",
        "export/plan-progress.xlsx",
        "export/burn-up.csv",
        "charts/burn-up.svg",
        "charts/workload.png",
    ] {
        let address = format!("/{file}?team={}&plan={plan}&version=1", app.team("Web Shop"));
        assert!(of_plan.contains(&address), "{address}: {of_plan:?}");
    }
    let demo = TestApp::demo();
    let forecast = demo.visit("/roadmap").attributes("#forecast a[download]", "href");
    for address in ["/export/forecast.csv", "/export/forecast-fan.xlsx", "/charts/forecast.svg?stage=3"] {
        assert!(forecast.iter().any(|found| found == address), "{address}: {forecast:?}");
    }
    for address in forecast {
        assert!(!demo.visit(&address).body.is_empty(), "{address}");
    }
}

#[test]
fn the_charts_of_plans_can_be_taken_along() {
    let app = two();
    let plan = keep(&app, "", "Two years", "3", &[]);
    for (name, words) in
        [("workload", "2026-Q4"), ("projection", "2027-Q4"), ("projection", "Implementation"), ("burn-up", "2027-Q1")]
    {
        let query = format!("plan={plan}&dimension={}", if words == "Implementation" { words } else { "" });
        let svg = app.visit(&format!("/charts/{name}.svg?{query}"));
        assert!(svg.text().contains(words) && svg.text().starts_with("<?xml"), "{name}: {}", svg.text());
        assert!(app.visit(&format!("/charts/{name}.png?{query}")).body.starts_with(b"\x89PNG\r\n"));
    }
    let demo = TestApp::demo();
    let svg = |query: &str| demo.visit(&format!("/charts/forecast.svg{query}")).text().to_owned();
    assert!(svg("?stage=3").contains("Continuous improvement") && svg("?stage=2").contains("Automation"));
    assert_eq!(svg(""), svg("?stage=1"), "the first of which something is left");
    demo.get("/charts/forecast.svg?stage=9").expect_status(404);
    demo.get("/charts/forecast.svg?stage=x").expect_status(422);
    app.get("/charts/forecast.svg").expect_status(409);
    two().get("/charts/burn-up.svg").expect_status(409);
}
