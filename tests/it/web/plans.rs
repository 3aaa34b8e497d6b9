//! `/roadmap/plans`: plans that are tried, kept, made anew, put aside and compared, and who takes care of what.

use crate::harness::{Browser, Form, Page, TestApp, signed_answers, small_catalog};

/// By level; the default stages ask for 1, 2 and 4 in the first and for 2, 3 and 4 in the second. Each takes 3 points.
const DIMENSIONS: &[(&str, &[u8])] = &[("Build and Deployment", &[1, 1, 2]), ("Culture and Organization", &[1, 3])];

/// Two teams, of which the second has done one activity. The second activity, `a1`, needs the first.
fn two() -> TestApp {
    let app = TestApp::new();
    let catalog = small_catalog(DIMENSIONS).replace("uuid: a1,", "uuid: a1, dependsOn: [a0],");
    app.commands().write("small.yaml", catalog);
    app.commands().run(&["catalog", "use", "--whole", "small.yaml"]).expect_done();
    app.commands()
        .write("answers.csv", signed_answers(&[("Bank", "2026-Q3", "00000", ""), ("Cards", "2026-Q3", "x0000", "")]));
    app.commands().run(&["import", "--submit", "answers.csv"]).expect_done();
    app
}

/// What is proposed, as the page sends it.
fn proposed(browser: &Browser, query: &str) -> Form {
    browser.visit(&format!("/roadmap/plans/new{query}")).form("form.plan-form")
}

fn send(browser: &Browser, form: &Form, what: &str) -> Page {
    let mut form = form.clone();
    form.press("do", what);
    browser.submit(&form)
}

/// Keeps what is proposed with other entries, and gives the address of the plan.
fn keep(browser: &Browser, query: &str, entries: &[(&str, &str)]) -> String {
    let mut form = proposed(browser, query);
    form.fill("capacity", "3");
    entries.iter().for_each(|(field, value)| form.fill(field, value));
    send(browser, &form, "save").location()
}

/// A row of the table of stages: when work on it begins and when it is finished.
fn span(page: &Page, stage: &str) -> [String; 2] {
    let row = page.row(stage);
    [row[3].clone(), row[4].clone()]
}

/// The practices of each quarter, such as `2027-Q1: a0 a3`.
fn quarters(page: &Page) -> Vec<String> {
    let (heads, links) = (page.texts(".planned-quarter h3"), page.select(".planned-quarter"));
    let name = scraper::Selector::parse("th[scope=row] > a").unwrap();
    let names = links.iter().map(|quarter| quarter.select(&name).map(|link| link.inner_html()).collect::<Vec<_>>());
    let quarter = |head: &String| head.split(' ').next().unwrap().to_owned();
    heads.iter().zip(names).map(|(head, names)| format!("{}: {}", quarter(head), names.join(" "))).collect()
}

