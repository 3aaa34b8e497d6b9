//! Opening, answering and submitting assessments.

use std::collections::HashMap;

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::{Answer, Assessment, AssessmentId, Conflict, RecordedAnswer, Revision, Sheet, Status};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::scoring::{Scorecard, combine};
use crate::domain::view::{Quarter, QuarterRow, Questionnaire};
use crate::store::{ActivityKeys, Snapshot};

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
    /// All teams in a quarter; `None`: the present one.
    pub fn quarter(&self, caller: &Caller, period: Option<Period>) -> Result<Quarter, Error> {
        caller.actor.authorize(Action::View)?;
        let current = Period::containing(caller.at);
        let period = period.unwrap_or(current);
        self.store.read(|snapshot| {
            let assessments = snapshot.assessments()?;
            let mut periods: Vec<Period> = assessments.iter().map(|assessment| assessment.period).collect();
            periods.dedup();
            periods.reverse();
            let of_period: Vec<_> = assessments.into_iter().filter(|assessment| assessment.period == period).collect();
            let ids: Vec<_> = of_period.iter().map(|assessment| assessment.id).collect();
            let mut statuses = snapshot.statuses(&ids)?;
            let mut by_team = HashMap::new();
            for assessment in of_period {
                let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
                let answers = statuses.remove(&assessment.id).unwrap_or_default();
                let card = self.scorecard(&catalog, answers.iter().map(|(id, status)| (id, status)));
                by_team.insert(assessment.team, (assessment, card));
            }
            let rows = snapshot.teams()?.into_iter();
            let rows = rows.map(|team| QuarterRow { assessment: by_team.remove(&team.id), team }).collect();
            Ok(Quarter { period, current, rows, periods })
        })
    }

    /// Opens a blank draft for a team in a quarter.
    pub fn open_assessment(&self, caller: &Caller, team: TeamId, period: Period) -> Result<AssessmentId, Error> {
        caller.actor.authorize(Action::Assess)?;
        if period > Period::containing(caller.at) {
            return Err(Error::invalid("period", format!("{period} has not begun yet")));
        }
        self.store.write(|change| {
            let teams = change.teams()?;
            let team = teams.iter().find(|t| t.id == team).ok_or(Error::NotFound("team"))?;
            if change.assessment_of(team.id, period)?.is_some() {
                return Err(Error::Refused(format!("{} already has an assessment for {period}", team.name)));
            }
            Ok(change.open_assessment(team.id, period, &self.catalog, caller.actor.name(), caller.at)?)
        })
    }

    /// The assessment of a team in a quarter, if there is one.
    pub fn find_assessment(
        &self,
        caller: &Caller,
        team: TeamId,
        period: Period,
    ) -> Result<Option<AssessmentId>, Error> {
        caller.actor.authorize(Action::View)?;
        self.store.read(|snapshot| Ok(snapshot.assessment_of(team, period)?.map(|assessment| assessment.id)))
    }

    /// An assessment with its answers and scores.
    pub fn questionnaire(&self, caller: &Caller, id: AssessmentId) -> Result<Questionnaire, Error> {
        caller.actor.authorize(Action::View)?;
        self.store.read(|snapshot| {
            let assessment = find(snapshot, id)?;
            let team =
                snapshot.teams()?.into_iter().find(|team| team.id == assessment.team).ok_or(Error::NotFound("team"))?;
            let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
            let answers = current_answers(snapshot, id)?;
            let scorecard =
                self.scorecard(&catalog, answers.iter().map(|(id, recorded)| (id, &recorded.answer.status)));
            Ok(Questionnaire { assessment, team, catalog, answers, scorecard })
        })
    }

    /// Records answers to a draft: all of them or, when something is wrong with one, none.
    ///
    /// An answer that was recorded by somebody else since the caller saw it, and differs, is a
    /// conflict: nothing is overwritten unseen.
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
            let checked = self.check(&catalog, &current, changes)?;
            let mut conflicts = Vec::new();
            let mut saved = SavedAnswers::default();
            let mut keys = ActivityKeys::default();
            for (wanted, answer) in checked {
                let recorded = current.get(&wanted.activity);
                let same = recorded.map_or_else(|| answer.is_blank(), |recorded| recorded.answer == answer);
                if same {
                    saved.unchanged += 1;
                    continue;
                }
                match recorded {
                    Some(theirs) if theirs.revision != wanted.seen => conflicts.push(Conflict {
                        activity: wanted.activity.clone(),
                        name: name_of(&catalog, &wanted.activity),
                        theirs: theirs.clone(),
                    }),
                    _ => {
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
    pub fn submit_assessment(&self, caller: &Caller, id: AssessmentId) -> Result<(), Error> {
        caller.actor.authorize(Action::Assess)?;
        self.store.write(|change| {
            draft(change, id)?;
            let answers = current_answers(change, id)?;
            if answers.values().all(|recorded| recorded.answer.status == Status::Unanswered) {
                return Err(Error::Refused(
                    "nothing is answered yet; answer at least one activity before you submit".into(),
                ));
            }
            Ok(change.submit_assessment(id, caller.actor.name(), caller.at)?)
        })
    }

    /// The scores of one set of answers.
    fn scorecard<'a>(
        &self,
        catalog: &Catalog,
        answers: impl IntoIterator<Item = (&'a ActivityId, &'a Status)>,
    ) -> Scorecard {
        let sheet = Sheet::new(catalog, &self.settings.scale, answers);
        Scorecard::new(catalog, &combine(catalog, &[&sheet]), self.settings.threshold)
    }

    /// Turns the words of changes into answers, or reports all that is wrong with them. Fields are
    /// named `status`, `reason` or `note` with the id of the activity in brackets.
    fn check<'a>(
        &self,
        catalog: &Catalog,
        current: &HashMap<ActivityId, RecordedAnswer>,
        changes: &'a [AnswerChange],
    ) -> Result<Vec<(&'a AnswerChange, Answer)>, Error> {
        let mut faults = Vec::new();
        let mut checked = Vec::new();
        for wanted in changes {
            let id = &wanted.activity;
            if catalog.find(id).is_none() {
                faults.push(FieldFault::new(
                    format!("status[{id}]"),
                    "this assessment does not ask for such an activity",
                ));
                continue;
            }
            let reason = if wanted.status == Status::NOT_APPLICABLE { wanted.reason.as_str() } else { "" };
            let status = Status::parse(&wanted.status, reason, &self.settings.scale).map_err(|error| {
                use crate::domain::answer::NotAStatus::{Reason, ReasonMissing};
                let field = if matches!(error, Reason(_) | ReasonMissing) { "reason" } else { "status" };
                faults.push(FieldFault::new(format!("{field}[{id}]"), format!("{}: {error}", name_of(catalog, id))));
            });
            let note = tidy_text(&wanted.note, Answer::NOTE_LIMIT).map_err(|error| {
                faults.push(FieldFault::new(
                    format!("note[{id}]"),
                    format!("{}: the note: {error}", name_of(catalog, id)),
                ));
            });
            if let (Ok(status), Ok(note)) = (status, note) {
                // An inherited answer stays so until its status is changed by hand.
                let kept = current.get(id).map(|recorded| &recorded.answer).filter(|answer| answer.status == status);
                let inherited_from = kept.and_then(|answer| answer.inherited_from);
                checked.push((wanted, Answer { status, note, inherited_from }));
            }
        }
        if faults.is_empty() { Ok(checked) } else { Err(Error::Invalid(faults)) }
    }
}

fn find(snapshot: &mut Snapshot<'_>, id: AssessmentId) -> Result<Assessment, Error> {
    snapshot.assessment(id)?.ok_or(Error::NotFound("assessment"))
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
