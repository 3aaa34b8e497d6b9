//! What people decide about a plan, and what can be wrong with that.

use std::collections::{BTreeMap, BTreeSet};

use super::Points;
use crate::domain::access::Sight;
use crate::domain::catalog::{ActivityId, Level};
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::roadmap::{NotARoadmap, Roadmap, Stage, StageNumber};

/// Everything that is decided about a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanInput {
    /// The first quarter in which something is done.
    pub start: Period,
    /// What the teams can do.
    pub capacity: Capacity,
    /// Targets that differ in this plan from those of the roadmap.
    pub targets: BTreeMap<(StageNumber, String), Level>,
    /// By the end of which quarter stages should be reached, where this plan differs from the roadmap; the inner
    /// `None`: no date.
    pub wishes: BTreeMap<StageNumber, Option<Period>>,
    /// The teams of the scope that this plan is not about.
    pub left_out: BTreeSet<TeamId>,
    /// What is decided about single activities, for one team or (`None`) for all of them. What is decided for
    /// the one team comes first.
    pub decisions: BTreeMap<(ActivityId, Option<TeamId>), Course>,
}

/// What becomes of an activity in a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Course {
    /// It is planned like all others.
    #[default]
    Planned,
    /// It is finished in this quarter.
    Locked(Period),
    /// It is left out.
    Excluded,
    /// Another team does it for this one.
    ProvidedBy(TeamId),
}

/// How many effort points teams can do in a quarter: what is said for a team in a quarter, or else for the team, or
/// else for the quarter, or else for each team.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacity {
    /// Each team, in each quarter.
    pub each: Points,
    /// What differs, for one team or all (`None`), in one quarter or all (`None`); one of them is always said.
    pub exceptions: BTreeMap<(Option<TeamId>, Option<Period>), Points>,
}

impl Capacity {
    /// What a team can do in a quarter.
    pub fn of(&self, team: TeamId, period: Period) -> Points {
        let keys = [(Some(team), Some(period)), (Some(team), None), (None, Some(period))];
        keys.iter().find_map(|key| self.exceptions.get(key)).copied().unwrap_or(self.each)
    }

    /// Whether something is said about just this quarter that decides what a team can do in it.
    pub fn is_said(&self, team: TeamId, period: Period) -> bool {
        let has = |key| self.exceptions.contains_key(&key);
        has((Some(team), Some(period))) || !has((Some(team), None)) && has((None, Some(period)))
    }
}

impl PlanInput {
    /// What is decided about an activity for a team.
    pub fn decision(&self, activity: &ActivityId, team: TeamId) -> Course {
        let keys = [(activity.clone(), Some(team)), (activity.clone(), None)];
        keys.iter().find_map(|key| self.decisions.get(key)).copied().unwrap_or_default()
    }

    /// Forgets what it says about teams that somebody does not see.
    pub fn forget_unseen(&mut self, sight: &Sight) {
        let sees = |team: &Option<TeamId>| team.is_none_or(|team| sight.sees(team));
        self.capacity.exceptions.retain(|(team, _), _| sees(team));
        self.left_out.retain(|team| sight.sees(*team));
        self.decisions
            .retain(|(_, team), course| sees(team) && !matches!(course, Course::ProvidedBy(by) if !sight.sees(*by)));
    }

    /// The roadmap of the scope with what this plan changes about it.
    pub fn applied_to(&self, roadmap: &Roadmap) -> Result<Roadmap, NotARoadmap> {
        let set = |_: Level, _: Level, entered: Level| entered;
        Roadmap::new(self.changed(roadmap, roadmap, set))
    }

    /// A team's own roadmap with what this plan changes about that of its scope, which `scope` is without the changes.
    /// A target that is raised there is at least as high for the team, and any other that is entered at most as high.
    /// Targets never fall: where one would, it is that of the stage before.
    pub fn applied_to_team(&self, own: &Roadmap, scope: &Roadmap) -> Result<Roadmap, NotARoadmap> {
        let move_own = |own: Level, of_scope: Level, entered: Level| {
            if entered > of_scope { own.max(entered) } else { own.min(entered) }
        };
        let mut stages = self.changed(own, scope, move_own);
        let mut so_far: BTreeMap<String, Level> = BTreeMap::new();
        for stage in &mut stages {
            for (dimension, before) in so_far {
                let target = stage.targets.entry(dimension).or_default();
                *target = (*target).max(before);
            }
            so_far = stage.targets.clone();
        }
        Roadmap::new(stages)
    }

