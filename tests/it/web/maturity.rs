//! Maturity made visible: the dashboard, the heatmap and the trend, and what can be taken away of them.

use std::collections::HashSet;

use cairn::app::bundled_catalog;

use crate::harness::{Page, Table, TestApp, activity_ids, made_up_answers};

/// Two teams in the last quarter: Payments has done all of “Process”, Web Shop has started its level 1.
fn process() -> TestApp {
    let catalog = bundled_catalog().unwrap();
    let mut csv = String::from("team,period,activity_id,activity,status,not_applicable_reason,note,inherited_from\n");
    for (index, _) in catalog.homes().filter(|(_, home)| home.sub_dimension.name == "Process") {
        let activity = catalog.activity(index);
        csv += &format!("Payments,2026-Q4,{},,fully_implemented,,,\n", activity.id.0);
        if activity.level == 1 {
            csv += &format!("Web Shop,2026-Q4,{},,started,,,\n", activity.id.0);
        }
    }
    TestApp::with_answers(&csv)
}

/// The numbers with a sign that stand in some elements, in hundredths.
fn changes(page: &Page, css: &str) -> Vec<i64> {
    let number = |text: &str| text.replace('−', "-").replace(['+', '±', '.'], "").parse().unwrap();
    page.texts(css).iter().map(|text| if text == "±0" { 0 } else { number(text) }).collect()
}

#[test]
fn the_heatmap_shows_how_far_each_level_of_each_part_is() {
    let app = process();
    let page = app.visit("/heatmap");
    let row = page.row("Process");
    assert_eq!(row[1..4], ["0", "60 %", "50 %"], "level reached, then 100 and 20 %, then 100 and nothing");
    assert_eq!(page.row("Test KPI")[2], "– no activities", "the model has nothing there");
    let sectors = page.attributes(".wide-chart svg a", "href");
    let cells = page.attributes("a.heat-link", "href");
    assert_eq!(sectors.iter().collect::<HashSet<_>>(), cells.iter().collect::<HashSet<_>>(), "the table says the same");
    let process = cells.iter().find(|address| address.contains("part=Process&level=1")).unwrap();
    let page = app.visit(process.split('#').next().unwrap());
    assert_eq!(page.texts("#activities h2"), ["Process, level 1"]);
    assert_eq!(page.select("a.heat-link[aria-current]").len(), 1);
    for row in page.select("#activities tbody tr") {
        let words: Vec<String> = row.text().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect();
        assert_eq!(words[1..].join(" "), "60 % 1 of 2 teams 0 0");
    }
}

#[test]
fn the_matrix_shows_which_team_is_how_far_where() {
    let app = process();
    let page = app.visit("/heatmap");
    let parts = page.texts("#teams th.turned");
    let at = parts.iter().position(|part| part == "Process").unwrap();
    let (payments, shop) = (page.row("Payments"), page.row("Web Shop"));
    assert_eq!((payments[at + 2].as_str(), shop[at + 2].as_str()), ("3 100 %", "0 5 %"));
    let team = app.visit(&format!("/heatmap?team={}", app.team("Payments")));
    assert!(team.select("#teams").is_empty(), "a team alone has no matrix");
    assert_eq!(team.row("Process")[1..4], ["3", "100 %", "100 %"]);
    let matrix = Table::read(app.visit("/export/matrix.csv").text());
    let row = matrix
        .rows
        .iter()
        .find(|row| matrix.cell(row, "team") == "Web Shop" && matrix.cell(row, "sub_dimension") == "Process");
    assert_eq!(matrix.cell(row.unwrap(), "level"), "0");
}

#[test]
fn nothing_is_coloured_before_anything_is_known() {
    let app = TestApp::new();
    app.add_team("Payments");
    for path in ["/heatmap", "/trend"] {
        let page = app.visit(path);
        assert!(page.select("svg.chart").is_empty());
        assert!(!page.select("section.empty a").is_empty(), "{path} says what to do");
    }
    for path in ["/export/heatmap.csv", "/export/changes.csv", "/export/spread.xlsx", "/charts/radar.svg"] {
        assert_eq!(app.get(path).status, 404, "{path}");
    }
}

#[test]
fn the_causes_sum_to_the_change_of_the_score() {
    let app = TestApp::demo();
    let quarters: Vec<String> =
        app.visit("/").select("select[name=period] option").iter().map(|option| option.text().collect()).collect();
    let mut moved = 0;
    for quarter in &quarters[1..] {
        for scope in ["", "&team=1", "&team=4", "&group=1"] {
            let page = app.visit(&format!("/?period={quarter}{scope}"));
            let total = changes(&page, "#changes > p.quiet .change");
            let [total] = total[..] else {
                assert!(page.select("ul.causes").is_empty());
                continue;
            };
            let causes = changes(&page, "ul.causes .change");
            assert_eq!(causes.iter().sum::<i64>(), total, "{quarter}{scope}");
            let shown = page.words("#changes > p");
            let rose = shown.contains("the score rose by");
            assert_eq!(rose, total > 0, "{shown}");
            moved += 1;
        }
    }
    assert!(moved > 15, "there is something to sum");
}

