//! The balance of tools and people, and of the lenses, as a table.

use super::levels::{SCORE, score_cells};
use super::table::Table;
use crate::domain::balance::Balance;
use crate::domain::named::Named;
use crate::domain::organization::Scope;
use crate::domain::period::Period;
use crate::domain::scoring::Score;

/// A row for each capability and for each lens.
pub fn table(scope: &Scope, period: Period, balance: &Balance) -> Table {
    let mut table = Table::new(&[&["scope", "period", "kind", "name"], &SCORE[..]].concat());
    let mut push = |kind: &str, name: &str, score: &Score| {
        let head = [scope.name.as_str().into(), period.to_string().as_str().into(), kind.into(), name.into()];
        table.push_row(head.into_iter().chain(score_cells(score)).collect());
    };
    push("capability", "tooling", &balance.tooling);
    push("capability", "organic", &balance.organic);
    for (lens, score) in &balance.lenses {
        push("lens", lens.name(), score);
    }
    table
}
