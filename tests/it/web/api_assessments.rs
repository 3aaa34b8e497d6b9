//! `/api/v1/assessments` and answers: a quarter as a program goes through it.

use serde_json::{Value, json};

use crate::harness::{Browser, Page, TestApp, activity_ids, made_up_answers};

/// Opens an assessment and gives its address in the interface.
fn open(browser: &Browser, team: i64, period: &str) -> String {
    let opened = browser.ask("POST", "/assessments", None, Some(&json!({ "teams": [team], "period": period })));
    assert_eq!(opened.status, 200, "{}", opened.text());
    format!("/assessments/{}", opened.json()[0]["id"])
}

/// An answer's address.
fn answer_to(assessment: &str, number: usize) -> String {
    format!("{assessment}/answers/{}", activity_ids()[number])
}

/// Answers an activity as it was seen just now.
fn answer(browser: &Browser, assessment: &str, number: usize, status: &str) -> Value {
    let path = answer_to(assessment, number);
    let page = browser.change("PATCH", &path, &path, &json!({ "status": status }));
    assert_eq!(page.status, 200, "{}", page.text());
    page.json()
}

/// The code and the message of a problem.
fn problem(page: &Page, status: u16, code: &str) -> String {
    assert_eq!(page.status, status, "{}", page.text());
    let problem = page.json();
    assert_eq!(problem["code"], code, "{problem}");
    problem["message"].as_str().unwrap().to_owned()
}

#[test]
fn a_program_goes_through_a_quarter() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let program = app.program("ci", &["--scope", "administer"]);
    assert_eq!(
        program.give("/periods"),
        json!([{ "period": "2026-Q4", "current": true, "assessments": 0, "drafts": 0, "submitted": 0 }])
    );
    let assessment = open(&program, team, "2026-Q4");
    assert_eq!(open(&program, team, "2026-Q4"), assessment, "what is there already is given");
    let draft = program.give(&assessment);
    assert_eq!((&draft["state"], &draft["answered"], &draft["revision"]), (&json!("draft"), &json!(0), &json!(0)));
    let submit = format!("{assessment}/submit");
    assert!(problem(&program.ask("POST", &submit, Some("*"), None), 409, "conflict").contains("nothing is answered"));

    let path = answer_to(&assessment, 0);
    let blank = program.give(&path);
    assert_eq!((&blank["status"], &blank["by"], &blank["revision"]), (&json!("unanswered"), &Value::Null, &json!(0)));
    let said = json!({ "status": "not_applicable", "reason": "no containers", "note": "see the wiki" });
    let first = program.change("PATCH", &path, &path, &said).expect_status(200).json();
    assert_eq!((&first["reason"], &first["by"]), (&json!("no containers"), &json!("token ci")));
    let second = answer(&program, &assessment, 0, "fully_implemented");
    assert_eq!((&second["reason"], &second["note"]), (&json!(""), &json!("see the wiki")), "the note stays");
    assert!(second["revision"].as_i64() > first["revision"].as_i64());
    let (history, _) = program.all_pages(&format!("{path}/history?limit=1"));
    let statuses: Vec<&Value> = history.iter().map(|record| &record["status"]).collect();
    assert_eq!(statuses, ["not_applicable", "fully_implemented"]);
    assert_eq!(history[0]["superseded_at"], history[1]["at"]);
    assert_eq!(history[1]["superseded_at"], Value::Null);

    let now = program.give(&assessment);
    assert_eq!((&now["answered"], &now["revision"]), (&json!(1), &second["revision"]));
    let submitted = program.change("POST", &submit, &assessment, &json!(null)).expect_status(200).json();
    assert_eq!((&submitted["state"], &submitted["submitted_by"]), (&json!("submitted"), &json!("token ci")));
    let frozen = program.change("PATCH", &path, &path, &json!({ "status": "started" }));
    assert!(problem(&frozen, 409, "conflict").contains("does not change any more"));
    assert!(problem(&program.ask("POST", &submit, Some("*"), None), 409, "conflict").contains("submitted"));
    assert_eq!(program.give("/periods")[0]["submitted"], 1);

    let reopen = format!("{assessment}/reopen");
    let blank = program.ask("POST", &reopen, None, Some(&json!({ "reason": " " })));
    assert!(problem(&blank, 422, "unprocessable_entity").starts_with("reason: "));
    let reason = json!({ "reason": "a mistake" });
    let reopened = program.ask("POST", &reopen, None, Some(&reason)).expect_status(200).json();
    assert_eq!((&reopened["state"], &reopened["reopenings"][0]["reason"]), (&json!("draft"), &json!("a mistake")));
    problem(&program.ask("POST", &reopen, None, Some(&reason)), 409, "conflict");
}

