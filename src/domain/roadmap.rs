//! The stages of the transformation: goals, targets, and to which stage an activity belongs.

pub mod change;
pub mod profiles;
pub mod stage;

use std::collections::BTreeMap;

use super::catalog::{ActivityIndex, Catalog, Level, MAX_LEVEL};
use super::period::Period;
use super::scoring::{Measure, Score, Scorecard};

/// A named step of the transformation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// What is different when it is reached.
    pub goal: String,
    /// How a person can tell that it is reached.
    pub exit_check: String,
    /// The level to reach in each dimension, by its name, 0 to 5. A dimension that is not named is left out.
    pub targets: BTreeMap<String, Level>,
    /// By the end of which quarter it should be reached; `None`: no date is wished.
    pub wished: Option<Period>,
}

impl Stage {
    /// The level to reach in a dimension.
    pub fn target(&self, dimension: &str) -> Level {
        self.targets.get(dimension).copied().unwrap_or(0)
    }

    /// Whether a dimension is below its target, and not at its ceiling either.
    pub fn is_behind(&self, dimension: &str, score: &Score) -> bool {
        score.level < self.target(dimension).min(score.ceiling)
    }
}

/// The ordered stages. Invariants: at least one; targets are 0 to 5 and never fall from one stage to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roadmap {
    stages: Vec<Stage>,
}

/// Why some stages do not make a roadmap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotARoadmap {
    /// No stage.
    #[error("a roadmap has at least one stage")]
    Empty,
    /// A target above 5.
    #[error("stage “{stage}”: the target {target} for {dimension} is above {MAX_LEVEL}")]
    Target {
        /// The stage.
        stage: String,
        /// The dimension.
        dimension: String,
        /// The target found.
        target: Level,
    },
    /// A target below that of the stage before.
    #[error("stage “{stage}”: the target for {dimension} falls from {before} to {target}; targets never fall")]
    Falling {
        /// The later stage.
        stage: String,
        /// The dimension.
        dimension: String,
        /// The target of the stage before.
        before: Level,
        /// The target found.
        target: Level,
    },
}

impl Roadmap {
    /// A roadmap of these stages.
    pub fn new(stages: Vec<Stage>) -> Result<Self, NotARoadmap> {
        if stages.is_empty() {
            return Err(NotARoadmap::Empty);
        }
        let mut so_far: BTreeMap<&str, Level> = BTreeMap::new();
        for stage in &stages {
            for (dimension, &target) in &stage.targets {
                if target > MAX_LEVEL {
                    return Err(NotARoadmap::Target {
                        stage: stage.name.clone(),
                        dimension: dimension.clone(),
                        target,
                    });
                }
            }
            let named = stage.targets.keys().map(String::as_str);
            for dimension in named.chain(so_far.keys().copied()).collect::<Vec<_>>() {
                let (before, target) = (so_far.get(dimension).copied().unwrap_or(0), stage.target(dimension));
                if target < before {
                    let (stage, dimension) = (stage.name.clone(), dimension.to_owned());
                    return Err(NotARoadmap::Falling { stage, dimension, before, target });
                }
            }
            so_far.extend(stage.targets.iter().map(|(dimension, &target)| (dimension.as_str(), target)));
        }
        Ok(Self { stages })
    }

    /// The stages in order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The stage that is worked on: the first that is not reached, which it is when every dimension is at
    /// its target or at its ceiling; `None` when all are.
    pub fn present(&self, card: &Scorecard) -> Option<StageNumber> {
        let scores: Vec<(&str, &Score)> =
            card.dimensions.iter().map(|dimension| (dimension.total.name.as_str(), &dimension.total.score)).collect();
        self.present_at(&scores)
    }

    /// The same for the scores of dimensions, with their names.
    pub fn present_at(&self, scores: &[(&str, &Score)]) -> Option<StageNumber> {
        let is_behind = |stage: &Stage| scores.iter().any(|(dimension, score)| stage.is_behind(dimension, score));
        self.stages.iter().position(is_behind).map(|position| StageNumber(position + 1))
    }

