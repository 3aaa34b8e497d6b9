//! `/api/v1/evidence`: what shows that answers are true.

use actix_web::web::{Json, Path, Query};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::assessments::ReasonInput;
use super::change::Change;
use super::paging::{Paged, Paging};
use super::problem::renamed;
use super::tagged::{Created, IfMatch, Tagged};
use super::word::{Described, Word};
use crate::app::{self, EvidenceInput as Entered};
use crate::domain::catalog::ActivityId;
use crate::domain::evidence::{self, EvidenceFilter, EvidenceId, EvidenceState};
use crate::domain::organization::TeamId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

impl Described for EvidenceState {
    const SCHEMA: &'static str = "EvidenceState";
    const MEANING: &'static str = "What a piece of evidence is worth on a day: it is valid, it will not be any more within 30 days, it has expired, or \
         it was withdrawn.";
}

type StateWord = Word<EvidenceState>;

/// A version of a piece of evidence.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct EvidenceVersion {
    /// The number of the version, greater than that of the one before.
    version: i64,
    /// What it is.
    title: String,
    /// Where it is: an address of the web, or empty.
    link: String,
    /// What it says; may be empty.
    text: String,
    /// The day on which it was true.
    recorded_on: NaiveDate,
    /// The first day on which it is not valid any more; null: it stays valid.
    expires_on: Option<NaiveDate>,
    /// Who looked at it; may be empty.
    reviewer: String,
    /// The ids of the activities that it is for.
    activities: Vec<String>,
    /// The numbers of the teams that it is for, as far as they are seen.
    teams: Vec<i64>,
    /// Why it does not count any more; null: it was not withdrawn.
    withdrawn: Option<String>,
    /// Who recorded this version.
    by: String,
    /// When.
    at: DateTime<Utc>,
}

impl From<evidence::Evidence> for EvidenceVersion {
    fn from(piece: evidence::Evidence) -> Self {
        let content = piece.content;
        Self {
            version: piece.version,
            title: content.title,
            link: content.link,
            text: content.text,
            recorded_on: content.recorded_on,
            expires_on: content.expires_on,
            reviewer: content.reviewer,
            activities: content.activities.into_iter().map(|activity| activity.0).collect(),
            teams: content.teams.into_iter().map(|team| team.0).collect(),
            withdrawn: piece.withdrawn,
            by: piece.by,
            at: piece.at,
        }
    }
}

/// A piece of evidence: what shows that answers are true.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Evidence {
    /// Its number.
    id: i64,
    /// What it is worth today or, in the list of a quarter that has ended, on the last day of it.
    state: StateWord,
    /// Its present version.
    #[serde(flatten)]
    version: EvidenceVersion,
}

impl Evidence {
    fn on(day: NaiveDate, piece: evidence::Evidence) -> Self {
        Self { id: piece.id.0, state: Word(piece.state_on(day)), version: piece.into() }
    }

    /// Its number and that of its version.
    fn named(&self) -> (EvidenceId, i64) {
        (EvidenceId(self.id), self.version.version)
    }
}

/// What a piece of evidence is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct EvidenceInput {
    /// What it is.
    #[schema(min_length = 1, max_length = 200, example = "Report of the penetration test")]
    title: String,
    /// Where it is: an address with http or https.
    #[serde(default)]
    #[schema(max_length = 2_000)]
    link: String,
    /// What it says.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    text: String,
    /// The day on which it was true; not later than today.
    #[schema(format = Date, example = "2026-11-24")]
    recorded_on: String,
    /// The first day on which it is not valid any more; null: it stays valid.
    #[schema(format = Date)]
    expires_on: Option<String>,
    /// Who looked at it.
    #[serde(default)]
    #[schema(max_length = 100)]
    reviewer: String,
    /// The ids of the activities that it is for.
    #[schema(min_items = 1, max_items = 500)]
    activities: Vec<String>,
    /// The numbers of the teams that it is for.
    #[schema(min_items = 1, max_items = 500)]
    teams: Vec<i64>,
}

type EvidenceInputChange = Change<EvidenceInput>;

impl From<EvidenceInput> for Entered {
    fn from(input: EvidenceInput) -> Self {
        let EvidenceInput { title, link, text, recorded_on, expires_on, reviewer, activities, teams } = input;
        Self {
            title,
            link,
            text,
            recorded_on,
            expires_on: expires_on.unwrap_or_default(),
            reviewer,
            activities: activities.into_iter().map(ActivityId).collect(),
            teams: teams.into_iter().map(TeamId).collect(),
        }
    }
}

/// The fields of evidence that forms call otherwise.
const NAMES: &[(&str, &str)] = &[("team", "teams"), ("activity", "activities")];

/// Which piece of evidence.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfEvidence {
    /// The number of the evidence.
    evidence: i64,
}

/// Which evidence. Without team and group: of the organization.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// The number of a team.
    #[expect(dead_code, reason = "the extractor `Selection` reads it")]
    team: Option<i64>,
    /// The number of a group; not together with a team.
    #[expect(dead_code, reason = "the extractor `Selection` reads it")]
    group: Option<i64>,
    /// A quarter: what was recorded by its last day, as it was worth then; today unless said.
    #[param(pattern = r"^\d{4}-Q[1-4]$", example = "2026-Q4")]
    #[expect(dead_code, reason = "the extractor `Selection` reads it")]
    period: Option<String>,
    /// Only what is in this state.
    #[param(inline)]
    state: Option<StateWord>,
    /// Only what is for the activity with this id.
    activity: Option<String>,
    /// Only what has all of these words in its texts.
    text: Option<String>,
}

