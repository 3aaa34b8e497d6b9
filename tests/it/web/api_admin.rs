//! `/api/v1/users`, `/tokens`, `/separation`, `/settings`, `/audit…` and `/backups`.

use serde_json::{Value, json};

use super::programs::{all, assert_is_problem, get, send, send_for};
use crate::harness::{ADMINISTRATOR, Browser, TestApp, made_up_answers};

fn administrator(app: &TestApp) -> Browser {
    app.program("admin", &["--scope", "administer"])
}

#[test]
fn somebody_is_let_in_trusted_with_more_and_shut_out() {
    let app = TestApp::new();
    let program = administrator(&app);
    let team = app.add_team("Payments");
    let input = json!({ "name": "Eve", "role": "assessor", "teams": [team] });
    let added = send(&program, "POST", "/users", &input).expect_status(201);
    let (user, link) = (added.json()["user"].clone(), added.json()["link"].as_str().unwrap().to_owned());
    let path = added.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    let shown = get(&program, &path);
    assert_eq!((shown.json(), &user["has_password"]), (user.clone(), &json!(false)));
    assert!(!all(&program, "/users", 1).iter().any(|user| user.to_string().contains("welcome")));
    let twice = send(&program, "POST", "/users", &json!({ "name": "EVE", "role": "viewer" }));
    assert_is_problem(&twice, 422, "unprocessable_entity", "already an account");
    assert!(twice.json()["message"].as_str().unwrap().contains("everything, teams, groups: "), "all faults at once");

    // The link is told once, and another one takes its place.
    let again = send(&program, "POST", &format!("{path}/link"), &Value::Null).expect_status(200).json();
    let eve = app.stranger();
    let at = |link: &str| link.split_once("/welcome/").unwrap().1.to_owned();
    let password = ADMINISTRATOR.1;
    let fields = [("password", password), ("again", password)];
    assert_eq!(eve.get(&format!("/welcome/{}", at(&link))).status, 410);
    eve.post(&format!("/welcome/{}", at(again["link"].as_str().unwrap())), &fields).location();
    eve.visit("/");
    let sessions = all(&program, &format!("{path}/sessions"), 1);
    assert_eq!((sessions.len(), &sessions[0]["from"]), (1, &json!("127.0.0.1")));

    let tag = get(&program, &path).header("etag").to_owned();
    eve.visit("/");
    let rights = json!({ "role": "manager", "everything": true });
    assert_is_problem(&send(&program, "PATCH", &path, &rights), 428, "precondition_required", "");
    let changed = send_for(&program, "PATCH", &path, Some(&tag), &rights).expect_status(200).json();
    assert_eq!((&changed["role"], &changed["reach"]["everything"]), (&json!("manager"), &json!(true)));
    assert_is_problem(&send_for(&program, "PATCH", &path, Some(&tag), &rights), 412, "precondition_failed", "");
    send(&program, "POST", &format!("{path}/sign-out"), &Value::Null).expect_status(200);
    assert!(eve.get("/").location().starts_with("/sign-in"));
    let disabled = send(&program, "POST", &format!("{path}/disable"), &Value::Null).expect_status(200).json();
    assert!(disabled["disabled_at"].is_string());
    assert_is_problem(&send(&program, "POST", &format!("{path}/link"), &Value::Null), 409, "conflict", "disabled");
    let enabled = send(&program, "POST", &format!("{path}/enable"), &Value::Null).expect_status(200).json();
    assert_eq!(enabled["disabled_at"], Value::Null);
    assert_is_problem(&send(&program, "POST", "/users/1/disable", &Value::Null), 409, "conflict", "last administrator");
    assert_is_problem(&program.get("/api/v1/users/99"), 404, "not_found", "account");
    assert_is_problem(
        &send(&program, "POST", "/users", &json!({ "name": "x", "role": "king" })),
        422,
        "unprocessable_entity",
        "viewer",
    );
}

