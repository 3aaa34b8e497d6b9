//! The clauses of a standard as a table, with a row for each clause and activity.

use super::table::Table;
use crate::domain::catalog::Catalog;
use crate::domain::mapping::{self, Standard};
use crate::domain::standing::Overview;

/// The table of all clauses of a standard, as far as a scope has them.
pub fn table(catalog: &Catalog, overview: &Overview, standard: Standard) -> Table {
    let mut table = Table::new(&[
        "scope",
        "period",
        "standard",
        "clause",
        "clause_completion",
        "activity_id",
        "activity",
        "dimension",
        "sub_dimension",
        "level",
        "progress",
        "applicable",
    ]);
    let homes: Vec<_> = catalog.homes().map(|(_, home)| home).collect();
    for clause in mapping::clauses(catalog, &overview.measures, standard) {
        for &index in &clause.activities {
            let (activity, home) = (catalog.activity(index), homes.get(index.position()));
            let worth = overview.measures.get(index.position()).and_then(|measure| measure.worth);
            table.push([
                overview.scope.name.as_str().into(),
                overview.period.to_string().as_str().into(),
                standard.title().into(),
                clause.id.as_str().into(),
                clause.completion.into(),
                activity.id.0.as_str().into(),
                activity.name.as_str().into(),
                home.map_or("", |home| &home.dimension.name).into(),
                home.map_or("", |home| &home.sub_dimension.name).into(),
                activity.level.into(),
                worth.map(|worth| worth / 100.0).into(),
                super::table::Cell::Flag(worth.is_some()),
            ]);
        }
    }
    table
}