#[test]
fn an_export_says_what_the_page_says_about_the_change() {
    let app = TestApp::demo();
    let table = Table::read(app.visit("/export/changes.csv").text());
    let number = |row: &[String], column| table.cell(row, column).parse::<f64>().unwrap();
    let of = |dimension: &str, cause: &str| -> Vec<&Vec<String>> {
        let rows = table.rows.iter().filter(|row| table.cell(row, "dimension") == dimension);
        rows.filter(|row| (table.cell(row, "cause") == "Answers") == (cause == "Answers")).collect()
    };
    for dimension in ["overall", "Implementation", "Culture and Organization"] {
        let causes = of(dimension, "");
        let sum: f64 = causes.iter().map(|row| number(row, "change")).sum();
        let (before, after) = (number(causes[0], "score_before"), number(causes[0], "score_after"));
        assert!((before + sum - after).abs() < 1e-9, "{dimension}");
        let answers: f64 = of(dimension, "Answers").iter().map(|row| number(row, "change")).sum();
        let by_cause: f64 = causes
            .iter()
            .filter(|row| table.cell(row, "cause").starts_with("Answers "))
            .map(|row| number(row, "change"))
            .sum();
        assert!((answers - by_cause).abs() < 1e-9, "{dimension}: {answers} {by_cause}");
    }
}

#[test]
fn the_stages_say_what_is_left() {
    let app = TestApp::with_answers(&made_up_answers());
    let page = app.visit("/?period=2025-Q4");
    assert_eq!(page.texts("ol.stages strong").len(), 3);
    let stages = Table::read(app.visit("/export/stages.csv?period=2025-Q4").text());
    for (row, shown) in stages.rows.iter().zip(page.texts("ol.stages li")) {
        let done = stages.cell(row, "fully_implemented");
        assert!(shown.contains(&format!("; {done} of {} ", stages.cell(row, "activities"))), "{shown}");
        let percent = (stages.cell(row, "percent_to_target").parse::<f64>().unwrap() * 100.0 + 1e-6).floor();
        assert!(shown.contains(&format!("{percent} % to target")), "{shown}");
    }
}

#[test]
fn teams_and_groups_stand_side_by_side() {
    let app = TestApp::with_answers(&made_up_answers());
    let (payments, shop) = (app.team("Payments"), app.team("=Web Shop"));
    let page = app.visit("/trend?dimension=Implementation");
    assert!(page.select("#beside svg.chart").is_empty());
    let form = page.form("#beside form");
    assert_eq!(form.value("dimension"), "Implementation", "what is looked at stays");
    let page = app.visit(&format!("/trend?dimension=Implementation&with=team-{payments}&with=team-{shop}"));
    assert_eq!(page.select("#beside svg.chart").len(), 3);
    let remove = page.attributes("#beside figcaption a:not([download])", "href");
    assert_eq!(remove.len(), 2, "the scope itself stays");
    assert_eq!(app.visit(&remove[0]).select("#beside svg.chart").len(), 2);
    let picker = page.form("form.picker:has([name=scope])");
    assert_eq!(picker.value("with"), format!("team-{payments}"), "another quarter keeps who stands beside");
    for (query, status) in [
        ("with=team-999", 404),
        ("with=group-999", 404),
        ("with=everybody", 422),
        (&format!("with=team-{payments}&with=team-{payments}"), 200),
        ("with=", 200),
        ("dimension=Nothing", 404),
        (&(1..=12).map(|i| format!("with=team-{i}&")).collect::<String>(), 422),
    ] {
        assert_eq!(app.get(&format!("/trend?{query}")).status, status, "{query}");
    }
}

