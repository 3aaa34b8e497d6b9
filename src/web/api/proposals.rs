//! `/api/v1/proposals`: what pipelines detect, as proposed answers and as evidence.

use actix_web::HttpResponse;
use actix_web::web::{Json, Path, Query};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::paging::{Paged, Paging};
use super::tagged::{IfMatch, Tagged};
use crate::app::{self, Choice, EvidenceFate, ProposalFilter, Standing};
use crate::domain::access::Action;
use crate::domain::answer::{AssessmentId, Revision};
use crate::domain::catalog::ActivityId;
use crate::domain::named::{Named, expected};
use crate::domain::organization::TeamId;
use crate::domain::proposal::{self, Bearing, ProposalId};
use crate::domain::view::ProposalSeen;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// What a program found out: a proposed answer, evidence, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ProposalInput {
    /// The name of the team, whatever the case of its letters.
    #[serde(default)]
    #[schema(required = true, example = "Payments")]
    team: String,
    /// The id of the activity that it is about.
    activity: Option<String>,
    /// The ids of several activities instead, where it is about more than one.
    activities: Option<Vec<String>>,
    /// The step of the progress scale that is proposed as the answer.
    #[schema(example = "fully_implemented")]
    status: Option<String>,
    /// What was found, in a line.
    #[schema(max_length = 1000)]
    note: Option<String>,
    /// Where it can be seen: an address with http or https.
    #[schema(max_length = 2000, example = "https://ci.example.org/runs/4711")]
    link: Option<String>,
    /// The day on which it was so; today, in UTC, unless said.
    #[schema(example = "2026-11-26")]
    detected_on: Option<String>,
    /// What is recorded as evidence for the activities.
    #[schema(nullable = false)]
    evidence: Option<EvidenceInput>,
}

/// Evidence that a program records. It is true on the day of the detection.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProposedEvidence)]
pub(in crate::web) struct EvidenceInput {
    /// What it is. The same title for the same activities is the same piece, and a later day is a new version of it.
    #[serde(default)]
    #[schema(required = true, min_length = 1, max_length = 200)]
    title: String,
    /// Where it is: an address with http or https.
    #[schema(max_length = 2000)]
    link: Option<String>,
    /// What it says.
    #[schema(max_length = 10000)]
    text: Option<String>,
    /// The first day on which it is not valid any more.
    #[schema(example = "2027-11-26")]
    expires_on: Option<String>,
    /// For how many days it is valid, instead of `expires_on`. Neither: it stays valid.
    #[schema(minimum = 1, maximum = 36500)]
    valid_for_days: Option<u64>,
}

impl From<ProposalInput> for app::ProposalInput {
    fn from(input: ProposalInput) -> Self {
        let activities = input.activity.into_iter().chain(input.activities.into_iter().flatten());
        Self {
            team: input.team,
            activities: activities.map(ActivityId).collect(),
            status: input.status.unwrap_or_default(),
            note: input.note.unwrap_or_default(),
            link: input.link.unwrap_or_default(),
            detected_on: input.detected_on.unwrap_or_default(),
            evidence: input.evidence.map(|evidence| app::ProposedEvidence {
                title: evidence.title,
                link: evidence.link.unwrap_or_default(),
                text: evidence.text.unwrap_or_default(),
                expires_on: evidence.expires_on.unwrap_or_default(),
                valid_for_days: evidence.valid_for_days,
            }),
        }
    }
}

/// What became of what a program sent.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Received {
    /// The name of the team.
    team: String,
    /// The answers that are proposed, in the order of the ids of their activities.
    proposals: Vec<Proposed>,
    /// What became of the evidence; not there when none was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    evidence: Option<RecordedEvidence>,
}

/// What became of an answer that is proposed.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Proposed {
    /// The id of the activity.
    activity: String,
    /// `waiting` for a person; `confirmed`, where the answer says so; `applied`, where it is the answer now;
    /// `taken`, `trusted` or `declined` before, where the answer says something else by now; `outdated`, where the
    /// program said something else of a later day. Who sees nothing is told `received`.
    state: &'static str,
}

/// What became of evidence.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct RecordedEvidence {
    /// Its number. Who sees nothing is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<i64>,
    /// `added` as a new piece; `renewed` with a new version; `known`, where it was recorded on that day or a later one;
    /// `withdrawn`, where somebody withdrew it and it stays so. Who sees nothing is told `received`.
    state: &'static str,
}

