//! `cairn backup`: one moment, whole or not at all, and nothing of others overwritten.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use crate::harness::{Browser, CommandLine, Table, activity_ids, made_up_answers};

/// Answers two activities of an assessment with the same note, again and again, and says which note
/// was acknowledged.
fn answer_on(
    browser: &Browser,
    assessment: &str,
    ids: &[String],
    stop: &AtomicBool,
    acknowledged: &mpsc::Sender<usize>,
) {
    for n in 1.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let mut form = browser.visit(assessment).form("form.questions");
        for id in ids {
            form.choose(&format!("status[{id}]"), if n % 2 == 0 { "started" } else { "partly_implemented" });
            form.fill(&format!("note[{id}]"), &n.to_string());
        }
        assert!(browser.submit(&form).location().contains("?saved=2"));
        // The test may have seen enough.
        let _ = acknowledged.send(n);
    }
}

/// The notes of a team, as numbers.
fn notes(everything: &str, team: &str) -> HashMap<String, usize> {
    let table = Table::read(everything);
    let rows = table.rows.iter().filter(|row| table.cell(row, "team") == team);
    let rows = rows.filter(|row| !table.cell(row, "note").is_empty());
    rows.map(|row| (table.cell(row, "activity_id").to_owned(), table.cell(row, "note").parse().unwrap())).collect()
}

/// Stops the writers when the test is over, also when it has failed: it waits for them.
struct StopAtEnd<'a>(&'a AtomicBool);

impl Drop for StopAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_backup_under_load_has_all_that_was_acknowledged_and_no_half_change() {
    let commands = CommandLine::new();
    let served = commands.serve();
    let ids = [activity_ids()[0].clone(), activity_ids()[150].clone()];
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _stop = StopAtEnd(&stop);
        let mut writers = Vec::new();
        for team in ["Payments", "Search"] {
            let assessment = served.open(served.add_team(team), "2025-Q4");
            let (sender, acknowledged) = mpsc::channel();
            let (browser, ids, stop) = (Browser::clone(&served), &ids, &stop);
            scope.spawn(move || answer_on(&browser, &assessment, ids, stop, &sender));
            writers.push((team, acknowledged));
        }
        for round in 0..4 {
            let before: Vec<usize> = writers.iter().map(|(_, done)| done.iter().take(3).last().unwrap()).collect();
            let file = format!("{round}.db");
            commands.run(&["backup", &file]).expect_done();
            let other = CommandLine::new();
            other.run(&["restore", commands.path(&file).to_str().unwrap()]).expect_done();
            let everything = other.everything();
            for ((team, _), before) in writers.iter().zip(before) {
                let notes = notes(&everything, team);
                let values: Vec<usize> = ids.iter().map(|id| notes[id]).collect();
                assert_eq!(values[0], values[1], "half of a change of {team} is in the backup");
                assert!(values[0] >= before, "{team}: {before} was acknowledged, {} is in the backup", values[0]);
            }
        }
    });
}

#[test]
fn a_backup_is_one_private_file_and_says_what_is_in_it() {
    let commands = CommandLine::with_answers(&made_up_answers());
    let done = commands.run(&["backup", "copy.db"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), ""));
    let bytes = std::fs::metadata(commands.path("copy.db")).unwrap().len();
    let expected = format!("copy.db is a backup of cairn.db: {bytes} bytes, 3 teams, 10 assessments\n");
    assert_eq!(done.stderr, expected);
    assert_eq!(commands.files(), ["answers.csv", "cairn.db", "copy.db"]);
    assert_private(&commands.path("copy.db"));
    let copied = commands.run(&["export", "answers", "--database", "copy.db"]).expect_done();
    assert_eq!(copied, commands.everything());
}

#[cfg(unix)]
fn assert_private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}

#[test]
fn a_file_is_replaced_only_by_force_and_then_whole() {
    let commands = CommandLine::with_answers(&made_up_answers());
    commands.write("copy.db", "something else");
    let message = commands.run(&["backup", "copy.db"]).expect_failure();
    assert_eq!(message, "copy.db exists already; choose another name, or replace it with --force\n");
    assert_eq!(commands.read("copy.db"), "something else");
    commands.run(&["backup", "copy.db", "--force"]).expect_done();
    assert_private(&commands.path("copy.db"));
    let copied = commands.run(&["export", "answers", "--database", "copy.db"]).expect_done();
    assert_eq!(copied, commands.everything());
    assert_eq!(commands.files(), ["answers.csv", "cairn.db", "copy.db"]);
}

#[test]
fn where_no_backup_can_be_everything_stays_as_it_is() {
    let commands = CommandLine::with_answers(&made_up_answers());
    std::fs::create_dir(commands.path("folder")).unwrap();
    std::fs::write(commands.path("folder/inside"), "kept").unwrap();
    let (before, files) = (std::fs::read(commands.database()).unwrap(), commands.files());
    for (file, message) in [
        ("no/such/copy.db", "no/such/copy.db cannot be written: "),
        ("answers.csv/copy.db", "answers.csv/copy.db cannot be written: "),
        ("folder", "folder cannot be written: it is not a file"),
        ("cairn.db", "is the database; choose another file"),
        ("folder/../cairn.db", "is the database; choose another file"),
    ] {
        let found = commands.run(&["backup", "--force", file]).expect_failure();
        assert!(found.contains(message) && found.lines().count() == 1, "{file}: {found}");
        assert_eq!(commands.files(), files, "{file}");
        assert!(std::fs::read(commands.database()).unwrap() == before, "{file}");
    }
    assert!(commands.run(&["backup", "copy.db", "--database", "none.db"]).expect_failure().contains("none.db"));
    assert_eq!(commands.files(), files);
}

#[test]
fn a_folder_that_must_not_be_written_is_left_as_it_is() {
    let commands = CommandLine::with_answers(&made_up_answers());
    let folder = commands.path("folder");
    std::fs::create_dir(&folder).unwrap();
    let mut permissions = std::fs::metadata(&folder).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&folder, permissions).unwrap();
    if std::fs::File::create(folder.join("probe")).is_ok() {
        eprintln!("skipped: this user may write everything");
        return;
    }
    let message = commands.run(&["backup", "folder/copy.db"]).expect_failure();
    assert!(message.starts_with("folder/copy.db cannot be written: "), "{message}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_damaged_database_replaces_no_good_backup() {
    let commands = CommandLine::with_answers(&made_up_answers());
    commands.run(&["backup", "copy.db"]).expect_done();
    let good = std::fs::read(commands.path("copy.db")).unwrap();
    let mut bytes = std::fs::read(commands.database()).unwrap();
    let end = bytes.len() - 4096 * 3;
    bytes[end..].fill(0xAA);
    commands.write("cairn.db", &bytes);
    let message = commands.run(&["backup", "copy.db", "--force"]).expect_failure();
    assert!(message.contains("the database is damaged"), "{message}");
    assert_eq!(commands.files(), ["answers.csv", "cairn.db", "copy.db"]);
    assert!(std::fs::read(commands.path("copy.db")).unwrap() == good);
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed_to_a_file_that_is_not_meant() {
    let commands = CommandLine::new();
    commands.serve();
    commands.write("precious.txt", "mine");
    std::os::unix::fs::symlink(commands.path("precious.txt"), commands.path("copy.db")).unwrap();
    let message = commands.run(&["backup", "copy.db", "--force"]).expect_failure();
    assert!(message.contains("it is a link; name the file itself"), "{message}");
    assert_eq!(commands.read("precious.txt"), "mine");
}