    /// The stage that each activity belongs to, in the order of the catalog: the first whose target
    /// covers its level, or the stage of an activity that needs it, when that is earlier. `None` for
    /// activities above all targets.
    pub fn assign(&self, catalog: &Catalog) -> Vec<Option<StageNumber>> {
        self.practices(catalog, |_| true)
    }

    /// The same for those that are left to do: an activity that is not left does not make its prerequisites
    /// practices of its stage, and has no stage itself.
    pub fn practices(&self, catalog: &Catalog, is_left: impl Fn(ActivityIndex) -> bool) -> Vec<Option<StageNumber>> {
        self.staging(catalog).practices(is_left)
    }

    /// What is the same for all teams about which stage a practice belongs to.
    pub fn staging<'a>(&self, catalog: &'a Catalog) -> Staging<'a> {
        let by_target = catalog.homes().map(|(index, home)| {
            let level = catalog.activity(index).level;
            let position = self.stages.iter().position(|stage| stage.target(&home.dimension.name) >= level);
            position.map(|position| StageNumber(position + 1))
        });
        Staging { catalog, by_target: by_target.collect() }
    }

    /// How far each stage is, in their order. `measures` has one entry for each activity of the catalog.
    pub fn progress(&self, catalog: &Catalog, measures: &[Measure], card: &Scorecard) -> Vec<StageProgress> {
        let assigned = self.assign(catalog);
        let numbered = (1..).map(StageNumber).zip(&self.stages);
        let mut reached_so_far = true;
        numbered
            .map(|(number, stage)| {
                let mine = assigned.iter().zip(measures).filter(|(of, _)| **of == Some(number));
                let worths: Vec<f64> = mine.filter_map(|(_, measure)| measure.worth).collect();
                let (mut target, mut missing) = (0.0, 0.0);
                let mut behind = Vec::new();
                for dimension in &card.dimensions {
                    let (name, score) = (&dimension.total.name, &dimension.total.score);
                    let wanted = stage.target(name).min(score.ceiling);
                    target += f64::from(wanted);
                    missing += (f64::from(wanted) - score.score).max(0.0);
                    if stage.is_behind(name, score) {
                        behind.push(name.clone());
                    }
                }
                reached_so_far &= behind.is_empty();
                StageProgress {
                    number,
                    is_reached: reached_so_far,
                    behind,
                    activities: worths.len(),
                    done: worths.iter().filter(|worth| **worth >= 100.0).count(),
                    completion: if worths.is_empty() {
                        1.0
                    } else {
                        worths.iter().sum::<f64>() / worths.len() as f64 / 100.0
                    },
                    to_target: if target > 0.0 { 1.0 - missing / target } else { 1.0 },
                }
            })
            .collect()
    }

    /// The stage with this number.
    pub fn stage(&self, number: StageNumber) -> Option<&Stage> {
        self.stages.get(number.0.checked_sub(1)?)
    }
}

/// The activities of a catalog with the stages whose targets cover them.
#[derive(Debug, Clone)]
pub struct Staging<'a> {
    catalog: &'a Catalog,
    by_target: Vec<Option<StageNumber>>,
}

impl Staging<'_> {
    /// The stage of each activity that is left, in the order of the catalog, as [`Roadmap::practices`] gives it.
    pub fn practices(&self, is_left: impl Fn(ActivityIndex) -> bool) -> Vec<Option<StageNumber>> {
        let left = self.catalog.activities().zip(&self.by_target);
        let mut assigned: Vec<Option<StageNumber>> =
            left.map(|((index, _), stage)| stage.filter(|_| is_left(index))).collect();
        let mut open: Vec<ActivityIndex> = self.catalog.activities().map(|(index, _)| index).collect();
        while let Some(index) = open.pop() {
            let Some(stage) = assigned.get(index.position()).copied().flatten() else { continue };
            for &needed in self.catalog.prerequisites(index) {
                if let Some(slot) = assigned.get_mut(needed.position())
                    && is_left(needed)
                    && slot.is_none_or(|other| other > stage)
                {
                    *slot = Some(stage);
                    open.push(needed);
                }
            }
        }
        assigned
    }
}

