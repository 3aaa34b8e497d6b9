//! How the teams of a scope are spread: the weakest, the strongest, and those between.

use super::catalog::{Catalog, MAX_LEVEL};
use super::period::Period;
use super::scoring::{Scorecard, Scores, Threshold};
use super::standing::Overview;

/// The five numbers that tell how some values are spread. Quartiles lie between the two nearest values, in
/// proportion: the quantile p of n values is at place p · (n − 1), counted from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FiveNumbers {
    /// The least.
    pub least: f64,
    /// A quarter of the values is not above it.
    pub lower_quartile: f64,
    /// The one in the middle.
    pub median: f64,
    /// A quarter of the values is not below it.
    pub upper_quartile: f64,
    /// The greatest.
    pub greatest: f64,
}

impl FiveNumbers {
    /// Those of some values, none of which is NaN; `None` when there is none.
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let (&least, &greatest) = (values.first()?, values.last()?);
        let quantile = |p: f64| {
            let place = p * (values.len() - 1) as f64;
            let at = |place: f64| values.get(place as usize).copied().unwrap_or(greatest);
            at(place.floor()) + (at(place.ceil()) - at(place.floor())) * place.fract()
        };
        Some(Self {
            least,
            lower_quartile: quantile(0.25),
            median: quantile(0.5),
            upper_quartile: quantile(0.75),
            greatest,
        })
    }
}

/// How the teams stood in one period, in one dimension or the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct SpreadPoint {
    /// When.
    pub period: Period,
    /// The name of the dimension, or `overall`.
    pub dimension: String,
    /// How many teams stood at each level, 0 to 5.
    pub teams_at: [usize; MAX_LEVEL as usize + 1],
    /// Their scores.
    pub scores: FiveNumbers,
}

impl SpreadPoint {
    /// How many teams there are.
    pub fn teams(&self) -> usize {
        self.teams_at.iter().sum()
    }
}

/// How the teams of an overview are spread: first over the whole, then over each dimension, in the order of
/// the catalog. Empty when there is no team.
pub fn spread(overview: &Overview, threshold: Threshold) -> Vec<SpreadPoint> {
    let catalog: &Catalog = &overview.catalog;
    let dimensions = catalog.dimensions();
    let mut scores: Vec<Vec<f64>> = vec![Vec::with_capacity(overview.standings.len()); dimensions.len() + 1];
    let mut teams_at = vec![[0; MAX_LEVEL as usize + 1]; dimensions.len() + 1];
    for standing in &overview.standings {
        let Scores { overall, dimensions: parts, .. } = standing.scores(catalog, threshold);
        let of_team = std::iter::once(&overall).chain(&parts);
        for ((scores, teams_at), score) in scores.iter_mut().zip(&mut teams_at).zip(of_team) {
            scores.push(score.score);
            if let Some(count) = teams_at.get_mut(usize::from(score.level)) {
                *count += 1;
            }
        }
    }
    let names = std::iter::once(Scorecard::OVERALL).chain(dimensions.iter().map(|dimension| dimension.name.as_str()));
    names
        .zip(scores)
        .zip(teams_at)
        .filter_map(|((name, scores), teams_at)| {
            let scores = FiveNumbers::of(scores)?;
            Some(SpreadPoint { period: overview.period, dimension: name.to_owned(), teams_at, scores })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_lie_between_the_nearest_values() {
        let five = FiveNumbers::of(vec![4.0, 1.0, 2.0, 3.0]).unwrap();
        assert_eq!((five.least, five.median, five.greatest), (1.0, 2.5, 4.0));
        assert_eq!((five.lower_quartile, five.upper_quartile), (1.75, 3.25));
        let one = FiveNumbers::of(vec![2.0]).unwrap();
        assert_eq!((one.least, one.lower_quartile, one.median, one.greatest), (2.0, 2.0, 2.0, 2.0));
        assert_eq!(FiveNumbers::of(Vec::new()), None);
    }
}
