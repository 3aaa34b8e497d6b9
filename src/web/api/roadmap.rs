//! `/api/v1/stages` and `/api/v1/target-profiles`: what is to be reached, by the organization and by some teams.

use std::collections::BTreeMap;

use actix_web::web::{Json, Path, Query};
use actix_web::{Either, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::change::{Change, said};
use super::paging::{Paged, Paging};
use super::tagged::{Created, IfMatch, Tagged};
use super::teams::{self, OfTeam};
use crate::app;
use crate::domain::fault::FieldFault;
use crate::domain::roadmap::change::{
    ProfileInput, RoadmapInput, RoadmapPreview, RoadmapSeen, StageFigures, StageInput,
};
use crate::domain::roadmap::profiles::{Profile, ProfileId, Roadmaps};
use crate::domain::roadmap::{self, StageNumber};
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// A stage of the transformation.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Stage {
    /// Its number, from 1.
    number: usize,
    /// Its name.
    name: String,
    /// What is different when it is reached.
    goal: String,
    /// How people can tell that it is reached.
    exit_check: String,
    /// The level to reach, by the name of the dimension.
    targets: BTreeMap<String, u8>,
    /// The quarter by the end of which it should be reached, if one is wished.
    #[schema(example = "2027-Q2")]
    wished: Option<String>,
}

/// The stages of the transformation.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Stages {
    /// The stages, in their order.
    stages: Vec<Stage>,
}

impl From<&Roadmaps> for Stages {
    fn from(roadmaps: &Roadmaps) -> Self {
        let stage = |(number, stage): (usize, &roadmap::Stage)| Stage {
            number,
            name: stage.name.clone(),
            goal: stage.goal.clone(),
            exit_check: stage.exit_check.clone(),
            targets: stage.targets.clone(),
            wished: stage.wished.map(|wished| wished.to_string()),
        };
        Self { stages: (1..).zip(roadmaps.organization().stages()).map(stage).collect() }
    }
}

/// What a stage is to be. What is left out stays as the stage of its number has it, and is empty for a new one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct StageWanted {
    /// The number of the stage that it was so far, whose targets in profiles go with it; without it, it is new.
    #[serde(default)]
    number: Option<usize>,
    /// Its name, which no other stage has.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, min_length = 1, max_length = 100)]
    name: Option<String>,
    /// What is different when it is reached.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, max_length = 2000)]
    goal: Option<String>,
    /// How people can tell that it is reached.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = String, max_length = 2000)]
    exit_check: Option<String>,
    /// The level to reach, by the name of the dimension; never less than in the stage before.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = BTreeMap<String, u8>)]
    targets: Option<BTreeMap<String, u8>>,
    /// The quarter by the end of which it should be reached; null: no date.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>, example = "2027-Q2")]
    wished: Option<Option<String>>,
}

/// What the stages are to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct StagesWanted {
    /// The stages, in their order.
    #[schema(min_items = 1, max_items = 8)]
    stages: Vec<StageWanted>,
}

impl StagesWanted {
    /// The same as a person would have entered it, or what a form cannot even ask.
    fn entered(self, seen: &RoadmapSeen) -> Result<RoadmapInput, app::Error> {
        let mut faults = Vec::new();
        let stages = (1..).zip(self.stages).map(|(row, wanted)| {
            let StageWanted { number, name, goal, exit_check, targets, wished } = wanted;
            let now = number.and_then(|number| seen.roadmaps.organization().stage(StageNumber(number)));
            let (name, goal, exit_check) = (
                name.or_else(|| now.map(|now| now.name.clone())).unwrap_or_default(),
                goal.or_else(|| now.map(|now| now.goal.clone())).unwrap_or_default(),
                exit_check.or_else(|| now.map(|now| now.exit_check.clone())).unwrap_or_default(),
            );
            let targets = targets.or_else(|| now.map(|now| now.targets.clone())).unwrap_or_default();
            let kept = || now.and_then(|now| now.wished).map(|quarter| quarter.to_string());
            let wished = wished.unwrap_or_else(kept).unwrap_or_default();
            let unknown = targets.keys().filter(|name| seen.dimensions.all().all(|known| known != name.as_str()));
            faults.extend(unknown.map(|name| no_such_dimension(format!("target-{row}"), name)));
            if name.trim().is_empty() {
                faults.push(FieldFault::new(format!("name-{row}"), "a name is needed"));
            }
            StageInput {
                was: number.map(|number| number.to_string()).unwrap_or_default(),
                position: String::new(),
                name,
                goal,
                exit_check,
                wished,
                targets: targets.into_iter().map(|(name, level)| (name, level.to_string())).collect(),
            }
        });
        let stages = stages.collect();
        if !faults.is_empty() {
            return Err(app::Error::Invalid(faults));
        }
        Ok(RoadmapInput { seen: seen.roadmaps.fingerprint(), stages })
    }
}

