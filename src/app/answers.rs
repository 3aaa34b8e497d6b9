//! Answers in a draft: saving what a person changed, confirming what was taken over, setting several
//! at once, taking them from another team, and undoing.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::RangeInclusive;

use super::access::sight;
use super::assessments::{about, current_answers, draft, find, name_of};
use super::{Cairn, Error};
use crate::domain::access::{Caller, Sight};
use crate::domain::answer::{Answer, Assessment, AssessmentId, Conflict, RecordedAnswer, Revision, Status};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Team, TeamId, tidy_text};
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;
use crate::store::{ActivityKeys, Change, Snapshot};

/// Up to how many answers are looked up one by one.
const FEW: usize = 10;

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
    /// Whether they say that it is still so: then an answer that was taken over is confirmed.
    pub confirmed: bool,
}

/// What a person sends from a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Saving {
    /// The answers on the page.
    pub changes: Vec<AnswerChange>,
    /// Whether the person touched each of them. A plain form sends those as well that nobody touched.
    pub touched: bool,
    /// What is to be done besides.
    pub also: Also,
}

/// What is to be done to several answers at once, after those on the page are saved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Also {
    /// Nothing.
    #[default]
    Nothing,
    /// Confirm what was taken over from the assessment before: it is recorded again as it is, by the
    /// caller. Answers that were not taken over, or are confirmed already, are left alone.
    Confirm(Vec<ActivityId>),
    /// Give them one status; their notes stay.
    Set {
        /// The activities.
        activities: Vec<ActivityId>,
        /// The word of the status.
        status: String,
        /// Why they are not applicable.
        reason: String,
    },
}

/// What became of some changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SavedAnswers {
    /// The answers that were recorded, with the number of the last record of each.
    pub recorded: Vec<(ActivityId, Revision)>,
    /// Those that were already recorded like that, with the number of that record.
    pub unchanged: Vec<(ActivityId, Revision)>,
    /// The records that this made, from the first to the last, which is what can be undone.
    pub range: Option<(i64, i64)>,
}

impl SavedAnswers {
    pub(super) fn note(&mut self, activity: &ActivityId, revision: Revision) {
        match self.recorded.iter_mut().find(|(recorded, _)| recorded == activity) {
            Some((_, last)) => *last = revision,
            None => self.recorded.push((activity.clone(), revision)),
        }
        let (first, last) = self.range.unwrap_or((revision.0, revision.0));
        self.range = Some((first.min(revision.0), last.max(revision.0)));
    }

    /// What the record says of it, if anything was recorded. What was answered stays in the answers, which
    /// keep every version; the numbers of the records lead there.
    fn event(&self, team: &Team, assessment: &Assessment, catalog: &Catalog) -> Option<Event> {
        self.event_of(Deed::AnswersRecorded, team, assessment, catalog)
    }

    /// The same where the answers were recorded by doing something else.
    pub(super) fn event_of(
        &self,
        deed: Deed,
        team: &Team,
        assessment: &Assessment,
        catalog: &Catalog,
    ) -> Option<Event> {
        let (first, last) = self.range?;
        let event = about(deed, team, assessment).with("answers", self.recorded.len());
        let event = event.with("records", vec![first, last]);
        match self.recorded.as_slice() {
            [(only, _)] => Some(event.with("activity", name_of(catalog, only))),
            _ => Some(event),
        }
    }
}

