//! `/api/v1/plans` and `/api/v1/forecast`: plans of the transformation, made, tried, kept and followed.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Json, Path, Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::computed_schemas::Roadmap;
use super::paging::{Falling, Paged, Paging};
use super::plan_input::{PlanInputSeen, PlanWanted, PlanWantedChange};
use super::plan_schemas::{Forecast, PlanProgress};
use super::scope::OfScope;
use super::tagged::{IfMatch, Tagged};
use crate::app::{self, AskedPlan, DraftFrom, ExportFormat, ExportKind, ExportRequest};
use crate::domain::access::Action;
use crate::domain::catalog::ActivityId;
use crate::domain::comparison::ComparisonFilter;
use crate::domain::digits::state;
use crate::domain::mapping::Standard;
use crate::domain::organization::{ScopeId, TeamId};
use crate::domain::plan::entry::PlanEntry;
use crate::domain::plan::saved::{PlanId, SavedPlan, VersionHead};
use crate::domain::plan::seen::KeptPlan;
use crate::domain::portfolio::PortfolioFilter;
use crate::domain::view::{GapFilter, Selection};
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// A kept plan, without what it says.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Plan {
    /// Its number.
    id: i64,
    /// Its name.
    name: String,
    /// Of whom it is: `organization`, `group` or `team`.
    scope_kind: String,
    /// The number of the group or the team; null: it is of the organization.
    scope_id: Option<i64>,
    /// How they are called.
    scope_name: String,
    /// How many versions there are.
    versions: u32,
    /// When the latest was saved.
    saved_at: DateTime<Utc>,
    /// By whom.
    saved_by: String,
    /// Since when it is put aside.
    archived_at: Option<DateTime<Utc>>,
}

impl Plan {
    fn of(plan: &SavedPlan, scope_name: &str) -> Self {
        let scope_id = match plan.scope {
            ScopeId::Organization => None,
            ScopeId::Group(group) => Some(group.0),
            ScopeId::Team(team) => Some(team.0),
        };
        Self {
            id: plan.id.0,
            name: plan.name.to_string(),
            scope_kind: plan.scope.kind().to_owned(),
            scope_id,
            scope_name: scope_name.to_owned(),
            versions: plan.versions,
            saved_at: plan.saved_at,
            saved_by: plan.saved_by.clone(),
            archived_at: plan.archived_at,
        }
    }
}

/// A kept plan, with what was decided about it.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct PlanDetail {
    #[serde(flatten)]
    plan: Plan,
    /// Which version of it this is.
    version: u32,
    /// The quarter in which the teams were looked at when it was saved.
    period: String,
    /// What was decided.
    input: PlanInputSeen,
}

impl PlanDetail {
    fn of(kept: &KeptPlan) -> Self {
        Self {
            plan: Plan::of(&kept.plan, &kept.of.name),
            version: kept.version.number,
            period: kept.version.period.to_string(),
            input: PlanInputSeen::from(&kept.version.input),
        }
    }
}

/// What was kept, or would be.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct PlanSaved {
    /// Whether nothing was kept, as was asked for.
    dry_run: bool,
    /// The plan; null in a dry run.
    plan: Option<PlanDetail>,
    /// What was decided, with what was left open.
    input: PlanInputSeen,
    /// What follows from it, as in `/roadmap`; null unless it is a dry run.
    #[schema(value_type = Option<Roadmap>)]
    roadmap: Option<Value>,
}

/// A version of a plan.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct PlanVersion {
    /// Its number, from 1.
    number: u32,
    /// When it was saved.
    saved_at: DateTime<Utc>,
    /// By whom.
    saved_by: String,
    /// Its first quarter.
    #[schema(example = "2027-Q1")]
    start: String,
}

impl From<VersionHead> for PlanVersion {
    fn from(VersionHead { number, saved_at, saved_by, start }: VersionHead) -> Self {
        Self { number, saved_at, saved_by, start: start.to_string() }
    }
}

/// Who takes care of a practice of a plan.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct PlanOwner {
    /// Their name; empty: nobody does.
    #[schema(max_length = 100)]
    owner: String,
}

/// Which plans.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Those that are put aside, instead of those that are not.
    #[serde(default)]
    archived: bool,
}

/// Which plan.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfPlan {
    /// The number of the plan.
    plan: i64,
}

/// Which version.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct OfVersion {
    /// Which version of it; the latest unless said.
    #[param(minimum = 1)]
    version: Option<u32>,
}

