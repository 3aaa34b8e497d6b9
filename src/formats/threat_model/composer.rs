//! AWS Threat Composer: threats as statements, with mitigations and assumptions linked to them.

use super::json::At;
use super::notes::Notes;
use crate::domain::fault::Faults;
use crate::domain::threat_model::format::ReadModel;

/// Reads a file.
pub(super) fn read(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    Err(notes.refuse(at.path(), "not read yet"))
}