/// How far a scope is with a stage.
#[derive(Debug, Clone, PartialEq)]
pub struct StageProgress {
    /// The stage.
    pub number: StageNumber,
    /// Whether it is reached, and all before it: every dimension is at its target or at its ceiling.
    pub is_reached: bool,
    /// The dimensions that are not.
    pub behind: Vec<String>,
    /// How many applicable activities belong to it.
    pub activities: usize,
    /// How many of these are fully implemented.
    pub done: usize,
    /// The mean worth of these, in [0, 1]; 1 when there is none.
    pub completion: f64,
    /// Percent to target, in [0, 1]: 1 − Σ max(0, target − score) / Σ target over the dimensions, where a
    /// target above the ceiling counts as the ceiling.
    pub to_target: f64,
}

/// The number of a stage, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StageNumber(pub usize);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::{ActivityId, samples};

    fn stage(name: &str, target: Level) -> Stage {
        Stage { name: name.into(), targets: [("All".to_owned(), target)].into(), ..Stage::default() }
    }

    #[test]
    fn targets_never_fall() {
        assert!(Roadmap::new(vec![stage("one", 1), stage("two", 1), stage("three", 3)]).is_ok());
        assert!(matches!(
            Roadmap::new(vec![stage("one", 2), stage("two", 1)]),
            Err(NotARoadmap::Falling { before: 2, target: 1, .. })
        ));
        let mut silent = stage("two", 0);
        silent.targets.clear();
        assert!(matches!(Roadmap::new(vec![stage("one", 2), silent]), Err(NotARoadmap::Falling { .. })));
        assert!(matches!(Roadmap::new(vec![stage("one", 6)]), Err(NotARoadmap::Target { .. })));
        assert_eq!(Roadmap::new(vec![]), Err(NotARoadmap::Empty));
    }

    #[test]
    fn the_present_stage_is_the_first_that_is_not_reached() {
        use crate::domain::answer::Mark;
        use crate::domain::scoring::{Measure, Threshold};
        let catalog = samples::catalog(&[&[1, 2, 3]]);
        let roadmap = Roadmap::new(vec![stage("one", 1), stage("two", 3)]).unwrap();
        let (done, open) = (Mark::Worth(100), Mark::Unanswered);
        for (marks, present) in [
            ([open, open, open], Some(StageNumber(1))),
            ([done, open, open], Some(StageNumber(2))),
            ([done, done, done], None),
            // Nothing above level 2 applies, so its ceiling is as good as the target.
            ([done, done, Mark::NotApplicable], None),
        ] {
            let card = Scorecard::new(&catalog, &marks.map(Measure::from), Threshold::default());
            assert_eq!(roadmap.present(&card), present, "{marks:?}");
        }
    }

    #[test]
    fn prerequisites_come_with_the_stage_that_needs_them() {
        let mut content = samples::content(&[&[1, 3, 3, 5]]);
        // The level 1 activity needs a1, which needs a2; nothing needs a3.
        let activities = &mut content.dimensions[0].sub_dimensions[0].activities;
        activities[0].depends_on = vec![ActivityId("a1".into())];
        activities[1].depends_on = vec![ActivityId("a2".into())];
        let catalog = Catalog::new(content).unwrap();
        let roadmap = Roadmap::new(vec![stage("one", 1), stage("two", 3)]).unwrap();
        let first = Some(StageNumber(1));
        assert_eq!(roadmap.assign(&catalog), [first, first, first, None]);
    }
}
