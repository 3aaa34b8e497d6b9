//! `/portfolio`: which team stands where.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::app;
use crate::domain::catalog::MAX_LEVEL;
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::portfolio::{DueState, Order, PortfolioFilter, PortfolioSort};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// How long the words that are looked for may be.
const TEXT_LIMIT: usize = 100;

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
        let mut fault = |field: &str, message: &str| faults.push(FieldFault::new(field, message));
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let due = given(&self.due).and_then(|word| {
            let due = DueState::from_name(&word);
            if due.is_none() {
                fault("due", "an assessment is submitted, draft or not-begun");
            }
            due
        });
        let level = given(&self.level).and_then(|text| {
            let level = text.parse().ok().filter(|level| *level <= MAX_LEVEL);
            if level.is_none() {
                fault("level", "a level is a number from 0 to 5");
            }
            level
        });
        let order = given(&self.order).and_then(|word| {
            let order = Order::from_name(&word);
            if order.is_none() {
                fault("order", "the order is ascending or descending");
            }
            order
        });
        let text = given(&self.q);
        if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_LIMIT) {
            fault("q", "look for at most 100 characters");
        }
        if !faults.is_empty() {
            return Err(app::Error::Invalid(faults).into());
        }
        let sort = given(&self.sort).map(|word| PortfolioSort::from_name(&word));
        Ok(PortfolioFilter { due, level, text, sort, order })
    }
}

/// Which part of the list is wanted.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct WantedPage {
    page: Option<String>,
}

impl WantedPage {
    pub(super) fn number(&self) -> Result<usize, Failure> {
        let text = self.page.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let number = text.map_or(Some(1), |text| text.parse().ok()).filter(|number| *number > 0);
        let fault = || FieldFault::new("page", "a page is named by its number, from 1 on");
        Ok(number.ok_or_else(|| app::Error::Invalid(vec![fault()]))?)
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
