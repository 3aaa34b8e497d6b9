//! How often that was changed from which something is computed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::schema::epochs;
use super::{Error, Snapshot, Store};
use crate::clock::Stopwatch;

/// A count of changes. In one database, equal counts mean equal content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(i64);

impl Snapshot<'_> {
    /// That of submissions, teams, groups and settings: all that standings are computed from. `None` in a
    /// change, which may yet be undone.
    pub fn standings_epoch(&mut self) -> Result<Option<Epoch>, Error> {
        self.epoch("standings")
    }

    /// That of evidence, likewise.
    pub fn evidence_epoch(&mut self) -> Result<Option<Epoch>, Error> {
        self.epoch("evidence")
    }

    fn epoch(&mut self, subject: &str) -> Result<Option<Epoch>, Error> {
        if self.may_be_undone {
            return Ok(None);
        }
        Ok(Some(Epoch(epochs::table.find(subject).select(epochs::number).first(self.connection)?)))
    }
}

/// Tells whether something changed, mostly without asking the database.
///
/// It sees what was changed through its own [`Store`] as soon as that is on the disk and before anybody is told so.
/// What another program changed it sees [`Pulse::RHYTHM`] later at most.
pub struct Pulse {
    connection: SqliteConnection,
    turns: Arc<AtomicU64>,
    last: Option<Asked>,
}

/// What the database said, and when.
struct Asked {
    beat: Beat,
    /// How often anybody had finished with the writing connection before it was asked.
    turns: u64,
    since: Stopwatch,
}

/// The epochs at one moment of what whole pages and signed-in people depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// That of all that pages of standings show. Answers to drafts, proposals, sessions and the audit record are not
    /// among it.
    pub shown: Epoch,
    /// That of who is recognized by what, and as whom.
    pub accounts: Epoch,
}

impl Store {
    /// The pulse of this database. Whoever asks often has one of their own.
    pub fn pulse(&self) -> Result<Pulse, Error> {
        let mut connection = self.connector.connect()?;
        // Who does not get an answer at once goes the long way.
        connection.batch_execute("PRAGMA busy_timeout = 0")?;
        Ok(Pulse { connection, turns: self.writer.turns(), last: None })
    }
}

impl Pulse {
    /// For how long what the database said is believed unless this process changes something. It is what may lie between
    /// a change by another program, such as a command on the same machine, and its being seen here.
    pub const RHYTHM: Duration = Duration::from_micros(500);

    /// The epochs now. `None`: the database does not say at once.
    pub fn beat(&mut self) -> Option<Beat> {
        let (turns, since) = (self.turns.load(Ordering::SeqCst), Stopwatch::start());
        if let Some(last) = &self.last
            && last.turns == turns
            && last.since.until(since) < Self::RHYTHM
        {
            return Some(last.beat);
        }
        self.last = None;
        // A list would have to be prepared anew each time.
        let counted = epochs::subject.eq("accounts").or(epochs::subject.eq("shown"));
        let numbers = epochs::table.filter(counted).order(epochs::subject).select(epochs::number);
        let beat = match numbers.load(&mut self.connection).ok()?.as_slice() {
            [accounts, shown] => Beat { shown: Epoch(*shown), accounts: Epoch(*accounts) },
            _ => return None,
        };
        self.last = Some(Asked { beat, turns, since });
        Some(beat)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use diesel::{QueryableByName, sql_query, sql_types};
    use diesel_migrations::MigrationHarness;

    use super::super::open::MIGRATIONS;
    use super::*;

    /// The tables that pages of standings do not show: what is in drafts and proposed, who may come in, and what is
    /// written together with something that moves the epoch.
    const NOT_SHOWN: [&str; 22] = [
        "activities",
        "answers",
        "audit",
        "epochs",
        "evidence",
        "evidence_activities",
        "evidence_teams",
        "password_links",
        "passwords",
        "plan_version_teams",
        "proposals",
        "reopenings",
        "sessions",
        "step_uses",
        "submissions",
        "threat_model_images",
        "token_teams",
        "token_trusted",
        "tokens",
        "user_groups",
        "user_teams",
        "users",
    ];

    #[derive(QueryableByName)]
    struct Name {
        #[diesel(sql_type = sql_types::Text)]
        name: String,
    }

    #[test]
    fn what_changes_in_a_table_that_is_shown_moves_the_epoch() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        connection.run_pending_migrations(MIGRATIONS).unwrap();
        let mut names = |query: &str| -> BTreeSet<String> {
            sql_query(query).load::<Name>(&mut connection).unwrap().into_iter().map(|row| row.name).collect()
        };
        let tables = names(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'",
        );
        let moving =
            names("SELECT tbl_name AS name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%''shown''%'");
        let left: Vec<&String> =
            tables.difference(&moving).filter(|table| !NOT_SHOWN.contains(&table.as_str())).collect();
        assert_eq!(left, [""; 0], "give them triggers, or say that no page shows them");
    }
}
