//! Backups: what their files are called, when the next one is due, and which ones have had their day.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeDelta, Utc};

use super::audit::Head;

/// How the files of scheduled backups are called. Names sort by time.
const NAME: &str = "cairn-%Y%m%dT%H%M%SZ.db";

/// How a service makes backups by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupSchedule {
    /// Where they go.
    pub folder: PathBuf,
    /// How many hours pass from one to the next; at least 1.
    pub every: u32,
    /// How many are kept; at least 1.
    pub keep: usize,
}

/// A file that a scheduled backup made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// The name, without its folder.
    pub name: String,
    /// When it was made, to the second.
    pub at: DateTime<Utc>,
    /// How large it is.
    pub bytes: u64,
}

/// A scheduled backup that could not be made, or after which an old one could not be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFailure {
    /// When it was tried.
    pub at: DateTime<Utc>,
    /// What went wrong.
    pub reason: String,
}

/// What there is to know about the backups of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backups {
    /// How they are made; none when the service makes none by itself.
    pub schedule: Option<BackupSchedule>,
    /// The files that are there, newest first.
    pub files: Vec<BackupFile>,
    /// Why the folder could not be looked at, if it could not.
    pub unreadable: Option<String>,
    /// The last failure since the service was started, also if a backup was made after it.
    pub last_failure: Option<BackupFailure>,
    /// When the last backup was made, by the service or by hand, and in which file, as the record has it.
    pub last: Option<(DateTime<Utc>, String)>,
    /// The end of the audit record, to be noted with the backup.
    pub head: Head,
}

impl Backups {
    /// The newest backup that is in the folder.
    pub fn newest(&self) -> Option<&BackupFile> {
        self.files.first()
    }

    /// Whether the last try failed: no backup was made after the last failure.
    pub fn is_failing(&self) -> bool {
        let last = self.newest().map(|file| file.at);
        let failed = self.last_failure.as_ref().map(|failure| failure.at.trunc_subsecs(0));
        self.unreadable.is_some() || failed.is_some() && failed >= last
    }
}

/// What a backup has in it, as a person can check it at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupContent {
    /// How large the file is.
    pub bytes: u64,
    /// How many teams there are, retired ones included.
    pub teams: u64,
    /// How many assessments there are.
    pub assessments: u64,
}

impl BackupFile {
    /// The name of a backup that is made at this time.
    pub fn name_at(at: DateTime<Utc>) -> String {
        at.format(NAME).to_string()
    }

    /// When the file of this name was made; none if no scheduled backup has such a name.
    pub fn time_of(name: &str) -> Option<DateTime<Utc>> {
        let at = NaiveDateTime::parse_from_str(name, NAME).ok()?.and_utc();
        // Parsing is more liberal than writing, and what is not ours must not be removed.
        (Self::name_at(at) == name).then_some(at)
    }
}

impl BackupSchedule {
    /// Whether a backup should be made. Those of a time that has not come yet, written while the
    /// clock was wrong, do not count, since they would hold the next one back for long.
    pub fn is_due(&self, files: &[BackupFile], at: DateTime<Utc>) -> bool {
        let recent = |file: &BackupFile| file.at <= at && at - file.at < TimeDelta::hours(self.every.into());
        !files.iter().any(recent)
    }

    /// The backups that need not be kept now that the one called `made` is there.
    pub fn superfluous<'a>(&self, files: &'a [BackupFile], made: &str) -> Vec<&'a BackupFile> {
        let mut others: Vec<_> = files.iter().filter(|file| file.name != made).collect();
        others.sort_by_key(|file| std::cmp::Reverse(file.at));
        others.split_off(others.len().min(self.keep.saturating_sub(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn file(time: &str) -> BackupFile {
        BackupFile { name: BackupFile::name_at(at(time)), at: at(time), bytes: 1 }
    }

    fn daily() -> BackupSchedule {
        BackupSchedule { folder: "backups".into(), every: 24, keep: 2 }
    }

    #[test]
    fn only_names_that_are_written_are_read() {
        let name = BackupFile::name_at(at("2026-11-24T12:05:09.75Z"));
        assert_eq!(name, "cairn-20261124T120509Z.db");
        assert_eq!(BackupFile::time_of(&name), Some(at("2026-11-24T12:05:09Z")));
        for other in [
            "cairn.db",
            "cairn-20261124T120509Z.db-wal",
            "cairn-20261124T120509Z.db.gz",
            "cairn-20261124T120509.db",
            "cairn-20261324T120509Z.db",
            "cairn-20261124T1205 9Z.db",
            "cairn-+20261124T120509Z.db",
            "cairn-2026112T120509Z.db",
            "my-cairn-20261124T120509Z.db",
        ] {
            assert_eq!(BackupFile::time_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_backup_is_due_when_the_last_one_is_as_old_as_the_schedule_says() {
        let last = [file("2026-11-22T12:00:00Z"), file("2026-11-23T12:00:00Z")];
        assert!(daily().is_due(&[], at("2026-11-24T12:00:00Z")));
        assert!(!daily().is_due(&last, at("2026-11-24T11:59:59Z")));
        assert!(daily().is_due(&last, at("2026-11-24T12:00:00Z")));
        assert!(daily().is_due(&last, at("2026-12-24T12:00:00Z")));
        assert!(!daily().is_due(&last, at("2026-11-23T12:00:00Z")));
    }

    #[test]
    fn a_backup_from_the_future_holds_nothing_back() {
        assert!(daily().is_due(&[file("2036-01-01T00:00:00Z")], at("2026-11-24T12:00:00Z")));
    }

    #[test]
    fn the_oldest_are_superfluous_and_never_the_one_just_made() {
        let files = [file("2026-11-22T12:00:00Z"), file("2026-11-24T12:00:00Z"), file("2026-11-23T12:00:00Z")];
        let names = |schedule: BackupSchedule, made: &str| -> Vec<String> {
            schedule.superfluous(&files, made).into_iter().map(|file| file.name.clone()).collect()
        };
        assert_eq!(names(daily(), "cairn-20261124T120000Z.db"), ["cairn-20261122T120000Z.db"]);
        assert_eq!(names(daily(), "cairn-20261122T120000Z.db"), ["cairn-20261123T120000Z.db"]);
        assert_eq!(names(BackupSchedule { keep: 3, ..daily() }, "cairn-20261124T120000Z.db"), [""; 0]);
        let one = BackupSchedule { keep: 1, ..daily() };
        assert_eq!(names(one, "cairn-20261124T120000Z.db"), ["cairn-20261123T120000Z.db", "cairn-20261122T120000Z.db"]);
    }
}