#[test]
fn the_trend_says_what_else_changed() {
    let app = TestApp::with_answers(&made_up_answers());
    let page = app.visit("/trend");
    let late = "Müller & Söhne \"Core\", Berlin";
    assert!(
        page.words("main dl.level-list").contains(&format!("2025-Q2 1 team joined: {late}.")),
        "{}",
        page.words("main")
    );
    let spread = Table::read(app.visit("/export/spread.csv").text());
    let row = |quarter: &str| {
        let rows = spread.rows.iter().filter(|row| spread.cell(row, "period") == quarter);
        rows.clone().find(|row| spread.cell(row, "dimension") == "overall").unwrap()
    };
    assert_eq!((spread.cell(row("2025-Q1"), "teams"), spread.cell(row("2025-Q2"), "teams")), ("2", "3"));
    // The least and the greatest are scores of teams.
    let score = |team: &str| {
        let trend = Table::read(app.visit(&format!("/export/trend.csv?team={}", app.team(team))).text());
        let rows = trend.rows.iter().filter(|row| trend.cell(row, "period") == "2025-Q1");
        let overall = rows.clone().find(|row| trend.cell(row, "dimension") == "overall").unwrap();
        trend.cell(overall, "score").parse::<f64>().unwrap()
    };
    let (payments, shop) = (score("Payments"), score("=Web Shop"));
    let number = |column| spread.cell(row("2025-Q1"), column).parse::<f64>().unwrap();
    assert_eq!((number("least"), number("greatest")), (payments.min(shop), payments.max(shop)));
    assert!((number("median") - (payments + shop) / 2.0).abs() < 1e-9);
}

#[test]
fn the_bands_of_the_levels_sum_to_the_score() {
    let app = TestApp::with_answers(&made_up_answers());
    let trend = Table::read(app.visit("/export/trend.csv").text());
    let levels = Table::read(app.visit("/export/completion.csv").text());
    for point in &trend.rows {
        let at = |row: &[String], table: &Table| {
            (table.cell(row, "period").to_owned(), table.cell(row, "dimension").to_owned())
        };
        let (mut last, mut sum) = (0.0, 0.0);
        for row in levels.rows.iter().filter(|row| at(row, &levels) == at(point, &trend)) {
            let number = |column| levels.cell(row, column).parse::<f64>().unwrap();
            sum += (number("level") - last) * number("completion");
            last = number("level");
        }
        assert!((sum - trend.cell(point, "score").parse::<f64>().unwrap()).abs() < 1e-9);
    }
}

#[test]
fn what_was_computed_before_is_not_shown_after_a_change() {
    let app = TestApp::new();
    let activity = &activity_ids()[0];
    let payments = app.add_team("Payments");
    let first = app.open(payments, "2026-Q4");
    app.answer(&first, &[(activity, "started")]);
    app.hand_in(&first);
    let score = || app.visit("/export/levels.csv").text().lines().nth(1).unwrap().to_owned();
    let before = score();
    assert_eq!(before, score());

    app.post(&format!("{first}/reopen"), &[("reason", "wrong")]).location();
    assert!(app.visit("/heatmap").select("svg.chart").is_empty(), "what was reopened does not count");
    app.answer(&first, &[(activity, "fully_implemented")]);
    app.hand_in(&first);
    assert_ne!(score(), before, "the new answers count");

    let shop = app.add_team("Web Shop");
    let second = app.open(shop, "2026-Q4");
    app.answer(&second, &[(activity, "fully_implemented")]);
    assert_eq!(app.visit("/heatmap").select("#teams tbody tr").len(), 1, "a draft does not count");
    app.hand_in(&second);
    assert_eq!(app.visit("/heatmap").select("#teams tbody tr").len(), 2);

    let group = app.add_group("Sales");
    assert!(app.visit(&format!("/heatmap?group={group}")).select("#teams").is_empty());
    app.put_into_groups("Web Shop", &[group]);
    assert_eq!(app.visit(&format!("/heatmap?group={group}")).texts("#teams tbody th"), ["Web Shop"]);

    let quarters =
        |page: &Page| page.texts("main table tbody th").iter().filter(|text| text.as_str() == "2026-Q3").count();
    assert_eq!(quarters(&app.visit("/trend")), 0);
    let head = "team,period,activity_id,activity,status,not_applicable_reason,note,inherited_from";
    app.commands().write("more.csv", format!("{head}\nWeb Shop,2026-Q3,{activity},,started,,,\n"));
    app.commands().run(&["import", "--submit", "more.csv"]).expect_done();
    assert!(quarters(&app.visit("/trend")) > 0, "what another program brings is seen");
}

#[test]
fn it_does_not_matter_what_was_asked_for_first() {
    // One of the teams leaves quarters out, and stands on the same submission in several.
    let (first, second) = (TestApp::with_answers(&made_up_answers()), TestApp::with_answers(&made_up_answers()));
    for page in ["/unusual?period=2025-Q4", "/portfolio?period=2025-Q3", "/report?depth=auditor"] {
        first.visit(page);
    }
    for export in ["/export/trend.csv", "/export/matrix.csv", "/export/portfolio.csv", "/export/changes.csv"] {
        assert_eq!(first.visit(export).text(), second.visit(export).text(), "{export}");
    }
}

