//! `/portfolio`: which team stands where.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use super::listing::{WantedPage, chosen, given, sound, words};
use crate::domain::catalog::MAX_LEVEL;
use crate::domain::fault::FieldFault;
use crate::domain::listing::Sorting;
use crate::domain::portfolio::{PortfolioFilter, PortfolioSort};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What the address says about which teams are wanted, and in which order; empty: all, by name.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct WantedTeams {
    sort: String,
    order: String,
    due: String,
    level: String,
    q: String,
}

impl WantedTeams {
    /// The filter that the address asks for, or everything that is wrong with it.
    pub(super) fn filter(self) -> Result<PortfolioFilter, Failure> {
        let mut faults = Vec::new();
        let due = chosen("due", &self.due, &mut faults);
        let level = given(&self.level).and_then(|text| {
            let level = text.parse().ok().filter(|level| *level <= MAX_LEVEL);
            if level.is_none() {
                faults.push(FieldFault::new("level", "a level is a number from 0 to 5"));
            }
            level
        });
        let order = chosen("order", &self.order, &mut faults);
        let text = words("q", &self.q, &mut faults);
        let by = given(&self.sort).map(|word| PortfolioSort::from_name(&word));
        sound(PortfolioFilter { due, level, text, sorting: Sorting { by, order } }, faults)
    }
}

pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<WantedTeams>,
    page: Query<WantedPage>,
) -> Result<Markup, Failure> {
    let (filter, number) = (wanted.into_inner().filter()?, page.number()?);
    let asked = filter.clone();
    let seen = visit.ask(move |cairn, caller| cairn.portfolio(caller, selection, &asked)).await?;
    Ok(views::portfolio::page(&visit.frame(selection), &seen, &filter, number))
}
