//! `/api/v1/backups`: when the last backup was made.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::tagged::Tagged;
use crate::domain::backup;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// What there is to know about backups.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Backups {
    /// How they are made by the service; null where it makes none by itself.
    schedule: Option<BackupSchedule>,
    /// The files that are in the folder, the newest first.
    files: Vec<BackupFile>,
    /// Whether the last try failed, or the folder cannot be looked at.
    failing: bool,
    /// The last failure since the service was started, also if a backup was made after it.
    last_failure: Option<BackupFailure>,
    /// Why the folder cannot be looked at, if it cannot.
    unreadable: Option<String>,
    /// When the last backup was made, by the service or by hand.
    last_at: Option<DateTime<Utc>>,
    /// Into which file.
    last_file: Option<String>,
    /// The end of the audit record, to be noted with a backup.
    audit_head: String,
}

/// How a service makes backups by itself.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct BackupSchedule {
    /// Where they go.
    folder: String,
    /// How many hours pass from one to the next.
    every_hours: u32,
    /// How many are kept.
    keep: usize,
}

/// A file that a scheduled backup made.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct BackupFile {
    /// Its name, without the folder.
    name: String,
    /// When it was made, to the second.
    at: DateTime<Utc>,
    /// How large it is.
    bytes: u64,
}

/// A scheduled backup that failed.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct BackupFailure {
    /// When it was tried.
    at: DateTime<Utc>,
    /// What went wrong.
    reason: String,
}

impl From<backup::Backups> for Backups {
    fn from(backups: backup::Backups) -> Self {
        let failing = backups.is_failing();
        let backup::Backups { schedule, files, unreadable, last_failure, last, head } = backups;
        let (last_at, last_file) = last.unzip();
        Self {
            schedule: schedule.map(|schedule| BackupSchedule {
                folder: schedule.folder.display().to_string(),
                every_hours: schedule.every,
                keep: schedule.keep,
            }),
            files: files
                .into_iter()
                .map(|file| BackupFile { name: file.name, at: file.at, bytes: file.bytes })
                .collect(),
            failing,
            last_failure: last_failure.map(|failure| BackupFailure { at: failure.at, reason: failure.reason }),
            unreadable,
            last_at,
            last_file,
            audit_head: head.to_string(),
        }
    }
}

/// Says when backups were made, and whether that works.
#[utoipa::path(get, path = "/api/v1/backups", tag = "Operation",
    responses((status = 200, description = "What there is to know about backups", body = Backups)))]
pub(in crate::web) async fn show(visit: Visit) -> Result<Tagged<Backups>, Failure> {
    let backups = visit.ask(|cairn, caller| cairn.backups(caller)).await?;
    Ok(Tagged(Backups::from(backups)))
}
