//! draw.io: diagrams drawn with the shapes of data-flow diagrams; no threats.

use super::notes::Notes;
use crate::domain::fault::Faults;
use crate::domain::threat_model::format::ReadModel;

/// Reads a file.
pub(super) fn read(_name: &str, _text: &str, notes: &mut Notes) -> Result<ReadModel, Faults> {
    Err(notes.refuse("", "not read yet"))
}
