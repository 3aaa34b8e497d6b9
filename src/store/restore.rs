//! Putting a backup in the place of the database. Everything is checked on a copy beside the
//! database; until the copy takes its place by one renaming, the database is what it was.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{sql_query, sql_types};
use diesel_migrations::MigrationHarness;
use tempfile::NamedTempFile;

use super::backup::{content, verify};
use super::files::{folder_of, remove_if_there, sync_folder, temporary_in};
use super::lock::Lock;
use super::open::{
    Connector, MIGRATIONS, Missing, OpenOptions, beside, has_mark, inspect, is_sqlite, migrate, refuse_foreign_tables,
};
use super::{Error, Store};
use crate::domain::backup::BackupContent;

/// What SQLite keeps beside a file. With another file under the same name they would ruin it.
const COMPANIONS: [&str; 3] = ["-wal", "-journal", "-shm"];

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// What is in the database now.
    pub content: BackupContent,
    /// Where the database is that was there before, if there was one.
    pub kept: Option<PathBuf>,
    /// Whether the schema of the backup was of an older version, and was brought up to date.
    pub migrated: bool,
}

impl Store {
    /// Puts a backup in the place of a database, which may be missing or damaged, and keeps what was
    /// there beside it. Refused while the database is open anywhere, and unless the backup is good.
    pub fn restore(backup: &Path, database: &Path, at: DateTime<Utc>) -> Result<Restored, Error> {
        // A link to the database stays a link.
        let database = &database.canonicalize().unwrap_or_else(|_| database.to_owned());
        if backup.canonicalize().is_ok_and(|backup| backup == *database) {
            return Err(not_restorable(backup, "it is the database itself"));
        }
        let _locks = Lock::keep_out_all(database)?;
        let folder = tempfile::Builder::new()
            .prefix(".cairn-restore-")
            .tempdir_in(folder_of(database))
            .map_err(|error| Error::writing(database, &error))?;
        let copy = copy(backup, folder.path())?;
        let (content, migrated) = prepare(copy.path()).map_err(|error| match error {
            Error::Damaged(reason) => not_restorable(backup, format!("it is damaged ({reason})")),
            Error::Newer { schema, .. } => not_restorable(backup, newer(&schema)),
            Error::Foreign(_) => not_restorable(backup, FOREIGN),
            Error::Other(reason) => not_restorable(backup, reason),
            other => other,
        })?;
        let content = BackupContent { bytes: copy.as_file().metadata().map_or(0, |copy| copy.len()), ..content };
        let _kept_out = settle(database)?;
        let kept = replace(database, copy, at)?;
        Ok(Restored { content, kept, migrated })
    }
}

const FOREIGN: &str = "it is not a database of Cairn";

fn newer(schema: &str) -> String {
    format!("it was written by a newer version of Cairn (schema {schema}); restore it with that version")
}

fn not_restorable(path: &Path, reason: impl Into<String>) -> Error {
    Error::NotRestorable { path: path.to_owned(), reason: reason.into() }
}

/// Copies a backup, if it looks like one, into a folder.
fn copy(backup: &Path, folder: &Path) -> Result<NamedTempFile, Error> {
    inspect(backup, Missing::Refuse).map_err(|error| match error {
        Error::Missing(_) => not_restorable(backup, "there is no such file"),
        Error::Unopenable { reason, .. } => not_restorable(backup, reason),
        Error::Damaged(reason) => not_restorable(backup, format!("it is damaged ({reason})")),
        Error::Foreign(_) => not_restorable(backup, FOREIGN),
        other => other,
    })?;
    refuse_log(backup)?;
    if !has_mark(backup) {
        return Err(not_restorable(backup, FOREIGN));
    }
    let reading = |error: io::Error| not_restorable(backup, error.to_string());
    let mut copy = temporary_in(folder).map_err(|error| Error::writing(folder, &error))?;
    let mut source = File::open(backup).map_err(reading)?;
    io::copy(&mut source, copy.as_file_mut()).map_err(|error| match Error::writing(folder, &error) {
        Error::Full => Error::Full,
        _ => reading(error),
    })?;
    // Looked for again, in case that somebody began to write while it was copied.
    refuse_log(backup)?;
    Ok(copy)
}

