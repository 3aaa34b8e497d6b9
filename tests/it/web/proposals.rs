//! `/api/v1/proposals` and what people see of it: what pipelines detect, who decides about it, and what it may not do.

use serde_json::{Value, json};

use crate::harness::{Browser, Page, TestApp, activity_ids};

/// Sends what a pipeline detected.
fn send(program: &Browser, body: &Value) -> Page {
    let headers = [("content-type", "application/json")];
    program.send_bare("POST", "/api/v1/proposals", &headers, Some(body.to_string().as_bytes())).unwrap()
}

/// Proposes a step for an activity of Payments, and gives what became of it.
fn propose(program: &Browser, activity: &str, status: &str) -> String {
    state(&send(program, &detected(activity, status)))
}

fn detected(activity: &str, status: &str) -> Value {
    json!({ "team": "Payments", "activity": activity, "status": status })
}

/// What became of the only proposal that was sent.
fn state(page: &Page) -> String {
    assert_eq!(page.status, 201, "{}", page.text());
    page.json()["proposals"][0]["state"].as_str().unwrap().to_owned()
}

/// The same with other fields.
fn with(mut body: Value, fields: &[(&str, &str)]) -> Value {
    for (name, value) in fields {
        body[name] = (*value).into();
    }
    body
}

/// A service with the team Payments, its draft and a program that may everything.
fn payments() -> (TestApp, String, Browser) {
    let app = TestApp::new();
    let draft = app.open(app.add_team("Payments"), "2026-Q4");
    let program = app.program("ci", &["--scope", "administer"]);
    (app, draft, program)
}

/// The status that is recorded for an activity, its note and who answered.
fn answer(app: &Browser, draft: &str, activity: &str) -> (String, String, String) {
    let page = app.visit(&format!("{draft}/questions/{activity}"));
    let form = page.form("form.questions");
    let by = page.texts("#history tbody tr td:nth-of-type(3)").first().cloned().unwrap_or_default();
    (form.value(&format!("status[{activity}]")).to_owned(), page.words("details.note textarea"), by)
}

/// The form that decides about everything that waits.
fn decide(app: &Browser, draft: &str, what: &str, chosen: &[&str], reason: &str) -> Page {
    let mut form = app.visit(&format!("{draft}/proposals")).form("#waiting form");
    form.fill("reason", reason);
    chosen.iter().for_each(|id| form.press("proposal", id));
    form.press("do", what);
    app.submit(&form)
}

/// Everything that programs ever proposed, as they see it.
fn all(app: &Browser) -> Vec<Value> {
    app.visit("/api/v1/proposals").json().as_array().unwrap().clone()
}

#[test]
fn what_a_pipeline_detects_waits_until_a_person_takes_it() {
    let (app, draft, program) = payments();
    let activity = &activity_ids()[0];
    app.answer(&draft, &[(activity, "started")]);
    let body = with(
        detected(activity, "partly_implemented"),
        &[("note", "  7 of 9\n repositories "), ("link", "https://ci.example/1"), ("detected_on", "2026-11-23")],
    );
    assert_eq!(state(&send(&program, &body)), "waiting");
    assert_eq!(answer(&app, &draft, activity).0, "started", "it is no answer yet");

    assert!(app.visit("/assessments").row("Payments")[1].contains("1 proposed"));
    let page = app.visit(&draft);
    assert!(page.words("p.proposed").contains("Detected by token “ci”: “Partly implemented”, on 23 Nov 2026"));
    assert!(page.words("main").contains("1 proposed by programs"));
    assert!(app.visit(&format!("{draft}/review")).words("main").contains("1 answer that was detected waits"));
    let row = app.visit(&format!("{draft}/proposals")).texts("#waiting tbody td");
    assert_eq!(row[1..3], ["Partly implemented", "Started 24 Nov 2026 by Ada"]);
    assert_eq!(row[3], "by token “ci”, on 23 Nov 2026 7 of 9 repositories https://ci.example/1");

    let done = app.follow(&decide(&app, &draft, "take", &["1"], ""));
    assert!(done.words("[role=status]").contains("1 answer is recorded as yours"));
    assert!(done.words("#waiting").contains("Nothing waits"));
    let (status, note, by) = answer(&app, &draft, activity);
    assert_eq!((&*status, &*by), ("partly_implemented", "Ada proposed by token “ci”"));
    assert_eq!(note, "Detected by token ci on 23 Nov 2026: 7 of 9 repositories https://ci.example/1");
    let taken = app.visit("/admin/audit?deed=proposals-taken").words("tbody");
    assert!(taken.contains("Ada") && taken.contains("Payments 2026-Q4"), "{taken}");
    assert!(!app.visit("/assessments").row("Payments")[1].contains("proposed"));

    // From now on it confirms the answer, and nothing waits.
    assert_eq!(state(&send(&program, &body)), "confirmed");
    assert!(app.visit(&draft).words("p.proposed").contains("Detected by token “ci” as well"));
}

