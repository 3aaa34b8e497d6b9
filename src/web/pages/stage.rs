//! `/roadmap/stages/NUMBER`: how far a scope and its teams are with a stage.

use actix_web::web::{Path, Query};
use maud::Markup;
use serde::Deserialize;

use super::listing::{WantedPage, chosen, given, sorting, sound, words};
use crate::domain::catalog::ActivityId;
use crate::domain::roadmap::StageNumber;
use crate::domain::roadmap::stage::StageFilter;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

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
        let filter = StageFilter {
            arrival: chosen("show", &self.show, &mut faults),
            text: words("q", &self.q, &mut faults),
            practice: given(&self.practice).map(ActivityId),
            sorting: sorting(&self.sort, &self.order, &mut faults),
        };
        sound(filter, faults)
    }
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
