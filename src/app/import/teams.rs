//! The teams and groups of files.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::Import;
use crate::app::Error;
use crate::app::access::{groups, sight};
use crate::app::teams::{CheckedTeam, TeamInput, check_team};
use crate::domain::access::{Action, Sight};
use crate::domain::audit::{Deed, Event};
use crate::domain::fault::Place;
use crate::domain::import::{Difference, Fate, Subject};
use crate::domain::organization::{Group, GroupId, Name, Team};
use crate::formats::intake::{At, Intake, TeamRow};

/// The rows of teams by the key of their names.
type Rows<'r> = HashMap<String, &'r TeamRow>;

impl Import<'_, '_> {
    /// Adds the teams that are missing, in the order of their names, and changes those that the files describe.
    /// Whether all teams are known that the files speak of.
    pub(super) fn take_teams(&mut self, intake: &Intake) -> Result<bool, Error> {
        let mut teams = self.change.teams(&Sight::Everything)?;
        // Who may not add teams is told the same of one that is not theirs and of one that is not there.
        if !self.caller.actor.may_for_all(Action::ManageTeams) {
            teams.retain(|team| self.caller.actor.may_for(Action::Import, team));
            let own: HashSet<String> = teams.iter().map(|team| team.name.key()).collect();
            let mut all_known = true;
            for (name, at, column) in mentioned(intake) {
                if !own.contains(&name.key()) {
                    all_known = false;
                    let what = if column == "name" { "change" } else { "import answers for" };
                    self.faults.push(at.cell(column), format!("{name} is not a team that you may {what}"));
                }
            }
            if !all_known {
                return Ok(false);
            }
        }
        let rows = self.rows(&intake.teams);
        let mut wanted: Vec<(&Name, &At, &str)> = mentioned(intake).collect();
        // A name is written as it is where it stands first.
        let mut named = HashSet::new();
        wanted.retain(|(name, ..)| named.insert(name.key()));
        wanted.sort_by_key(|(name, ..)| *name);
        self.teams = teams.iter().map(|team| (team.name.key(), team.id)).collect();
        self.names = teams.iter().map(|team| (team.id, team.name.clone())).collect();
        for (name, at, column) in wanted {
            if !self.teams.contains_key(&name.key()) {
                let row = rows.get(&name.key()).copied();
                self.add_team(row.map_or(name, |row| &row.name), row, &at.cell(column))?;
            }
        }
        for team in &teams {
            if let Some(row) = rows.get(&team.name.key()) {
                self.change_team(team, row)?;
            }
        }
        Ok(true)
    }