/// A file with a log beside it is not whole by itself.
fn refuse_log(backup: &Path) -> Result<(), Error> {
    let log = ["-wal", "-journal"].map(|ending| beside(backup, ending));
    let Some(log) = log.iter().find(|log| std::fs::metadata(log).is_ok_and(|log| log.len() > 0)) else { return Ok(()) };
    let log = log.display();
    let reason = format!(
        "a part of it is in {log}: it is a database in use, or one that was not closed. Make a backup of it with \
         `cairn backup`, and restore that"
    );
    Err(not_restorable(backup, reason))
}

/// Checks a copy and brings its schema up to date. Says what is in it, and whether it was older.
fn prepare(copy: &Path) -> Result<(BackupContent, bool), Error> {
    let connector = Connector::new(copy, Duration::ZERO)?;
    let mut connection = connector.establish()?;
    // The copy becomes a file that is whole by itself; whoever opens it switches to a log again.
    connection.batch_execute("PRAGMA journal_mode = DELETE; PRAGMA foreign_keys = ON;")?;
    verify(&mut connection)?;
    let versions = |connection: &mut SqliteConnection| {
        connection.applied_migrations().map_err(|error| Error::classify(&error.to_string())).map(|found| found.len())
    };
    let before = versions(&mut connection)?;
    migrate(&mut connection, copy)?;
    let migrated = versions(&mut connection)? > before;
    if migrated {
        verify(&mut connection)?;
    }
    check_schema(&mut connection)?;
    Ok((content(&mut connection)?, migrated))
}

#[derive(QueryableByName)]
struct Object {
    #[diesel(sql_type = sql_types::Text)]
    object: String,
}

/// Whether all tables, indexes and triggers are there: without the triggers the past could be changed.
fn check_schema(connection: &mut SqliteConnection) -> Result<(), Error> {
    fn objects(connection: &mut SqliteConnection) -> Result<Vec<String>, Error> {
        let query = "SELECT type || ' ' || name AS object FROM sqlite_master WHERE name NOT LIKE 'sqlite%'";
        Ok(sql_query(query).load::<Object>(connection)?.into_iter().map(|row| row.object).collect())
    }
    let mut model = Connector::memory()?;
    model.run_pending_migrations(MIGRATIONS).map_err(|error| Error::Other(error.to_string()))?;
    let found = objects(connection)?;
    match objects(&mut model)?.into_iter().find(|object| !found.contains(object)) {
        None => Ok(()),
        Some(missing) => Err(Error::Damaged(format!("the {missing} is missing"))),
    }
}

/// Brings the log of the present database into its file, and keeps other programs out of it as
/// long as the connection is there. What is missing or damaged is left as it is.
fn settle(database: &Path) -> Result<Option<SqliteConnection>, Error> {
    match inspect(database, Missing::Refuse) {
        // SQLite would begin to write the first page.
        Ok(()) if std::fs::metadata(database).is_ok_and(|file| file.len() == 0) => return Ok(None),
        Ok(()) => {}
        Err(Error::Foreign(path)) if is_sqlite(&path) => return Err(Error::Foreign(path)),
        Err(Error::Missing(_) | Error::Foreign(_) | Error::Damaged(_)) => return Ok(None),
        Err(other) => return Err(other),
    }
    let settling = || -> Result<SqliteConnection, Error> {
        let mut connection = Connector::new(database, OpenOptions::default().patience)?.establish()?;
        refuse_foreign_tables(&mut connection, database)?;
        connection.batch_execute("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;")?;
        Ok(connection)
    };
    match settling() {
        Ok(connection) => Ok(Some(connection)),
        Err(error @ (Error::Busy | Error::Foreign(_) | Error::Full)) => Err(error),
        // Whatever is wrong with it, it is kept together with its log.
        Err(_) => Ok(None),
    }
}

