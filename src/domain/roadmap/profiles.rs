//! Target profiles: named targets that hold for some teams instead of the organization's, and which team has which.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{NotARoadmap, Roadmap, StageNumber, Staging};
use crate::domain::answer::Sheet;
use crate::domain::catalog::{Catalog, Level};
use crate::domain::organization::{Name, TeamId};
use crate::domain::scoring::Measure;
use crate::domain::standing::Standing;

/// The number of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileId(pub i64);

/// Targets that hold for some teams, such as those of applications with sensitive data. The stages, with their
/// names, goals and dates, are those of the organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its number.
    pub id: ProfileId,
    /// Its name, unique among the profiles whatever the case of its letters.
    pub name: Name,
    /// The levels that differ from those of the organization, by stage and dimension.
    pub targets: BTreeMap<(StageNumber, String), Level>,
}

/// A profile whose targets do not fit the stages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("profile “{profile}”: {fault}")]
pub struct NotAProfile {
    /// Its name.
    pub profile: Name,
    /// What does not fit.
    pub fault: NotARoadmap,
}

/// The roadmap of the organization and those of its teams. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Roadmaps(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    organization: Arc<Roadmap>,
    /// With the roadmap that each makes.
    profiles: Vec<(Profile, Arc<Roadmap>)>,
    /// The place of each team's profile among them.
    teams: HashMap<TeamId, usize>,
}

impl Roadmaps {
    /// A roadmap, the profiles that change its targets, and which team has which. A team whose profile is not
    /// among them has none.
    pub fn new(
        organization: Arc<Roadmap>,
        profiles: Vec<Profile>,
        teams: &HashMap<TeamId, ProfileId>,
    ) -> Result<Self, NotAProfile> {
        let made = |profile: Profile| match organization.with_targets(&profile.targets) {
            Ok(roadmap) => Ok((profile, Arc::new(roadmap))),
            Err(fault) => Err(NotAProfile { profile: profile.name, fault }),
        };
        let profiles: Vec<(Profile, Arc<Roadmap>)> = profiles.into_iter().map(made).collect::<Result<_, _>>()?;
        let place = |id: ProfileId| profiles.iter().position(|(profile, _)| profile.id == id);
        let teams = teams.iter().filter_map(|(team, id)| Some((*team, place(*id)?))).collect();
        Ok(Self(Arc::new(Parts { organization, profiles, teams })))
    }

    /// The roadmap of the organization.
    pub fn organization(&self) -> &Arc<Roadmap> {
        &self.0.organization
    }

    /// The profiles with the roadmaps that they make, in the order of their making.
    pub fn profiles(&self) -> impl ExactSizeIterator<Item = (&Profile, &Arc<Roadmap>)> {
        self.0.profiles.iter().map(|(profile, roadmap)| (profile, roadmap))
    }

    /// The profile of a team; `None`: it has the organization's targets.
    pub fn profile_of(&self, team: TeamId) -> Option<&Profile> {
        self.profile_with_roadmap(team).map(|(profile, _)| profile)
    }

    /// The roadmap of a team: that of its profile, or else the organization's.
    pub fn of_team(&self, team: TeamId) -> &Arc<Roadmap> {
        self.profile_with_roadmap(team).map_or(&self.0.organization, |(_, roadmap)| roadmap)
    }

    /// The roadmap of several teams: that of the profile that all of them have, or else the organization's.
    pub fn of_teams(&self, teams: impl IntoIterator<Item = TeamId>) -> &Arc<Roadmap> {
        let mut teams = teams.into_iter();
        let Some(first) = teams.next() else { return self.organization() };
        let place = |team| self.0.teams.get(&team);
        if teams.all(|team| place(team) == place(first)) { self.of_team(first) } else { self.organization() }
    }

    fn profile_with_roadmap(&self, team: TeamId) -> Option<&(Profile, Arc<Roadmap>)> {
        self.0.profiles.get(*self.0.teams.get(&team)?)
    }
}

/// Finds the practices of teams, each by its own targets.
#[derive(Debug)]
pub struct PracticeFinder<'a> {
    roadmaps: &'a Roadmaps,
    organization: Staging<'a>,
    /// In the order of the profiles.
    profiles: Vec<Staging<'a>>,
}

