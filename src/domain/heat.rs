//! The heatmap: how far each level of each sub-dimension is, and how far each team is in each sub-dimension.

use super::catalog::{ActivityIndex, Catalog, Level, MAX_LEVEL};
use super::organization::TeamId;
use super::period::Period;
use super::scoring::{Measure, Score, Tally, Threshold};
use super::standing::{Overview, Standing};

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
    /// How many apply (for several teams: to any of them).
    pub applicable: usize,
    /// How many of those are fully implemented (for several teams: by all to which they apply).
    pub done: usize,
    /// The mean worth of those that apply, in [0, 1]; `None` when none does.
    pub completion: Option<f64>,
}

/// The cells that have activities: by sub-dimension, in the order of the catalog, then by level.
pub fn cells(catalog: &Catalog, measures: &[Measure]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for dimension in catalog.dimensions() {
        for sub_dimension in &dimension.sub_dimensions {
            for level in 1..=MAX_LEVEL {
                let of_level = |index: &ActivityIndex| catalog.activity(*index).level == level;
                let activities: Vec<ActivityIndex> = sub_dimension.activities().filter(of_level).collect();
                if activities.is_empty() {
                    continue;
                }
                let worths: Vec<f64> =
                    activities.iter().filter_map(|index| measures.get(index.position())?.worth).collect();
                let mean = || worths.iter().sum::<f64>() / worths.len() as f64 / 100.0;
                cells.push(Cell {
                    dimension: dimension.name.clone(),
                    sub_dimension: sub_dimension.name.clone(),
                    level,
                    activities,
                    applicable: worths.len(),
                    done: worths.iter().filter(|worth| **worth >= 100.0).count(),
                    completion: (!worths.is_empty()).then(mean),
                });
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
        let catalog = &overview.catalog;
        let mut all = Tally::default();
        let mut parts = Vec::new();
        for sub in catalog.dimensions().iter().flat_map(|dimension| &dimension.sub_dimensions) {
            let mut tally = Tally::default();
            for index in sub.activities() {
                tally.add(catalog.activity(index).level, &Measure::from(standing.sheet.mark(index)));
            }
            all.merge(&tally);
            parts.push(tally.score(threshold));
        }
        let (team, name, assessed) = (standing.team, standing.team_name.clone(), standing.assessed);
        Self { team, name, assessed, overall: all.score(threshold), parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::answer::Mark;
    use crate::domain::catalog::samples;

    #[test]
    fn a_cell_is_the_mean_of_what_applies() {
        let catalog = samples::catalog(&[&[1, 1, 3], &[2, 2]]);
        let marks = [Mark::Worth(100), Mark::Worth(50), Mark::Unanswered, Mark::NotApplicable, Mark::NotApplicable];
        let found = cells(&catalog, &marks.map(Measure::from));
        let shown: Vec<_> = found
            .iter()
            .map(|cell| (cell.sub_dimension.as_str(), cell.level, cell.activities.len(), cell.applicable, cell.done))
            .collect();
        assert_eq!(shown, [("Part 0", 1, 2, 2, 1), ("Part 0", 3, 1, 1, 0), ("Part 1", 2, 2, 0, 0)]);
        assert_eq!(found.iter().map(|cell| cell.completion).collect::<Vec<_>>(), [Some(0.75), Some(0.0), None]);
    }
}