#[test]
fn it_can_be_taken_on_the_page_of_its_question() {
    let (app, draft, program) = payments();
    let activity = &activity_ids()[0];
    propose(&program, activity, "started");
    let mut form = app.visit(&format!("{draft}/questions/{activity}")).form("#proposals form");
    form.press("do", "take");
    let page = app.follow(&app.submit(&form));
    assert!(page.words("[role=status]").contains("1 answer saved"));
    assert!(page.words("#proposals").contains("the answer says so"));
    assert!(page.words("#proposals").contains("taken 24 Nov 2026 by Ada"));
}

#[test]
fn what_is_said_again_is_the_same_proposal_and_little_is_kept() {
    let (app, draft, program) = payments();
    let activity = &activity_ids()[0];
    for run in 1..=5 {
        let link = format!("https://ci.example/{run}");
        assert_eq!(state(&send(&program, &with(detected(activity, "started"), &[("link", &link)]))), "waiting");
    }
    let only = &all(&app)[..];
    assert_eq!((only.len(), only[0]["times"].as_i64(), &only[0]["link"]), (1, Some(5), &json!("https://ci.example/5")));
    // A day before says nothing new, and the other step of that day is outdated.
    let earlier = [("detected_on", "2026-11-20")];
    assert_eq!(state(&send(&program, &with(detected(activity, "started"), &earlier))), "waiting");
    let only = &all(&app)[0];
    assert_eq!((&only["first_detected_on"], &only["detected_on"]), (&json!("2026-11-20"), &json!("2026-11-24")));
    assert_eq!(state(&send(&program, &with(detected(activity, "fully_implemented"), &earlier))), "outdated");
    // A pipeline that cannot make up its mind fills nothing.
    for _ in 0..15 {
        propose(&program, activity, "partly_implemented");
        propose(&program, activity, "started");
    }
    let kept = all(&app);
    assert_eq!(kept.len(), 20);
    assert_eq!(kept.iter().filter(|proposal| proposal["state"] == "waiting").count(), 1);
    assert_eq!(app.visit(&format!("{draft}/proposals")).select("#waiting tbody tr").len(), 1);
    // Another program is another voice.
    let other = app.program("scanner", &["--scope", "propose"]);
    propose(&other, activity, "fully_implemented");
    assert_eq!(app.visit(&format!("{draft}/proposals")).select("#waiting tbody tr").len(), 2);
    let both = decide(&app, &draft, "take", &["31", "32"], "").expect_status(409);
    assert!(both.words("[role=alert]").contains("two of the chosen ones are about"), "{}", both.words("[role=alert]"));
}

#[test]
fn what_was_declined_does_not_ask_again() {
    let (app, draft, program) = payments();
    let activity = &activity_ids()[0];
    propose(&program, activity, "fully_implemented");
    let done = app.follow(&decide(&app, &draft, "decline", &["1"], "Only the <b>main</b> branch"));
    assert!(done.words("[role=status]").contains("1 proposal is declined"));
    assert!(done.text().contains("Only the &lt;b&gt;main&lt;/b&gt; branch"));
    for _ in 0..3 {
        assert_eq!(propose(&program, activity, "fully_implemented"), "declined");
    }
    let page = app.visit(&format!("{draft}/proposals"));
    assert!(page.select("#waiting tbody tr").is_empty());
    assert!(page.words("main").contains("declined 24 Nov 2026 by Ada: “Only the <b>main</b> branch”"));
    let declined = app.visit("/admin/audit?deed=proposals-declined").words("tbody");
    assert!(declined.contains("Only the <b>main</b> branch"), "{declined}");
    assert_eq!(propose(&program, activity, "started"), "waiting", "another step asks again");
    // Decided is decided: the form of somebody else comes too late.
    let fields = [("do", "take"), ("proposal", "1"), ("seen[1]", "0")];
    let late = app.post(&format!("{draft}/proposals"), &fields).expect_status(409);
    assert!(late.words("[role=alert]").contains("proposes something else by now"));
    for nothing in [&[("do", "take")][..], &[("do", "decline"), ("reason", "x")]] {
        let refused = app.post(&format!("{draft}/proposals"), nothing).expect_status(422);
        assert!(refused.words("[role=alert]").contains("choose at least one"));
    }
    app.post(&format!("{draft}/proposals"), &[("do", "take"), ("proposal", "999")]).expect_status(404);
    app.post(&format!("{draft}/proposals"), &[("proposal", "2")]).expect_status(400);
    let long = decide(&app, &draft, "decline", &["2"], &"x".repeat(1001)).expect_status(422);
    assert!(long.words("[role=alert]").contains("at most 1000 characters"));
    assert_eq!(long.select("input[name=proposal][checked]").len(), 1, "what was chosen stays chosen");
}