#[test]
fn a_plan_is_tried_without_being_kept_and_then_kept() {
    let app = two();
    let bank = format!("?team={}", app.team("Bank"));
    assert!(app.visit("/roadmap/plans").words("main .empty").contains("No plan is kept yet."));
    let mut form = proposed(&app, &bank);
    assert_eq!((form.value("start"), form.value("capacity")), ("2027-Q1", "12"), "two activities in a quarter");
    form.fill("capacity", "3");
    let page = send(&app, &form, "preview").expect_status(200);
    assert_eq!(span(&page, "1. Initial adoption"), ["2027-Q1", "2027-Q3"]);
    assert_eq!(span(&page, "2. Automation of security testing"), ["2027-Q4", "2028-Q1"]);
    assert_eq!(page.form("form.plan-form").fields, form.fields, "what was entered is still there");
    let order = quarters(&page);
    assert_eq!(order.len(), 5, "{order:?}");
    assert!(app.visit("/roadmap/plans").words("main .empty").contains("No plan is kept yet."));

    let page = send(&app, &form, "save").expect_status(422);
    assert!(page.words("#fault-name").contains("name"), "{}", page.words("#fault-name"));
    form.fill("name", "  Bank until 2028 ");
    let address = send(&app, &form, "save").location();
    let page = app.visit(&address);
    assert_eq!(page.words("h1"), "Bank until 2028");
    assert_eq!(quarters(&page), order, "what was shown is what is kept");
    assert!(page.words("main .coverage").starts_with("Of Bank, version 1 of 1, saved"), "{}", page.words(".coverage"));
    let list = app.visit("/roadmap/plans");
    assert_eq!(list.row("Bank until 2028")[1..3], ["Bank", "1"]);
    // The team follows it from then on.
    assert!(app.visit(&format!("/roadmap{bank}")).words("#plan h2").contains("Bank until 2028"));

    form.fill("name", "bank UNTIL 2028");
    let page = send(&app, &form, "save").expect_status(422);
    assert!(page.words("#fault-name").contains("there is a plan called"), "{}", page.words("#fault-name"));
    assert_eq!(list.select("tbody tr").len(), app.visit("/roadmap/plans").select("tbody tr").len());
}

