//! The database: the only place that knows diesel and SQL.
//!
//! There are two ways in. [`Store::read`] gives a [`Snapshot`]: everything read in it belongs to
//! one moment. [`Store::write`] gives a [`Change`]: all of it happens or none of it, one change at
//! a time, and when it returns the data is on the disk; `writer` says how changes share the wait for
//! that. What can be read or changed is written as methods on these two, one file for each aggregate.

mod accounts;
mod answers;
mod assessments;
mod audit;
mod backup;
mod catalogs;
mod condition;
mod epochs;
mod error;
mod evidence;
mod files;
mod lock;
mod open;
mod plans;
mod proposals;
mod restore;
mod roadmap;
mod schema;
mod settings;
mod submissions;
mod teams;
mod threat_models;
mod tokens;
mod writer;

use std::ops::{Deref, DerefMut};

use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{Connection, SqliteConnection};

pub use answers::ActivityKeys;
pub use backup::Existing;
use condition::Tally;
pub use epochs::{Beat, Epoch, Pulse};
pub use error::{Cause, Error};
pub use lock::Holder;
use lock::Lock;
use open::Connector;
pub use open::{Missing, OpenOptions};
pub use restore::Restored;
pub use submissions::{Known, SubmissionNews};
use writer::Writer;

/// How many numbers one query asks for: SQLite bounds the parameters.
const CHUNK: usize = 10_000;

/// An open database.
pub struct Store {
    readers: Pool<ConnectionManager<SqliteConnection>>,
    writer: Writer,
    connector: Connector,
    tally: Tally,
    /// Held as long as there are connections: the last field is let go of last.
    _lock: Lock,
}

/// A view of the database at one moment.
pub struct Snapshot<'c> {
    connection: &'c mut SqliteConnection,
    /// Whether it sees a change that is not made yet.
    may_be_undone: bool,
}

/// A change that is being made. It can read, too, and then sees itself, and those others that are to be on the
/// disk together with it.
pub struct Change<'c> {
    snapshot: Snapshot<'c>,
}

impl<'c> Change<'c> {
    fn with(connection: &'c mut SqliteConnection) -> Self {
        Self { snapshot: Snapshot { connection, may_be_undone: true } }
    }
}

impl<'c> Deref for Change<'c> {
    type Target = Snapshot<'c>;

    fn deref(&self) -> &Self::Target {
        &self.snapshot
    }
}

impl DerefMut for Change<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.snapshot
    }
}

