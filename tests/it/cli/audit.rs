//! `cairn audit verify`: what was changed behind Cairn's back is found.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::harness::{CommandLine, activity_ids};

/// A database with two submitted assessments and a draft, and the head of its record.
fn folder() -> (CommandLine, String) {
    let id = &activity_ids()[0];
    let rows = ["Payments,2025-Q1", "Web,2025-Q1"].map(|of| format!("{of},{id},fully_implemented,a note\n"));
    let commands = CommandLine::with_answers(&format!("team,period,activity_id,status,note\n{}", rows.concat()));
    commands.write("draft.csv", format!("team,period,activity_id,status\nWeb,2025-Q2,{id},started\n"));
    commands.run(&["import", "draft.csv"]).expect_done();
    let head = commands.run(&["audit", "verify"]).expect_done();
    (commands, head.trim().to_owned())
}

/// Changes the database as somebody could who has the file.
fn tamper(commands: &CommandLine, sql: &str) {
    let mut database = SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap();
    database
        .batch_execute(
            "DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_kept; DROP TRIGGER audit_has_no_gaps;
             PRAGMA foreign_keys = OFF",
        )
        .unwrap();
    let triggers = "SELECT group_concat('DROP TRIGGER ' || name, ';') AS sql FROM sqlite_master WHERE type = 'trigger'";
    let rest: Sql = diesel::RunQueryDsl::get_result(diesel::sql_query(triggers), &mut database).unwrap();
    database.batch_execute(&rest.sql).unwrap();
    database.batch_execute(sql).unwrap();
}

#[derive(diesel::QueryableByName)]
struct Sql {
    #[diesel(sql_type = diesel::sql_types::Text)]
    sql: String,
}

/// What `verify` finds, a line each.
fn faults(commands: &CommandLine, arguments: &[&str]) -> Vec<String> {
    let found = commands.run(&[&["audit", "verify"], arguments].concat()).expect_failure();
    let mut lines = found.lines().map(str::to_owned);
    assert_eq!(lines.next().as_deref(), Some("Not as it was recorded:"));
    lines.collect()
}

#[test]
fn an_untouched_record_is_sound_and_ends_with_its_head() {
    let (commands, head) = folder();
    let rows = commands.export(&["audit", "--format", "json"]).expect_done();
    let rows: serde_json::Value = serde_json::from_str(&rows).unwrap();
    let last = rows.as_array().unwrap().last().unwrap();
    assert_eq!(head, format!("{}:{}", last["number"], last["hash"].as_str().unwrap()));
    let again = commands.run(&["audit", "verify", "--head", &head]);
    assert!(again.stderr.contains("The record is sound: ") && again.stderr.contains(" 2 submitted assessments"));
    assert_eq!(again.expect_done().trim(), head);
    // What is done later leaves a head that was noted good.
    commands.run(&["user", "add", "Ada", "--role", "viewer"]).expect_done();
    assert_ne!(commands.run(&["audit", "verify", "--head", &head]).expect_done().trim(), head);
    assert_eq!(commands.run(&["audit", "verify", "--head", "nonsense"]).code, Some(2));
}

