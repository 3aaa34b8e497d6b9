//! Evidence: what shows that answers are true, and what its age does to the scores.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;

use super::access::sight;
use super::eye::Eye;
use super::memory::SupportOfTeams;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::digits;
use crate::domain::evidence::{self, Evidence, EvidenceContent, EvidenceFilter, EvidenceId, Support, support};
use crate::domain::fault::FieldFault;
use crate::domain::mapping::{self, Standard};
use crate::domain::organization::{TeamId, tidy_text};
use crate::domain::view::{ClausesSeen, EvidenceHistory, EvidenceSeen, EvidenceSubjects, Seen, Selection};
use crate::store::Snapshot;

/// What a person enters about a piece of evidence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EvidenceInput {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub link: String,
    /// What it says.
    pub text: String,
    /// The day on which it was true, as `2026-11-24`.
    pub recorded_on: String,
    /// The first day on which it is not valid any more; empty: it stays valid.
    pub expires_on: String,
    /// Who looked at it.
    pub reviewer: String,
    /// The activities it is for.
    pub activities: Vec<ActivityId>,
    /// The teams it is for.
    pub teams: Vec<TeamId>,
}

impl Cairn {
    /// The evidence of a scope, and what its age does to the scores.
    pub fn evidence(
        &self,
        caller: &Caller,
        selection: Selection,
        filter: &EvidenceFilter,
    ) -> Result<EvidenceSeen, Error> {
        self.look(caller, selection, |mut eye| {
            let (day, found) = evidence_seen(&mut eye)?;
            let freshness = eye.freshness(day)?;
            let subjects = self.evidence_subjects(eye.snapshot, &eye.sight)?;
            let mut counts = std::collections::BTreeMap::new();
            for piece in &found {
                *counts.entry(piece.state_on(day)).or_default() += 1;
            }
            let with_any: BTreeSet<&ActivityId> = found.iter().flat_map(|piece| &piece.content.activities).collect();
            let mut activities: Vec<ActivityId> = with_any.into_iter().cloned().collect();
            activities.sort_by_key(|id| subjects.name_of(id).to_lowercase());

            let found = filter.apply(found, day, &*eye.catalog_seen()?);
            Ok(EvidenceSeen { view: eye.view, day, subjects, found, counts, activities, freshness })
        })
    }

    /// Where a scope stands, with how much evidence there is for each clause of a standard, in their order.
    pub fn clauses(
        &self,
        caller: &Caller,
        selection: Selection,
        standard: Standard,
    ) -> Result<Seen<ClausesSeen>, Error> {
        self.see(caller, selection, |eye, period| {
            let Some(overview) = eye.overview(period)? else { return Ok(None) };
            let clauses = mapping::clauses(&overview.catalog, &overview.measures, standard);
            let (day, evidence) = evidence_seen(eye)?;
            let counts = mapping::evidence_counts(&overview.catalog, &clauses, &evidence, day);
            Ok(Some(ClausesSeen { overview, clauses: clauses.into_iter().zip(counts).collect() }))
        })
    }

    /// The evidence of a scope that was recorded by the day as of which it is seen, by its numbers, and that day:
    /// today, or the last of the quarter that was asked for.
    pub fn evidence_list(
        &self,
        caller: &Caller,
        selection: Selection,
        filter: &EvidenceFilter,
    ) -> Result<(NaiveDate, Vec<Evidence>), Error> {
        self.look(caller, selection, |mut eye| {
            let (day, mut found) = evidence_seen(&mut eye)?;
            found = filter.apply(found, day, &*eye.catalog_seen()?);
            found.sort_by_key(|piece| piece.id);
            let sees = |team: &TeamId| eye.sight.sees(*team);
            found.iter_mut().for_each(|piece| piece.content.teams.retain(sees));
            Ok((day, found))
        })
    }

