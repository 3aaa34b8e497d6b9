//! `/api/v1/threat-models`: the register, whole models, their parts and what became of them.

use serde_json::{Value, json};

use super::programs::{all, assert_is_problem, get, send, send_for};
use crate::harness::{Browser, Page, TestApp};

/// A file of ours with threats: ids, titles and how they stand.
fn file(title: &str, threats: &[(&str, &str, &str)]) -> String {
    let threats: Vec<Value> =
        threats.iter().map(|(id, title, status)| json!({ "id": id, "title": title, "status": status })).collect();
    let model = json!({ "title": title, "threats": threats });
    json!({ "format": "cairn-threat-model", "version": 1, "threat_model": model }).to_string()
}

fn put(program: &Browser, path: &str, content: &str) -> Page {
    let headers = [("content-type", "application/octet-stream")];
    program.send_bare("POST", &format!("/api/v1/threat-models{path}"), &headers, Some(content.as_bytes())).unwrap()
}

/// A team with a threat model that has two threats, and the path of the model.
fn with_model(app: &TestApp, program: &Browser, team: &str, title: &str) -> String {
    app.add_team(team);
    let content = file(title, &[("a", "Somebody reads it", "open"), ("b", "Somebody changes it", "mitigated")]);
    let done = put(program, &format!("?team={team}"), &content).expect_status(200).json();
    format!("/threat-models/{}", done["id"])
}

#[test]
fn a_model_is_taken_in_changed_by_its_next_file_and_taken_back() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let model = with_model(&app, &program, "Payments", "Shop");
    let behind = |rest: &str| format!("{}{rest}", model.trim_start_matches("/threat-models"));
    let whole = get(&program, &model);
    assert_eq!(whole.json(), app.visit(&format!("{model}/files/threat-model.json")).json());
    let known = [("if-none-match", whole.header("etag"))];
    assert_eq!(program.send("GET", &format!("/api/v1{model}"), &known, None).unwrap().status, 304);

    let next = file("Shop", &[("a", "Somebody reads it", "mitigated"), ("c", "Somebody deletes it", "open")]);
    let dry = put(&program, &behind("/revisions?dry_run=true"), &next).expect_status(200).json();
    assert_eq!((&dry["changed"], &dry["dry_run"], &dry["file"]["threats"]), (&json!(true), &json!(true), &json!(2)));
    assert_eq!(get(&program, &model).json(), whole.json(), "a dry run changes nothing");
    let done = put(&program, &behind("/revisions?file=next.json"), &next).expect_status(200).json();
    assert_eq!(done["changes"], dry["changes"]);
    let same = put(&program, &behind("/revisions"), &next).expect_status(200).json();
    assert_eq!((&same["changed"], &same["changes"]), (&json!(false), &json!("Nothing changed")));

    let revisions = all(&program, &format!("{model}/revisions"), 1);
    let numbers: Vec<&Value> = revisions.iter().map(|revision| &revision["number"]).collect();
    assert_eq!(numbers, [2, 1]);
    assert_eq!(revisions[0]["file"], json!({ "format": "cairn", "name": "next.json" }));
    let second = get(&program, &format!("{model}/revisions/2")).json();
    let became: Vec<(&str, &str)> = second["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["id"].as_str().unwrap(), part["what"].as_str().unwrap()))
        .collect();
    assert_eq!(became, [("a", "changed"), ("c", "added"), ("b", "removed")]);
    assert_eq!(second["threat_model"], get(&program, &model).json()["threat_model"]);

    let back =
        send(&program, "POST", &format!("{model}/revisions/1/take-back"), &Value::Null).expect_status(200).json();
    assert_eq!(back["number"], 3);
    assert_eq!(get(&program, &model).json(), whole.json());
    let again = send(&program, "POST", &format!("{model}/revisions/1/take-back"), &Value::Null);
    assert_is_problem(&again, 409, "conflict", "already");
    assert_is_problem(&program.get(&format!("/api/v1{model}/revisions/9")), 404, "not_found", "");
}