#[test]
fn nobody_is_overwritten_unseen() {
    let (app, draft, program) = payments();
    let [first, second] = [0, 1].map(|n| activity_ids()[n].clone());
    propose(&program, &first, "fully_implemented");
    propose(&program, &second, "fully_implemented");
    let mut form = app.visit(&format!("{draft}/proposals")).form("#waiting form");
    form.press("proposal", "1");
    form.press("proposal", "2");
    form.press("do", "take");
    app.answer(&draft, &[(&first, "started")]);
    let refused = app.submit(&form).expect_status(409);
    assert!(refused.words("[role=alert]").contains("somebody changed the answers to"));
    assert_eq!(refused.select("#waiting input[type=checkbox][checked]").len(), 2, "what was chosen stays chosen");
    assert_eq!(answer(&app, &draft, &second).0, "unanswered", "all or nothing");
    let mut again = refused.form("#waiting form");
    again.press("do", "take");
    assert!(app.follow(&app.submit(&again)).words("[role=status]").contains("2 answers are recorded"));
}

#[test]
fn trust_puts_it_into_the_draft_and_past_nobody() {
    let (app, draft, _) = payments();
    let [first, second, third] = [0, 1, 2].map(|n| activity_ids()[n].clone());
    let program = app.program("trusted", &["--scope", "administer", "--trust", &first, &second]);
    let note = [("note", "All 9 repositories"), ("link", "https://ci.example/1")];
    assert_eq!(state(&send(&program, &with(detected(&first, "fully_implemented"), &note))), "applied");
    assert_eq!(propose(&program, &third, "fully_implemented"), "waiting", "it is not trusted for everything");
    let (status, written, by) = answer(&app, &draft, &first);
    assert_eq!((&*status, &*by), ("fully_implemented", "token trusted detected by token “trusted”"));
    assert_eq!(written, "Detected by token trusted on 24 Nov 2026: All 9 repositories https://ci.example/1");
    let page = app.visit(&format!("{draft}/questions/{first}"));
    assert!(page.words("form.questions").contains("detected by token “trusted”"));
    assert!(app.visit("/admin/audit?deed=proposals-trusted").words("tbody").contains("token trusted"));
    // A person who says otherwise keeps the word, and the note what they wrote.
    app.answer(&draft, &[(&first, "started")]);
    assert_eq!(propose(&program, &first, "fully_implemented"), "trusted");
    assert_eq!(answer(&app, &draft, &first).0, "started");
    let told = app.visit(&draft).words("p.proposed");
    assert!(told.contains("the answer says something else"), "{told}");
    assert_eq!(propose(&program, &first, "partly_implemented"), "applied", "something else was detected");
    // What only a person can say stays.
    let reason = format!("reason[{second}]");
    let status = format!("status[{second}]");
    app.post(&format!("{draft}/answers"), &[(&*status, "not_applicable"), (&*reason, "No servers")]).location();
    assert_eq!(propose(&program, &second, "fully_implemented"), "waiting");
    // What was detected before a person answered, too.
    app.commands().run(&["token", "trust", "trusted", &third]).expect_done();
    let declined = decide(&app, &draft, "decline", &["2"], "");
    assert_eq!(declined.status, 303);
    app.answer(&draft, &[(&third, "started")]);
    let older = with(detected(&third, "partly_implemented"), &[("detected_on", "2026-11-24")]);
    assert_eq!(state(&send(&program, &older)), "applied", "on the same day it may be later");
    app.answer(&draft, &[(&third, "started")]);
    let other = app.program("other", &["--scope", "administer", "--trust", &third]);
    let older = with(detected(&third, "fully_implemented"), &[("detected_on", "2026-11-23")]);
    assert_eq!(state(&send(&other, &older)), "waiting");
    assert_eq!(propose(&program, &first, "fully_implemented"), "waiting", "it is not trusted for that any more");
}

