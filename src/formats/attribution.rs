//! Why scores moved, as a table: a row for each cause, and one for each activity whose answers changed.

use super::table::{Cell, Table};
use crate::domain::attribution::Attribution;
use crate::domain::catalog::Catalog;
use crate::domain::organization::Scope;
use crate::domain::scoring::Scorecard;

/// The causes of each dimension's change, which sum to it, then what the activities contributed, which sums to
/// the answers raised and lowered. Of an activity, the row `overall` says what it did for the whole, the other
/// what it did for its dimension.
pub fn table(scope: &Scope, catalog: &Catalog, attribution: &Attribution) -> Table {
    let mut table = Table::new(&[
        "scope",
        "from",
        "to",
        "dimension",
        "cause",
        "activity_id",
        "activity",
        "teams_raised",
        "teams_lowered",
        "change",
        "score_before",
        "score_after",
    ]);
    let (from, to) = (attribution.from.to_string(), attribution.to.to_string());
    let head = |dimension: &str| -> [Cell; 4] {
        [scope.name.as_str().into(), from.as_str().into(), to.as_str().into(), dimension.into()]
    };
    for moved in &attribution.moves {
        for (cause, by) in moved.causes {
            let [scope, from, to, dimension] = head(&moved.name);
            let (before, after) = (moved.before.into(), moved.after.into());
            let none = || Cell::Empty;
            table.push([
                scope,
                from,
                to,
                dimension,
                cause.title().into(),
                none(),
                none(),
                none(),
                none(),
                by.into(),
                before,
                after,
            ]);
        }
    }
    let homes: Vec<&str> = catalog.homes().map(|(_, home)| home.dimension.name.as_str()).collect();
    for answer in &attribution.answers {
        let activity = catalog.activity(answer.activity);
        let home = homes.get(answer.activity.position()).copied().unwrap_or_default();
        for (dimension, by) in [(Scorecard::OVERALL, answer.overall), (home, answer.dimension)] {
            let [scope, from, to, dimension] = head(dimension);
            table.push([
                scope,
                from,
                to,
                dimension,
                "Answers".into(),
                activity.id.0.as_str().into(),
                activity.name.as_str().into(),
                answer.rose.into(),
                answer.fell.into(),
                by.into(),
                Cell::Empty,
                Cell::Empty,
            ]);
        }
    }
    table
}
