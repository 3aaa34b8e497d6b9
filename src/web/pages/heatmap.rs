//! `/heatmap`: which parts of the model are done.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::domain::catalog::Level;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::heatmap::Sector;
use crate::web::visit::Visit;

/// What else the address says: which sector is looked at closely, and which page of the teams.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Wanted {
    dimension: Option<String>,
    part: Option<String>,
    level: Option<Level>,
    page: Option<usize>,
}

pub(in crate::web) async fn show(visit: Visit, selection: Selection, wanted: Query<Wanted>) -> Result<Markup, Failure> {
    let Wanted { dimension, part, level, page } = wanted.into_inner();
    // People count pages from 1.
    let page = page.unwrap_or(1).saturating_sub(1);
    let seen = visit.ask(move |cairn, caller| cairn.heatmap(caller, selection, page)).await?;
    let sector = dimension.zip(part).zip(level).map(|((dimension, part), level)| Sector { dimension, part, level });
    Ok(views::heatmap::page(&visit.frame(selection), &seen, sector.as_ref()))
}
