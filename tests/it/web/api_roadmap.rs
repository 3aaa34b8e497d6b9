//! `/api/v1/stages`, `/target-profiles`, `/plans` and `/forecast`.

use serde_json::{Value, json};

use super::programs::{all, assert_is_problem, get, send, send_for};
use crate::harness::{Browser, TestApp, activity_ids, made_up_answers};

/// An organization with a history, and a program that may do everything in it.
fn organization() -> (TestApp, Browser) {
    let app = TestApp::with_answers(&made_up_answers());
    let program = app.program("admin", &["--scope", "administer"]);
    (app, program)
}

/// What a roadmap plans, stage by stage.
fn practices(roadmap: &Value) -> Vec<Value> {
    let stages = roadmap["stages"].as_array().unwrap().iter();
    stages.flat_map(|stage| stage["practices"].as_array().unwrap().clone()).collect()
}

#[test]
fn stages_are_looked_at_and_then_changed() {
    let (_app, program) = organization();
    let present = get(&program, "/stages");
    let mut wanted = present.json();
    let stages = wanted["stages"].as_array_mut().unwrap();
    assert_eq!(stages.len(), 3);
    // The second one goes before the first, and a new one comes last.
    stages.remove(1);
    stages[1]["name"] = json!("The end");
    let mut last = stages[1].clone();
    last["number"] = Value::Null;
    last["name"] = json!("Beyond");
    last["wished"] = json!("2030-Q1");
    stages.push(last);
    let change = |query: &str, tag: Option<&str>, body: &Value| {
        send_for(&program, "PATCH", &format!("/stages{query}"), tag, body)
    };
    assert_is_problem(&change("", None, &wanted), 428, "precondition_required", "");
    let tag = present.header("etag").to_owned();
    let dry = change("?dry_run=true", Some(&tag), &wanted).expect_status(200).json();
    assert_eq!(
        (&dry["dry_run"], &dry["changed"], dry["stages"].as_array().unwrap().len()),
        (&json!(true), &json!(true), 4)
    );
    assert_eq!((&dry["stages"][2]["before"], &dry["stages"][3]["after"]), (&Value::Null, &Value::Null));
    assert_eq!(dry["stages"][3]["before"]["number"], 2);
    assert_eq!(get(&program, "/stages").json(), present.json(), "a dry run changes nothing");
    let done = change("", Some(&tag), &wanted).expect_status(200).json();
    assert_eq!(done["stages"], dry["stages"]);
    let now = get(&program, "/stages").json();
    let names: Vec<&Value> = now["stages"].as_array().unwrap().iter().map(|stage| &stage["name"]).collect();
    assert_eq!(names[1..], ["The end", "Beyond"]);
    assert_eq!(now["stages"][2]["wished"], "2030-Q1");
    assert_is_problem(&change("", Some(&tag), &wanted), 412, "precondition_failed", "");
    let stage = |name: &str, level: u64| json!({ "name": name, "targets": { "Implementation": level } });
    for (stages, message) in [
        (json!([]), "at least one stage"),
        (json!([{ "name": " " }]), "name-1: a name is needed"),
        (json!([{ "name": "x", "targets": { "Astrology": 1 } }]), "there is no dimension “Astrology”"),
        (json!([stage("a", 3), stage("b", 2)]), "falls"),
        (json!([stage("a", 9)]), "level"),
        (json!([{ "name": "x", "wished": "soon" }]), "wished-1"),
        (json!([stage("a", 1), stage("A", 1)]), "two stages are called"),
    ] {
        let page = change("", Some("*"), &json!({ "stages": stages }));
        assert_is_problem(&page, 422, "unprocessable_entity", message);
    }
    assert_eq!(get(&program, "/stages").json(), now);
}

