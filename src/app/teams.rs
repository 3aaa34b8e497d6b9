//! Teams and groups: who is assessed.

use std::collections::BTreeSet;

use super::access::{authorized, groups, is_as_seen, sight};
use super::{Cairn, Error};
use crate::domain::access::{Action, Caller, Reach, Sight};
use crate::domain::account::User;
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::ActivityId;
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Group, GroupId, Name, ScopeId, Team, TeamId, tidy_text};
use crate::domain::view::Reliance;
use crate::store::Snapshot;

/// What a person enters about a team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamInput {
    /// The name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// The groups it belongs to.
    pub groups: Vec<GroupId>,
}

/// How many characters a description may have.
const DESCRIPTION_LIMIT: usize = 500;

impl Cairn {
    /// The teams and groups that the caller sees, in the order of their names.
    pub fn teams(&self, caller: &Caller) -> Result<(Vec<Team>, Vec<Group>), Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            Ok((snapshot.teams(sight)?, groups(snapshot, sight, caller)?))
        })
    }

    /// Who takes answers from a team, in the latest quarter that it has an assessment of.
    pub fn relying_on(&self, caller: &Caller, id: TeamId) -> Result<Option<Reliance>, Error> {
        self.read(caller, Action::View, |snapshot, sight| {
            snapshot.team(sight, id)?.ok_or(Error::NotFound("team"))?;
            let Some(assessment) = snapshot.assessments_of(id)?.pop() else { return Ok(None) };
            let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
            let name = |activity: &ActivityId| {
                catalog.find(activity).map_or_else(|| activity.0.clone(), |index| catalog.activity(index).name.clone())
            };
            let taken = snapshot.relying_on(sight, id, assessment.period)?;
            let mut followers: Vec<(Team, Vec<String>)> = Vec::new();
            for team in snapshot.teams(sight)? {
                let of_team = taken.iter().filter(|(follower, _)| *follower == team.id);
                let activities: Vec<String> = of_team.map(|(_, activity)| name(activity)).collect();
                if !activities.is_empty() {
                    followers.push((team, activities));
                }
            }
            Ok(Some(Reliance { period: assessment.period, followers }))
        })
    }

    /// Adds a team. Who manages only some groups adds it to at least one of those.
    pub fn add_team(&self, caller: &Caller, input: &TeamInput) -> Result<TeamId, Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        self.change(caller, |change, events| {
            let checked = check_team(change, caller, input, None)?;
            let id = change.add_team(&checked.name, &checked.description, caller.at)?;
            change.set_groups_of_team(id, &checked.groups)?;
            events.push(checked.event(Deed::TeamAdded, id));
            Ok(id)
        })
    }

    /// Changes a team's name, description and groups. Who manages only some groups can put it into those
    /// and take it out of them, as long as it stays theirs. `seen`: the [`state`](crate::domain::digits::state) of the
    /// team that the caller saw, when it may not have changed since.
    pub fn update_team(&self, caller: &Caller, id: TeamId, input: &TeamInput, seen: Option<&str>) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let before = managed(change, caller, id)?;
            is_as_seen(&before, seen)?;
            let checked = check_team(change, caller, input, Some(&before))?;
            if before.name == checked.name
                && before.description == checked.description
                && BTreeSet::from_iter(&before.groups) == BTreeSet::from_iter(&checked.groups)
            {
                return Ok(());
            }
            change.update_team(id, &checked.name, &checked.description)?;
            change.set_groups_of_team(id, &checked.groups)?;
            let event = checked.event(Deed::TeamChanged, id);
            let is_renamed = before.name != checked.name;
            events.push(if is_renamed { event.with("before", before.name.as_str()) } else { event });
            Ok(())
        })
    }

    /// Retires a team: from the next quarter on it is not assessed any more. What was assessed stays. One
    /// that is retired already stays so since then.
    pub fn retire_team(&self, caller: &Caller, id: TeamId) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let team = managed(change, caller, id)?;
            if team.retired_at.is_none() {
                change.set_retired(id, Some(caller.at))?;
                events.push(Event::new(Deed::TeamRetired, team.name.as_str()).with("team", id.0));
            }
            Ok(())
        })
    }

    /// Takes a retired team back into assessment, as if it had never been retired.
    pub fn bring_back_team(&self, caller: &Caller, id: TeamId) -> Result<(), Error> {
        self.change(caller, |change, events| {
            let team = managed(change, caller, id)?;
            if team.retired_at.is_some() {
                change.set_retired(id, None)?;
                events.push(Event::new(Deed::TeamBroughtBack, team.name.as_str()).with("team", id.0));
            }
            Ok(())
        })
    }

    /// Adds a group without teams.
    pub fn add_group(&self, caller: &Caller, name: &str) -> Result<GroupId, Error> {
        caller.actor.authorize_for_all(Action::ManageTeams)?;
        self.change(caller, |change, events| {
            let name = check_group_name(change, name, None)?;
            let id = change.add_group(&name, caller.at)?;
            events.push(Event::new(Deed::GroupAdded, name.as_str()).with("group", id.0));
            Ok(id)
        })
    }

    /// Gives a group another name. `seen`: the [`state`](crate::domain::digits::state) of the group that the caller saw,
    /// when it may not have changed since.
    pub fn rename_group(&self, caller: &Caller, id: GroupId, name: &str, seen: Option<&str>) -> Result<(), Error> {
        caller.actor.authorize_for_all(Action::ManageTeams)?;
        self.change(caller, |change, events| {
            let before = find_group(change, id)?;
            is_as_seen(&before, seen)?;
            let name = check_group_name(change, name, Some(id))?;
            if name != before.name {
                change.rename_group(id, &name)?;
                let event = Event::new(Deed::GroupRenamed, name.as_str()).with("group", id.0);
                events.push(event.with("before", before.name.as_str()));
            }
            Ok(())
        })
    }

    /// Removes a group. Its teams and their answers stay.
    pub fn remove_group(&self, caller: &Caller, id: GroupId) -> Result<(), Error> {
        caller.actor.authorize_for_all(Action::ManageTeams)?;
        self.change(caller, |change, events| {
            let group = find_group(change, id)?;
            let is_for = |user: &User| matches!(&user.reach, Reach::Some { groups, .. } if groups.contains(&id));
            let accounts = change.users()?.iter().filter(|user| is_for(user)).count();
            if accounts > 0 {
                let (name, are) = (&group.name, if accounts == 1 { "account is" } else { "accounts are" });
                let message =
                    format!("{accounts} {are} for the teams of {name}; an administrator has to change that first");
                return Err(Error::Refused(message));
            }
            if let Some(plan) = change.plans()?.iter().find(|plan| plan.scope == ScopeId::Group(id)) {
                let (name, plan) = (&group.name, &plan.name);
                let message = format!(
                    "the plan “{plan}” is for the teams of {name}, and plans are kept; rename the group, or take its \
                     teams out"
                );
                return Err(Error::Refused(message));
            }
            change.remove_group(id)?;
            events.push(Event::new(Deed::GroupRemoved, group.name.as_str()).with("group", id.0));
            Ok(())
        })
    }
}

