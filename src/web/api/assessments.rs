//! `/api/v1/periods` and `/api/v1/assessments`: which quarters there are, and the assessments of teams in them.

use std::collections::HashSet;

use actix_web::web::{Json, Path, Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::paging::{Paged, Paging};
use super::problem::renamed;
use super::scope::OfScopeEver;
use super::tagged::{IfMatch, Tagged};
use super::word::{Described, Word};
use crate::app::{self, AssessmentSeen, AssessmentState, OpenFrom, QuarterCount, round};
use crate::domain::answer::{self, AssessmentId};
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// A calendar quarter, and how many assessments of it there are.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Quarter {
    /// The quarter.
    #[schema(example = "2026-Q4")]
    period: String,
    /// Whether it is the present one.
    current: bool,
    /// How many assessments there are.
    assessments: usize,
    /// How many of them can still be answered.
    drafts: usize,
    /// How many of them are submitted.
    submitted: usize,
}

impl From<QuarterCount> for Quarter {
    fn from(count: QuarterCount) -> Self {
        let QuarterCount { period, is_current: current, drafts, submitted } = count;
        Self { period: period.to_string(), current, assessments: drafts + submitted, drafts, submitted }
    }
}

impl Described for AssessmentState {
    const SCHEMA: &'static str = "AssessmentState";
    const MEANING: &'static str =
        "Whether an assessment can still be answered, or was submitted and does not change any more.";
}

impl Described for OpenFrom {
    const SCHEMA: &'static str = "OpenFrom";
    const MEANING: &'static str = "What a new assessment begins with: what the last submitted assessment of the team said, to be confirmed or \
         changed, or nothing.";
}

type StateWord = Word<AssessmentState>;
type OpenFromWord = Word<OpenFrom>;

/// A team in a quarter.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Assessment {
    /// Its number.
    id: i64,
    /// The number of the team.
    team: i64,
    /// The quarter.
    #[schema(example = "2026-Q4")]
    period: String,
    /// Whether it can still be answered.
    state: StateWord,
    /// The digest of the catalog whose activities it asks.
    catalog: String,
    /// When it was opened.
    opened_at: DateTime<Utc>,
    /// When it was submitted; null while it is a draft.
    submitted_at: Option<DateTime<Utc>>,
    /// By whom it was submitted; null while it is a draft.
    submitted_by: Option<String>,
}

impl From<&answer::Assessment> for Assessment {
    fn from(assessment: &answer::Assessment) -> Self {
        let submission = assessment.submitted.as_ref();
        Self {
            id: assessment.id.0,
            team: assessment.team.0,
            period: assessment.period.to_string(),
            state: Word(AssessmentState::of(assessment)),
            catalog: assessment.catalog.to_string(),
            opened_at: assessment.opened_at,
            submitted_at: submission.map(|submission| submission.at),
            submitted_by: submission.map(|submission| submission.by.clone()),
        }
    }
}

/// How a submitted assessment became a draft again.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Reopening {
    /// When it had been submitted.
    submitted_at: DateTime<Utc>,
    /// By whom it had been submitted.
    submitted_by: String,
    /// When it was reopened.
    reopened_at: DateTime<Utc>,
    /// By whom it was reopened.
    reopened_by: String,
    /// Why.
    reason: String,
}

impl From<answer::Reopening> for Reopening {
    fn from(reopening: answer::Reopening) -> Self {
        let answer::Reopening { submission, at, by, reason } = reopening;
        Self { submitted_at: submission.at, submitted_by: submission.by, reopened_at: at, reopened_by: by, reason }
    }
}

/// A team in a quarter, and what its answers come to.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct AssessmentDetail {
    /// The assessment.
    #[serde(flatten)]
    assessment: Assessment,
    /// The version of the catalog, as its makers call it; null when they do not say.
    catalog_version: Option<String>,
    /// The greatest revision of its answers; 0 while nothing was ever answered.
    revision: i64,
    /// How many activities apply.
    activities: u32,
    /// How many of those are answered.
    answered: u32,
    /// How many activities do not apply.
    not_applicable: u32,
    /// The level that is reached, 0 to 5.
    #[schema(minimum = 0, maximum = 5)]
    level: u8,
    /// The score, from 0 to the greatest level that has applicable activities.
    score: f64,
    /// How much of what applies is done, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    completion: f64,
    /// When and why it became a draft again, oldest first.
    reopenings: Vec<Reopening>,
}

impl From<AssessmentSeen> for AssessmentDetail {
    fn from(seen: AssessmentSeen) -> Self {
        let score = &seen.scorecard.overall.score;
        Self {
            assessment: Assessment::from(&seen.assessment),
            catalog_version: seen.catalog.version().map(str::to_owned),
            revision: seen.latest().0,
            activities: score.activities,
            answered: score.answered,
            not_applicable: score.not_applicable,
            level: score.level,
            score: round(score.score),
            completion: round(score.completion),
            reopenings: seen.reopenings.into_iter().map(Reopening::from).collect(),
        }
    }
}

/// Which assessment.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfAssessment {
    /// The number of the assessment.
    pub(super) assessment: i64,
}

/// Which assessments.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Only those in this state.
    #[param(inline)]
    state: Option<StateWord>,
}

