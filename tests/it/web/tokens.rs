//! `/admin/tokens`: what programs show, and what it opens.

use crate::harness::{Browser, Page, TestApp, activity_ids};

/// Makes a token; what comes back is its text.
fn make(app: &Browser, name: &str, scope: &str, about: &[(&str, &str)]) -> String {
    let fields = [&[("name", name), ("scope", scope), ("days", "30")], about].concat();
    let page = app.post("/admin/tokens", &fields).expect_status(200);
    let shown = page.attributes("input[data-copy][readonly]", "value");
    assert_eq!(shown.len(), 1, "{}", page.words("main"));
    shown[0].clone()
}

/// Asks as a program does, without a session.
fn ask(app: &Browser, token: &str, method: &str, path: &str, body: Option<&str>) -> Page {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", &*bearer), ("content-type", "application/x-www-form-urlencoded")];
    Browser::new(app.base()).send_bare(method, path, &headers, body.map(str::as_bytes)).unwrap()
}

fn state(app: &Browser, name: &str) -> String {
    let row = app.visit("/admin/tokens").row(name);
    row[3].split_whitespace().next().unwrap().to_owned()
}

/// A service with two teams that have submitted.
fn two_teams() -> TestApp {
    let app = TestApp::new();
    for team in ["Payments", "Web Shop"] {
        let assessment = app.open(app.add_team(team), "2026-Q4");
        app.answer(&assessment, &[(&activity_ids()[0], "started")]);
        app.hand_in(&assessment);
    }
    app
}

#[test]
fn a_token_is_shown_once_with_an_example() {
    let app = two_teams();
    let fields = [("name", "ci"), ("scope", "read"), ("reach", "all"), ("days", "30")];
    let page = app.post("/admin/tokens", &fields).expect_status(200);
    let token = page.attributes("input[data-copy]", "value")[0].clone();
    assert!(token.starts_with("cairn_") && token.len() == 70, "{token}");
    let example = page.words("pre");
    assert!(example.starts_with(&format!("curl -H \"Authorization: Bearer {token}\"")), "{example}");
    assert!(example.ends_with(&format!("{}/export/levels.json", app.base())), "{example}");
    assert_eq!(ask(&app, &token, "GET", "/export/levels.json", None).expect_status(200).json()["period"], "2026-Q4");
    for path in ["/admin/tokens", "/admin/audit", "/export/audit.json"] {
        assert!(!app.visit(path).text().contains(token.strip_prefix("cairn_").unwrap()), "{path}");
    }
    let fields = [("name", "push"), ("scope", "import"), ("reach", "all"), ("days", "30")];
    let example = app.post("/admin/tokens", &fields).expect_status(200).words("pre");
    assert!(example.contains("--data-binary @answers.csv") && example.contains("/api/v1/imports"), "{example}");

    let page = app.visit("/admin/tokens");
    let row = page.row("ci");
    assert_eq!(row[1..5], ["Read", "all teams", "Valid", "24 Dec 2026"]);
    assert_eq!(row[5], "24 Nov 2026, 12:00 from 127.0.0.1");
    assert_eq!(row[6], "Ada 24 Nov 2026");
    assert_eq!(page.row("push")[5], "never");
    let made = app.visit("/admin/audit?deed=token-made&text=ci").words("tbody .clauses");
    assert!(made.contains("scope read reach all teams expires 2026-12-24"), "{made}");
}

#[test]
fn a_token_opens_what_it_is_for() {
    let app = two_teams();
    let read = make(&app, "reader", "read", &[("reach", "all")]);
    ask(&app, &read, "GET", "/teams", None).expect_status(200);
    let refused = ask(&app, &read, "POST", "/teams", Some("name=New")).expect_status(403);
    assert_eq!(refused.json()["code"], "forbidden");
    ask(&app, &read, "GET", "/admin/users", None).expect_status(403);

    let import = make(&app, "importer", "import", &[("reach", "all")]);
    for path in ["/", "/teams", "/export/levels.json", "/admin/audit"] {
        ask(&app, &import, "GET", path, None).expect_status(403);
    }
    let administer = make(&app, "boss", "administer", &[("reach", "all")]);
    assert_eq!(
        ask(&app, &administer, "POST", "/teams", Some("name=New")).status,
        303,
        "a token needs no page to come from"
    );
    assert!(app.visit("/admin/audit?actor=token+boss").words("tbody").contains("Added a team"));
    // The cookie of a person beside it does not help.
    let both = [("authorization", "Bearer cairn_wrong")];
    app.send("GET", "/teams", &both, None).unwrap().expect_status(401);
}

