//! Copies of the database, made while it is in use, and the files of scheduled backups.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::prelude::*;
use diesel::{sql_query, sql_types};

use super::files::{folder_of, remove_if_there, sync_folder, temporary_in};
use super::open::{Connector, Count};
use super::schema::{assessments, teams};
use super::{Error, Store};
use crate::domain::backup::{BackupContent, BackupFile};

/// What to do when the file of a backup is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It is an error.
    Refuse,
    /// It is replaced, once the backup is whole.
    Replace,
}

impl Store {
    /// Writes a copy of the database as it is at one moment; others read and write meanwhile. The
    /// file is whole, checked and on the disk when it gets its name, and only its owner may read it.
    pub fn back_up(&self, target: &Path, existing: Existing) -> Result<BackupContent, Error> {
        let target = &destination(target, existing)?;
        let failed = |error: io::Error| Error::writing(target, &error);
        let folder = folder_of(target);
        let copy = temporary_in(folder).map_err(failed)?;
        let connector = Connector::new(copy.path(), Duration::ZERO)?;
        sql_query("VACUUM INTO ?")
            .bind::<sql_types::Text, _>(connector.name())
            .execute(&mut self.connector.connect()?)?;
        let mut content = {
            let mut connection = connector.establish()?;
            verify(&mut connection)?;
            content(&mut connection)?
        };
        copy.as_file().sync_all().map_err(failed)?;
        content.bytes = copy.as_file().metadata().map_err(failed)?.len();
        match existing {
            Existing::Refuse => copy.persist_noclobber(target),
            Existing::Replace => copy.persist(target),
        }
        .map_err(|error| failed(error.error))?;
        sync_folder(folder).map_err(failed)?;
        Ok(content)
    }

    /// The scheduled backups in a folder, newest first. The database itself is none of them,
    /// whatever its name.
    pub fn backups_in(&self, folder: &Path) -> Result<Vec<BackupFile>, Error> {
        let failed = |error: io::Error| Error::Unreadable { path: folder.to_owned(), reason: error.to_string() };
        let own = self.connector.path().canonicalize().ok();
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let Some(at) = BackupFile::time_of(&name) else { continue };
            let metadata = entry.metadata().map_err(failed)?;
            if metadata.is_file() && (own.is_none() || entry.path().canonicalize().ok() != own) {
                files.push(BackupFile { name, at, bytes: metadata.len() });
            }
        }
        files.sort_by_key(|file| std::cmp::Reverse(file.at));
        Ok(files)
    }

    /// Removes a scheduled backup.
    pub fn remove_backup(&self, folder: &Path, file: &BackupFile) -> Result<(), Error> {
        let path = folder.join(&file.name);
        remove_if_there(&path).map_err(|error| Error::Unremovable { path, reason: error.to_string() })
    }
}

/// Where a backup goes. What is there and no file, such as a folder or a device, is never replaced.
fn destination(target: &Path, existing: Existing) -> Result<PathBuf, Error> {
    let Ok(found) = std::fs::symlink_metadata(target) else { return Ok(target.to_owned()) };
    if existing == Existing::Refuse {
        return Err(Error::Exists(target.to_owned()));
    }
    // Where others can write to the folder a link may lead to any file of whoever makes the backup.
    let reason = match found.is_symlink() {
        true => "it is a link; name the file itself",
        false if found.is_file() => return Ok(target.to_owned()),
        false => "it is not a file",
    };
    Err(Error::Unwritable { path: target.to_owned(), reason: reason.to_owned() })
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = sql_types::Text)]
    finding: String,
}

/// Reads everything, and says what is wrong with it.
pub(super) fn verify(connection: &mut SqliteConnection) -> Result<(), Error> {
    let query = "SELECT integrity_check AS finding FROM pragma_integrity_check LIMIT 1";
    for Finding { finding } in sql_query(query).load(connection)? {
        if finding != "ok" {
            return Err(Error::Damaged(finding.lines().collect::<Vec<_>>().join("; ")));
        }
    }
    let query = "SELECT count(*) AS count FROM pragma_foreign_key_check";
    match sql_query(query).get_result::<Count>(connection)?.count {
        0 => Ok(()),
        1 => Err(Error::Damaged("1 record refers to one that is not there".to_owned())),
        count => Err(Error::Damaged(format!("{count} records refer to others that are not there"))),
    }
}

/// What is in a database; how large its file is is for the caller to say.
pub(super) fn content(connection: &mut SqliteConnection) -> Result<BackupContent, Error> {
    let teams: i64 = teams::table.count().get_result(connection)?;
    let assessments: i64 = assessments::table.count().get_result(connection)?;
    Ok(BackupContent { bytes: 0, teams: teams.unsigned_abs(), assessments: assessments.unsigned_abs() })
}
