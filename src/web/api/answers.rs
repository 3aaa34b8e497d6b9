//! `/api/v1/assessments/{assessment}/answers`: what a team answers in a quarter.

use std::collections::HashSet;

use actix_web::web::{Json, Path, Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::assessments::{OfAssessment, find};
use super::change::Change;
use super::paging::{Paged, Paging};
use super::problem::renamed;
use super::tagged::{IfMatch, Tagged};
use crate::app::{self, AnswerChange, SavedAnswers, Saving};
use crate::domain::answer::{self, AssessmentId, NotAStatus, PastAnswer, RecordedAnswer, Revision, Status};
use crate::domain::catalog::{Activity, ActivityId};
use crate::domain::fault::FieldFault;
use crate::domain::organization::TeamId;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// What an assessment says about an activity.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Answer {
    /// The id of the activity.
    activity: String,
    /// What the activity is called.
    name: String,
    /// A step of the progress scale, `not_applicable` or `unanswered`.
    #[schema(example = "partly_implemented")]
    status: String,
    /// Why it is not applicable; empty with every other status.
    reason: String,
    /// What was noted; may be empty.
    note: String,
    /// The number of the team that the answer is inherited from; null when it is its own.
    inherited_from: Option<i64>,
    /// Whether it is from the assessment before, and nobody has confirmed or changed it since.
    carried: bool,
    /// Who recorded it; null while nothing was ever recorded.
    by: Option<String>,
    /// When; null while nothing was ever recorded.
    at: Option<DateTime<Utc>>,
    /// The number of the record, greater than that of the one before; 0 while nothing was ever recorded.
    revision: i64,
}

impl Answer {
    fn new(activity: &Activity, recorded: Option<&RecordedAnswer>) -> Self {
        let blank = answer::Answer::default();
        let answer = recorded.map_or(&blank, |recorded| &recorded.answer);
        Self {
            activity: activity.id.0.clone(),
            name: activity.name.clone(),
            status: answer.status.word().to_owned(),
            reason: answer.status.reason().to_owned(),
            note: answer.note.clone(),
            inherited_from: answer.inherited_from.map(|team| team.0),
            carried: answer.carried,
            by: recorded.map(|recorded| recorded.by.clone()),
            at: recorded.map(|recorded| recorded.at),
            revision: revision(recorded).0,
        }
    }
}

/// The number of a record; 0 where there is none.
fn revision(recorded: Option<&RecordedAnswer>) -> Revision {
    recorded.map(|recorded| recorded.revision).unwrap_or_default()
}

/// A record of an answer, be it the present one or one before.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct AnswerRecord {
    /// The number of the record, greater than that of the one before.
    revision: i64,
    /// A step of the progress scale, `not_applicable` or `unanswered`.
    status: String,
    /// Why it is not applicable; empty with every other status.
    reason: String,
    /// What was noted; may be empty.
    note: String,
    /// The number of the team that the answer was inherited from; null when it was its own.
    inherited_from: Option<i64>,
    /// Whether it was from the assessment before.
    carried: bool,
    /// Who recorded it.
    by: String,
    /// When.
    at: DateTime<Utc>,
    /// When the next record took its place; null: it is the present one.
    superseded_at: Option<DateTime<Utc>>,
}

impl From<PastAnswer> for AnswerRecord {
    fn from(past: PastAnswer) -> Self {
        let RecordedAnswer { revision, answer, by, at, .. } = past.recorded;
        Self {
            revision: revision.0,
            status: answer.status.word().to_owned(),
            reason: answer.status.reason().to_owned(),
            note: answer.note,
            inherited_from: answer.inherited_from.map(|team| team.0),
            carried: answer.carried,
            by,
            at,
            superseded_at: past.superseded_at,
        }
    }
}

/// What is to be answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct AnswerInput {
    /// A step of the progress scale, `not_applicable` or `unanswered`.
    #[schema(min_length = 1, example = "partly_implemented")]
    status: String,
    /// Why it is not applicable; with no other status. It does not stay with another one.
    #[schema(max_length = 2_000)]
    reason: String,
    /// What is to be noted.
    #[schema(max_length = 10_000)]
    note: String,
}

type AnswerInputChange = Change<AnswerInput>;

/// What is to become of one of several answers. What is left out stays as it is; when nothing is changed, an answer
/// that is from the assessment before is confirmed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct AnswerPatch {
    /// The id of the activity.
    activity: String,
    /// The revision that was seen; 0 where nothing was recorded.
    #[schema(minimum = 0)]
    revision: i64,
    /// A step of the progress scale, `not_applicable` or `unanswered`.
    #[schema(min_length = 1, example = "partly_implemented")]
    status: Option<String>,
    /// Why it is not applicable; with no other status.
    #[schema(max_length = 2_000)]
    reason: Option<String>,
    /// What is to be noted.
    #[schema(max_length = 10_000)]
    note: Option<String>,
}

/// What is to become of several answers.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct AnswersPatch {
    /// The answers, each activity once.
    #[schema(min_items = 1, max_items = 1_000)]
    answers: Vec<AnswerPatch>,
}

