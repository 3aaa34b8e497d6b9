//! The forecast as tables: when the stages are done, and what will be left in the coming quarters.

use super::plan::quarter;
use super::table::{Cell, Table};
use crate::domain::forecast::{Done, Forecast};
use crate::domain::organization::Scope;
use crate::domain::plan::Plan;
use crate::domain::roadmap::Roadmap;

/// A row for each stage: when it is wished, planned and likely. `plan` is what is followed or proposed.
pub fn table(scope: &Scope, roadmap: &Roadmap, plan: Option<&Plan>, forecast: &Forecast) -> Table {
    let mut table = Table::new(&[
        "scope",
        "from",
        "stage",
        "stage_name",
        "points_left",
        "done",
        "wished",
        "planned",
        "by_50_percent",
        "by_80_percent",
        "by_95_percent",
    ]);
    for stage in &forecast.stages {
        let of_roadmap = roadmap.stage(stage.number);
        let planned = plan.and_then(|plan| plan.span(stage.number)).map(|(_, until)| until);
        let [half, eighty, ninety_five] = stage.dates().map(|(_, date)| quarter(date));
        table.push([
            scope.name.as_str().into(),
            quarter(Some(forecast.from)),
            stage.number.0.into(),
            of_roadmap.map_or("", |stage| &stage.name).into(),
            stage.left.value().into(),
            Cell::Flag(stage.done == Done::Already),
            quarter(of_roadmap.and_then(|stage| stage.wished)),
            quarter(planned),
            half,
            eighty,
            ninety_five,
        ]);
    }
    table
}

/// A row for each stage and coming quarter: what will be left of the stage and those before it, in points.
pub fn fan(scope: &Scope, roadmap: &Roadmap, forecast: &Forecast) -> Table {
    let mut table = Table::new(&[
        "scope",
        "from",
        "stage",
        "stage_name",
        "quarter",
        "median",
        "least_50_percent",
        "greatest_50_percent",
        "least_80_percent",
        "greatest_80_percent",
        "least_95_percent",
        "greatest_95_percent",
    ]);
    for stage in &forecast.stages {
        let name = roadmap.stage(stage.number).map_or("", |stage| &stage.name);
        for point in &stage.fan {
            table.push([
                scope.name.as_str().into(),
                quarter(Some(forecast.from)),
                stage.number.0.into(),
                name.into(),
                quarter(Some(point.period)),
                point.median.value().into(),
                point.half.0.value().into(),
                point.half.1.value().into(),
                point.eighty.0.value().into(),
                point.eighty.1.value().into(),
                point.ninety_five.0.value().into(),
                point.ninety_five.1.value().into(),
            ]);
        }
    }
    table
}
