//! `/gaps`: what is missing.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::app;
use crate::domain::fault::FieldFault;
use crate::domain::roadmap::StageNumber;
use crate::domain::view::{GapFilter, Selection};
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What the address says about which gaps are wanted; empty: all.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Wanted {
    stage: Option<String>,
    dimension: Option<String>,
}

impl Wanted {
    /// The filter that the address asks for.
    pub(super) fn filter(self) -> Result<GapFilter, Failure> {
        let stage = self.stage.filter(|text| !text.is_empty());
        let up_to = stage.map(|text| text.parse().map(StageNumber)).transpose().map_err(|_| {
            app::Error::Invalid(vec![FieldFault::new("stage", "a stage is named by its number, from 1 on")])
        })?;
        Ok(GapFilter { up_to, dimension: self.dimension.filter(|text| !text.is_empty()) })
    }
}

pub(in crate::web) async fn list(visit: Visit, selection: Selection, wanted: Query<Wanted>) -> Result<Markup, Failure> {
    let filter = wanted.into_inner().filter()?;
    let asked = filter.clone();
    let seen = visit.ask(move |cairn, caller| cairn.urgent_gaps(caller, selection, &asked)).await?;
    Ok(views::gaps::page(&visit.frame(selection), &seen, &filter))
}
