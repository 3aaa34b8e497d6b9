//! How the database itself fares: whether it can be written, how large it is, how often it failed.

use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{QueryableByName, sql_query, sql_types};

use super::schema::{assessments, teams};
use super::{Cause, Error, Snapshot, Store};
use crate::domain::figures::Figures;

/// What happened since the database was opened.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// How often each of [`Error::WORDS`] was why something could not be read or written.
    failures: [AtomicU64; Error::WORDS.len()],
    /// How many changes wait for another one.
    waiting: AtomicU64,
}

impl Tally {
    /// Counts a failure.
    pub(super) fn count(&self, error: &Error) {
        for (word, failures) in Error::WORDS.iter().zip(&self.failures) {
            if *word == error.word() {
                failures.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Counts an error, if it came from the database.
    pub(super) fn count_cause(&self, error: &impl Cause) {
        if let Some(cause) = error.cause() {
            self.count(cause);
        }
    }

    /// Counts somebody as waiting until what is returned goes.
    pub(super) fn wait(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(self)
    }
}

/// Somebody who waits.
pub(super) struct Waiting<'t>(&'t Tally);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(QueryableByName)]
struct Size {
    #[diesel(sql_type = sql_types::BigInt)]
    bytes: i64,
}

impl Store {
    /// Reads something and writes something, to see that both can be done. What is written is one page as it
    /// was before: only a real commit tells that there is space on the disk and that it may be written.
    pub fn check(&self) -> Result<(), Error> {
        self.read(|snapshot| {
            teams::table.select(teams::id).limit(1).load::<i64>(snapshot.connection)?;
            Ok::<_, Error>(())
        })?;
        // Nothing else uses this number, which is in the header of the file.
        self.write_alone(|change| Ok(change.connection.batch_execute("PRAGMA user_version = 0")?))
    }

    /// Brings the write-ahead log back into the file, so that the file alone is the whole database for
    /// whoever copies it. What another program still reads stays in the log: a replicator reads as long as it
    /// runs, so waiting for it would only delay the end of the process.
    pub fn checkpoint(&self) -> Result<(), Error> {
        let checkpoint =
            |connection: &mut SqliteConnection| connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)");
        let checkpointed = |connection: &mut SqliteConnection| self.connector.without_patience(connection, checkpoint);
        Ok(self.writer.with(&self.connector, checkpointed)???)
    }

    /// Counts what is recorded, and says how the database fared.
    pub fn figures(&self) -> Result<Figures, Error> {
        let waiting_changes = self.tally.waiting.load(Ordering::Relaxed);
        let counts = self.tally.failures.iter().map(|count| count.load(Ordering::Relaxed));
        let failures = Error::WORDS.into_iter().zip(counts).collect();
        let count = |count: i64| count.unsigned_abs();
        self.read(|Snapshot { connection, .. }| {
            let size = sql_query("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size");
            let active = teams::table.filter(teams::retired_at.is_null()).count();
            let retired = teams::table.filter(teams::retired_at.is_not_null()).count();
            let drafts = assessments::table.filter(assessments::submitted_at.is_null()).count();
            let submitted = assessments::table.filter(assessments::submitted_at.is_not_null()).count();
            Ok(Figures {
                teams: count(active.get_result(*connection)?),
                retired_teams: count(retired.get_result(*connection)?),
                drafts: count(drafts.get_result(*connection)?),
                submitted: count(submitted.get_result(*connection)?),
                database_bytes: count(size.get_result::<Size>(*connection)?.bytes),
                waiting_changes,
                failures,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::DateTime;

    use super::*;
    use crate::domain::organization::Name;
    use crate::store::OpenOptions;

    /// With patience for an hour this would not end.
    #[test]
    fn nobody_who_reads_is_waited_for_at_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cairn.db");
        let options = OpenOptions { patience: Duration::from_secs(3_600), ..OpenOptions::default() };
        let store = Store::open(&path, options).unwrap();
        let mut other = SqliteConnection::establish(path.to_str().unwrap()).unwrap();
        other.batch_execute("BEGIN; SELECT * FROM teams").unwrap();
        let name = Name::new("Payments").unwrap();
        store.write(|change| change.add_team(&name, "", DateTime::UNIX_EPOCH)).unwrap();
        store.checkpoint().unwrap();
        drop(store);
        other.batch_execute("COMMIT").unwrap();
        let store = Store::open(&path, options).unwrap();
        assert_eq!(store.figures().unwrap().teams, 1);
    }
}
