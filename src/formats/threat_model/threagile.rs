//! Threagile: its models in YAML, and the risks that it found in them, in JSON.

use super::json::At;
use super::notes::Notes;
use crate::domain::fault::Faults;
use crate::domain::threat_model::format::ReadModel;

/// Reads a file.
pub(super) fn read(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    Err(notes.refuse(at.path(), "not read yet"))
}

/// Reads a file.
pub(super) fn read_risks(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    Err(notes.refuse(at.path(), "not read yet"))
}