/// Gives the copy the name of the database, and what was there another. Nobody has either open.
fn replace(database: &Path, copy: NamedTempFile, at: DateTime<Utc>) -> Result<Option<PathBuf>, Error> {
    let writing = |error: io::Error| Error::writing(database, &error);
    let kept = beside(database, &at.format(".before-restore-%Y%m%dT%H%M%SZ").to_string());
    let there = database.exists();
    // Of the same second: what the earlier one kept must stay.
    let taken = ["", "-wal", "-journal", "-shm"].map(|ending| beside(&kept, ending));
    if let Some(taken) = taken.into_iter().find(|taken| taken.exists()) {
        return Err(Error::Exists(taken));
    }
    if there {
        resemble(&copy, database).map_err(writing)?;
    }
    copy.as_file().sync_all().map_err(writing)?;
    let mut moved = Moved::default();
    if there {
        moved.name(database, &kept).map_err(writing)?;
    }
    for ending in COMPANIONS {
        moved.rename(&beside(database, ending), &beside(&kept, ending)).map_err(writing)?;
    }
    copy.persist(database).map_err(|error| writing(error.error))?;
    moved.are_final();
    // The index of a log is made anew from the log.
    remove_if_there(&beside(&kept, "-shm")).map_err(writing)?;
    sync_folder(folder_of(database)).map_err(writing)?;
    Ok(there.then_some(kept))
}

/// Files that got another name, and get the one before back unless everything succeeds.
#[derive(Default)]
struct Moved {
    from_to: Vec<(PathBuf, PathBuf)>,
}

impl Moved {
    /// Gives a file that is there a further name, so that at no time it is missing under its first;
    /// where a file has one name only it is renamed.
    fn name(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        match std::fs::hard_link(from, to) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
            Err(_) => std::fs::rename(from, to)?,
            Ok(()) => {}
        }
        self.from_to.push((from.to_owned(), to.to_owned()));
        Ok(())
    }

    /// Renames a file, if it is there.
    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        match std::fs::rename(from, to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => other?,
        }
        self.from_to.push((from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn are_final(&mut self) {
        self.from_to.clear();
    }
}

impl Drop for Moved {
    fn drop(&mut self) {
        for (from, to) in self.from_to.drain(..).rev() {
            // Two names of one file stay two when one is renamed to the other.
            let _ = if from.exists() { std::fs::remove_file(to) } else { std::fs::rename(to, from) };
        }
    }
}

/// Gives the copy the owner and the permissions of the present database, so that the service can go
/// on with it whoever restores.
#[cfg(unix)]
fn resemble(copy: &NamedTempFile, database: &Path) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let (present, own) = (std::fs::metadata(database)?, copy.as_file().metadata()?);
    if (present.uid(), present.gid()) != (own.uid(), own.gid()) {
        fchown(copy.as_file(), Some(present.uid()), Some(present.gid()))?;
    }
    copy.as_file().set_permissions(Permissions::from_mode(present.mode() & 0o777 | 0o600))
}

#[cfg(not(unix))]
fn resemble(_: &NamedTempFile, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    #[test]
    fn a_backup_of_an_older_version_is_brought_up_to_date_and_stays_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (backup, database) = (folder.path().join("old.db"), folder.path().join("cairn.db"));
        let mut old = SqliteConnection::establish(backup.to_str().unwrap()).unwrap();
        old.run_pending_migrations(MIGRATIONS).unwrap();
        old.revert_last_migration(MIGRATIONS).unwrap();
        // Taking back the very first migration takes the mark, too.
        old.batch_execute("PRAGMA application_id = 0x4361726e").unwrap();
        drop(old);
        let before = std::fs::read(&backup).unwrap();
        let restored = Store::restore(&backup, &database, NOW).unwrap();
        assert!(restored.migrated && restored.kept.is_none());
        assert!(std::fs::read(&backup).unwrap() == before);
        Store::open(&database, OpenOptions::default()).unwrap();
        let again = Store::restore(&database, &folder.path().join("again.db"), NOW).unwrap();
        assert!(!again.migrated);
    }

    #[test]
    fn what_cannot_be_finished_is_undone() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["cairn.db", "cairn.db-wal"] {
            std::fs::write(path(name), name).unwrap();
        }
        {
            let mut moved = Moved::default();
            moved.name(&path("cairn.db"), &path("kept")).unwrap();
            moved.rename(&path("cairn.db-wal"), &path("kept-wal")).unwrap();
            assert!(path("kept").exists() && path("kept-wal").exists() && path("cairn.db").exists());
        }
        for name in ["cairn.db", "cairn.db-wal"] {
            assert_eq!(std::fs::read_to_string(path(name)).unwrap(), name);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
