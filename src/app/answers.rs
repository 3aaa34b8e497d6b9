//! Answers in a draft: saving what a person changed, confirming what was taken over, setting several
//! at once, taking them from another team, and undoing.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use super::assessments::{current_answers, draft, name_of};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::answer::{Answer, Assessment, AssessmentId, Conflict, RecordedAnswer, Revision, Status};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedAnswers {
    /// The answers that were recorded, with the number of each record.
    pub recorded: Vec<(ActivityId, Revision)>,
    /// How many were already recorded like that.
    pub unchanged: usize,
}

impl SavedAnswers {
    /// The records that this made, from the first to the last, which is what can be undone.
    pub fn range(&self) -> Option<RangeInclusive<i64>> {
        let revisions = || self.recorded.iter().map(|(_, revision)| revision.0);
        Some(revisions().min()?..=revisions().max()?)
    }
}

impl Cairn {
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
            let mut recorder = Recorder::new(change, caller, &assessment)?;
            for (wanted, answer) in checked {
                match fate(change, id, wanted, &answer, current.get(&wanted.activity))? {
                    Fate::Unchanged => saved.unchanged += 1,
                    Fate::Conflict(theirs) => conflicts.push(Conflict {
                        activity: wanted.activity.clone(),
                        name: name_of(&catalog, &wanted.activity),
                        theirs,
                    }),
                    Fate::Record => {
                        let revision = recorder.record(change, &wanted.activity, &answer)?;
                        saved.recorded.push((wanted.activity.clone(), revision));
                    }
                }
            }
            if conflicts.is_empty() { Ok(saved) } else { Err(Error::Conflict(conflicts)) }
        })
    }

    /// Confirms answers that were taken over from the assessment before: they are recorded again as they
    /// are, by the caller. Answers that were not taken over, or are confirmed already, are left alone.
    pub fn confirm_answers(
        &self,
        caller: &Caller,
        id: AssessmentId,
        activities: &[ActivityId],
    ) -> Result<SavedAnswers, Error> {
        self.rewrite(caller, id, activities, |recorded| {
            let carried = recorded.filter(|answer| answer.carried)?;
            Some(Answer { carried: false, ..carried.clone() })
        })
    }

    /// Gives several activities one status; their notes stay. Nothing is done if the status is wrong.
    pub fn set_answers(
        &self,
        caller: &Caller,
        id: AssessmentId,
        activities: &[ActivityId],
        word: &str,
        reason: &str,
    ) -> Result<SavedAnswers, Error> {
        caller.actor.authorize(Action::Assess)?;
        let settings = self.store.read(|snapshot| snapshot.settings())?;
        let reason = if word == Status::NOT_APPLICABLE { reason } else { "" };
        let status = Status::parse(word, reason, &settings.scale).map_err(|error| {
            let field = if word == Status::NOT_APPLICABLE { "set-reason" } else { "set-status" };
            Error::invalid(field, error)
        })?;
        self.rewrite(caller, id, activities, |recorded| {
            let before = recorded.cloned().unwrap_or_default();
            let answer = Answer { status: status.clone(), inherited_from: None, carried: false, ..before.clone() };
            (answer != before).then_some(answer)
        })
    }

    /// Takes back the records in a range, as far as nobody has changed the answers since: each is recorded
    /// again as it was before.
    pub fn undo_answers(
        &self,
        caller: &Caller,
        id: AssessmentId,
        range: RangeInclusive<i64>,
    ) -> Result<SavedAnswers, Error> {
        caller.actor.authorize(Action::Assess)?;
        self.store.write(|change| {
            let assessment = draft(change, id)?;
            let superseded = change.superseded_by(id, range, caller.actor.name())?;
            if superseded.is_empty() {
                return Err(Error::Refused("there is nothing to undo: the answers were changed again since".into()));
            }
            let mut recorder = Recorder::new(change, caller, &assessment)?;
            let mut saved = SavedAnswers::default();
            for (activity, before) in superseded {
                let revision = recorder.record(change, &activity, &before.unwrap_or_default())?;
                saved.recorded.push((activity, revision));
            }
            Ok(saved)
        })
    }

    /// Takes the answer to an activity from another team's assessment of the same quarter. From then on it
    /// follows that answer while this assessment is a draft. There is one hop: what a provider itself takes
    /// from somewhere cannot be taken on, and what others take from a team it does not take from others.
    pub fn inherit_answer(
        &self,
        caller: &Caller,
        id: AssessmentId,
        activity: &ActivityId,
        provider: TeamId,
    ) -> Result<SavedAnswers, Error> {
        caller.actor.authorize(Action::Assess)?;
        self.store.write(|change| {
            let assessment = draft(change, id)?;
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            if catalog.find(activity).is_none() {
                return Err(Error::NotFound("question"));
            }
            let team = change.team(provider)?.ok_or(Error::NotFound("team"))?;
            let refuse = |message: String| Err(Error::invalid("provider", message));
            if provider == assessment.team {
                return refuse("a team cannot take an answer from itself".into());
            }
            let followers = change.relying_on(assessment.team, assessment.period)?;
            if followers.iter().any(|(_, followed)| followed == activity) {
                return refuse(
                    "other teams take this answer from here, so it cannot be taken from somewhere else".into(),
                );
            }
            let Some(theirs) = answer_of(change, provider, assessment.period, activity)? else {
                return refuse(format!("{} has not answered this in {}", team.name, assessment.period));
            };
            if theirs.inherited_from.is_some() {
                return refuse(format!("{} itself takes this answer from another team; take it from there", team.name));
            }
            let mut recorder = Recorder::new(change, caller, &assessment)?;
            let note = current_answers(change, id)?.remove(activity).map(|recorded| recorded.answer.note);
            let answer = Answer {
                status: theirs.status,
                note: note.unwrap_or_default(),
                inherited_from: Some(provider),
                carried: false,
            };
            let revision = recorder.record(change, activity, &answer)?;
            Ok(SavedAnswers { recorded: vec![(activity.clone(), revision)], unchanged: 0 })
        })
    }

    /// Records what `change_of` makes of the present answers to some activities; `None` leaves one alone.
    fn rewrite(
        &self,
        caller: &Caller,
        id: AssessmentId,
        activities: &[ActivityId],
        change_of: impl Fn(Option<&Answer>) -> Option<Answer>,
    ) -> Result<SavedAnswers, Error> {
        caller.actor.authorize(Action::Assess)?;
        self.store.write(|change| {
            let assessment = draft(change, id)?;
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            let current = current_answers(change, id)?;
            let mut recorder = Recorder::new(change, caller, &assessment)?;
            let mut saved = SavedAnswers::default();
            for activity in activities {
                if catalog.find(activity).is_none() {
                    return Err(Error::NotFound("question"));
                }
                match change_of(current.get(activity).map(|recorded| &recorded.answer)) {
                    None => saved.unchanged += 1,
                    Some(answer) => {
                        let revision = recorder.record(change, activity, &answer)?;
                        saved.recorded.push((activity.clone(), revision));
                    }
                }
            }
            Ok(saved)
        })
    }
}

