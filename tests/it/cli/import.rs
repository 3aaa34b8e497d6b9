//! `cairn import`.

use std::collections::BTreeMap;

use crate::harness::{CommandLine, QUARTERS, TEAMS, Table, TestApp, activity_ids, made_up_answers};

const HEAD: &str = "team,period,activity_id,activity,status,not_applicable_reason,note,inherited_from";

/// The rows of an answers file that say something, by what they are about.
fn said(csv: &str) -> BTreeMap<[String; 3], Vec<String>> {
    let table = Table::read(csv);
    let cell = |row: &Vec<String>, column: &str| table.cell(row, column).trim().to_owned();
    let mut said = BTreeMap::new();
    for row in &table.rows {
        let status = match table.cell(row, "status") {
            "" => "unanswered",
            status => status,
        };
        let rest = vec![
            status.to_owned(),
            cell(row, "not_applicable_reason"),
            cell(row, "note"),
            cell(row, "inherited_from"),
            cell(row, "activity"),
        ];
        if rest[..4] != ["unanswered", "", "", ""] {
            let about = ["team", "period", "activity_id"].map(|column| cell(row, column));
            assert_eq!(said.insert(about, rest), None);
        }
    }
    said
}

#[test]
fn what_is_exported_imports_to_the_same_bytes() {
    let csv = made_up_answers();
    let (first, second) = (CommandLine::with_answers(&csv), CommandLine::new());
    let exported = first.everything();
    assert_eq!(said(&exported), said(&csv), "nothing is lost and nothing is added");
    assert!(exported.starts_with(&format!("{HEAD}\r\n")));

    second.write("exported.csv", &exported);
    second.run(&["import", "exported.csv"]).expect_done();
    assert_eq!(second.everything(), exported);
    // And the same again, whatever else happened meanwhile.
    second.run(&["import", "--submit", "exported.csv"]).expect_done();
    assert_eq!(second.everything(), exported);
    for kind in ["levels", "gaps", "trend"] {
        for format in ["csv", "json"] {
            let arguments = [kind, "--format", format];
            assert_eq!(
                second.export(&arguments).expect_done(),
                first.export(&arguments).expect_done(),
                "{kind} {format}"
            );
        }
    }
}

#[test]
fn what_a_spreadsheet_would_run_leaves_harmless() {
    let commands = CommandLine::with_answers(&made_up_answers());
    let exported = commands.everything();
    for raw in ["=SUM(A1:A9)", "+49 30 1234", "-1", "@everyone", "=Web Shop", "=no, \"really\" not"] {
        let quoted = raw.replace('"', "\"\"");
        assert!(exported.contains(&format!("'{quoted}")), "{raw}");
    }
    for kind in ["answers", "levels", "gaps", "trend"] {
        let csv = commands.export(&[kind]).expect_done();
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        for cell in reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{kind}: {cell}");
        }
    }
}

#[test]
fn answers_of_an_old_catalog_are_known_by_name_where_it_gave_several_one_id() {
    let commands = CommandLine::new();
    let shared = "123e4567-e89b-12d3-a456-426614174000";
    let names = ["Determining the protection requirement", "Fix rate per repo/product", "SLA per criticality"];
    let row = |name: &str, status: &str| format!("Payments,2025-Q1,{shared},{name},{status}\n");
    let head = "team,period,activity_id,activity,status\n";
    commands.write("old.csv", [head, &row(names[0], "started"), &row(names[1], "fully_implemented")].concat());
    let output = commands.run(&["import", "old.csv"]);
    assert!(
        output.stderr.contains("old.csv:3: activity_id: “Fix rate per repo/product” is not known by this id"),
        "{}",
        output.stderr
    );
    output.expect_done();
    let answers = Table::read(&commands.everything());
    let found: Vec<_> =
        answers.rows.iter().map(|row| (answers.cell(row, "activity"), answers.cell(row, "status"))).collect();
    assert_eq!(found, [(names[0], "started"), (names[1], "fully_implemented")]);
    assert!(answers.rows.iter().all(|row| answers.cell(row, "activity_id") != shared));
    // What is not in the catalog at all can be passed over.
    commands.write("gone.csv", [head, &row("No such name", "started"), &row(names[2], "started")].concat());
    let output = commands.run(&["import", "--skip-unknown", "gone.csv"]);
    assert!(output.stderr.contains("gone.csv:2: activity_id: there is no activity"), "{}", output.stderr);
    output.expect_done();
    assert_eq!(Table::read(&commands.everything()).rows.len(), 3);
    commands.write(
        "nameless.csv",
        format!("team,period,activity_id,status\nA,2025-Q1,{shared},started\nA,2025-Q1,{shared},started\n"),
    );
    let message = commands.run(&["import", "nameless.csv"]).expect_failure();
    assert!(message.contains("or add the column activity with the names"), "{message}");
    // Neither an unknown name nor twice the same is let through.
    commands.write("unknown.csv", [head, &row("No such name", "started")].concat());
    let message = commands.run(&["import", "unknown.csv"]).expect_failure();
    assert!(message.contains("unknown.csv:2: activity_id: there is no activity"), "{message}");
    let id = answers.cell(&answers.rows[1], "activity_id");
    commands
        .write("twice.csv", [head, &row(names[1], "started"), &format!("Payments,2025-Q1,{id},,started\n")].concat());
    let message = commands.run(&["import", "twice.csv"]).expect_failure();
    assert!(message.contains("twice.csv:3: the same team, quarter and activity as in twice.csv:2"), "{message}");
}