#[test]
fn two_who_change_an_account_at_once_do_not_undo_each_other() {
    let app = TestApp::new();
    let program = administrator(&app);
    let input = json!({ "name": "Eve", "role": "viewer", "everything": true });
    let added = send(&program, "POST", "/users", &input).expect_status(201);
    let path = added.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    let tag = get(&program, &path).header("etag").to_owned();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let writers = ["manager", "assessor"].map(|role| {
            let (program, path, tag) = (&program, &path, &tag);
            let rights = json!({ "role": role, "everything": true });
            scope.spawn(move || send_for(program, "PATCH", path, Some(tag), &rights).status)
        });
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let done = statuses.iter().filter(|status| **status == 200).count();
    assert!(done == 1 && statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
}

#[test]
fn a_token_tells_its_secret_once() {
    let app = TestApp::new();
    let program = administrator(&app);
    let team = app.add_team("Payments");
    let input = json!({ "name": "nightly", "scope": "read", "teams": [team] });
    let made = send(&program, "POST", "/tokens", &input).expect_status(201);
    let (path, secret) = (made.header("location").to_owned(), made.json()["secret"].as_str().unwrap().to_owned());
    assert_eq!((made.header("cache-control"), made.headers.contains_key("etag")), ("no-store", false));
    let nightly = app.stranger().showing(&secret);
    assert_eq!(all(&nightly, "/teams", 10).len(), 1);
    assert_is_problem(&nightly.get("/api/v1/tokens"), 403, "forbidden", "");
    let bare = secret.strip_prefix("cairn_").unwrap();
    let path = path.strip_prefix("/api/v1").unwrap();
    let told = [
        get(&program, path).text().to_owned(),
        get(&program, "/tokens").text().to_owned(),
        get(&program, "/audit-entries").text().to_owned(),
    ];
    assert!(told.iter().all(|text| !text.contains(bare)));
    let revoked = send(&program, "POST", &format!("{path}/revoke"), &Value::Null).expect_status(200).json();
    assert!(revoked["revoked_at"].is_string() && revoked["last_used_at"].is_string());
    assert_is_problem(&nightly.get("/api/v1/teams"), 401, "unauthorized", "");
    assert_is_problem(&program.get("/api/v1/tokens/99"), 404, "not_found", "token");
    for (input, message) in [
        (json!({ "name": "nightly", "scope": "read", "everything": true }), "name: "),
        (json!({ "name": "", "scope": "read", "days": 0 }), "days: "),
        (json!({ "name": "x", "scope": "everything" }), "administer"),
        (json!({ "name": "x", "scope": "read", "teams": [99] }), "everything, teams: "),
        (json!({ "name": "x", "scope": "read" }), "choose all teams"),
    ] {
        assert_is_problem(&send(&program, "POST", "/tokens", &input), 422, "unprocessable_entity", message);
    }
}

#[test]
fn the_separation_of_teams_is_changed_for_the_state_that_was_seen() {
    let app = TestApp::new();
    let program = administrator(&app);
    let tag = get(&program, "/separation").header("etag").to_owned();
    let put = |word: &str| send_for(&program, "PUT", "/separation", Some(&tag), &json!({ "separation": word }));
    assert_eq!(put("separated").expect_status(200).json()["separation"], "separated");
    assert_is_problem(&put("open"), 412, "precondition_failed", "");
    assert_eq!(get(&program, "/separation").json()["separation"], "separated");
}

#[test]
fn settings_are_looked_at_and_then_changed() {
    let app = TestApp::with_answers(&made_up_answers());
    let program = administrator(&app);
    let present = get(&program, "/settings");
    let mut wanted = present.json();
    wanted["threshold"] = json!(60);
    wanted["scale"][1]["percent"] = json!(35);
    let change =
        |query: &str, tag: Option<&str>| send_for(&program, "PATCH", &format!("/settings{query}"), tag, &wanted);
    assert_is_problem(&change("", None), 428, "precondition_required", "");
    let dry = change("?dry_run=true", Some(present.header("etag"))).expect_status(200).json();
    assert_eq!((&dry["dry_run"], &dry["settings"]), (&json!(true), &wanted));
    assert_eq!(get(&program, "/settings").json(), present.json(), "a dry run changes nothing");
    let done = change("", Some(present.header("etag"))).expect_status(200).json();
    assert_eq!((&done["quarters"], &done["dimensions"]), (&dry["quarters"], &dry["dimensions"]));
    assert_eq!(get(&program, "/settings").json(), wanted);
    let levels = app.visit("/export/levels.json").json();
    let score = |scored: &Value| scored["score"].as_f64().unwrap();
    assert!((score(&done["quarters"][0]["after"]) - score(&levels["overall"])).abs() < 1e-9);
    assert_is_problem(&change("", Some(present.header("etag"))), 412, "precondition_failed", "");
    let lost = json!({ "scale": [{ "key": "no", "name": "No", "percent": 0 }, { "key": "yes", "name": "", "percent": 99 }], "threshold": 0 });
    let refused = send_for(&program, "PATCH", "/settings", Some("*"), &lost);
    assert_is_problem(&refused, 422, "unprocessable_entity", "threshold: ");
    let message = refused.json()["message"].to_string();
    assert!(
        message.contains("percent-2") && message.contains("name-2") && message.contains("recorded answers take it"),
        "{message}"
    );
    let reader = app.program("reader", &["--scope", "read"]);
    get(&reader, "/settings");
    assert_is_problem(&send_for(&reader, "PATCH", "/settings", Some("*"), &wanted), 403, "forbidden", "");
}

#[test]
fn the_audit_record_is_read_to_its_end_and_checked() {
    let app = TestApp::new();
    let program = administrator(&app);
    for n in 0..7 {
        app.add_team(&format!("Team {n}"));
    }
    let whole = app.visit("/export/audit.json").json();
    let entries = all(&program, "/audit-entries", 3);
    let numbers: Vec<i64> = entries.iter().map(|entry| entry["number"].as_i64().unwrap()).collect();
    let expected: Vec<i64> = (1..=whole.as_array().unwrap().len() as i64).rev().collect();
    assert_eq!(numbers, expected);
    for (entry, row) in entries.iter().rev().zip(whole.as_array().unwrap()) {
        for field in ["number", "at", "means", "actor", "deed", "subject", "hash"] {
            assert_eq!(entry[field], row[field]);
        }
        assert_eq!(entry["from"], row["from"].as_str().unwrap_or_default());
        assert_eq!(entry["details"], serde_json::from_str::<Value>(row["details"].as_str().unwrap()).unwrap());
    }
    assert_eq!(all(&program, "/audit-entries?deed=team-added&actor=Ada&text=team+3", 1).len(), 1);
    assert_eq!(all(&program, "/audit-entries?until=2020-01-01", 5).len(), 0);
    for query in ["deed=nothing", "since=yesterday", "cursor=x", "limit=1001", "before=3"] {
        assert_is_problem(&program.get(&format!("/api/v1/audit-entries?{query}")), 400, "bad_request", "");
    }
    for query in ["since=%2B12026-01-01", "since=2026-02-01&until=2026-01-01"] {
        let page = program.get(&format!("/api/v1/audit-entries?{query}"));
        assert_is_problem(&page, 422, "unprocessable_entity", "");
    }
    let head = get(&program, "/audit/head").json();
    assert_eq!(head["number"], numbers[0]);
    let check = |body: Value| send(&program, "POST", "/audit/check", &body);
    let checked = check(json!({ "head": head["head"] })).expect_status(200).json();
    assert_eq!((&checked["intact"], &checked["faults"]), (&json!(true), &json!([])));
    let other = format!("1:{}", "a".repeat(64));
    let checked = check(json!({ "head": other })).expect_status(200).json();
    assert_eq!((&checked["intact"], checked["faults"].as_array().unwrap().len()), (&json!(false), 1));
    assert_is_problem(&check(json!({ "head": "x" })), 422, "unprocessable_entity", "head: ");
    let backups = get(&program, "/backups").json();
    assert_eq!((&backups["schedule"], &backups["failing"]), (&Value::Null, &json!(false)));
}
