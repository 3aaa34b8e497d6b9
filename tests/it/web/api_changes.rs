//! What a change leaves out stays as it is, and what is wrong is said in the names that programs use.

use serde_json::{Value, json};

use super::programs::{assert_is_problem, get, send, send_for};
use crate::harness::{Browser, TestApp, activity_ids};

fn administrator(app: &TestApp) -> Browser {
    app.program("admin", &["--scope", "administer"])
}

/// Changes a thing in each field alone, and sees that the others stay. What is said of a field is what it says then.
fn assert_stays(program: &Browser, path: &str, changes: &[(&str, Value)]) {
    for (field, value) in changes {
        let mut wanted = get(program, path).json();
        send_for(program, "PATCH", path, Some("*"), &json!({ *field: value })).expect_status(200);
        wanted[*field] = value.clone();
        let mut now = get(program, path).json();
        for passing in ["version", "at", "revision", "by", "state"] {
            wanted[passing] = Value::Null;
            now[passing] = Value::Null;
        }
        assert_eq!(now, wanted, "{path}: {field}");
    }
    let before = get(program, path);
    send_for(program, "PATCH", path, Some(before.header("etag")), &json!({})).expect_status(200);
    assert_eq!(get(program, path).json()["name"], before.json()["name"], "{path}: nothing is said");
}

#[test]
fn a_team_keeps_what_is_not_said() {
    let app = TestApp::new();
    let program = administrator(&app);
    let group = app.add_group("Money");
    let made = json!({ "name": "Payments", "description": "Cards", "groups": [group] });
    let team = send(&program, "POST", "/teams", &made).expect_status(201).json();
    let path = format!("/teams/{}", team["id"]);
    let changes = [("name", json!("Pay")), ("description", json!("All")), ("groups", json!([])), ("name", json!("P"))];
    assert_stays(&program, &path, &changes);
    let wrong = json!({ "name": null, "description": 1, "groups": [99] });
    let refused = send_for(&program, "PATCH", &path, Some("*"), &wrong);
    assert_is_problem(&refused, 422, "unprocessable_entity", "name: ");
    assert_is_problem(&refused, 422, "unprocessable_entity", "description: ");
    for (wrong, message) in [
        (json!({ "groups": [99] }), "groups: "),
        (json!({ "colour": "red" }), "there is no field “colour” here"),
        (json!({ "id": 7 }), "there is no field “id” here"),
        (json!([]), ""),
    ] {
        let refused = send_for(&program, "PATCH", &path, Some("*"), &wrong);
        assert_is_problem(&refused, 422, "unprocessable_entity", message);
    }
    // What is made anew has what is usual instead.
    assert_eq!(send(&program, "POST", "/teams", &json!({ "name": "Q" })).expect_status(201).json()["description"], "");
}

#[test]
fn an_answer_keeps_what_is_not_said() {
    let app = TestApp::new();
    let program = administrator(&app);
    let opened = json!({ "teams": [app.add_team("Payments")], "period": "2026-Q4" });
    let assessment = send(&program, "POST", "/assessments", &opened).expect_status(200).json()[0]["id"].clone();
    let path = format!("/assessments/{assessment}/answers/{}", activity_ids()[0]);
    let said = json!({ "status": "not_applicable", "reason": "no containers", "note": "see the wiki" });
    send_for(&program, "PATCH", &path, Some("*"), &said).expect_status(200);
    assert_stays(&program, &path, &[("note", json!("asked")), ("reason", json!("none")), ("note", json!("why"))]);
    let change = |said: &Value| send_for(&program, "PATCH", &path, Some("*"), said);
    let other = change(&json!({ "status": "started" })).expect_status(200).json();
    assert_eq!((&other["note"], &other["reason"]), (&json!("why"), &json!("")), "the reason goes with its status");
    assert_is_problem(&change(&json!({ "status": "wow" })), 422, "unprocessable_entity", "status: ");
    assert_is_problem(&change(&json!({ "reason": "x" })), 422, "unprocessable_entity", "reason: ");
    assert_eq!(change(&json!({ "note": "" })).expect_status(200).json()["status"], "started");
}

