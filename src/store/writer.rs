//! The one connection that writes. SQLite has one writer at a time; waiting for it here is fairer and cheaper
//! than waiting in SQLite, and nobody waits for ever while another program keeps the database locked.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use diesel::SqliteConnection;

use super::Error;
use super::open::Connector;

/// The connection, and whoever waits for it.
pub(super) struct Writer {
    place: Mutex<Place>,
    given_back: Condvar,
    /// How long to wait for one's turn.
    patience: Duration,
}

/// Where the connection is.
enum Place {
    Here(SqliteConnection),
    InUse,
    /// Somebody panicked while they had it. It may have been inside a transaction; closing it rolled that back.
    Lost,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection, patience: Duration) -> Self {
        Self { place: Mutex::new(Place::Here(connection)), given_back: Condvar::new(), patience }
    }

    /// Waits for the connection and works with it.
    pub(super) fn with<T>(
        &self,
        connector: &Connector,
        work: impl FnOnce(&mut SqliteConnection) -> T,
    ) -> Result<T, Error> {
        self.within(self.patience, connector, work)
    }

    /// Works with the connection if nobody has it now.
    pub(super) fn with_no_wait<T>(
        &self,
        connector: &Connector,
        work: impl FnOnce(&mut SqliteConnection) -> T,
    ) -> Result<T, Error> {
        self.within(Duration::ZERO, connector, work)
    }

    fn within<T>(
        &self,
        patience: Duration,
        connector: &Connector,
        work: impl FnOnce(&mut SqliteConnection) -> T,
    ) -> Result<T, Error> {
        let kept = {
            let in_use = |place: &mut Place| matches!(place, Place::InUse);
            let waited = self.given_back.wait_timeout_while(self.place(), patience, in_use);
            let (mut place, _) = waited.unwrap_or_else(PoisonError::into_inner);
            match std::mem::replace(&mut *place, Place::InUse) {
                Place::Here(connection) => Some(connection),
                Place::Lost => None,
                Place::InUse => return Err(Error::Overloaded),
            }
        };
        let mut turn = Turn { writer: self, leaves: Place::Lost };
        let mut connection = kept.map_or_else(|| connector.connect(), Ok)?;
        let result = work(&mut connection);
        turn.leaves = Place::Here(connection);
        Ok(result)
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody's turn, which ends in any case.
struct Turn<'w> {
    writer: &'w Writer,
    leaves: Place,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.writer.place() = std::mem::replace(&mut self.leaves, Place::Lost);
        self.writer.given_back.notify_one();
    }
}
