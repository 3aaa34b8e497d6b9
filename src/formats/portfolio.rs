//! The teams of a scope side by side as a table, with two columns for each dimension.

use std::borrow::Cow;

use super::table::{Cell, Table};
use crate::domain::named::Named;
use crate::domain::portfolio::{Portfolio, PortfolioRow};

/// The table of the teams that were asked for, in their order.
pub fn table(portfolio: &Portfolio) -> Table {
    let dimensions = portfolio.overview.catalog.dimensions();
    let of_dimension = |what: &str| -> Vec<Cow<'static, str>> {
        dimensions.iter().map(|dimension| format!("{}: {what}", dimension.name).into()).collect()
    };
    let fixed = |names: &[&'static str]| -> Vec<Cow<'static, str>> { names.iter().map(|&name| name.into()).collect() };
    let columns = [
        fixed(&["team", "groups", "period", "assessed", "carried_quarters", "level", "ceiling", "score", "change"]),
        of_dimension("level"),
        of_dimension("score"),
        fixed(&["applicable", "answered", "not_applicable", "claims", "claims_with_evidence", "stale", "due"]),
    ];
    let mut table = Table::with_columns(columns.concat());
    for row in &portfolio.rows {
        table.push_row(cells(portfolio, row, dimensions.len()));
    }
    table
}

fn cells(portfolio: &Portfolio, row: &PortfolioRow, dimensions: usize) -> Vec<Cell> {
    let place = row.place.as_ref();
    let score = place.map(|place| &place.overall);
    let mut cells = vec![
        Cell::from(row.name.as_str()),
        row.groups.join("; ").as_str().into(),
        portfolio.overview.period.to_string().as_str().into(),
        place.map(|place| place.assessed.to_string()).as_deref().into(),
        place.map(|place| place.age).into(),
        score.map(|score| score.level).into(),
        score.map(|score| score.ceiling).into(),
        score.map(|score| score.score).into(),
        place.and_then(|place| place.change).into(),
    ];
    let of = |dimension| place.and_then(|place| place.dimensions.get(dimension));
    cells.extend((0..dimensions).map(|dimension| Cell::from(of(dimension).map(|(level, _)| *level))));
    cells.extend((0..dimensions).map(|dimension| Cell::from(of(dimension).map(|(_, score)| *score))));
    cells.extend([
        score.map(|score| score.activities).into(),
        score.map(|score| score.answered).into(),
        score.map(|score| score.not_applicable).into(),
        place.map(|place| place.claims).into(),
        place.map(|place| place.supported).into(),
        place.map(|place| place.stale).into(),
        row.due.map(|(state, _)| state.name()).into(),
    ]);
    cells
}