#[test]
fn the_summary_says_what_was_done() {
    let commands = CommandLine::new();
    let csv = made_up_answers();
    commands.write("answers.csv", &csv);
    let recorded = said(&csv).len();
    let blank = Table::read(&csv).rows.len() - recorded;
    let done = |submitted: &str| {
        format!(
            "3 teams added, 10 assessments opened, {recorded} answers recorded, {blank} rows unchanged, {submitted}\n"
        )
    };

    let dry = commands.run(&["import", "--submit", "--dry-run", "answers.csv"]);
    assert!(dry.stderr.starts_with("new team: "), "new teams are named: {}", dry.stderr);
    assert!(
        dry.stderr.ends_with(&format!("This would be done: {}", done("10 assessments submitted"))),
        "{}",
        dry.stderr
    );
    assert!(dry.expect_done().contains("\nWhat is new: "), "the preview is the result");
    assert_eq!(commands.files(), ["answers.csv"], "a dry run does not even make the database");

    let done_now = commands.run(&["import", "answers.csv"]).stderr;
    assert!(done_now.ends_with(&done("0 assessments submitted")), "{done_now}");
    let before = commands.everything();
    let again = commands.run(&["import", "answers.csv", "--submit"]).stderr;
    let rows = recorded + blank;
    assert_eq!(
        again,
        format!(
            "0 teams added, 0 assessments opened, 0 answers recorded, {rows} rows unchanged, 10 assessments submitted\n"
        )
    );
    assert_eq!(commands.everything(), before);
    // Now that they are submitted, the same file still is no change.
    let third = commands.run(&["import", "answers.csv", "--submit"]).stderr;
    assert!(third.contains(&format!("{rows} rows unchanged, 0 assessments submitted")), "{third}");
}

#[test]
fn several_files_are_imported_together() {
    let commands = CommandLine::new();
    let ids = activity_ids();
    let (first, second) = (&ids[0], &ids[1]);
    commands.write("a.csv", format!("team,period,activity_id,status\nPayments,2025-Q1,{first},started\n"));
    // Other columns in another order, from Windows, with a byte order mark and a column of somebody's own.
    commands.write(
        "b.csv",
        format!("\u{FEFF}status,mood,activity_id,period,team\r\nstarted,fine,{second},2025-Q1,PAYMENTS\r\n"),
    );
    let output = commands.run(&["import", "a.csv", "b.csv"]);
    assert!(output.stderr.starts_with("warning: b.csv:1: the column “mood” is not known and was not read\n"));
    assert!(output.stderr.contains("1 team added, 1 assessment opened, 2 answers recorded"), "{}", output.stderr);
    let table = Table::read(&commands.everything());
    let rows: Vec<_> = table.rows.iter().map(|row| (row[0].as_str(), row[2].as_str())).collect();
    assert_eq!(rows, [("Payments", first.as_str()), ("Payments", second.as_str())]);
}

#[test]
fn later_files_change_earlier_answers_until_they_are_submitted() {
    let commands = CommandLine::new();
    let id = &activity_ids()[0];
    let file = |status: &str| format!("{HEAD}\nPayments,2025-Q1,{id},,{status},,,Platform\n");
    commands.write("a.csv", file("started"));
    commands.write("b.csv", file("fully_implemented"));
    commands.write("c.csv", file("unanswered"));
    commands.run(&["import", "a.csv"]).expect_done();
    assert!(commands.run(&["import", "b.csv", "--submit"]).stderr.contains("1 answer recorded"));
    let before = commands.everything();
    assert!(before.contains("fully_implemented,,,Platform"));

    let message = commands.run(&["import", "c.csv"]).expect_failure();
    assert_eq!(message, "c.csv:2: the assessment of Payments for 2025-Q1 is submitted and does not change any more\n");
    assert_eq!(commands.everything(), before);
}

