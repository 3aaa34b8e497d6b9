//! `/api/v1/catalogs` and `/api/v1/activities`.

use serde_json::{Value, json};

use super::programs::{all, assert_is_problem, get, send};
use crate::harness::{Browser, Page, TestApp, activity_ids, small_catalog};

/// Sends a catalog.
fn put_to_use(program: &Browser, options: &str, yaml: &str) -> Page {
    let headers = [("content-type", "application/yaml")];
    program.send_bare("POST", &format!("/api/v1/catalogs{options}"), &headers, Some(yaml.as_bytes())).unwrap()
}

/// An overlay that gives an activity another level.
fn overlay(app: &TestApp) -> String {
    let first = &all(app, "/activities", 500)[0];
    let text = |name: &str| first[name].as_str().unwrap().to_owned();
    format!("{}:\n  {}:\n    {}: {{level: 5}}\n", text("dimension"), text("sub_dimension"), text("name"))
}

#[test]
fn all_activities_are_given_in_their_order_however_they_are_cut_into_pages() {
    let app = TestApp::new();
    let program = app.program("reader", &["--scope", "read"]);
    let ids: Vec<String> =
        all(&program, "/activities", 37).iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, activity_ids());
    assert_eq!(all(&program, "/activities", 1000).len(), activity_ids().len());
}

#[test]
fn activities_are_narrowed_down_as_on_the_page() {
    let app = TestApp::new();
    let count = |query: &str| all(&app, &format!("/activities?{query}"), 50).len();
    assert_eq!(count("dimension=Culture+and+Organization&level=1"), 4);
    assert_eq!(count("capability=organic") + count("capability=tooling"), activity_ids().len());
    assert_eq!(
        ["shift+left", "stay+right", "do+right"].map(|lens| count(&format!("lens={lens}"))).iter().sum::<usize>(),
        activity_ids().len()
    );
    assert_eq!((count("tag=sbom"), count("text=xyzzy"), count("dimension=None")), (1, 0, 0));
    for (query, message) in [
        ("lens=sideways", "shift left"),
        ("level=x", ""),
        ("colour=red", "there is no parameter “colour” here"),
        ("level=1&level=2", "twice"),
        ("limit=0", "1 to 1000"),
        ("cursor=last", "cursor"),
    ] {
        assert_is_problem(&app.get(&format!("/api/v1/activities?{query}")), 400, "bad_request", message);
    }
}

#[test]
fn an_activity_is_given_with_all_that_is_known_of_it() {
    let app = TestApp::new();
    let list = all(&app, "/activities", 500);
    let entry = list.iter().find(|entry| !entry["prerequisites"].as_array().unwrap().is_empty()).unwrap();
    let page = get(&app, &format!("/activities/{}", entry["id"].as_str().unwrap()));
    let activity = page.json();
    for (name, value) in entry.as_object().unwrap() {
        assert_eq!(activity[name], *value, "{name}");
    }
    for text in ["description", "risk", "measure", "assessment"] {
        assert!(activity[text].as_str().unwrap().len() > 50, "{text}");
    }
    let needed = get(&app, &format!("/activities/{}", entry["prerequisites"][0].as_str().unwrap())).json();
    assert!(needed["needed_for"].as_array().unwrap().contains(&entry["id"]));
    let effort: i64 = activity["difficulty"].as_object().unwrap().values().map(|part| part.as_i64().unwrap()).sum();
    assert_eq!(activity["effort"], effort);
    let headers = [("if-none-match", page.header("etag"))];
    let path = format!("/api/v1/activities/{}", entry["id"].as_str().unwrap());
    assert_eq!(app.send("GET", &path, &headers, None).unwrap().status, 304);
    for unknown in ["none", "%00", "..%2f", "a%20b"] {
        assert_is_problem(&app.get(&format!("/api/v1/activities/{unknown}")), 404, "not_found", "");
    }
}

