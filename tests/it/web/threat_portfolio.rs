//! `/threat-models`: which teams have a fresh threat model of what.

use crate::harness::{Browser, Page, Table, TestApp, assert_golden};

/// Begins a threat model for a team, and gives its address.
fn begin(app: &Browser, team: i64, fields: &[(&str, &str)]) -> String {
    let team = team.to_string();
    let step =
        app.post("/threat-models", &[&[("team", team.as_str()), ("methods", "STRIDE")], fields].concat()).location();
    step.split("/steps").next().unwrap().to_owned()
}

/// Adds a part by its form.
fn add(app: &Browser, model: &str, kind: &str, fields: &[(&str, &str)]) {
    let seen = app.visit(&format!("{model}/{kind}/new")).form("main form.fields").value("seen").to_owned();
    app.post(&format!("{model}/{kind}/new"), &[&[("seen", seen.as_str())], fields].concat()).location();
}

fn record(app: &Browser, model: &str, kind: &str, on: &str) {
    app.post(&format!("{model}/records"), &[("kind", kind), ("on", on), ("note", "a new API")]).location();
}

/// Four teams: one with a fresh model, one whose review is due, one with a model that nobody reviewed, and one without.
fn four() -> TestApp {
    let app = TestApp::new();
    let [bank, cards, shop, _] = ["Bank", "Cards", "Shop", "Tills"].map(|team| app.add_team(team));
    let money = app.add_group("Money");
    app.put_into_groups("Bank", &[money]);
    app.put_into_groups("Cards", &[money]);
    let transfers = begin(&app, bank, &[("title", "Transfers"), ("owner", "Ada"), ("criticality", "critical")]);
    for (title, likelihood, impact) in [("Forged order", "3", "3"), ("Read balance", "2", "2"), ("Loop", "", "")] {
        let rating = [("title", title), ("status", "open"), ("likelihood", likelihood), ("impact_rating", impact)];
        add(&app, &transfers, "threats", &rating);
    }
    record(&app, &transfers, "review", "2026-11-01");
    let limits = begin(&app, cards, &[("title", "Limits"), ("owner", "Ben"), ("criticality", "low")]);
    add(
        &app,
        &limits,
        "threats",
        &[("title", "Race"), ("status", "open"), ("likelihood", "3"), ("impact_rating", "2")],
    );
    record(&app, &limits, "review", "2025-06-01");
    begin(&app, shop, &[("title", "=Basket")]);
    app
}

/// The titles of the models on a page, in its order.
fn titles(page: &Page) -> String {
    page.texts("#models tbody strong").join(" ")
}

#[test]
fn it_is_counted_which_teams_know_what_could_go_wrong() {
    let app = four();
    let page = app.visit("/threat-models");
    let coverage = page.words(".coverage");
    assert!(coverage.contains("1 of 4 teams know what could go wrong"), "{coverage}");
    assert!(coverage.contains("2 rely on one that was not, and 1 team has none."), "{coverage}");
    let figures = page.texts(".figures dd");
    assert_eq!(figures[0], "1 of 4");
    assert!(
        page.words(".figures").contains("Reviews due 1 the longest since 2 Jun 2026"),
        "{}",
        page.words(".figures")
    );
    assert!(page.words(".figures").contains("Open threats 4 2 critical or high"), "{}", page.words(".figures"));

    assert_eq!(page.row("Limits")[1..3], ["Cards", "2 Jun 2026"]);
    let row = page.row("Bank");
    assert_eq!(row[1..5], ["Transfers", "Ada", "STRIDE", "Critical"]);
    assert_eq!(row[5], "1 Critical 1 Medium 1 not rated");
    assert_eq!(row[6], "Fresh until 30 Apr 2027 as of 1 Nov 2026", "half a year, since it is critical");
    assert!(page.row("Shop")[6].starts_with("Never reviewed"));
    assert_eq!(page.row("2026-Q4 until now")[1..], ["1", "1", "1", "0", "0", "1", "4", "3", "1"]);
    assert_eq!(page.texts("#without li a:first-child"), ["Tills"]);
    let begin = format!("/threat-models/new?team={}", app.team("Tills"));
    assert_eq!(page.attributes("#without a.button", "href"), [begin]);

    let of_group = app.visit(&format!("/threat-models?group={}", app.group("Money")));
    assert_eq!(titles(&of_group), "Transfers Limits");
    assert!(of_group.words(".coverage").contains("1 of 2 teams know"), "{}", of_group.words(".coverage"));
    let of_team = app.visit(&format!("/threat-models?team={}", app.team("Cards")));
    assert_eq!(titles(&of_team), "Limits");
    assert!(of_team.words(".coverage").contains("1 threat model of Cards"));
    let new = format!("/threat-models/new?team={}", app.team("Cards"));
    assert_eq!(of_team.attributes(".page-head a.button", "href"), [new.replace("/new", "/import"), new]);
}