#[test]
fn without_a_draft_it_waits_until_one_is_opened() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let activity = &activity_ids()[0];
    let program = app.program("trusted", &["--scope", "administer", "--trust", activity]);
    assert_eq!(propose(&program, activity, "started"), "waiting");
    assert!(app.visit("/assessments").row("Payments")[1].contains("1 proposed by programs"));
    let nothing = app.send("POST", "/api/v1/proposals/1/take", &[("if-match", "*")], None).unwrap();
    assert_eq!(nothing.expect_status(409).json()["code"], "conflict");
    let draft = app.open(team, "2026-Q4");
    assert_eq!(app.visit(&format!("{draft}/proposals")).select("#waiting tbody tr").len(), 1);
    // A draft of a quarter that ended before is not what was looked at.
    let past = app.open(team, "2026-Q3");
    assert!(app.visit(&format!("{past}/proposals")).select("tbody tr").is_empty());
    assert_eq!(propose(&program, activity, "started"), "applied", "the next call finds the draft");
    // A submitted assessment does not change; what contradicts it is seen.
    app.hand_in(&draft);
    assert_eq!(propose(&program, activity, "fully_implemented"), "waiting");
    assert!(app.visit(&draft).words("p.proposed").contains("“Fully implemented”"));
    assert!(app.visit(&format!("{draft}/proposals")).select("main form").is_empty());
    app.post(&format!("{draft}/proposals"), &[("do", "take"), ("proposal", "2")]).expect_status(409);
}

#[test]
fn a_new_quarter_asks_anew_what_was_taken_but_not_what_was_declined() {
    let (app, draft, _) = payments();
    let [first, second] = [0, 1].map(|n| activity_ids()[n].clone());
    let token = app.commands().run(&["token", "create", "scanner", "--scope", "administer"]).expect_done();
    let program = app.stranger().showing(token.trim());
    propose(&program, &first, "started");
    propose(&program, &second, "started");
    decide(&app, &draft, "take", &["1"], "").location();
    decide(&app, &draft, "decline", &["2"], "").location();
    app.hand_in(&draft);
    let later = app.a_quarter_later();
    let fields = [("team", &*app.team("Payments").to_string()), ("period", "2027-Q1"), ("from", "blank")];
    let next = later.post("/assessments", &fields).location();
    let program = Browser::new(later.base()).showing(token.trim());
    assert_eq!(propose(&program, &first, "started"), "waiting");
    assert_eq!(propose(&program, &second, "started"), "declined");
    assert_eq!(later.visit(&format!("{next}/proposals")).select("#waiting tbody tr").len(), 1);
}

#[test]
fn who_only_proposes_learns_nothing() {
    let (app, draft, _) = payments();
    app.add_team("Web");
    let [first, second] = [0, 1].map(|n| activity_ids()[n].clone());
    app.answer(&draft, &[(&first, "started")]);
    let program = app.program("ci 2", &["--scope", "propose", "--team", "Payments", "--trust", &second]);
    let evidence = json!({ "title": "Scan" });
    let told: Vec<String> = [(&first, "started"), (&first, "fully_implemented"), (&second, "started")]
        .map(|(activity, status)| {
            let mut body = detected(activity, status);
            body["evidence"] = evidence.clone();
            let told = send(&program, &body).expect_status(201).text().to_owned();
            told.replace(activity, "ACTIVITY")
        })
        .to_vec();
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
    let expected = r#"{"team":"Payments","proposals":[{"activity":"ACTIVITY","state":"received"}],"evidence":{"state":"received"}}"#;
    assert_eq!(told[0], expected);
    assert_eq!(answer(&app, &draft, &second).0, "started", "it was trusted for that");
    // A team that is not theirs and one that is not there are the same.
    let others = ["Web", "Nobody"].map(|team| {
        let refused = send(&program, &with(detected(&first, "started"), &[("team", team)])).expect_status(422);
        refused.text().replace(team, "TEAM")
    });
    assert_eq!(others[0], others[1]);
    for path in
        ["/", &draft, &format!("{draft}/proposals"), "/api/v1/proposals", "/api/v1/proposals/1", "/api/v1/teams"]
    {
        program.get(path).expect_status(403);
    }
    let csv = format!("team,period,activity_id,status\nPayments,2026-Q4,{first},started\n");
    let headers = [("content-type", "text/csv")];
    program.send_bare("POST", "/api/v1/imports", &headers, Some(csv.as_bytes())).unwrap().expect_status(403);
    let reader = app.program("reader", &["--scope", "read"]);
    assert_eq!(send(&reader, &detected(&first, "started")).status, 403);
    // A token to import may propose, and is told as little.
    let importer = app.program("importer", &["--scope", "import"]);
    assert_eq!(propose(&importer, &first, "started"), "received");
}

