//! Database files that cannot be used: a clear message, and the file is left as it is.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::harness::{CommandLine, activity_ids, made_up_answers};

const COMMANDS: [&[&str]; 3] =
    [&["export", "answers"], &["import", "answers.csv"], &["serve", "--listen", "127.0.0.1:0"]];

/// A folder with a database of ours, closed, and a file to import.
fn folder() -> CommandLine {
    let commands = CommandLine::with_answers(&made_up_answers());
    assert_eq!(commands.files(), ["answers.csv", "cairn.db"], "nothing stays beside a closed database");
    commands
}

fn open(commands: &CommandLine) -> SqliteConnection {
    SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap()
}

/// Every command fails with the message and leaves the file, and the folder, as they are.
fn assert_refused(commands: &CommandLine, message: &str) {
    let (before, files) = (std::fs::read(commands.database()).unwrap(), commands.files());
    for arguments in COMMANDS {
        let found = commands.run(arguments).expect_failure();
        assert!(found.contains(message), "{arguments:?}: {found}");
        assert!(found.lines().count() == 1 && found.len() < 300, "{found}");
        assert!(std::fs::read(commands.database()).unwrap() == before, "{arguments:?} changed the file");
        assert_eq!(commands.files(), files, "{arguments:?}");
    }
}

#[test]
fn a_truncated_database_is_refused() {
    let commands = folder();
    let whole = std::fs::read(commands.database()).unwrap();
    for (length, message) in [
        (whole.len() / 2, "cairn.db has lost its end"),
        (whole.len() - 1, "cairn.db has lost its end"),
        (4096, "cairn.db has lost its end"),
        (60, "the file ends inside its header"),
    ] {
        commands.write("cairn.db", &whole[..length]);
        assert_refused(&commands, message);
        assert_refused(&commands, "restore a backup");
    }
    commands.write("cairn.db", &whole[..5]);
    assert_refused(&commands, "cairn.db is not a database of Cairn");
}

#[test]
fn a_database_that_is_damaged_inside_is_refused() {
    let commands = folder();
    let mut bytes = std::fs::read(commands.database()).unwrap();
    bytes[8192..].fill(0xAA);
    commands.write("cairn.db", &bytes);
    for arguments in [&["export", "answers"][..], &["import", "answers.csv"]] {
        let message = commands.run(arguments).expect_failure();
        assert!(message.contains("damaged") && message.contains("restore a backup"), "{message}");
    }
}

#[test]
fn files_of_others_are_refused() {
    let commands = folder();
    let mut bytes = std::fs::read(commands.database()).unwrap();
    bytes[68..72].copy_from_slice(&0x0f05_5112_u32.to_be_bytes());
    commands.write("cairn.db", &bytes);
    assert_refused(&commands, "cairn.db is not a database of Cairn; give another place with --database");

    std::fs::remove_file(commands.database()).unwrap();
    open(&commands).batch_execute("CREATE TABLE notes (id INTEGER PRIMARY KEY); INSERT INTO notes VALUES (1)").unwrap();
    let before = std::fs::read(commands.database()).unwrap();
    for arguments in COMMANDS {
        let message = commands.run(arguments).expect_failure();
        assert!(message.contains("cairn.db is not a database of Cairn"), "{message}");
    }
    assert!(std::fs::read(commands.database()).unwrap() == before, "the file of somebody else was changed");

    commands.write("cairn.db", "Dear diary,\n");
    assert_refused(&commands, "cairn.db is not a database of Cairn");
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let commands = folder();
    open(&commands)
        .batch_execute(
            "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99991231000000', '2026-11-24 12:00:00')",
        )
        .unwrap();
    assert_refused(&commands, "was written by a newer version of Cairn (schema 99991231000000); use that version");
}

#[test]
fn a_locked_database_is_waited_for_and_then_refused() {
    let commands = folder();
    let before = commands.everything();
    let mut other = open(&commands);
    other.batch_execute("BEGIN EXCLUSIVE").unwrap();
    std::thread::scope(|scope| {
        for arguments in COMMANDS {
            let commands = &commands;
            scope.spawn(move || {
                let message = commands.run(arguments).expect_failure();
                assert!(message.contains("locked by another program; try again"), "{arguments:?}: {message}");
            });
        }
    });
    other.batch_execute("ROLLBACK").unwrap();
    assert_eq!(commands.everything(), before);
}

#[test]
fn what_is_no_file_is_refused() {
    let commands = CommandLine::new();
    std::fs::create_dir(commands.database()).unwrap();
    commands.write("answers.csv", "team,period,activity_id,status\n");
    for arguments in COMMANDS {
        let message = commands.run(arguments).expect_failure();
        assert!(message.contains("the database cairn.db cannot be opened: it is not a file"), "{message}");
        let elsewhere = [arguments, &["--database", "no/such/folder/cairn.db"]].concat();
        let message = commands.run(&elsewhere).expect_failure();
        assert!(message.contains("no/such/folder/cairn.db"), "{message}");
    }
    assert_eq!(commands.files(), ["answers.csv", "cairn.db"]);
}

#[test]
fn a_database_that_must_not_be_written_is_refused() {
    let commands = folder();
    let mut permissions = std::fs::metadata(commands.database()).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(commands.database(), permissions).unwrap();
    if std::fs::File::options().append(true).open(commands.database()).is_ok() {
        eprintln!("skipped: this user may write everything");
        return;
    }
    let before = std::fs::read(commands.database()).unwrap();
    commands.write("new.csv", "team,period,activity_id,status\nNew Team,2025-Q1,x,\n".replace('x', &activity_ids()[0]));
    let message = commands.run(&["import", "new.csv"]).expect_failure();
    assert_eq!(message, "the database cannot be written: the file or its folder is read-only\n");
    assert!(std::fs::read(commands.database()).unwrap() == before);
}

#[cfg(unix)]
#[test]
fn a_new_database_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let commands = CommandLine::new();
    let served = commands.serve();
    served.add_team("Payments");
    for name in ["cairn.db", "cairn.db-wal", "cairn.db-shm"] {
        let mode = std::fs::metadata(commands.path(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}
