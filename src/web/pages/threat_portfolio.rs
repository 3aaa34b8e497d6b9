//! `/threat-models`: which teams have a fresh threat model of what.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use super::portfolio::WantedPage;
use crate::app;
use crate::domain::fault::FieldFault;
use crate::domain::named::{Named, expected};
use crate::domain::portfolio::Order;
use crate::domain::threat_model::listing::{ModelFilter, ModelSort, Standing};
use crate::domain::threat_model::words::Severity;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// How long the words that are looked for may be.
const TEXT_LIMIT: usize = 100;

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
        let text = Some(self.q.trim().to_owned()).filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_LIMIT) {
            faults.push(FieldFault::new("q", "look for at most 100 characters"));
        }
        let filter = ModelFilter {
            state: chosen::<Standing>("state", &self.state, &mut faults),
            severity: chosen::<Severity>("severity", &self.severity, &mut faults),
            text,
            sort: chosen::<ModelSort>("sort", &self.sort, &mut faults),
            order: chosen::<Order>("order", &self.order, &mut faults),
        };
        if faults.is_empty() { Ok(filter) } else { Err(app::Error::Invalid(faults).into()) }
    }
}

/// The value of a word; nothing where none was chosen.
fn chosen<T: Named>(field: &str, word: &str, faults: &mut Vec<FieldFault>) -> Option<T> {
    let word = word.trim();
    let value = T::from_name(word);
    if value.is_none() && !word.is_empty() {
        faults.push(FieldFault::new(field, expected::<T>(word)));
    }
    value
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