#[test]
fn what_was_imported_is_seen_on_the_pages() {
    let app = TestApp::with_answers(&made_up_answers());
    assert_eq!(app.visit("/teams").texts("tbody th a").len(), TEAMS.len());
    let page = app.visit("/trend");
    for quarter in QUARTERS {
        let partly = if quarter == "2025-Q3" { " partly carried" } else { "" };
        assert_eq!(page.row(&format!("{quarter}{partly}")).len(), 8);
    }
    // The pages give the same files as the commands.
    for kind in ["answers", "levels", "gaps", "trend"] {
        for format in ["csv", "json"] {
            let file = app.visit(&format!("/export/{kind}.{format}?period=2025-Q4"));
            let arguments = [kind, "--format", format, "--period", "2025-Q4"];
            assert_eq!(file.text(), app.commands().export(&arguments).expect_done(), "{kind}.{format}");
        }
    }
}

#[test]
fn what_has_no_column_stays_as_it_is() {
    let commands = CommandLine::new();
    let id = &activity_ids()[0];
    let head = "team,period,activity_id,status";
    commands.write("full.csv", format!("{head},note,inherited_from\nPayments,2025-Q1,{id},started,a note,Platform\n"));
    commands.write("short.csv", format!("{head}\nPayments,2025-Q1,{id},started\n"));
    commands.write("changed.csv", format!("{head}\nPayments,2025-Q1,{id},fully_implemented\n"));
    commands.run(&["import", "full.csv"]).expect_done();
    let before = commands.everything();
    assert!(commands.run(&["import", "short.csv"]).stderr.contains("1 row unchanged"));
    assert_eq!(commands.everything(), before);
    // An answer of one's own is no longer that of another team.
    commands.run(&["import", "changed.csv"]).expect_done();
    let table = Table::read(&commands.everything());
    let row = &table.rows[0];
    let cells = ["status", "note", "inherited_from"].map(|column| table.cell(row, column));
    assert_eq!(cells, ["fully_implemented", "a note", ""]);
}

#[test]
fn a_quarter_that_has_not_begun_is_a_fault_with_its_line() {
    let commands = CommandLine::new();
    let id = &activity_ids()[0];
    commands.write("future.csv", format!("team,period,activity_id,status\nPayments,2999-Q4,{id},started\n"));
    let message = commands.run(&["import", "--submit", "future.csv"]).expect_failure();
    assert_eq!(message, "future.csv:2: period: 2999-Q4 has not begun yet\n");
    assert_eq!(commands.files(), ["future.csv"], "and no database is left behind");
}

#[test]
fn an_assessment_without_answers_stays_a_draft() {
    let commands = CommandLine::new();
    let id = &activity_ids()[0];
    commands.write("blank.csv", format!("team,period,activity_id,status\nPayments,2025-Q1,{id},unanswered\n"));
    let output = commands.run(&["import", "--submit", "blank.csv"]);
    assert!(
        output.stderr.contains("blank.csv:2: Payments in 2025-Q1: nothing is answered, so it stays a draft"),
        "{output:?}"
    );
    assert!(output.stderr.contains("0 assessments submitted"), "{output:?}");
    commands.write("later.csv", format!("team,period,activity_id,status\nPayments,2025-Q1,{id},started\n"));
    assert!(commands.run(&["import", "--submit", "later.csv"]).stderr.contains("1 assessment submitted"));
}

