//! Files that cannot be imported: the message says what is wrong and where, and nothing is changed.

use std::io::Write;

use crate::harness::{CommandLine, activity_ids};

const HEAD: &str = "team,period,activity_id,activity,status,not_applicable_reason,note,inherited_from";

/// A folder whose database already has something that a failed import could spoil.
struct Recorded {
    commands: CommandLine,
    first: String,
    second: String,
    before: String,
}

impl Recorded {
    fn new() -> Self {
        let mut ids = activity_ids().into_iter();
        let (first, second) = (ids.next().unwrap(), ids.next().unwrap());
        let commands = CommandLine::new();
        commands.write("recorded.csv", format!("{HEAD}\nPayments,2025-Q1,{first},,started,,kept,\n"));
        commands.run(&["import", "recorded.csv"]).expect_done();
        let before = commands.everything();
        Self { commands, first, second, before }
    }

    /// Imports and gives the message of the refusal.
    fn refused(&self, files: &[&str]) -> String {
        let arguments: Vec<&str> = ["import", "--submit"].iter().chain(files).copied().collect();
        let message = self.commands.run(&arguments).expect_failure();
        assert_eq!(self.commands.everything(), self.before, "{message}");
        message
    }
}

#[test]
fn the_message_names_the_line_and_the_column() {
    let recorded = Recorded::new();
    let (first, second) = (&recorded.first, &recorded.second);
    // Each file begins with a row that is right, which must not be recorded either.
    let right = format!("{HEAD}\nNew Team,2025-Q1,{first},,started,,,\n");
    for (rows, message) in [
        (
            "Payments,2025-Q1,nobody,,started,,,".to_owned(),
            "3: activity_id: there is no activity “nobody” in the catalog 4.3.1",
        ),
        ("Payments,2025-Q1,,,started,,,".to_owned(), "3: activity_id: an activity is needed"),
        (
            format!("Payments,2025-Q1,{second},,done,,,"),
            "3: status: “done” is not a status; use one of not_implemented, started, partly_implemented, fully_implemented, not_applicable or unanswered",
        ),
        (format!("Payments,2025-Q1,{second},,not_applicable,,,"), "3: status: not applicable needs a reason"),
        (format!("Payments,2025-Q1,{second},,started,because,,"), "3: status: a reason for not applicable is given"),
        (
            format!("new TEAM,2025-Q1,{first},,started,,,"),
            "3: the same team, quarter and activity as in line 2; keep one of them",
        ),
        (
            format!("Payments,2025-Q5,{second},,started,,,"),
            "3: period: “2025-Q5” is not a quarter; write it like 2026-Q4",
        ),
        (format!("Payments,Q1 2025,{second},,started,,,"), "3: period: “Q1 2025” is not a quarter"),
        (format!(",2025-Q1,{second},,started,,,"), "3: team: a name is needed"),
        (
            format!("{},2025-Q1,{second},,started,,,", "x".repeat(101)),
            "3: team: a name has at most 100 characters; this has 101",
        ),
        (format!("Payments,2025-Q1,{second},,started,,bell \u{7},"), "3: note: no control"),
        (
            format!("Payments,2025-Q1,{second},,started,,{},", "x".repeat(10_001)),
            "3: note: at most 10000 characters; this has 10001",
        ),
        (
            format!("Payments,2025-Q1,{second},,started,,,payments"),
            "3: inherited_from: a team cannot inherit from itself",
        ),
        (format!("Payments,2025-Q1,{second},"), "3: 4 cells where the head has 8"),
        (format!("Payments,2025-Q1,{second},,started,,,,,x"), "3: 10 cells where the head has 8"),
        (format!("Payments;2025-Q1;{second};;started;;;"), "3: 1 cells where the head has 8"),
        (
            format!("Payments,2025-Q1,{second},,started,,\"two\nlines\",\nPayments,2025-Q1,x,,started,,,"),
            "5: activity_id: there is no activity “x”",
        ),
    ] {
        recorded.commands.write("wrong.csv", format!("{right}{rows}\n"));
        let found = recorded.refused(&["wrong.csv"]);
        assert!(found.starts_with(&format!("wrong.csv:{message}")), "{found}");
        assert_eq!(found.lines().count(), 1, "{found}");
    }
}

