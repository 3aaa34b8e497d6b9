//! What is left of the stages as a table, a stage after the other, highest priority first.

use super::table::{Cell, Table};
use crate::domain::answer::Mark;
use crate::domain::catalog::{ActivityIndex, Catalog};
use crate::domain::gap::Gap;
use crate::domain::plan::Points;
use crate::domain::roadmap::Roadmap;
use crate::domain::scale::Percent;

/// The table of some gaps that stages ask for, in their order.
pub fn table(catalog: &Catalog, roadmap: &Roadmap, practices: &[Gap]) -> Table {
    let mut table = Table::new(&[
        "team",
        "period",
        "stage",
        "stage_name",
        "dimension",
        "sub_dimension",
        "level",
        "target_level",
        "asked_as",
        "activity_id",
        "activity",
        "status",
        "progress",
        "effort",
        "points_left",
        "usefulness",
        "priority",
        "blocked_by",
    ]);
    let homes: Vec<_> = catalog.homes().map(|(_, home)| home).collect();
    let name = |index: &ActivityIndex| catalog.activity(*index).name.as_str();
    for practice in practices {
        let activity = catalog.activity(practice.activity);
        let home = homes.get(practice.activity.position());
        let stage = practice.stage.and_then(|number| Some((number, roadmap.stage(number)?)));
        let is_target = practice.target.is_some_and(|target| activity.level <= target);
        let left = Points::remaining(activity, Mark::Worth((practice.progress * 100.0).round() as Percent));
        let blocked_by: Vec<&str> = practice.blocked_by.iter().map(name).collect();
        table.push([
            practice.team.as_str().into(),
            practice.assessed.to_string().as_str().into(),
            stage.and_then(|(number, _)| u32::try_from(number.0).ok()).into(),
            stage.map_or("", |(_, stage)| &stage.name).into(),
            home.map_or("", |home| &home.dimension.name).into(),
            home.map_or("", |home| &home.sub_dimension.name).into(),
            activity.level.into(),
            practice.target.into(),
            Cell::from(if is_target { "target" } else { "prerequisite" }),
            activity.id.0.as_str().into(),
            activity.name.as_str().into(),
            practice.status.word().into(),
            practice.progress.into(),
            activity.difficulty.effort().into(),
            left.value().into(),
            activity.usefulness.into(),
            practice.priority.into(),
            blocked_by.join("; ").as_str().into(),
        ]);
    }
    table
}