#[test]
fn evidence_is_renewed_and_not_piled_up() {
    let (app, _, program) = payments();
    let [first, second] = [0, 1].map(|n| activity_ids()[n].clone());
    let body = |on: &str, link: &str| {
        let evidence =
            json!({ "title": "Scan of  dependencies", "link": link, "text": "None open", "valid_for_days": 30 });
        json!({ "team": "payments", "activities": [first, second], "detected_on": on, "evidence": evidence })
    };
    let record = |body: &Value| {
        let received = send(&program, body).expect_status(201).json();
        assert_eq!(received["proposals"], json!([]), "no answer was proposed");
        (received["evidence"]["id"].as_i64().unwrap(), received["evidence"]["state"].as_str().unwrap().to_owned())
    };
    let (id, added) = record(&body("2026-11-20", "https://ci.example/1"));
    assert_eq!(added, "added");
    assert_eq!(record(&body("2026-11-20", "https://ci.example/2")), (id, "known".into()));
    assert_eq!(record(&body("2026-11-19", "https://ci.example/3")), (id, "known".into()));
    assert_eq!(record(&body("2026-11-24", "https://ci.example/4")), (id, "renewed".into()));
    let page = app.visit(&format!("/evidence/{id}"));
    assert_eq!(page.texts("h1"), ["Scan of dependencies"]);
    let facts = page.words("dl.clauses");
    assert!(facts.contains("https://ci.example/4") && facts.contains("24 Dec 2026"), "{facts}");
    assert_eq!(app.visit("/evidence").select("main tbody tr").len(), 1);
    // For other activities, or of another program, it is another piece.
    let mut other = body("2026-11-24", "");
    other["activities"] = json!([first]);
    assert_eq!(record(&other).1, "added");
    let importer = app.program("importer", &["--scope", "import"]);
    send(&importer, &body("2026-11-24", "")).expect_status(201);
    assert_eq!(app.visit("/evidence").select("main tbody tr").len(), 3);
    // What a person withdrew stays so.
    let mut form = page.form("#withdraw form");
    form.fill("reason", "The scan looked at nothing");
    app.submit(&form).location();
    assert_eq!(record(&body("2026-11-24", "")), (id, "withdrawn".into()));
    assert!(app.visit("/admin/audit?deed=evidence-changed").words("tbody").contains("token ci"));
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let (app, _, program) = payments();
    let wrong = json!({
        "team": "Nobody", "activities": ["x", "y"], "status": "done", "note": "x".repeat(1001), "link": "javascript:alert(1)",
        "detected_on": "2026-11-25",
        "evidence": { "title": " ", "link": "ftp://x", "expires_on": "soon", "valid_for_days": 0 },
    });
    let refused = send(&program, &wrong).expect_status(422).json();
    assert_eq!(refused["code"], "unprocessable_entity");
    let message = refused["message"].as_str().unwrap();
    for part in [
        "team: there is no team “Nobody”, or it is not one that you propose for",
        "activity: the catalog has no activity “x”",
        "activity: the catalog has no activity “y”",
        "status: “done” is no step of the scale; propose one of not_implemented, started",
        "note: at most 1000 characters",
        "link: a link begins with https://",
        "detected_on: it cannot be detected only later than today, which is 2026-11-24 in UTC",
        "evidence.title: a title is needed",
        "evidence.link: a link begins with https://",
        "evidence.expires_on: write a day like 2026-11-24",
        "evidence.valid_for_days: say for how many days it is valid, or until when, not both",
    ] {
        assert!(message.contains(part), "{part}: {message}");
    }
    let activity = &activity_ids()[0];
    for (body, part) in [
        (json!({}), "team: a name is needed\nactivity: choose at least one activity\nstatus: send a status"),
        (detected(activity, "not_applicable"), "is no step of the scale"),
        (detected(activity, "unanswered"), "is no step of the scale"),
        (with(detected(activity, "started"), &[("state", "x")]), "unknown field `state`"),
        (with(detected(activity, "started"), &[("note", "a\u{202E}b")]), "note: no control or direction-changing"),
        (with(detected(activity, "started"), &[("detected_on", "24.11.2026")]), "detected_on: write a day"),
        (json!({ "team": 7 }), "expected a string"),
        (
            json!({ "team": "Payments", "activity": activity, "evidence": { "title": "x", "valid_for_days": 40_000 } }),
            "1 to 36500",
        ),
        (json!({ "team": "Payments", "activities": vec!["z"; 100_000], "status": "started" }), "no activity “z”"),
    ] {
        let refused = send(&program, &body).expect_status(422).json();
        assert!(refused["message"].as_str().unwrap().contains(part), "{part}: {refused}");
    }
    let many: Vec<String> = (0..501).map(|n| n.to_string()).collect();
    let refused = send(&program, &json!({ "team": "Payments", "activities": many, "status": "started" }));
    assert!(refused.expect_status(422).text().contains("at most 500 can be chosen"));
    for (kind, body, status) in
        [("application/json", "{", 400), ("text/plain", "{}", 415), ("application/json", "[1]", 422)]
    {
        let page = program.send_bare("POST", "/api/v1/proposals", &[("content-type", kind)], Some(body.as_bytes()));
        page.unwrap().expect_status(status);
    }
    assert!(all(&app).is_empty(), "nothing was recorded");
    app.post(&format!("/teams/{}/retire", app.team("Payments")), &[]).location();
    let later = Browser::new(app.a_quarter_later().base());
    let token = app.commands().run(&["token", "create", "late", "--scope", "propose"]).expect_done();
    let refused = send(&later.showing(token.trim()), &detected(activity, "started"));
    assert!(refused.expect_status(422).text().contains("is retired"));
}