/// For whom a plan is made.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what the extractor `Selection` reads")]
pub(in crate::web) struct ForWhom {
    /// The number of a team.
    team: Option<i64>,
    /// The number of a group; not together with a team. Without both, it is made for the organization.
    group: Option<i64>,
}

/// Whether anything is kept.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct How {
    /// Say what would follow, but keep nothing.
    #[serde(default)]
    dry_run: bool,
}

/// Which kept plan is looked at.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Beside {
    /// The number of a kept plan; without it, the one that is followed or, where none is, what is proposed.
    plan: Option<i64>,
}

/// A practice of a team in a plan.
#[derive(Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfItem {
    /// The number of the plan.
    plan: i64,
    /// The number of the team.
    team: i64,
    /// The id of the activity.
    activity: String,
}

impl OfItem {
    fn named(&self) -> (PlanId, TeamId, ActivityId) {
        (PlanId(self.plan), TeamId(self.team), ActivityId(self.activity.clone()))
    }
}

/// Lists the kept plans.
#[utoipa::path(get, path = "/api/v1/plans", tag = "Roadmap and plans", params(Wanted, Paging),
    responses((status = 200, description = "A page of the plans, by their numbers", body = [Plan])))]
pub(in crate::web) async fn list(
    visit: Visit,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<Plan>, Failure> {
    let mut plans = visit.ask(|cairn, caller| cairn.plans(caller)).await?;
    plans.retain(|(plan, _)| plan.archived_at.is_some() == wanted.archived);
    plans.sort_by_key(|(plan, _)| plan.id);
    Ok(paging.page(plans, |(plan, _)| plan.id.0)?.map(|(plan, name)| Plan::of(&plan, &name)))
}

/// Makes a plan for a scope, as it stands, and keeps it.
#[utoipa::path(post, path = "/api/v1/plans", tag = "Roadmap and plans", params(ForWhom, How), request_body = PlanWanted,
    responses(
        (status = 201, description = "The plan that was kept", body = PlanSaved),
        (status = 200, description = "What would be kept", body = PlanSaved),
    ))]
pub(in crate::web) async fn make(
    visit: Visit,
    selection: Selection,
    how: Query<How>,
    wanted: Json<PlanWanted>,
) -> Result<HttpResponse, Failure> {
    // A plan is made of how things are.
    let selection = Selection { period: None, ..selection };
    let saved = decided(&visit, selection, None, wanted.into_inner(), how.dry_run).await?;
    let Some(made) = &saved.plan else { return Ok(HttpResponse::Ok().json(saved)) };
    let address = format!("/api/v1/plans/{}", made.plan.id);
    Ok(HttpResponse::Created().insert_header((header::LOCATION, address)).json(saved))
}

/// Looks at what was decided, or keeps it: as a new plan, or as the next version of one that was just seen.
async fn decided(
    visit: &Visit,
    selection: Selection,
    before: Option<&Plan>,
    wanted: PlanWanted,
    dry_run: bool,
) -> Result<PlanSaved, Failure> {
    let plan = before.map(|before| PlanId(before.id));
    let begun =
        visit.ask(move |cairn, caller| Ok((cairn.plan_entry(caller, selection, plan)?, cairn.teams(caller)?.0)));
    let (begun, teams) = begun.await?;
    let names: HashMap<i64, String> = teams.iter().map(|team| (team.id.0, team.name.to_string())).collect();
    let entry = wanted.entered(begun, &names)?;
    // Somebody may have been faster since the plan was seen to be as the request says.
    let entry = PlanEntry { seen: before.map(|before| before.versions.to_string()).unwrap_or_default(), ..entry };
    let from = DraftFrom { plan, entry: Some(entry), about: None };
    let saved = visit
        .ask(move |cairn, caller| {
            if dry_run {
                let (input, roadmap) = cairn.drafted_roadmap(caller, selection, from)?;
                return Ok((None, input, Some(roadmap)));
            }
            let id = cairn.save_plan(caller, selection, from)?;
            let kept = cairn.plan(caller, None, id, None)?.content.ok_or(app::Error::NotFound("plan"))?;
            Ok((Some(PlanDetail::of(&kept)), kept.version.input, None))
        })
        .await;
    let (plan, input, roadmap) = saved?;
    Ok(PlanSaved { dry_run, plan, input: PlanInputSeen::from(&input), roadmap })
}

fn read(json: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(json).map_err(|error| Failure::Broken(error.to_string()))
}

/// Gives a kept plan with what was decided about it. What follows from that is its roadmap.
#[utoipa::path(get, path = "/api/v1/plans/{plan}", tag = "Roadmap and plans", params(OfPlan, OfVersion),
    responses((status = 200, description = "The plan", body = PlanDetail)))]
