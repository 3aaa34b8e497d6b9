//! How far the stages of the roadmap are, as a table.

use super::table::{Cell, Table};
use crate::domain::organization::Scope;
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, StageProgress};

/// A row for each stage.
pub fn table(scope: &Scope, period: Period, roadmap: &Roadmap, stages: &[StageProgress]) -> Table {
    let mut table = Table::new(&[
        "scope",
        "period",
        "stage",
        "name",
        "reached",
        "activities",
        "fully_implemented",
        "completion",
        "percent_to_target",
        "behind",
    ]);
    for stage in stages {
        table.push([
            scope.name.as_str().into(),
            period.to_string().as_str().into(),
            stage.number.0.into(),
            roadmap.stage(stage.number).map_or("", |stage| &stage.name).into(),
            Cell::Flag(stage.is_reached),
            stage.activities.into(),
            stage.done.into(),
            stage.completion.into(),
            stage.to_target.into(),
            stage.behind.join("; ").as_str().into(),
        ]);
    }
    table
}
