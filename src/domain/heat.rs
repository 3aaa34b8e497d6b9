//! The heatmap: how far each level of each sub-dimension is, and how far each team is in each sub-dimension.

use super::catalog::{ActivityIndex, Catalog, Level, MAX_LEVEL, SubDimension};
use super::organization::TeamId;
use super::period::Period;
use super::scoring::{Measure, Score, Scores, Threshold};
use super::standing::{Overview, Standing};

/// How far some activities are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// How many apply (for several teams: to any of them).
    pub applicable: usize,
    /// How many of those are fully implemented (for several teams: by all to which they apply).
    pub done: usize,
    /// How many do not apply.
    pub not_applicable: usize,
    /// The mean worth of those that apply, in [0, 1]; `None` when none does.
    pub completion: Option<f64>,
}

impl Extent {
    /// That of the activities with these measures.
    pub fn of(measures: impl IntoIterator<Item = Measure>) -> Self {
        let worths: Vec<Option<f64>> = measures.into_iter().map(|measure| measure.worth).collect();
        let applicable: Vec<f64> = worths.iter().flatten().copied().collect();
        let mean = || applicable.iter().sum::<f64>() / applicable.len() as f64 / 100.0;
        Self {
            applicable: applicable.len(),
            done: applicable.iter().filter(|worth| **worth >= 100.0).count(),
            not_applicable: worths.len() - applicable.len(),
            completion: (!applicable.is_empty()).then(mean),
        }
    }

    /// That of the activities of one level of a sub-dimension; `None` when it has none there.
    pub fn at(catalog: &Catalog, part: &SubDimension, level: Level, measures: &[Measure]) -> Option<Self> {
        let activities = activities(catalog, part, level);
        let measures = activities.iter().filter_map(|index| measures.get(index.position()).copied());
        (!activities.is_empty()).then(|| Self::of(measures))
    }
}

/// The step of a ramp of six on which a share in [0, 1] stands: 0 nothing, 1 below a quarter, 2 below a half,
/// 3 below three quarters, 4 below all, 5 all.
pub fn step(share: f64) -> Level {
    match share {
        share if share <= 0.0 => 0,
        share if share < 0.25 => 1,
        share if share < 0.5 => 2,
        share if share < 0.75 => 3,
        share if share < 1.0 => 4,
        _ => 5,
    }
}

fn activities(catalog: &Catalog, part: &SubDimension, level: Level) -> Vec<ActivityIndex> {
    part.activities().filter(|index| catalog.activity(*index).level == level).collect()
}

/// The activities of one level of a sub-dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The name of the dimension.
    pub dimension: String,
    /// The name of the sub-dimension.
    pub sub_dimension: String,
    /// The level, 1 to 5.
    pub level: Level,
    /// All of them, at least one, in the order of the catalog.
    pub activities: Vec<ActivityIndex>,
    /// How far they are.
    pub extent: Extent,
}

/// The cells that have activities: by sub-dimension, in the order of the catalog, then by level.
pub fn cells(catalog: &Catalog, measures: &[Measure]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for dimension in catalog.dimensions() {
        for part in &dimension.sub_dimensions {
            for level in 1..=MAX_LEVEL {
                cells.extend(Extent::at(catalog, part, level, measures).map(|extent| Cell {
                    dimension: dimension.name.clone(),
                    sub_dimension: part.name.clone(),
                    level,
                    activities: activities(catalog, part, level),
                    extent,
                }));
            }
        }
    }
    cells
}

/// How far one team is in each sub-dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamRow {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// The period of the assessment that it stands on.
    pub assessed: Period,
    /// Over the whole catalog.
    pub overall: Score,
    /// In each sub-dimension, in the order of the catalog.
    pub parts: Vec<Score>,
}

impl TeamRow {
    /// The row of a team in an overview.
    pub fn new(overview: &Overview, standing: &Standing, threshold: Threshold) -> Self {
        let Scores { overall, sub_dimensions: parts, .. } = standing.scores(&overview.catalog, threshold);
        let (team, name, assessed) = (standing.team, standing.team_name.clone(), standing.assessed);
        Self { team, name, assessed, overall, parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::Mark;
    use crate::domain::catalog::samples;

    #[test]
    fn only_all_of_it_is_on_the_last_step() {
        let steps = [0.0, 0.001, 0.249, 0.25, 0.5, 0.75, 0.999_999, 1.0].map(step);
        assert_eq!(steps, [0, 1, 1, 2, 3, 4, 4, 5]);
    }

    #[test]
    fn a_cell_is_the_mean_of_what_applies() {
        let catalog = samples::catalog(&[&[1, 1, 3], &[2, 2]]);
        let marks = [Mark::Worth(100), Mark::Worth(50), Mark::Unanswered, Mark::NotApplicable, Mark::NotApplicable];
        let found = cells(&catalog, &marks.map(Measure::from));
        let shown: Vec<_> = found
            .iter()
            .map(|cell| {
                (
                    cell.sub_dimension.as_str(),
                    cell.level,
                    cell.activities.len(),
                    cell.extent.applicable,
                    cell.extent.done,
                )
            })
            .collect();
        assert_eq!(shown, [("Part 0", 1, 2, 2, 1), ("Part 0", 3, 1, 1, 0), ("Part 1", 2, 2, 0, 0)]);
        assert_eq!(found.iter().map(|cell| cell.extent.completion).collect::<Vec<_>>(), [Some(0.75), Some(0.0), None]);
    }
}
