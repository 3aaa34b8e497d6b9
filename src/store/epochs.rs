//! How often that was changed from which something is computed.

use diesel::prelude::*;

use super::schema::epochs;
use super::{Error, Snapshot};

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