#[test]
fn parts_are_added_changed_and_removed_one_by_one() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let model = with_model(&app, &program, "Payments", "Shop");
    let asset = json!({ "name": "Card numbers", "confidentiality": "critical" });
    let added = send(&program, "POST", &format!("{model}/assets"), &asset).expect_status(201);
    let address = added.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    let shown = get(&program, &address);
    assert_eq!((shown.header("etag"), shown.json()), (added.header("etag"), added.json()));
    assert_eq!(added.json()["confidentiality"], "critical");

    let threat = get(&program, &format!("{model}/threats/a"));
    let mut wanted = threat.json();
    wanted["status"] = json!("accepted");
    let path = format!("{model}/threats/a");
    let change = |tag: Option<&str>, body: &Value| send_for(&program, "PATCH", &path, tag, body);
    assert_is_problem(&change(None, &wanted), 428, "precondition_required", "If-Match");
    let tag = Some(threat.header("etag"));
    assert_is_problem(&change(tag, &wanted), 422, "unprocessable_entity", "reason: say why it is accepted");
    wanted["reason"] = json!("The board took the risk");
    wanted["assets"] = json!([added.json()["id"]]);
    wanted["categories"] = json!([{ "taxonomy": "stride", "category": "information-disclosure" }]);
    let changed = change(tag, &wanted).expect_status(200);
    for field in ["status", "reason", "assets", "categories", "number", "id"] {
        assert_eq!(changed.json()[field], wanted[field], "{field}");
    }
    // Who saw it as it was before is told so; whoever changes another part is not in the way.
    assert_is_problem(&change(tag, &wanted), 412, "precondition_failed", "");
    let other = format!("{model}/threats/b");
    let tag = get(&program, &other).header("etag").to_owned();
    change(Some("*"), &wanted).expect_status(200);
    send_for(&program, "PATCH", &other, Some(&tag), &json!({ "title": "Somebody edits it" })).expect_status(200);
    let tag = get(&program, &other).header("etag").to_owned();
    assert_is_problem(&send_for(&program, "DELETE", &other, None, &Value::Null), 428, "precondition_required", "");
    assert_eq!(send_for(&program, "DELETE", &other, Some(&tag), &Value::Null).status, 204);
    assert_is_problem(&program.get(&format!("/api/v1{other}")), 404, "not_found", "part");
    let titles: Vec<Value> = all(&program, &format!("{model}/threats"), 1).iter().map(|t| t["title"].clone()).collect();
    assert_eq!(titles, ["Somebody reads it"]);
    assert!(app.visit("/export/audit.csv").text().contains("Took out threat"));
}

#[test]
fn parts_that_cannot_be_are_refused() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let model = with_model(&app, &program, "Payments", "Shop");
    let before = get(&program, &model).json();
    for (kind, body, message) in [
        ("threats", json!({}), "title: a title is needed"),
        ("threats", json!({ "title": "x", "colour": "red" }), "colour"),
        ("threats", json!({ "title": "x", "affects": ["nowhere"] }), "affects"),
        ("threats", json!({ "title": "x", "identified_on": "2030-01-01" }), "identified_on"),
        ("threats", json!({ "title": "x".repeat(301) }), "title"),
        ("threats", json!([]), ""),
        ("elements", json!({ "name": "x", "kind": "cloud" }), "cloud"),
        ("elements", json!({ "kind": "data_flow" }), "a flow begins and ends"),
        ("mitigations", json!({ "title": "x", "link": "javascript:alert(1)" }), "link"),
        ("assumptions", json!({ "text": " " }), "text"),
        ("abuse-stories", json!({ "title": "x", "threats": ["none"] }), "threats"),
    ] {
        let page = send(&program, "POST", &format!("{model}/{kind}"), &body);
        assert_is_problem(&page, 422, "unprocessable_entity", message);
    }
    assert_is_problem(&send(&program, "POST", &format!("{model}/monsters"), &json!({})), 404, "not_found", "");
    assert_is_problem(
        &send(&program, "POST", "/threat-models/99/threats", &json!({ "title": "x" })),
        404,
        "not_found",
        "",
    );
    let headers = [("content-type", "application/json")];
    for nonsense in ["", "{", "\u{0}", "[[[[", "\"\\ud800\""] {
        let path = format!("/api/v1{model}/threats");
        let page = program.send_bare("POST", &path, &headers, Some(nonsense.as_bytes())).unwrap();
        assert_is_problem(&page, 400, "bad_request", "JSON");
    }
    for nonsense in ["", "nonsense", "{}", "<xml/>", "{\"format\":\"cairn-threat-model\",\"version\":9}"] {
        let page = put(&program, &format!("{}/revisions", model.trim_start_matches("/threat-models")), nonsense);
        assert_is_problem(&page, 422, "unprocessable_entity", "");
    }
    assert_eq!(get(&program, &model).json(), before);
}