fn no_such_dimension(field: String, name: &str) -> FieldFault {
    let shown: String = name.chars().take(60).collect();
    FieldFault::new(field, format!("there is no dimension “{shown}”"))
}

/// A stage in figures.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct StageInFigures {
    /// Its number.
    number: usize,
    /// How many activities belong to it by the targets of the organization.
    activities: usize,
    /// How many practices the teams have left in it, all together.
    practices_left: usize,
    /// The work that is left of these, in points.
    points_left: f64,
    /// How many teams have reached it and all before it.
    teams_reached: usize,
}

impl From<(StageNumber, StageFigures)> for StageInFigures {
    fn from((number, figures): (StageNumber, StageFigures)) -> Self {
        let StageFigures { activities, left, points, reached } = figures;
        let points_left = points.value();
        Self { number: number.0, activities, practices_left: left, points_left, teams_reached: reached }
    }
}

/// What becomes of a stage.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct StageEffect {
    /// As it was; null: it is new.
    before: Option<StageInFigures>,
    /// As it is then; null: it goes.
    after: Option<StageInFigures>,
}

/// What a change of the stages or of a profile did, or would do.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct RoadmapChanged {
    /// Whether nothing was changed, as was asked for.
    dry_run: bool,
    /// Whether anything is different afterwards.
    changed: bool,
    /// The quarter in which the teams were looked at; null: nothing is submitted.
    period: Option<String>,
    /// How many teams were assessed by then.
    teams: usize,
    /// The stages as they are then, and after these the ones that go.
    stages: Vec<StageEffect>,
}

impl RoadmapChanged {
    fn of(preview: &RoadmapPreview, dry_run: bool) -> Self {
        let stages = preview.stages.iter().map(|effect| StageEffect {
            before: effect.before.map(StageInFigures::from),
            after: effect.after.map(StageInFigures::from),
        });
        Self {
            dry_run,
            changed: preview.changes_something(),
            period: preview.period.map(|period| period.to_string()),
            teams: preview.teams,
            stages: stages.collect(),
        }
    }
}

/// A target of a profile that differs from that of the organization.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct ProfileTarget {
    /// The number of the stage.
    stage: usize,
    /// The name of the dimension.
    dimension: String,
    /// The level to reach.
    #[schema(minimum = 0, maximum = 5)]
    level: u8,
}

/// Targets that hold for some teams instead of those of the organization.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct TargetProfile {
    /// Its number.
    id: i64,
    /// Its name.
    name: String,
    /// Where it differs from the organization.
    targets: Vec<ProfileTarget>,
}

impl From<&Profile> for TargetProfile {
    fn from(profile: &Profile) -> Self {
        let target = |((stage, dimension), level): (&(StageNumber, String), &u8)| ProfileTarget {
            stage: stage.0,
            dimension: dimension.clone(),
            level: *level,
        };
        Self { id: profile.id.0, name: profile.name.to_string(), targets: profile.targets.iter().map(target).collect() }
    }
}

/// What a profile is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct TargetProfileInput {
    /// Its name, unique whatever the case of its letters.
    #[schema(min_length = 1, max_length = 100, example = "External")]
    name: String,
    /// Where it differs from the organization.
    #[serde(default)]
    targets: Vec<ProfileTarget>,
}

type TargetProfileInputChange = Change<TargetProfileInput>;

impl TargetProfileInput {
    fn entered(self, seen: &RoadmapSeen) -> Result<ProfileInput, app::Error> {
        let mut faults = Vec::new();
        let mut targets = BTreeMap::new();
        for ProfileTarget { stage, dimension, level } in self.targets {
            let field = || format!("target-{stage}-{dimension}");
            if seen.dimensions.all().all(|known| known != dimension) {
                faults.push(no_such_dimension(format!("target-{stage}"), &dimension));
            } else if seen.roadmaps.organization().stage(StageNumber(stage)).is_none() {
                faults.push(FieldFault::new(field(), "there is no such stage"));
            } else if targets.contains_key(&(StageNumber(stage), dimension.clone())) {
                faults.push(FieldFault::new(field(), "it is there twice"));
            }
            targets.insert((StageNumber(stage), dimension), level.to_string());
        }
        if !faults.is_empty() {
            return Err(app::Error::Invalid(faults));
        }
        Ok(ProfileInput { seen: seen.roadmaps.fingerprint(), name: self.name, targets })
    }
}