#[test]
fn assessments_are_listed_by_scope_quarter_and_state() {
    let app = TestApp::new();
    let teams = ["Bank", "Cards", "Shop"].map(|name| app.add_team(name));
    let group = app.add_group("Money");
    app.put_into_groups("Bank", &[group]);
    let many = json!({ "teams": [teams[2], teams[0], teams[2]], "period": "2026-Q3", "from": "blank" });
    let opened = app.ask("POST", "/assessments", None, Some(&many)).expect_status(200).json();
    let of: Vec<&Value> = opened.as_array().unwrap().iter().map(|assessment| &assessment["team"]).collect();
    assert_eq!(of, [&json!(teams[2]), &json!(teams[0])], "each once, in the order of the teams");
    let bank = open(&app, teams[0], "2026-Q4");
    answer(&app, &bank, 3, "started");
    app.change("POST", &format!("{bank}/submit"), &bank, &json!(null)).expect_status(200);

    let found = |query: &str| app.give(&format!("/assessments?{query}")).as_array().unwrap().len();
    assert_eq!(["", "period=2026-Q3", "state=draft", "state=submitted"].map(found), [3, 2, 2, 1]);
    assert_eq!([format!("team={}", teams[0]), format!("group={group}&state=draft")].map(|query| found(&query)), [2, 1]);
    let (pages, count) = app.all_pages("/assessments?limit=2");
    assert_eq!((pages.len(), count), (3, 2));
    assert_eq!(found("period=2020-Q1"), 0);
    for (query, status) in [("state=none", 400), ("period=x", 422), ("team=999", 404), ("stat=draft", 400)] {
        assert_eq!(app.ask("GET", &format!("/assessments?{query}"), None, None).status, status, "{query}");
    }
    for (input, status) in [
        (json!({ "teams": [], "period": "2026-Q4" }), 422),
        (json!({ "teams": [999], "period": "2026-Q4" }), 404),
        (json!({ "teams": [teams[0]], "period": "2027-Q1" }), 422),
        (json!({ "teams": [teams[0]], "period": "Q4" }), 422),
        (json!({ "teams": [teams[0]], "period": "2026-Q4", "from": "somewhere" }), 422),
        (json!({ "teams": [teams[0]], "period": "2026-Q4", "more": 1 }), 422),
        (json!([]), 422),
    ] {
        assert_eq!(app.ask("POST", "/assessments", None, Some(&input)).status, status, "{input}");
    }
    assert_eq!(found(""), 3);
}

#[test]
fn two_writers_do_not_overwrite_each_other() {
    let app = TestApp::new();
    let assessment = open(&app, app.add_team("Payments"), "2026-Q4");
    let path = answer_to(&assessment, 0);
    let seen = app.ask("GET", &path, None, None).header("etag").to_owned();
    let said = |status: &str| json!({ "status": status });
    problem(&app.ask("PATCH", &path, None, Some(&said("started"))), 428, "precondition_required");
    let first = app.ask("PATCH", &path, Some(&seen), Some(&said("started"))).expect_status(200);
    problem(&app.ask("PATCH", &path, Some(&seen), Some(&said("fully_implemented"))), 412, "precondition_failed");
    assert_eq!(app.give(&path)["status"], "started");
    // The tag of the answer is that of what is read next.
    app.ask("PATCH", &path, Some(first.header("etag")), Some(&said("fully_implemented"))).expect_status(200);
    app.ask("PATCH", &path, Some("*"), Some(&said("partly_implemented"))).expect_status(200);

    // What is answered after an assessment was looked at has to be looked at before it is submitted.
    let looked = app.ask("GET", &assessment, None, None).header("etag").to_owned();
    answer(&app, &assessment, 1, "started");
    let submit = format!("{assessment}/submit");
    problem(&app.ask("POST", &submit, Some(&looked), None), 412, "precondition_failed");
    problem(&app.ask("POST", &submit, None, None), 428, "precondition_required");
    assert_eq!(app.give(&assessment)["state"], "draft");
    // Who has the present state is not sent it again.
    let now = app.ask("GET", &path, None, None);
    let headers = [("if-none-match", now.header("etag"))];
    assert_eq!(app.send("GET", &format!("/api/v1{path}"), &headers, None).unwrap().status, 304);
}