#[test]
fn what_a_model_is_about_and_when_it_was_reviewed_is_told() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let model = with_model(&app, &program, "Payments", "Shop");
    let state = get(&program, &format!("{model}/state")).json();
    assert_eq!((&state["freshness"], &state["due"], &state["open"]), (&json!("unknown"), &Value::Null, &json!(1)));
    assert_eq!(state["threats_by_status"], json!({ "open": 1, "mitigated": 1 }));

    let about = get(&program, &format!("{model}/about"));
    let mut wanted = about.json();
    wanted["owner"] = json!("Ada");
    wanted["participants"] = json!(["Bo", "Cy"]);
    wanted["methods"] = json!(["STRIDE"]);
    wanted["review_interval_days"] = json!(30);
    let path = format!("{model}/about");
    let changed = send_for(&program, "PATCH", &path, Some(about.header("etag")), &wanted).expect_status(200);
    assert_eq!(changed.json(), wanted);
    let outdated = send_for(&program, "PATCH", &path, Some(about.header("etag")), &wanted);
    assert_is_problem(&outdated, 412, "precondition_failed", "");

    let record = |body: Value| send(&program, "POST", &format!("{model}/records"), &body);
    let reviewed = record(json!({ "kind": "review", "on": "2026-11-01", "participants": "Ada, Bo" }));
    let state = reviewed.expect_status(200).json();
    assert_eq!((&state["freshness"], &state["due"]), (&json!("fresh"), &json!("2026-12-01")));
    let state = record(json!({ "kind": "significant-change", "on": "2026-11-20", "note": "A new API" })).json();
    assert_eq!((&state["freshness"], &state["due_because"]), (&json!("due"), &json!("significant-change")));
    assert_is_problem(&record(json!({ "kind": "review", "on": "2030-01-01" })), 422, "unprocessable_entity", "on: ");
    assert_is_problem(&record(json!({ "kind": "party", "on": "2026-11-01" })), 422, "unprocessable_entity", "review");
    let kinds: Vec<Value> =
        all(&program, &format!("{model}/records"), 1).iter().map(|record| record["kind"].clone()).collect();
    assert_eq!(kinds, ["review", "significant-change"]);
}

#[test]
fn the_register_is_narrowed_down_and_cut_into_pages() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let models: Vec<String> =
        (0..5).map(|n| with_model(&app, &program, &format!("Team{n}"), &format!("Shop {n}"))).collect();
    let ids = |query: &str| -> Vec<String> {
        let models = all(&program, &format!("/threat-models{query}"), 2);
        models.iter().map(|model| format!("/threat-models/{}", model["id"])).collect()
    };
    assert_eq!(ids(""), models);
    assert_eq!(ids("?text=SHOP+3"), [models[3].clone()]);
    assert_eq!(ids(&format!("?team={}", app.team("Team1"))), [models[1].clone()]);
    assert_eq!((ids("?freshness=unknown").len(), ids("?freshness=fresh").len(), ids("?severity=low").len()), (5, 0, 0));
    send(&program, "POST", &format!("{}/archive", models[0]), &Value::Null).expect_status(200);
    assert_eq!((ids("").len(), ids("?archived=true")), (4, vec![models[0].clone()]));
    assert_is_problem(
        &send(&program, "POST", &format!("{}/threats", models[0]), &json!({ "title": "x" })),
        409,
        "conflict",
        "aside",
    );
    let taken_up = send(&program, "POST", &format!("{}/restore", models[0]), &Value::Null).expect_status(200).json();
    assert_eq!(taken_up["archived_at"], Value::Null);
    for (query, status) in [("?freshness=stale", 400), ("?severity=huge", 400), ("?order=asc", 400), ("?team=999", 404)]
    {
        assert_eq!(program.get(&format!("/api/v1/threat-models{query}")).status, status, "{query}");
    }
}

