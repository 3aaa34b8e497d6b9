//! Assessments as wholes: opening them for one team or many, submitting, reopening, and where all
//! teams are in a quarter.

use std::collections::HashMap;

use super::answers::Recorder;
use super::evidence::freshness;
use super::maturity::{Eye, scope};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::{Answer, Assessment, AssessmentId, RecordedAnswer, Reopening, Revision, Sheet, Status};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::catalog_change::CatalogChange;
use crate::domain::named::Named;
use crate::domain::organization::{Settings, TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::scoring::{Scorecard, combine};
use crate::domain::view::{Due, Quarter, QuarterRow, Selection, is_in};
use crate::store::{Change, Snapshot};

/// What a new assessment begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenFrom {
    /// What the team's last submitted assessment said, to be confirmed or changed.
    Previous,
    /// Nothing.
    Blank,
}

impl Named for OpenFrom {
    const NAMED: &'static [(&'static str, Self)] = &[("previous", Self::Previous), ("blank", Self::Blank)];
}

impl Cairn {
    /// The teams of a scope in a quarter; without a period in the present one.
    pub fn quarter(&self, caller: &Caller, selection: Selection) -> Result<Quarter, Error> {
        caller.actor.authorize(Action::View)?;
        let current = Period::containing(caller.at);
        let period = selection.period.unwrap_or(current);
        self.store.read(|snapshot| {
            let scope = scope(snapshot, selection.scope)?;
            let settings = snapshot.settings()?;
            let of_period = snapshot.assessments_in(period)?;
            let ids: Vec<_> = of_period.iter().map(|assessment| assessment.id).collect();
            let mut statuses = snapshot.statuses(&ids)?;
            let mut by_team = HashMap::new();
            for assessment in of_period {
                let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
                let answers = statuses.remove(&assessment.id).unwrap_or_default();
                let card = scorecard(&settings, &catalog, answers.iter().map(|(id, status)| (id, status)));
                by_team.insert(assessment.team, (assessment, card));
            }
            let teams = snapshot.teams()?.into_iter().filter(|team| is_in(team, scope.id));
            let rows = teams.map(|team| QuarterRow { assessment: by_team.remove(&team.id), team });
            // A team that was retired by then has no row, unless it was assessed all the same.
            let rows = rows.filter(|row| row.assessment.is_some() || row.team.is_active_in(period)).collect();
            let periods = snapshot.periods()?;
            let due = if period == current {
                let latest = Selection { period: None, ..selection };
                Some(due(&mut Eye::new(self, snapshot, latest, caller.at.date_naive())?, current)?)
            } else {
                None
            };
            Ok(Quarter { selection, scope, period, current, due, rows, periods })
        })
    }

    /// Opens the assessments of some teams in a quarter, each only once: where a team has one already,
    /// that is given. A new one takes over what the team's last submitted assessment before that quarter
    /// said, or begins blank.
    pub fn open_assessments(
        &self,
        caller: &Caller,
        teams: &[TeamId],
        period: Period,
        from: OpenFrom,
    ) -> Result<Vec<AssessmentId>, Error> {
        caller.actor.authorize(Action::Assess)?;
        has_begun(caller, period).map_err(|message| Error::invalid("period", message))?;
        if teams.is_empty() {
            return Err(Error::invalid("team", "choose at least one team"));
        }
        self.store.write(|change| {
            let mut opened = Vec::new();
            for &id in teams {
                let team = change.team(id)?.ok_or(Error::NotFound("team"))?;
                if !team.is_active_in(period) {
                    return Err(Error::invalid(
                        "team",
                        format!("{} is retired and not assessed in {period}", team.name),
                    ));
                }
                let (assessment, is_new) = self.open_or_find(change, caller, id, period)?;
                if is_new && from == OpenFrom::Previous {
                    self.carry_over(change, caller, &assessment)?;
                }
                opened.push(assessment.id);
            }
            Ok(opened)
        })
    }

    /// Submits a draft, which freezes it. At least one activity must be answered. `seen` is the latest
    /// record that the caller saw: what was answered after it must be looked at first.
    pub fn submit_assessment(
        &self,
        caller: &Caller,
        id: AssessmentId,
        seen: Option<Revision>,
    ) -> Result<Assessment, Error> {
        caller.actor.authorize(Action::Assess)?;
        self.store.write(|change| {
            let assessment = draft(change, id)?;
            let latest = current_answers(change, id)?.values().map(|recorded| recorded.revision).max();
            if seen.is_some_and(|seen| seen != latest.unwrap_or_default()) {
                let message = "answers were changed since you loaded the review; look at it again, then submit";
                return Err(Error::Refused(message.into()));
            }
            if self.submit(change, caller, id)? {
                Ok(assessment)
            } else {
                let message = "nothing is answered yet; answer at least one activity before you submit";
                Err(Error::Refused(message.into()))
            }
        })
    }

    /// Makes a submitted assessment a draft again. Why, and what its submission was, is kept.
    pub fn reopen_assessment(&self, caller: &Caller, id: AssessmentId, reason: &str) -> Result<(), Error> {
        caller.actor.authorize(Action::Reopen)?;
        let reason = tidy_text(reason, Reopening::REASON_LIMIT).map_err(|error| Error::invalid("reason", error))?;
        if reason.is_empty() {
            return Err(Error::invalid("reason", "say why, so that others can follow it"));
        }
        self.store.write(|change| {
            let assessment = find(change, id)?;
            let Some(submission) = &assessment.submitted else {
                return Err(Error::Refused("this assessment is a draft already".into()));
            };
            change.reopen_assessment(id, submission, &reason, caller.actor.name(), caller.at)?;
            Recorder::new(change, caller, &assessment)?.catch_up(change)
        })
    }