impl Store {
    /// Reads at one moment. Errors of the caller pass through.
    #[expect(clippy::disallowed_methods, reason = "the one place where read transactions begin")]
    pub fn read<T, E: Cause>(&self, read: impl FnOnce(&mut Snapshot<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.readers.get().map_err(|_| self.tally.counted(Error::Overloaded))?;
        let mut failure = Failure::default();
        let result =
            connection.transaction(|connection| failure.keep(read(&mut Snapshot { connection, may_be_undone: false })));
        result.map_err(|end| failure.into_error(end, &self.tally))
    }

    /// Makes a change: all of it or, when `change` returns an error, nothing. What it did is on the
    /// disk when this returns.
    ///
    /// Changes that are made at the same time share a commit, so `change` may see what others did that is not
    /// on the disk yet: it gets there together with what it does itself, or neither does. An error of the
    /// database must be passed on, since SQLite may have rolled back what was done before it.
    pub fn write<T, E: Cause>(&self, change: impl FnOnce(&mut Change<'_>) -> Result<T, E>) -> Result<T, E> {
        let waiting = self.tally.wait();
        let result = self.writer.join(&self.connector, |connection| {
            drop(waiting);
            change(&mut Change::with(connection))
        });
        result.inspect_err(|error| self.tally.count_cause(error))
    }

    /// Makes a change that takes longer than that of a few rows: in a transaction of its own, so that nobody's
    /// change waits for it without being on the disk.
    #[expect(clippy::disallowed_methods, reason = "write transactions begin here")]
    pub fn write_alone<T, E: Cause>(&self, change: impl FnOnce(&mut Change<'_>) -> Result<T, E>) -> Result<T, E> {
        let waiting = self.tally.wait();
        let mut failure = Failure::default();
        let result = self.writer.with(&self.connector, |connection| {
            drop(waiting);
            connection.immediate_transaction(|connection| failure.keep(change(&mut Change::with(connection))))
        });
        let result = result.map_err(|error| self.tally.counted(error))?;
        result.map_err(|end| failure.into_error(end, &self.tally))
    }

    /// Makes a change that is not worth waiting for: not at all while somebody else makes one.
    #[expect(clippy::disallowed_methods, reason = "write transactions begin here")]
    pub fn write_unless_busy<T>(&self, change: impl FnOnce(&mut Change<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut failure = Failure::default();
        let result = self.writer.with_no_wait(&self.connector, |connection| {
            self.connector.without_patience(connection, |connection| {
                connection.immediate_transaction(|connection| failure.keep(change(&mut Change::with(connection))))
            })
        })?;
        result?.map_err(|end| failure.into_error(end, &self.tally))
    }
}

impl Drop for Store {
    /// So that the file alone is the whole database. Everything is safe without that, so failing is no harm.
    fn drop(&mut self) {
        let _ = self.checkpoint();
    }
}

/// The end of a transaction without effect, as diesel needs to see it.
enum End {
    /// What was done in it failed, or its caller does not want it.
    Caller,
    /// It could not begin, or not be committed.
    Database(diesel::result::Error),
}

impl From<diesel::result::Error> for End {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

/// Why a transaction ended without effect. The error of the caller is kept beside the transaction,
/// since diesel lets go of it when the rollback fails too, as it does after a full disk, where
/// SQLite has rolled back by itself.
struct Failure<E>(Option<E>);

impl<E> Default for Failure<E> {
    fn default() -> Self {
        Self(None)
    }
}

impl<E: Cause> Failure<E> {
    fn keep<T>(&mut self, result: Result<T, E>) -> Result<T, End> {
        result.map_err(|error| {
            self.0 = Some(error);
            End::Caller
        })
    }

    fn into_error(self, end: End, tally: &Tally) -> E {
        let error = match (self.0, end) {
            (Some(error), _) => error,
            (None, End::Database(error)) => Error::from(error).into(),
            (None, End::Caller) => Error::Other("a transaction ended without a reason".to_owned()).into(),
        };
        tally.count_cause(&error);
        error
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use chrono::DateTime;

    use super::*;
    use crate::domain::access::Sight;
    use crate::domain::organization::Name;

    #[test]
    fn a_panic_in_a_change_undoes_it_and_stops_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("cairn.db"), OpenOptions::default()).unwrap();
        let add = |change: &mut Change<'_>, name| change.add_team(&Name::new(name).unwrap(), "", DateTime::UNIX_EPOCH);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            store.write(|change| {
                add(change, "lost")?;
                panic!("on purpose");
                #[expect(unreachable_code, reason = "gives the closure its type")]
                Ok::<(), Error>(())
            })
        }));
        assert!(panicked.is_err());
        store.write(|change| add(change, "kept")).unwrap();
        let teams = store.read(|snapshot| snapshot.teams(&Sight::Everything)).unwrap();
        assert_eq!(teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["kept"]);
    }

    #[test]
    fn a_change_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("cairn.db"), OpenOptions::default()).unwrap();
        let result = store.write(|change| {
            change.add_team(&Name::new("lost").unwrap(), "", DateTime::UNIX_EPOCH)?;
            Err::<(), _>(Error::Full)
        });
        assert!(matches!(result, Err(Error::Full)));
        assert!(store.read(|snapshot| snapshot.teams(&Sight::Everything)).unwrap().is_empty());
    }
}