#[test]
fn evidence_keeps_what_is_not_said() {
    let app = TestApp::new();
    let program = administrator(&app);
    let [team, other] = ["Payments", "Web"].map(|name| app.add_team(name));
    let made = json!({
        "title": "Scan", "link": "https://wiki.example/scan", "text": "nothing", "recorded_on": "2026-11-01",
        "expires_on": "2027-01-01", "reviewer": "Ada", "activities": [activity_ids()[0]], "teams": [team],
    });
    let piece = send(&program, "POST", "/evidence", &made).expect_status(201).json();
    let path = format!("/evidence/{}", piece["id"]);
    let changes = [
        ("title", json!("Scan of November")),
        ("teams", json!([team, other])),
        ("activities", json!([activity_ids()[1]])),
        ("recorded_on", json!("2026-11-02")),
        ("reviewer", json!("Bo")),
        ("text", json!("")),
        ("link", json!("https://wiki.example/other")),
        ("expires_on", json!("2027-02-01")),
        ("expires_on", Value::Null),
        ("title", json!("Scan")),
    ];
    assert_stays(&program, &path, &changes);
    let change = |said: &Value| send_for(&program, "PATCH", &path, Some("*"), said);
    assert_is_problem(&change(&json!({ "teams": [] })), 422, "unprocessable_entity", "teams: ");
    assert_is_problem(&change(&json!({ "activities": [] })), 422, "unprocessable_entity", "activities: ");
}

#[test]
fn settings_stages_profiles_and_accounts_keep_what_is_not_said() {
    let app = TestApp::new();
    let program = administrator(&app);
    let change = |path: &str, said: &Value| send_for(&program, "PATCH", path, Some("*"), said);
    let scale = get(&program, "/settings").json()["scale"].clone();
    change("/settings", &json!({ "threshold": 70 })).expect_status(200);
    assert_eq!(get(&program, "/settings").json(), json!({ "scale": scale, "threshold": 70 }));
    assert_is_problem(&change("/settings", &json!({ "threshold": "x" })), 422, "unprocessable_entity", "threshold: ");
    assert_is_problem(&change("/settings", &json!({ "scale": [] })), 422, "unprocessable_entity", "scale: ");

    let mut stages = get(&program, "/stages").json();
    let mut wanted: Vec<Value> = (1..=3).map(|number| json!({ "number": number })).collect();
    wanted[0]["wished"] = json!("2027-Q2");
    change("/stages", &json!({ "stages": wanted })).expect_status(200);
    stages["stages"][0]["wished"] = json!("2027-Q2");
    assert_eq!(get(&program, "/stages").json(), stages);
    wanted[0]["wished"] = Value::Null;
    change("/stages", &json!({ "stages": wanted })).expect_status(200);
    assert_eq!(get(&program, "/stages").json()["stages"][0]["wished"], Value::Null);

    let made = json!({ "name": "External", "targets": [{ "stage": 1, "dimension": "Implementation", "level": 3 }] });
    let profile = send(&program, "POST", "/target-profiles", &made).expect_status(201).json();
    let path = format!("/target-profiles/{}", profile["id"]);
    change(&path, &json!({ "name": "Exposed" })).expect_status(200);
    assert_eq!(get(&program, &path).json()["targets"], made["targets"]);
    let team = app.add_team("Payments");
    let of_team = format!("/teams/{team}/target-profile");
    let given = json!({ "profile": profile["id"] });
    change(&of_team, &given).expect_status(200);
    assert_eq!(change(&of_team, &json!({})).expect_status(200).json(), given);
    assert_eq!(change(&of_team, &json!({ "profile": null })).expect_status(200).json(), json!({ "profile": null }));

    let made = json!({ "name": "Eve", "role": "viewer", "teams": [team] });
    let user = send(&program, "POST", "/users", &made).expect_status(201).json()["user"].clone();
    let path = format!("/users/{}", user["id"]);
    let reach = |said: Value| change(&path, &said).expect_status(200).json()["reach"].clone();
    let some = json!({ "everything": false, "teams": [team], "groups": [] });
    assert_eq!(reach(json!({ "role": "assessor" })), some);
    assert_eq!(reach(json!({ "everything": true }))["everything"], true);
    assert_eq!(reach(json!({ "role": "viewer" }))["everything"], true);
    assert_eq!(reach(json!({ "teams": [team] })), some, "who names teams means only those");
    assert_is_problem(
        &change(&path, &json!({ "teams": [] })),
        422,
        "unprocessable_entity",
        "everything, teams, groups: ",
    );
}