/// Which profile a team has.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct TeamProfile {
    /// The number of the profile; null: the team has the targets of the organization.
    profile: Option<i64>,
}

type TeamProfileChange = Change<TeamProfile>;

/// Which profile.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfProfile {
    /// The number of the profile.
    profile: i64,
}

/// Whether anything is changed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct How {
    /// Say what would happen, but change nothing.
    #[serde(default)]
    dry_run: bool,
}

async fn seen(visit: &Visit) -> Result<RoadmapSeen, Failure> {
    visit.ask(|cairn, caller| cairn.stages(caller)).await
}

/// Gives the stages with the targets of the organization.
#[utoipa::path(get, path = "/api/v1/stages", tag = "Roadmap and plans",
    responses((status = 200, description = "The stages", body = Stages)))]
pub(in crate::web) async fn stages(visit: Visit) -> Result<Tagged<Stages>, Failure> {
    Ok(Tagged(Stages::from(&seen(&visit).await?.roadmaps)))
}

/// Changes the stages, which changes what every team has left. A stage that is not in the list is removed; of the others,
/// what is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/stages", tag = "Roadmap and plans", params(IfMatch, How), request_body = StagesWanted,
    responses((status = 200, description = "What was done, or would be", body = RoadmapChanged)))]
pub(in crate::web) async fn change_stages(
    visit: Visit,
    tag: IfMatch,
    how: Query<How>,
    input: Json<StagesWanted>,
) -> Result<Json<RoadmapChanged>, Failure> {
    let present = visit.ask(|cairn, caller| cairn.stages_to_change(caller)).await?;
    tag.check(&Stages::from(&present.roadmaps))?;
    let (input, dry_run) = (input.into_inner().entered(&present)?, how.dry_run);
    let preview = visit
        .ask(move |cairn, caller| {
            let preview = cairn.preview_stages(caller, &input)?;
            if !dry_run {
                cairn.change_stages(caller, &input)?;
            }
            Ok(preview)
        })
        .await?;
    Ok(Json(RoadmapChanged::of(&preview, dry_run)))
}

/// Lists the target profiles.
#[utoipa::path(get, path = "/api/v1/target-profiles", tag = "Roadmap and plans", params(Paging),
    responses((status = 200, description = "A page of the profiles, by their numbers", body = [TargetProfile])))]
pub(in crate::web) async fn profiles(visit: Visit, paging: Query<Paging>) -> Result<Paged<TargetProfile>, Failure> {
    let seen = seen(&visit).await?;
    let mut profiles: Vec<TargetProfile> =
        seen.roadmaps.profiles().map(|(profile, _)| TargetProfile::from(profile)).collect();
    profiles.sort_by_key(|profile| profile.id);
    paging.page(profiles, |profile| profile.id)
}

/// Adds a target profile.
#[utoipa::path(post, path = "/api/v1/target-profiles", tag = "Roadmap and plans", params(How),
    request_body = TargetProfileInput,
    responses(
        (status = 201, description = "The profile that was added", body = TargetProfile),
        (status = 200, description = "What would be done", body = RoadmapChanged),
    ))]
pub(in crate::web) async fn add_profile(
    visit: Visit,
    how: Query<How>,
    input: Json<TargetProfileInput>,
) -> Result<Either<Created<TargetProfile>, Json<RoadmapChanged>>, Failure> {
    let present = visit.ask(|cairn, caller| cairn.stages_to_change(caller)).await?;
    let input = input.into_inner().entered(&present)?;
    if how.dry_run {
        let preview = visit.ask(move |cairn, caller| cairn.preview_profile(caller, None, &input)).await;
        return Ok(Either::Right(Json(RoadmapChanged::of(&preview?, true))));
    }
    let id = visit.ask(move |cairn, caller| cairn.change_profile(caller, None, &input)).await?;
    let made = TargetProfile::from(find(&seen(&visit).await?, id)?);
    Ok(Either::Left(Created { made, address: format!("/api/v1/target-profiles/{}", id.0) }))
}

