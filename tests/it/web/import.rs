//! `/import` and `POST /api/v1/imports`: what would change is seen before it does, and only that is done.

use rust_xlsxwriter::Workbook;

use crate::harness::{Page, TestApp, activity_ids};

const CONFIRM: &str = "main form[action='/import/confirm']";

/// A workbook of one sheet.
fn workbook(name: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(name).unwrap();
    for (number, row) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*row) {
            sheet.write_string(number, column, *text).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn answers(status: &str, other: &str) -> Vec<u8> {
    let ids = activity_ids();
    workbook(
        "Answers",
        &[
            &["team", "period", "activity_id", "status"],
            &["Payments", "2026-Q3", &ids[0], status],
            &["Payments", "2026-Q3", &ids[1], other],
        ],
    )
}

fn look(app: &TestApp, content: &[u8]) -> Page {
    app.upload("/import", &[], "a.xlsx", content)
}

#[test]
fn a_workbook_is_looked_at_and_then_imported() {
    let app = TestApp::new();
    let first = look(&app, &answers("Started", "started")).expect_status(200);
    app.submit(&first.form(CONFIRM)).location();
    let page = look(&app, &answers("Fully implemented", "started")).expect_status(200);
    let words = page.words("main");
    assert!(words.contains("What changes (1)"), "{words}");
    assert!(words.contains("status: started → fully_implemented") && words.contains("a.xlsx: Answers!2"), "{words}");
    assert!(words.contains("1 thing stays as recorded"), "{words}");
    assert!(app.visit("/export/answers.csv").text().contains(",started,"), "nothing is changed yet");
    assert_eq!(app.submit(&page.form(CONFIRM)).location(), "/assessments");
    assert!(app.visit("/export/answers.csv").text().contains(",fully_implemented,"));
}

#[test]
fn what_would_do_something_else_by_now_is_shown_anew() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let page = look(&app, &answers("started", "")).expect_status(200);
    app.open(team, "2026-Q3");
    let anew = app.submit(&page.form(CONFIRM)).expect_status(409);
    let words = anew.words("main");
    assert!(words.contains("Nothing was changed") && words.contains("0 assessments opened"), "{words}");
    assert!(!app.visit("/export/answers.csv").text().contains("Payments"));
    app.submit(&anew.form(CONFIRM)).location();
    assert!(app.visit("/export/answers.csv").text().contains("Payments,2026-Q3"));
}

#[test]
fn what_is_wrong_stands_with_its_cell_beside_what_is_right() {
    let app = TestApp::new();
    let page = look(&app, &answers("started", "nonsense")).expect_status(422);
    assert!(page.words(".notice.bad").contains("a.xlsx: Answers!D3: status: “nonsense” is not a status"));
    let words = page.words("main");
    assert!(words.contains("Apart from what is wrong") && words.contains("What is new (3)"), "{words}");
    assert!(page.select(CONFIRM).is_empty(), "it cannot be imported");
    assert_eq!(app.visit("/export/teams.csv").text(), "name,description,groups,retired_on\r\n");
}

#[test]
fn who_may_not_change_teams_cannot_with_a_file() {
    let app = TestApp::new();
    app.add_team("Payments");
    app.add_team("Web");
    let assessor = app.person("Asa", &["--role", "assessor", "--team", "Payments"]);
    let send = |content: &str| assessor.upload("/import", &[], "teams.csv", content.as_bytes());
    let same = send("name,description\nPayments,\n").expect_status(200);
    assert!(same.words("main").contains("1 thing stays as recorded"));
    let changed = send("name,description\nPayments,mine\n").expect_status(422);
    let words = changed.words(".notice.bad");
    assert!(words.contains("teams.csv:2: Asa may not manage teams") && words.contains("description would"), "{words}");
    let others = ["Web", "Nobody"].map(|team| {
        let refused = send(&format!("name,description\n{team},\n")).expect_status(422);
        refused.words(".notice.bad").replace(team, "TEAM")
    });
    assert_eq!(others[0], others[1]);
    let token = app.program("ci", &["--scope", "import", "--team", "Payments"]);
    let post = |csv: &str| {
        token.send_bare("POST", "/api/v1/imports", &[("content-type", "text/csv")], Some(csv.as_bytes())).unwrap()
    };
    let told = ["", "mine"].map(|text| post(&format!("name,description\nPayments,{text}\n")).expect_status(422));
    assert_eq!(told[0].text(), told[1].text(), "whether it is different is not for them to know");
    let evidence = format!("title,recorded_on,activity_ids,teams\nScan,2026-01-02,{},Payments\n", activity_ids()[0]);
    post(&evidence).expect_status(200);
    post(&evidence.replace("Payments", "Web")).expect_status(422);
    let answers = format!("team,period,activity_id,status\nPayments,2026-Q3,{},started\n", activity_ids()[0]);
    let told = post(&answers).expect_status(200).json();
    assert!(told.get("changes").is_none() && told.get("counts").is_none(), "{told}");
}

#[test]
fn a_program_sends_a_workbook_and_is_told_what_changed() {
    let app = TestApp::new();
    let program = app.program("ci", &["--scope", "administer"]);
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let send = |content: &[u8]| {
        program.send_bare("POST", "/api/v1/imports", &[("content-type", kind)], Some(content)).unwrap()
    };
    send(&answers("started", "started")).expect_status(200);
    let told = send(&answers("fully_implemented", "started")).expect_status(200).json();
    let changes = told["changes"].as_array().unwrap();
    let changed: Vec<_> = changes.iter().filter(|change| change["fate"] == "changed").collect();
    assert_eq!(changed.len(), 1, "{told}");
    assert_eq!(changed[0]["place"], "body: Answers!2");
    assert_eq!(
        changed[0]["differences"][0],
        serde_json::json!({"field": "status", "from": "started", "to": "fully_implemented"})
    );
    let counts = &told["counts"];
    assert_eq!(
        *counts,
        serde_json::json!([
            {"subject": "answer", "fate": "changed", "count": 1},
            {"subject": "answer", "fate": "same", "count": 1},
        ])
    );
}

#[test]
fn the_workbook_to_fill_in_is_on_the_pages() {
    let app = TestApp::new();
    let team = app.add_team("Payments");
    let address = app.open(team, "2026-Q4");
    let link =
        app.visit(&address).attributes("main a[download]", "href").into_iter().find(|to| to.contains("template"));
    let file = app.visit(&link.unwrap());
    assert!(file.body.starts_with(b"PK"));
    app.visit(&format!("/teams/{team}")).attributes("main a[download]", "href");
    let page = look(&app, &file.body).expect_status(200);
    assert!(page.words("main").contains("194 things stay as recorded"));
    assert!(page.select(&format!("{CONFIRM} button")).is_empty(), "there is nothing to do");
    app.get("/export/template.xlsx").expect_status(422);
}