pub(in crate::web) async fn show(
    visit: Visit,
    of: Path<OfPlan>,
    version: Query<OfVersion>,
) -> Result<Tagged<PlanDetail>, Failure> {
    Ok(Tagged(PlanDetail::of(&kept(&visit, PlanId(of.plan), version.version).await?)))
}

async fn kept(visit: &Visit, id: PlanId, version: Option<u32>) -> Result<KeptPlan, Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.plan(caller, None, id, version)).await?;
    Ok(seen.content.ok_or(app::Error::NotFound("plan"))?)
}

/// Makes a kept plan anew, from how things are now: it has another version then. What is left out stays as the version
/// before has it.
#[utoipa::path(patch, path = "/api/v1/plans/{plan}", tag = "Roadmap and plans", params(OfPlan, IfMatch, How),
    request_body = PlanWantedChange,
    responses((status = 200, description = "What was kept, or would be", body = PlanSaved)))]
pub(in crate::web) async fn change(
    visit: Visit,
    of: Path<OfPlan>,
    tag: IfMatch,
    how: Query<How>,
    wanted: Json<PlanWantedChange>,
) -> Result<Json<PlanSaved>, Failure> {
    let id = PlanId(of.plan);
    let present = PlanDetail::of(&kept(&visit, id, None).await?);
    tag.check(&present)?;
    let wanted = wanted.into_inner().of(&present.plan)?;
    let saved = decided(&visit, Selection::ORGANIZATION, Some(&present.plan), wanted, how.dry_run).await?;
    Ok(Json(saved))
}

/// Gives the stages of a kept plan, with what is done in which quarter, as in `/roadmap`.
#[utoipa::path(get, path = "/api/v1/plans/{plan}/roadmap", tag = "Roadmap and plans", params(OfPlan, OfVersion),
    responses((status = 200, description = "The roadmap of the plan", body = Roadmap)))]
pub(in crate::web) async fn roadmap(
    visit: Visit,
    of: Path<OfPlan>,
    version: Query<OfVersion>,
) -> Result<HttpResponse, Failure> {
    let request = request(ExportKind::Roadmap, Selection::ORGANIZATION, Some(asked(of.plan, version.version)));
    let bytes = visit.ask(move |cairn, caller| cairn.export(caller, request)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/json")).body(bytes))
}

fn asked(plan: i64, version: Option<u32>) -> AskedPlan {
    AskedPlan { id: PlanId(plan), version, part: None }
}

fn request(kind: ExportKind, selection: Selection, plan: Option<AskedPlan>) -> ExportRequest {
    ExportRequest {
        kind,
        format: ExportFormat::Json,
        selection,
        filter: GapFilter::default(),
        standard: Standard::Iso27001V2022,
        portfolio: PortfolioFilter::default(),
        comparison: ComparisonFilter::default(),
        plan,
        links: None,
    }
}

/// Lists the versions of a kept plan, the latest first.
#[utoipa::path(get, path = "/api/v1/plans/{plan}/versions", tag = "Roadmap and plans", params(OfPlan, Paging),
    responses((status = 200, description = "A page of the versions", body = [PlanVersion])))]
pub(in crate::web) async fn versions(
    visit: Visit,
    of: Path<OfPlan>,
    paging: Query<Paging>,
) -> Result<Paged<PlanVersion>, Failure> {
    let versions = kept(&visit, PlanId(of.plan), None).await?.versions;
    Ok(paging.page(versions, |version| Falling::new(version.number))?.map(PlanVersion::from))
}

/// Says how a kept plan goes: its targets, its quarters, what slipped, and its teams.
#[utoipa::path(get, path = "/api/v1/plans/{plan}/progress", tag = "Roadmap and plans", params(OfPlan, OfVersion),
    responses((status = 200, description = "How it goes", body = PlanProgress)))]
pub(in crate::web) async fn progress(
    visit: Visit,
    of: Path<OfPlan>,
    version: Query<OfVersion>,
) -> Result<Json<Value>, Failure> {
    const TABLES: [(&str, ExportKind); 4] = [
        ("measures", ExportKind::PlanProgress),
        ("burn_up", ExportKind::BurnUp),
        ("slipped", ExportKind::Slipped),
        ("teams", ExportKind::PlanTeams),
    ];
    let plan = asked(of.plan, version.version);
    tables(&visit, Selection::ORGANIZATION, Some(plan), &TABLES).await
}

