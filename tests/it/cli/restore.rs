//! `cairn restore`: what is put in place is good, what was there is kept, and a refusal changes nothing.

use std::collections::BTreeMap;

use cairn::app::Cairn;
use cairn::store::OpenOptions;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::harness::{Browser, CommandLine, activity_ids, made_up_answers};

/// A folder with a backup in `copy.db`, and a database that has one team more, with what was
/// recorded at the time of the backup.
fn backed_up() -> (CommandLine, String) {
    let commands = CommandLine::with_answers(&made_up_answers());
    commands.run(&["backup", "copy.db"]).expect_done();
    let then = commands.everything();
    add_team(&commands, "Later");
    (commands, then)
}

/// Adds a team with an answer.
fn add_team(commands: &CommandLine, name: &str) {
    let id = &activity_ids()[0];
    commands.write("more.csv", format!("team,period,activity_id,status\n{name},2025-Q1,{id},started\n"));
    commands.run(&["import", "more.csv"]).expect_done();
    std::fs::remove_file(commands.path("more.csv")).unwrap();
}

fn open(commands: &CommandLine, name: &str) -> SqliteConnection {
    SqliteConnection::establish(commands.path(name).to_str().unwrap()).unwrap()
}

/// The name of the one file that a restore kept.
fn kept(commands: &CommandLine) -> String {
    let mut kept = commands.files();
    kept.retain(|name| name.starts_with("cairn.db.before-restore-") && !name.ends_with("-wal"));
    assert_eq!(kept.len(), 1, "{kept:?}");
    kept.remove(0)
}

/// All files with their content.
fn contents(commands: &CommandLine) -> BTreeMap<String, Vec<u8>> {
    let files = commands.files().into_iter();
    files.map(|name| (name.clone(), std::fs::read(commands.path(&name)).unwrap())).collect()
}

/// The restore fails with the message, and no file is other than before.
fn assert_refused(commands: &CommandLine, file: &str, message: &str) {
    let before = contents(commands);
    let found = commands.run(&["restore", file]).expect_failure();
    assert!(found.contains(message), "{file}: {found}");
    assert!(found.lines().count() == 1 && found.len() < 400, "{found}");
    let after = contents(commands);
    assert_eq!(after.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "{file}");
    assert!(after == before, "{file}: a file was changed");
}

#[test]
fn restoring_brings_back_what_was_and_keeps_what_is() {
    let (commands, then) = backed_up();
    let later = commands.everything();
    let backup = std::fs::read(commands.path("copy.db")).unwrap();
    let done = commands.run(&["restore", "copy.db"]);
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), ""), "{}", done.stderr);
    let kept = kept(&commands);
    let lines: Vec<&str> = done.stderr.lines().collect();
    assert!(lines[0].starts_with("cairn.db is restored from copy.db: "), "{lines:?}");
    assert!(lines[0].ends_with(" bytes, 3 teams, 10 assessments"), "{lines:?}");
    assert!(lines[1].starts_with("What was there before is kept in ") && lines[1].ends_with(&kept), "{lines:?}");
    assert!(lines[2].starts_with("Everybody is signed out.") && lines.len() == 3, "{lines:?}");
    assert_eq!(commands.everything(), then);
    assert_eq!(commands.run(&["export", "answers", "--database", &kept]).expect_done(), later);
    assert!(std::fs::read(commands.path("copy.db")).unwrap() == backup, "the backup itself stays as it is");
    assert_eq!(commands.files(), ["answers.csv", "cairn.db", &kept, "copy.db"]);
    // What is restored can be used, and be backed up and restored again.
    add_team(&commands, "Again");
    let digits = kept.strip_prefix("cairn.db.before-restore-").unwrap();
    assert!(digits.len() == 16 && digits.ends_with('Z') && digits.as_bytes()[8] == b'T', "{kept}");
}

#[test]
fn what_a_killed_service_left_in_the_log_is_in_the_kept_file() {
    let (commands, then) = backed_up();
    let served = commands.serve();
    served.add_team("In the log");
    served.kill();
    assert!(std::fs::metadata(commands.path("cairn.db-wal")).unwrap().len() > 0, "the case is made");
    commands.run(&["restore", "copy.db"]).expect_done();
    assert_eq!(commands.everything(), then);
    let kept = kept(&commands);
    assert_eq!(commands.files(), ["answers.csv", "cairn.db", &kept, "copy.db"]);
    let served = commands.serve_with(&["--log", "error"]);
    assert!(!served.visit("/teams").texts("tbody th a").contains(&"In the log".to_owned()));
    served.kill();
    std::fs::copy(commands.path(&kept), commands.database()).unwrap();
    for companion in ["cairn.db-wal", "cairn.db-shm"] {
        let _ = std::fs::remove_file(commands.path(companion));
    }
    assert!(commands.serve().visit("/teams").texts("tbody th a").contains(&"In the log".to_owned()));
}