/// Records answers of one assessment, and lets those answers follow that other drafts of the quarter
/// take from its team.
pub(super) struct Recorder<'a> {
    caller: &'a Caller,
    assessment: AssessmentId,
    keys: ActivityKeys,
    followers: HashMap<ActivityId, Vec<(AssessmentId, Answer)>>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(snapshot: &mut Snapshot<'_>, caller: &'a Caller, assessment: &Assessment) -> Result<Self, Error> {
        let followers = snapshot.followers(assessment.team, assessment.period)?;
        Ok(Self { caller, assessment: assessment.id, keys: ActivityKeys::default(), followers })
    }

    pub(super) fn record(
        &mut self,
        change: &mut Change<'_>,
        activity: &ActivityId,
        answer: &Answer,
    ) -> Result<Revision, Error> {
        let (by, at) = (self.caller.actor.name(), self.caller.at);
        let revision = change.record_answer(&mut self.keys, self.assessment, activity, answer, by, at)?;
        for (follower, theirs) in self.followers.get_mut(activity).into_iter().flatten() {
            if theirs.status != answer.status {
                theirs.status = answer.status.clone();
                change.record_answer(&mut self.keys, *follower, activity, theirs, by, at)?;
            }
        }
        Ok(revision)
    }
}

/// What a team's assessment of a quarter says about an activity, if anything.
fn answer_of(
    snapshot: &mut Snapshot<'_>,
    team: TeamId,
    period: Period,
    activity: &ActivityId,
) -> Result<Option<Answer>, Error> {
    let Some(assessment) = snapshot.assessment_of(team, period)? else { return Ok(None) };
    let answer = snapshot.answers_to(activity, &[assessment.id])?.remove(&assessment.id);
    Ok(answer.map(|recorded| recorded.answer).filter(|answer| answer.status != Status::Unanswered))
}

/// The status that a provider gives in a quarter; `None` while it has not answered.
pub(super) fn provided(
    snapshot: &mut Snapshot<'_>,
    provider: TeamId,
    period: Period,
    activity: &ActivityId,
) -> Result<Option<Status>, Error> {
    Ok(answer_of(snapshot, provider, period, activity)?.map(|answer| answer.status))
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
