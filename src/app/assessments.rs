//! Opening, answering and submitting assessments.

use std::collections::HashMap;

use super::maturity::scope;
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::{Answer, Assessment, AssessmentId, Conflict, RecordedAnswer, Revision, Sheet, Status};
use crate::domain::catalog::{Activity, ActivityId, Catalog};
use crate::domain::catalog_change::{CatalogChange, Changed};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Settings, TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;
use crate::domain::scoring::{Scorecard, combine};
use crate::domain::view::{Anew, AskedAnew, Quarter, QuarterRow, Questionnaire, Selection, is_in};
use crate::store::{ActivityKeys, Change, Snapshot};

/// What a person answered about one activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerChange {
    /// The activity.
    pub activity: ActivityId,
    /// The record that the person saw when they answered.
    pub seen: Revision,
    /// The word of the status.
    pub status: String,
    /// Why it is not applicable. Passed over with every other status, where forms send it as well.
    pub reason: String,
    /// The note.
    pub note: String,
}

/// What became of some changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SavedAnswers {
    /// How many answers were recorded.
    pub recorded: usize,
    /// How many were already recorded like that.
    pub unchanged: usize,
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
            let rows = teams.map(|team| QuarterRow { assessment: by_team.remove(&team.id), team }).collect();
            Ok(Quarter { selection, scope, period, current, rows, periods: snapshot.periods()? })
        })
    }

    /// The assessment of a team in a quarter: the one that is there, or else a new draft, which takes
    /// over what the team's last submitted assessment before that quarter said.
    pub fn open_assessment(&self, caller: &Caller, team: TeamId, period: Period) -> Result<AssessmentId, Error> {
        caller.actor.authorize(Action::Assess)?;
        has_begun(caller, period).map_err(|message| Error::invalid("period", message))?;
        self.store.write(|change| {
            change.team(team)?.ok_or(Error::NotFound("team"))?;
            let (assessment, opened) = self.open_or_find(change, caller, team, period)?;
            if opened {
                self.carry_over(change, caller, &assessment)?;
            }
            Ok(assessment.id)
        })
    }

    /// An assessment with its answers and scores.
    pub fn questionnaire(&self, caller: &Caller, id: AssessmentId) -> Result<Questionnaire, Error> {
        caller.actor.authorize(Action::View)?;
        self.store.read(|snapshot| {
            let assessment = find(snapshot, id)?;
            let team = snapshot.team(assessment.team)?.ok_or(Error::NotFound("team"))?;
            let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
            let (answers, settings) = (current_answers(snapshot, id)?, snapshot.settings()?);
            let scorecard =
                scorecard(&settings, &catalog, answers.iter().map(|(id, recorded)| (id, &recorded.answer.status)));
            let asked_anew = self.asked_anew(snapshot, &assessment, &catalog)?;
            Ok(Questionnaire { assessment, team, catalog, settings, answers, scorecard, asked_anew })
        })
    }

    /// Records answers to a draft: all of them or, when something is wrong with one, none.
    ///
    /// What counts is what the person changed. An answer that says what they saw is not theirs and
    /// is left alone, whatever became of it. One that they changed, and somebody else as well since
    /// they saw it, is a conflict: nothing is overwritten unseen.
    pub fn save_answers(
        &self,
        caller: &Caller,
        id: AssessmentId,
        changes: &[AnswerChange],
    ) -> Result<SavedAnswers, Error> {
        caller.actor.authorize(Action::Assess)?;
        self.store.write(|change| {
            let assessment = draft(change, id)?;
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            let current = current_answers(change, id)?;
            let checked = check(&change.settings()?.scale, &catalog, &current, changes)?;
            let mut conflicts = Vec::new();
            let mut saved = SavedAnswers::default();
            let mut keys = ActivityKeys::default();
            for (wanted, answer) in checked {
                match fate(change, id, wanted, &answer, current.get(&wanted.activity))? {
                    Fate::Unchanged => saved.unchanged += 1,
                    Fate::Conflict(theirs) => conflicts.push(Conflict {
                        activity: wanted.activity.clone(),
                        name: name_of(&catalog, &wanted.activity),
                        theirs,
                    }),
                    Fate::Record => {
                        change.record_answer(
                            &mut keys,
                            id,
                            &wanted.activity,
                            &answer,
                            caller.actor.name(),
                            caller.at,
                        )?;
                        saved.recorded += 1;
                    }
                }
            }
            if conflicts.is_empty() { Ok(saved) } else { Err(Error::Conflict(conflicts)) }
        })
    }

    /// Submits a draft, which freezes it. At least one activity must be answered.
    pub fn submit_assessment(&self, caller: &Caller, id: AssessmentId) -> Result<Assessment, Error> {
        caller.actor.authorize(Action::Assess)?;
        self.store.write(|change| {
            let assessment = draft(change, id)?;
            if self.submit(change, caller, id)? {
                Ok(assessment)
            } else {
                let message = "nothing is answered yet; answer at least one activity before you submit";
                Err(Error::Refused(message.into()))
            }
        })
    }

    /// Takes the answers of the assessment before over, activity by activity, also where the
    /// activities stand in another version of the catalog.
    fn carry_over(&self, change: &mut Change<'_>, caller: &Caller, assessment: &Assessment) -> Result<(), Error> {
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
        let mut keys = ActivityKeys::default();
        for (id, origin) in &origins {
            if let Some(recorded) = answers.get(origin).filter(|recorded| !recorded.answer.is_blank()) {
                let answer = Answer { carried: true, ..recorded.answer.clone() };
                change.record_answer(&mut keys, assessment.id, id, &answer, caller.actor.name(), caller.at)?;
            }
        }
        Ok(())
    }

    /// What the catalog asks anew since the assessment before was made: activities that are new and
    /// such that changed in a way which may change the answer.
    fn asked_anew(
        &self,
        snapshot: &mut Snapshot<'_>,
        assessment: &Assessment,
        catalog: &Catalog,
    ) -> Result<Vec<AskedAnew>, Error> {
        let Some(before) = before(snapshot, assessment)?.filter(|before| before.catalog != assessment.catalog) else {
            return Ok(Vec::new());
        };
        let (old, new) = (self.catalog_of(snapshot, &before.catalog)?.content(), catalog.content());
        let change = CatalogChange::between(&old, &new);
        let because = |changed: &Changed<'_>| match changed {
            renamed if renamed.is_renamed() => Anew::Renamed,
            relevelled if relevelled.is_relevelled() => Anew::Relevelled,
            _ => Anew::Reworded,
        };
        let added = change.added.iter().map(|placed| (placed.activity, Anew::New));
        let changed = change.kept_and(Changed::asks_anew).map(|changed| (changed.new.activity, because(changed)));
        let find =
            |(activity, because): (&Activity, Anew)| Some(AskedAnew { activity: catalog.find(&activity.id)?, because });
        Ok(added.chain(changed).filter_map(find).collect())
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

