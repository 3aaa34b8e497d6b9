//! `/threat-models`: which teams have a fresh threat model of what.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use super::listing::{WantedPage, chosen, sorting, sound, words};
use crate::domain::threat_model::listing::ModelFilter;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What the address says about which models are wanted, and in which order; empty: all, by team.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct WantedModels {
    sort: String,
    order: String,
    state: String,
    severity: String,
    q: String,
}

impl WantedModels {
    /// The filter that the address asks for, or everything that is wrong with it.
    fn filter(self) -> Result<ModelFilter, Failure> {
        let mut faults = Vec::new();
        let filter = ModelFilter {
            state: chosen("state", &self.state, &mut faults),
            severity: chosen("severity", &self.severity, &mut faults),
            text: words("q", &self.q, &mut faults),
            sorting: sorting(&self.sort, &self.order, &mut faults),
        };
        sound(filter, faults)
    }
}

pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<WantedModels>,
    page: Query<WantedPage>,
) -> Result<Markup, Failure> {
    let (filter, number) = (wanted.into_inner().filter()?, page.number()?);
    let asked = filter.clone();
    let seen = visit.ask(move |cairn, caller| cairn.threat_portfolio(caller, selection, &asked)).await?;
    Ok(views::threat_models::page(&visit.frame(selection), &seen, &filter, number))
}
