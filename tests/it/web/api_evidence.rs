//! `/api/v1/evidence`: what shows that answers are true, as a program keeps it.

use serde_json::{Value, json};

use crate::harness::{Page, TestApp, activity_ids};

/// What is sent about a piece of evidence.
fn piece(title: &str, team: i64) -> Value {
    json!({ "title": title, "recorded_on": "2026-11-01", "teams": [team], "activities": [activity_ids()[0]] })
}

/// Adds a piece of evidence and gives its address.
fn add(app: &TestApp, piece: &Value) -> String {
    let added = app.ask("POST", "/evidence", None, Some(piece));
    assert_eq!(added.status, 201, "{}", added.text());
    added.header("location").strip_prefix("/api/v1").unwrap().to_owned()
}

/// The message of a problem.
fn problem(page: &Page, status: u16, code: &str) -> String {
    assert_eq!(page.status, status, "{}", page.text());
    assert_eq!(page.json()["code"], code);
    page.json()["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_program_adds_changes_withdraws_and_restores_evidence() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let program = app.program("ci", &["--scope", "administer"]);
    let path = add(&app, &piece("Scan", team));
    let first = program.give(&path);
    assert_eq!(
        (&first["state"], &first["expires_on"], &first["withdrawn"]),
        (&json!("valid"), &Value::Null, &Value::Null)
    );
    assert_eq!((&first["teams"], &first["activities"][0]), (&json!([team]), &json!(activity_ids()[0])));

    let mut wanted = piece("Scan of November", team);
    wanted["expires_on"] = json!("2026-12-01");
    wanted["link"] = json!("https://wiki.example/scan");
    let second = program.change("PATCH", &path, &path, &wanted).expect_status(200).json();
    assert_eq!((&second["title"], &second["state"]), (&json!("Scan of November"), &json!("expiring")));
    assert_eq!(second["by"], "token ci");
    // Saying the same again changes nothing.
    let again = program.change("PATCH", &path, &path, &wanted).expect_status(200).json();
    assert_eq!(again["version"], second["version"]);

    let (withdraw, restore) = (format!("{path}/withdraw"), format!("{path}/restore"));
    let blank = program.change("POST", &withdraw, &path, &json!({ "reason": "" }));
    assert!(problem(&blank, 422, "unprocessable_entity").starts_with("reason"));
    let withdrawn = program.change("POST", &withdraw, &path, &json!({ "reason": "wrong" })).expect_status(200).json();
    assert_eq!((&withdrawn["state"], &withdrawn["withdrawn"]), (&json!("withdrawn"), &json!("wrong")));
    problem(&program.change("POST", &withdraw, &path, &json!({ "reason": "wrong" })), 409, "conflict");
    problem(&program.change("PATCH", &path, &path, &piece("Other", team)), 409, "conflict");
    let restored = program.change("POST", &restore, &path, &Value::Null).expect_status(200).json();
    assert_eq!(restored["state"], "expiring");
    problem(&program.change("POST", &restore, &path, &Value::Null), 409, "conflict");

    let (history, pages) = program.all_pages(&format!("{path}/history?limit=3"));
    let titles: Vec<&Value> = history.iter().map(|version| &version["title"]).collect();
    assert_eq!(titles, ["Scan", "Scan of November", "Scan of November", "Scan of November"]);
    assert_eq!((pages, &history[2]["withdrawn"]), (2, &json!("wrong")));
}

#[test]
fn two_writers_do_not_overwrite_each_other() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let path = add(&app, &piece("Scan", team));
    let seen = app.ask("GET", &path, None, None).header("etag").to_owned();
    problem(&app.ask("PATCH", &path, None, Some(&piece("A", team))), 428, "precondition_required");
    app.ask("PATCH", &path, Some(&seen), Some(&piece("A", team))).expect_status(200);
    problem(&app.ask("PATCH", &path, Some(&seen), Some(&piece("B", team))), 412, "precondition_failed");
    let reason = json!({ "reason": "wrong" });
    problem(&app.ask("POST", &format!("{path}/withdraw"), Some(&seen), Some(&reason)), 412, "precondition_failed");
    problem(&app.ask("POST", &format!("{path}/restore"), None, None), 428, "precondition_required");
    assert_eq!(app.give(&path)["title"], "A");
}

