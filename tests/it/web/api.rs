//! `/api/v1`: what programs send, with a token.

use crate::harness::{Browser, Page, TestApp, activity_ids};

/// Sends answers as a pipeline does.
fn import(program: &Browser, options: &str, csv: &str) -> Page {
    let headers = [("content-type", "text/csv; charset=utf-8")];
    program.send_bare("POST", &format!("/api/v1/imports{options}"), &headers, Some(csv.as_bytes())).unwrap()
}

/// A file with one answer.
fn answer(team: &str, period: &str, status: &str) -> String {
    format!("team,period,activity_id,status\n{team},{period},{},{status}\n", activity_ids()[0])
}

/// An error as programs get it.
fn assert_is_error(page: &Page, status: u16, code: &str, message: &str) {
    assert_eq!((page.status, page.header("content-type")), (status, "application/json"));
    let error = page.json();
    assert_eq!(error["code"], code, "{error}");
    assert!(error["message"].as_str().unwrap().contains(message), "{error}");
    assert!(error["hint"].as_str().unwrap().len() > 10, "{error}");
}

#[test]
fn a_pipeline_puts_answers_in() {
    let app = TestApp::new();
    let program = app.program("ci", &["--scope", "administer"]);
    let dry = import(&program, "?dry_run=true", &answer("Payments", "2026-Q4", "started")).expect_status(200).json();
    assert_eq!((dry["dry_run"].as_bool(), dry["recorded"].as_i64()), (Some(true), Some(1)));
    assert!(app.visit("/teams").texts("tbody th a").is_empty());
    let done = import(&program, "", &answer("Payments", "2026-Q4", "started")).expect_status(200).json();
    assert_eq!(done["teams_added"][0], "Payments");
    let again = import(&program, "?submit=true", &answer("Payments", "2026-Q4", "started")).expect_status(200).json();
    let numbers = ["rows", "recorded", "unchanged", "opened", "submitted"].map(|name| again[name].as_i64().unwrap());
    assert_eq!(numbers, [1, 0, 1, 0, 1]);
    let audit = app.visit("/export/audit.csv").text().to_owned();
    assert!(audit.contains(",token,token ci,127.0.0.1,assessment-submitted,Payments 2026-Q4,"), "{audit}");
}

#[test]
fn what_is_wrong_is_said_in_json() {
    let app = TestApp::new();
    app.add_team("Payments");
    let program = app.program("ci", &["--scope", "import"]);
    let faulty = import(&program, "", &answer("Payments", "2026-Q9", "started"));
    assert_is_error(&faulty, 422, "unprocessable_entity", "body:2");
    assert_is_error(&import(&program, "", "nonsense"), 422, "unprocessable_entity", "not a file that can be imported");
    assert_is_error(&import(&program, "?force=true", ""), 400, "bad_request", "");
    let json =
        program.send_bare("POST", "/api/v1/imports", &[("content-type", "application/json")], Some(b"{}")).unwrap();
    assert_is_error(&json, 415, "unsupported_media_type", "text/csv");
    assert_is_error(&program.get("/api/v1/imports"), 405, "method_not_allowed", "");
    assert_is_error(&program.get("/api/v1/nothing"), 404, "not_found", "");
    assert_is_error(&program.get("/teams"), 403, "forbidden", "token ci may not see this");
    let stranger = app.stranger().showing("cairn_unknown");
    assert_is_error(&import(&stranger, "", ""), 401, "unauthorized", "not a valid token");
    assert_eq!(stranger.get("/").header("www-authenticate"), "Bearer realm=\"Cairn\"");
    let reader = app.program("reader", &["--scope", "read"]);
    assert_is_error(&import(&reader, "", &answer("Payments", "2026-Q4", "started")), 403, "forbidden", "import");
}