impl From<app::Received> for Received {
    fn from(received: app::Received) -> Self {
        let state = |standing: Option<Standing>| match standing {
            None => "received",
            Some(Standing::Waiting) => Bearing::Waits.name(),
            Some(Standing::Confirming) => Bearing::Confirms.name(),
            Some(Standing::Applied) => "applied",
            Some(Standing::Decided(verdict)) => verdict.name(),
            Some(Standing::Outdated) => "outdated",
        };
        let evidence = |fate| match fate {
            EvidenceFate::Added(id) => (Some(id), "added"),
            EvidenceFate::Renewed(id) => (Some(id), "renewed"),
            EvidenceFate::Known(id) => (Some(id), "known"),
            EvidenceFate::Withdrawn(id) => (Some(id), "withdrawn"),
            EvidenceFate::Recorded => (None, "received"),
        };
        let of = |proposed: app::Proposed| Proposed { activity: proposed.activity.0, state: state(proposed.standing) };
        let evidence = received.evidence.map(evidence);
        Self {
            team: received.team,
            proposals: received.proposals.into_iter().map(of).collect(),
            evidence: evidence.map(|(id, state)| RecordedEvidence { id: id.map(|id| id.0), state }),
        }
    }
}

/// An answer that a program proposes.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Proposal {
    /// Its number.
    id: i64,
    /// The number of the team.
    team: i64,
    /// The name of the team.
    team_name: String,
    /// The id of the activity.
    activity: String,
    /// The name of the activity.
    activity_name: String,
    /// Who proposes it.
    by: String,
    /// The step of the progress scale that is proposed.
    status: String,
    /// What was found the last time.
    note: String,
    /// Where that can be seen; may be empty.
    link: String,
    /// The first day on which it was detected.
    first_detected_on: NaiveDate,
    /// The last day on which it was detected.
    detected_on: NaiveDate,
    /// When it was sent first.
    first_at: DateTime<Utc>,
    /// When it was sent last.
    last_at: DateTime<Utc>,
    /// How often it was sent.
    times: i64,
    /// How it stands to the answer of the present quarter: `waiting`, `confirmed`, `contradicting` or `replaced`.
    state: &'static str,
    /// What was decided about it; not there while nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    decision: Option<Decision>,
    /// The number of the draft in which it can be decided about.
    draft: Option<i64>,
    /// What the answer of the present quarter says, if there is one.
    answer: Option<String>,
    /// The record of that answer.
    answer_revision: Option<i64>,
}

/// What was decided about a proposal.
#[derive(Serialize, ToSchema)]
#[schema(as = ProposalDecision)]
pub(in crate::web) struct Decision {
    /// `taken`, `trusted` or `declined`.
    verdict: &'static str,
    /// When.
    at: DateTime<Utc>,
    /// By whom.
    by: String,
    /// Why; may be empty.
    reason: String,
}

impl From<&proposal::Decision> for Decision {
    fn from(decision: &proposal::Decision) -> Self {
        let proposal::Decision { verdict, at, by, reason, .. } = decision;
        Self { verdict: verdict.name(), at: *at, by: by.clone(), reason: reason.clone() }
    }
}

impl From<&ProposalSeen> for Proposal {
    fn from(seen: &ProposalSeen) -> Self {
        let (proposal, answer) = (&seen.proposal, seen.answer.as_ref());
        Self {
            id: proposal.id.0,
            team: proposal.team.0,
            team_name: seen.team.clone(),
            activity: proposal.activity.0.clone(),
            activity_name: seen.activity.clone(),
            by: proposal.by.clone(),
            status: proposal.detected.status.clone(),
            note: proposal.detected.note.clone(),
            link: proposal.detected.link.clone(),
            first_detected_on: proposal.first_on,
            detected_on: proposal.detected.on,
            first_at: proposal.first_at,
            last_at: proposal.last_at,
            times: proposal.times,
            state: seen.bearing().name(),
            decision: proposal.decision.as_ref().map(Decision::from),
            draft: seen.draft.map(|draft| draft.0),
            answer: answer.map(|recorded| recorded.answer.status.word().to_owned()),
            answer_revision: answer.map(|recorded| recorded.revision.0),
        }
    }
}

/// Which proposal.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfProposal {
    /// The number of the proposal.
    proposal: i64,
}

/// Which proposals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Only those for the team with this number.
    team: Option<i64>,
    /// Only those that stand like this to the answer of the present quarter: `waiting`, `confirmed`, `contradicting` or
    /// `replaced`.
    state: Option<String>,
    /// Only those about which this was decided: `taken`, `trusted` or `declined`.
    decision: Option<String>,
}

/// Why a proposal is declined.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Declining {
    /// Why; may be left out.
    #[serde(default)]
    #[schema(max_length = 1000)]
    reason: String,
}

