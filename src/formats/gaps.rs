//! The gap list as a table, highest priority first.

use super::table::{Cell, Table};
use crate::domain::catalog::{ActivityIndex, Catalog};
use crate::domain::gap::Gap;

/// The table of some gaps, in their order.
pub fn table(catalog: &Catalog, gaps: &[Gap]) -> Table {
    let mut table = Table::new(&[
        "team",
        "period",
        "dimension",
        "sub_dimension",
        "level",
        "activity_id",
        "activity",
        "status",
        "progress",
        "stage",
        "target_level",
        "effort",
        "usefulness",
        "priority",
        "blocked_by",
        "evidence",
        "samm2",
        "iso27001_2022",
        "note",
    ]);
    let homes: Vec<_> = catalog.homes().map(|(_, home)| home).collect();
    let name = |index: &ActivityIndex| catalog.activity(*index).name.as_str();
    for gap in gaps {
        let activity = catalog.activity(gap.activity);
        let home = homes.get(gap.activity.position());
        table.push([
            gap.team.as_str().into(),
            gap.assessed.to_string().as_str().into(),
            home.map_or("", |home| &home.dimension.name).into(),
            home.map_or("", |home| &home.sub_dimension.name).into(),
            activity.level.into(),
            activity.id.0.as_str().into(),
            activity.name.as_str().into(),
            gap.status.word().into(),
            gap.progress.into(),
            gap.stage.and_then(|stage| u32::try_from(stage.0).ok()).into(),
            gap.target.into(),
            activity.difficulty.effort().into(),
            activity.usefulness.into(),
            gap.priority.into(),
            list(gap.blocked_by.iter().map(name)),
            list(gap.evidence.iter().map(String::as_str)),
            list(activity.references.samm2.iter().map(String::as_str)),
            list(activity.references.iso27001_2022.iter().map(String::as_str)),
            gap.note.as_str().into(),
        ]);
    }
    table
}

fn list<'a>(items: impl Iterator<Item = &'a str>) -> Cell {
    Cell::from(items.collect::<Vec<_>>().join("; ").as_str())
}