    /// The row of each team. Another one has to say the same.
    fn rows<'r>(&mut self, rows: &'r [TeamRow]) -> Rows<'r> {
        let mut by_name: Rows<'r> = HashMap::new();
        for row in rows {
            let first = *by_name.entry(row.name.key()).or_insert(row);
            let same = first.description == row.description
                && first.groups == row.groups
                && first.retired_on == row.retired_on;
            if !same {
                let message = format!("{} says something else of the same team; keep one of them", first.at.place());
                self.faults.push(row.at.place(), message);
            }
        }
        by_name
    }

    fn add_team(&mut self, name: &Name, row: Option<&TeamRow>, place: &Place) -> Result<(), Error> {
        let (mut id, mut differences) = (None, Vec::new());
        if let Some(row) = row {
            let groups = self.groups_of(row, None)?.unwrap_or_default();
            let description = row.description.clone().unwrap_or_default();
            let input = TeamInput { name: name.to_string(), description, groups };
            let retired = self.retirement(row).flatten();
            if let Some(added) = self.checked(&input, None, row)? {
                let new = self.change.add_team(&added.name, &added.description, self.caller.at)?;
                self.change.set_groups_of_team(new, &added.groups)?;
                self.events.push(added.event(Deed::TeamAdded, new));
                if let Some(at) = retired {
                    self.change.set_retired(new, Some(at))?;
                    self.events.push(Event::new(Deed::TeamRetired, name.as_str()).with("team", new.0));
                }
                differences = described(row, &added.description, &added.group_names.join("; "));
                id = Some(new);
            }
        }
        let id = match id {
            Some(id) => id,
            // Where its row has a fault, it is added all the same, to find those of its answers.
            None => {
                let id = self.change.add_team(name, "", self.caller.at)?;
                self.events.push(Event::new(Deed::TeamAdded, name.as_str()).with("team", id.0));
                id
            }
        };
        self.teams.insert(name.key(), id);
        self.names.insert(id, name.clone());
        self.summary.teams_added.push(name.to_string());
        self.note(place.clone(), Subject::Team, Fate::New, name.to_string(), differences);
        Ok(())
    }

    fn change_team(&mut self, team: &Team, row: &TeamRow) -> Result<(), Error> {
        let says_nothing = row.description.is_none() && row.groups.is_none() && row.retired_on.is_none();
        let actor = &self.caller.actor;
        if !actor.may(Action::View) {
            // Whether it is different is not for them to know.
            if let (false, Err(forbidden)) = (says_nothing, actor.authorize_for(Action::ManageTeams, team)) {
                self.faults.push(row.at.place(), forbidden.to_string());
            }
            return Ok(());
        }
        let Some(groups) = self.groups_of(row, Some(team))? else { return Ok(()) };
        let description = row.description.clone().unwrap_or_else(|| team.description.clone());
        let retired = self.retirement(row);
        let (before, after) = (self.names_of(&team.groups)?, self.names_of(&groups)?);
        let mut differences: Vec<Difference> = Vec::new();
        differences.extend(Difference::between("description", &team.description, description.trim()));
        differences.extend(Difference::between("groups", &before, &after));
        let is_described = !differences.is_empty();
        let day = |at: Option<DateTime<Utc>>| at.map(|at| at.date_naive().to_string()).unwrap_or_default();
        let retired = retired.filter(|at| day(*at) != day(team.retired_at));
        if let Some(at) = retired {
            differences.extend(Difference::between("retired_on", &day(team.retired_at), &day(at)));
        }
        if differences.is_empty() {
            self.note(row.at.place(), Subject::Team, Fate::Same, team.name.to_string(), differences);
            return Ok(());
        }
        if let Err(forbidden) = actor.authorize_for(Action::ManageTeams, team) {
            let fields: Vec<&str> = differences.iter().map(|difference| difference.field).collect();
            let message = format!("{forbidden}, and here the {} would change", fields.join(" and the "));
            self.faults.push(row.at.place(), message);
            return Ok(());
        }
        if is_described {
            let input = TeamInput { name: team.name.to_string(), description, groups };
            let Some(checked) = self.checked(&input, Some(team), row)? else { return Ok(()) };
            self.change.update_team(team.id, &checked.name, &checked.description)?;
            self.change.set_groups_of_team(team.id, &checked.groups)?;
            self.events.push(checked.event(Deed::TeamChanged, team.id));
        }
        if let Some(at) = retired {
            self.change.set_retired(team.id, at)?;
            let deed = if at.is_some() { Deed::TeamRetired } else { Deed::TeamBroughtBack };
            self.events.push(Event::new(deed, team.name.as_str()).with("team", team.id.0));
        }
        self.note(row.at.place(), Subject::Team, Fate::Changed, team.name.to_string(), differences);
        Ok(())
    }

    /// What a person would have entered, once it is found to be good; faults are at their cells.
    fn checked(&mut self, input: &TeamInput, own: Option<&Team>, row: &TeamRow) -> Result<Option<CheckedTeam>, Error> {
        match check_team(self.change, self.caller, input, own) {
            Ok(checked) => Ok(Some(checked)),
            Err(Error::Invalid(faults)) => {
                for fault in faults {
                    let column = if fault.field == "group" { "groups" } else { fault.field.as_str() };
                    self.faults.push(row.at.cell(column), fault.message);
                }
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The groups that a team is to be in. Those that are missing are added by who may; `None`: that cannot be.
    fn groups_of(&mut self, row: &TeamRow, team: Option<&Team>) -> Result<Option<Vec<GroupId>>, Error> {
        let before = team.map(|team| team.groups.clone()).unwrap_or_default();
        let Some(names) = &row.groups else { return Ok(Some(before)) };
        let sight = sight(self.change, self.caller)?;
        let seen: Vec<Group> = groups(self.change, &sight, self.caller)?;
        // What they do not see stays as it is.
        let stays = |id: &GroupId| row.keeps_groups || seen.iter().all(|group| group.id != *id);
        let mut wanted: BTreeSet<GroupId> = before.into_iter().filter(stays).collect();
        let mut is_good = true;
        for name in names {
            if let Some(group) = seen.iter().find(|group| group.name.key() == name.key()) {
                wanted.insert(group.id);
            } else if let Some(id) = self.added_group(name, row)? {
                wanted.insert(id);
            } else {
                is_good = false;
            }
        }
        Ok(is_good.then(|| wanted.into_iter().collect()))
    }

    /// A group that was not seen: added, or added by a row before.
    fn added_group(&mut self, name: &Name, row: &TeamRow) -> Result<Option<GroupId>, Error> {
        if !self.caller.actor.may_for_all(Action::ManageTeams) {
            self.faults.push(row.at.cell("groups"), format!("{name} is not a group that you may put teams into"));
            return Ok(None);
        }
        if let Some(id) = self.change.group_named(name)? {
            return Ok(Some(id));
        }
        let id = self.change.add_group(name, self.caller.at)?;
        self.events.push(Event::new(Deed::GroupAdded, name.as_str()).with("group", id.0));
        self.note(row.at.cell("groups"), Subject::Group, Fate::New, name.to_string(), Vec::new());
        Ok(Some(id))
    }

    fn names_of(&mut self, ids: &[GroupId]) -> Result<String, Error> {
        let groups = self.change.groups(&Sight::Everything)?;
        let names = groups.iter().filter(|group| ids.contains(&group.id)).map(|group| group.name.as_str());
        Ok(names.collect::<Vec<_>>().join("; "))
    }

    /// The moment since which a team is retired, if its row says it: the beginning of the day.
    fn retirement(&mut self, row: &TeamRow) -> Option<Option<DateTime<Utc>>> {
        let day = row.retired_on?;
        let today: NaiveDate = self.caller.at.date_naive();
        if day.is_some_and(|day| day > today) {
            let message = format!("a team cannot be retired only later than today, which is {today} in UTC");
            self.faults.push(row.at.cell("retired_on"), message);
            return None;
        }
        Some(day.map(|day| day.and_time(NaiveTime::MIN).and_utc()))
    }
}

/// What is said of a new team.
fn described(row: &TeamRow, description: &str, groups: &str) -> Vec<Difference> {
    let retired = row.retired_on.flatten().map(|day| day.to_string()).unwrap_or_default();
    let said = [("description", description), ("groups", groups), ("retired_on", retired.as_str())];
    said.into_iter().filter_map(|(field, to)| Difference::between(field, "", to)).collect()
}

/// All names of teams in what is taken in, each with its row and the column that it stands in.
fn mentioned(intake: &Intake) -> impl Iterator<Item = (&Name, &At, &'static str)> {
    let described = intake.teams.iter().map(|row| (&row.name, &row.at, "name"));
    let answers = intake.answers.iter().flat_map(|row| {
        let provider = row.inherited_from.iter().flatten().map(|name| (name, &row.at, "inherited_from"));
        std::iter::once((&row.team, &row.at, "team")).chain(provider)
    });
    let evidence = intake.evidence.iter().flat_map(|row| row.teams.iter().map(|name| (name, &row.at, "teams")));
    described.chain(answers).chain(evidence)
}
