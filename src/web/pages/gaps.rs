//! `/gaps`: what is missing.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use super::listing::{WantedPage, given, sorting, sound, words};
use crate::domain::fault::FieldFault;
use crate::domain::roadmap::StageNumber;
use crate::domain::view::{GapFilter, Selection};
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What the address says about which gaps are wanted; empty: all.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Wanted {
    stage: String,
    dimension: String,
    ready: String,
    q: String,
}

impl Wanted {
    /// The filter that the address asks for, or everything that is wrong with it.
    pub(super) fn filter(self) -> Result<GapFilter, Failure> {
        let mut faults = Vec::new();
        let stage = given(&self.stage).map(|text| text.parse().map(StageNumber)).transpose();
        let text = words("q", &self.q, &mut faults);
        let up_to = stage.unwrap_or_else(|_| {
            faults.push(FieldFault::new("stage", "a stage is named by its number, from 1 on"));
            None
        });
        let dimension = Some(self.dimension).filter(|name| !name.is_empty());
        let filter = GapFilter { up_to, dimension, is_ready: given(&self.ready).is_some(), text };
        sound(filter, faults)
    }
}

/// What the address says about the order; empty: by priority.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct WantedOrder {
    sort: String,
    order: String,
}

pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<Wanted>,
    order: Query<WantedOrder>,
    page: Query<WantedPage>,
) -> Result<Markup, Failure> {
    let (filter, number) = (wanted.into_inner().filter()?, page.number()?);
    let mut faults = Vec::new();
    let sorting = sound(sorting(&order.sort, &order.order, &mut faults), faults)?;
    let (asked, by) = (filter.clone(), sorting.clone());
    let seen = visit.ask(move |cairn, caller| cairn.gaps_by_activity(caller, selection, &asked, &by)).await?;
    Ok(views::gaps::page(&visit.frame(selection), &seen, &filter, &sorting, number))
}