#[test]
fn files_are_those_of_the_pages() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let model = with_model(&app, &program, "Payments", "Shop");
    send(&program, "POST", &format!("{model}/elements"), &json!({ "kind": "process", "name": "Till" }))
        .expect_status(201);
    for (name, kind) in [
        ("threat-model.json", "application/json"),
        ("threat-dragon.json", "application/json"),
        ("threats.csv", "text/csv"),
        ("mitigations.csv", "text/csv"),
        ("threats.xlsx", "application/vnd.openxml"),
        ("diagram.svg", "image/svg+xml"),
        ("diagram.png", "image/png"),
    ] {
        let ours = get(&program, &format!("{model}/files/{name}"));
        assert!(ours.header("content-type").starts_with(kind), "{name}: {}", ours.header("content-type"));
        assert_eq!(ours.body, app.visit(&format!("{model}/files/{name}")).body, "{name}");
    }
    for path in ["files/passwd", "files/diagram.exe", "files/diagram.svg?diagram=none", "images/none"] {
        assert_is_problem(&program.get(&format!("/api/v1{model}/{path}")), 404, "not_found", "");
    }
}

#[test]
fn who_sees_one_team_learns_nothing_of_the_models_of_another() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let own = with_model(&app, &program, "Payments", "Shop");
    let other = with_model(&app, &program, "Zebra", "Zebra crossing");
    send_for(&program, "PUT", "/separation", Some("*"), &json!({ "separation": "separated" })).expect_status(200);
    let reader = app.program("reader", &["--scope", "read", "--team", "Payments"]);
    assert_eq!(all(&reader, "/threat-models", 10).len(), 1);
    get(&reader, &own);
    for path in [
        "",
        "/state",
        "/about",
        "/records",
        "/revisions",
        "/revisions/1",
        "/threats",
        "/threats/a",
        "/files/threats.csv",
    ] {
        let (theirs, none) =
            (reader.get(&format!("/api/v1{other}{path}")), reader.get(&format!("/api/v1/threat-models/999{path}")));
        assert_eq!((theirs.status, theirs.text()), (404, none.text()), "{path}");
    }
    let zebra = format!("/api/v1/threat-models?team={}", app.team("Zebra"));
    assert_eq!(reader.get(&zebra).text(), reader.get("/api/v1/threat-models?team=999").text());
    let writer = app.program("writer", &["--scope", "administer", "--team", "Payments"]);
    for (method, path, body) in [
        ("POST", "/archive", Value::Null),
        ("POST", "/threats", json!({ "title": "x" })),
        ("PATCH", "/threats/a", json!({ "title": "x" })),
        ("DELETE", "/threats/a", Value::Null),
        ("POST", "/records", json!({ "kind": "review", "on": "2026-11-01" })),
        ("POST", "/revisions/1/take-back", Value::Null),
    ] {
        let (theirs, none) = (
            send_for(&writer, method, &format!("{other}{path}"), Some("*"), &body),
            send_for(&writer, method, &format!("/threat-models/999{path}"), Some("*"), &body),
        );
        assert_eq!((theirs.status, theirs.text()), (404, none.text()), "{path}");
    }
    let revision =
        put(&writer, &format!("{}/revisions", other.trim_start_matches("/threat-models")), &file("Shop", &[]));
    assert_is_problem(&revision, 404, "not_found", "");
}

#[test]
fn who_may_not_change_a_model_is_told_so() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let model = with_model(&app, &program, "Payments", "Shop");
    app.add_team("Ledger");
    let next = file("Shop", &[("z", "New", "open")]);
    let path = format!("{}/revisions", model.trim_start_matches("/threat-models"));
    for who in [
        app.program("reader", &["--scope", "read"]),
        app.program("other", &["--scope", "administer", "--team", "Ledger"]),
    ] {
        assert_is_problem(&put(&who, &path, &next), 403, "forbidden", "");
    }
    let importer = app.program("importer", &["--scope", "import"]);
    let told = put(&importer, &path, &next).expect_status(200).json();
    assert_eq!((told.get("id"), told.get("changes"), told.get("changed")), (None, None, None));
    assert_is_problem(&importer.get(&format!("/api/v1{model}")), 403, "forbidden", "");
}