#[test]
fn a_missing_database_is_restored_and_a_log_without_it_is_no_part_of_it() {
    let (commands, then) = backed_up();
    let served = commands.serve();
    served.add_team("In the log");
    served.kill();
    std::fs::remove_file(commands.database()).unwrap();
    let message = commands.run(&["restore", "copy.db"]).stderr;
    assert!(!message.contains("kept"), "{message}");
    assert_eq!(commands.everything(), then);
    let files = commands.files();
    assert_eq!(files.len(), 4, "{files:?}");
    assert!(files[2].starts_with("cairn.db.before-restore-") && files[2].ends_with("Z-wal"), "{files:?}");
}

#[test]
fn a_damaged_database_is_restored_and_kept_as_it_is() {
    let (commands, then) = backed_up();
    let whole = std::fs::read(commands.database()).unwrap();
    let mut without_head = whole.clone();
    without_head[..4096].fill(0);
    let mut inside = whole.clone();
    inside[4096..].fill(0xAA);
    let backup = std::fs::read(commands.path("copy.db")).unwrap();
    let half = whole[..whole.len() / 2].to_vec();
    for damaged in [without_head, inside, half, b"SQLite format 3\0".to_vec(), Vec::new()] {
        let commands = CommandLine::new();
        commands.write("copy.db", &backup);
        commands.write("cairn.db", &damaged);
        commands.run(&["restore", "copy.db"]).expect_done();
        assert_eq!(commands.everything(), then);
        let kept = std::fs::read_dir(commands.database().parent().unwrap()).unwrap().map(|entry| entry.unwrap().path());
        let kept: Vec<_> = kept.filter(|path| path.to_str().unwrap().contains(".before-restore-")).collect();
        assert_eq!(kept.len(), 1, "{kept:?}");
        let kept = std::fs::read(&kept[0]).unwrap();
        assert_eq!(kept.len(), damaged.len());
        // Whether it has a log stands in two bytes of the head; nothing else may differ.
        let differ = kept.iter().zip(&damaged).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at);
        let differ: Vec<_> = differ.filter(|at| !HEAD.contains(at)).collect();
        assert_eq!(differ, Vec::<usize>::new());
    }
}

/// The bytes of the head in which SQLite notes how and how often a file was written.
const HEAD: [usize; 14] = [18, 19, 24, 25, 26, 27, 92, 93, 94, 95, 96, 97, 98, 99];

#[test]
fn what_is_no_good_backup_is_refused() {
    let (commands, _) = backed_up();
    let good = std::fs::read(commands.path("copy.db")).unwrap();
    let mut page = good.clone();
    let at = page.len() - 4096 * 3;
    page[at..at + 4096].fill(0xAA);
    let mut foreign = good.clone();
    foreign[68..72].copy_from_slice(&0x0f05_5112_u32.to_be_bytes());
    commands.write("text.db", "Dear diary,\n");
    commands.write("empty.db", "");
    commands.write("short.db", &good[..good.len() - 1]);
    commands.write("half.db", &good[..good.len() / 2]);
    commands.write("page.db", page);
    commands.write("foreign.db", foreign);
    let altered = |name: &str, sql: &str| {
        commands.write(name, &good);
        open(&commands, name).batch_execute(sql).unwrap();
    };
    altered("newer.db", "INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231000000')");
    altered("orphan.db", "PRAGMA foreign_keys = OFF; INSERT INTO team_group_members VALUES (77, 1)");
    altered("mutable.db", "DROP TRIGGER answers_are_kept");
    open(&commands, "notes.db").batch_execute("CREATE TABLE notes (id INTEGER PRIMARY KEY)").unwrap();
    for (file, message) in [
        ("none.db", "none.db cannot be restored: there is no such file; nothing was changed"),
        ("text.db", "it is not a database of Cairn"),
        ("empty.db", "it is not a database of Cairn"),
        ("short.db", "it is damaged (short.db has lost its end)"),
        ("half.db", "it is damaged (half.db has lost its end)"),
        ("page.db", "page.db cannot be restored: it is damaged ("),
        ("foreign.db", "it is not a database of Cairn"),
        ("notes.db", "it is not a database of Cairn"),
        (
            "newer.db",
            "it was written by a newer version of Cairn (schema 99991231000000); restore it with that version",
        ),
        ("orphan.db", "it is damaged (1 record refers to one that is not there)"),
        ("mutable.db", "it is damaged (the trigger answers_are_kept is missing)"),
        ("..", "it is not a file"),
        ("cairn.db", "it is the database itself"),
    ] {
        assert_refused(&commands, file, message);
    }
}