#[test]
fn quotes_that_do_not_match_are_found_where_they_open() {
    let recorded = Recorded::new();
    let (first, second) = (&recorded.first, &recorded.second);
    let head = "team,period,activity_id,status,note";
    let rest = format!("Payments,2025-Q2,{first},started,\nPayments,2025-Q2,{second},started,\n");
    for (row, place) in [
        // The rest of the file would be one long note, and its rows would be lost.
        (format!("Payments,2025-Q1,{second},started,\"never closed"), "wrong.csv:2: "),
        (format!("Payments,2025-Q1,{second},started,\"closed\" too early"), "wrong.csv:2: "),
        (format!("\"Payments,2025-Q1,{second},started,"), "wrong.csv:2: "),
    ] {
        recorded.commands.write("wrong.csv", format!("{head}\n{row}\n{rest}"));
        let found = recorded.refused(&["wrong.csv"]);
        assert!(found.starts_with(place) && found.contains("quote"), "{found}");
    }
    // A quote inside a cell without quotes is a letter like others.
    recorded.commands.write("right.csv", format!("{head}\nPayments,2025-Q1,{second},started,a 5\" disk\n"));
    recorded.commands.run(&["import", "right.csv"]).expect_done();
    assert!(recorded.commands.everything().contains("\"a 5\"\" disk\""));
}

#[test]
fn all_faults_of_a_file_are_reported_at_once() {
    let recorded = Recorded::new();
    let (first, second) = (&recorded.first, &recorded.second);
    recorded.commands.write(
        "wrong.csv",
        format!("{HEAD}\nA,2025-Q9,{first},,done,,,\nA,2025-Q1,{second},,started,,,\nA,2025-Q1,{first},,wrong,,,\n"),
    );
    let found = recorded.refused(&["wrong.csv"]);
    let places: Vec<&str> = found.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["wrong.csv:2", "wrong.csv:2", "wrong.csv:4"], "{found}");

    let rows = "A,2025-Q1,nobody,,done,,,\n".repeat(100_000);
    recorded.commands.write("wrong.csv", format!("{HEAD}\n{rows}"));
    let found = recorded.refused(&["wrong.csv"]);
    assert_eq!(found.lines().count(), 101, "a hostile file does not flood the screen");
    assert!(found.ends_with("… and 99900 more\n"), "{found}");
}

#[test]
fn files_are_imported_together_or_not_at_all() {
    let recorded = Recorded::new();
    let (first, second) = (&recorded.first, &recorded.second);
    let row = |team: &str, id: &str| format!("{HEAD}\n{team},2025-Q1,{id},,fully_implemented,,,\n");
    recorded.commands.write("a.csv", row("New Team", first));
    recorded.commands.write("b.csv", row("NEW TEAM", first));
    recorded.commands.write("c.csv", row("New Team", "nobody"));
    recorded.commands.write("d.csv", row("New Team", second));
    let found = recorded.refused(&["a.csv", "b.csv"]);
    assert_eq!(found, "b.csv:2: the same team, quarter and activity as in a.csv:2; keep one of them\n");
    let found = recorded.refused(&["a.csv", "c.csv", "d.csv"]);
    assert!(found.starts_with("c.csv:2: activity_id: there is no activity"), "{found}");
    let found = recorded.refused(&["a.csv", "missing.csv"]);
    assert!(found.starts_with("missing.csv: cannot be read"), "{found}");
    let found = recorded.refused(&["a.csv", "."]);
    assert!(found.starts_with(".: cannot be read"), "{found}");
}

#[test]
fn what_is_no_file_of_answers_is_said_to_be_none() {
    let recorded = Recorded::new();
    let id = &recorded.first;
    for (content, message) in [
        (Vec::new(), "this is not a file that can be imported; answers are a CSV file with the head team,period"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "this is not a file that can be imported"),
        (b"PK\x03\x04 a workbook".to_vec(), "not readable as a workbook (.xlsx)"),
        (b"Team;Quarter;Answer\nPayments;1;2\n".to_vec(), "this is not a file that can be imported"),
        (std::fs::read(recorded.commands.database()).unwrap(), "this is not a file that can be imported"),
        (b"team;period;activity_id\n".to_vec(), "wrong.csv:1: the column status is missing; the head is team,period"),
        (b"team,period,activity_id,status,team\n".to_vec(), "wrong.csv:1: the column team is there twice"),
        (
            [format!("{HEAD}\nM").as_bytes(), b"\x81ller", format!(",2025-Q1,{id},,started,,,\n").as_bytes()].concat(),
            "wrong.csv:2: team: a name has no line breaks, control",
        ),
        (
            format!("{HEAD}\n").encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "this is not a file that can be imported",
        ),
    ] {
        recorded.commands.write("wrong.csv", content);
        let found = recorded.refused(&["wrong.csv"]);
        assert!(found.starts_with("wrong.csv:") && found.contains(message), "{found}");
    }
}

#[test]
fn a_file_of_fifty_megabytes_is_refused() {
    let recorded = Recorded::new();
    let mut file = std::fs::File::create(recorded.commands.path("huge.csv")).unwrap();
    file.write_all(format!("{HEAD}\n").as_bytes()).unwrap();
    file.set_len(50_000_000).unwrap();
    let found = recorded.refused(&["huge.csv"]);
    assert_eq!(found, "huge.csv: larger than 32 MB, which is the most that is read\n");
}