#[test]
fn several_answers_are_changed_together_or_not_at_all() {
    let app = TestApp::new();
    let assessment = open(&app, app.add_team("Payments"), "2026-Q4");
    let ids = activity_ids();
    let path = format!("{assessment}/answers");
    let patch = |answers: Value| app.ask("PATCH", &path, None, Some(&json!({ "answers": answers })));
    let change = |number: usize, revision: &Value, status: &str| json!({ "activity": ids[number], "revision": revision, "status": status });
    let none = json!(0);
    let done = patch(json!([change(2, &none, "started"), change(0, &none, "fully_implemented")]));
    let done = done.expect_status(200).json();
    let named: Vec<&Value> = done["answers"].as_array().unwrap().iter().map(|answer| &answer["activity"]).collect();
    assert_eq!(named, [&json!(ids[0]), &json!(ids[2])], "in the order of the catalog");
    let revisions = [0, 1].map(|n| done["answers"][n]["revision"].clone());

    // One of them was recorded since: nothing is done, and it is said which.
    answer(&app, &assessment, 0, "partly_implemented");
    let conflict = patch(json!([change(0, &revisions[0], "started"), change(2, &revisions[1], "not_implemented")]));
    let message = problem(&conflict, 409, "conflict");
    assert!(message.starts_with("1 answer was changed"), "{message}");
    assert!(message.contains(&format!("answer[{}]", ids[0])) && message.contains("partly_implemented"), "{message}");
    assert_eq!(app.give(&answer_to(&assessment, 2))["status"], "started");

    // All that is wrong is said at once.
    let wrong = patch(json!([
        change(4, &none, "done"),
        change(5, &none, "not_applicable"),
        { "activity": "unknown", "revision": 0, "status": "started" },
        change(6, &none, "started"),
    ]));
    let message = problem(&wrong, 422, "unprocessable_entity");
    for part in [format!("status[{}]", ids[4]), format!("reason[{}]", ids[5]), "status[unknown]".into()] {
        assert!(message.contains(&part), "{message}");
    }
    let twice = patch(json!([change(6, &none, "started"), change(6, &none, "started")]));
    assert!(problem(&twice, 422, "unprocessable_entity").contains("twice"));
    let stray = json!({ "activity": ids[6], "revision": 0, "status": "started", "reason": "because" });
    assert!(problem(&patch(json!([stray])), 422, "unprocessable_entity").contains("reason"));
    assert!(problem(&patch(json!([])), 422, "unprocessable_entity").contains("answers"));
    assert_eq!(app.give(&answer_to(&assessment, 6))["revision"], 0);

    // What is left out stays; and what was recorded can be undone.
    let now = app.give(&answer_to(&assessment, 2));
    let noted = patch(json!([{ "activity": ids[2], "revision": now["revision"], "note": "half of it" }]));
    let noted = noted.expect_status(200).json();
    assert_eq!(
        (&noted["answers"][0]["status"], &noted["answers"][0]["note"]),
        (&json!("started"), &json!("half of it"))
    );
    let same = patch(json!([{ "activity": ids[2], "revision": noted["answers"][0]["revision"] }]));
    assert_eq!(same.expect_status(200).json()["recorded"], Value::Null);
    let undone = app.ask("POST", &format!("{path}/undo"), None, Some(&noted["recorded"])).expect_status(200).json();
    assert_eq!(undone["answers"][0]["note"], "");
    let again = app.ask("POST", &format!("{path}/undo"), None, Some(&noted["recorded"]));
    assert!(problem(&again, 409, "conflict").contains("nothing to undo"));
}

#[test]
fn what_was_taken_over_is_confirmed_by_saying_it_again() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let past = open(&app, team, "2026-Q3");
    answer(&app, &past, 0, "started");
    answer(&app, &past, 1, "started");
    app.change("POST", &format!("{past}/submit"), &past, &json!(null)).expect_status(200);
    let assessment = open(&app, team, "2026-Q4");
    let carried = |number: usize| app.give(&answer_to(&assessment, number))["carried"].clone();
    assert_eq!([carried(0), carried(1)], [json!(true), json!(true)]);
    answer(&app, &assessment, 0, "started");
    let seen = app.give(&answer_to(&assessment, 1));
    let still_so = json!({ "answers": [{ "activity": seen["activity"], "revision": seen["revision"] }] });
    app.ask("PATCH", &format!("{assessment}/answers"), None, Some(&still_so)).expect_status(200);
    assert_eq!([carried(0), carried(1)], [json!(false), json!(false)]);
}

