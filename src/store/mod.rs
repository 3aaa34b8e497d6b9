//! The database: the only place that knows diesel and SQL.
//!
//! [`Store::read`] gives a [`Snapshot`]: everything read in it belongs to one moment. [`Store::write`]
//! gives a [`Change`]: all of it happens or none of it, one change at a time, and when it returns the data
//! is on the disk; `writer` says how changes share the wait for that. What can be read or changed is written
//! as methods on these two, one file for each aggregate. Two more ways to write do not share that wait, and
//! [`Store::pulse`] tells whether anything changed at all.

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
    pub fn read<T, E: Cause>(&self, read: impl FnOnce(&mut Snapshot<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut work = Work::new(|connection| read(&mut Snapshot { connection, may_be_undone: false }));
        let end = self.read_step(&mut |connection| work.run(connection));
        work.ended(end, &self.tally)
    }

    /// Makes a change: all of it or, when `change` returns an error, nothing. What it did is on the
    /// disk when this returns.
    ///
    /// Changes that are made at the same time share a commit, so `change` may see what others did that is not
    /// on the disk yet: it gets there together with what it does itself, or neither does. An error of the
    /// database must be passed on, since SQLite may have rolled back what was done before it.
    pub fn write<T, E: Cause>(&self, change: impl FnOnce(&mut Change<'_>) -> Result<T, E>) -> Result<T, E> {
        let waiting = self.tally.wait();
        let mut work = Work::new(|connection| {
            drop(waiting);
            change(&mut Change::with(connection))
        });
        let end = self.writer.join(&self.connector, &mut |connection| work.run(connection));
        work.ended(end, &self.tally)
    }

    /// Makes a change that takes longer than that of a few rows: in a transaction of its own, so that nobody's
    /// change waits for it without being on the disk.
    pub fn write_alone<T, E: Cause>(&self, change: impl FnOnce(&mut Change<'_>) -> Result<T, E>) -> Result<T, E> {
        let waiting = self.tally.wait();
        let mut work = Work::new(|connection| {
            drop(waiting);
            change(&mut Change::with(connection))
        });
        let end = self.write_step(&mut |connection| work.run(connection));
        work.ended(end, &self.tally)
    }

    /// Makes a change that is not worth waiting for: not at all while somebody else makes one.
    pub fn write_unless_busy<T>(&self, change: impl FnOnce(&mut Change<'_>) -> Result<T, Error>) -> Result<T, Error> {
        let mut work = Work::new(|connection| change(&mut Change::with(connection)));
        let end = self.write_step_unless_busy(&mut |connection| work.run(connection))?;
        work.ended(end, &self.tally)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place where read transactions begin")]
    fn read_step(&self, step: &mut Step<'_>) -> Result<(), End> {
        let mut pooled = self.readers.get().map_err(|_| End::Database(Error::Overloaded))?;
        let connection: &mut SqliteConnection = &mut pooled;
        connection.transaction(step)
    }

    #[expect(clippy::disallowed_methods, reason = "write transactions begin here")]
    fn write_step(&self, step: &mut Step<'_>) -> Result<(), End> {
        let end = self.writer.with(&self.connector, |connection| connection.immediate_transaction(step));
        end.map_err(End::Database)?
    }

    #[expect(clippy::disallowed_methods, reason = "write transactions begin here")]
    fn write_step_unless_busy(&self, step: &mut Step<'_>) -> Result<Result<(), End>, Error> {
        self.writer.with_no_wait(&self.connector, |connection| {
            self.connector.without_patience(connection, |connection| connection.immediate_transaction(step))
        })?
    }
}

impl Drop for Store {
    /// So that the file alone is the whole database. Everything is safe without that, so failing is no harm.
    fn drop(&mut self) {
        let _ = self.checkpoint();
    }
}

/// What is done in a transaction. What it gives stays outside of it, so that transactions are compiled once and not
/// for each use.
type Step<'s> = dyn FnMut(&mut SqliteConnection) -> Result<(), End> + 's;

/// The end of a transaction without effect, as diesel needs to see it.
enum End {
    /// What was done in it failed, or its caller does not want it. With the error of the database behind that, if
    /// there is one.
    Caller(Option<Error>),
    /// It could not begin, or not be committed.
    Database(Error),
    /// Nothing happened of those that were to be committed together, whatever each of them says.
    Group(Error),
}

impl From<diesel::result::Error> for End {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Something that is done once in a transaction, and what came of it. That is kept beside the transaction,
/// since diesel lets go of an error when the rollback fails too, as it does after a full disk, where
/// SQLite has rolled back by itself.
enum Work<F, T, E> {
    ToDo(F),
    Done(Result<T, E>),
    /// It panicked.
    Lost,
}

impl<F: FnOnce(&mut SqliteConnection) -> Result<T, E>, T, E: Cause> Work<F, T, E> {
    fn new(work: F) -> Self {
        Self::ToDo(work)
    }

    fn run(&mut self, connection: &mut SqliteConnection) -> Result<(), End> {
        let Self::ToDo(work) = std::mem::replace(self, Self::Lost) else { return Err(End::Caller(None)) };
        let result = work(connection);
        let end = result.as_ref().map(|_| ()).map_err(|error| End::Caller(error.cause().cloned()));
        *self = Self::Done(result);
        end
    }

    fn ended(self, end: Result<(), End>, tally: &Tally) -> Result<T, E> {
        let result = match (self, end) {
            (Self::Done(Ok(value)), Ok(())) => Ok(value),
            (_, Err(End::Group(error))) => Err(error.into()),
            (Self::Done(Err(error)), _) => Err(error),
            (_, Err(End::Database(error))) => Err(error.into()),
            (_, Ok(()) | Err(End::Caller(_))) => {
                Err(Error::Other("a transaction ended without a reason".to_owned()).into())
            }
        };
        result.inspect_err(|error| tally.count_cause(error))
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