/// The scores of one set of answers.
fn scorecard<'a>(
    settings: &Settings,
    catalog: &Catalog,
    answers: impl IntoIterator<Item = (&'a ActivityId, &'a Status)>,
) -> Scorecard {
    let sheet = Sheet::new(catalog, &settings.scale, answers);
    Scorecard::new(catalog, &combine(catalog, &[&sheet]), settings.threshold)
}

/// Turns the words of changes into answers, or reports all that is wrong with them. Fields are
/// named `status`, `reason` or `note` with the id of the activity in brackets.
fn check<'a>(
    scale: &ProgressScale,
    catalog: &Catalog,
    current: &HashMap<ActivityId, RecordedAnswer>,
    changes: &'a [AnswerChange],
) -> Result<Vec<(&'a AnswerChange, Answer)>, Error> {
    let mut faults = Vec::new();
    let mut checked = Vec::new();
    for wanted in changes {
        let id = &wanted.activity;
        if catalog.find(id).is_none() {
            faults.push(FieldFault::new(format!("status[{id}]"), "this assessment does not ask for such an activity"));
            continue;
        }
        let reason = if wanted.status == Status::NOT_APPLICABLE { wanted.reason.as_str() } else { "" };
        let status = Status::parse(&wanted.status, reason, scale).map_err(|error| {
            use crate::domain::answer::NotAStatus::{Reason, ReasonMissing};
            let field = if matches!(error, Reason(_) | ReasonMissing) { "reason" } else { "status" };
            faults.push(FieldFault::new(format!("{field}[{id}]"), format!("{}: {error}", name_of(catalog, id))));
        });
        let note = tidy_text(&wanted.note, Answer::NOTE_LIMIT).map_err(|error| {
            faults.push(FieldFault::new(format!("note[{id}]"), format!("{}: the note: {error}", name_of(catalog, id))));
        });
        if let (Ok(status), Ok(note)) = (status, note) {
            // An inherited answer stays so until its status is changed by hand.
            let kept = current.get(id).map(|recorded| &recorded.answer).filter(|answer| answer.status == status);
            let inherited_from = kept.and_then(|answer| answer.inherited_from);
            checked.push((wanted, Answer { status, note, inherited_from, carried: false }));
        }
    }
    if faults.is_empty() { Ok(checked) } else { Err(Error::Invalid(faults)) }
}

