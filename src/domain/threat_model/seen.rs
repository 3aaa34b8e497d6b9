//! What pages show of threat models.

use chrono::NaiveDate;

use super::ThreatModel;
use super::register::{Registered, Revision, RevisionHead};
use crate::domain::organization::Team;

/// A threat model as it is now.
#[derive(Debug, Clone)]
pub struct KeptModel {
    /// What the register says of it.
    pub registered: Registered,
    /// Whose it is.
    pub team: Team,
    /// What it says.
    pub model: ThreatModel,
    /// The day on which it is looked at.
    pub today: NaiveDate,
}

/// A revision of a threat model, with what it was before.
#[derive(Debug, Clone)]
pub struct ModelRevision {
    /// What the register says of the model.
    pub registered: Registered,
    /// Whose it is.
    pub team: Team,
    /// All revisions without their contents, the latest first.
    pub heads: Vec<RevisionHead>,
    /// The revision.
    pub revision: Revision,
    /// The one before it.
    pub before: Option<Revision>,
}