/// Lists the evidence, withdrawn or not.
#[utoipa::path(get, path = "/api/v1/evidence", tag = "Evidence", params(Wanted, Paging),
    responses((status = 200, description = "A page of the evidence, by its numbers", body = [Evidence])))]
pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<Evidence>, Failure> {
    let Wanted { state, activity, text, .. } = wanted.into_inner();
    let filter = EvidenceFilter {
        state: state.map(|word| word.0),
        activity: activity.map(ActivityId),
        text,
        ..EvidenceFilter::default()
    };
    let (day, found) = visit.ask(move |cairn, caller| cairn.evidence_list(caller, selection, &filter)).await?;
    Ok(paging.page(found, |piece| piece.id.0)?.map(|piece| Evidence::on(day, piece)))
}

/// Gives one piece of evidence.
#[utoipa::path(get, path = "/api/v1/evidence/{evidence}", tag = "Evidence", params(OfEvidence),
    responses((status = 200, description = "The evidence", body = Evidence)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfEvidence>) -> Result<Tagged<Evidence>, Failure> {
    Ok(Tagged(find(&visit, of.evidence).await?))
}

/// Adds a piece of evidence.
#[utoipa::path(post, path = "/api/v1/evidence", tag = "Evidence", request_body = EvidenceInput,
    responses((status = 201, description = "The evidence that was added", body = Evidence)))]
pub(in crate::web) async fn add(visit: Visit, input: Json<EvidenceInput>) -> Result<Created<Evidence>, Failure> {
    let input = input.into_inner().into();
    let added = visit.ask(move |cairn, caller| cairn.add_evidence(caller, &input)).await;
    let id = added.map_err(renamed(NAMES))?;
    Ok(Created { made: find(&visit, id.0).await?, address: format!("/api/v1/evidence/{id}") })
}

/// Changes a piece of evidence. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/evidence/{evidence}", tag = "Evidence", params(OfEvidence, IfMatch),
    request_body = EvidenceInputChange,
    responses((status = 200, description = "The evidence as it is now", body = Evidence)))]
pub(in crate::web) async fn change(
    visit: Visit,
    of: Path<OfEvidence>,
    seen: IfMatch,
    input: Json<EvidenceInputChange>,
) -> Result<Tagged<Evidence>, Failure> {
    let present = present(&visit, of.evidence, &seen).await?;
    let (id, version) = present.named();
    let input = input.into_inner().of(&present)?.into();
    let changed = visit.ask(move |cairn, caller| cairn.edit_evidence(caller, id, version, &input)).await;
    changed.map_err(renamed(NAMES))?;
    show(visit, of).await
}

/// Withdraws a piece of evidence, so that it does not count any more. It stays to be seen, with the reason.
#[utoipa::path(post, path = "/api/v1/evidence/{evidence}/withdraw", tag = "Evidence", params(OfEvidence, IfMatch),
    request_body = ReasonInput,
    responses((status = 200, description = "The evidence as it is now", body = Evidence)))]
pub(in crate::web) async fn withdraw(
    visit: Visit,
    of: Path<OfEvidence>,
    seen: IfMatch,
    input: Json<ReasonInput>,
) -> Result<Tagged<Evidence>, Failure> {
    let (id, version) = present(&visit, of.evidence, &seen).await?.named();
    let reason = input.into_inner().reason;
    visit.ask(move |cairn, caller| cairn.withdraw_evidence(caller, id, version, &reason)).await?;
    show(visit, of).await
}

/// Takes the withdrawal of a piece of evidence back.
#[utoipa::path(post, path = "/api/v1/evidence/{evidence}/restore", tag = "Evidence", params(OfEvidence, IfMatch),
    responses((status = 200, description = "The evidence as it is now", body = Evidence)))]
pub(in crate::web) async fn restore(
    visit: Visit,
    of: Path<OfEvidence>,
    seen: IfMatch,
) -> Result<Tagged<Evidence>, Failure> {
    let (id, version) = present(&visit, of.evidence, &seen).await?.named();
    visit.ask(move |cairn, caller| cairn.restore_evidence(caller, id, version)).await?;
    show(visit, of).await
}

/// Lists the versions of a piece of evidence, oldest first.
#[utoipa::path(get, path = "/api/v1/evidence/{evidence}/history", tag = "Evidence", params(OfEvidence, Paging),
    responses((status = 200, description = "A page of the versions", body = [EvidenceVersion])))]
pub(in crate::web) async fn history(
    visit: Visit,
    of: Path<OfEvidence>,
    paging: Query<Paging>,
) -> Result<Paged<EvidenceVersion>, Failure> {
    let id = EvidenceId(of.evidence);
    let versions = visit.ask(move |cairn, caller| cairn.evidence_versions(caller, id)).await?;
    Ok(paging.page(versions, |piece| piece.version)?.map(EvidenceVersion::from))
}

async fn find(visit: &Visit, id: i64) -> Result<Evidence, Failure> {
    let versions = visit.ask(move |cairn, caller| cairn.evidence_versions(caller, EvidenceId(id))).await?;
    let current = versions.into_iter().last().ok_or(app::Error::NotFound("evidence"))?;
    Ok(Evidence::on(visit.caller.at.date_naive(), current))
}

/// The evidence that is to be changed as it is now, if that is what somebody saw.
async fn present(visit: &Visit, id: i64, seen: &IfMatch) -> Result<Evidence, Failure> {
    let present = find(visit, id).await?;
    seen.check(&present)?;
    Ok(present)
}
