//! The trend of a scope as JSON and CSV.

use serde::Serialize;
use serde_json::Value as Json;

use super::levels::ScopeJson;
use super::round;
use super::table::{Cell, Table};
use crate::domain::catalog::Level;
use crate::domain::period::Period;
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