/// The team, for somebody who may manage it.
fn managed(snapshot: &mut Snapshot<'_>, caller: &Caller, id: TeamId) -> Result<Team, Error> {
    authorized(snapshot, caller, Action::ManageTeams, id)
}

fn find_group(snapshot: &mut Snapshot<'_>, id: GroupId) -> Result<Group, Error> {
    let found = snapshot.groups(&Sight::Everything)?.into_iter().find(|group| group.id == id);
    found.ok_or(Error::NotFound("group"))
}

/// What was entered about a team, once it is found to be good.
pub(super) struct CheckedTeam {
    pub(super) name: Name,
    pub(super) description: String,
    pub(super) groups: Vec<GroupId>,
    pub(super) group_names: Vec<String>,
}

impl CheckedTeam {
    pub(super) fn event(&self, deed: Deed, id: TeamId) -> Event {
        Event::new(deed, self.name.as_str()).with("team", id.0).with("groups", self.group_names.clone())
    }
}

/// Checks all fields, so that a person learns of all faults at once. `own`: the team as it is.
pub(super) fn check_team(
    snapshot: &mut Snapshot<'_>,
    caller: &Caller,
    input: &TeamInput,
    own: Option<&Team>,
) -> Result<CheckedTeam, Error> {
    let mut faults = Vec::new();
    let sight = sight(snapshot, caller)?;
    let name = Name::new(&input.name).map_err(|error| faults.push(FieldFault::new("name", error))).ok();
    let description = tidy_text(&input.description, DESCRIPTION_LIMIT)
        .map_err(|error| faults.push(FieldFault::new("description", error)))
        .ok();
    let groups = groups(snapshot, &sight, caller)?;
    let wanted = BTreeSet::from_iter(input.groups.iter().copied());
    let name_of = |id: &GroupId| groups.iter().find(|group| group.id == *id).map(|group| group.name.to_string());
    let group_names: Vec<String> = wanted.iter().filter_map(name_of).collect();
    let before = own.map(|team| BTreeSet::from_iter(team.groups.iter().copied())).unwrap_or_default();
    let reach = caller.actor.reach();
    let changed = wanted.symmetric_difference(&before);
    if group_names.len() != wanted.len() {
        faults.push(FieldFault::new("group", "a chosen group does not exist any more"));
    } else if let Some(other) = changed.copied().find(|group| !reach.covers_group(*group)) {
        let group = name_of(&other).unwrap_or_default();
        faults.push(FieldFault::new("group", format!("{group} is not one of the groups that you manage")));
    } else if !stays_in_reach(reach, own, &wanted) {
        faults.push(FieldFault::new("group", "choose at least one of the groups that you manage"));
    }
    // Which names are taken is told only to those who may make a team at all, since it may be one that they do not see.
    if !faults.iter().any(|fault| fault.field == "group")
        && let Some(name) = &name
        && let Some(other) = snapshot.team_named(name)?
        && Some(other) != own.map(|team| team.id)
    {
        let is_retired = snapshot.team(&sight, other)?.is_some_and(|team| team.retired_at.is_some());
        let retired = if is_retired { "; it is retired and can be brought back" } else { "" };
        faults.insert(0, FieldFault::new("name", format!("there is already a team called {name}{retired}")));
    }
    match (name, description) {
        (Some(name), Some(description)) if faults.is_empty() => {
            Ok(CheckedTeam { name, description, groups: wanted.into_iter().collect(), group_names })
        }
        _ => Err(Error::Invalid(faults)),
    }
}

/// Whether a team is still among those that somebody manages when it is in these groups.
fn stays_in_reach(reach: &Reach, own: Option<&Team>, groups: &BTreeSet<GroupId>) -> bool {
    groups.iter().any(|group| reach.covers_group(*group))
        || match reach {
            Reach::Everything => true,
            Reach::Some { teams, .. } => own.is_some_and(|team| teams.contains(&team.id)),
        }
}

fn check_group_name(snapshot: &mut Snapshot<'_>, name: &str, own: Option<GroupId>) -> Result<Name, Error> {
    let name = Name::new(name).map_err(|error| Error::invalid("name", error))?;
    match snapshot.group_named(&name)? {
        Some(other) if Some(other) != own => {
            Err(Error::invalid("name", format!("there is already a group called {name}")))
        }
        _ => Ok(name),
    }
}
