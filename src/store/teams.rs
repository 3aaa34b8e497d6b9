//! Teams, groups, and who belongs where.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::schema::{team_group_members, team_groups, teams};
use super::{Change, Error, Snapshot};
use crate::domain::access::Sight;
use crate::domain::organization::{Group, GroupId, Name, Team, TeamId};

/// A stored name was checked when it was written.
pub(super) fn stored_name(text: &str) -> Result<Name, Error> {
    Name::new(text).map_err(|error| Error::Damaged(format!("the name “{text}”: {error}")))
}

impl Snapshot<'_> {
    /// The teams that somebody sees, in the order of their names.
    pub fn teams(&mut self, sight: &Sight) -> Result<Vec<Team>, Error> {
        let members: Vec<(i64, i64)> = team_group_members::table
            .inner_join(team_groups::table)
            .order((team_groups::name_key, team_groups::id))
            .select((team_group_members::team_id, team_group_members::group_id))
            .load(self.connection)?;
        let mut groups: HashMap<i64, Vec<GroupId>> = HashMap::new();
        for (team, group) in members {
            groups.entry(team).or_default().push(GroupId(group));
        }
        let rows: Vec<(i64, String, String, Option<DateTime<Utc>>)> = teams::table
            .order((teams::name_key, teams::id))
            .select((teams::id, teams::name, teams::description, teams::retired_at))
            .load(self.connection)?;
        rows.into_iter()
            .filter(|(id, ..)| sight.sees(TeamId(*id)))
            .map(|(id, name, description, retired_at)| {
                Ok(Team {
                    id: TeamId(id),
                    name: stored_name(&name)?,
                    description,
                    groups: groups.remove(&id).unwrap_or_default(),
                    retired_at,
                })
            })
            .collect()
    }

    /// The team with this number, if it is seen.
    pub fn team(&mut self, sight: &Sight, id: TeamId) -> Result<Option<Team>, Error> {
        if !sight.sees(id) {
            return Ok(None);
        }
        let row: Option<(String, String, Option<DateTime<Utc>>)> = teams::table
            .find(id.0)
            .select((teams::name, teams::description, teams::retired_at))
            .first(self.connection)
            .optional()?;
        let Some((name, description, retired_at)) = row else { return Ok(None) };
        let groups: Vec<i64> = team_group_members::table
            .inner_join(team_groups::table)
            .filter(team_group_members::team_id.eq(id.0))
            .order((team_groups::name_key, team_groups::id))
            .select(team_group_members::group_id)
            .load(self.connection)?;
        let groups = groups.into_iter().map(GroupId).collect();
        Ok(Some(Team { id, name: stored_name(&name)?, description, groups, retired_at }))
    }

    /// The groups in which somebody sees a team, in the order of their names. Who sees everything sees
    /// those without teams, too.
    pub fn groups(&mut self, sight: &Sight) -> Result<Vec<Group>, Error> {
        let rows: Vec<(i64, String)> = team_groups::table
            .order((team_groups::name_key, team_groups::id))
            .select((team_groups::id, team_groups::name))
            .load(self.connection)?;
        let seen: Option<HashSet<GroupId>> = match sight {
            Sight::Everything => None,
            Sight::Teams(_) => Some(self.teams(sight)?.into_iter().flat_map(|team| team.groups).collect()),
        };
        rows.into_iter()
            .filter(|(id, _)| seen.as_ref().is_none_or(|seen| seen.contains(&GroupId(*id))))
            .map(|(id, name)| Ok(Group { id: GroupId(id), name: stored_name(&name)? }))
            .collect()
    }

    /// How many teams are in a group, seen or not.
    pub fn teams_in_group(&mut self, group: GroupId) -> Result<i64, Error> {
        let members = team_group_members::table.filter(team_group_members::group_id.eq(group.0));
        Ok(members.count().get_result(self.connection)?)
    }

    /// The team of this name, whatever the case of its letters.
    pub fn team_named(&mut self, name: &Name) -> Result<Option<TeamId>, Error> {
        let id = teams::table.filter(teams::name_key.eq(name.key())).select(teams::id).first(self.connection);
        Ok(id.optional()?.map(TeamId))
    }

    /// The group of this name, whatever the case of its letters.
    pub fn group_named(&mut self, name: &Name) -> Result<Option<GroupId>, Error> {
        let id = team_groups::table.filter(team_groups::name_key.eq(name.key())).select(team_groups::id);
        Ok(id.first(self.connection).optional()?.map(GroupId))
    }
}

impl Change<'_> {
    /// Adds a team without groups. Its name must be free.
    pub fn add_team(&mut self, name: &Name, description: &str, at: DateTime<Utc>) -> Result<TeamId, Error> {
        let id = diesel::insert_into(teams::table)
            .values((
                teams::name.eq(name.as_str()),
                teams::name_key.eq(name.key()),
                teams::description.eq(description),
                teams::created_at.eq(at),
            ))
            .returning(teams::id)
            .get_result(self.connection)?;
        Ok(TeamId(id))
    }

    /// Gives a team another name and description. The name must be free or its own.
    pub fn update_team(&mut self, id: TeamId, name: &Name, description: &str) -> Result<(), Error> {
        diesel::update(teams::table.find(id.0))
            .set((teams::name.eq(name.as_str()), teams::name_key.eq(name.key()), teams::description.eq(description)))
            .execute(self.connection)?;
        Ok(())
    }

    /// Takes a team out of assessment from now on, or back in.
    pub fn set_retired(&mut self, id: TeamId, at: Option<DateTime<Utc>>) -> Result<(), Error> {
        diesel::update(teams::table.find(id.0)).set(teams::retired_at.eq(at)).execute(self.connection)?;
        Ok(())
    }

    /// Puts a team into these groups and takes it out of all others.
    pub fn set_groups_of_team(&mut self, team: TeamId, groups: &[GroupId]) -> Result<(), Error> {
        diesel::delete(team_group_members::table.filter(team_group_members::team_id.eq(team.0)))
            .execute(self.connection)?;
        let rows: Vec<_> = groups
            .iter()
            .map(|group| (team_group_members::group_id.eq(group.0), team_group_members::team_id.eq(team.0)))
            .collect();
        diesel::insert_into(team_group_members::table).values(rows).execute(self.connection)?;
        Ok(())
    }

    /// Adds a group. Its name must be free.
    pub fn add_group(&mut self, name: &Name, at: DateTime<Utc>) -> Result<GroupId, Error> {
        let id = diesel::insert_into(team_groups::table)
            .values((
                team_groups::name.eq(name.as_str()),
                team_groups::name_key.eq(name.key()),
                team_groups::created_at.eq(at),
            ))
            .returning(team_groups::id)
            .get_result(self.connection)?;
        Ok(GroupId(id))
    }

    /// Gives a group another name, which must be free or its own.
    pub fn rename_group(&mut self, id: GroupId, name: &Name) -> Result<(), Error> {
        diesel::update(team_groups::table.find(id.0))
            .set((team_groups::name.eq(name.as_str()), team_groups::name_key.eq(name.key())))
            .execute(self.connection)?;
        Ok(())
    }

    /// Removes a group; its teams stay.
    pub fn remove_group(&mut self, id: GroupId) -> Result<(), Error> {
        diesel::delete(team_groups::table.find(id.0)).execute(self.connection)?;
        Ok(())
    }
}
