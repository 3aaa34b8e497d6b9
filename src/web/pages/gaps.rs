//! `/gaps`: what is missing.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::domain::roadmap::StageNumber;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What the filter of the page sends; empty: no filter.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Filter {
    stage: Option<String>,
    dimension: Option<String>,
}

pub(in crate::web) async fn list(visit: Visit, selection: Selection, filter: Query<Filter>) -> Result<Markup, Failure> {
    let stage = filter.stage.as_deref().filter(|text| !text.is_empty());
    let stage = stage.map(|text| text.parse().map(StageNumber)).transpose().map_err(|_| {
        let stages = visit.cairn().roadmap().stages().len();
        Failure::Unreadable(format!("there is no such stage; the roadmap has the stages 1 to {stages}"))
    })?;
    let seen = visit.ask(move |cairn, caller| cairn.gaps(caller, selection, stage)).await?;
    let filter = views::gaps::Filter { stage, dimension: filter.dimension.as_deref().filter(|text| !text.is_empty()) };
    Ok(views::gaps::page(
        &visit.frame(Some(selection)),
        &seen,
        visit.cairn().roadmap(),
        &visit.cairn().settings().scale,
        filter,
    ))
}
