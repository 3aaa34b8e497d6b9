//! Backups: made when somebody asks for one or when one is due, and put back.

use std::path::Path;
use std::sync::MutexGuard;

use chrono::TimeDelta;

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::audit::{Deed, Event};
use crate::domain::backup::{BackupContent, BackupFailure, BackupFile, BackupSchedule, Backups};
use crate::mutex::lock;
use crate::store::{self, Existing, OpenOptions, Restored, Store};

/// How long after a failure it is tried again: what filled or took away the folder is rarely gone
/// within a minute, and every try reads the whole database.
const PAUSE_AFTER_FAILURE: TimeDelta = TimeDelta::hours(1);

impl Cairn {
    /// The same service, with backups that are due at times.
    pub fn with_backups(self, schedule: BackupSchedule) -> Self {
        Self { backup_schedule: Some(schedule), ..self }
    }

    /// Writes a copy of everything to a file, which is there whole or not at all.
    pub fn back_up(&self, caller: &Caller, target: &Path, existing: Existing) -> Result<BackupContent, Error> {
        caller.actor.authorize(Action::Operate)?;
        let content = self.store.back_up(target, existing)?;
        self.record_backup(caller, &target.display().to_string(), content);
        Ok(content)
    }

    /// Makes a scheduled backup if one is due, and then removes those that need not be kept any
    /// more. Whoever has a schedule calls this again and again; after a failure it does nothing for
    /// an hour.
    pub fn back_up_when_due(&self, caller: &Caller) -> Result<Option<BackupFile>, Error> {
        caller.actor.authorize(Action::Operate)?;
        let Some(schedule) = &self.backup_schedule else { return Ok(None) };
        let failed_at = self.backup_failure().as_ref().map(|failure| failure.at);
        if failed_at.is_some_and(|failed| failed <= caller.at && caller.at - failed < PAUSE_AFTER_FAILURE) {
            return Ok(None);
        }
        self.make_scheduled(schedule, caller).map_err(|error| {
            *self.backup_failure() = Some(BackupFailure { at: caller.at, reason: error.to_string() });
            Error::Store(error)
        })
    }

    fn make_scheduled(&self, schedule: &BackupSchedule, caller: &Caller) -> Result<Option<BackupFile>, store::Error> {
        let folder = schedule.folder.as_path();
        if !schedule.is_due(&self.store.backups_in(folder)?, caller.at) {
            return Ok(None);
        }
        let name = BackupFile::name_at(caller.at);
        let content = self.store.back_up(&folder.join(&name), Existing::Refuse)?;
        self.record_backup(caller, &name, content);
        for old in schedule.superfluous(&self.store.backups_in(folder)?, &name) {
            self.store.remove_backup(folder, old)?;
        }
        Ok(Some(BackupFile { name, at: caller.at, bytes: content.bytes }))
    }

    /// Puts a backup into the record. A backup of a database that takes no record any more is a backup all
    /// the same, and one that is needed.
    fn record_backup(&self, caller: &Caller, file: &str, content: BackupContent) {
        let event = Event::new(Deed::BackedUp, file).with("bytes", content.bytes);
        let event = event.with("teams", content.teams).with("assessments", content.assessments);
        let _ = self.change(caller, |_, events| {
            events.push(event);
            Ok::<(), Error>(())
        });
    }

    /// What there is to know about backups.
    pub fn backups(&self, caller: &Caller) -> Result<Backups, Error> {
        let (last, head) = self.read(caller, Action::Operate, |snapshot, _| {
            Ok((snapshot.last_audit_entry(Deed::BackedUp)?, snapshot.audit_head()?))
        })?;
        let last = last.and_then(|entry| Some((entry.moment()?, entry.subject)));
        let listed = self.backup_schedule.as_ref().map(|schedule| self.store.backups_in(&schedule.folder));
        let (files, unreadable) = match listed {
            None => (Vec::new(), None),
            Some(Ok(files)) => (files, None),
            Some(Err(error)) => (Vec::new(), Some(error.to_string())),
        };
        let last_failure = self.backup_failure().clone();
        Ok(Backups { schedule: self.backup_schedule.clone(), files, unreadable, last_failure, last, head })
    }

    /// Puts a backup in the place of a database that nobody has open. The database may be missing or
    /// damaged; what is there is kept beside it. Everybody is signed out and links to set a password
    /// are over, since those that were ended or used after the backup would open something again.
    pub fn restore(caller: &Caller, backup: &Path, database: &Path) -> Result<Restored, Error> {
        caller.actor.authorize(Action::Operate)?;
        let restored = Store::restore(backup, database, caller.at)?;
        Self::open(database, OpenOptions::default())?.change(caller, |change, events| {
            change.end_all_sessions(caller.at)?;
            change.remove_password_links()?;
            events.push(Event::new(Deed::Restored, backup.display().to_string()));
            Ok::<(), Error>(())
        })?;
        Ok(restored)
    }

    fn backup_failure(&self) -> MutexGuard<'_, Option<BackupFailure>> {
        lock(&self.backup_failure)
    }
}