    /// All versions of a piece of evidence, oldest first, of which the last is the present one; each with the teams
    /// that are seen.
    pub fn evidence_versions(&self, caller: &Caller, id: EvidenceId) -> Result<Vec<Evidence>, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let mut versions = snapshot.evidence_versions(sight, id)?;
            if versions.is_empty() {
                return Err(Error::NotFound("evidence"));
            }
            let sees = |team: &TeamId| sight.sees(*team);
            versions.iter_mut().for_each(|version| version.content.teams.retain(sees));
            Ok(versions)
        })
    }

    /// What new evidence can be for.
    pub fn subjects_of_evidence(&self, caller: &Caller) -> Result<EvidenceSubjects, Error> {
        self.read(caller, Action::View, |snapshot, sight| self.evidence_subjects(snapshot, sight))
    }

    /// A piece of evidence with its versions.
    pub fn evidence_history(&self, caller: &Caller, id: EvidenceId) -> Result<EvidenceHistory, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            let versions = snapshot.evidence_versions(sight, id)?;
            let current = versions.last().cloned().ok_or(Error::NotFound("evidence"))?;
            Ok(EvidenceHistory { subjects: self.evidence_subjects(snapshot, sight)?, versions, current })
        })
    }

    /// A piece of evidence with its versions, for somebody who may change it.
    pub fn evidence_to_edit(&self, caller: &Caller, id: EvidenceId) -> Result<EvidenceHistory, Error> {
        let history = self.evidence_history(caller, id)?;
        history.subjects.authorize(&caller.actor, Action::Assess, &history.current.content.teams)?;
        Ok(history)
    }

    /// Adds evidence.
    pub fn add_evidence(&self, caller: &Caller, input: &EvidenceInput) -> Result<EvidenceId, Error> {
        caller.actor.authorize(Action::Assess)?;
        self.change(caller, |change, events| {
            let sight = sight(change, caller)?;
            let subjects = self.evidence_subjects(change, &sight)?;
            let content = check(&subjects, caller.at.date_naive(), input, &[])?;
            subjects.authorize(&caller.actor, Action::Assess, &content.teams)?;
            let id = change.add_evidence(&content, caller.actor.name(), caller.at)?;
            events.push(about(Deed::EvidenceAdded, id, &content));
            Ok(id)
        })
    }

    /// Changes evidence. `seen` is the version that the person saw; if it is not the present one, nothing
    /// is overwritten.
    pub fn edit_evidence(
        &self,
        caller: &Caller,
        id: EvidenceId,
        seen: i64,
        input: &EvidenceInput,
    ) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let (current, subjects) = self.evidence_to_change(change, caller, id)?;
            let content = check(&subjects, caller.at.date_naive(), input, &current.content.activities)?;
            subjects.authorize(&caller.actor, Action::Assess, &content.teams)?;
            let wanted = Evidence { content, ..current.clone() };
            if current.differences(&wanted).is_empty() {
                return Ok(());
            }
            is_as_seen(&current, seen)?;
            if current.withdrawn.is_some() {
                return Err(Error::Refused("this evidence is withdrawn; take the withdrawal back first".into()));
            }
            change.change_evidence(id, &wanted.content, None, caller.actor.name(), caller.at)?;
            events.push(about(Deed::EvidenceChanged, id, &wanted.content));
            Ok(())
        })
    }

    /// Takes evidence out of what counts. It stays to be seen, with the reason.
    pub fn withdraw_evidence(&self, caller: &Caller, id: EvidenceId, seen: i64, reason: &str) -> Result<(), Error> {
        caller.actor.authorize(Action::Assess)?;
        let reason = tidy_text(reason, Evidence::REASON_LIMIT).map_err(|error| Error::invalid("reason", error))?;
        if reason.is_empty() {
            return Err(Error::invalid("reason", "a reason is needed, so that others can follow it"));
        }
        self.change(caller, |change, events| {
            let (current, _) = self.evidence_to_change(change, caller, id)?;
            is_as_seen(&current, seen)?;
            if current.withdrawn.is_some() {
                return Err(Error::Refused("this evidence is withdrawn already".into()));
            }
            change.change_evidence(id, &current.content, Some(&reason), caller.actor.name(), caller.at)?;
            events.push(about(Deed::EvidenceWithdrawn, id, &current.content).with("reason", reason.as_str()));
            Ok(())
        })
    }

    /// Takes a withdrawal back.
    pub fn restore_evidence(&self, caller: &Caller, id: EvidenceId, seen: i64) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let (current, _) = self.evidence_to_change(change, caller, id)?;
            is_as_seen(&current, seen)?;
            if current.withdrawn.is_none() {
                return Err(Error::Refused("this evidence is not withdrawn".into()));
            }
            change.change_evidence(id, &current.content, None, caller.actor.name(), caller.at)?;
            events.push(about(Deed::EvidenceRestored, id, &current.content));
            Ok(())
        })
    }

    /// The present version of evidence that the caller sees, for somebody who may assess all its teams.
    fn evidence_to_change(
        &self,
        snapshot: &mut Snapshot<'_>,
        caller: &Caller,
        id: EvidenceId,
    ) -> Result<(Evidence, EvidenceSubjects), Error> {
        caller.actor.authorize(Action::Assess)?;
        let sight = sight(snapshot, caller)?;
        let current = snapshot.evidence_versions(&sight, id)?.pop().ok_or(Error::NotFound("evidence"))?;
        let subjects = self.evidence_subjects(snapshot, &sight)?;
        subjects.authorize(&caller.actor, Action::Assess, &current.content.teams)?;
        Ok((current, subjects))
    }

    /// The teams, and the activities of the catalog in use and of those that assessments were made with.
    pub(super) fn evidence_subjects(
        &self,
        snapshot: &mut Snapshot<'_>,
        sight: &Sight,
    ) -> Result<EvidenceSubjects, Error> {
        let mut catalogs: Vec<Arc<Catalog>> = vec![self.catalog_in_use(snapshot)?];
        for assessment in snapshot.assessments(sight)?.into_iter().rev() {
            if catalogs.iter().all(|catalog| *catalog.digest() != assessment.catalog) {
                catalogs.push(self.catalog_of(snapshot, &assessment.catalog)?);
            }
        }
        Ok(EvidenceSubjects { teams: snapshot.teams(sight)?, catalogs })
    }
}