#[test]
fn a_catalog_is_looked_at_then_put_to_use_then_taken_back() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let before = all(&program, "/catalogs", 1);
    assert_eq!(
        (before.len(), &before[0]["in_use"], &before[0]["activities"]),
        (1, &json!(true), &json!(activity_ids().len()))
    );
    let yaml = overlay(&app);
    let recorded = || app.visit("/export/audit.csv").text().matches(",catalog-used,").count();

    let dry = put_to_use(&program, "?dry_run=true", &yaml).expect_status(200).json();
    assert_eq!(
        (&dry["dry_run"], &dry["catalog"]["in_use"], &dry["left_out"]),
        (&json!(true), &json!(false), &json!(0))
    );
    let changed = &dry["changes"]["changed"];
    assert_eq!((changed.as_array().unwrap().len(), &changed[0]["changed"]), (1, &json!(["level"])));
    assert_eq!((&changed[0]["now"]["level"], &changed[0]["asks_anew"]), (&json!(5), &json!(true)));
    assert_eq!((&dry["changes"]["unchanged"], &dry["changes"]["before"]), (&json!(193), &before[0]["digest"]));
    assert_eq!((all(&program, "/catalogs", 10), recorded()), (before.clone(), 0), "a dry run changes nothing");

    let used = put_to_use(&program, "?file=mine.yaml", &yaml).expect_status(200).json();
    assert_eq!((&used["catalog"]["digest"], recorded()), (&dry["catalog"]["digest"], 1));
    let known = all(&program, "/catalogs", 1);
    assert_eq!((&known[0], known.len()), (&used["catalog"], 2));
    let first = get(&program, "/activities?limit=1").json();
    assert_eq!(first[0]["level"], 5);
    let changes = get(&program, &format!("/catalogs/{}/changes", before[0]["digest"].as_str().unwrap())).json();
    assert_eq!(changes, used["changes"]);

    let headers = [("content-type", "application/json")];
    let bundled =
        |options: &str| program.send_bare("POST", &format!("/api/v1/catalogs?{options}"), &headers, None).unwrap();
    assert_eq!(
        bundled("bundled=true&dry_run=true").expect_status(200).json()["catalog"]["digest"],
        before[0]["digest"]
    );
    assert_eq!(get(&program, "/activities?limit=1").json()[0]["level"], 5);
    bundled("bundled=true").expect_status(200);
    assert_eq!((all(&program, "/catalogs", 10), recorded()), (before, 2));
}

#[test]
fn a_catalog_without_what_was_answered_is_refused_unless_that_is_wanted() {
    let app = TestApp::small(&[("Design", &[1, 1])], &[("Payments", "2026-Q3", "xx", "")]);
    let other = small_catalog(&[("Design", &[1, 1])]).replace("uuid: a", "uuid: b");
    for options in ["?dry_run=true", ""] {
        assert_is_problem(&put_to_use(&app, options, &other), 403, "cross_site", "");
        let program = app.program(&format!("admin{}", options.len()), &["--scope", "administer"]);
        assert_is_problem(&put_to_use(&program, options, &other), 409, "conflict", "2 of the 2 activities");
    }
    let program = app.program("admin", &["--scope", "administer"]);
    let used = put_to_use(&program, "?leave_out_answered=true", &other).expect_status(200).json();
    assert_eq!((&used["left_out"], used["changes"]["removed"].as_array().unwrap().len()), (&json!(2), 2));
    // What is only known from an assessment is still there, and it is said that it is not asked any more.
    let old = get(&program, "/activities/a0").json();
    assert_eq!((&old["in_use"], &old["name"]), (&json!(false), &json!("a0")));
}

#[test]
fn what_is_no_catalog_changes_nothing() {
    let app = TestApp::new();
    let program = app.program("admin", &["--scope", "administer"]);
    let before = all(&program, "/catalogs", 10);
    let sample =
        |name: &str| std::fs::read_to_string(format!("{}/tests/samples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let faulty = put_to_use(&program, "?file=mine.yaml&as=whole", &sample("catalog-with-faults.yaml"));
    assert_is_problem(&faulty, 422, "unprocessable_entity", "mine.yaml:");
    assert!(faulty.json()["message"].as_str().unwrap().lines().count() > 3, "all faults are said at once");
    for yaml in
        [sample("alias-bomb.yaml"), "[".repeat(100_000), String::new(), "\u{0}\u{1}".to_owned(), "a: 1".to_owned()]
    {
        assert_is_problem(&put_to_use(&program, "", &yaml), 422, "unprocessable_entity", "body");
    }
    assert_is_problem(&put_to_use(&program, "", &"#".repeat(8_000_001)), 413, "payload_too_large", "");
    assert_is_problem(&send(&program, "POST", "/catalogs", &json!({})), 415, "unsupported_media_type", "YAML");
    assert_is_problem(&put_to_use(&program, "?bundled=true", "a: 1"), 422, "unprocessable_entity", "not both");
    assert_is_problem(&put_to_use(&program, "?as=poem", "a: 1"), 400, "bad_request", "");
    assert_is_problem(&program.get("/api/v1/catalogs/none/changes"), 404, "not_found", "");
    let reader = app.program("reader", &["--scope", "read"]);
    assert_is_problem(&put_to_use(&reader, "", "a: 1"), 403, "forbidden", "");
    assert_eq!(all(&program, "/catalogs", 10), before);
    assert_ne!(before, Vec::<Value>::new());
}