#[test]
fn a_threat_model_keeps_what_is_not_said() {
    let app = TestApp::new();
    let program = administrator(&app);
    app.add_team("Payments");
    let file = json!({
        "format": "cairn-threat-model", "version": 1,
        "threat_model": {
            "title": "Shop", "description": "All of it", "owner": "Ada",
            "threats": [{ "id": "a", "title": "Somebody reads it", "description": "On the way", "status": "open" }],
        },
    });
    let headers = [("content-type", "application/json")];
    let body = file.to_string();
    let made =
        program.send_bare("POST", "/api/v1/threat-models?team=Payments", &headers, Some(body.as_bytes())).unwrap();
    assert!(made.status < 300, "{}", made.text());
    let model = format!("/threat-models/{}", made.json()["id"]);
    let about = format!("{model}/about");
    assert_stays(
        &program,
        &about,
        &[("owner", json!("Bo")), ("review_interval_days", json!(30)), ("title", json!("S"))],
    );
    let threat = format!("{model}/threats/a");
    assert_stays(&program, &threat, &[("title", json!("Somebody alters it")), ("description", json!("Anywhere"))]);
}

#[test]
fn who_may_add_no_team_learns_no_name_of_one() {
    let app = TestApp::new();
    app.add_team("Payments");
    app.add_team("Web Shop");
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let program = app.program("payments", &["--scope", "administer", "--team", "Payments"]);
    let told = ["Web Shop", "Nobody Has It"].map(|name| {
        let refused = send(&program, "POST", "/teams", &json!({ "name": name }));
        assert_is_problem(&refused, 422, "unprocessable_entity", "groups: choose at least one of the groups");
        refused.text().to_owned()
    });
    assert_eq!(told[0], told[1]);
}

#[test]
fn a_proposal_names_its_activities_in_one_way() {
    let app = TestApp::new();
    app.add_team("Payments");
    let (program, ids) = (administrator(&app), activity_ids());
    let both = json!({ "team": "Payments", "activity": ids[0], "activities": [ids[1]], "status": "started" });
    let refused = send(&program, "POST", "/proposals", &both);
    assert_is_problem(&refused, 422, "unprocessable_entity", "activities: give either activity or activities");
}

#[test]
fn a_parameter_of_another_kind_is_named_with_what_is_expected() {
    let app = TestApp::new();
    for (query, message) in [
        ("teams?group=x", "group: “x” is not a whole number"),
        ("teams?limit=x", "limit: “x” is not a whole number from 1 to 1000"),
        ("teams?limit=0", "limit: “0” is not"),
        ("teams?limit=99999999999999999999", "limit: "),
        ("plans?archived=maybe", "archived: “maybe” is not true or false"),
        ("levels?team=x", "team: “x” is not"),
        ("evidence?state=good", "state: “good” is not one of valid, expiring, expired, withdrawn"),
    ] {
        let page = app.get(&format!("/api/v1/{query}"));
        assert_is_problem(&page, 400, "bad_request", message);
        assert!(!page.text().contains("deserialize"), "{}", page.text());
    }
}