/// Which assessments are to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct OpenInput {
    /// The numbers of the teams.
    #[schema(min_items = 1)]
    teams: Vec<i64>,
    /// The quarter; it must have begun.
    #[schema(pattern = r"^\d{4}-Q[1-4]$", example = "2026-Q4")]
    period: String,
    /// What a new one begins with; `previous` unless said.
    #[serde(default = "previous")]
    from: OpenFromWord,
}

/// What an assessment begins with unless said.
fn previous() -> OpenFromWord {
    Word(OpenFrom::Previous)
}

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ReasonInput {
    /// The reason, so that others can follow it.
    #[schema(min_length = 1, max_length = 2_000)]
    pub(super) reason: String,
}

/// Lists the quarters that have assessments, and the present one, oldest first.
#[utoipa::path(get, path = "/api/v1/periods", tag = "Assessments", params(Paging),
    responses((status = 200, description = "A page of the quarters", body = [Quarter])))]
pub(in crate::web) async fn periods(visit: Visit, paging: Query<Paging>) -> Result<Paged<Quarter>, Failure> {
    let quarters = visit.ask(|cairn, caller| cairn.quarters(caller)).await?;
    Ok(paging.page(quarters, |quarter| quarter.period)?.map(Quarter::from))
}

/// Lists the assessments.
#[utoipa::path(get, path = "/api/v1/assessments", tag = "Assessments", params(OfScopeEver, Wanted, Paging),
    responses((status = 200, description = "A page of the assessments, by their numbers", body = [Assessment])))]
pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<Assessment>, Failure> {
    let state = wanted.state.map(|word| word.0);
    let found = visit.ask(move |cairn, caller| cairn.assessments(caller, selection, state)).await?;
    Ok(paging.page(found, |assessment| assessment.id.0)?.map(|assessment| Assessment::from(&assessment)))
}

/// Opens the assessments of teams in a quarter. Where a team has one already, that is given.
#[utoipa::path(post, path = "/api/v1/assessments", tag = "Assessments", request_body = OpenInput,
    responses((status = 200, description = "The assessments, in the order of the teams", body = [Assessment])))]
pub(in crate::web) async fn open(visit: Visit, input: Json<OpenInput>) -> Result<Json<Vec<Assessment>>, Failure> {
    let OpenInput { teams, period, from } = input.into_inner();
    let period: Period = period.parse().map_err(|error| app::Error::invalid("period", error))?;
    let mut known = HashSet::new();
    let teams: Vec<TeamId> = teams.into_iter().filter(|team| known.insert(*team)).map(TeamId).collect();
    let opened = visit.ask(move |cairn, caller| cairn.open_assessments(caller, &teams, period, from.0)).await;
    let opened = opened.map_err(renamed(&[("team", "teams")]))?;
    let in_period = Selection { period: Some(period), ..Selection::ORGANIZATION };
    let all = visit.ask(move |cairn, caller| cairn.assessments(caller, in_period, None)).await?;
    let found = opened.iter().filter_map(|id| all.iter().find(|assessment| assessment.id == *id));
    Ok(Json(found.map(Assessment::from).collect()))
}

/// Gives one assessment, with what its answers come to.
#[utoipa::path(get, path = "/api/v1/assessments/{assessment}", tag = "Assessments", params(OfAssessment),
    responses((status = 200, description = "The assessment", body = AssessmentDetail)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfAssessment>) -> Result<Tagged<AssessmentDetail>, Failure> {
    Ok(Tagged(find(&visit, of.assessment).await?.into()))
}

/// Submits an assessment, so that it does not change any more. At least one activity must be answered.
#[utoipa::path(post, path = "/api/v1/assessments/{assessment}/submit", tag = "Assessments",
    params(OfAssessment, IfMatch),
    responses((status = 200, description = "The assessment as it is now", body = AssessmentDetail)))]
pub(in crate::web) async fn submit(
    visit: Visit,
    of: Path<OfAssessment>,
    seen: IfMatch,
) -> Result<Tagged<AssessmentDetail>, Failure> {
    let present = find(&visit, of.assessment).await?;
    let (id, latest) = (present.assessment.id, present.latest());
    seen.check(&AssessmentDetail::from(present))?;
    visit.ask(move |cairn, caller| cairn.submit_assessment(caller, id, Some(latest))).await?;
    show(visit, of).await
}

/// Makes a submitted assessment a draft again. The reason is kept.
#[utoipa::path(post, path = "/api/v1/assessments/{assessment}/reopen", tag = "Assessments", params(OfAssessment),
    request_body = ReasonInput,
    responses((status = 200, description = "The assessment as it is now", body = AssessmentDetail)))]
pub(in crate::web) async fn reopen(
    visit: Visit,
    of: Path<OfAssessment>,
    input: Json<ReasonInput>,
) -> Result<Tagged<AssessmentDetail>, Failure> {
    let (id, reason) = (AssessmentId(of.assessment), input.into_inner().reason);
    visit.ask(move |cairn, caller| cairn.reopen_assessment(caller, id, &reason)).await?;
    show(visit, of).await
}

/// An assessment with its answers.
pub(super) async fn find(visit: &Visit, id: i64) -> Result<AssessmentSeen, Failure> {
    visit.ask(move |cairn, caller| cairn.assessment(caller, AssessmentId(id))).await
}