/// The evidence of a scope that was recorded by the day as of which it is seen, and that day.
fn evidence_seen(eye: &mut Eye<'_, '_>) -> Result<(NaiveDate, Vec<Evidence>), Error> {
    let day = eye.day();
    let teams: Vec<TeamId> = eye.view.teams_in_scope().map(|team| team.id).collect();
    let mut found = eye.snapshot.evidence_of(&teams)?;
    found.retain(|piece| piece.content.recorded_on <= day);
    Ok((day, found))
}

/// What evidence there is for the activities of a team on a day.
pub(super) fn support_of(
    snapshot: &mut Snapshot<'_>,
    team: TeamId,
    day: NaiveDate,
) -> Result<HashMap<ActivityId, Support>, Error> {
    Ok(support(&snapshot.evidence_of(&[team])?, team, day))
}

/// What evidence there is for the activities of some teams on a day, as far as there is any.
pub(super) fn support_by_team(
    eye: &mut Eye<'_, '_>,
    teams: &[TeamId],
    day: NaiveDate,
) -> Result<Arc<SupportOfTeams>, Error> {
    let epoch = eye.snapshot.evidence_epoch()?;
    if let Some(known) = epoch.and_then(|epoch| eye.cairn.memory.support(epoch, day, teams)) {
        return Ok(known);
    }
    let evidence = eye.snapshot.evidence_of(teams)?;
    let mut by_team: HashMap<TeamId, Vec<&Evidence>> = HashMap::new();
    for piece in &evidence {
        for team in &piece.content.teams {
            by_team.entry(*team).or_default().push(piece);
        }
    }
    let of_team = |(team, evidence): (TeamId, Vec<&Evidence>)| (team, support(evidence, team, day));
    let support = Arc::new(by_team.into_iter().map(of_team).collect());
    if let Some(epoch) = epoch {
        eye.cairn.memory.keep_support(epoch, day, teams, &support);
    }
    Ok(support)
}

/// Something that was done to evidence.
pub(super) fn about(deed: Deed, id: EvidenceId, content: &EvidenceContent) -> Event {
    let teams: Vec<i64> = content.teams.iter().map(|team| team.0).collect();
    Event::new(deed, content.title.as_str()).with("evidence", id.0).with("teams", teams)
}

