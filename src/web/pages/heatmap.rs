//! `/heatmap`: which parts of the model are done.

use std::ops::RangeInclusive;

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::app;
use crate::domain::catalog::{Level, MAX_LEVEL};
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
    level: Option<String>,
    page: Option<String>,
}

pub(in crate::web) async fn show(visit: Visit, selection: Selection, wanted: Query<Wanted>) -> Result<Markup, Failure> {
    let Wanted { dimension, part, level, page } = wanted.into_inner();
    let level =
        number(level.as_deref(), "level", 1..=usize::from(MAX_LEVEL))?.and_then(|level| Level::try_from(level).ok());
    // People count pages from 1.
    let page = number(page.as_deref(), "page", 1..=usize::MAX)?.unwrap_or(1) - 1;
    let seen = visit.ask(move |cairn, caller| cairn.heatmap(caller, selection, page)).await?;
    let sector = dimension.zip(part).zip(level).map(|((dimension, part), level)| Sector { dimension, part, level });
    Ok(views::heatmap::page(&visit.frame(selection), &seen, sector.as_ref()))
}

/// A number of the address in a range; `None`: it is not there.
fn number(text: Option<&str>, field: &str, range: RangeInclusive<usize>) -> Result<Option<usize>, app::Error> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let found = text.parse().ok().filter(|number| range.contains(number));
    let up_to = if *range.end() < usize::MAX { format!(" to {}", range.end()) } else { " on".to_owned() };
    found
        .map(Some)
        .ok_or_else(|| app::Error::invalid(field, format!("a {field} is a number from {}{up_to}", range.start())))
}
