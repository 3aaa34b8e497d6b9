//! `cairn import` and `cairn export` with the files of the DSOMM application.

use std::path::PathBuf;

use crate::harness::{CommandLine, Table, assert_golden};

const FILES: [&str; 4] = ["team-progress.yaml", "meta.yaml", "teams.yaml", "team-evidence.yaml"];

const BUILD: &str = "f6f7737f-25a9-4317-8de2-09bf59f29b5b";

fn sample(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/samples/dsomm").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// A folder with the sample files.
fn with_samples() -> CommandLine {
    let commands = CommandLine::new();
    for name in FILES.iter().chain(&["generated.yaml"]) {
        commands.write(name, sample(name));
    }
    commands
}

fn import(commands: &CommandLine, files: &[&str]) -> String {
    let output = commands.run(&[&["import"], files].concat());
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    output.stderr
}

/// Team, quarter, activity and status of all answers, the first characters of the id being enough.
fn answers(commands: &CommandLine) -> Vec<String> {
    let table = Table::read(&commands.everything());
    let line = |row: &Vec<String>| {
        let id: String = table.cell(row, "activity_id").chars().take(4).collect();
        format!("{} {} {id} {}", table.cell(row, "team"), table.cell(row, "period"), table.cell(row, "status"))
    };
    table.rows.iter().map(line).collect()
}

/// All files as they are exported.
fn exported(commands: &CommandLine) -> [String; 4] {
    [["team-progress"].as_slice(), &["meta"], &["teams", "--format", "yaml"], &["team-evidence"]]
        .map(|arguments| commands.export(arguments).expect_done())
}

#[test]
fn the_days_of_stages_become_an_assessment_for_each_quarter_in_which_something_changed() {
    let commands = with_samples();
    let said = import(&commands, &[&["--dry-run"], FILES.as_slice()].concat());
    assert!(said.contains("This would be done: 3 teams added, 5 assessments opened"), "{said}");
    assert!(!commands.database().exists(), "nothing is changed by looking");

    let said = import(&commands, &FILES);
    for listed in [
        "team-progress.yaml:18:7: progress > 47419324-e263-415b-815d-e7161b6b905e > Gone team > Started: Gone team is not",
        // Once for its progress and once for its evidence.
        "in the catalog in use; not taken (2 times)",
        "no step of the scale is called “Nearly there”",
        "Fully implemented: a day after today",
        "Started: a higher stage was reached before that day",
        "teams.yaml:8:7: teamGroups > Customer facing: Nobody is in the group",
    ] {
        assert!(said.contains(listed), "{listed}: {said}");
    }
    assert!(said.contains("5 assessments submitted"), "quarters that are over are submitted: {said}");
    assert_eq!(
        answers(&commands),
        [
            "Payments 2023-Q1 f6f7 started",
            "Payments 2023-Q3 f6f7 fully_implemented",
            "Payments 2023-Q3 4741 started",
            "Payments 2024-Q1 f6f7 fully_implemented",
            "Payments 2024-Q1 4741 rolled_out",
            "Tom's \"App\": 1 2023-Q4 f6f7 started",
            "yes 2024-Q2 4741 rolled_out",
        ]
    );

    let again = import(&commands, &FILES);
    assert!(again.contains("0 teams added, 0 assessments opened, 0 answers recorded, 7"), "{again}");
}

#[test]
fn what_is_exported_says_the_same_when_it_is_imported_again() {
    let (first, second) = (with_samples(), CommandLine::new());
    import(&first, &FILES);
    let files = exported(&first);
    for (name, text) in FILES.iter().zip(&files) {
        assert_golden(&format!("dsomm-{name}"), text);
        second.write(name, text);
    }
    let said = import(&second, &FILES);
    assert!(!said.contains("warning"), "{said}");
    assert_eq!(exported(&second), files);
    assert_eq!(second.everything(), first.everything());
}

#[test]
fn going_back_takes_away_the_stages_above() {
    let commands = with_samples();
    import(&commands, &FILES);
    let head = "team,period,activity_id,status,not_applicable_reason";
    let rows = format!("Payments,2024-Q3,{BUILD},started,\nyes,2024-Q3,{BUILD},not_applicable,nothing is built\n");
    commands.write("later.csv", format!("{head}\n{rows}"));
    import(&commands, &["--submit", "later.csv"]);
    let progress = commands.export(&["team-progress"]).expect_done();
    assert!(
        progress.starts_with("# Left out, as there is no stage for it: “not applicable” in 1 answer.\n"),
        "{progress}"
    );
    let build = progress.split("  \"4741").next().unwrap();
    assert!(build.contains("\"Payments\":\n      \"Started\": 2023-02-03\n    \"Tom"), "{progress}");

    commands.write("done.csv", format!("{head}\nPayments,2024-Q4,{BUILD},fully_implemented,\n"));
    import(&commands, &["done.csv"]);
    let progress = commands.export(&["team-progress"]).expect_done();
    let day = "\"Started\": 2023-02-03\n      \"Fully implemented\": 2024-12-31\n";
    assert!(progress.contains(day), "the nearest day of its quarter, as nobody said one: {progress}");
    let then = commands.export(&["team-progress", "--period", "2023-Q3"]).expect_done();
    assert!(then.contains("\"Fully implemented\": 2023-08-20") && !then.contains("Rolled out"), "{then}");
    let of_one = commands.export(&["team-progress", "--team", "yes"]).expect_done();
    assert!(of_one.contains("\"yes\"") && !of_one.contains("Payments"), "{of_one}");
}

#[test]
fn activities_of_ones_own_are_named_with_the_way_to_take_them_in() {
    let commands = with_samples();
    let said = import(&commands, &["generated.yaml"]);
    assert!(said.contains("“Checked release notes”; `cairn catalog add`"), "{said}");
    assert_eq!(answers(&commands).len(), 2, "one of Default and one of Web Shop");

    let added = commands.run(&["catalog", "add", "generated.yaml"]);
    assert_eq!(added.code, Some(0), "{}", added.stderr);
    assert!(added.stdout.contains("Checked release notes"), "{}", added.stdout);
    let refused = commands.run(&["catalog", "add", "generated.yaml"]).expect_failure();
    assert!(refused.contains("has every activity of this file already"), "{refused}");

    // In a quarter that is open already the catalog stays; a new database has the new one from the start.
    let fresh = with_samples();
    fresh.run(&["catalog", "add", "generated.yaml"]).expect_done();
    let said = import(&fresh, &["generated.yaml"]);
    assert!(!said.contains("warning"), "{said}");
    assert_eq!(answers(&fresh).iter().filter(|line| line.contains("5d0c fully_implemented")).count(), 1);
    let again = import(&commands, &["generated.yaml"]);
    assert!(again.contains("5d0c7f2e-ours") && again.contains("not read"), "{again}");
}

#[test]
fn every_fault_is_told_and_nothing_is_changed() {
    let commands = with_samples();
    import(&commands, &FILES);
    let before = (commands.everything(), exported(&commands));
    let laughs: String =
        (1..12).map(|i| format!("  a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 10].join(", "))).collect();
    let big = format!("progress:\n{}", " \n".repeat(9_000_000));
    for (text, message) in [
        ("progress:\n  a: [1, {\n".to_owned(), "bad.yaml:"),
        ("progress: 5\n".to_owned(), "bad.yaml:1:11: progress: expected activities with their teams, found a text"),
        (format!("progress:\n  {BUILD}:\n    A: {{Started: x}}\n"), "bad.yaml:3:18: progress"),
        (format!("progress:\n  {BUILD}:\n    A: {{Started: 2024-01-01, Started: 2024-01-02}}\n"), "there twice"),
        (format!("evidence:\n  a0: &a0 [x]\n{laughs}"), "not readable as YAML"),
        ("progress:\n  \u{FEFF}\u{0}\n".to_owned(), "bad.yaml:"),
        (big, "larger than 16 MB"),
        ("progressDefinition:\n  A: {score: 1%}\n  B: {score: 100%}\n".to_owned(), "the first step must be worth 0 %"),
        ("teams: [A, '']\n".to_owned(), "bad.yaml:1:12: teams: a name is needed"),
    ] {
        commands.write("bad.yaml", &text);
        commands.write("good.yaml", format!("progress:\n  {BUILD}:\n    Newcomers: {{Started: 2024-01-01}}\n"));
        let refused = commands.run(&["import", "good.yaml", "bad.yaml"]).expect_failure();
        assert!(refused.contains(message), "{message}: {refused}");
    }
    assert_eq!((commands.everything(), exported(&commands)), before);
}

#[test]
fn each_kind_of_file_comes_in_its_own_form() {
    let commands = with_samples();
    import(&commands, &FILES);
    for arguments in [["team-progress", "--format", "csv"], ["levels", "--format", "yaml"]] {
        assert!(commands.export(&arguments).expect_failure().contains("does not come as"));
    }
}

#[test]
fn the_files_of_the_application_itself_say_the_same_after_a_round() {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("CAIRN_SHARED").map_or(beside, PathBuf::from).join("dsomm/team");
    if !shared.is_dir() {
        eprintln!("skipped: there is no {}; set CAIRN_SHARED", shared.display());
        return;
    }
    let (first, second) = (CommandLine::new(), CommandLine::new());
    for name in FILES {
        first.write(name, std::fs::read(shared.join(name)).unwrap());
    }
    import(&first, &FILES);
    let files = exported(&first);
    for (name, text) in FILES.iter().zip(&files) {
        second.write(name, text);
    }
    let said = import(&second, &FILES);
    assert!(!said.contains("warning"), "{said}");
    assert_eq!((exported(&second), second.everything()), (files, first.everything()));
}

#[test]
fn groups_that_the_files_do_not_know_stay() {
    let commands = with_samples();
    import(&commands, &FILES);
    commands.write("teams.csv", "name,groups\nPayments,Customer facing; Card data\n");
    import(&commands, &["teams.csv"]);
    let said = import(&commands, &FILES);
    assert!(!said.contains("team changed") && !said.contains("teams changed"), "{said}");
    assert!(commands.export(&["teams"]).expect_done().contains("Payments,,Card data; Customer facing,"));
}

#[test]
fn what_was_answered_later_stays() {
    let commands = CommandLine::new();
    commands
        .write("answers.csv", format!("team,period,activity_id,status\nPayments,2024-Q1,{BUILD},fully_implemented\n"));
    import(&commands, &["answers.csv"]);
    commands.write("progress.yaml", format!("progress:\n  {BUILD}:\n    Payments:\n      Started: 2024-02-03\n"));
    let said = import(&commands, &["progress.yaml"]);
    assert!(said.contains("answered otherwise on") && said.contains("begun before, so it stays a draft"), "{said}");
    assert_eq!(answers(&commands), ["Payments 2024-Q1 f6f7 fully_implemented"]);
}

#[test]
fn what_is_submitted_stays_and_the_rest_is_taken() {
    let commands = CommandLine::new();
    let progress =
        |day: &str, more: &str| format!("progress:\n  {BUILD}:\n    Payments:\n      Started: {day}\n{more}");
    commands.write("progress.yaml", progress("2024-02-03", ""));
    import(&commands, &["progress.yaml"]);
    commands.write(
        "later.yaml",
        progress("2023-11-05", "      Fully implemented: 2024-03-01\n    Web:\n      Started: 2024-02-04\n"),
    );
    let said = import(&commands, &["later.yaml"]);
    assert!(
        said.contains("the assessment of Payments for 2024-Q1 is submitted and does not change any more; not taken")
    );
    let expected = ["Payments 2023-Q4 f6f7 started", "Payments 2024-Q1 f6f7 started", "Web 2024-Q1 f6f7 started"];
    assert_eq!(answers(&commands), expected);
}
