//! Target profiles: named targets that hold for some teams instead of the organization's, and which team has which.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::{Roadmap, Stage, StageNumber, Staging};
use crate::domain::answer::Sheet;
use crate::domain::catalog::{Catalog, Level, MAX_LEVEL};
use crate::domain::digits::hex;
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

impl Profile {
    /// The stages of a roadmap with the targets of this profile. Targets never fall: where one would, it is that of
    /// the stage before.
    pub fn applied_to(&self, roadmap: &Roadmap) -> Roadmap {
        let mut so_far: BTreeMap<String, Level> = BTreeMap::new();
        let numbered = (1..).map(StageNumber).zip(&roadmap.stages);
        let stages = numbered.map(|(number, stage)| {
            let own = self.targets.iter().filter(|((of, _), _)| *of == number);
            let own = own.map(|((_, dimension), level)| (dimension.clone(), (*level).min(MAX_LEVEL)));
            let mut targets = stage.targets.clone();
            targets.extend(own);
            for (dimension, before) in &so_far {
                let target = targets.entry(dimension.clone()).or_default();
                *target = (*target).max(*before);
            }
            so_far.clone_from(&targets);
            Stage { targets, ..stage.clone() }
        });
        Roadmap { stages: stages.collect() }
    }

    /// The targets of this profile that are below what holds in the stage before: stage, dimension, that level,
    /// and its own.
    pub fn falls(&self, roadmap: &Roadmap) -> Vec<Fall> {
        let applied = self.applied_to(roadmap);
        let mut falls = Vec::new();
        for ((stage, dimension), &target) in &self.targets {
            let before = stage.0.checked_sub(1).and_then(|before| applied.stage(StageNumber(before)));
            let before = before.map_or(0, |stage| stage.target(dimension));
            if applied.stage(*stage).is_some() && target < before {
                falls.push(Fall { stage: *stage, dimension: dimension.clone(), before, target });
            }
        }
        falls
    }
}

/// A target below that of the stage before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fall {
    /// The later stage.
    pub stage: StageNumber,
    /// The dimension.
    pub dimension: String,
    /// What holds in the stage before.
    pub before: Level,
    /// The target found.
    pub target: Level,
}

/// The roadmap of the organization and those of its teams. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roadmaps(Arc<Parts>);

#[derive(Debug, PartialEq, Eq)]
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
    pub fn new(organization: Arc<Roadmap>, profiles: Vec<Profile>, teams: &HashMap<TeamId, ProfileId>) -> Self {
        let made = |profile: Profile| {
            let roadmap = Arc::new(profile.applied_to(&organization));
            (profile, roadmap)
        };
        let profiles: Vec<(Profile, Arc<Roadmap>)> = profiles.into_iter().map(made).collect();
        let place = |id: ProfileId| profiles.iter().position(|(profile, _)| profile.id == id);
        let teams = teams.iter().filter_map(|(team, id)| Some((*team, place(*id)?))).collect();
        Self(Arc::new(Parts { organization, profiles, teams }))
    }

    /// The same with other stages or profiles.
    #[must_use]
    pub fn with(&self, organization: Arc<Roadmap>, profiles: Vec<Profile>) -> Self {
        let id = |place: &usize| self.0.profiles.get(*place).map(|(profile, _)| profile.id);
        let teams = self.0.teams.iter().filter_map(|(team, place)| Some((*team, id(place)?))).collect();
        Self::new(organization, profiles, &teams)
    }

    /// The roadmap of the organization.
    pub fn organization(&self) -> &Arc<Roadmap> {
        &self.0.organization
    }

    /// The profiles with the roadmaps that they make, in the order of their making.
    pub fn profiles(&self) -> impl ExactSizeIterator<Item = (&Profile, &Arc<Roadmap>)> {
        self.0.profiles.iter().map(|(profile, roadmap)| (profile, roadmap))
    }

    /// The profile with a number.
    pub fn profile(&self, id: ProfileId) -> Option<&Profile> {
        self.profiles().map(|(profile, _)| profile).find(|profile| profile.id == id)
    }

    /// What tells these stages and profiles from others, so that a person can say which they saw. Which team has
    /// which profile is no part of it.
    pub fn fingerprint(&self) -> String {
        // This form writes every text in quotes, so that nothing can pose as something else.
        let all = format!("{:?}", (self.0.organization.stages(), &self.0.profiles));
        hex(&Sha256::digest(all))
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
        let roadmaps = Roadmaps::new(organization(), profiles, &teams);
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
        let high = profile(1, "External", &[(1, "B", 4), (2, "A", 9)]);
        let made = high.applied_to(&organization());
        let targets: Vec<_> = made.stages().iter().map(|stage| (stage.target("A"), stage.target("B"))).collect();
        assert_eq!(targets, [(1, 4), (5, 4)], "what is not said is lifted, and nothing is above 5");
        assert_eq!(high.falls(&organization()), [], "nothing that it says itself falls");
        let falling = profile(1, "Internal", &[(1, "B", 2), (2, "A", 0), (2, "B", 1), (7, "B", 0)]);
        let falls: Vec<_> =
            falling.falls(&organization()).into_iter().map(|fall| (fall.dimension, fall.before)).collect();
        assert_eq!(falls, [("A".to_owned(), 1), ("B".to_owned(), 2)]);
        assert!(Roadmap::new(falling.applied_to(&organization()).stages().to_vec()).is_ok());
    }
}
