//! The heatmap as tables: the levels of the sub-dimensions, and the teams by sub-dimension.

use super::levels::{SCORE, score_cells};
use super::table::Table;
use crate::domain::catalog::Catalog;
use crate::domain::heat::{self, TeamRow};
use crate::domain::standing::Overview;

/// A row for each level of a sub-dimension that has activities.
pub fn table(overview: &Overview) -> Table {
    let mut table = Table::new(&[
        "scope",
        "period",
        "dimension",
        "sub_dimension",
        "level",
        "activities",
        "applicable",
        "fully_implemented",
        "completion",
    ]);
    for cell in heat::cells(&overview.catalog, &overview.measures) {
        table.push([
            overview.scope.name.as_str().into(),
            overview.period.to_string().as_str().into(),
            cell.dimension.as_str().into(),
            cell.sub_dimension.as_str().into(),
            cell.level.into(),
            cell.activities.len().into(),
            cell.extent.applicable.into(),
            cell.extent.done.into(),
            cell.extent.completion.into(),
        ]);
    }
    table
}

/// A row for each team and sub-dimension.
pub fn matrix(catalog: &Catalog, rows: &[TeamRow]) -> Table {
    let mut table = Table::new(&[&["team", "period", "dimension", "sub_dimension"], &SCORE[..]].concat());
    let parts = || {
        let dimensions = catalog.dimensions().iter();
        dimensions.flat_map(|dimension| dimension.sub_dimensions.iter().map(move |part| (dimension, part)))
    };
    for row in rows {
        for ((dimension, part), score) in parts().zip(&row.parts) {
            let head = [
                row.name.as_str().into(),
                row.assessed.to_string().as_str().into(),
                dimension.name.as_str().into(),
                part.name.as_str().into(),
            ];
            table.push_row(head.into_iter().chain(score_cells(score)).collect());
        }
    }
    table
}
