//! The levels of a scope as JSON and CSV.

use serde::Serialize;
use serde_json::Value as Json;

use super::round;
use super::table::{Cell, Table};
use crate::domain::catalog::{Catalog, CatalogDigest, Level};
use crate::domain::period::Period;
use crate::domain::scoring::{Score, Scored};
use crate::domain::standing::Overview;

#[derive(Serialize)]
struct Document<'a> {
    scope: ScopeJson<'a>,
    period: Period,
    catalog: CatalogJson<'a>,
    overall: ScoredJson<'a>,
    dimensions: Vec<DimensionJson<'a>>,
}

/// A scope as all our JSON names it.
#[derive(Serialize)]
pub(super) struct ScopeJson<'a> {
    kind: &'static str,
    name: &'a str,
}

impl<'a> From<&'a crate::domain::organization::Scope> for ScopeJson<'a> {
    fn from(scope: &'a crate::domain::organization::Scope) -> Self {
        Self { kind: scope.id.kind(), name: &scope.name }
    }
}

#[derive(Serialize)]
struct CatalogJson<'a> {
    version: Option<&'a str>,
    digest: &'a CatalogDigest,
}

#[derive(Serialize)]
struct DimensionJson<'a> {
    #[serde(flatten)]
    total: ScoredJson<'a>,
    sub_dimensions: Vec<ScoredJson<'a>>,
}

#[derive(Serialize)]
struct ScoredJson<'a> {
    name: &'a str,
    level: Level,
    ceiling: Level,
    score: f64,
    score_with_not_applicable_as_zero: f64,
    completion: f64,
    activities: u32,
    answered: u32,
    not_applicable: u32,
    levels: Vec<LevelJson>,
    next_level_blockers: Vec<&'a str>,
}

#[derive(Serialize)]
struct LevelJson {
    level: Level,
    activities: u32,
    completion: f64,
}

fn scored<'a>(catalog: &'a Catalog, scored: &'a Scored) -> ScoredJson<'a> {
    let score = &scored.score;
    ScoredJson {
        name: &scored.name,
        level: score.level,
        ceiling: score.ceiling,
        score: round(score.score),
        score_with_not_applicable_as_zero: round(score.score_with_not_applicable_as_zero),
        completion: round(score.completion),
        activities: score.activities,
        answered: score.answered,
        not_applicable: score.not_applicable,
        levels: score
            .levels
            .iter()
            .map(|l| LevelJson { level: l.level, activities: l.activities, completion: round(l.completion) })
            .collect(),
        next_level_blockers: scored.blockers.iter().map(|&index| catalog.activity(index).id.0.as_str()).collect(),
    }
}

/// The levels as one JSON object.
pub fn json(catalog: &Catalog, overview: &Overview) -> Json {
    let document = Document {
        scope: (&overview.scope).into(),
        period: overview.period,
        catalog: CatalogJson { version: catalog.version(), digest: catalog.digest() },
        overall: scored(catalog, &overview.scorecard.overall),
        dimensions: overview
            .scorecard
            .dimensions
            .iter()
            .map(|dimension| DimensionJson {
                total: scored(catalog, &dimension.total),
                sub_dimensions: dimension.sub_dimensions.iter().map(|sub| scored(catalog, sub)).collect(),
            })
            .collect(),
    };
    // Plain structs with text keys always become JSON.
    serde_json::to_value(document).unwrap_or_default()
}

/// The columns that say a score, where nothing stands between them.
pub(super) const SCORE: [&str; 7] =
    ["level", "ceiling", "score", "completion", "activities", "answered", "not_applicable"];

/// A score in the columns of [`SCORE`].
pub(super) fn score_cells(score: &Score) -> [Cell; 7] {
    [
        score.level.into(),
        score.ceiling.into(),
        score.score.into(),
        score.completion.into(),
        score.activities.into(),
        score.answered.into(),
        score.not_applicable.into(),
    ]
}

/// The levels as a table: the whole, then each dimension followed by its sub-dimensions.
pub fn table(catalog: &Catalog, overview: &Overview) -> Table {
    let mut table = Table::new(&[
        "scope",
        "period",
        "dimension",
        "sub_dimension",
        "level",
        "ceiling",
        "score",
        "score_with_not_applicable_as_zero",
        "completion",
        "activities",
        "answered",
        "not_applicable",
        "next_level_blockers",
    ]);
    let mut push = |dimension: &str, sub_dimension: &str, scored: &Scored| {
        let score = &scored.score;
        let blockers: Vec<_> = scored.blockers.iter().map(|&index| catalog.activity(index).name.as_str()).collect();
        table.push([
            overview.scope.name.as_str().into(),
            overview.period.to_string().as_str().into(),
            dimension.into(),
            sub_dimension.into(),
            score.level.into(),
            score.ceiling.into(),
            score.score.into(),
            score.score_with_not_applicable_as_zero.into(),
            score.completion.into(),
            score.activities.into(),
            score.answered.into(),
            score.not_applicable.into(),
            Cell::from(blockers.join("; ").as_str()),
        ]);
    };
    push(&overview.scorecard.overall.name, "", &overview.scorecard.overall);
    for dimension in &overview.scorecard.dimensions {
        push(&dimension.total.name, "", &dimension.total);
        for sub in &dimension.sub_dimensions {
            push(&dimension.total.name, &sub.name, sub);
        }
    }
    table
}