#[test]
fn a_change_makes_a_review_due_and_what_is_put_aside_counts_nowhere() {
    let app = four();
    let transfers = app.visit("/threat-models").attributes("#models a[href^='/threat-models/']", "href")[0].clone();
    record(&app, &transfers, "significant-change", "2026-11-10");
    let page = app.visit("/threat-models");
    assert_eq!(page.row("Transfers")[1..], ["Bank", "10 Nov 2026", "It changed: a new API"]);
    assert!(page.words(".coverage").contains("0 of 4 teams know"), "{}", page.words(".coverage"));

    app.post(&format!("{transfers}/archive"), &[]).location();
    let page = app.visit("/threat-models");
    assert_eq!(titles(&page), "Limits =Basket");
    assert!(page.words("#aside").contains("Transfers of Bank , put aside on 24 Nov 2026"), "{}", page.words("#aside"));
    assert_eq!(page.texts("#without li a:first-child"), ["Bank", "Tills"]);
    assert!(page.words(".figures").contains("Open threats 1 1 critical or high"), "{}", page.words(".figures"));
}

#[test]
fn the_address_sorts_and_narrows_down_whatever_it_says() {
    let app = four();
    for (query, expected) in [
        ("", "Transfers Limits =Basket"),
        ("?sort=title", "=Basket Limits Transfers"),
        ("?sort=owner", "Transfers Limits =Basket"),
        ("?sort=owner&order=descending", "Limits Transfers =Basket"),
        ("?sort=criticality", "Transfers Limits =Basket"),
        ("?sort=open", "Transfers Limits =Basket"),
        ("?sort=open&order=ascending", "=Basket Limits Transfers"),
        ("?sort=due", "Limits Transfers =Basket"),
        ("?sort=team&order=descending", "=Basket Limits Transfers"),
        ("?state=fresh", "Transfers"),
        ("?state=due", "Limits"),
        ("?state=unknown", "=Basket"),
        ("?severity=critical", "Transfers"),
        ("?severity=medium", "Transfers Limits"),
        ("?q=BEN", "Limits"),
        ("?q=bank+transf", "Transfers"),
        ("?q=&state=&severity=&sort=&order=", "Transfers Limits =Basket"),
    ] {
        assert_eq!(titles(&app.visit(&format!("/threat-models{query}"))), expected, "{query}");
    }
    let none = app.visit("/threat-models?q=%3Cscript%3Ealert(1)%3C/script%3E%25%27");
    assert!(none.words("main .empty").contains("No threat model is like that"));
    assert!(none.select("main script").is_empty() && none.form("form.picker").value("q").contains("<script>"));
    let long = "x".repeat(101);
    for (query, message) in [
        ("state=late", "“late” is not one of fresh, due, unknown"),
        ("severity=%00", "is not one of note"),
        ("sort=%3Cb%3E", "“<b>” is not one of team"),
        ("order=up", "“up” is not one of ascending"),
        ("page=0", "a page is named by its number"),
        (&format!("q={long}"), "at most 100 characters"),
        ("period=2027-Q1", "has not begun yet"),
    ] {
        let page = app.get(&format!("/threat-models?{query}")).expect_status(422);
        assert!(page.words("main .lead").contains(message), "{query}: {}", page.words("main"));
    }
    let page = app.visit("/threat-models?state=due&sort=due");
    assert_eq!(page.attributes("th[aria-sort] a", "href"), ["/threat-models?state=due&sort=due&order=descending"]);
}

#[test]
fn a_past_quarter_is_as_it_was_then() {
    let app = four();
    let later = app.a_quarter_later();
    let transfers = later.visit("/threat-models").attributes("#models a[href^='/threat-models/']", "href")[0].clone();
    add(&later, &transfers, "threats", &[("title", "Found later"), ("status", "open"), ("severity", "high")]);
    let extra = begin(&later, app.team("Tills"), &[("title", "Drawer")]);
    record(&later, &extra, "review", "2027-02-01");

    let now = later.visit("/threat-models");
    assert!(now.words(".coverage").contains("2 of 4 teams know"), "{}", now.words(".coverage"));
    assert_eq!(now.row("2026-Q4")[7], "4");
    assert_eq!(now.row("2027-Q1 until now")[7], "5");
    let then = later.visit("/threat-models?period=2026-Q4");
    assert!(
        then.words(".coverage").starts_with("As of 31 Dec 2026 : 1 of 4 teams know"),
        "{}",
        then.words(".coverage")
    );
    assert_eq!(titles(&then), "Transfers Limits =Basket");
    assert_eq!(then.row("Bank")[5], "1 Critical 1 Medium 1 not rated");
    assert!(then.select("#without a.button").is_empty(), "nothing is begun in the past");
    let before = later.visit("/threat-models?period=2026-Q1");
    assert!(before.words("main .empty").contains("No team has a threat model that counts as of 31 Mar 2026"));
    let threats = Table::read(later.visit("/export/threats.csv?period=2026-Q4").text());
    assert_eq!(threats.rows.len(), 4);
    assert_eq!(Table::read(later.visit("/export/threats.csv").text()).rows.len(), 5);
}