/// What becomes of one answer that is to be saved.
enum Fate {
    Unchanged,
    Record,
    Conflict(RecordedAnswer),
}

fn fate(
    snapshot: &mut Snapshot<'_>,
    assessment: AssessmentId,
    wanted: &AnswerChange,
    answer: &Answer,
    recorded: Option<&RecordedAnswer>,
) -> Result<Fate, Error> {
    let Some(recorded) = recorded else {
        return Ok(if answer.is_blank() { Fate::Unchanged } else { Fate::Record });
    };
    if recorded.answer.says_the_same_as(answer) {
        return Ok(Fate::Unchanged);
    }
    if recorded.revision == wanted.seen {
        return Ok(Fate::Record);
    }
    // A record of another activity cannot be what they saw of this one.
    let seen = snapshot.record(assessment, wanted.seen)?.filter(|seen| seen.activity == wanted.activity);
    let seen = seen.map(|seen| seen.answer).unwrap_or_default();
    Ok(if seen.says_the_same_as(answer) { Fate::Unchanged } else { Fate::Conflict(recorded.clone()) })
}

/// Whether a quarter has begun; if not, why that matters.
pub(super) fn has_begun(caller: &Caller, period: Period) -> Result<(), String> {
    if period > Period::containing(caller.at) { Err(format!("{period} has not begun yet")) } else { Ok(()) }
}

fn find(snapshot: &mut Snapshot<'_>, id: AssessmentId) -> Result<Assessment, Error> {
    snapshot.assessment(id)?.ok_or(Error::NotFound("assessment"))
}

/// The last submitted assessment of the same team before this one.
fn before(snapshot: &mut Snapshot<'_>, assessment: &Assessment) -> Result<Option<Assessment>, Error> {
    let of_team = snapshot.assessments_of(assessment.team)?;
    Ok(of_team.into_iter().rfind(|other| other.submitted.is_some() && other.period < assessment.period))
}

/// The assessment, if it can still be answered.
fn draft(snapshot: &mut Snapshot<'_>, id: AssessmentId) -> Result<Assessment, Error> {
    let assessment = find(snapshot, id)?;
    match assessment.submitted {
        None => Ok(assessment),
        Some(_) => Err(Error::Refused("this assessment is submitted and does not change any more".into())),
    }
}

fn current_answers(
    snapshot: &mut Snapshot<'_>,
    id: AssessmentId,
) -> Result<HashMap<ActivityId, RecordedAnswer>, Error> {
    let answers = snapshot.answers(&[id])?.remove(&id).unwrap_or_default();
    Ok(answers.into_iter().map(|recorded| (recorded.activity.clone(), recorded)).collect())
}

fn name_of(catalog: &Catalog, id: &ActivityId) -> String {
    catalog.find(id).map_or_else(|| id.0.clone(), |index| catalog.activity(index).name.clone())
}