    /// The stages of a roadmap with other dates and targets. `target` makes these of the target there, that of the
    /// scope and the one that is entered.
    fn changed(&self, roadmap: &Roadmap, scope: &Roadmap, target: impl Fn(Level, Level, Level) -> Level) -> Vec<Stage> {
        let numbered = (1..).map(StageNumber).zip(roadmap.stages());
        let stages = numbered.map(|(number, stage)| {
            let mut stage: Stage = stage.clone();
            for ((_, dimension), &entered) in self.targets.iter().filter(|((of, _), _)| *of == number) {
                let of_scope = scope.stage(number).map_or(0, |stage| stage.target(dimension));
                let level = target(stage.target(dimension), of_scope, entered);
                stage.targets.insert(dimension.clone(), level);
            }
            if let Some(wished) = self.wishes.get(&number) {
                stage.wished = *wished;
            }
            stage
        });
        stages.collect()
    }
}

/// Why there is no plan under what is decided, with what to change. The sentences name activities and teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFault {
    /// What of the input it is about.
    pub about: About,
    /// What is wrong and what to change.
    pub message: String,
}

/// A part of the input of a plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The first quarter.
    Start,
    /// What each team can do.
    Capacity,
    /// What one team can do, or a quarter.
    Exception(Option<TeamId>, Option<Period>),
    /// A stage's target.
    Target(StageNumber, String),
    /// The date of a stage.
    Wish(StageNumber),
    /// The teams.
    Teams,
    /// What is decided about an activity.
    Decision(ActivityId, Option<TeamId>),
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalog::MAX_LEVEL;
    use crate::domain::plan::samples::{input, roadmap};

    fn entered(stage: usize, level: Level) -> PlanInput {
        let targets = [((StageNumber(stage), "All".to_owned()), level)].into();
        PlanInput { targets, ..input(5) }
    }

    /// The targets of a team's stages when the scope has 1, 2 and 4.
    fn of_team(own: [Level; 3], stage: usize, level: Level) -> Vec<Level> {
        let found = entered(stage, level).applied_to_team(&roadmap(&own), &roadmap(&[1, 2, 4])).unwrap();
        found.stages().iter().map(|stage| stage.target("All")).collect()
    }

    #[test]
    fn a_target_that_is_lowered_only_lowers_those_of_the_teams() {
        assert_eq!(of_team([1, 1, 2], 3, 3), [1, 1, 2]);
        assert_eq!(of_team([1, 2, 5], 3, 3), [1, 2, 3]);
        // Not below the stage before.
        assert_eq!(of_team([3, 4, 5], 3, 3), [3, 4, 4]);
    }

    #[test]
    fn a_target_that_is_raised_only_raises_those_of_the_teams() {
        assert_eq!(of_team([1, 1, 2], 2, 3), [1, 3, 3]);
        assert_eq!(of_team([1, 4, 5], 2, 3), [1, 4, 5]);
    }

    #[test]
    fn a_target_entered_as_the_scope_has_it_is_the_highest_of_a_team() {
        assert_eq!(of_team([1, 3, 4], 2, 2), [1, 2, 4]);
        assert_eq!(of_team([1, 1, 4], 2, 2), [1, 1, 4]);
    }

    proptest! {
        #[test]
        fn a_team_has_a_roadmap_whatever_is_entered(
            own in prop::collection::vec(0..=MAX_LEVEL, 3),
            scope in prop::collection::vec(0..=MAX_LEVEL, 3),
            levels in prop::collection::vec((1usize..=3, 0..=MAX_LEVEL), 0..4),
        ) {
            let sorted = |mut targets: Vec<Level>| { targets.sort_unstable(); roadmap(&targets) };
            let targets = levels.into_iter().map(|(stage, level)| ((StageNumber(stage), "All".to_owned()), level));
            let input = PlanInput { targets: targets.collect(), ..input(5) };
            prop_assert!(input.applied_to_team(&sorted(own), &sorted(scope)).is_ok());
        }
    }
}