#[test]
fn an_answer_is_taken_from_another_team() {
    let app = TestApp::new();
    let [platform, payments] = ["Platform", "Payments"].map(|name| app.add_team(name));
    let (theirs, own) = (open(&app, platform, "2026-Q4"), open(&app, payments, "2026-Q4"));
    let path = answer_to(&own, 0);
    let provider = format!("{path}/provider");
    let wanted = json!({ "team": platform });
    let refused = app.change("PUT", &provider, &path, &wanted);
    assert!(problem(&refused, 422, "unprocessable_entity").contains("Platform has not answered this"));
    answer(&app, &theirs, 0, "started");
    problem(&app.ask("PUT", &provider, None, Some(&wanted)), 428, "precondition_required");
    let taken = app.change("PUT", &provider, &path, &wanted).expect_status(200).json();
    assert_eq!((&taken["status"], &taken["inherited_from"]), (&json!("started"), &json!(platform)));
    answer(&app, &theirs, 0, "fully_implemented");
    assert_eq!(app.give(&path)["status"], "fully_implemented", "it follows");
    assert_eq!(app.change("PUT", &provider, &path, &json!({ "team": 999 })).status, 404);

    // Who sees one team only is not told the number of the other.
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let reader = app.program("reader", &["--scope", "read", "--team", "Payments"]);
    assert_eq!(reader.give(&path)["inherited_from"], Value::Null);
    for record in reader.all_pages(&format!("{path}/history")).0 {
        assert_eq!(record["inherited_from"], Value::Null);
    }
}

#[test]
fn all_answers_are_there_page_by_page_once() {
    let app = TestApp::with_answers(&made_up_answers());
    let exported = app.visit("/export/answers.json").json();
    let written = |rows: &[Value]| -> Vec<String> {
        let mut rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
        rows.sort();
        rows
    };
    let expected = written(exported.as_array().unwrap());
    for limit in [97, 1000] {
        let (rows, pages) = app.all_pages(&format!("/answers?limit={limit}"));
        assert_eq!(written(&rows), expected, "by {limit}");
        assert_eq!(pages, expected.len().div_ceil(limit));
    }
    let team = app.team("Payments");
    let (rows, _) = app.all_pages(&format!("/answers?team={team}&period=2025-Q2&limit=50"));
    assert!(rows.len() > 50 && rows.iter().all(|row| row["team"] == "Payments" && row["period"] == "2025-Q2"));
    let of_team = app.visit(&format!("/export/answers.json?team={team}&period=2025-Q2")).json();
    assert_eq!(Value::from(rows), of_team, "of a team in the same order, too");

    let assessment = app.give(&format!("/assessments?team={team}&period=2025-Q2"))[0]["id"].clone();
    let (answers, pages) = app.all_pages(&format!("/assessments/{assessment}/answers?limit=100"));
    let ids: Vec<&str> = answers.iter().map(|answer| answer["activity"].as_str().unwrap()).collect();
    assert_eq!((ids, pages), (activity_ids().iter().map(String::as_str).collect(), 2), "unanswered ones, too");
    for query in ["limit=0", "limit=1001", "limit=x", "cursor=x", "cursor=1.2026-Q9.x", "cursor=", "status=started"] {
        problem(&app.ask("GET", &format!("/answers?{query}"), None, None), 400, "bad_request");
    }
}

#[test]
fn what_is_added_meanwhile_moves_nothing() {
    let app = TestApp::with_answers(&made_up_answers());
    let first = app.get("/api/v1/answers?limit=10");
    // A team whose name comes before all others.
    let early = app.add_team("Aardvark");
    let assessment = open(&app, early, "2026-Q4");
    answer(&app, &assessment, 0, "started");
    let link = first.header("link").to_owned();
    let next = app.get(link.trim_start_matches('<').split('>').next().unwrap()).json();
    let all = app.give("/answers?limit=20");
    assert_eq!(next.as_array().unwrap()[..], all.as_array().unwrap()[10..]);
}

#[test]
fn what_is_not_there_is_not_found() {
    let app = TestApp::new();
    let assessment = open(&app, app.add_team("Payments"), "2026-Q4");
    let id = &activity_ids()[0];
    for path in [
        "/assessments/999".into(),
        "/assessments/x".into(),
        "/assessments/999/answers".into(),
        format!("/assessments/999/answers/{id}"),
        format!("{assessment}/answers/unknown"),
        format!("{assessment}/answers/unknown/history"),
        "/assessments/99999999999999999999".into(),
    ] {
        problem(&app.ask("GET", &path, None, None), 404, "not_found");
    }
    let said = json!({ "status": "started" });
    for path in [format!("{assessment}/answers/unknown"), format!("/assessments/999/answers/{id}")] {
        problem(&app.ask("PATCH", &path, Some("*"), Some(&said)), 404, "not_found");
    }
    assert_eq!(app.ask("DELETE", &assessment, None, None).header("allow"), "GET, HEAD");
}