#[test]
fn evidence_is_listed_by_what_is_asked_for() {
    let app = TestApp::new();
    let teams = ["Bank", "Cards"].map(|name| app.add_team(name));
    let mut all = Vec::new();
    for (title, team, recorded, expires) in [
        ("First scan", 0, "2026-01-01", "2026-06-01"),
        ("Second scan", 0, "2026-07-01", "2026-12-01"),
        ("Interview", 1, "2026-11-01", "2027-12-01"),
    ] {
        let mut piece = piece(title, teams[team]);
        piece["recorded_on"] = json!(recorded);
        piece["expires_on"] = json!(expires);
        piece["activities"] = json!([activity_ids()[team]]);
        all.push(add(&app, &piece));
    }
    let titles = |query: &str| -> String {
        let found = app.give(&format!("/evidence?{query}"));
        let titles = found.as_array().unwrap().iter().map(|piece| piece["title"].as_str().unwrap().to_owned());
        titles.collect::<Vec<_>>().join(", ")
    };
    assert_eq!(titles(""), "First scan, Second scan, Interview");
    assert_eq!(titles("state=expired"), "First scan");
    assert_eq!(titles("state=expiring&text=SCAN"), "Second scan");
    assert_eq!(titles(&format!("activity={}", activity_ids()[1])), "Interview");
    assert_eq!(titles(&format!("team={}", teams[1])), "Interview");
    assert_eq!(titles("period=2026-Q1"), "First scan", "what was recorded by then");
    assert_eq!(titles("period=2026-Q1&state=valid"), "First scan", "as it was worth then");
    assert_eq!(titles("text=nothing"), "");
    assert_eq!(app.all_pages("/evidence?limit=1").1, 3);
    for (query, status) in [("state=good", 400), ("team=999", 404), ("stat=valid", 400), ("limit=0", 400)] {
        assert_eq!(app.ask("GET", &format!("/evidence?{query}"), None, None).status, status, "{query}");
    }
}

#[test]
fn hostile_evidence_is_not_taken() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let with = |field: &str, value: Value| {
        let mut piece = piece("Scan", team);
        piece[field] = value;
        piece
    };
    for (field, value) in [
        ("title", json!("")),
        ("title", json!("x".repeat(201))),
        ("title", json!("a\u{202e}b")),
        ("link", json!("javascript:alert(1)")),
        ("text", json!("x".repeat(10_001))),
        ("recorded_on", json!("2026-02-30")),
        ("recorded_on", json!("2027-01-01")),
        ("recorded_on", json!(20261101)),
        ("expires_on", json!("2026-10-01")),
        ("teams", json!([])),
        ("teams", json!([999])),
        ("activities", json!(["unknown"])),
        ("activities", json!(vec!["x"; 501])),
        ("id", json!(7)),
    ] {
        let page = app.ask("POST", "/evidence", None, Some(&with(field, value.clone())));
        let message = problem(&page, 422, "unprocessable_entity");
        assert!(!message.is_empty(), "{field}: {value}");
    }
    // All that is wrong is said at once.
    let wrong = json!({ "title": "", "link": "x", "recorded_on": "x", "teams": [], "activities": [] });
    let message = problem(&app.ask("POST", "/evidence", None, Some(&wrong)), 422, "unprocessable_entity");
    assert_eq!(message.lines().count(), 5, "{message}");
    assert_eq!(app.give("/evidence"), json!([]));
    for path in ["/evidence/999", "/evidence/x", "/evidence/999/history"] {
        problem(&app.ask("GET", path, None, None), 404, "not_found");
    }
}

#[test]
fn teams_that_are_not_seen_are_not_named() {
    let app = TestApp::new();
    let [own, other] = ["Payments", "Zebrafish"].map(|name| app.add_team(name));
    let mut shared = piece("Shared", own);
    shared["teams"] = json!([own, other]);
    let (shared, theirs) = (add(&app, &shared), add(&app, &piece("Theirs", other)));
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let manager = app.program("ci", &["--scope", "administer", "--team", "Payments"]);
    assert_eq!(manager.give(&shared)["teams"], json!([own]));
    let listed = manager.give("/evidence");
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["teams"]), (1, &json!([own])));
    assert_eq!(manager.give(&format!("{shared}/history"))[0]["teams"], json!([own]));
    problem(&manager.ask("GET", &theirs, None, None), 404, "not_found");
    // It speaks for the other, too, so only who assesses both changes it.
    problem(&manager.change("PATCH", &shared, &shared, &piece("Changed", own)), 403, "forbidden");
    problem(&manager.ask("POST", "/evidence", None, Some(&piece("For them", other))), 422, "unprocessable_entity");
}