#[test]
fn every_import_is_recorded_with_who_and_what() {
    let (commands, _) = folder();
    let rows = commands.export(&["audit", "--format", "json"]).expect_done();
    let rows: serde_json::Value = serde_json::from_str(&rows).unwrap();
    let deeds: Vec<String> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            format!(
                "{} {} {}",
                row["actor"].as_str().unwrap(),
                row["deed"].as_str().unwrap(),
                row["subject"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        deeds,
        [
            "operator team-added Payments",
            "operator team-added Web",
            "operator imported Payments 2025-Q1",
            "operator assessment-submitted Payments 2025-Q1",
            "operator imported Web 2025-Q1",
            "operator assessment-submitted Web 2025-Q1",
            "operator imported Web 2025-Q2",
        ]
    );
    // Saying the same again changes nothing, and nothing is recorded.
    commands.run(&["import", "draft.csv"]).expect_done();
    commands.run(&["import", "draft.csv", "--dry-run"]).expect_done();
    assert_eq!(commands.export(&["audit"]).expect_done().lines().count(), 8);
}

#[test]
fn altered_removed_and_reordered_rows_are_found() {
    let (commands, _) = folder();
    let whole = std::fs::read(commands.database()).unwrap();
    for (sql, expected) in [
        ("UPDATE audit SET actor = 'Eve' WHERE number = 2", "row 2 ("),
        ("UPDATE audit SET at = '2020-01-01T00:00:00.000000Z' WHERE number = 1", "row 1 ("),
        ("UPDATE audit SET details = '{}' WHERE number = 3", "row 3 ("),
        ("DELETE FROM audit WHERE number = 2", "row 2 is missing"),
        ("DELETE FROM audit WHERE number IN (2, 3, 4)", "rows 2 to 4 are missing"),
        (
            "UPDATE audit SET number = 90 WHERE number = 2; UPDATE audit SET number = 2 WHERE number = 3;
             UPDATE audit SET number = 3 WHERE number = 90",
            "row 2 (",
        ),
        ("DELETE FROM audit", "is submitted, but no row of the record says so"),
    ] {
        commands.write("cairn.db", &whole);
        tamper(&commands, sql);
        let faults = faults(&commands, &[]);
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{sql}: {faults:?}");
    }
}

#[test]
fn a_record_that_was_cut_off_is_found_with_a_head_that_was_noted() {
    let (commands, head) = folder();
    tamper(&commands, "DELETE FROM audit WHERE number = 7");
    commands.run(&["audit", "verify"]).expect_done();
    assert_eq!(
        faults(&commands, &["--head", &head]),
        ["the record ends with row 6, but row 7 was noted: rows were removed"]
    );
    // Another row in its place is not the one that was noted.
    commands.run(&["user", "add", "Eve", "--role", "viewer"]).expect_done();
    assert_eq!(faults(&commands, &["--head", &head]), ["row 7 is not the one whose hash was noted"]);
}

#[test]
fn an_answer_that_was_changed_after_submitting_is_found() {
    let (commands, _) = folder();
    let whole = std::fs::read(commands.database()).unwrap();
    let another_digest = format!("UPDATE assessments SET digest = '{}' WHERE id = 1", "0".repeat(64));
    let other_answers = "does not say any more what was submitted";
    for (sql, expected) in [
        ("UPDATE answers SET status = 'not_implemented' WHERE id = 1", other_answers),
        ("UPDATE answers SET note = 'another' WHERE id = 1", other_answers),
        ("DELETE FROM answers WHERE id = 1", other_answers),
        ("UPDATE assessments SET period = '2025-Q3' WHERE id = 1", other_answers),
        (&another_digest, "and its digest was changed, too"),
    ] {
        commands.write("cairn.db", &whole);
        tamper(&commands, sql);
        let faults = faults(&commands, &[]);
        assert!(faults.len() == 1 && faults[0].starts_with("the assessment of Payments for "), "{sql}: {faults:?}");
        assert!(faults[0].contains(expected), "{sql}: {faults:?}");
    }
    // A draft may change.
    commands.write("cairn.db", &whole);
    tamper(&commands, "UPDATE answers SET status = 'fully_implemented' WHERE id = 3");
    commands.run(&["audit", "verify"]).expect_done();
}

#[test]
fn a_submission_that_is_gone_is_found() {
    let (commands, _) = folder();
    let whole = std::fs::read(commands.database()).unwrap();
    let reopened = "UPDATE assessments SET digest = NULL, submitted_at = NULL, submitted_by = NULL WHERE id = 1";
    for sql in [reopened, "DELETE FROM answers WHERE assessment_id = 1; DELETE FROM assessments WHERE id = 1"] {
        commands.write("cairn.db", &whole);
        tamper(&commands, sql);
        let faults = faults(&commands, &[]);
        assert!(faults.len() == 1, "{sql}: {faults:?}");
        assert!(
            faults[0].contains("of Payments 2025-Q1 (number 1) was submitted, as row 4 says, and is not any more"),
            "{faults:?}"
        );
    }
}

#[test]
fn drafts_that_follow_have_rows_of_their_own() {
    let commands = CommandLine::new();
    let id = &activity_ids()[0];
    let head = "team,period,activity_id,status,inherited_from";
    let file = format!("{head}\nPlatform,2025-Q1,{id},started,\nWeb,2025-Q1,{id},started,Platform\n");
    commands.write("answers.csv", file);
    commands.run(&["import", "answers.csv"]).expect_done();
    let long = "x".repeat(180);
    commands.write(&format!("{long}.csv"), format!("{head}\nPlatform,2025-Q1,{id},fully_implemented,\n"));
    commands.run(&["import", &format!("{long}.csv")]).expect_done();
    let rows = commands.export(&["audit"]).expect_done();
    let last: Vec<&str> = rows.lines().rev().take(2).collect();
    assert!(last[1].contains(",imported,Platform 2025-Q1,") && last[1].contains(&"x".repeat(100)), "{rows}");
    assert!(!rows.contains(&"x".repeat(101)), "names are kept short");
    assert!(last[0].contains(",answers-recorded,Web 2025-Q1,") && last[0].contains("followed"), "{rows}");
}