impl<'a> PracticeFinder<'a> {
    /// Finds out what is the same for all teams, once.
    pub fn new(catalog: &'a Catalog, roadmaps: &'a Roadmaps) -> Self {
        let organization = roadmaps.organization().staging(catalog);
        Self { roadmaps, organization, profiles: roadmaps.profiles().map(|(_, r)| r.staging(catalog)).collect() }
    }

    /// The stage of each practice that a team has left, in the order of the catalog; `None` for what it has done,
    /// what does not apply to it, and what no stage of it asks for.
    pub fn of_team(&self, team: TeamId, sheet: &Sheet) -> Vec<Option<StageNumber>> {
        let profile = self.roadmaps.0.teams.get(&team).and_then(|place| self.profiles.get(*place));
        let staging = profile.unwrap_or(&self.organization);
        staging.practices(|index| Measure::from(sheet.mark(index)).is_open())
    }

    /// The same for a standing, whose sheet is of the catalog of this finder.
    pub fn of(&self, standing: &Standing) -> Vec<Option<StageNumber>> {
        self.of_team(standing.team, &standing.sheet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::roadmap::Stage;

    fn stage(targets: &[(&str, Level)]) -> Stage {
        let targets = targets.iter().map(|(name, level)| ((*name).to_owned(), *level)).collect();
        Stage { name: "A stage".into(), targets, ..Stage::default() }
    }

    fn profile(id: i64, name: &str, targets: &[(usize, &str, Level)]) -> Profile {
        let targets = targets.iter().map(|&(stage, name, level)| ((StageNumber(stage), name.to_owned()), level));
        Profile { id: ProfileId(id), name: Name::new(name).unwrap(), targets: targets.collect() }
    }

    fn organization() -> Arc<Roadmap> {
        Arc::new(Roadmap::new(vec![stage(&[("A", 1), ("B", 1)]), stage(&[("A", 2), ("B", 3)])]).unwrap())
    }

    #[test]
    fn a_team_has_the_targets_of_its_profile() {
        let profiles = vec![profile(1, "External", &[(1, "A", 2), (2, "A", 4)]), profile(2, "Internal", &[])];
        let teams = [(TeamId(1), 1), (TeamId(2), 1), (TeamId(3), 2), (TeamId(4), 9)];
        let teams = teams.map(|(team, id)| (team, ProfileId(id))).into();
        let roadmaps = Roadmaps::new(organization(), profiles, &teams).unwrap();
        let targets = |roadmap: &Roadmap| -> Vec<(Level, Level)> {
            roadmap.stages().iter().map(|stage| (stage.target("A"), stage.target("B"))).collect()
        };
        assert_eq!(targets(roadmaps.of_team(TeamId(1))), [(2, 1), (4, 3)]);
        for team in [3, 4, 5] {
            assert_eq!(targets(roadmaps.of_team(TeamId(team))), [(1, 1), (2, 3)], "{team}");
        }
        assert_eq!(targets(roadmaps.of_teams([TeamId(1), TeamId(2)])), [(2, 1), (4, 3)]);
        assert_eq!(targets(roadmaps.of_teams([TeamId(1), TeamId(5)])), [(1, 1), (2, 3)], "they have no common one");
        assert_eq!(targets(roadmaps.of_teams([])), [(1, 1), (2, 3)]);
        assert_eq!(roadmaps.profile_of(TeamId(3)).unwrap().name.as_str(), "Internal");
        assert_eq!(roadmaps.profile_of(TeamId(4)), None, "there is no such profile");
    }

    #[test]
    fn the_targets_of_a_profile_never_fall_either() {
        let falling = profile(1, "External", &[(1, "B", 4)]);
        let fault = Roadmaps::new(organization(), vec![falling], &HashMap::new()).unwrap_err();
        assert!(matches!(fault.fault, NotARoadmap::Falling { before: 4, target: 3, .. }), "{fault}");
        let high = profile(1, "External", &[(2, "B", 6)]);
        let fault = Roadmaps::new(organization(), vec![high], &HashMap::new()).unwrap_err();
        assert!(matches!(fault.fault, NotARoadmap::Target { target: 6, .. }), "{fault}");
    }
}
