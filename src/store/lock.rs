//! Who has a database open. SQLite's own locks belong to one file; these belong to its name, so
//! that the file can be replaced while nobody has it open, and nobody opens it meanwhile.
//!
//! Beside the database lies a file for each kind of process that has it open. All processes of the
//! kind share its lock; whoever replaces the database takes all of them for itself. The system lets
//! go of the locks of a process that dies; the files are empty and mean nothing without a lock.

use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Error;
use super::open::{beside, unopenable};

/// How long to wait before looking again whether a lock is free.
const PAUSE: Duration = Duration::from_millis(10);

/// What kind of process has a database open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// One that serves pages until it is stopped.
    Server,
    /// One that does what it was asked to and ends.
    Command,
}

impl Holder {
    fn ending(self) -> &'static str {
        match self {
            Self::Server => "-server.lock",
            Self::Command => "-command.lock",
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "a running server of Cairn",
            Self::Command => "another command of Cairn",
        })
    }
}

/// A lock that is held until this goes.
#[derive(Debug)]
pub(super) struct Lock {
    path: PathBuf,
    file: File,
}

impl Lock {
    /// Says that the database is open, as others may say at the same time. Whoever keeps all out is
    /// waited for: it may only be another process that is about to remove its lock.
    pub(super) fn share(database: &Path, holder: Holder, patience: Duration) -> Result<Self, Error> {
        let mut waited = Duration::ZERO;
        loop {
            if let Some(lock) = Self::take(database, holder, File::try_lock_shared)? {
                return Ok(lock);
            }
            if waited >= patience {
                return Err(Error::Restoring(database.to_owned()));
            }
            std::thread::sleep(PAUSE);
            waited += PAUSE;
        }
    }

    /// Keeps every kind of process out.
    pub(super) fn keep_out_all(database: &Path) -> Result<[Self; 2], Error> {
        let take = |holder| {
            let in_use = || Error::InUse { path: database.to_owned(), holder };
            Self::take(database, holder, File::try_lock)?.ok_or_else(in_use)
        };
        // Another restore holds both, and is no server.
        Ok([take(Holder::Command)?, take(Holder::Server)?])
    }

    /// Takes the lock; none when others hold it in a way that does not allow that.
    fn take(
        database: &Path,
        holder: Holder,
        lock: fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Option<Self>, Error> {
        // All names of a database, such as links to it, have one lock.
        let database = &database.canonicalize().unwrap_or_else(|_| database.to_owned());
        let path = beside(database, holder.ending());
        loop {
            let file = open(&path).map_err(|error| match error.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Error::ReadOnly,
                _ => unopenable(database, error),
            })?;
            match lock(&file) {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(unopenable(database, error)),
            }
            let lock = Self { path: path.clone(), file };
            // Whoever held it before may have removed the file between our opening and locking it.
            if lock.is_in_place() {
                return Ok(Some(lock));
            }
        }
    }

    /// Whether the file that is locked is the one that others find.
    #[cfg(unix)]
    fn is_in_place(&self) -> bool {
        use std::os::unix::fs::MetadataExt;
        match (self.file.metadata(), std::fs::metadata(&self.path)) {
            (Ok(own), Ok(found)) => (own.dev(), own.ino()) == (found.dev(), found.ino()),
            _ => false,
        }
    }

    /// The file is not removed where this cannot be told.
    #[cfg(not(unix))]
    fn is_in_place(&self) -> bool {
        true
    }
}

impl Drop for Lock {
    /// Removes the file if nobody else uses it. Only whoever holds the lock alone may do that: then
    /// no other can have locked it and still count on others finding it.
    fn drop(&mut self) {
        let alone = self.file.unlock().is_ok() && self.file.try_lock().is_ok();
        if cfg!(unix) && alone && self.is_in_place() {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    match opened {
        // Left by another user, it can be locked without being written.
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => File::open(path).map_err(|_| error),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(folder: &Path) -> usize {
        std::fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn many_share_a_database_and_one_has_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("cairn.db");
        let server = Lock::share(&database, Holder::Server, Duration::ZERO).unwrap();
        let command = Lock::share(&database, Holder::Command, Duration::ZERO).unwrap();
        let second = Lock::share(&database, Holder::Command, Duration::ZERO).unwrap();
        let refused = |expected| {
            let found = Lock::keep_out_all(&database).unwrap_err();
            assert!(matches!(found, Error::InUse { holder, .. } if holder == expected), "{found}");
        };
        refused(Holder::Command);
        drop(command);
        refused(Holder::Command);
        drop(second);
        refused(Holder::Server);
        drop(server);
        let alone = Lock::keep_out_all(&database).unwrap();
        for holder in [Holder::Server, Holder::Command] {
            assert!(matches!(Lock::share(&database, holder, Duration::ZERO), Err(Error::Restoring(_))));
        }
        refused(Holder::Command);
        drop(alone);
        assert_eq!(files(folder.path()), 0, "nothing stays");
    }

    /// Locks come and go; whatever is removed meanwhile, two never have the database alone.
    #[test]
    fn only_one_at_a_time_has_it_alone() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("cairn.db");
        let inside = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let mut taken = 0;
                    while taken < 50 {
                        let Ok(locks) = Lock::keep_out_all(&database) else { continue };
                        assert_eq!(inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst), 0);
                        std::thread::yield_now();
                        inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                        drop(locks);
                        taken += 1;
                    }
                });
            }
        });
        assert_eq!(files(folder.path()), 0);
    }
}
