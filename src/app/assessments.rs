//! Assessments as wholes: opening them for one team or many, submitting, reopening, and where all
//! teams are in a quarter.

use std::collections::{HashMap, HashSet};

use super::access::{authorized, sight};
use super::answers::Recorder;
use super::eye::{Eye, scope};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Sight};
use crate::domain::answer::{Answer, Assessment, AssessmentId, RecordedAnswer, Reopening, Revision, Sheet, Status};
use crate::domain::audit::{Deed, Event, assessment_digest};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::catalog_change::CatalogChange;
use crate::domain::named::Named;
use crate::domain::organization::{ScopeId, Settings, Team, TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::scoring::{Scorecard, combine};
use crate::domain::submission::Summary;
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
        let current = Period::containing(caller.at);
        let period = selection.period.unwrap_or(current);
        self.read(caller, Action::View, |snapshot, sight| {
            let (teams, groups) = (snapshot.teams(sight)?, snapshot.groups(sight)?);
            let scope = scope(snapshot, sight, selection.scope, &teams, &groups)?;
            let settings = snapshot.settings()?;
            let of_period = snapshot.assessments_in(sight, period)?;
            let ids: Vec<_> = of_period.iter().map(|assessment| assessment.id).collect();
            let mut statuses = snapshot.statuses(&ids)?;
            let mut by_team = HashMap::new();
            for assessment in of_period {
                let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
                let answers = statuses.remove(&assessment.id).unwrap_or_default();
                let card = scorecard(&settings, &catalog, answers.iter().map(|(id, status)| (id, status)));
                by_team.insert(assessment.team, (assessment, card));
            }
            let teams = teams.into_iter().filter(|team| is_in(team, scope.id));
            let rows = teams.map(|team| QuarterRow { assessment: by_team.remove(&team.id), team, waiting: 0 });
            // A team that was retired by then has no row, unless it was assessed all the same.
            let rows = rows.filter(|row| row.assessment.is_some() || row.team.is_active_in(period));
            let mut rows: Vec<QuarterRow> = rows.collect();
            self.count_waiting(snapshot, period, &mut rows)?;
            let periods = snapshot.periods(sight)?;
            let due = if period == current {
                let latest = Selection { period: None, ..selection };
                Some(due(&mut Eye::new(self, snapshot, sight, latest, caller.at.date_naive())?, current)?)
            } else {
                None
            };
            Ok(Quarter { selection, scope, period, current, due, rows, periods })
        })
    }

    /// The assessments of the present quarter that are under way in a scope.
    pub fn drafts(&self, caller: &Caller, scope: ScopeId) -> Result<Vec<Assessment>, Error> {
        self.look(caller, Selection { scope, period: None }, |eye| {
            let mut drafts = eye.snapshot.drafts_in(&eye.sight, Period::containing(caller.at))?;
            drafts.retain(|draft| eye.view.teams_in_scope().any(|team| team.id == draft.team));
            Ok(drafts)
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
        self.long_change(caller, |change, events| {
            let mut opened = Vec::new();
            for &id in teams {
                let team = authorized(change, caller, Action::Assess, id)?;
                if !team.is_active_in(period) {
                    return Err(Error::invalid(
                        "team",
                        format!("{} is retired and not assessed in {period}", team.name),
                    ));
                }
                let (assessment, is_new) = self.open_or_find(change, caller, id, period)?;
                if is_new {
                    let event = about(Deed::AssessmentOpened, &team, &assessment);
                    if from == OpenFrom::Previous {
                        let carried = self.carry_over(change, caller, &assessment, &HashSet::new())?;
                        events.push(event.with("carried", carried));
                    } else {
                        events.push(event);
                    }
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
        self.change(caller, |change, events| {
            let (assessment, team) = draft(change, caller, id)?;
            let latest = current_answers(change, id)?.values().map(|recorded| recorded.revision).max();
            if seen.is_some_and(|seen| seen != latest.unwrap_or_default()) {
                let message = "answers were changed since you loaded the review; look at it again, then submit";
                return Err(Error::Refused(message.into()));
            }
            let message = "nothing is answered yet; answer at least one activity before you submit";
            let event = self.submit(change, caller, &assessment, &team)?;
            events.push(event.ok_or_else(|| Error::Refused(message.into()))?);
            Ok(assessment)
        })
    }

    /// Makes a submitted assessment a draft again. Why, and what its submission was, is kept.
    pub fn reopen_assessment(&self, caller: &Caller, id: AssessmentId, reason: &str) -> Result<(), Error> {
        caller.actor.authorize(Action::Reopen)?;
        let reason = tidy_text(reason, Reopening::REASON_LIMIT).map_err(|error| Error::invalid("reason", error))?;
        if reason.is_empty() {
            return Err(Error::invalid("reason", "say why, so that others can follow it"));
        }
        self.change(caller, |change, events| {
            let (assessment, team) = find_for(change, caller, Action::Reopen, id)?;
            let Some(submission) = &assessment.submitted else {
                return Err(Error::Refused("this assessment is a draft already".into()));
            };
            change.reopen_assessment(id, submission, &reason, caller.actor.name(), caller.at)?;
            let mut recorder = Recorder::new(change, caller, &assessment)?;
            recorder.catch_up(change)?;
            events.push(about(Deed::AssessmentReopened, &team, &assessment).with("reason", reason.as_str()));
            events.extend(recorder.followed(change)?);
            Ok(())
        })
    }

    /// Takes the answers of the assessment before over, activity by activity, also where the
    /// activities stand in another version of the catalog. How many those are. `said`: activities that are
    /// answered otherwise.
    pub(super) fn carry_over(
        &self,
        change: &mut Change<'_>,
        caller: &Caller,
        assessment: &Assessment,
        said: &HashSet<ActivityId>,
    ) -> Result<usize, Error> {
        let Some(before) = before(change, assessment.team, assessment.period)? else { return Ok(0) };
        let catalog = self.catalog_of(change, &assessment.catalog)?;
        let mut carried = self.to_carry(change, &before, &catalog)?;
        carried.retain(|(id, _)| !said.contains(id));
        let mut recorder = Recorder::new(change, caller, assessment)?;
        for (id, answer) in &carried {
            recorder.record(change, id, answer)?;
        }
        Ok(carried.len())
    }

    /// The answers of an assessment that one made with a catalog after it begins with, in the order of that catalog.
    pub(super) fn to_carry(
        &self,
        snapshot: &mut Snapshot<'_>,
        before: &Assessment,
        catalog: &Catalog,
    ) -> Result<Vec<(ActivityId, Answer)>, Error> {
        let answers = current_answers(snapshot, before.id)?;
        let origins: Vec<(ActivityId, ActivityId)> = if before.catalog == *catalog.digest() {
            catalog.activities().map(|(_, activity)| (activity.id.clone(), activity.id.clone())).collect()
        } else {
            let (old, new) = (self.catalog_of(snapshot, &before.catalog)?.content(), catalog.content());
            let kept = CatalogChange::between(&old, &new).kept;
            kept.iter().map(|kept| (kept.new.activity.id.clone(), kept.old.activity.id.clone())).collect()
        };
        let carried = origins.into_iter().filter_map(|(id, origin)| {
            let recorded = answers.get(&origin).filter(|recorded| !recorded.answer.is_blank())?;
            Some((id, Answer { carried: true, ..recorded.answer.clone() }))
        });
        Ok(carried.collect())
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
        Ok((find(change, &Sight::Everything, id)?, true))
    }

    /// Submits a draft, unless nothing in it is answered. The digest of what is submitted is kept with it
    /// and goes into the record, so that it can be told later whether it is still that.
    pub(super) fn submit(
        &self,
        change: &mut Change<'_>,
        caller: &Caller,
        assessment: &Assessment,
        team: &Team,
    ) -> Result<Option<Event>, Error> {
        let id = assessment.id;
        let answers = change.answers(&[id])?.remove(&id).unwrap_or_default();
        if answers.iter().all(|recorded| recorded.answer.status == Status::Unanswered) {
            return Ok(None);
        }
        let catalog = self.catalog_of(change, &assessment.catalog)?;
        let said = answers.iter().map(|recorded| (&recorded.activity, &recorded.answer));
        let summary = Summary::new(&catalog, said)
            .ok_or_else(|| Error::Broken("the answers take more words than any scale has".to_owned()))?;
        let digest = assessment_digest(assessment, &answers);
        change.submit_assessment(id, &digest, &summary, caller.actor.name(), caller.at)?;
        Ok(Some(about(Deed::AssessmentSubmitted, team, assessment).with("digest", digest)))
    }
}

/// What is to be done in the present quarter.
pub(super) fn due(eye: &mut Eye<'_, '_>, current: Period) -> Result<Due, Error> {
    let open = eye.snapshot.drafts_in(&eye.sight, current)?;
    let by_team: HashMap<TeamId, AssessmentId> = open.iter().map(|draft| (draft.team, draft.id)).collect();
    let (mut submitted, mut drafts, mut missing) = (0, Vec::new(), Vec::new());
    for team in eye.view.teams_in_scope() {
        match by_team.get(&team.id) {
            Some(draft) => drafts.push((team.name.to_string(), *draft)),
            None if eye.submission(team.id, current).is_some() => submitted += 1,
            None if team.is_active_in(current) => missing.push(team.clone()),
            None => {}
        }
    }
    let day = eye.day();
    let freshness = eye.freshness(day)?;
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

/// Something that was done to an assessment.
pub(super) fn about(deed: Deed, team: &Team, assessment: &Assessment) -> Event {
    Event::new(deed, format!("{} {}", team.name, assessment.period)).with("assessment", assessment.id.0)
}

pub(super) fn find(snapshot: &mut Snapshot<'_>, sight: &Sight, id: AssessmentId) -> Result<Assessment, Error> {
    snapshot.assessment(sight, id)?.ok_or(Error::NotFound("assessment"))
}

/// The assessment with its team, for somebody who may do something with it.
fn find_for(
    snapshot: &mut Snapshot<'_>,
    caller: &Caller,
    action: Action,
    id: AssessmentId,
) -> Result<(Assessment, Team), Error> {
    caller.actor.authorize(action)?;
    let sight = sight(snapshot, caller)?;
    let assessment = find(snapshot, &sight, id)?;
    let team = snapshot.team(&sight, assessment.team)?.ok_or(Error::NotFound("team"))?;
    caller.actor.authorize_for(action, &team)?;
    Ok((assessment, team))
}

/// The last submitted assessment of a team before a quarter.
pub(super) fn before(snapshot: &mut Snapshot<'_>, team: TeamId, period: Period) -> Result<Option<Assessment>, Error> {
    let of_team = snapshot.assessments_of(team)?;
    Ok(of_team.into_iter().rfind(|other| other.submitted.is_some() && other.period < period))
}

/// The assessment with its team, for somebody who may answer it, if it can still be answered.
pub(super) fn draft(
    snapshot: &mut Snapshot<'_>,
    caller: &Caller,
    id: AssessmentId,
) -> Result<(Assessment, Team), Error> {
    let (assessment, team) = find_for(snapshot, caller, Action::Assess, id)?;
    match assessment.submitted {
        None => Ok((assessment, team)),
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