/// Several tables in one object, each under its name.
async fn tables(
    visit: &Visit,
    selection: Selection,
    plan: Option<AskedPlan>,
    tables: &'static [(&'static str, ExportKind)],
) -> Result<Json<Value>, Failure> {
    let written = visit.ask(move |cairn, caller| {
        let export = |(name, kind): &(&'static str, ExportKind)| {
            Ok((*name, cairn.export(caller, request(*kind, selection, plan))?))
        };
        tables.iter().map(export).collect::<Result<Vec<_>, app::Error>>()
    });
    let read = written.await?.into_iter().map(|(name, json)| Ok((name.to_owned(), read(&json)?)));
    Ok(Json(Value::Object(read.collect::<Result<_, Failure>>()?)))
}

/// Says when the stages will be done, by what was done in the past.
#[utoipa::path(get, path = "/api/v1/forecast", tag = "Roadmap and plans", params(OfScope, Beside),
    responses((status = 200, description = "The forecast", body = Forecast)))]
pub(in crate::web) async fn forecast(
    visit: Visit,
    selection: Selection,
    beside: Query<Beside>,
) -> Result<Json<Value>, Failure> {
    const TABLES: [(&str, ExportKind); 2] = [("stages", ExportKind::Forecast), ("fan", ExportKind::ForecastFan)];
    let plan = beside.plan.map(|plan| AskedPlan { part: Some(selection), ..asked(plan, None) });
    tables(&visit, selection, plan, &TABLES).await
}

/// Puts a plan aside: nobody follows it any more.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/archive", tag = "Roadmap and plans", params(OfPlan),
    responses((status = 200, description = "The plan as it is now", body = PlanDetail)))]
pub(in crate::web) async fn archive(visit: Visit, of: Path<OfPlan>) -> Result<Tagged<PlanDetail>, Failure> {
    let id = PlanId(of.plan);
    visit.ask(move |cairn, caller| cairn.archive_plan(caller, id)).await?;
    Ok(Tagged(PlanDetail::of(&kept(&visit, id, None).await?)))
}

/// Takes a plan up again that was put aside.
#[utoipa::path(post, path = "/api/v1/plans/{plan}/restore", tag = "Roadmap and plans", params(OfPlan),
    responses((status = 200, description = "The plan as it is now", body = PlanDetail)))]
pub(in crate::web) async fn restore(visit: Visit, of: Path<OfPlan>) -> Result<Tagged<PlanDetail>, Failure> {
    let id = PlanId(of.plan);
    visit.ask(move |cairn, caller| cairn.restore_plan(caller, id)).await?;
    Ok(Tagged(PlanDetail::of(&kept(&visit, id, None).await?)))
}

/// Says who takes care of a practice of a team in a plan.
#[utoipa::path(get, path = "/api/v1/plans/{plan}/items/{team}/{activity}", tag = "Roadmap and plans", params(OfItem),
    responses((status = 200, description = "Who takes care of it", body = PlanOwner)))]
pub(in crate::web) async fn owner(visit: Visit, of: Path<OfItem>) -> Result<Tagged<PlanOwner>, Failure> {
    Ok(Tagged(owner_of(&visit, &of).await?))
}

async fn owner_of(visit: &Visit, of: &OfItem) -> Result<PlanOwner, Failure> {
    let (plan, team, activity) = of.named();
    let item = (team, activity.clone());
    let seen = visit.ask(move |cairn, caller| cairn.plan_item(caller, plan, team, &activity)).await?;
    let owners = seen.content.map(|practice| practice.kept.owners).unwrap_or_default();
    Ok(PlanOwner { owner: owners.get(&item).cloned().unwrap_or_default() })
}

/// Names who takes care of a practice of a team in a plan.
#[utoipa::path(put, path = "/api/v1/plans/{plan}/items/{team}/{activity}", tag = "Roadmap and plans", params(OfItem, IfMatch),
    request_body = PlanOwner,
    responses((status = 200, description = "Who takes care of it now", body = PlanOwner)))]
pub(in crate::web) async fn own(
    visit: Visit,
    of: Path<OfItem>,
    tag: IfMatch,
    input: Json<PlanOwner>,
) -> Result<Tagged<PlanOwner>, Failure> {
    visit.caller.actor.authorize(Action::Plan).map_err(app::Error::from)?;
    let present = owner_of(&visit, &of).await?;
    tag.check(&present)?;
    let (plan, team, activity) = of.named();
    let (wanted, seen) = (input.into_inner().owner, state(&present.owner));
    let named =
        visit.ask(move |cairn, caller| cairn.set_plan_owner(caller, plan, team, &activity, &wanted, Some(&seen)));
    named.await?;
    owner(visit, of).await
}