impl Cairn {
    /// Records answers to a draft and does what else is wanted: all of it or, when something is wrong
    /// with any part, nothing.
    ///
    /// Of a plain form counts what the person changed: an answer that says what they saw is not theirs
    /// and is left alone, whatever became of it. One that they changed, and somebody else as well since
    /// they saw it, is a conflict: nothing is overwritten unseen.
    pub fn save_answers(&self, caller: &Caller, id: AssessmentId, saving: &Saving) -> Result<SavedAnswers, Error> {
        self.change(caller, |change, events| {
            let (assessment, team) = draft(change, caller, id)?;
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            let mut current = concerned(change, id, saving)?;
            let scale = change.settings()?.scale;
            let (checked, mut faults) = check(&scale, &catalog, &current, &saving.changes);
            let status = status_for_all(&scale, &saving.also, &mut faults);
            if !faults.is_empty() {
                return Err(Error::Invalid(faults));
            }
            let mut conflicts = Vec::new();
            let mut saved = SavedAnswers::default();
            let mut recorder = Recorder::new(change, caller, &assessment)?;
            let mut seen: HashMap<&ActivityId, Revision> = HashMap::new();
            for (wanted, answer) in checked {
                let id_of_answer = &wanted.activity;
                seen.insert(id_of_answer, wanted.seen);
                let recorded = current.get(id_of_answer);
                match fate(change, id, wanted, saving.touched, &answer, recorded)? {
                    Fate::Unchanged => {
                        let revision = recorded.map(|recorded| recorded.revision).unwrap_or_default();
                        saved.unchanged.push((id_of_answer.clone(), revision));
                    }
                    Fate::Conflict(theirs) => conflicts.push(conflict(&catalog, id_of_answer, theirs, true)),
                    Fate::Record => {
                        let recorded = recorder.record(change, id_of_answer, &answer)?;
                        seen.insert(id_of_answer, recorded.revision);
                        saved.note(id_of_answer, recorded.revision);
                        current.insert(id_of_answer.clone(), recorded);
                    }
                }
            }
            for activity in saving.also.activities() {
                let recorded = current.get(activity);
                let revision = recorded.map(|recorded| recorded.revision).unwrap_or_default();
                // What is not on the page was not seen, and is not touched.
                let Some(seen) = seen.get(activity) else { return Err(Error::NotFound("question")) };
                if let Some(theirs) = recorded.filter(|_| *seen != revision) {
                    if conflicts.iter().all(|conflict| conflict.activity != *activity) {
                        conflicts.push(conflict(&catalog, activity, theirs.clone(), false));
                    }
                } else if let Some(answer) = saving.also.changed(status.as_ref(), recorded.map(|r| &r.answer)) {
                    saved.note(activity, recorder.record(change, activity, &answer)?.revision);
                }
            }
            if !conflicts.is_empty() {
                return Err(Error::Conflict(conflicts));
            }
            events.extend(saved.event(&team, &assessment, &catalog));
            events.extend(recorder.followed(change)?);
            Ok(saved)
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
        self.change(caller, |change, events| {
            let (assessment, team) = draft(change, caller, id)?;
            let superseded = change.superseded_by(id, range, caller.actor.name())?;
            if superseded.is_empty() {
                return Err(Error::Refused("there is nothing to undo: the answers were changed again since".into()));
            }
            let mut recorder = Recorder::new(change, caller, &assessment)?;
            let mut saved = SavedAnswers::default();
            for (activity, before) in superseded {
                let recorded = recorder.record(change, &activity, &before.unwrap_or_default())?;
                saved.note(&activity, recorded.revision);
            }
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            events.extend(saved.event(&team, &assessment, &catalog).map(|event| event.with("undone", true)));
            events.extend(recorder.followed(change)?);
            Ok(saved)
        })
    }

    /// Takes the answer to an activity from another team's assessment of the same quarter. From then on it
    /// follows that answer while this assessment is a draft. There is one hop: what a provider itself takes
    /// from somewhere cannot be taken on, and what others take from a team it does not take from others.
    /// `seen` is the record that the caller saw; when there is another by now it is a conflict.
    pub fn inherit_answer(
        &self,
        caller: &Caller,
        id: AssessmentId,
        activity: &ActivityId,
        provider: TeamId,
        seen: Revision,
    ) -> Result<SavedAnswers, Error> {
        self.change(caller, |change, events| {
            let (assessment, team) = draft(change, caller, id)?;
            let catalog = self.catalog_of(change, &assessment.catalog)?;
            if catalog.find(activity).is_none() {
                return Err(Error::NotFound("question"));
            }
            let sight = sight(change, caller)?;
            let provided_by = change.team(&sight, provider)?.ok_or(Error::NotFound("team"))?;
            let refuse = |message: String| Err(Error::invalid("provider", message));
            if provider == assessment.team {
                return refuse("a team cannot inherit an answer from itself".into());
            }
            let followers = change.relying_on(&Sight::Everything, assessment.team, assessment.period)?;
            if followers.iter().any(|(_, followed)| followed == activity) {
                return refuse(
                    "other teams inherit this answer from here, so it cannot be inherited from somewhere else".into(),
                );
            }
            let Some(theirs) = answer_of(change, provider, assessment.period, activity)? else {
                return refuse(format!("{} has not answered this in {}", provided_by.name, assessment.period));
            };
            if theirs.inherited_from.is_some() {
                return refuse(format!(
                    "{} itself inherits this answer from another team; inherit it from there",
                    provided_by.name
                ));
            }
            let recorded = change.answer(id, activity)?;
            if let Some(recorded) = recorded.as_ref().filter(|recorded| recorded.revision != seen) {
                return Err(Error::Conflict(vec![conflict(&catalog, activity, recorded.clone(), false)]));
            }
            let note = recorded.map(|recorded| recorded.answer.note).unwrap_or_default();
            let Answer { status, since, .. } = theirs;
            let answer = Answer { status, note, inherited_from: Some(provider), carried: false, since };
            let mut saved = SavedAnswers::default();
            saved.note(
                activity,
                Recorder::new(change, caller, &assessment)?.record(change, activity, &answer)?.revision,
            );
            let event = saved.event(&team, &assessment, &catalog);
            events.extend(event.map(|event| event.with("taken_from", provided_by.name.as_str())));
            Ok(saved)
        })
    }
}

impl Also {
    /// The activities that it is about.
    fn activities(&self) -> &[ActivityId] {
        match self {
            Self::Nothing => &[],
            Self::Confirm(activities) | Self::Set { activities, .. } => activities,
        }
    }

    /// What it makes of an answer; `None` leaves it as it is. `status`: what all are set to.
    fn changed(&self, status: Option<&Status>, recorded: Option<&Answer>) -> Option<Answer> {
        match (self, status) {
            (Self::Confirm(_), _) => {
                let carried = recorded.filter(|answer| answer.carried)?;
                Some(Answer { carried: false, ..carried.clone() })
            }
            (Self::Set { .. }, Some(status)) => {
                let before = recorded.cloned().unwrap_or_default();
                let since = before.since.filter(|_| before.status == *status);
                let (status, note) = (status.clone(), before.note.clone());
                let answer = Answer { status, note, inherited_from: None, carried: false, since };
                (answer != before).then_some(answer)
            }
            _ => None,
        }
    }
}

/// The current answers that a saving is about, if it is about few, or all of them.
fn concerned(
    snapshot: &mut Snapshot<'_>,
    id: AssessmentId,
    saving: &Saving,
) -> Result<HashMap<ActivityId, RecordedAnswer>, Error> {
    let changed = saving.changes.iter().map(|change| &change.activity);
    let activities: Vec<&ActivityId> = changed.chain(saving.also.activities()).collect();
    if activities.len() > FEW {
        return current_answers(snapshot, id);
    }
    let mut answers = HashMap::new();
    for activity in activities {
        answers.extend(snapshot.answer(id, activity)?.map(|recorded| (activity.clone(), recorded)));
    }
    Ok(answers)
}

/// The status that all get, if any. What is wrong with it is named `set-status`, `set-reason` or `pick`.
fn status_for_all(scale: &ProgressScale, also: &Also, faults: &mut Vec<FieldFault>) -> Option<Status> {
    let Also::Set { activities, status, reason } = also else { return None };
    if activities.is_empty() {
        faults.push(FieldFault::new("pick", "select the questions first, with the box below each"));
    }
    let reason = if status == Status::NOT_APPLICABLE { reason.as_str() } else { "" };
    let field = if status == Status::NOT_APPLICABLE { "set-reason" } else { "set-status" };
    Status::parse(status, reason, scale).map_err(|error| faults.push(FieldFault::new(field, error))).ok()
}

pub(super) fn conflict(catalog: &Catalog, activity: &ActivityId, theirs: RecordedAnswer, touched: bool) -> Conflict {
    Conflict { activity: activity.clone(), name: name_of(catalog, activity), theirs, touched }
}

/// Records answers of one assessment, and keeps the rules of answers that are taken from other teams:
/// there is one hop, and they say what the provider says as long as their assessment is a draft.
pub(super) struct Recorder<'a> {
    caller: &'a Caller,
    assessment: Assessment,
    keys: ActivityKeys,
    /// The answers of other drafts that are taken from this team.
    followers: HashMap<ActivityId, Vec<(AssessmentId, Answer)>>,
    /// The activities that others take from this team, in drafts or not.
    relied_on: HashSet<ActivityId>,
    /// How many answers of other drafts followed.
    followed: BTreeMap<AssessmentId, usize>,
}

impl<'a> Recorder<'a> {
    pub(super) fn new(snapshot: &mut Snapshot<'_>, caller: &'a Caller, assessment: &Assessment) -> Result<Self, Error> {
        let (team, period) = (assessment.team, assessment.period);
        let relied_on =
            snapshot.relying_on(&Sight::Everything, team, period)?.into_iter().map(|(_, activity)| activity).collect();
        let (assessment, keys) = (assessment.clone(), ActivityKeys::default());
        let followed = BTreeMap::new();
        Ok(Self { caller, assessment, keys, followers: snapshot.followers(team, period)?, relied_on, followed })
    }

