//! The stages and the target profiles, as far as they are not the bundled ones, and which team has which profile.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::schema::team_profiles;
use super::teams::stored_name;
use super::{CHUNK, Change, Error, Snapshot};
use crate::domain::access::Sight;
use crate::domain::catalog::Level;
use crate::domain::organization::TeamId;
use crate::domain::roadmap::profiles::{Profile, ProfileId};
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};

/// The name under which the stages and profiles are kept.
const ROADMAP: &str = "roadmap";

/// The stages and profiles as they are kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    stages: Vec<KeptStage>,
    profiles: Vec<KeptProfile>,
}

/// A stage as it is kept, here and with plans.
#[derive(Serialize, Deserialize)]
pub(super) struct KeptStage {
    name: String,
    goal: String,
    exit_check: String,
    targets: BTreeMap<String, Level>,
    wished: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct KeptProfile {
    id: i64,
    name: String,
    targets: Vec<KeptTarget>,
}

#[derive(Serialize, Deserialize)]
struct KeptTarget {
    stage: usize,
    dimension: String,
    level: Level,
}

impl Snapshot<'_> {
    /// The stages and profiles; `None`: the bundled stages, without profiles.
    pub fn roadmap(&mut self) -> Result<Option<(Roadmap, Vec<Profile>)>, Error> {
        let Some(json) = self.setting(ROADMAP)? else { return Ok(None) };
        // What is stored was checked when it was written.
        let damaged = || Error::Damaged(format!("the setting “{ROADMAP}” cannot be read"));
        let kept: Kept = serde_json::from_str(&json).map_err(|_| damaged())?;
        let stages: Option<Vec<Stage>> = kept.stages.into_iter().map(KeptStage::restored).collect();
        let mut profiles = Vec::new();
        for KeptProfile { id, name, targets } in kept.profiles {
            let target = |KeptTarget { stage, dimension, level }| ((StageNumber(stage), dimension), level);
            let (id, targets) = (ProfileId(id), targets.into_iter().map(target).collect());
            profiles.push(Profile { id, name: stored_name(&name)?, targets });
        }
        Ok(Some((Roadmap::new(stages.ok_or_else(damaged)?).map_err(|_| damaged())?, profiles)))
    }

    /// The profiles of the teams that somebody sees, as far as they have any.
    pub fn profiles_of_teams(&mut self, sight: &Sight) -> Result<HashMap<TeamId, ProfileId>, Error> {
        let rows: Vec<(i64, i64)> =
            team_profiles::table.select((team_profiles::team_id, team_profiles::profile)).load(self.connection)?;
        let known = rows.into_iter().map(|(team, profile)| (TeamId(team), ProfileId(profile)));
        Ok(known.filter(|(team, _)| sight.sees(*team)).collect())
    }
}

impl Change<'_> {
    /// Sets the stages and profiles; `None`: the bundled stages, without profiles. A profile that is not there any
    /// more is that of no team any more.
    pub fn set_roadmap(&mut self, wanted: Option<(&Roadmap, &[Profile])>) -> Result<(), Error> {
        let profiles = wanted.map_or(&[][..], |(_, profiles)| profiles);
        let kept: Vec<i64> = profiles.iter().map(|profile| profile.id.0).collect();
        diesel::delete(team_profiles::table.filter(team_profiles::profile.ne_all(kept))).execute(self.connection)?;
        let Some((roadmap, profiles)) = wanted else { return self.unset(ROADMAP) };
        let kept = Kept {
            stages: roadmap.stages().iter().map(KeptStage::of).collect(),
            profiles: profiles.iter().map(KeptProfile::of).collect(),
        };
        let json = serde_json::to_string(&kept).map_err(|error| Error::Other(error.to_string()))?;
        self.set(ROADMAP, &json)
    }

    /// Gives teams a profile, which must be there; `None`: they have the organization's targets.
    pub fn set_profile_of(&mut self, teams: &[TeamId], profile: Option<ProfileId>) -> Result<(), Error> {
        for teams in teams.chunks(CHUNK) {
            let ids: Vec<i64> = teams.iter().map(|team| team.0).collect();
            diesel::delete(team_profiles::table.filter(team_profiles::team_id.eq_any(&ids)))
                .execute(self.connection)?;
            let Some(ProfileId(profile)) = profile else { continue };
            let rows: Vec<_> =
                ids.iter().map(|id| (team_profiles::team_id.eq(*id), team_profiles::profile.eq(profile))).collect();
            diesel::insert_into(team_profiles::table).values(rows).execute(self.connection)?;
        }
        Ok(())
    }
}

impl KeptStage {
    /// The stage; `None` when it cannot be read.
    pub(super) fn restored(self) -> Option<Stage> {
        let Self { name, goal, exit_check, targets, wished } = self;
        let wished = wished.map(|text| text.parse()).transpose().ok()?;
        Some(Stage { name, goal, exit_check, targets, wished })
    }

    pub(super) fn of(stage: &Stage) -> Self {
        Self {
            name: stage.name.clone(),
            goal: stage.goal.clone(),
            exit_check: stage.exit_check.clone(),
            targets: stage.targets.clone(),
            wished: stage.wished.map(|period| period.to_string()),
        }
    }
}

impl KeptProfile {
    fn of(profile: &Profile) -> Self {
        let targets = profile.targets.iter().map(|((stage, dimension), level)| KeptTarget {
            stage: stage.0,
            dimension: dimension.clone(),
            level: *level,
        });
        Self { id: profile.id.0, name: profile.name.to_string(), targets: targets.collect() }
    }
}
