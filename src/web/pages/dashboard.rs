//! `/`: where we stand.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// What the address says after an assessment was submitted.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Arrived {
    submitted: Option<String>,
}

pub(in crate::web) async fn show(
    visit: Visit,
    selection: Selection,
    arrived: Query<Arrived>,
) -> Result<Markup, Failure> {
    let seen = visit
        .ask(move |cairn, caller| Ok((cairn.dashboard(caller, selection)?, cairn.drafts(caller, selection.scope)?)));
    let (seen, drafts) = seen.await?;
    Ok(views::dashboard::page(&visit.frame(selection), &seen, &drafts, arrived.submitted.is_some()))
}