    /// Takes the answers of the assessment before over, activity by activity, also where the
    /// activities stand in another version of the catalog.
    pub(super) fn carry_over(
        &self,
        change: &mut Change<'_>,
        caller: &Caller,
        assessment: &Assessment,
    ) -> Result<(), Error> {
        let Some(before) = before(change, assessment)? else { return Ok(()) };
        let new = self.catalog_of(change, &assessment.catalog)?;
        let answers = current_answers(change, before.id)?;
        let origins: Vec<(ActivityId, ActivityId)> = if before.catalog == assessment.catalog {
            new.activities().map(|(_, activity)| (activity.id.clone(), activity.id.clone())).collect()
        } else {
            let (old, new) = (self.catalog_of(change, &before.catalog)?.content(), new.content());
            let kept = CatalogChange::between(&old, &new).kept;
            kept.iter().map(|kept| (kept.new.activity.id.clone(), kept.old.activity.id.clone())).collect()
        };
        let mut recorder = Recorder::new(change, caller, assessment)?;
        for (id, origin) in &origins {
            let Some(recorded) = answers.get(origin).filter(|recorded| !recorded.answer.is_blank()) else { continue };
            recorder.record(change, id, &Answer { carried: true, ..recorded.answer.clone() })?;
        }
        Ok(())
    }

    /// The assessment of a team in a quarter, and whether it had to be opened.
    pub(super) fn open_or_find(
        &self,
        change: &mut Change<'_>,
        caller: &Caller,
        team: TeamId,
        period: Period,
    ) -> Result<(Assessment, bool), Error> {
        if let Some(assessment) = change.assessment_of(team, period)? {
            return Ok((assessment, false));
        }
        let catalog = self.catalog_in_use(change)?;
        let id = change.open_assessment(team, period, &catalog, caller.actor.name(), caller.at)?;
        Ok((find(change, id)?, true))
    }

    /// Submits a draft, unless nothing in it is answered; whether it did.
    pub(super) fn submit(&self, change: &mut Change<'_>, caller: &Caller, id: AssessmentId) -> Result<bool, Error> {
        let statuses = change.statuses(&[id])?.remove(&id).unwrap_or_default();
        let answered = statuses.iter().any(|(_, status)| *status != Status::Unanswered);
        if answered {
            change.submit_assessment(id, caller.actor.name(), caller.at)?;
        }
        Ok(answered)
    }
}

/// What is to be done in the present quarter.
pub(super) fn due(eye: &mut Eye<'_, '_>, current: Period) -> Result<Due, Error> {
    let of_period = eye.snapshot.assessments_in(current)?;
    let by_team: HashMap<TeamId, &Assessment> =
        of_period.iter().map(|assessment| (assessment.team, assessment)).collect();
    let (mut submitted, mut drafts, mut missing) = (0, Vec::new(), Vec::new());
    for team in eye.view.teams_in_scope() {
        match by_team.get(&team.id) {
            Some(assessment) if assessment.submitted.is_some() => submitted += 1,
            Some(assessment) => drafts.push((team.name.to_string(), assessment.id)),
            None if team.is_active_in(current) => missing.push(team.name.to_string()),
            None => {}
        }
    }
    let day = eye.day();
    let freshness = freshness(eye, day)?;
    let (stale, going) = freshness.map_or((0, 0), |freshness| (freshness.stale.len(), freshness.going.len()));
    Ok(Due { period: current, submitted, drafts, missing, stale, going })
}

/// The scores of one set of answers.
pub(super) fn scorecard<'a>(
    settings: &Settings,
    catalog: &Catalog,
    answers: impl IntoIterator<Item = (&'a ActivityId, &'a Status)>,
) -> Scorecard {
    let sheet = Sheet::new(catalog, &settings.scale, answers);
    Scorecard::new(catalog, &combine(catalog, &[&sheet]), settings.threshold)
}

/// Whether a quarter has begun; if not, why that matters.
pub(super) fn has_begun(caller: &Caller, period: Period) -> Result<(), String> {
    if period > Period::containing(caller.at) { Err(format!("{period} has not begun yet")) } else { Ok(()) }
}

pub(super) fn find(snapshot: &mut Snapshot<'_>, id: AssessmentId) -> Result<Assessment, Error> {
    snapshot.assessment(id)?.ok_or(Error::NotFound("assessment"))
}

/// The last submitted assessment of the same team before this one.
pub(super) fn before(snapshot: &mut Snapshot<'_>, assessment: &Assessment) -> Result<Option<Assessment>, Error> {
    let of_team = snapshot.assessments_of(assessment.team)?;
    Ok(of_team.into_iter().rfind(|other| other.submitted.is_some() && other.period < assessment.period))
}

/// The assessment, if it can still be answered.
pub(super) fn draft(snapshot: &mut Snapshot<'_>, id: AssessmentId) -> Result<Assessment, Error> {
    let assessment = find(snapshot, id)?;
    match assessment.submitted {
        None => Ok(assessment),
        Some(_) => Err(Error::Refused("this assessment is submitted and does not change any more".into())),
    }
}

pub(super) fn current_answers(
    snapshot: &mut Snapshot<'_>,
    id: AssessmentId,
) -> Result<HashMap<ActivityId, RecordedAnswer>, Error> {
    let answers = snapshot.answers(&[id])?.remove(&id).unwrap_or_default();
    Ok(answers.into_iter().map(|recorded| (recorded.activity.clone(), recorded)).collect())
}

pub(super) fn name_of(catalog: &Catalog, id: &ActivityId) -> String {
    catalog.find(id).map_or_else(|| id.0.clone(), |index| catalog.activity(index).name.clone())
}