#[test]
fn a_database_that_was_not_closed_is_no_backup() {
    let (commands, _) = backed_up();
    let other = CommandLine::new();
    let served = other.serve();
    served.add_team("Payments");
    served.kill();
    for name in ["cairn.db", "cairn.db-wal"] {
        std::fs::copy(other.path(name), commands.path(&name.replace("cairn", "other"))).unwrap();
    }
    assert_refused(&commands, "other.db", "a part of it is in other.db-wal: it is a database in use, or one that");
}

#[test]
fn nothing_is_restored_while_the_database_is_open() {
    let (commands, then) = backed_up();
    let served = commands.serve();
    let before = commands.everything();
    let message = commands.run(&["restore", "copy.db"]).expect_failure();
    assert_eq!(
        message,
        "the database cairn.db is open in a running server of Cairn; stop it first\n"
            .replace("cairn.db", commands.database().canonicalize().unwrap().to_str().unwrap())
    );
    assert_eq!(commands.everything(), before);
    served.stop();

    let command = Cairn::open(&commands.database(), OpenOptions::default()).unwrap();
    assert_refused(&commands, "copy.db", "is open in another command of Cairn; let it finish first");
    drop(command);

    let mut other = open(&commands, "cairn.db");
    other.batch_execute("BEGIN; SELECT count(*) FROM teams").unwrap();
    assert_refused(&commands, "copy.db", "the database is locked by another program; try again when it has finished");
    drop(other);

    assert_eq!(commands.everything(), before);
    commands.run(&["restore", "copy.db"]).expect_done();
    assert_eq!(commands.everything(), then);
    assert_eq!(commands.files().len(), 4, "no lock stays");
}

#[test]
fn the_database_of_another_program_is_not_replaced() {
    let (commands, _) = backed_up();
    std::fs::remove_file(commands.database()).unwrap();
    let notes = "PRAGMA journal_mode = DELETE; CREATE TABLE notes (id INTEGER PRIMARY KEY)";
    open(&commands, "cairn.db").batch_execute(notes).unwrap();
    assert_refused(&commands, "copy.db", "cairn.db is not a database of Cairn");
    open(&commands, "cairn.db").batch_execute("PRAGMA application_id = 7").unwrap();
    assert_refused(&commands, "copy.db", "cairn.db is not a database of Cairn");
}

#[test]
fn a_database_that_cannot_be_there_is_refused() {
    let (commands, _) = backed_up();
    let before = contents(&commands);
    for (database, message) in [
        ("no/such/cairn.db", "no/such/cairn.db cannot be opened"),
        (".", "cannot be"),
        ("copy.db/x.db", "copy.db/x.db"),
    ] {
        let found = commands.run(&["restore", "copy.db", "--database", database]).expect_failure();
        assert!(found.contains(message), "{found}");
    }
    assert!(contents(&commands) == before);
}

#[cfg(unix)]
#[test]
fn the_restored_database_has_the_permissions_of_the_one_before() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    let (commands, _) = backed_up();
    let mode = |commands: &CommandLine| std::fs::metadata(commands.database()).unwrap().permissions().mode() & 0o777;
    std::fs::set_permissions(commands.database(), Permissions::from_mode(0o640)).unwrap();
    commands.run(&["restore", "copy.db"]).expect_done();
    assert_eq!(mode(&commands), 0o640);
    // Where there was none, as private as the backup.
    commands.run(&["restore", "copy.db", "--database", "new.db"]).expect_done();
    let new = std::fs::metadata(commands.path("new.db")).unwrap();
    assert_eq!(new.permissions().mode() & 0o777, 0o600);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_database_stays_a_link() {
    let (commands, then) = backed_up();
    std::fs::rename(commands.database(), commands.path("real.db")).unwrap();
    std::os::unix::fs::symlink("real.db", commands.database()).unwrap();
    commands.run(&["restore", "copy.db"]).expect_done();
    assert!(commands.database().is_symlink());
    assert_eq!(commands.run(&["export", "answers", "--database", "real.db"]).expect_done(), then);
    assert!(commands.files().iter().any(|name| name.starts_with("real.db.before-restore-")));
}

#[test]
fn after_restoring_nobody_is_signed_in_and_no_link_works() {
    let commands = CommandLine::new();
    let served = commands.serve();
    let link = commands.run(&["user", "add", "Grace", "--role", "administrator"]).expect_done();
    let path = format!("/welcome/{}", link.trim().rsplit_once('/').unwrap().1);
    commands.run(&["backup", "copy.db"]).expect_done();
    served.visit(&path);
    let session = served.cookies();
    served.stop();
    commands.run(&["restore", "copy.db"]).expect_done();
    let served = commands.serve();
    served.get(&path).expect_status(410);
    let stranger = Browser::new(served.base());
    assert!(stranger.send("GET", "/teams", &[("cookie", &session)], None).unwrap().location().starts_with("/sign-in"));
    let audit = served.visit("/export/audit.csv").text().to_owned();
    assert!(audit.contains(",operator,operator,,restored,copy.db,"), "{audit}");
}
