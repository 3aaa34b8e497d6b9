//! Evidence that programs record beside what they propose: renewed rather than piled up.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};

use super::Error;
use super::evidence::{self, EvidenceInput};
use super::proposals::Present;
use crate::domain::access::Caller;
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::{Evidence, EvidenceContent, EvidenceId};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Team, TeamId};
use crate::domain::view::EvidenceSubjects;
use crate::store::Change;

/// How many pieces of evidence one program may record for a team.
const PIECES_LIMIT: usize = 500;

/// Evidence that a program records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProposedEvidence {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub link: String,
    /// What it says.
    pub text: String,
    /// The first day on which it is not valid any more; empty: said otherwise, or it stays valid.
    pub expires_on: String,
    /// For how many days it is valid.
    pub valid_for_days: Option<u64>,
}

/// What became of evidence that a program sent. `None` in its place is for who may not see what is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvidenceFate {
    /// It is a new piece.
    Added(EvidenceId),
    /// It is a new version of a piece that the program recorded before.
    Renewed(EvidenceId),
    /// It was recorded on this day or a later one already.
    Known(EvidenceId),
    /// Somebody withdrew it; it stays withdrawn.
    Withdrawn(EvidenceId),
    /// It is recorded; who may not see what is recorded is told no more.
    Recorded,
}

/// Checks the fields of evidence, which is true on the day of the detection.
pub(super) fn check_evidence(
    present: &Present,
    team: Option<&Team>,
    activities: &[ActivityId],
    on: NaiveDate,
    today: NaiveDate,
    evidence: &ProposedEvidence,
) -> Result<EvidenceContent, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, message: &str| faults.push(FieldFault::new(format!("evidence.{field}"), message));
    let mut expires_on = evidence.expires_on.clone();
    if let Some(days) = evidence.valid_for_days {
        match on.checked_add_days(Days::new(days)) {
            _ if !evidence.expires_on.is_empty() => {
                fault("valid_for_days", "say for how many days it is valid, or until when, not both");
            }
            Some(day) if (1..=36_500).contains(&days) => expires_on = day.to_string(),
            _ => fault("valid_for_days", "it is valid for 1 to 36500 days"),
        }
    }
    let input = EvidenceInput {
        title: evidence.title.clone(),
        link: evidence.link.clone(),
        text: evidence.text.clone(),
        recorded_on: on.to_string(),
        expires_on,
        reviewer: String::new(),
        activities: activities.to_vec(),
        teams: team.map(|team| team.id).into_iter().collect(),
    };
    let teams = team.cloned().into_iter().collect();
    let subjects = EvidenceSubjects { teams, catalogs: present.catalogs.clone() };
    let checked = evidence::check(&subjects, today, &input, &[]);
    match checked {
        Ok(content) if faults.is_empty() => Ok(content),
        Ok(_) => Err(faults),
        Err(Error::Invalid(found)) => {
            // What it is for and when it was true is said outside of the evidence, and told there.
            let own = found.into_iter().filter(|found| !["team", "activity", "recorded_on"].contains(&&*found.field));
            faults.extend(own.map(|found| FieldFault { field: format!("evidence.{}", found.field), ..found }));
            Err(faults)
        }
        Err(_) => Err(faults),
    }
}

/// Records evidence: a new piece, or a new version of the one with the same title for the same activities that the
/// same program added for the team, at most one for each day.
pub(super) fn record_evidence(
    change: &mut Change<'_>,
    caller: &Caller,
    content: &EvidenceContent,
    events: &mut Vec<Event>,
) -> Result<EvidenceFate, Error> {
    let name = caller.actor.name();
    let mut own = Vec::new();
    for &team in &content.teams {
        own.extend(change.evidence_added_by(name, team)?);
    }
    let Some(current) = own.iter().find(|piece| is_the_same(piece, content)) else {
        if own.len() >= PIECES_LIMIT {
            let message = format!(
                "{PIECES_LIMIT} pieces of evidence for this team come from here already; give the same thing the same \
                 title each time, then it is a new version of the same piece"
            );
            return Err(Error::invalid("evidence.title", message));
        }
        let id = change.add_evidence(content, name, caller.at)?;
        events.push(evidence::about(Deed::EvidenceAdded, id, content));
        return Ok(EvidenceFate::Added(id));
    };
    if current.withdrawn.is_some() {
        return Ok(EvidenceFate::Withdrawn(current.id));
    }
    if current.content.recorded_on >= content.recorded_on {
        return Ok(EvidenceFate::Known(current.id));
    }
    // Who looked at it before stays; a program does not.
    let renewed = EvidenceContent { reviewer: current.content.reviewer.clone(), ..content.clone() };
    change.change_evidence(current.id, &renewed, None, name, caller.at)?;
    events.push(evidence::about(Deed::EvidenceChanged, current.id, &renewed));
    Ok(EvidenceFate::Renewed(current.id))
}

/// Whether a piece is what a program records again: of the same title, for the same activities and teams.
fn is_the_same(piece: &Evidence, content: &EvidenceContent) -> bool {
    let of = &piece.content;
    of.title == content.title
        && HashSet::<&ActivityId>::from_iter(&of.activities) == HashSet::from_iter(&content.activities)
        && HashSet::<&TeamId>::from_iter(&of.teams) == HashSet::from_iter(&content.teams)
}
