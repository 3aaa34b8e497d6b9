//! `/roadmap/stages/NUMBER`: how far a scope and its teams are with a stage.

use actix_web::web::{Path, Query};
use maud::Markup;
use serde::Deserialize;

use super::portfolio::WantedPage;
use crate::app;
use crate::domain::catalog::ActivityId;
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::portfolio::Order;
use crate::domain::roadmap::StageNumber;
use crate::domain::roadmap::stage::{Arrival, StageFilter, StageSort};
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
    show: String,
    q: String,
    practice: String,
    sort: String,
    order: String,
}

impl WantedTeams {
    /// The filter that the address asks for, or everything that is wrong with it.
    fn filter(self) -> Result<StageFilter, Failure> {
        let mut faults = Vec::new();
        let arrival = named(&self.show, "show", "reached or behind", &mut faults);
        let sort = named(&self.sort, "sort", "sort by team, present, target, left or points", &mut faults);
        let order: Option<Order> = named(&self.order, "order", "the order is ascending or descending", &mut faults);
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let text = given(&self.q);
        if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_LIMIT) {
            faults.push(FieldFault::new("q", "look for at most 100 characters"));
        }
        if !faults.is_empty() {
            return Err(app::Error::Invalid(faults).into());
        }
        let (arrival, sort): (Option<Arrival>, Option<StageSort>) = (arrival, sort);
        let practice = given(&self.practice).map(ActivityId);
        Ok(StageFilter { arrival, text, practice, sort: sort.unwrap_or_default(), order })
    }
}

/// One of some words; `None`: it is empty, or a fault.
fn named<T: Named>(text: &str, field: &str, expected: &str, faults: &mut Vec<FieldFault>) -> Option<T> {
    let text = text.trim();
    let found = T::from_name(text);
    if found.is_none() && !text.is_empty() {
        faults.push(FieldFault::new(field, expected));
    }
    found
}

pub(in crate::web) async fn show(
    visit: Visit,
    number: Path<usize>,
    selection: Selection,
    wanted: Query<WantedTeams>,
    page: Query<WantedPage>,
) -> Result<Markup, Failure> {
    let (number, filter, part) = (StageNumber(*number), wanted.into_inner().filter()?, page.number()?);
    let seen = visit.ask(move |cairn, caller| cairn.stage(caller, selection, number)).await?;
    Ok(views::stage::page(&visit.frame(selection), &seen, number, &filter, part))
}
