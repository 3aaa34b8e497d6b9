//! Teams and groups: who is assessed.

use std::collections::BTreeSet;

use super::{Cairn, Error};
use crate::domain::access::{Action, Caller};
use crate::domain::catalog::ActivityId;
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Group, GroupId, Name, Team, TeamId, tidy_text};
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
    /// All teams and all groups, in the order of their names.
    pub fn teams(&self, caller: &Caller) -> Result<(Vec<Team>, Vec<Group>), Error> {
        caller.actor.authorize(Action::View)?;
        self.store.read(|snapshot| Ok((snapshot.teams()?, snapshot.groups()?)))
    }

    /// Who takes answers from a team, in the latest quarter that it has an assessment of.
    pub fn relying_on(&self, caller: &Caller, id: TeamId) -> Result<Option<Reliance>, Error> {
        caller.actor.authorize(Action::View)?;
        self.store.read(|snapshot| {
            let Some(assessment) = snapshot.assessments_of(id)?.pop() else { return Ok(None) };
            let catalog = self.catalog_of(snapshot, &assessment.catalog)?;
            let name = |activity: &ActivityId| {
                catalog.find(activity).map_or_else(|| activity.0.clone(), |index| catalog.activity(index).name.clone())
            };
            let taken = snapshot.relying_on(id, assessment.period)?;
            let mut followers: Vec<(Team, Vec<String>)> = Vec::new();
            for team in snapshot.teams()? {
                let of_team = taken.iter().filter(|(follower, _)| *follower == team.id);
                let activities: Vec<String> = of_team.map(|(_, activity)| name(activity)).collect();
                if !activities.is_empty() {
                    followers.push((team, activities));
                }
            }
            Ok(Some(Reliance { period: assessment.period, followers }))
        })
    }

    /// Adds a team.
    pub fn add_team(&self, caller: &Caller, input: &TeamInput) -> Result<TeamId, Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        self.store.write(|change| {
            let (name, description) = check_team(change, input, None)?;
            let id = change.add_team(&name, &description, caller.at)?;
            change.set_groups_of_team(id, &chosen(input))?;
            Ok(id)
        })
    }

    /// Changes a team's name, description and groups.
    pub fn update_team(&self, caller: &Caller, id: TeamId, input: &TeamInput) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        self.store.write(|change| {
            change.team(id)?.ok_or(Error::NotFound("team"))?;
            let (name, description) = check_team(change, input, Some(id))?;
            change.update_team(id, &name, &description)?;
            change.set_groups_of_team(id, &chosen(input))?;
            Ok(())
        })
    }

    /// Retires a team: from the next quarter on it is not assessed any more. What was assessed stays. One
    /// that is retired already stays so since then.
    pub fn retire_team(&self, caller: &Caller, id: TeamId) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        self.store.write(|change| {
            let team = change.team(id)?.ok_or(Error::NotFound("team"))?;
            if team.retired_at.is_none() {
                change.set_retired(id, Some(caller.at))?;
            }
            Ok(())
        })
    }

    /// Takes a retired team back into assessment, as if it had never been retired.
    pub fn bring_back_team(&self, caller: &Caller, id: TeamId) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        self.store.write(|change| {
            change.team(id)?.ok_or(Error::NotFound("team"))?;
            Ok(change.set_retired(id, None)?)
        })
    }

    /// Adds a group without teams.
    pub fn add_group(&self, caller: &Caller, name: &str) -> Result<GroupId, Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        self.store.write(|change| {
            let name = check_group_name(change, name, None)?;
            Ok(change.add_group(&name, caller.at)?)
        })
    }

    /// Gives a group another name.
    pub fn rename_group(&self, caller: &Caller, id: GroupId, name: &str) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        self.store.write(|change| {
            group_exists(change, id)?;
            let name = check_group_name(change, name, Some(id))?;
            Ok(change.rename_group(id, &name)?)
        })
    }

    /// Removes a group. Its teams and their answers stay.
    pub fn remove_group(&self, caller: &Caller, id: GroupId) -> Result<(), Error> {
        caller.actor.authorize(Action::ManageTeams)?;
        self.store.write(|change| {
            group_exists(change, id)?;
            Ok(change.remove_group(id)?)
        })
    }
}

fn group_exists(snapshot: &mut Snapshot<'_>, id: GroupId) -> Result<(), Error> {
    let exists = snapshot.groups()?.iter().any(|group| group.id == id);
    if exists { Ok(()) } else { Err(Error::NotFound("group")) }
}

/// The chosen groups, each once.
fn chosen(input: &TeamInput) -> Vec<GroupId> {
    BTreeSet::from_iter(input.groups.iter().copied()).into_iter().collect()
}

/// Checks all fields, so that a person learns of all faults at once.
fn check_team(snapshot: &mut Snapshot<'_>, input: &TeamInput, own: Option<TeamId>) -> Result<(Name, String), Error> {
    let mut faults = Vec::new();
    let name = Name::new(&input.name).map_err(|error| faults.push(FieldFault::new("name", error))).ok();
    if let Some(name) = &name
        && let Some(other) = snapshot.team_named(name)?
        && Some(other) != own
    {
        let is_retired = snapshot.team(other)?.is_some_and(|team| team.retired_at.is_some());
        let retired = if is_retired { "; it is retired and can be brought back" } else { "" };
        faults.push(FieldFault::new("name", format!("there is already a team called {name}{retired}")));
    }
    let description = tidy_text(&input.description, DESCRIPTION_LIMIT)
        .map_err(|error| faults.push(FieldFault::new("description", error)))
        .ok();
    let groups = snapshot.groups()?;
    if !input.groups.iter().all(|id| groups.iter().any(|group| group.id == *id)) {
        faults.push(FieldFault::new("group", "a chosen group does not exist any more"));
    }
    match (name, description) {
        (Some(name), Some(description)) if faults.is_empty() => Ok((name, description)),
        _ => Err(Error::Invalid(faults)),
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
