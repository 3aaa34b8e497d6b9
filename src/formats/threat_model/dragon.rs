//! OWASP Threat Dragon, versions 1 and 2: diagrams with the threats to their elements.

use super::json::At;
use super::notes::Notes;
use crate::domain::fault::Faults;
use crate::domain::threat_model::format::ReadModel;

/// Reads a file.
pub(super) fn read_1(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    Err(notes.refuse(at.path(), "not read yet"))
}

/// Reads a file.
pub(super) fn read_2(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    Err(notes.refuse(at.path(), "not read yet"))
}