    /// Records an answer, and what follows from it for others.
    pub(super) fn record(
        &mut self,
        change: &mut Change<'_>,
        activity: &ActivityId,
        answer: &Answer,
    ) -> Result<RecordedAnswer, Error> {
        let answer = self.settled(change, activity, answer)?;
        let (by, at) = (self.caller.actor.name(), self.caller.at);
        let revision = change.record_answer(&mut self.keys, self.assessment.id, activity, &answer, by, at)?;
        for (follower, theirs) in self.followers.get_mut(activity).into_iter().flatten() {
            if theirs.status != answer.status {
                (theirs.status, theirs.since) = (answer.status.clone(), answer.since);
                change.record_answer(&mut self.keys, *follower, activity, theirs, by, at)?;
                *self.followed.entry(*follower).or_default() += 1;
            }
        }
        Ok(RecordedAnswer { revision, activity: activity.clone(), answer, by: by.to_owned(), at })
    }

    /// What the record says of the drafts that followed.
    pub(super) fn followed(&self, snapshot: &mut Snapshot<'_>) -> Result<Vec<Event>, Error> {
        follow_events(snapshot, &self.followed)
    }

    /// Brings the answers that are taken from others up to what those say now.
    pub(super) fn catch_up(&mut self, change: &mut Change<'_>) -> Result<(), Error> {
        for (activity, recorded) in current_answers(change, self.assessment.id)? {
            if self.settled(change, &activity, &recorded.answer)? != recorded.answer {
                self.record(change, &activity, &recorded.answer)?;
            }
        }
        Ok(())
    }

