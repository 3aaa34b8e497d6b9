//! What pages show of threat models.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::ThreatModel;
use super::register::{Registered, Revision, RevisionHead, ThreatModelId};
use super::support::Proposal;
use crate::domain::catalog::ActivityId;
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

/// What the threat models say about the questions of an assessment.
#[derive(Debug, Clone, Default)]
pub struct ModelSupport {
    /// What they propose, for each activity that they say something about.
    pub proposals: Vec<Proposal>,
    /// The titles of the team's models that are not put aside.
    pub titles: BTreeMap<ThreatModelId, String>,
}

impl ModelSupport {
    /// What they propose for an activity.
    pub fn of(&self, activity: &ActivityId) -> Option<&Proposal> {
        self.proposals.iter().find(|proposal| proposal.activity == *activity)
    }
}