fn find(seen: &RoadmapSeen, id: ProfileId) -> Result<&Profile, Failure> {
    Ok(seen.roadmaps.profile(id).ok_or(app::Error::NotFound("profile"))?)
}

/// Gives one target profile.
#[utoipa::path(get, path = "/api/v1/target-profiles/{profile}", tag = "Roadmap and plans", params(OfProfile),
    responses((status = 200, description = "The profile", body = TargetProfile)))]
pub(in crate::web) async fn profile(visit: Visit, of: Path<OfProfile>) -> Result<Tagged<TargetProfile>, Failure> {
    let seen = seen(&visit).await?;
    Ok(Tagged(TargetProfile::from(find(&seen, ProfileId(of.profile))?)))
}

/// Changes a target profile, and with it what its teams have left. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/target-profiles/{profile}", tag = "Roadmap and plans", params(OfProfile, IfMatch, How),
    request_body = TargetProfileInputChange,
    responses((status = 200, description = "What was done, or would be", body = RoadmapChanged)))]
pub(in crate::web) async fn change_profile(
    visit: Visit,
    of: Path<OfProfile>,
    tag: IfMatch,
    how: Query<How>,
    input: Json<TargetProfileInputChange>,
) -> Result<Json<RoadmapChanged>, Failure> {
    let (id, dry_run) = (ProfileId(of.profile), how.dry_run);
    let present = visit.ask(|cairn, caller| cairn.stages_to_change(caller)).await?;
    let now = TargetProfile::from(find(&present, id)?);
    tag.check(&now)?;
    let input = input.into_inner().of(&now)?.entered(&present)?;
    let preview = visit
        .ask(move |cairn, caller| {
            let preview = cairn.preview_profile(caller, Some(id), &input)?;
            if !dry_run {
                cairn.change_profile(caller, Some(id), &input)?;
            }
            Ok(preview)
        })
        .await?;
    Ok(Json(RoadmapChanged::of(&preview, dry_run)))
}

/// Removes a target profile. The teams that had it have the targets of the organization from then on.
#[utoipa::path(delete, path = "/api/v1/target-profiles/{profile}", tag = "Roadmap and plans", params(OfProfile, IfMatch),
    responses((status = 204, description = "It is not there any more")))]
pub(in crate::web) async fn remove_profile(
    visit: Visit,
    of: Path<OfProfile>,
    tag: IfMatch,
) -> Result<HttpResponse, Failure> {
    let id = ProfileId(of.profile);
    let present = visit.ask(|cairn, caller| cairn.stages_to_change(caller)).await?;
    tag.check(&TargetProfile::from(find(&present, id)?))?;
    let print = present.roadmaps.fingerprint();
    visit.ask(move |cairn, caller| cairn.remove_profile(caller, id, &print)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Says which target profile a team has.
#[utoipa::path(get, path = "/api/v1/teams/{team}/target-profile", tag = "Roadmap and plans", params(OfTeam),
    responses((status = 200, description = "The profile of the team", body = TeamProfile)))]
pub(in crate::web) async fn team_profile(visit: Visit, of: Path<OfTeam>) -> Result<Tagged<TeamProfile>, Failure> {
    let team = teams::find(&visit, of.number()).await?.id;
    let profile = seen(&visit).await?.roadmaps.profile_of(team).map(|profile| profile.id.0);
    Ok(Tagged(TeamProfile { profile }))
}

/// Gives a team a target profile, or the targets of the organization. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/teams/{team}/target-profile", tag = "Roadmap and plans", params(OfTeam, IfMatch),
    request_body = TeamProfileChange,
    responses((status = 200, description = "The profile of the team now", body = TeamProfile)))]
pub(in crate::web) async fn assign_profile(
    visit: Visit,
    of: Path<OfTeam>,
    tag: IfMatch,
    input: Json<TeamProfileChange>,
) -> Result<Tagged<TeamProfile>, Failure> {
    let team = teams::find(&visit, of.number()).await?.id;
    let present = visit.ask(|cairn, caller| cairn.stages_to_change(caller)).await?;
    let now = TeamProfile { profile: present.roadmaps.profile_of(team).map(|profile| profile.id.0) };
    tag.check(&now)?;
    let (wanted, print) = (input.into_inner().of(&now)?.profile.map(ProfileId), present.roadmaps.fingerprint());
    let assigned = visit.ask(move |cairn, caller| cairn.assign_profile(caller, &[team], wanted, &print)).await;
    assigned?;
    team_profile(visit, of).await
}