#[test]
fn a_token_is_about_its_teams() {
    let app = two_teams();
    let (payments, shop) = (app.team("Payments").to_string(), app.team("Web Shop").to_string());
    let token = make(&app, "one team", "administer", &[("reach", "some"), ("team", &payments)]);
    assert_eq!(app.visit("/admin/tokens").row("one team")[2], "Payments");
    let retire = |team: &str| ask(&app, &token, "POST", &format!("/teams/{team}/retire"), Some("")).status;
    assert_eq!((retire(&shop), retire(&payments)), (403, 303));
    ask(&app, &token, "GET", "/admin/users", None).expect_status(403);
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let csv = ask(&app, &token, "GET", "/export/answers.csv", None).expect_status(200);
    assert!(csv.text().contains("Payments,") && !csv.text().contains("Web Shop"));
    ask(&app, &token, "GET", &format!("/?team={shop}"), None).expect_status(404);
}

#[test]
fn a_dead_token_opens_nothing() {
    let app = two_teams();
    let token = make(&app, "ci", "read", &[("reach", "all")]);
    let other = make(&app, "other", "read", &[("reach", "all")]);
    let form = app.visit("/admin/tokens").form("tr:last-child details form");
    assert!(app.follow(&app.submit(&form)).words("[role=status]").contains("is revoked"));
    assert_eq!((state(&app, "ci"), state(&app, "other")), ("Revoked".to_owned(), "Valid".to_owned()));
    for dead in [token.as_str(), "cairn_0000", "", "x"] {
        let refused = ask(&app, dead, "GET", "/export/levels.json", None).expect_status(401);
        assert_eq!(refused.header("content-type"), "application/json");
        assert_eq!(refused.json()["code"], "unauthorized");
        assert!(refused.header("www-authenticate").starts_with("Bearer"));
    }
    ask(&app, &other, "GET", "/export/levels.json", None).expect_status(200);
    let later = app.a_quarter_later();
    assert_eq!(state(&later, "other"), "Expired");
    ask(&later, &other, "GET", "/export/levels.json", None).expect_status(401);
    assert!(later.visit("/admin/tokens").select("tbody form").is_empty(), "there is nothing left to revoke");
    app.post("/admin/tokens/99/revoke", &[]).expect_status(404);
}

#[test]
fn what_is_wrong_with_a_token_is_said_at_the_field() {
    let app = TestApp::new();
    assert!(app.visit("/admin/tokens").words("main").contains("No program has a token yet"));
    let team = app.add_team("Payments").to_string();
    let faults = |fields: &[(&str, &str)]| app.post("/admin/tokens", fields).expect_status(422).texts("#add p.fault");
    assert_eq!(faults(&[("name", ""), ("days", "30")]), ["a name is needed", "choose what it may do"]);
    for days in ["0", "-1", "367", "x", "", "99999999999999999999"] {
        let found = faults(&[("name", "ci"), ("scope", "read"), ("reach", "all"), ("days", days)]);
        assert_eq!(found, ["a token is valid for 1 to 366 days"], "{days}");
    }
    let found = faults(&[("name", "ci"), ("scope", "read"), ("reach", "some"), ("days", "30")]);
    assert_eq!(found, ["choose all teams, or at least one"], "nothing chosen never stands for everything");
    assert_eq!(faults(&[("name", "ci"), ("scope", "read"), ("days", "30")]), ["choose all teams, or at least one"]);
    let found = faults(&[("name", "ci"), ("scope", "read"), ("reach", "some"), ("team", "99"), ("days", "30")]);
    assert_eq!(found, ["a chosen team does not exist any more"]);
    assert!(app.visit("/admin/tokens").select("tbody tr").is_empty());

    make(&app, "ci", "read", &[("reach", "all")]);
    let mut form = app.visit("/admin/tokens").form("#add form");
    assert_eq!(form.value("days"), "90");
    form.fill("name", "CI");
    form.fill("days", "12");
    form.choose("scope", "import");
    form.choose("reach", "some");
    form.choose("team", &team);
    let refused = app.submit(&form).expect_status(422);
    assert!(refused.words("#add p.fault").contains("names of tokens are not used twice"));
    let (mut entered, mut kept) = (form.fields, refused.form("#add form").fields);
    entered.sort();
    kept.sort();
    assert_eq!(kept, entered, "everything entered is kept");
}