/// Records, from the first to the last.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Records {
    /// The revision of the first record.
    first: i64,
    /// The revision of the last record.
    last: i64,
}

/// What became of several answers.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct AnswersChanged {
    /// The answers as they are now, in the order of the catalog.
    answers: Vec<Answer>,
    /// What was recorded, as it can be undone; null: nothing, since all was so already.
    recorded: Option<Records>,
}

/// Which team is to provide an answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ProviderInput {
    /// The number of the team.
    team: i64,
}

/// Which answer.
#[derive(Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfAnswer {
    /// The number of the assessment.
    assessment: i64,
    /// The id of the activity.
    activity: String,
}

/// Lists the answers of an assessment to all activities that it asks about, in the order of the catalog.
#[utoipa::path(get, path = "/api/v1/assessments/{assessment}/answers", tag = "Answers",
    params(OfAssessment, Paging),
    responses((status = 200, description = "A page of the answers", body = [Answer])))]
pub(in crate::web) async fn list(
    visit: Visit,
    of: Path<OfAssessment>,
    paging: Query<Paging>,
) -> Result<Paged<Answer>, Failure> {
    let seen = find(&visit, of.assessment).await?;
    let activities = seen.catalog.activities().collect();
    let page = paging.page(activities, |(index, _)| index.position())?;
    Ok(page.map(|(_, activity)| Answer::new(activity, seen.answers.get(&activity.id))))
}

/// Gives one answer.
#[utoipa::path(get, path = "/api/v1/assessments/{assessment}/answers/{activity}", tag = "Answers", params(OfAnswer),
    responses((status = 200, description = "The answer", body = Answer)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfAnswer>) -> Result<Tagged<Answer>, Failure> {
    Ok(Tagged(one(&visit, &of).await?))
}

/// Answers, or says that what the assessment before had is still so. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/assessments/{assessment}/answers/{activity}", tag = "Answers",
    params(OfAnswer, IfMatch), request_body = AnswerInputChange,
    responses((status = 200, description = "The answer as it is now", body = Answer)))]
pub(in crate::web) async fn change(
    visit: Visit,
    of: Path<OfAnswer>,
    seen: IfMatch,
    input: Json<AnswerInputChange>,
) -> Result<Tagged<Answer>, Failure> {
    let present = one(&visit, &of).await?;
    seen.check(&present)?;
    let change = input.into_inner();
    let says_why = change.says("reason");
    let AnswerInput { status, mut reason, note } = change.of(&present)?;
    if !says_why && status != present.status {
        reason.clear();
    }
    let change = said(&present.activity, Revision(present.revision), status, reason, note);
    let names = ["status", "reason", "note"].map(|name| (format!("{name}[{}]", present.activity), name));
    let names: Vec<(&str, &str)> = names.iter().map(|(form, name)| (form.as_str(), *name)).collect();
    save(&visit, of.assessment, vec![change], Vec::new()).await.map_err(renamed(&names))?;
    show(visit, of).await
}

/// Changes several answers: all of them, or nothing when something is wrong with any or another was recorded since.
#[utoipa::path(patch, path = "/api/v1/assessments/{assessment}/answers", tag = "Answers", params(OfAssessment),
    request_body = AnswersPatch,
    responses((status = 200, description = "The answers as they are now", body = AnswersChanged)))]
pub(in crate::web) async fn change_many(
    visit: Visit,
    of: Path<OfAssessment>,
    input: Json<AnswersPatch>,
) -> Result<Json<AnswersChanged>, Failure> {
    let present = find(&visit, of.assessment).await?;
    let mut named = HashSet::new();
    let mut faults = Vec::new();
    let mut changes = Vec::new();
    for patch in input.into_inner().answers {
        if !named.insert(ActivityId(patch.activity.clone())) {
            let field = format!("activity[{}]", patch.activity);
            faults.push(FieldFault::new(field, "the activity is there twice; keep one of them"));
            continue;
        }
        let recorded = present.answers.get(&ActivityId(patch.activity.clone()));
        changes.push(patched(patch, recorded));
    }
    if changes.is_empty() {
        faults.push(FieldFault::new("answers", "say which answers are to be changed"));
    }
    let saved = save(&visit, of.assessment, changes, faults).await?;
    changed(&visit, of.assessment, &named, &saved).await
}

/// Undoes what the caller recorded, as far as nobody has changed it since.
#[utoipa::path(post, path = "/api/v1/assessments/{assessment}/answers/undo", tag = "Answers", params(OfAssessment),
    request_body = Records,
    responses((status = 200, description = "The answers as they are now", body = AnswersChanged)))]
pub(in crate::web) async fn undo(
    visit: Visit,
    of: Path<OfAssessment>,
    records: Json<Records>,
) -> Result<Json<AnswersChanged>, Failure> {
    let (id, Records { first, last }) = (AssessmentId(of.assessment), records.into_inner());
    let saved = visit.ask(move |cairn, caller| cairn.undo_answers(caller, id, first..=last)).await?;
    let named = saved.recorded.iter().map(|(activity, _)| activity.clone()).collect();
    changed(&visit, of.assessment, &named, &saved).await
}

