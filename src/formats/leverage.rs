//! What one team could lift at those that take its answers over, as a table.

use super::table::Table;
use crate::domain::catalog::Catalog;
use crate::domain::leverage::Lever;
use crate::domain::organization::Scope;
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;

/// The table of some levers, in their order.
pub fn table(
    catalog: &Catalog,
    scope: &Scope,
    period: Option<Period>,
    scale: &ProgressScale,
    levers: &[Lever],
) -> Table {
    let mut table = Table::new(&[
        "scope",
        "period",
        "provider",
        "dimension",
        "sub_dimension",
        "level",
        "activity_id",
        "activity",
        "status",
        "followers",
        "taken_over_by",
        "lifted",
        "gain",
    ]);
    let homes: Vec<_> = catalog.homes().map(|(_, home)| home).collect();
    let period = period.map(|period| period.to_string()).unwrap_or_default();
    for lever in levers {
        let (activity, home) = (catalog.activity(lever.activity), homes.get(lever.activity.position()));
        table.push([
            scope.name.as_str().into(),
            period.as_str().into(),
            lever.provider_name.as_str().into(),
            home.map_or("", |home| &home.dimension.name).into(),
            home.map_or("", |home| &home.sub_dimension.name).into(),
            activity.level.into(),
            activity.id.0.as_str().into(),
            activity.name.as_str().into(),
            lever.mark.map_or("", |mark| mark.word(scale)).into(),
            lever.followers.len().into(),
            lever.followers.join("; ").as_str().into(),
            lever.lifted.into(),
            lever.gain.into(),
        ]);
    }
    table
}