fn is_as_seen(current: &Evidence, seen: i64) -> Result<(), Error> {
    if current.version == seen {
        return Ok(());
    }
    let by = &current.by;
    Err(Error::Overtaken(format!("{by} changed this evidence meanwhile, so nothing was done")))
}

/// Checks all fields, so that a person learns of all faults at once. `kept` are activities that the
/// evidence is for already: they stay possible even where no catalog has them any more.
pub(super) fn check(
    subjects: &EvidenceSubjects,
    today: NaiveDate,
    input: &EvidenceInput,
    kept: &[ActivityId],
) -> Result<EvidenceContent, Error> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, message: String| faults.push(FieldFault::new(field, message));
    let mut text = |field: &str, text: &str, limit: usize| {
        tidy_text(text, limit).unwrap_or_else(|error| {
            fault(field, error.to_string());
            String::new()
        })
    };
    let reviewer = one_line(&text("reviewer", &input.reviewer, EvidenceContent::REVIEWER_LIMIT));
    let body = text("text", &input.text, EvidenceContent::TEXT_LIMIT);
    let title = one_line(&text("title", &input.title, EvidenceContent::TITLE_LIMIT));
    if input.title.trim().is_empty() {
        fault("title", "a title is needed, so that others know what it is".into());
    }
    let link = evidence::link(&input.link).unwrap_or_else(|error| {
        fault("link", error.to_string());
        String::new()
    });

    let recorded_on = day(&input.recorded_on).unwrap_or_else(|message| {
        fault("recorded_on", message);
        None
    });
    if recorded_on.is_none() && input.recorded_on.trim().is_empty() {
        fault("recorded_on", "the day on which it was true is needed".into());
    }
    if recorded_on.is_some_and(|recorded| recorded > today) {
        fault("recorded_on", format!("it cannot be true only later than today, which is {today} in UTC"));
    }
    let expires_on = day(&input.expires_on).unwrap_or_else(|message| {
        fault("expires_on", message);
        None
    });
    if recorded_on.zip(expires_on).is_some_and(|(recorded, expires)| expires <= recorded) {
        fault("expires_on", "it must expire after the day on which it was true".into());
    }

    let teams = each_once(&input.teams);
    if let Some(message) = wrong_number(teams.len(), "team") {
        fault("team", message);
    } else if teams.iter().any(|&team| subjects.team(team).is_none()) {
        fault("team", "a chosen team does not exist".into());
    }
    let activities = each_once(&input.activities);
    let is_known = |id: &ActivityId| kept.contains(id) || subjects.activity(id).is_some();
    if let Some(message) = wrong_number(activities.len(), "activity") {
        fault("activity", message);
    } else if !activities.iter().all(is_known) {
        fault("activity", "a chosen activity is in no catalog that teams were assessed with".into());
    }
    match recorded_on {
        Some(recorded_on) if faults.is_empty() => {
            Ok(EvidenceContent { title, link, text: body, recorded_on, expires_on, reviewer, activities, teams })
        }
        _ => Err(Error::Invalid(faults)),
    }
}

/// The text with all white space as single spaces.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Reads a day; nothing is no day.
pub(super) fn day(text: &str) -> Result<Option<NaiveDate>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    digits::day(text).map(Some).ok_or_else(|| "write a day like 2026-11-24".into())
}

pub(super) fn each_once<T: Ord + Clone>(chosen: &[T]) -> Vec<T> {
    BTreeSet::from_iter(chosen).into_iter().cloned().collect()
}

/// What is wrong with how many are chosen, if anything is.
pub(super) fn wrong_number(chosen: usize, of: &str) -> Option<String> {
    match chosen {
        0 => Some(format!("choose at least one {of}")),
        1..=EvidenceContent::LINKS_LIMIT => None,
        many => Some(format!("at most {} can be chosen; this has {many}", EvidenceContent::LINKS_LIMIT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days_of_the_calendar() {
        assert_eq!(day(" "), Ok(None));
        assert_eq!(day("2024-02-29"), Ok(NaiveDate::from_ymd_opt(2024, 2, 29)));
        for wrong in ["2025-02-29", "24.12.2025", "0000-01-01", "9999-01-01", "+12026-01-01", "-1-01-01", "x"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }
}