#[test]
fn without_any_model_it_says_what_they_are_for() {
    let app = TestApp::new();
    let team = app.add_team("Bank");
    let page = app.visit("/threat-models");
    assert!(page.words("main .empty").starts_with("No team has a threat model that counts yet."));
    assert!(page.attributes("main .empty a", "href").contains(&"/threat-models/new".to_owned()));
    let of_team = app.visit(&format!("/threat-models?team={team}"));
    assert!(of_team.words("main .empty").starts_with("Bank has no threat model that counts yet."));
    let viewer = app.person("Vera", &["--role", "viewer"]);
    let page = viewer.visit("/threat-models");
    assert!(page.select(".page-head a, main .empty a").is_empty());
    assert!(page.words("main .empty").contains("Whoever assesses a team begins its first one."));
}

#[test]
fn who_sees_one_team_learns_nothing_of_the_models_of_another() {
    let app = four();
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let ada = app.person("Bea", &["--role", "assessor", "--team", "Bank"]);
    let page = ada.visit("/threat-models");
    assert_eq!(titles(&page), "Transfers");
    assert!(page.words(".figures").contains("Open threats 3"), "{}", page.words(".figures"));
    for path in ["/threat-models", "/export/threat-models.csv", "/export/threats.csv", "/charts/open-threats.svg"] {
        let text = ada.visit(path).text().to_owned();
        assert!(!["Limits", "Cards", "Race", "Basket"].iter().any(|word| text.contains(word)), "{path}: {text}");
    }
    ada.get(&format!("/threat-models?team={}", app.team("Cards"))).expect_status(404);
    ada.get(&format!("/export/threats.csv?team={}", app.team("Cards"))).expect_status(404);
}

#[test]
fn a_hundred_models_are_a_page() {
    let app = TestApp::new();
    for number in 0..101 {
        let team = app.add_team(&format!("Team {number:03}"));
        begin(&app, team, &[("title", &format!("M{number:03}"))]);
    }
    let page = app.visit("/threat-models?sort=title");
    assert_eq!(page.select("#models tbody tr").len(), 100);
    assert!(page.words(".paging").starts_with("Models 1 to 100 of 101"), "{}", page.words(".paging"));
    assert_eq!(page.attributes(".paging a", "href"), ["/threat-models?sort=title&page=2"]);
    assert_eq!(titles(&app.visit("/threat-models?sort=title&page=2")), "M100");
}

#[test]
fn the_register_is_a_file() {
    let app = four();
    assert_golden("threat-models.csv", app.visit("/export/threat-models.csv").text());
    let json = app.visit("/export/threat-models.json").json();
    assert_eq!((&json[0]["team"], &json[0]["critical"]), (&"Bank".into(), &1.into()));
    assert!(app.visit("/export/threats.xlsx").header("content-type").contains("spreadsheetml"));
    let rows = |arguments: &[&str]| Table::read(&app.commands().export(arguments).expect_done()).rows.len();
    assert_eq!(rows(&["threat-models"]), 3);
    assert_eq!(rows(&["threats", "--team", "bank"]), 3);
    assert_eq!(rows(&["threats", "--group", "Money"]), 4);
    assert_eq!(rows(&["mitigations"]), 0);
}

#[test]
fn dashboard_and_report_say_who_has_a_model() {
    let app = TestApp::small(&[("Build", &[1])], &[("Bank", "2026-Q3", "x", ""), ("Cards", "2026-Q3", "x", "")]);
    assert!(app.visit("/").words("#balance").contains("There is no threat model."));
    let model = begin(&app, app.team("Bank"), &[("title", "Transfers")]);
    add(&app, &model, "threats", &[("title", "Forged order"), ("status", "open"), ("severity", "high")]);
    record(&app, &model, "review", "2025-06-01");
    let said = "0 of 2 teams with a threat model that was reviewed in time, 1 without any. 1 review due . 1 open threat , 1 of them critical or high.";
    assert!(app.visit("/").words("#balance").contains(said), "{}", app.visit("/").words("#balance"));
    let report = app.visit("/report");
    assert!(report.words(".report").contains(said));
    let words = report.words("main");
    assert!(words.contains("Models to be looked at again: Transfers of Bank since 2 Jun 2026"), "{words}");
}
