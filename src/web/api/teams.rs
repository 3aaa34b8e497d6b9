//! `/api/v1/teams` and `/api/v1/groups`: who is assessed.

use actix_web::HttpResponse;
use actix_web::web::{Json, Path, Query};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::change::Change;
use super::paging::{Paged, Paging};
use super::problem::renamed;
use super::tagged::{Created, IfMatch, Tagged};
use crate::app;
use crate::domain::digits::state;
use crate::domain::organization::{self, GroupId, TeamId};
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// A team or an application that is assessed.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Team {
    /// Its number.
    id: i64,
    /// Its name, unique whatever the case of its letters.
    name: String,
    /// A sentence about it; may be empty.
    description: String,
    /// The numbers of the groups that it belongs to.
    groups: Vec<i64>,
    /// Since when it is not assessed any more.
    retired_at: Option<DateTime<Utc>>,
}

impl From<&organization::Team> for Team {
    fn from(team: &organization::Team) -> Self {
        Self {
            id: team.id.0,
            name: team.name.to_string(),
            description: team.description.clone(),
            groups: team.groups.iter().map(|group| group.0).collect(),
            retired_at: team.retired_at,
        }
    }
}

/// What a team is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct TeamInput {
    /// Its name, unique whatever the case of its letters.
    #[schema(min_length = 1, max_length = 100, example = "Payments")]
    name: String,
    /// A sentence about it.
    #[serde(default)]
    #[schema(max_length = 500)]
    description: String,
    /// The numbers of all groups that it belongs to.
    #[serde(default)]
    groups: Vec<i64>,
}

type TeamInputChange = Change<TeamInput>;

impl From<TeamInput> for app::TeamInput {
    fn from(input: TeamInput) -> Self {
        let TeamInput { name, description, groups } = input;
        Self { name, description, groups: groups.into_iter().map(GroupId).collect() }
    }
}

/// A named set of teams.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Group {
    /// Its number.
    id: i64,
    /// Its name, unique whatever the case of its letters.
    name: String,
}

impl From<&organization::Group> for Group {
    fn from(group: &organization::Group) -> Self {
        Self { id: group.id.0, name: group.name.to_string() }
    }
}

/// What a group is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct GroupInput {
    /// Its name, unique whatever the case of its letters.
    #[schema(min_length = 1, max_length = 100, example = "Online banking")]
    name: String,
}

/// The fields of a team that forms call otherwise.
const NAMES: &[(&str, &str)] = &[("group", "groups")];

/// Which team.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfTeam {
    /// The number of the team.
    team: i64,
}

impl OfTeam {
    /// That number.
    pub(super) fn number(self) -> i64 {
        self.team
    }
}

/// Which group.
#[derive(Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfGroup {
    /// The number of the group.
    group: i64,
}

/// Which teams.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Only the team of this name, whatever the case of its letters.
    name: Option<String>,
    /// Only the teams of the group with this number.
    group: Option<i64>,
}

/// Lists the teams, those too that are not assessed any more.
#[utoipa::path(get, path = "/api/v1/teams", tag = "Teams and groups", params(Wanted, Paging),
    responses((status = 200, description = "A page of the teams, by their numbers", body = [Team])))]
pub(in crate::web) async fn list(
    visit: Visit,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<Team>, Failure> {
    let (mut teams, _) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    let Wanted { name, group } = wanted.into_inner();
    teams.retain(|team| {
        name.as_ref().is_none_or(|name| team.name.key() == name.trim().to_lowercase())
            && group.is_none_or(|group| team.groups.contains(&GroupId(group)))
    });
    teams.sort_by_key(|team| team.id);
    Ok(paging.page(teams, |team| team.id.0)?.map(|team| Team::from(&team)))
}

/// Gives one team.
#[utoipa::path(get, path = "/api/v1/teams/{team}", tag = "Teams and groups", params(OfTeam),
    responses((status = 200, description = "The team", body = Team)))]
pub(in crate::web) async fn show(visit: Visit, of: Path<OfTeam>) -> Result<Tagged<Team>, Failure> {
    Ok(Tagged(Team::from(&find(&visit, of.team).await?)))
}

/// Adds a team.
#[utoipa::path(post, path = "/api/v1/teams", tag = "Teams and groups", request_body = TeamInput,
    responses((status = 201, description = "The team that was added", body = Team)))]
pub(in crate::web) async fn add(visit: Visit, input: Json<TeamInput>) -> Result<Created<Team>, Failure> {
    let input = input.into_inner().into();
    let added = visit.ask(move |cairn, caller| cairn.add_team(caller, &input)).await;
    let id = added.map_err(renamed(NAMES))?;
    let made = Team::from(&find(&visit, id.0).await?);
    Ok(Created { made, address: format!("/api/v1/teams/{id}") })
}

/// Changes the name, the description and the groups of a team. What is left out stays as it is.
#[utoipa::path(patch, path = "/api/v1/teams/{team}", tag = "Teams and groups", params(OfTeam, IfMatch),
    request_body = TeamInputChange,
    responses((status = 200, description = "The team as it is now", body = Team)))]
