//! The audit record: rows are added at its end, and read.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;

use super::schema::audit;
use super::{Change, Error, Snapshot};
use crate::domain::access::Caller;
use crate::domain::audit::{AuditFilter, Deed, Entry, Event, Hash, Head};
use crate::domain::named::Named;

/// How many rows are held at a time when all are gone over.
const CHUNK: i64 = 5_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
struct Row {
    number: i64,
    at: String,
    means: String,
    actor: String,
    address: String,
    deed: String,
    subject: String,
    details: String,
    hash: String,
}

impl From<Row> for Entry {
    fn from(row: Row) -> Self {
        Self {
            number: row.number,
            at: row.at,
            means: row.means,
            actor: row.actor,
            from: row.address,
            deed: row.deed,
            subject: row.subject,
            details: row.details,
            hash: Hash::stored(row.hash),
        }
    }
}

impl Snapshot<'_> {
    /// The end of the record.
    pub fn audit_head(&mut self) -> Result<Head, Error> {
        let last: Option<(i64, String)> = audit::table
            .order(audit::number.desc())
            .select((audit::number, audit::hash))
            .first(self.connection)
            .optional()?;
        Ok(last.map_or_else(Head::default, |(number, hash)| Head { number, hash: Hash::stored(hash) }))
    }

    /// Goes over all rows from the first to the last.
    pub fn each_audit_entry(&mut self, mut look: impl FnMut(Entry)) -> Result<(), Error> {
        let mut after = i64::MIN;
        loop {
            let rows: Vec<Row> = audit::table
                .filter(audit::number.gt(after))
                .order(audit::number)
                .limit(CHUNK)
                .select(Row::as_select())
                .load(self.connection)?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.number;
            rows.into_iter().for_each(|row| look(row.into()));
        }
    }

    /// At most `limit` rows that a filter wants, latest first.
    pub fn audit_entries(&mut self, filter: &AuditFilter, limit: i64) -> Result<Vec<Entry>, Error> {
        let mut query = audit::table.select(Row::as_select()).into_boxed::<Sqlite>();
        if let Some(actor) = &filter.actor {
            query = query.filter(audit::actor.eq(actor));
        }
        if let Some(deed) = filter.deed {
            query = query.filter(audit::deed.eq(deed.name()));
        }
        if let Some(day) = filter.since {
            query = query.filter(audit::at.ge(day.format("%Y-%m-%d").to_string()));
        }
        if let Some(after) = filter.until.and_then(|day| day.succ_opt()) {
            query = query.filter(audit::at.lt(after.format("%Y-%m-%d").to_string()));
        }
        if let Some(text) = &filter.text {
            let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            let pattern = format!("%{escaped}%");
            let found = audit::subject.like(pattern.clone()).escape('\\').or(audit::details.like(pattern).escape('\\'));
            query = query.filter(found);
        }
        if let Some(number) = filter.before {
            query = query.filter(audit::number.lt(number));
        }
        let rows: Vec<Row> = query.order(audit::number.desc()).limit(limit).load(self.connection)?;
        Ok(rows.into_iter().map(Entry::from).collect())
    }

    /// The first row of all.
    pub fn first_audit_entry(&mut self) -> Result<Option<Entry>, Error> {
        let row: Option<Row> =
            audit::table.order(audit::number).select(Row::as_select()).first(self.connection).optional()?;
        Ok(row.map(Entry::from))
    }

    /// The latest row about a deed.
    pub fn last_audit_entry(&mut self, deed: Deed) -> Result<Option<Entry>, Error> {
        let row = audit::table
            .filter(audit::deed.eq(deed.name()))
            .order(audit::number.desc())
            .select(Row::as_select())
            .first(self.connection)
            .optional()?;
        Ok(row.map(Entry::from))
    }

    /// Everybody who ever did something, in the order of their names.
    pub fn audit_actors(&mut self) -> Result<Vec<String>, Error> {
        Ok(audit::table.select(audit::actor).distinct().order(audit::actor).load(self.connection)?)
    }
}

impl Change<'_> {
    /// Adds what was done to the end of the record.
    pub fn record_event(&mut self, caller: &Caller, event: &Event) -> Result<(), Error> {
        let entry = Entry::following(&self.audit_head()?, caller, event);
        diesel::insert_into(audit::table)
            .values((
                audit::number.eq(entry.number),
                audit::at.eq(entry.at),
                audit::means.eq(entry.means),
                audit::actor.eq(entry.actor),
                audit::address.eq(entry.from),
                audit::deed.eq(entry.deed),
                audit::subject.eq(entry.subject),
                audit::details.eq(entry.details),
                audit::hash.eq(entry.hash.as_str()),
            ))
            .execute(self.connection)?;
        Ok(())
    }
}