#[test]
fn a_profile_is_added_given_to_a_team_changed_and_removed() {
    let (app, program) = organization();
    let team = app.team("Payments");
    let input = json!({ "name": "External", "targets": [{ "stage": 1, "dimension": "Implementation", "level": 3 }] });
    let dry = send(&program, "POST", "/target-profiles?dry_run=true", &input).expect_status(200).json();
    assert_eq!((&dry["dry_run"], all(&program, "/target-profiles", 1).len()), (&json!(true), 0));
    let added = send(&program, "POST", "/target-profiles", &input).expect_status(201);
    let path = added.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    let shown = get(&program, &path);
    assert_eq!((shown.json(), shown.header("etag")), (added.json(), added.header("etag")));
    assert_eq!(shown.json()["targets"], input["targets"]);
    assert_is_problem(&send(&program, "POST", "/target-profiles", &input), 422, "unprocessable_entity", "name");

    let of_team = format!("/teams/{team}/target-profile");
    let none = get(&program, &of_team);
    assert_eq!(none.json(), json!({ "profile": null }));
    let given = json!({ "profile": added.json()["id"] });
    let assign = |tag: &str, body: &Value| send_for(&program, "PATCH", &of_team, Some(tag), body);
    assert_eq!(assign(none.header("etag"), &given).expect_status(200).json(), given);
    assert_is_problem(&assign(none.header("etag"), &given), 412, "precondition_failed", "");
    assert_is_problem(&assign("*", &json!({ "profile": 99 })), 422, "unprocessable_entity", "no such profile");
    assert_is_problem(&program.get("/api/v1/teams/99/target-profile"), 404, "not_found", "team");

    let other = json!({ "name": "Exposed", "targets": [] });
    let tag = shown.header("etag");
    let changed = send_for(&program, "PATCH", &path, Some(tag), &other).expect_status(200).json();
    assert_eq!(changed["changed"], true);
    assert_is_problem(&send_for(&program, "PATCH", &path, Some(tag), &other), 412, "precondition_failed", "");
    assert_is_problem(&send_for(&program, "DELETE", &path, Some(tag), &Value::Null), 412, "precondition_failed", "");
    for (targets, message) in [
        (json!([{ "stage": 9, "dimension": "Implementation", "level": 1 }]), "no such stage"),
        (json!([{ "stage": 1, "dimension": "Astrology", "level": 1 }]), "no dimension"),
        (json!([{ "stage": 1, "dimension": "Implementation", "level": 7 }]), "level"),
    ] {
        let page = send_for(&program, "PATCH", &path, Some("*"), &json!({ "name": "Exposed", "targets": targets }));
        assert_is_problem(&page, 422, "unprocessable_entity", message);
    }
    let tag = get(&program, &path).header("etag").to_owned();
    assert_eq!(send_for(&program, "DELETE", &path, Some(&tag), &Value::Null).status, 204);
    assert_eq!(get(&program, &of_team).json(), json!({ "profile": null }));
    assert_is_problem(&program.get(&format!("/api/v1{path}")), 404, "not_found", "profile");
}