#[test]
fn hostile_answers_change_nothing() {
    let app = TestApp::new();
    let assessment = open(&app, app.add_team("Payments"), "2026-Q4");
    let path = answer_to(&assessment, 0);
    let before = app.visit("/export/audit.csv").text().to_owned();
    for (input, status) in [
        (json!({ "status": 1 }), 422),
        (json!({ "status": null }), 422),
        (json!({ "status": "started", "note": "x".repeat(10_001) }), 422),
        (json!({ "status": "started", "note": "a\u{202e}b" }), 422),
        (json!({ "status": "started\u{0}" }), 422),
        (json!({ "status": "not_applicable", "reason": "x".repeat(2_001) }), 422),
        (json!({ "status": "started", "by": "somebody else" }), 422),
        (json!("started"), 422),
        (json!({ "status": "started", "note": "x".repeat(5_000_000) }), 413),
    ] {
        let page = app.ask("PATCH", &path, Some("*"), Some(&input));
        assert_eq!(page.status, status, "{}", page.text());
    }
    for body in ["{", "", "{\"status\":", "{\"status\":\"started\"}x"] {
        let headers = [("content-type", "application/json"), ("if-match", "*")];
        let page = app.send("PATCH", &format!("/api/v1{path}"), &headers, Some(body.as_bytes())).unwrap();
        problem(&page, 400, "bad_request");
    }
    let deep = "[".repeat(100_000);
    let headers = [("content-type", "application/json")];
    let page = app.send("PATCH", &format!("/api/v1{assessment}/answers"), &headers, Some(deep.as_bytes())).unwrap();
    assert_eq!(page.status / 100, 4);
    for records in [json!({ "first": i64::MAX, "last": i64::MIN }), json!({ "first": i64::MIN, "last": i64::MAX })] {
        problem(&app.ask("POST", &format!("{assessment}/answers/undo"), None, Some(&records)), 409, "conflict");
    }
    assert_eq!(app.visit("/export/audit.csv").text(), before);
}

#[test]
fn who_sees_one_team_gets_nothing_of_others() {
    let app = TestApp::with_answers(&made_up_answers());
    app.post("/admin/separation", &[("separation", "separated")]).location();
    let reader = app.program("reader", &["--scope", "read", "--team", "Payments"]);
    let (all, _) = reader.all_pages("/answers?limit=500");
    assert!(!all.is_empty() && all.iter().all(|row| row["team"] == "Payments"));
    let own = app.team("Payments");
    let assessments = reader.give("/assessments");
    assert_eq!(assessments.as_array().unwrap().len(), 4);
    assert!(assessments.as_array().unwrap().iter().all(|assessment| assessment["team"] == own));
    let counts: Vec<Value> = app.give("/periods").as_array().unwrap().clone();
    assert!(counts.iter().any(|quarter| quarter["assessments"] == 3));
    let counts = reader.give("/periods");
    assert!(counts.as_array().unwrap().iter().all(|quarter| quarter["assessments"].as_i64().unwrap() <= 1));
    let other = app.team("=Web Shop");
    let theirs = app.give(&format!("/assessments?team={other}"))[0]["id"].clone();
    for path in [
        format!("/assessments/{theirs}"),
        format!("/assessments/{theirs}/answers"),
        format!("/assessments/{theirs}/answers/{}", activity_ids()[0]),
        format!("/assessments/{theirs}/answers/{}/history", activity_ids()[0]),
        format!("/assessments?team={other}"),
        format!("/answers?team={other}"),
        format!("/evidence?team={other}"),
        format!("/levels?team={other}"),
        format!("/gaps?team={other}"),
        format!("/exports/answers?team={other}"),
    ] {
        problem(&reader.ask("GET", &path, None, None), 404, "not_found");
    }
    // A cursor opens nothing.
    let guessed = reader.give(&format!("/answers?cursor={other}.2025-Q1.{}", activity_ids()[0]));
    assert!(guessed.as_array().unwrap().iter().all(|row| row["team"] == "Payments"));
    problem(
        &reader.ask("POST", "/assessments", None, Some(&json!({ "teams": [own], "period": "2026-Q4" }))),
        403,
        "forbidden",
    );
}