    /// The answer with the status of its provider; without a provider where that would be a second hop.
    fn settled(&self, snapshot: &mut Snapshot<'_>, activity: &ActivityId, answer: &Answer) -> Result<Answer, Error> {
        let mut answer = answer.clone();
        let Some(provider) = answer.inherited_from else { return Ok(answer) };
        let theirs = answer_of(snapshot, provider, self.assessment.period, activity)?;
        let is_second_hop = theirs.as_ref().is_some_and(|theirs| theirs.inherited_from.is_some());
        if let Some(theirs) = theirs.filter(|theirs| theirs.status != answer.status) {
            (answer.status, answer.since) = (theirs.status, theirs.since);
        }
        if is_second_hop || provider == self.assessment.team || self.relied_on.contains(activity) {
            answer.inherited_from = None;
        }
        Ok(answer)
    }
}

/// What the record says of drafts in which answers followed those of a provider.
pub(super) fn follow_events(
    snapshot: &mut Snapshot<'_>,
    followed: &BTreeMap<AssessmentId, usize>,
) -> Result<Vec<Event>, Error> {
    let mut events = Vec::new();
    for (&id, &answers) in followed {
        let assessment = find(snapshot, &Sight::Everything, id)?;
        let team = snapshot.team(&Sight::Everything, assessment.team)?.ok_or(Error::NotFound("team"))?;
        events.push(about(Deed::AnswersRecorded, &team, &assessment).with("answers", answers).with("followed", true));
    }
    Ok(events)
}

/// What a team's assessment of a quarter says about an activity, if anything.
pub(super) fn answer_of(
    snapshot: &mut Snapshot<'_>,
    team: TeamId,
    period: Period,
    activity: &ActivityId,
) -> Result<Option<Answer>, Error> {
    let Some(assessment) = snapshot.assessment_of(team, period)? else { return Ok(None) };
    let answer = snapshot.answer(assessment.id, activity)?;
    Ok(answer.map(|recorded| recorded.answer).filter(|answer| answer.status != Status::Unanswered))
}

/// An answer as it was sent, and what it says.
type Checked<'a> = Vec<(&'a AnswerChange, Answer)>;

/// Turns the words of changes into answers, and tells all that is wrong with them. Fields are named
/// `status`, `reason` or `note` with the id of the activity in brackets.
fn check<'a>(
    scale: &ProgressScale,
    catalog: &Catalog,
    current: &HashMap<ActivityId, RecordedAnswer>,
    changes: &'a [AnswerChange],
) -> (Checked<'a>, Vec<FieldFault>) {
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
            let since = kept.and_then(|answer| answer.since);
            checked.push((wanted, Answer { status, note, inherited_from, carried: false, since }));
        }
    }
    (checked, faults)
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
    touched: bool,
    answer: &Answer,
    recorded: Option<&RecordedAnswer>,
) -> Result<Fate, Error> {
    let Some(recorded) = recorded else {
        return Ok(if answer.is_blank() { Fate::Unchanged } else { Fate::Record });
    };
    if recorded.answer.says_the_same_as(answer) {
        let confirms = wanted.confirmed && recorded.answer.carried;
        return Ok(if confirms { Fate::Record } else { Fate::Unchanged });
    }
    if recorded.revision == wanted.seen {
        return Ok(Fate::Record);
    }
    if touched {
        return Ok(Fate::Conflict(recorded.clone()));
    }
    // A record of another activity cannot be what they saw of this one.
    let seen = snapshot.record(assessment, wanted.seen)?.filter(|seen| seen.activity == wanted.activity);
    let seen = seen.map(|seen| seen.answer).unwrap_or_default();
    Ok(if seen.says_the_same_as(answer) { Fate::Unchanged } else { Fate::Conflict(recorded.clone()) })
}