#[test]
fn programs_decide_in_the_name_of_whom_they_are_of() {
    let (app, draft, program) = payments();
    let activity = &activity_ids()[0];
    propose(&app.program("ci 2", &["--scope", "propose"]), activity, "started");
    let seen = program.get("/api/v1/proposals/1").expect_status(200);
    assert_eq!((&seen.json()["state"], &seen.json()["answer"]), (&json!("waiting"), &Value::Null));
    let take = |tag: &str| program.send_bare("POST", "/api/v1/proposals/1/take", &[("if-match", tag)], None).unwrap();
    program.send_bare("POST", "/api/v1/proposals/1/take", &[], None).unwrap().expect_status(428);
    app.answer(&draft, &[(activity, "partly_implemented")]);
    take(seen.header("etag")).expect_status(412);
    let now = program.get("/api/v1/proposals/1").header("etag").to_owned();
    let taken = take(&now).expect_status(200).json();
    assert_eq!((&taken["decision"]["verdict"], &taken["decision"]["by"]), (&json!("taken"), &json!("token ci")));
    assert_eq!(answer(&app, &draft, activity).0, "started");
    take("*").expect_status(409);

    propose(&app.program("ci 3", &["--scope", "propose"]), activity, "fully_implemented");
    let headers = [("content-type", "application/json")];
    let decline =
        |body: &str| program.send_bare("POST", "/api/v1/proposals/2/decline", &headers, Some(body.as_bytes())).unwrap();
    decline("{\"why\":1}").expect_status(422);
    let declined = decline("{\"reason\":\"No\"}").expect_status(200).json();
    assert_eq!(declined["decision"]["reason"], "No");
    let ids = |query: &str| -> Vec<i64> {
        let found = program.get(&format!("/api/v1/proposals{query}")).expect_status(200).json();
        found.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(ids(""), [1, 2]);
    assert_eq!(
        (ids("?state=confirmed"), ids("?state=contradicting"), ids("?decision=declined")),
        (vec![1], vec![2], vec![2])
    );
    assert_eq!((ids("?limit=1"), ids("?limit=1&cursor=1"), ids("?team=99")), (vec![1], vec![2], vec![]));
    for wrong in ["?state=x", "?decision=x", "?team=x", "?teams=1"] {
        program.get(&format!("/api/v1/proposals{wrong}")).expect_status(400);
    }
    program.get("/api/v1/proposals/99").expect_status(404);
}

#[test]
fn an_administrator_says_what_a_token_is_trusted_for() {
    let app = TestApp::new();
    app.add_team("Payments");
    let [first, second] = [0, 1].map(|n| activity_ids()[n].clone());
    let fields = [("name", "ci"), ("scope", "propose"), ("reach", "all"), ("days", "30"), ("trust", &*first)];
    let made = app.post("/admin/tokens", &fields).expect_status(200);
    assert!(made.words("pre").contains("/api/v1/proposals"), "{}", made.words("pre"));
    assert!(app.visit("/admin/tokens").row("ci")[1].contains("Propose trusted for 1 activity"));
    let mut form = app.visit("/admin/tokens/1").form("#trust form");
    assert_eq!(form.value("trust"), first);
    form.press("trust", &second);
    let done = app.follow(&app.submit(&form));
    assert!(done.words("[role=status]").contains("it is trusted for 2 activities"));
    let refused = app.post("/admin/tokens/1", &[("trust", "<x>")]).expect_status(422);
    assert!(refused.words("#trust").contains("the catalog has no activity “<x>”"));
    let events = app.visit("/admin/audit?deed=token-trusted").select("tbody tr").len();
    assert_eq!(events, 2, "each change is recorded");
    app.post("/admin/tokens/1", &[("trust", &first), ("trust", &second)]).location();
    assert_eq!(app.visit("/admin/audit?deed=token-trusted").select("tbody tr").len(), 2, "no change is none");
    app.post("/admin/tokens/1", &[]).location();
    assert!(!app.visit("/admin/tokens").row("ci")[1].contains("trusted"));

    let commands = app.commands();
    commands.run(&["token", "trust", "ci", &first, &second]).expect_done();
    let listed = commands.run(&["token", "list"]).expect_done();
    assert!(
        listed.contains(&format!("\t{first} {second}\n")) || listed.contains(&format!("\t{second} {first}\n")),
        "{listed}"
    );
    assert!(commands.run(&["token", "trust", "ci", "x"]).expect_failure().contains("the catalog has no activity “x”"));
    assert!(commands.run(&["token", "trust", "nobody"]).expect_failure().contains("there is no token “nobody”"));
    let reads = commands.run(&["token", "create", "r", "--scope", "read", "--trust", &first]).expect_failure();
    assert!(reads.contains("a token that only reads proposes nothing"), "{reads}");
    app.post("/admin/tokens/1/revoke", &[]).location();
    app.post("/admin/tokens/1", &[("trust", &first)]).expect_status(409);
    app.get("/admin/tokens/99").expect_status(404);
}

#[test]
fn who_may_not_assess_a_team_decides_nothing() {
    let (app, draft, program) = payments();
    app.add_team("Web");
    let activity = &activity_ids()[0];
    propose(&program, activity, "started");
    let viewer = app.person("Vera", &["--role", "viewer"]);
    let assessor = app.person("Asa", &["--role", "assessor", "--team", "Web"]);
    for person in [&viewer, &assessor] {
        let page = person.visit(&format!("{draft}/proposals"));
        assert!(page.words("#waiting").contains("Whoever assesses the team takes or declines them"));
        assert!(page.select("main form").is_empty());
        for what in ["take", "decline"] {
            person.post(&format!("{draft}/proposals"), &[("do", what), ("proposal", "1")]).expect_status(403);
        }
        let page = person.send("POST", "/api/v1/proposals/1/take", &[("if-match", "*")], None).unwrap();
        page.expect_status(403);
    }
    // A proposal for another team is not decided in this one's draft.
    let web = app.open(app.team("Web"), "2026-Q4");
    assessor.post(&format!("{web}/proposals"), &[("do", "take"), ("proposal", "1")]).expect_status(404);
    assert_eq!(answer(&app, &draft, activity).0, "unanswered");
}