#[test]
fn a_plan_is_tried_kept_made_anew_and_put_aside() {
    let (app, program) = organization();
    let team = app.team("Payments");
    let of_team = format!("?team={team}");
    let wanted = json!({ "name": "Two years", "start": "2027-Q1", "capacity": 20 });
    let dry = send(&program, "POST", &format!("/plans{of_team}&dry_run=true"), &wanted).expect_status(200).json();
    assert_eq!(
        (&dry["plan"], &dry["input"]["capacity"], &dry["roadmap"]["from"]),
        (&Value::Null, &json!(20.0), &json!("2027-Q1"))
    );
    assert!(!practices(&dry["roadmap"]).is_empty());
    assert_eq!(all(&program, "/plans", 1).len(), 0);

    let made = send(&program, "POST", &format!("/plans{of_team}"), &wanted).expect_status(201);
    let path = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    let plan = get(&program, &path);
    assert_eq!((&plan.json(), &made.json()["roadmap"]), (&made.json()["plan"], &Value::Null));
    assert_eq!((&plan.json()["scope_id"], &plan.json()["input"]), (&json!(team), &dry["input"]));
    let twice = send(&program, "POST", &format!("/plans{of_team}"), &wanted);
    assert_is_problem(&twice, 422, "unprocessable_entity", "already");

    // The roadmap is that of the export, and what was tried.
    let roadmap = get(&program, &format!("{path}/roadmap")).json();
    assert_eq!(roadmap, app.visit(&format!("/export/roadmap.json?plan={}", plan.json()["id"])).json());
    let ids = |roadmap: &Value| -> Vec<Value> {
        practices(roadmap).iter().map(|practice| json!([practice["activity_id"], practice["quarter"]])).collect()
    };
    assert_eq!(ids(&roadmap), ids(&dry["roadmap"]));
    let progress = get(&program, &format!("{path}/progress")).json();
    assert!(progress["measures"].as_array().is_some_and(|rows| !rows.is_empty()));
    assert_eq!(progress["burn_up"], app.visit(&format!("/export/burn-up.json?plan={}", plan.json()["id"])).json());

    // Who takes care of the first practice.
    let activity = ids(&roadmap)[0][0].as_str().unwrap().to_owned();
    let item = format!("{path}/items/{team}/{activity}");
    let nobody = get(&program, &item);
    assert_eq!(nobody.json(), json!({ "owner": "" }));
    let named = json!({ "owner": "Ada" });
    send_for(&program, "PUT", &item, Some(nobody.header("etag")), &named).expect_status(200);
    assert_is_problem(
        &send_for(&program, "PUT", &item, Some(nobody.header("etag")), &named),
        412,
        "precondition_failed",
        "",
    );
    assert_eq!(practices(&get(&program, &format!("{path}/roadmap")).json())[0]["owner"], "Ada");
    let none = format!("{path}/items/{team}/none");
    assert_is_problem(&send_for(&program, "PUT", &none, Some("*"), &named), 404, "not_found", "practice");

    // The next version: what is left out of the request stays.
    let decision = json!({ "activity": activity, "team": team, "course": "locked", "quarter": "2028-Q4" });
    let next = json!({ "name": "Two more years", "decisions": [decision] });
    let change =
        |query: &str, tag: &str, body: &Value| send_for(&program, "PATCH", &format!("{path}{query}"), Some(tag), body);
    let tag = plan.header("etag");
    let dry = change("?dry_run=true", tag, &next).expect_status(200).json();
    assert_eq!((&dry["input"]["capacity"], get(&program, &path).json()), (&json!(20.0), plan.json()));
    let kept = change("", tag, &next).expect_status(200).json();
    assert_eq!((&kept["plan"]["version"], &kept["plan"]["name"]), (&json!(2), &json!("Two more years")));
    assert_eq!(kept["input"]["decisions"][0]["quarter"], "2028-Q4");
    assert_is_problem(&change("", tag, &next), 412, "precondition_failed", "");
    let versions: Vec<Value> =
        all(&program, &format!("{path}/versions"), 1).iter().map(|v| v["number"].clone()).collect();
    assert_eq!(versions, [2, 1]);
    assert_eq!(get(&program, &format!("{path}?version=1")).json()["input"], plan.json()["input"]);
    assert_is_problem(&program.get(&format!("/api/v1{path}?version=9")), 404, "not_found", "version");

    let aside = send(&program, "POST", &format!("{path}/archive"), &Value::Null).expect_status(200).json();
    assert!(aside["archived_at"].is_string());
    assert_eq!((all(&program, "/plans", 1).len(), all(&program, "/plans?archived=true", 1).len()), (0, 1));
    send(&program, "POST", &format!("{path}/restore"), &Value::Null).expect_status(200);
    assert_eq!(all(&program, "/plans", 1).len(), 1);
}

#[test]
fn two_who_make_a_plan_anew_at_once_do_not_undo_each_other() {
    let (_app, program) = organization();
    let made = send(&program, "POST", "/plans", &json!({ "name": "All" })).expect_status(201);
    let path = made.header("location").strip_prefix("/api/v1").unwrap().to_owned();
    let tag = get(&program, &path).header("etag").to_owned();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let writers = [30, 40].map(|capacity| {
            let (program, path, tag) = (&program, &path, &tag);
            let wanted = json!({ "name": "All", "capacity": capacity });
            scope.spawn(move || send_for(program, "PATCH", path, Some(tag), &wanted).status)
        });
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let done = statuses.iter().filter(|status| **status == 200).count();
    assert!(done == 1 && statuses.iter().all(|status| [200, 412].contains(status)), "{statuses:?}");
    assert_eq!(get(&program, &path).json()["versions"], 2);
}

