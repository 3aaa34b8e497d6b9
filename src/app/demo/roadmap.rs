//! The stages of the demo organization: by when they should be reached, and more or less for some teams.

use super::plans::{PLANNED_AGO, back, day_of};
use super::{History, name};
use crate::app::roadmap::{assigned, changed, in_words};
use crate::app::{Cairn, Error};
use crate::domain::access::{Caller, Sight};
use crate::domain::audit::{Deed, Event};
use crate::domain::catalog::Level;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::roadmap::profiles::{Profile, ProfileId};
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};
use crate::store::Change;

/// By the end of which quarter each stage should be reached, counted from the present one.
const WISHES: [u32; 3] = [2, 6, 14];

/// A profile: its name, the places of its teams, and the targets that differ, by stage and dimension.
type DemoProfile = (&'static str, &'static [usize], &'static [(usize, &'static str, Level)]);

const PROFILES: [DemoProfile; 2] = [
    (
        "External with sensitive data",
        &[1, 2],
        &[(1, "Test and Verification", 2), (2, "Implementation", 3), (2, "Information Gathering", 3)],
    ),
    ("Internal", &[5], &[(2, "Test and Verification", 2), (3, "Test and Verification", 3), (3, "Implementation", 3)]),
];

impl Cairn {
    /// Sets dates for the stages, and gives some teams targets of their own.
    pub(super) fn add_demo_roadmap(
        &self,
        change: &mut Change<'_>,
        by: &Caller,
        teams: &[TeamId],
        history: &mut History,
    ) -> Result<(), Error> {
        let present = Period::containing(by.at);
        let by = &Caller { at: day_of(back(present, PLANNED_AGO), 5), ..by.clone() };
        let stages = self.bundled_roadmap.stages().iter().zip(WISHES);
        let stages = stages.map(|(stage, quarters)| Stage { wished: Some(present.plus(quarters)), ..stage.clone() });
        let roadmap = Roadmap::new(stages.collect()).map_err(|error| Error::Refused(error.to_string()))?;
        let event = Event::new(Deed::RoadmapChanged, "Stages").with("stages", in_words(roadmap.stages()));
        history.push((by.clone(), event.with("stages_before", in_words(self.bundled_roadmap.stages()))));
        let mut profiles = Vec::new();
        for (number, (called, _, targets)) in (1..).zip(PROFILES) {
            let targets =
                targets.iter().map(|&(stage, dimension, level)| ((StageNumber(stage), dimension.into()), level));
            profiles.push(Profile { id: ProfileId(number), name: name(called)?, targets: targets.collect() });
        }
        self.set_roadmap(change, &roadmap, &profiles)?;
        let current = self.roadmaps_of(change, &Sight::Everything)?;
        history.extend(profiles.iter().map(|profile| (by.clone(), changed(&current, None, Some(profile)))));
        for (number, (_, of_teams, _)) in (1..).zip(PROFILES) {
            let of_teams: Vec<TeamId> = of_teams.iter().filter_map(|&team| teams.get(team).copied()).collect();
            let event = assigned(change, &current, &of_teams, Some(ProfileId(number)))?;
            history.extend(event.map(|event| (by.clone(), event)));
            change.set_profile_of(&of_teams, Some(ProfileId(number)))?;
        }
        Ok(())
    }
}
