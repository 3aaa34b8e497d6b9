//! `cairn export`. What the numbers are is compared in `scoring`; here is the form of the files.

use std::path::Path;

use crate::harness::{CommandLine, Table, assert_golden};

/// A folder with the small sample imported and submitted.
fn sample() -> CommandLine {
    let commands = CommandLine::new();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/answers.csv");
    commands.run(&["import", "--submit", sample.to_str().unwrap()]).expect_done();
    commands
}

#[test]
fn files_are_as_they_always_were() {
    let commands = sample();
    for (arguments, golden) in [
        (&["answers"][..], "answers.csv"),
        (&["levels", "--team", "Payments"], "levels.csv"),
        (&["levels", "--period", "2025-Q3"], "levels-2025-Q3.csv"),
        (&["gaps", "--stage", "1"], "gaps.csv"),
        (&["trend"], "trend.csv"),
        (&["portfolio", "--period", "2025-Q4"], "portfolio.csv"),
        (&["comparison", "--team", "Payments", "--against-team", "Web Shop"], "comparison.csv"),
        (&["trend", "--format", "json", "--team", "web shop"], "trend.json"),
        (&["heatmap", "--team", "Payments"], "heatmap.csv"),
        (&["matrix"], "matrix.csv"),
        (&["changes"], "changes.csv"),
        (&["completion", "--team", "Payments"], "completion.csv"),
        (&["spread"], "spread.csv"),
        (&["balance"], "balance.csv"),
        (&["stages"], "stages.csv"),
        (&["practices", "--stage", "1"], "practices.csv"),
        (&["gaps", "--format", "json", "--stage", "1", "--team", "Payments"], "gaps.json"),
    ] {
        assert_golden(golden, &commands.export(arguments).expect_done());
    }
    // The identity of the catalog follows every change of a text, so it is not compared.
    let mut levels: serde_json::Value =
        serde_json::from_str(&commands.export(&["levels", "--format", "json"]).expect_done()).unwrap();
    assert_eq!(levels["catalog"]["digest"].as_str().unwrap().len(), 64);
    levels["catalog"]["digest"] = "…".into();
    assert_golden("levels.json", &format!("{levels:#}\n"));
}

#[test]
fn a_file_is_written_whole_or_not_at_all() {
    let commands = sample();
    let printed = commands.export(&["gaps"]).expect_done();
    assert_eq!(commands.export(&["gaps", "-o", "gaps.csv"]).expect_done(), "");
    assert_eq!(commands.read("gaps.csv"), printed);
    commands.export(&["levels", "--output", "gaps.csv"]).expect_done();
    assert_eq!(commands.read("gaps.csv"), commands.export(&["levels"]).expect_done(), "it is replaced");

    let message = commands.export(&["gaps", "-o", "no/such/folder.csv"]).expect_failure();
    assert!(message.starts_with("no/such/folder.csv: cannot be written"), "{message}");
    commands.export(&["gaps", "-o", "gaps.csv", "--team", "Nobody"]).expect_failure();
    assert_eq!(commands.read("gaps.csv"), commands.export(&["levels"]).expect_done(), "it is left alone");
    assert_eq!(commands.files(), ["cairn.db", "gaps.csv"]);
}

#[test]
fn exports_are_narrowed_down() {
    let commands = sample();
    let rows = |arguments: &[&str]| Table::read(&commands.export(arguments).expect_done()).rows;
    let all = rows(&["answers"]);
    assert!(rows(&["answers", "--team", "PAYMENTS"]).iter().all(|row| row[0] == "Payments"));
    assert!(rows(&["answers", "--period", "2025-Q3"]).iter().all(|row| row[1] == "2025-Q3"));
    let parts = ["Payments", "Web Shop"].map(|team| rows(&["answers", "--team", team]).len());
    assert_eq!(parts.iter().sum::<usize>(), all.len());
    let stages: Vec<usize> = ["1", "2", "3"].map(|stage| rows(&["gaps", "--stage", stage]).len()).to_vec();
    assert!(stages.is_sorted() && stages[2] < rows(&["gaps"]).len(), "{stages:?}");
}

#[test]
fn what_does_not_exist_is_not_exported() {
    let commands = sample();
    for (arguments, message) in [
        (&["levels", "--team", "Nobody"][..], "team: there is no team called “Nobody”"),
        (&["levels", "--group", "Nobody"], "group: there is no group called “Nobody”"),
        (&["levels", "--team", ""], "team: a name is needed"),
        (&["gaps", "--stage", "0"], "stage: the roadmap has the stages 1 to 3"),
        (&["gaps", "--stage", "4"], "stage: the roadmap has the stages 1 to 3"),
        (&["levels", "--period", "2001-Q1"], "no assessment was submitted by then"),
    ] {
        let found = commands.export(arguments).expect_failure();
        assert!(found.starts_with(message), "{found}");
    }
}

#[test]
fn without_a_database_nothing_is_exported_and_none_is_made() {
    let commands = CommandLine::new();
    let message = commands.export(&["answers"]).expect_failure();
    assert_eq!(message, "there is no database at cairn.db; give its place with --database\n");
    let message = commands.export(&["answers", "--database", "no/such.db", "-o", "x.csv"]).expect_failure();
    assert!(message.contains("no/such.db"), "{message}");
    assert!(commands.files().is_empty());
}

#[test]
fn the_database_is_not_written_over() {
    let commands = sample();
    let before = std::fs::read(commands.path("cairn.db")).unwrap();
    let message = commands.export(&["answers", "-o", "cairn.db"]).expect_failure();
    assert!(message.ends_with("is the database; choose another file\n"), "{message}");
    assert_eq!(std::fs::read(commands.path("cairn.db")).unwrap(), before);
}

#[cfg(unix)]
#[test]
fn what_is_no_plain_file_is_written_to_and_not_replaced() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let commands = sample();
    commands.export(&["gaps", "-o", "/dev/null"]).expect_done();
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    commands.write("target.csv", "");
    symlink(commands.path("target.csv"), commands.path("link.csv")).unwrap();
    commands.export(&["gaps", "-o", "link.csv"]).expect_done();
    assert!(commands.path("link.csv").is_symlink());
    assert!(commands.read("target.csv").starts_with("team,period,"));
    commands.export(&["gaps", "-o", "new.csv"]).expect_done();
    let mode = std::fs::metadata(commands.path("new.csv")).unwrap().permissions().mode();
    assert_ne!(mode & 0o044, 0, "others may read it as they may read other new files: {mode:o}");
}
