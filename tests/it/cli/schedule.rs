//! The backups that a service makes by itself: when they are due, which are kept, and what is said.

use cairn::app::Cairn;
use cairn::domain::access::{Actor, Caller};
use cairn::domain::backup::{BackupFile, BackupSchedule};
use cairn::store::OpenOptions;

use crate::harness::{CommandLine, made_up_answers};

/// A folder with a database and an empty folder for backups.
fn folder() -> CommandLine {
    let commands = CommandLine::with_answers(&made_up_answers());
    std::fs::create_dir(commands.path("backups")).unwrap();
    commands
}

/// The names in the folder of the backups.
fn backups(commands: &CommandLine) -> Vec<String> {
    let entries = std::fs::read_dir(commands.path("backups")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The service with a schedule of every 24 hours, of which three are kept.
fn scheduled(commands: &CommandLine) -> Cairn {
    let schedule = BackupSchedule { folder: commands.path("backups"), every: 24, keep: 3 };
    Cairn::open(&commands.database(), OpenOptions::default()).unwrap().with_backups(schedule)
}

fn at(time: &str) -> Caller {
    Caller { actor: Actor::operator(), at: format!("2026-11-{time}:00Z").parse().unwrap(), from: String::new() }
}

/// Lets the schedule have its way at a time; gives the name of what was made.
fn tick(cairn: &Cairn, time: &str) -> Option<String> {
    cairn.back_up_when_due(&at(time)).unwrap().map(|file| file.name)
}

const OPTIONS: [&str; 4] = ["--log", "info", "--backup-folder", "backups"];

#[test]
fn a_backup_that_is_due_is_made_at_start_and_not_again() {
    let commands = folder();
    let then = commands.everything();
    let mut served = commands.serve_with(&OPTIONS);
    assert_eq!(served.message(), "A backup is made in backups every 24 hours, and the last 14 are kept");
    let message = served.message();
    let made = backups(&commands);
    assert!(made.len() == 1 && message.contains(&format!("a backup is made: {}, ", made[0])), "{message}: {made:?}");
    assert!(BackupFile::time_of(&made[0]).is_some());
    served.stop();
    // Beside the first one nothing is made, as it would have been by the time the service has stopped.
    commands.serve_with(&OPTIONS).stop();
    assert_eq!(backups(&commands), made);
    let from = format!("backups/{}", made[0]);
    commands.run(&["restore", &from, "--database", "other.db"]).expect_done();
    assert_eq!(commands.run(&["export", "answers", "--database", "other.db"]).expect_done(), then);
}

#[test]
fn a_backup_that_was_missed_is_made_at_start_and_the_oldest_goes() {
    let commands = folder();
    let old = ["cairn-20250101T000000Z.db", "cairn-20250102T000000Z.db", "cairn-20250103T000000Z.db"];
    for name in old {
        commands.write(&format!("backups/{name}"), "old");
    }
    let variables = [("CAIRN_BACKUP_FOLDER", "backups"), ("CAIRN_BACKUP_EVERY", "1"), ("CAIRN_BACKUP_KEEP", "2")];
    let mut served = commands.serve_where(&variables);
    assert_eq!(served.message(), "A backup is made in backups every 1 hours, and the last 2 are kept");
    assert!(served.message().contains("a backup is made: "));
    served.stop();
    let left = backups(&commands);
    assert_eq!((left.len(), left[0].as_str()), (2, old[2]), "{left:?}");
}

#[test]
fn backups_come_at_their_hour_and_old_ones_go() {
    let commands = folder();
    for other in ["cairn.db", "cairn-20200101T000000Z.db.gz", "notes.txt", "cairn-2020.db"] {
        commands.write(&format!("backups/{other}"), "not ours");
    }
    let others = backups(&commands);
    let cairn = scheduled(&commands);
    let mut expected = Vec::new();
    for day in 10..16 {
        assert!(day == 10 || tick(&cairn, &format!("{day}T11:59")).is_none());
        let name = format!("cairn-202611{day}T120000Z.db");
        assert_eq!(tick(&cairn, &format!("{day}T12:00")), Some(name.clone()));
        assert_eq!(tick(&cairn, &format!("{day}T12:01")), None);
        expected.push(name);
        let kept = &expected[expected.len().saturating_sub(3)..];
        let mut all: Vec<String> = others.iter().chain(kept).cloned().collect();
        all.sort();
        assert_eq!(backups(&commands), all);
    }
    let known = cairn.backups(&at("15T13:00")).unwrap();
    let names: Vec<&str> = known.files.iter().map(|file| file.name.as_str()).collect();
    let newest_first: Vec<&str> = expected[3..].iter().rev().map(String::as_str).collect();
    assert_eq!(names, newest_first);
    let last = known.newest().unwrap();
    let length = std::fs::metadata(commands.path(&format!("backups/{}", last.name))).unwrap().len();
    assert_eq!((last.at, last.bytes), (at("15T12:00").at, length));
    assert!(!known.is_failing() && known.last_failure.is_none() && known.unreadable.is_none());
    assert_eq!(known.schedule.unwrap().keep, 3);
}

#[test]
fn a_failure_is_known_removes_nothing_and_is_tried_again_after_an_hour() {
    let commands = folder();
    let cairn = scheduled(&commands);
    for day in 10..13 {
        tick(&cairn, &format!("{day}T12:00")).unwrap();
    }
    let made = backups(&commands);
    // What the backup is to become is there, as something that cannot be replaced.
    std::fs::create_dir(commands.path("backups/cairn-20261113T120000Z.db")).unwrap();
    let error = cairn.back_up_when_due(&at("13T12:00")).unwrap_err().to_string();
    assert!(error.contains("cairn-20261113T120000Z.db exists already"), "{error}");
    let known = cairn.backups(&at("13T12:01")).unwrap();
    let failure = known.last_failure.clone().unwrap();
    assert_eq!((failure.at, failure.reason), (at("13T12:00").at, error));
    assert!(known.is_failing());
    assert_eq!(known.files.len(), 3, "nothing was removed");
    std::fs::remove_dir(commands.path("backups/cairn-20261113T120000Z.db")).unwrap();
    assert_eq!(backups(&commands), made);
    assert_eq!(tick(&cairn, "13T12:59"), None);
    assert_eq!(tick(&cairn, "13T13:00").unwrap(), "cairn-20261113T130000Z.db");
    let known = cairn.backups(&at("13T14:00")).unwrap();
    assert!(!known.is_failing() && known.last_failure.is_some());
    assert_eq!(backups(&commands).len(), 3);
}

#[test]
fn a_folder_that_is_away_is_told_and_the_service_goes_on() {
    let commands = folder();
    std::fs::remove_dir(commands.path("backups")).unwrap();
    let mut served = commands.serve_with(&OPTIONS);
    served.message();
    let message = served.message();
    assert!(
        message.contains("ERROR") && message.contains("the scheduled backup failed: backups cannot be read"),
        "{message}"
    );
    served.add_team("Search");
    served.stop();
    assert_eq!(commands.files(), ["answers.csv", "cairn.db"]);
    let known = scheduled(&commands).backups(&at("13T12:00")).unwrap();
    assert!(known.is_failing() && known.unreadable.unwrap().contains("cannot be read"));
}

#[test]
fn the_database_itself_is_none_of_its_backups() {
    let commands = folder();
    let database = commands.path("backups/cairn-20261101T120000Z.db");
    std::fs::copy(commands.database(), &database).unwrap();
    let schedule = BackupSchedule { folder: commands.path("backups"), every: 24, keep: 1 };
    let cairn = Cairn::open(&database, OpenOptions::default()).unwrap().with_backups(schedule);
    tick(&cairn, "10T12:00").unwrap();
    tick(&cairn, "11T12:00").unwrap();
    assert_eq!(cairn.backups(&at("11T12:00")).unwrap().files.len(), 1);
    assert!(database.exists());
}

#[test]
fn without_a_folder_nothing_is_scheduled() {
    let commands = folder();
    let cairn = Cairn::open(&commands.database(), OpenOptions::default()).unwrap();
    assert_eq!(tick(&cairn, "10T12:00"), None);
    let known = cairn.backups(&at("10T12:00")).unwrap();
    assert!(known.schedule.is_none() && known.newest().is_none() && !known.is_failing());
}
