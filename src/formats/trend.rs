//! The trend of a scope as JSON and CSV.

use serde::Serialize;
use serde_json::Value as Json;

use super::levels::ScopeJson;
use super::round;
use super::table::{Cell, Table};
use crate::domain::catalog::Level;
use crate::domain::organization::Scope;
use crate::domain::period::Period;
use crate::domain::spread::SpreadPoint;
use crate::domain::standing::Trend;

#[derive(Serialize)]
struct Document<'a> {
    scope: ScopeJson<'a>,
    points: Vec<PointJson<'a>>,
}

#[derive(Serialize)]
struct PointJson<'a> {
    period: Period,
    dimension: &'a str,
    level: Level,
    score: f64,
    completion: f64,
    carried: bool,
}

/// The trend as one JSON object.
pub fn json(trend: &Trend) -> Json {
    let points = trend
        .points
        .iter()
        .map(|point| PointJson {
            period: point.period,
            dimension: &point.dimension,
            level: point.level,
            score: round(point.score),
            completion: round(point.completion),
            carried: point.carried,
        })
        .collect();
    // Plain structs with text keys always become JSON.
    serde_json::to_value(Document { scope: (&trend.scope).into(), points }).unwrap_or_default()
}

/// The trend as a table with a row for each point.
pub fn table(trend: &Trend) -> Table {
    let mut table = Table::new(&["scope", "period", "dimension", "level", "score", "completion", "carried"]);
    for point in &trend.points {
        table.push([
            trend.scope.name.as_str().into(),
            point.period.to_string().as_str().into(),
            point.dimension.as_str().into(),
            point.level.into(),
            point.score.into(),
            point.completion.into(),
            Cell::Flag(point.carried),
        ]);
    }
    table
}

/// How complete each level was, with a row for each point and level that has applicable activities.
pub fn completion(trend: &Trend) -> Table {
    let mut table = Table::new(&["scope", "period", "dimension", "level", "activities", "completion"]);
    for point in &trend.points {
        for level in &point.levels {
            table.push([
                trend.scope.name.as_str().into(),
                point.period.to_string().as_str().into(),
                point.dimension.as_str().into(),
                level.level.into(),
                level.activities.into(),
                level.completion.into(),
            ]);
        }
    }
    table
}

/// How the teams were spread: the five numbers of their scores, and how many stood at each level.
pub fn spread(scope: &Scope, points: &[SpreadPoint]) -> Table {
    let mut table = Table::new(&[
        "scope",
        "period",
        "dimension",
        "teams",
        "least",
        "lower_quartile",
        "median",
        "upper_quartile",
        "greatest",
        "at_level_0",
        "at_level_1",
        "at_level_2",
        "at_level_3",
        "at_level_4",
        "at_level_5",
    ]);
    for point in points {
        let five = point.scores;
        let [l0, l1, l2, l3, l4, l5] = point.teams_at.map(Cell::from);
        table.push([
            scope.name.as_str().into(),
            point.period.to_string().as_str().into(),
            point.dimension.as_str().into(),
            point.teams().into(),
            five.least.into(),
            five.lower_quartile.into(),
            five.median.into(),
            five.upper_quartile.into(),
            five.greatest.into(),
            l0,
            l1,
            l2,
            l3,
            l4,
            l5,
        ]);
    }
    table
}