#[test]
fn every_fault_is_at_its_field_with_what_to_change() {
    let app = two();
    let decision = |row: usize, activity: &str, team: &str, course: &str, value: &str| {
        let parts = [("activity", activity), ("team", team), ("course", course), ("value", value)];
        parts.map(|(part, text)| (format!("decision-{part}-{row}"), text.to_owned())).to_vec()
    };
    let field = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
    let cases = [
        (field("capacity", "0"), "capacity", "enter how many points it can do"),
        (field("capacity", "-3"), "capacity", "“-3” is not a number of points"),
        (field("capacity", "many"), "capacity", "write it like 12 or 7.5"),
        (field("start", "2026-Q3"), "start", "2026-Q3 is over: a plan begins in 2026-Q4 or later"),
        (field("start", "soon"), "start", "soon"),
        (field("exceptions", "Bank; -1"), "exceptions", "line 1: “-1” is not a number of points"),
        (field("exceptions", "\nNobody; 3"), "exceptions", "line 2: no team here is called “Nobody”"),
        (field("teams", "Nobody"), "teams", "no team here is called “Nobody”"),
        (field("teams", "Bank\nCards"), "teams", "take at least one into the plan"),
        (field("target-1-Build and Deployment", "6"), "target-1-Build_and_Deployment", "a level from 0 to 5"),
        (field("target-2-Build and Deployment", "0"), "targets", "targets never fall"),
        (field("wished-1", "2026-Q1"), "wished-1", "2026-Q1 is over: choose 2026-Q4 or later"),
        (field("wished-9", "2028-Q1"), "wished-9", "the roadmap has the stages 1 to 3"),
        (decision(1, "a9", "", "excluded", ""), "decision-1", "the catalog has no activity called “a9”"),
        (decision(2, "a1", "Nobody", "excluded", ""), "decision-2", "no team here is called “Nobody”"),
        (decision(1, "a1", "", "locked", "2026-Q1"), "decision-1", "2026-Q1 is over"),
        (decision(1, "a1", "", "provided", "Nobody"), "decision-1", "no team here is called “Nobody”"),
        (
            [decision(1, "a0", "Bank", "locked", "2027-Q4"), decision(2, "a1", "Bank", "locked", "2027-Q1")].concat(),
            "decision-2",
            "before “a0”, which it needs and which is locked to 2027-Q4; lock it to 2027-Q4 or later, or the other one \
             earlier",
        ),
        (
            decision(1, "a0", "", "excluded", ""),
            "decision-1",
            "“a0” is left out, but “a1” needs it; leave that out as well, let another team provide it, or do it",
        ),
        (
            [decision(1, "a3", "Bank", "provided", "Cards"), decision(2, "a3", "Cards", "provided", "Bank")].concat(),
            "decision-1",
            "provide for each other in a circle",
        ),
        (field("name", &"n".repeat(101)), "name", ""),
    ];
    for (entries, at, message) in &cases {
        let mut fields =
            vec![("seen", ""), ("name", "A plan"), ("start", "2027-Q1"), ("capacity", "3"), ("do", "save")];
        fields.retain(|(name, _)| entries.iter().all(|(entered, _)| entered != name));
        fields.extend(entries.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let page = app.post("/roadmap/plans/new", &fields).expect_status(422);
        let said = page.words(&format!("[id='fault-{at}']"));
        assert!(!said.is_empty() && said.contains(message), "{entries:?}: {}", page.words("main .fault, main .notice"));
        for (name, value) in entries.iter().filter(|(name, _)| name != "start" && !name.starts_with("wished-9")) {
            let held = page.form("form.plan-form").value(name).replace("\r\n", "\n");
            assert!(held.contains(value.trim()) || name.starts_with("target-"), "{name} still holds {value}: {held}");
        }
    }
    assert!(app.visit("/roadmap/plans").words("main .empty").contains("No plan is kept yet."), "none was kept");
}

#[test]
fn hostile_names_are_only_names() {
    let app = two();
    let hostile = "<script>alert('x')</script>";
    let page = app.post(
        "/roadmap/plans/new",
        &[
            ("start", "2027-Q1"),
            ("capacity", hostile),
            ("teams", hostile),
            ("decision-activity-1", hostile),
            ("decision-course-1", "locked"),
        ],
    );
    assert!(!page.text().contains("<script>alert"));
    assert!(page.words("#fault-teams").contains(hostile));
    let address = keep(&app, "", &[("name", hostile)]);
    let first = quarters(&app.visit(&address)).len();
    assert!(first > 0);
    let practice = format!("{address}/items/{}/a1", app.team("Bank"));
    app.post(&practice, &[("owner", hostile)]).location();
    keep(&app, "", &[("name", "Another")]);
    for path in
        [&*address, &practice, "/roadmap/plans", "/roadmap/plans/compare", "/roadmap", &format!("{address}/edit")]
    {
        let page = app.visit(path);
        assert!(!page.text().contains("<script>alert"), "{path}");
        assert!(page.text().contains("alert(") || path == "/roadmap", "{path}");
    }
    app.post("/roadmap/plans/new", &[("decision-activity-999999", "x")]).expect_status(400);
    app.get("/roadmap/plans/compare?a=x").expect_status(422);
    app.get("/roadmap/plans/99").expect_status(404);
    app.get(&format!("{address}?version=7")).expect_status(404);
}

#[test]
fn of_two_who_save_the_second_is_told() {
    let app = two();
    let address = keep(&app, "", &[("name", "All")]);
    let form = app.visit(&format!("{address}/edit")).form("form.plan-form");
    let (mut first, mut second) = (form.clone(), form);
    first.fill("capacity", "6");
    second.fill("capacity", "9");
    assert_eq!(send(&app, &first, "save").location(), address);
    let page = send(&app, &second, "save").expect_status(409);
    let said = page.words("main .notice.bad");
    assert!(said.contains("saved version 2 meanwhile, so nothing was done"), "{said}");
    let again = page.form("form.plan-form");
    assert_eq!(again.value("capacity"), "9", "what was entered is still there");
    assert_eq!(send(&app, &again, "save").location(), address);
    assert!(app.visit(&address).words("main .coverage").contains("version 3 of 3"));
}

#[test]
fn a_plan_made_anew_keeps_what_is_locked_and_what_it_was() {
    let app = two();
    let bank = format!("?team={}", app.team("Bank"));
    let address = keep(
        &app,
        &bank,
        &[
            ("name", "Bank"),
            ("decision-activity-1", "a2"),
            ("decision-value-1", "2027-Q2"),
            ("decision-course-1", "locked"),
        ],
    );
    let before = quarters(&app.visit(&address));
    assert!(before.iter().any(|quarter| quarter == "2027-Q2: a2"), "{before:?}");
    let mut form = app.visit(&format!("{address}/edit")).form("form.plan-form");
    assert_eq!(form.value("decision-activity-1"), "a2");
    form.fill("capacity", "6");
    let page = send(&app, &form, "preview").expect_status(200);
    assert!(page.words("main").contains("version 1 stays to be compared with"), "{}", page.words("main"));
    assert_eq!(send(&app, &form, "save").location(), address);

    let page = app.visit(&address);
    assert!(page.words("main .coverage").contains("version 2 of 2"));
    let after = quarters(&page);
    assert!(after.len() < before.len(), "{after:?}");
    assert!(after.iter().any(|quarter| quarter.starts_with("2027-Q2: ") && quarter.contains("a2")), "{after:?}");
    assert_eq!(page.texts("#versions tbody th"), ["Version 2 shown here", "Version 1"]);
    let links = page.attributes("#versions a", "href");
    let first = links.iter().find(|link| link.contains("version=1") && !link.contains("compare")).unwrap();
    assert_eq!(quarters(&app.visit(first)), before, "what it was stays");
    let compare = links.iter().find(|link| link.contains("compare")).unwrap();
    let page = app.visit(compare);
    assert_eq!(page.row("What each team can do in a quarter")[1..], ["3 points", "6 points"]);
    assert!(page.words("#moved > p").contains("in the same."), "{}", page.words("#moved"));
    assert!(page.texts("#moved tbody th").iter().all(|name| name != "a2"), "what is locked does not move");
    assert!(!page.texts("#moved tbody th").is_empty());
}

#[test]
fn plans_are_put_aside_and_taken_up_again() {
    let app = two();
    let address = keep(&app, "", &[("name", "All")]);
    let tables = || app.visit("/roadmap/plans").texts("main section h2");
    assert_eq!(tables(), ["Plans"]);
    assert!(app.visit("/roadmap").words("#plan h2").contains("All"));
    app.post(&format!("{address}/archive"), &[]).location();
    app.post(&format!("{address}/archive"), &[]).location();
    assert_eq!(tables(), ["Put aside"]);
    assert!(app.visit("/roadmap").words("#plan h2").contains("proposes"), "nobody follows it any more");
    assert!(app.visit(&address).words("main .coverage").contains("This plan is put aside."));
    app.post(&format!("{address}/restore"), &[]).location();
    assert_eq!(tables(), ["Plans"]);
    let audit = app.visit("/export/audit.csv");
    assert_eq!(audit.text().matches("plan-archived").count(), 1, "what changes nothing is not recorded");
    assert_eq!(audit.text().matches("plan-restored").count(), 1);
}

#[test]
fn practices_have_owners() {
    let app = two();
    let team = app.team("Bank");
    let address = keep(&app, "", &[("name", "All")]);
    let practice = format!("{address}/items/{team}/a1");
    let page = app.visit(&practice);
    assert_eq!(page.words("h1"), "a1");
    assert!(page.words("#why .lead").contains("Initial adoption asks for level 1"), "{}", page.words("#why"));
    assert!(page.words("#needs").contains("a0 : finished in 2027-Q1"), "{}", page.words("#needs"));
    let mut form = page.form("#owner form");
    form.fill("owner", "  Noor   Haddad ");
    assert_eq!(app.submit(&form).location(), practice);
    assert_eq!(app.visit(&practice).form("#owner form").value("owner"), "Noor Haddad");
    // It stands beside the practice, where the plan of one team is looked at.
    let page = app.visit(&format!("{address}?team={team}"));
    let beside = |page: &Page| {
        let rows = page.select(".planned tbody tr");
        let row = rows.into_iter().find(|row| row.html().contains("/items/") && row.html().contains("/a1\""));
        row.unwrap().text().collect::<String>()
    };
    assert!(beside(&page).contains("Noor Haddad") && beside(&page).contains("open"), "{}", beside(&page));
    let opener = app.visit(&format!("{address}/items/{team}/a0"));
    assert!(opener.words("#needs").contains("a1 : begun in"), "{}", opener.words("#needs"));
    assert!(app.visit("/export/audit.csv").text().contains("Noor Haddad"));
    // It stays when the plan is made anew.
    let form = app.visit(&format!("{address}/edit")).form("form.plan-form");
    send(&app, &form, "save").location();
    assert!(beside(&app.visit(&format!("{address}?team={team}"))).contains("Noor Haddad"));

    let refused = app.post(&practice, &[("owner", &"n".repeat(101))]).expect_status(422);
    assert!(!refused.words("#fault-owner").is_empty());
    assert_eq!(app.visit(&practice).form("#owner form").value("owner"), "Noor Haddad");
    app.post(&practice, &[("owner", "")]).location();
    assert!(beside(&app.visit(&format!("{address}?team={team}"))).contains("no owner"));
    for wrong in [
        format!("{address}/items/{team}/a9"),
        format!("{address}/items/99/a1"),
        format!("/roadmap/plans/9/items/{team}/a1"),
    ] {
        app.get(&wrong).expect_status(404);
        app.post(&wrong, &[("owner", "x")]).expect_status(404);
    }
    // Cards has done it already.
    app.get(&format!("{address}/items/{}/a0", app.team("Cards"))).expect_status(404);
}

#[test]
fn a_practice_is_late_when_its_quarter_is_over_and_done_when_it_is_done() {
    let app = two();
    let team = app.team("Bank");
    let address = keep(&app, "", &[("name", "All"), ("start", "2026-Q4")]);
    let state = |browser: &Browser, activity: &str| {
        browser.visit(&format!("{address}/items/{team}/{activity}")).words("main > .coverage .state")
    };
    let first = quarters(&app.visit(&format!("{address}?team={team}")))[0].clone();
    let first = first.strip_prefix("2026-Q4: ").unwrap();
    assert_eq!(state(&app, first), "open");
    let later = app.a_quarter_later();
    assert_eq!((state(&later, first), state(&later, "a4")), ("late".into(), "open".into()));
    let page = later.visit("/roadmap");
    let said = page.words("#plan .lead");
    let numbers: Vec<usize> = said.split(' ').filter_map(|word| word.parse().ok()).collect();
    let [all, done, late, due] = numbers[..] else { panic!("{said}") };
    assert!(late > 0 && done + late + due == all, "{said}");
    assert_eq!(page.words("#plan details.planned-quarter summary"), "1 earlier quarter", "what is over is folded");
    assert!(quarters(&page)[0].starts_with("2027-Q1"));
    let assessment = later.open(team, "2027-Q1");
    later.answer(&assessment, &[(first, "fully_implemented")]);
    later.hand_in(&assessment);
    assert_eq!(state(&later, first), "done");
}

#[test]
fn plans_of_other_scopes_and_decisions_are_compared() {
    let app = two();
    let page = app.visit("/roadmap/plans/compare");
    assert!(page.words("main .empty").contains("There are no two plans yet."));
    let all = keep(&app, "", &[("name", "All teams")]);
    let bank = format!("?team={}", app.team("Bank"));
    let more = keep(
        &app,
        &bank,
        &[
            ("name", "Bank, faster"),
            ("capacity", "6"),
            ("decision-activity-1", "a4"),
            ("decision-course-1", "excluded"),
        ],
    );
    let [a, b] = [&all, &more].map(|address| address.rsplit('/').next().unwrap());
    let page = app.visit(&format!("/roadmap/plans/compare?a={a}&b={b}"));
    assert!(page.words("main .notice").contains("plans of different scopes"));
    assert_eq!(page.row("“a4” of all teams")[1..], ["planned like all others", "left out"]);
    let stage = page.row("1. Initial adoption");
    assert!(stage[1].starts_with("2027-Q1 to 2027-Q3 5 practices, 15 points"), "{stage:?}");
    assert!(stage[2].starts_with("2027-Q1 to 2027-Q2 3 practices, 9 points"), "{stage:?}");
    assert!(stage[3].starts_with("1 quarter earlier"), "{stage:?}");
    let only = page.words("#only");
    assert!(only.contains("Only in All teams 1 team that the other is not about: Cards. a4 (Bank)"), "{only}");
    assert_eq!(page.select("#course svg").len(), 2);
    // Seen from the other side it is the other way round.
    let swapped = app.visit(&page.attributes("main .shortcuts a", "href")[0]);
    assert!(swapped.row("1. Initial adoption")[3].starts_with("1 quarter later"));
    let same = app.visit(&format!("/roadmap/plans/compare?a={a}&b={a}"));
    assert!(same.words("main .empty").contains("Nothing differs."));
    // Without a word about which, it is about those that were saved last.
    assert_eq!(app.visit("/roadmap/plans/compare").select("#stages tbody tr").len(), 3);
    let form = app.visit("/roadmap/plans").form("form[action='/roadmap/plans/compare']");
    let chosen = app.visit(&format!("/roadmap/plans/compare?a={}&b={}", form.value("a"), form.value("b")));
    assert_eq!(chosen.select("#stages tbody tr").len(), 3);
}

#[test]
fn whoever_manages_one_team_plans_for_that_one_only() {
    let app = two();
    let [bank, cards] = ["Bank", "Cards"].map(|team| format!("?team={}", app.team(team)));
    let viewer = app.person("Vera", &["--role", "viewer"]);
    let page = viewer.visit("/roadmap/plans/new");
    assert!(page.select("button[value=save], input[name=name]").is_empty(), "what they may not is not offered");
    let mut form = page.form("form.plan-form");
    form.fill("capacity", "3");
    assert_eq!(send(&viewer, &form, "preview").expect_status(200).select("#outcome").len(), 1);
    send(&viewer, &form, "save").expect_status(403);

    let manager = app.person("Mara", &["--role", "manager", "--team", "Bank"]);
    let own = keep(&manager, &bank, &[("name", "Own")]);
    for query in ["", &cards] {
        let form = proposed(&manager, query);
        send(&manager, &form, "save").expect_status(403);
    }
    let all = keep(&app, "", &[("name", "All")]);
    let form = manager.visit(&format!("{all}/edit")).form("form.plan-form");
    send(&manager, &form, "save").expect_status(403);
    manager.post(&format!("{all}/archive"), &[]).expect_status(403);
    manager.post(&format!("{own}/archive"), &[]).location();
    // Who takes care of what in their team they may say, also in a plan of all.
    let [mine, other] = ["Bank", "Cards"].map(|team| format!("{all}/items/{}/a1", app.team(team)));
    manager.post(&mine, &[("owner", "Asa")]).location();
    manager.post(&other, &[("owner", "Asa")]).expect_status(403);
    assert!(manager.visit(&other).select("#owner form").is_empty());
    assert!(viewer.visit(&mine).words("#owner").contains("Asa"));
    viewer.post(&mine, &[("owner", "")]).expect_status(403);
}

#[test]
fn a_group_that_a_plan_is_for_stays() {
    let app = two();
    let group = app.add_group("Channels");
    app.put_into_groups("Bank", &[group]);
    keep(&app, &format!("?group={group}"), &[("name", "Channels first")]);
    let refused = app.post(&format!("/groups/{group}/remove"), &[]).expect_status(409);
    let said = refused.words("main");
    assert!(
        said.contains("he plan “Channels first” is for the teams of Channels") && said.contains("rename"),
        "{said}"
    );
    assert_eq!(app.group("Channels"), group);
}
