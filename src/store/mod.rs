//! The database: the only place that knows diesel and SQL.
//!
//! There are two ways in. [`Store::read`] gives a [`Snapshot`]: everything read in it belongs to
//! one moment. [`Store::write`] gives a [`Change`]: all of it happens or none of it, one change at
//! a time, and when it returns the data is on the disk. What can be read or changed is written as
//! methods on these two, one file for each aggregate.

mod answers;
mod assessments;
mod catalogs;
mod error;
mod open;
mod schema;
mod teams;

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use diesel::r2d2::{ConnectionManager, Pool};
use diesel::{Connection, SqliteConnection};

pub use answers::ActivityKeys;
pub use error::Error;
pub use open::{Missing, OpenOptions};

/// An open database.
pub struct Store {
    readers: Pool<ConnectionManager<SqliteConnection>>,
    /// SQLite has one writer at a time; waiting for this lock is fairer and cheaper than waiting in SQLite.
    writer: Mutex<SqliteConnection>,
}

/// A view of the database at one moment.
pub struct Snapshot<'c> {
    connection: &'c mut SqliteConnection,
}

/// A change that is being made. It can read, too, and then sees itself.
pub struct Change<'c> {
    snapshot: Snapshot<'c>,
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
    pub fn read<T, E: From<Error>>(&self, read: impl FnOnce(&mut Snapshot<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut connection = self.readers.get().map_err(|error| Error::from_pool(&error))?;
        let result = connection.transaction(|connection| read(&mut Snapshot { connection }).map_err(Failure::Caller));
        result.map_err(Failure::into_error)
    }

    /// Makes a change: all of it or, when `change` returns an error, nothing. What it did is on the
    /// disk when this returns.
    #[expect(clippy::disallowed_methods, reason = "the one place where write transactions begin")]
    pub fn write<T, E: From<Error>>(&self, change: impl FnOnce(&mut Change<'_>) -> Result<T, E>) -> Result<T, E> {
        // A panic in a change has rolled back; the connection is as good as before.
        let mut connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let result = connection.immediate_transaction(|connection| {
            change(&mut Change { snapshot: Snapshot { connection } }).map_err(Failure::Caller)
        });
        result.map_err(Failure::into_error)
    }
}

/// Why a transaction ended without effect.
enum Failure<E> {
    /// What was done in it failed, or its caller does not want it.
    Caller(E),
    /// It could not begin or not be committed.
    Database(diesel::result::Error),
}

impl<E> From<diesel::result::Error> for Failure<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

impl<E: From<Error>> Failure<E> {
    fn into_error(self) -> E {
        match self {
            Self::Caller(error) => error,
            Self::Database(error) => Error::from(error).into(),
        }
    }
}