/// Takes the answer of another team over, and follows it while the assessment is a draft.
#[utoipa::path(put, path = "/api/v1/assessments/{assessment}/answers/{activity}/provider", tag = "Answers",
    params(OfAnswer, IfMatch), request_body = ProviderInput,
    responses((status = 200, description = "The answer as it is now", body = Answer)))]
pub(in crate::web) async fn take(
    visit: Visit,
    of: Path<OfAnswer>,
    seen: IfMatch,
    provider: Json<ProviderInput>,
) -> Result<Tagged<Answer>, Failure> {
    let present = one(&visit, &of).await?;
    seen.check(&present)?;
    let (id, provider, revision) = (AssessmentId(of.assessment), TeamId(provider.team), Revision(present.revision));
    let activity = ActivityId(present.activity);
    visit.ask(move |cairn, caller| cairn.inherit_answer(caller, id, &activity, provider, revision)).await?;
    show(visit, of).await
}

/// Lists everything that was ever recorded about an activity in an assessment, oldest first.
#[utoipa::path(get, path = "/api/v1/assessments/{assessment}/answers/{activity}/history", tag = "Answers",
    params(OfAnswer, Paging),
    responses((status = 200, description = "A page of the records", body = [AnswerRecord])))]
pub(in crate::web) async fn history(
    visit: Visit,
    of: Path<OfAnswer>,
    paging: Query<Paging>,
) -> Result<Paged<AnswerRecord>, Failure> {
    let OfAnswer { assessment, activity } = of.into_inner();
    let (id, activity) = (AssessmentId(assessment), ActivityId(activity));
    let records = visit.ask(move |cairn, caller| cairn.answer_history(caller, id, &activity)).await?;
    Ok(paging.page(records, |record| record.recorded.revision.0)?.map(AnswerRecord::from))
}

/// The answer that is asked for, as it is now.
async fn one(visit: &Visit, of: &OfAnswer) -> Result<Answer, Failure> {
    let (assessment, id) = (AssessmentId(of.assessment), ActivityId(of.activity.clone()));
    let asked = id.clone();
    let (catalog, recorded) = visit.ask(move |cairn, caller| cairn.answer(caller, assessment, &asked)).await?;
    let index = catalog.find(&id).ok_or(app::Error::NotFound("activity"))?;
    Ok(Answer::new(catalog.activity(index), recorded.as_ref()))
}

/// Some answers of an assessment as they are now, in the order of the catalog, with what was recorded.
async fn changed(
    visit: &Visit,
    id: i64,
    named: &HashSet<ActivityId>,
    saved: &SavedAnswers,
) -> Result<Json<AnswersChanged>, Failure> {
    let now = find(visit, id).await?;
    let activities = now.catalog.activities().filter(|(_, activity)| named.contains(&activity.id));
    let answers = activities.map(|(_, activity)| Answer::new(activity, now.answers.get(&activity.id))).collect();
    Ok(Json(AnswersChanged { answers, recorded: saved.range.map(|(first, last)| Records { first, last }) }))
}

/// What somebody says about an activity, which confirms it at least.
fn said(activity: &str, seen: Revision, status: String, reason: String, note: String) -> AnswerChange {
    AnswerChange { activity: ActivityId(activity.to_owned()), seen, status, reason, note, confirmed: true }
}

/// One of several changes, with what it leaves as it is.
fn patched(patch: AnswerPatch, recorded: Option<&RecordedAnswer>) -> AnswerChange {
    let AnswerPatch { activity, revision, status, reason, note } = patch;
    let present = recorded.map(|recorded| recorded.answer.clone()).unwrap_or_default();
    let status = status.unwrap_or_else(|| present.status.word().to_owned());
    let kept = if status == present.status.word() { present.status.reason() } else { "" };
    let reason = reason.unwrap_or_else(|| kept.to_owned());
    said(&activity, Revision(revision), status, reason, note.unwrap_or(present.note))
}

/// Saves answers, unless `faults` tells of something that is wrong with them, or the answers have a reason for what
/// needs none: forms send it with every status, programs say what they mean.
async fn save(
    visit: &Visit,
    id: i64,
    changes: Vec<AnswerChange>,
    mut faults: Vec<FieldFault>,
) -> Result<SavedAnswers, Failure> {
    let stray = changes.iter().filter(|change| change.status != Status::NOT_APPLICABLE && !change.reason.is_empty());
    faults.extend(stray.map(|change| FieldFault::new(format!("reason[{}]", change.activity), NotAStatus::ReasonStray)));
    if !faults.is_empty() {
        return Err(app::Error::Invalid(faults).into());
    }
    let saving = Saving { changes, touched: true, ..Saving::default() };
    visit.ask(move |cairn, caller| cairn.save_answers(caller, AssessmentId(id), &saving)).await
}