#[test]
fn plans_that_cannot_be_are_refused_with_all_that_is_wrong() {
    let (app, program) = organization();
    let first = &activity_ids()[0];
    for (body, message) in [
        (json!({ "name": "" }), "name"),
        (json!({ "name": "x", "start": "2020-Q1" }), "start"),
        (json!({ "name": "x", "capacity": 0 }), "capacity"),
        (json!({ "name": "x", "capacity": -1 }), "capacity"),
        (json!({ "name": "x", "capacity": 1e300 }), "capacity"),
        (json!({ "name": "x", "left_out": [99] }), "left_out: there is no team with the number 99"),
        (json!({ "name": "x", "capacity_exceptions": [{ "team": 99, "quarter": null, "capacity": 1 }] }), "number 99"),
        (json!({ "name": "x", "targets": [{ "stage": 9, "dimension": "Implementation", "level": 1 }] }), "no stage 9"),
        (json!({ "name": "x", "wishes": [{ "stage": 1, "wished": "never" }] }), "wished-1"),
        (
            json!({ "name": "x", "decisions": [{ "activity": "none", "team": null, "course": "excluded" }] }),
            "decision-1",
        ),
        (
            json!({ "name": "x", "decisions": [{ "activity": first, "team": null, "course": "locked" }] }),
            "has a quarter",
        ),
        (json!({ "name": "x", "decisions": [{ "activity": first, "team": null, "course": "wished" }] }), "provided"),
        (json!({ "name": "x", "colour": 1 }), "colour"),
    ] {
        for query in ["?dry_run=true", ""] {
            let page = send(&program, "POST", &format!("/plans{query}"), &body);
            assert_is_problem(&page, 422, "unprocessable_entity", message);
        }
    }
    let both = send(&program, "POST", "/plans", &json!({ "name": "", "start": "x", "capacity": 0 }));
    assert_eq!(both.json()["message"].as_str().unwrap().lines().count(), 3, "{}", both.text());
    assert_eq!(all(&program, "/plans", 10).len(), 0);
    assert_is_problem(&send(&program, "POST", "/plans?team=99", &json!({ "name": "x" })), 404, "not_found", "");
    let empty = TestApp::new();
    let nobody = empty.program("admin", &["--scope", "administer"]);
    assert_is_problem(&send(&nobody, "POST", "/plans", &json!({ "name": "x" })), 404, "nothing_submitted", "");
    assert_is_problem(&nobody.get("/api/v1/forecast"), 404, "nothing_submitted", "");
    let reader = app.program("reader", &["--scope", "read"]);
    assert_is_problem(&send(&reader, "POST", "/plans", &json!({ "name": "x" })), 403, "forbidden", "");
}

#[test]
fn the_forecast_is_that_of_the_exports() {
    let (app, program) = organization();
    let forecast = program.get("/api/v1/forecast");
    let stages = app.get("/export/forecast.json");
    assert_eq!(forecast.status, stages.status, "{}", forecast.text());
    if forecast.status == 200 {
        assert_eq!(forecast.json()["stages"], stages.json());
        assert_eq!(forecast.json()["fan"], app.visit("/export/forecast-fan.json").json());
    }
}

#[test]
fn who_sees_one_team_learns_nothing_of_the_plans_of_others() {
    let (app, program) = organization();
    let (own, other) = (app.team("Payments"), app.team("=Web Shop"));
    let make = |query: String, body: Value| {
        let made = send(&program, "POST", &format!("/plans{query}"), &body).expect_status(201);
        made.header("location").strip_prefix("/api/v1").unwrap().to_owned()
    };
    let theirs = make(format!("?team={other}"), json!({ "name": "Secret" }));
    let exception = json!({ "team": other, "quarter": null, "capacity": 77 });
    let first = &activity_ids()[0];
    let decision = json!({ "activity": first, "team": other, "course": "excluded" });
    let of_all =
        make(String::new(), json!({ "name": "All", "capacity_exceptions": [exception], "decisions": [decision] }));
    send_for(&program, "PUT", "/separation", Some("*"), &json!({ "separation": "separated" })).expect_status(200);
    let reader = app.program("reader", &["--scope", "read", "--team", "Payments"]);
    let names: Vec<Value> = all(&reader, "/plans", 1).iter().map(|plan| plan["name"].clone()).collect();
    assert_eq!(names, ["All"]);
    for path in ["", "/roadmap", "/versions", "/progress", &format!("/items/{own}/{first}")] {
        let (hidden, none) =
            (reader.get(&format!("/api/v1{theirs}{path}")), reader.get(&format!("/api/v1/plans/999{path}")));
        assert_eq!((hidden.status, hidden.text()), (404, none.text()), "{path}");
    }
    let seen = get(&reader, &of_all).json();
    assert_eq!((&seen["input"]["capacity_exceptions"], &seen["input"]["decisions"]), (&json!([]), &json!([])));
    for path in ["", "/roadmap", "/progress"] {
        assert!(!get(&reader, &format!("{of_all}{path}")).text().contains("Web Shop"), "{path}");
    }
    // Who names a team that they do not see is told the same as of one that is not there.
    let refused = |team: i64| {
        let body = json!({ "name": "x", "left_out": [team] });
        let page = send(&reader, "POST", "/plans?dry_run=true", &body).expect_status(422);
        page.text().replace(&team.to_string(), "N")
    };
    assert_eq!(refused(other), refused(999));
    assert_is_problem(&reader.get(&format!("/api/v1/teams/{other}/target-profile")), 404, "not_found", "team");
}