/// Takes in what a pipeline detected. All of it is recorded, or nothing. Sent again it is the same proposal, seen once
/// more.
#[utoipa::path(post, path = "/api/v1/proposals", tag = "Proposals", request_body = ProposalInput,
    responses((status = 201, description = "What became of it", body = Received)))]
pub(in crate::web) async fn add(visit: Visit, input: Json<ProposalInput>) -> Result<HttpResponse, Failure> {
    let input = input.into_inner();
    if input.activity.is_some() && input.activities.is_some() {
        return Err(app::Error::invalid("activities", "give either activity or activities, not both").into());
    }
    let input = input.into();
    let received = visit.ask(move |cairn, caller| cairn.propose(caller, &input)).await?;
    Ok(HttpResponse::Created().json(Received::from(received)))
}

/// Lists what programs propose, and what became of it.
#[utoipa::path(get, path = "/api/v1/proposals", tag = "Proposals", params(Wanted, Paging),
    responses((status = 200, description = "A page of the proposals, by their numbers", body = [Proposal])))]
pub(in crate::web) async fn list(
    visit: Visit,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<Proposal>, Failure> {
    let Wanted { team, state, decision } = wanted.into_inner();
    let filter = ProposalFilter {
        team: team.map(TeamId),
        bearing: state.map(|word| named("state", &word)).transpose()?,
        verdict: decision.map(|word| named("decision", &word)).transpose()?,
    };
    let (limit, after) = (paging.limit()?, ProposalId(paging.after()?.unwrap_or_default()));
    let found = visit.ask(move |cairn, caller| cairn.proposals(caller, filter, after, limit + 1)).await?;
    Ok(Paged::cut(found, limit, |seen| seen.proposal.id).map(|seen| Proposal::from(&seen)))
}

/// Gives one proposal.
#[utoipa::path(get, path = "/api/v1/proposals/{proposal}", tag = "Proposals", params(OfProposal),
    responses((status = 200, description = "The proposal", body = Proposal)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfProposal>) -> Result<Tagged<Proposal>, Failure> {
    Ok(Tagged(Proposal::from(&find(&visit, of.proposal).await?)))
}

/// Makes a proposal the answer of the draft of the present quarter, as that of whoever asks.
#[utoipa::path(post, path = "/api/v1/proposals/{proposal}/take", tag = "Proposals", params(OfProposal, IfMatch),
    responses((status = 200, description = "The proposal as it is now", body = Proposal)))]
pub(in crate::web) async fn take(
    visit: Visit,
    of: Path<OfProposal>,
    seen: IfMatch,
) -> Result<Tagged<Proposal>, Failure> {
    visit.caller.actor.authorize(Action::Assess).map_err(app::Error::from)?;
    let present = find(&visit, of.proposal).await?;
    seen.check(&Proposal::from(&present))?;
    let (draft, choice) = choice(&present)?;
    visit.ask(move |cairn, caller| cairn.take_proposals(caller, draft, &[choice])).await?;
    show(visit, of).await
}

/// Declines a proposal. The same does not wait again; another step does.
#[utoipa::path(post, path = "/api/v1/proposals/{proposal}/decline", tag = "Proposals", params(OfProposal),
    request_body = Declining,
    responses((status = 200, description = "The proposal as it is now", body = Proposal)))]
pub(in crate::web) async fn decline(
    visit: Visit,
    of: Path<OfProposal>,
    input: Json<Declining>,
) -> Result<Tagged<Proposal>, Failure> {
    visit.caller.actor.authorize(Action::Assess).map_err(app::Error::from)?;
    let (draft, choice) = choice(&find(&visit, of.proposal).await?)?;
    let reason = input.into_inner().reason;
    visit.ask(move |cairn, caller| cairn.decline_proposals(caller, draft, &[choice], &reason)).await?;
    show(visit, of).await
}

async fn find(visit: &Visit, id: i64) -> Result<ProposalSeen, Failure> {
    visit.ask(move |cairn, caller| cairn.proposal(caller, ProposalId(id))).await
}

/// The draft in which a proposal is decided about, with the answer as it was seen.
fn choice(seen: &ProposalSeen) -> Result<(AssessmentId, Choice), Failure> {
    let message = format!("{} has no draft of the present quarter; open its assessment first", seen.team);
    let draft = seen.draft.ok_or(app::Error::Refused(message))?;
    let revision = seen.answer.as_ref().map_or(Revision::default(), |recorded| recorded.revision);
    Ok((draft, Choice { proposal: seen.proposal.id, seen: revision }))
}

/// A value of a parameter that is one of few words.
fn named<T: Named>(parameter: &str, word: &str) -> Result<T, Failure> {
    T::from_name(word).ok_or_else(|| Failure::unreadable(format!("{parameter}: {}", expected::<T>(word))))
}
