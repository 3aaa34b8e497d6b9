//! What differs between two scopes or quarters, as a table: first the scores, then the activities.

use super::table::{Cell, Table};
use crate::domain::answer::Mark;
use crate::domain::comparison::{Compared, Comparison, Held, SideSeen};
use crate::domain::scale::ProgressScale;

/// The table of a comparison. `difference` is positive where the first side is ahead, in points of the score or,
/// for an activity, in what of it is done.
pub fn table(compared: &Compared, comparison: &Comparison) -> Table {
    let columns = [
        "row",
        "dimension",
        "sub_dimension",
        "activity_level",
        "activity_id",
        "activity",
        "a",
        "a_period",
        "a_level",
        "a_score",
        "a_status",
        "a_progress",
        "a_teams",
        "a_fully_implemented",
        "a_not_applicable",
        "a_unanswered",
        "b",
        "b_period",
        "b_level",
        "b_score",
        "b_status",
        "b_progress",
        "b_teams",
        "b_fully_implemented",
        "b_not_applicable",
        "b_unanswered",
        "difference",
    ];
    let mut table = Table::new(&columns);
    let [a, b] = compared.sides.each_ref().map(name);
    for pair in &comparison.scores {
        let scores = pair.sides.map(|(level, score)| score_cells(level, score));
        let [of_a, of_b] = scores;
        let head = ["score".into(), pair.name.as_str().into(), Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty];
        table.push_row(row(head, [&a, &b], [of_a, of_b], pair.difference().into()));
    }
    let (catalog, scale) = (&comparison.catalog, &compared.settings.scale);
    let homes: Vec<_> = catalog.homes().map(|(_, home)| home).collect();
    for pair in &comparison.activities {
        let (activity, home) = (catalog.activity(pair.activity), homes.get(pair.activity.position()));
        let head = [
            "activity".into(),
            home.map_or("", |home| &home.dimension.name).into(),
            home.map_or("", |home| &home.sub_dimension.name).into(),
            activity.level.into(),
            activity.id.0.as_str().into(),
            activity.name.as_str().into(),
        ];
        let sides = pair.sides.each_ref().map(|held| held_cells(held.as_ref(), scale));
        let difference = pair.difference().map(|points| points / 100.0);
        table.push_row(row(head, [&a, &b], sides, difference.into()));
    }
    table
}

/// Of whom and when.
fn name(side: &SideSeen) -> [Cell; 2] {
    let period = side.period.map(|period| period.to_string());
    [side.scope.name.as_str().into(), period.as_deref().into()]
}

fn row(head: [Cell; 6], names: [&[Cell; 2]; 2], sides: [[Cell; 8]; 2], difference: Cell) -> Vec<Cell> {
    let sides = names.into_iter().zip(sides).flat_map(|(name, cells)| name.iter().cloned().chain(cells));
    head.into_iter().chain(sides).chain([difference]).collect()
}

fn score_cells(level: u8, score: f64) -> [Cell; 8] {
    let mut cells = [const { Cell::Empty }; 8];
    let [of_level, of_score, ..] = &mut cells;
    (*of_level, *of_score) = (level.into(), score.into());
    cells
}

fn held_cells(held: Option<&Held>, scale: &ProgressScale) -> [Cell; 8] {
    let Some(held) = held else { return [const { Cell::Empty }; 8] };
    let status = held.mark.map(|mark: Mark| mark.word(scale));
    [
        Cell::Empty,
        Cell::Empty,
        status.into(),
        held.worth.map(|worth| worth / 100.0).into(),
        held.teams.into(),
        held.full.into(),
        held.not_applicable.into(),
        held.unanswered.into(),
    ]
}