#[test]
fn a_threat_model_is_seen_from_its_content_and_goes_to_its_team() {
    let csv = format!("team,period,activity_id,status\nPayments,2026-Q4,{},started\n", activity_ids()[0]);
    let line = CommandLine::with_answers(&csv);
    let model = |status: &str| {
        format!(
            r#"{{"format":"cairn-threat-model","version":1,"threat_model":{{"title":"Shop","threats":[{{"id":"a","title":"Old","status":"{status}"}}]}}}}"#
        )
    };
    line.write("shop.txt", model("open"));
    let unsaid = line.run(&["import", "shop.txt"]).expect_failure();
    assert!(unsaid.contains("say with --team NAME whose they are"), "{unsaid}");
    let unknown = line.run(&["import", "--team", "Nobody", "shop.txt"]).expect_failure();
    assert!(unknown.contains("there is no such team"), "{unknown}");
    let first = line.run(&["import", "--team", "payments", "--dry-run", "shop.txt"]);
    assert_eq!(first.stderr, "This would be done: “Shop” from Cairn: a new threat model\n");
    assert_eq!(
        first.expect_done(),
        "“Shop” from Cairn\n  a new threat model\n  elements: 0\n  threats: 1\n    open: 1\n"
    );
    line.run(&["import", "--team", "payments", "shop.txt"]).expect_done();
    line.write("shop.txt", model("mitigated"));
    let again = line.run(&["import", "--team", "payments", "--dry-run", "shop.txt"]).expect_done();
    assert_eq!(again, "“Shop” from Cairn\n  changed: threat Old\n    status: open → mitigated\n");
    line.run(&["import", "--team", "Payments", "shop.txt"]).expect_done();
    let threats = line.export(&["threats"]).expect_done();
    assert_eq!(threats.lines().count(), 2, "{threats}");
    assert!(threats.contains("Payments,Shop,1,") && threats.contains(",mitigated,"), "{threats}");

    line.write("broken.json", r#"{"summarize":{}}"#);
    let refused = line.run(&["import", "--team", "Payments", "shop.txt", "broken.json"]).expect_failure();
    assert!(refused.contains("broken.json") && refused.contains("summarize"), "{refused}");
}

#[test]
fn a_dry_run_prints_what_would_change_from_what_to_what_and_where() {
    let ids = activity_ids();
    let head = "team,period,activity_id,status,note\n";
    let commands = CommandLine::new();
    commands.write(
        "a.csv",
        format!("{head}Payments,2025-Q1,{0},started,\nPayments,2025-Q1,{1},started,\n", ids[0], ids[1]),
    );
    commands.run(&["import", "a.csv"]).expect_done();
    commands.write(
        "b.csv",
        format!(
            "{head}Payments,2025-Q1,{0},fully_implemented,\nPayments,2025-Q1,{1},started,\nWeb,2025-Q1,{0},started,\"two\nlines\"\n",
            ids[0], ids[1]
        ),
    );
    let dry = commands.run(&["import", "b.csv", "--dry-run"]);
    assert_eq!(
        dry.stderr,
        "new team: Web\nThis would be done: 1 team added, 1 assessment opened, 2 answers recorded, 1 row unchanged, 0 \
         assessments submitted\n"
    );
    let printed = dry.expect_done();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines[0], "What changes: 1", "{printed}");
    assert!(lines[1].starts_with("  answer Payments 2025-Q1: ") && lines[1].ends_with(" (b.csv:2)"), "{printed}");
    assert_eq!(&lines[2..4], ["    status: started → fully_implemented", "What is new: 3"], "{printed}");
    assert!(lines.contains(&"  team Web (b.csv:4: team)") && lines.contains(&"    status: started"), "{printed}");
    assert!(lines.iter().any(|line| line.starts_with("    note: two lines")), "{printed}");
    assert_eq!(lines.last(), Some(&"What stays as it is: 1"), "{printed}");
    assert!(!commands.everything().contains("Web"), "nothing is changed");

    let rows: String = (0..501).map(|n| format!("Team {n:03}\n")).collect();
    commands.write("teams.csv", format!("name,description\n{}", rows.replace('\n', ",x\n")));
    let printed = commands.run(&["import", "teams.csv", "--dry-run"]).expect_done();
    assert!(printed.starts_with("What is new: 501\n  team Team 000 (teams.csv:2: name)\n"), "{printed}");
    assert!(printed.contains("Team 499 (") && !printed.contains("Team 500"), "{printed}");
    assert!(printed.ends_with("  … and 1 more\nWhat stays as it is: 0\n"), "{printed}");
}

#[test]
fn a_team_is_said_of_threat_models_only() {
    let commands = CommandLine::new();
    commands
        .write("a.csv", format!("team,period,activity_id,status\nPayments,2025-Q1,{},started\n", activity_ids()[0]));
    commands.write("shop.json", r#"{"format":"cairn-threat-model","version":1,"threat_model":{"title":"Shop"}}"#);
    for files in [&["a.csv"][..], &["a.csv", "shop.json"]] {
        let message = commands.run(&[&["import", "--team", "Web"], files].concat()).expect_failure();
        assert!(message.starts_with("--team says whose threat models are, and a.csv is no threat model"), "{message}");
    }
    assert!(!commands.database().exists());
}

#[test]
fn what_is_nothing_to_import_is_said_to_be_so() {
    let commands = CommandLine::new();
    commands.write("page.html", "<!DOCTYPE html>\n<html></html>");
    let message = commands.run(&["import", "page.html"]).expect_failure();
    assert!(message.starts_with("page.html") && !message.contains("--team"), "{message}");

    let model = "Build:\n  Build:\n    Defined build process:\n      uuid: f6f7737f-25a9-4317-8de2-09bf59f29b5b\n      level: 1\n      teamsImplemented: {}\n";
    for text in ["progress:\n", model] {
        commands.write("empty.yaml", text);
        let done = commands.run(&["import", "empty.yaml"]);
        assert!(done.stderr.contains("warning: empty.yaml: nothing is in it that is imported"), "{}", done.stderr);
        done.expect_done();
    }
}