pub(in crate::web) async fn change(
    visit: Visit,
    of: Path<OfTeam>,
    seen: IfMatch,
    input: Json<TeamInputChange>,
) -> Result<Tagged<Team>, Failure> {
    let present = find(&visit, of.team).await?;
    seen.check(&Team::from(&present))?;
    let input = input.into_inner().of(&Team::from(&present))?.into();
    let (id, seen) = (present.id, state(&present));
    let changed = visit.ask(move |cairn, caller| cairn.update_team(caller, id, &input, Some(&seen))).await;
    changed.map_err(renamed(NAMES))?;
    show(visit, of).await
}

/// Retires a team: from the next quarter on it is not assessed any more. What was assessed stays.
#[utoipa::path(post, path = "/api/v1/teams/{team}/retire", tag = "Teams and groups", params(OfTeam),
    responses((status = 200, description = "The team as it is now", body = Team)))]
pub(in crate::web) async fn retire(visit: Visit, of: Path<OfTeam>) -> Result<Tagged<Team>, Failure> {
    let team = TeamId(of.team);
    visit.ask(move |cairn, caller| cairn.retire_team(caller, team)).await?;
    show(visit, of).await
}

/// Takes a retired team back into assessment.
#[utoipa::path(post, path = "/api/v1/teams/{team}/bring-back", tag = "Teams and groups", params(OfTeam),
    responses((status = 200, description = "The team as it is now", body = Team)))]
pub(in crate::web) async fn bring_back(visit: Visit, of: Path<OfTeam>) -> Result<Tagged<Team>, Failure> {
    let team = TeamId(of.team);
    visit.ask(move |cairn, caller| cairn.bring_back_team(caller, team)).await?;
    show(visit, of).await
}

/// Lists the groups.
#[utoipa::path(get, path = "/api/v1/groups", tag = "Teams and groups", params(Paging),
    responses((status = 200, description = "A page of the groups, by their numbers", body = [Group])))]
pub(in crate::web) async fn groups(visit: Visit, paging: Query<Paging>) -> Result<Paged<Group>, Failure> {
    let (_, mut groups) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    groups.sort_by_key(|group| group.id);
    Ok(paging.page(groups, |group| group.id.0)?.map(|group| Group::from(&group)))
}

/// Gives one group.
#[utoipa::path(get, path = "/api/v1/groups/{group}", tag = "Teams and groups", params(OfGroup),
    responses((status = 200, description = "The group", body = Group)))]
pub(in crate::web) async fn group(visit: Visit, of: Path<OfGroup>) -> Result<Tagged<Group>, Failure> {
    Ok(Tagged(Group::from(&find_group(&visit, of.group).await?)))
}

/// Adds a group without teams.
#[utoipa::path(post, path = "/api/v1/groups", tag = "Teams and groups", request_body = GroupInput,
    responses((status = 201, description = "The group that was added", body = Group)))]
pub(in crate::web) async fn add_group(visit: Visit, input: Json<GroupInput>) -> Result<Created<Group>, Failure> {
    let name = input.into_inner().name;
    let id = visit.ask(move |cairn, caller| cairn.add_group(caller, &name)).await?;
    let made = Group::from(&find_group(&visit, id.0).await?);
    Ok(Created { made, address: format!("/api/v1/groups/{id}") })
}

/// Gives a group another name.
#[utoipa::path(put, path = "/api/v1/groups/{group}", tag = "Teams and groups", params(OfGroup, IfMatch), request_body = GroupInput,
    responses((status = 200, description = "The group as it is now", body = Group)))]
pub(in crate::web) async fn rename_group(
    visit: Visit,
    of: Path<OfGroup>,
    seen: IfMatch,
    input: Json<GroupInput>,
) -> Result<Tagged<Group>, Failure> {
    let present = find_group(&visit, of.group).await?;
    seen.check(&Group::from(&present))?;
    let (id, name, seen) = (present.id, input.into_inner().name, state(&present));
    visit.ask(move |cairn, caller| cairn.rename_group(caller, id, &name, Some(&seen))).await?;
    group(visit, of).await
}

/// Removes a group. Its teams and their answers stay.
#[utoipa::path(delete, path = "/api/v1/groups/{group}", tag = "Teams and groups", params(OfGroup),
    responses((status = 204, description = "It is not there any more")))]
pub(in crate::web) async fn remove_group(visit: Visit, of: Path<OfGroup>) -> Result<HttpResponse, Failure> {
    let id = GroupId(of.group);
    visit.ask(move |cairn, caller| cairn.remove_group(caller, id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) async fn find(visit: &Visit, id: i64) -> Result<organization::Team, Failure> {
    let (teams, _) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    let team = teams.into_iter().find(|team| team.id.0 == id);
    Ok(team.ok_or(app::Error::NotFound("team"))?)
}

async fn find_group(visit: &Visit, id: i64) -> Result<organization::Group, Failure> {
    let (_, groups) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    let group = groups.into_iter().find(|group| group.id.0 == id);
    Ok(group.ok_or(app::Error::NotFound("group"))?)
}