#[test]
fn who_only_imports_learns_nothing() {
    let app = TestApp::new();
    let address = app.open(app.add_team("Payments"), "2026-Q4");
    app.answer(&address, &[(&activity_ids()[0], "partly_implemented")]);
    app.add_team("Web");
    let program = app.program("ci", &["--scope", "import", "--team", "Payments"]);
    // The same and another answer, in a dry run and for good, are answered alike.
    let answers = ["?dry_run=true", ""].map(|options| {
        let same = import(&program, options, &answer("Payments", "2026-Q4", "partly_implemented")).expect_status(200);
        let other = import(&program, options, &answer("Payments", "2026-Q4", "started")).expect_status(200);
        assert_eq!(same.text(), other.text());
        same.text().to_owned()
    });
    assert_eq!(answers[1], r#"{"dry_run":false,"rows":1,"warnings":[]}"#);
    // A team that is not theirs and one that is not there, too.
    let others = ["Web", "Nobody"].map(|team| {
        let refused = import(&program, "", &answer(team, "2026-Q4", "started")).expect_status(422);
        refused.json()["message"].as_str().unwrap().replace(team, "TEAM")
    });
    assert_eq!(others[0], others[1]);
    // And what is submitted: whether a file says the same is not told either.
    app.hand_in(&address);
    let submitted = ["started", "fully_implemented"].map(|status| {
        import(&program, "", &answer("Payments", "2026-Q4", status)).expect_status(422).text().to_owned()
    });
    assert_eq!(submitted[0], submitted[1]);
    import(&program, "?submit=true", &answer("Payments", "2026-Q3", "started")).expect_status(403);
}

#[test]
fn a_cookie_is_no_token_and_a_token_no_cookie() {
    let app = TestApp::new();
    let csv = answer("Payments", "2026-Q4", "started");
    let headers = [("content-type", "text/csv")];
    // A page of another site can have the cookie sent along, but not the token.
    let forged = app.send_bare("POST", "/api/v1/imports", &headers, Some(csv.as_bytes())).unwrap();
    assert_eq!(forged.status, 403);
    // Who shows a token that is not valid is not taken for whom the cookie says.
    let both =
        [("content-type", "text/csv"), ("authorization", "Bearer cairn_wrong"), ("sec-fetch-site", "same-origin")];
    assert_eq!(app.send_bare("POST", "/api/v1/imports", &both, Some(csv.as_bytes())).unwrap().status, 401);
    let basic = [("authorization", "Basic QWRhOng=")];
    assert_eq!(app.send("GET", "/teams", &basic, None).unwrap().status, 401);
    assert!(app.visit("/teams").texts("tbody th a").is_empty());
}

#[test]
fn a_draft_of_the_present_quarter_that_a_file_opens_takes_over_what_it_does_not_speak_of() {
    let app = TestApp::new();
    let [first, second] = [0, 1].map(|n| activity_ids()[n].clone());
    let past = app.open(app.add_team("Payments"), "2026-Q3");
    app.answer(&past, &[(&first, "fully_implemented"), (&second, "started")]);
    app.hand_in(&past);
    let program = app.program("ci", &["--scope", "administer"]);
    import(&program, "", &answer("Payments", "2026-Q4", "partly_implemented")).expect_status(200);
    let answers = app.visit("/export/answers.csv?period=2026-Q4").text().to_owned();
    let says =
        |activity: &str, status: &str| answers.lines().any(|line| line.contains(activity) && line.contains(status));
    assert!(says(&first, "partly_implemented") && says(&second, "started"), "{answers}");
}

#[test]
fn the_workbook_of_a_quarter_that_is_not_opened_yet_has_what_it_will_begin_with() {
    let app = TestApp::new();
    let [first, second] = [0, 1].map(|n| activity_ids()[n].clone());
    let team = app.add_team("Payments");
    let past = app.open(team, "2026-Q3");
    app.answer(&past, &[(&first, "fully_implemented"), (&second, "started")]);
    app.hand_in(&past);
    let program = app.program("ci", &["--scope", "administer"]);
    let workbook = program.get(&format!("/api/v1/exports/template?team={team}&period=2026-Q4")).expect_status(200);
    let headers = [("content-type", workbook.header("content-type"))];
    program.send_bare("POST", "/api/v1/imports", &headers, Some(&workbook.body)).unwrap().expect_status(200);
    let of = |period: &str| {
        let answers = app.visit(&format!("/export/answers.csv?period={period}")).text().to_owned();
        answers.replace(period, "").lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(of("2026-Q4"), of("2026-Q3"));
}

#[test]
fn a_retired_team_is_not_assessed_by_a_file_either() {
    let app = TestApp::new();
    let team = app.add_team("Old");
    app.post(&format!("/teams/{team}/retire"), &[]).location();
    let program = app.program("ci", &["--scope", "administer"]);
    import(&program, "", &answer("Old", "2026-Q3", "started")).expect_status(200);
    let later = app.a_quarter_later();
    let headers = [("content-type", "text/csv")];
    let csv = answer("Old", "2027-Q1", "started");
    let refused = later.send("POST", "/api/v1/imports", &headers, Some(csv.as_bytes())).unwrap();
    assert_is_error(&refused, 422, "unprocessable_entity", "was retired before 2027-Q1");
}

#[test]
fn a_token_that_imports_brings_evidence_of_its_teams() {
    let app = TestApp::new();
    app.add_team("Payments");
    app.add_team("Web");
    let program = app.program("ci", &["--scope", "import", "--team", "Payments"]);
    let evidence = |team: &str| {
        format!("title,recorded_on,activity_ids,teams\nThe report,2026-11-01,{},{team}\n", activity_ids()[0])
    };
    import(&program, "", &evidence("Payments")).expect_status(200);
    import(&program, "", &evidence("Web")).expect_status(422);
    assert!(app.visit("/evidence").text().contains("The report"));
}
