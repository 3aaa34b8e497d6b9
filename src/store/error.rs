//! What can go wrong with the database, in words for whoever runs the service. SQL never shows.

use std::io;
use std::path::{Path, PathBuf};

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use super::Holder;

/// A fault of the database.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// There is no file, and none was to be made.
    #[error("there is no database at {}; give its place with --database", .0.display())]
    Missing(PathBuf),
    /// The file, or its folder, cannot be opened.
    #[error("the database {} cannot be opened: {reason}", path.display())]
    Unopenable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is something else.
    #[error("{} is not a database of Cairn; give another place with --database", .0.display())]
    Foreign(PathBuf),
    /// The file was written by a later version.
    #[error("the database {} was written by a newer version of Cairn (schema {schema}); use that version", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The newest schema version in it.
        schema: String,
    },
    /// The file is incomplete or corrupt.
    #[error("the database is damaged ({0}); restore a backup")]
    Damaged(String),
    /// Another process keeps it locked.
    #[error("the database is locked by another program; try again when it has finished")]
    Busy,
    /// Nobody else may have it open for what is to be done, and somebody has.
    #[error("the database {} is open in {holder}; {} first", path.display(), match holder {
        Holder::Server => "stop it",
        Holder::Command => "let it finish",
    })]
    InUse {
        /// The file.
        path: PathBuf,
        /// Who has it open.
        holder: Holder,
    },
    /// The file is being replaced.
    #[error("a backup is being restored to {}; try again when that has finished", .0.display())]
    Restoring(PathBuf),
    /// A file beside the database, or a backup, is there and must not be overwritten.
    #[error("{} exists already and stays as it is; choose another name", .0.display())]
    Exists(PathBuf),
    /// A backup, or something on its way, cannot be written.
    #[error("{} cannot be written: {reason}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The folder of backups cannot be looked at.
    #[error("{} cannot be read: {reason}", path.display())]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// An old backup cannot be removed.
    #[error("{} cannot be removed: {reason}", path.display())]
    Unremovable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// A file cannot take the place of the database.
    #[error("{} cannot be restored: {reason}; nothing was changed", path.display())]
    NotRestorable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The file or its folder must not be written.
    #[error("the database cannot be written: the file or its folder is read-only")]
    ReadOnly,
    /// No space left.
    #[error("the disk is full; nothing was changed")]
    Full,
    /// The system could not read or write the file.
    #[error("the disk could not be read or written; nothing was changed")]
    Disk,
    /// More requests at once than are read at once.
    #[error("too many requests at once; try again in a moment")]
    Overloaded,
    /// A change that was to be on the disk together with this one was broken off by a fault of its own.
    #[error("another change at the same moment was broken off, and this one with it; nothing was changed, try again")]
    BrokenOff,
    /// Something that should not happen; the details are for the log.
    #[error("the database failed: {0}")]
    Other(String),
}

/// An error that may have come from the database.
pub trait Cause: From<Error> {
    /// What the database said, if it did.
    fn cause(&self) -> Option<&Error>;
}

impl Cause for Error {
    fn cause(&self) -> Option<&Error> {
        Some(self)
    }
}

impl Error {
    /// Whether the same may work later, without anything being mended in Cairn or its file.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Busy
            | Self::InUse { .. }
            | Self::Restoring(_)
            | Self::Unwritable { .. }
            | Self::Unreadable { .. }
            | Self::Unremovable { .. }
            | Self::ReadOnly
            | Self::Full
            | Self::Disk
            | Self::Overloaded
            | Self::BrokenOff => true,
            Self::Missing(_)
            | Self::Unopenable { .. }
            | Self::Foreign(_)
            | Self::Newer { .. }
            | Self::Damaged(_)
            | Self::Exists(_)
            | Self::NotRestorable { .. }
            | Self::Other(_) => false,
        }
    }

    /// The system did not let a file be written.
    pub(super) fn writing(path: &Path, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::AlreadyExists => Self::Exists(path.to_owned()),
            _ => Self::Unwritable { path: path.to_owned(), reason: error.to_string() },
        }
    }

    /// All words that [`Error::word`] gives.
    pub(super) const WORDS: [&str; 7] = ["busy", "read-only", "full", "disk", "overloaded", "damaged", "failed"];

    /// One word for it, without anything about the file, for programs that watch over the service.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::ReadOnly => "read-only",
            Self::Full => "full",
            Self::Disk => "disk",
            Self::Overloaded => "overloaded",
            Self::Damaged(_) => "damaged",
            _ => "failed",
        }
    }

    /// SQLite reports its result codes through diesel as text only, so the text decides.
    pub(super) fn classify(message: &str) -> Self {
        let any = |parts: &[&str]| parts.iter().any(|part| message.contains(part));
        if any(&["is locked"]) {
            Self::Busy
        } else if any(&["malformed", "not a database"]) {
            Self::Damaged(message.to_owned())
        } else if any(&["readonly"]) {
            Self::ReadOnly
        } else if any(&["is full"]) {
            Self::Full
        } else if any(&["disk I/O error"]) {
            Self::Disk
        } else {
            Self::Other(message.to_owned())
        }
    }
}

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(DatabaseErrorKind::Unknown, info) => Self::classify(info.message()),
            // The commit is what failed; that the rollback after it failed too adds nothing.
            DieselError::RollbackErrorOnCommit { commit_error, .. } => (*commit_error).into(),
            other => Self::classify(&other.to_string()),
        }
    }
}