#[test]
fn what_is_wrong_in_an_address_is_told() {
    let app = process();
    for (path, field) in [
        ("/heatmap?dimension=x&part=y&level=9", "a level is a number from 1 to 5"),
        ("/heatmap?level=abc", "a level is a number from 1 to 5"),
        ("/heatmap?page=0", "a page is a number from 1 on"),
        ("/trend?with=x", "like team-3 or group-1"),
    ] {
        let page = app.get(path).expect_status(422);
        assert!(page.words("main").contains(field), "{path}: {}", page.words("main"));
    }
    assert!(app.visit("/heatmap?page=7").words("#teams").contains("There is no page 7, but only 1."));
    let none = app.visit("/heatmap?dimension=x&part=y&level=2").words("#activities");
    assert!(none.contains("no activities at level 2 of “y” in “x”"), "{none}");
    let early = app.visit("/trend?period=2024-Q1").words("main");
    assert!(early.contains("for 2024-Q1 or before") && early.contains("is 2026-Q4."), "{early}");
}

#[test]
fn a_download_says_what_it_is() {
    let app = TestApp::demo();
    for (path, name) in [
        ("/charts/trend.svg?team=4&dimension=Test+and+Verification", "cairn-trend-team-4-test-and-verification.svg"),
        ("/charts/radar.png?group=1&period=2026-Q3", "cairn-radar-group-1-2026-Q3.png"),
        ("/export/stages.csv?team=2", "cairn-stages-team-2.csv"),
        ("/export/levels.xlsx?period=2026-Q2", "cairn-levels-2026-Q2.xlsx"),
    ] {
        let header = format!("attachment; filename=\"{name}\"");
        assert_eq!(app.visit(path).header("content-disposition"), header);
    }
}

#[test]
fn nobody_is_shown_what_was_computed_for_others() {
    let app = process();
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let vera = app.person("Vera", &["--role", "viewer", "--team", "Payments"]);
    for _ in 0..2 {
        assert_eq!(app.visit("/heatmap").select("#teams tbody tr").len(), 2);
        assert_eq!(vera.visit("/heatmap").texts("#teams tbody th"), ["Payments"]);
        assert_eq!(vera.visit("/heatmap").row("Process")[2], "100 %", "others do not count in what she sees");
        assert!(!vera.visit("/export/matrix.csv").text().contains("Web Shop"));
        assert_eq!(vera.get(&format!("/trend?with=team-{}", app.team("Web Shop"))).status, 404);
    }
}

#[test]
fn every_chart_can_be_taken_along() {
    let app = TestApp::demo();
    for name in ["radar", "waterfall", "balance", "heatmap", "trend", "levels", "spread"] {
        for query in ["", "?dimension=Implementation&period=2026-Q3", "?group=1"] {
            let svg = app.visit(&format!("/charts/{name}.svg{query}"));
            assert_eq!(svg.header("content-type"), "image/svg+xml");
            assert!(svg.header("content-disposition").starts_with("attachment"));
            assert!(svg.header("content-security-policy").contains("default-src 'none'"));
            assert!(svg.text().starts_with("<?xml") && svg.text().contains("<title"), "{name}");
            assert!(!svg.text().contains("var(--"), "{name} stands alone");
        }
        let png = app.visit(&format!("/charts/{name}.png"));
        assert_eq!(png.header("content-type"), "image/png");
        assert!(png.body.starts_with(b"\x89PNG\r\n"), "{name}");
        assert_eq!(png.body, app.visit(&format!("/charts/{name}.png")).body, "the same bytes again");
    }
    for path in ["/charts/trend.svg?dimension=Nothing", "/charts/pie.svg", "/charts/trend.gif", "/charts/trend"] {
        app.get(path).expect_status(404);
    }
}

#[test]
fn what_a_page_shows_can_be_taken_along() {
    let app = TestApp::demo();
    let mut taken = HashSet::new();
    for page in ["/", "/heatmap", "/trend", "/?team=1", "/trend?group=1&dimension=Implementation"] {
        for address in app.visit(page).attributes("a[download]", "href") {
            if taken.insert(address.clone()) && !address.contains(".png") {
                let (first, second) = (app.visit(&address), app.visit(&address));
                assert!(!first.body.is_empty() && first.body == second.body, "{address} gives the same bytes again");
            }
        }
    }
    let kinds = ["levels", "stages", "changes", "balance", "heatmap", "matrix", "trend", "completion", "spread"];
    for kind in kinds {
        for format in ["csv", "xlsx"] {
            assert!(taken.contains(&format!("/export/{kind}.{format}")), "{kind}.{format}");
        }
    }
}
