//! `/roadmap`: where the transformation of a scope leads.

use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::app;
use crate::domain::period::Period;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// From which quarter on a plan is shown; none: from its first.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct FromQuarter {
    from: Option<String>,
}

impl FromQuarter {
    pub(super) fn quarter(&self) -> Result<Option<Period>, Failure> {
        let text = self.from.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let period = text.map(str::parse).transpose();
        Ok(period.map_err(|error| app::Error::invalid("from", error))?)
    }
}

pub(in crate::web) async fn show(
    visit: Visit,
    selection: Selection,
    from: Query<FromQuarter>,
) -> Result<Markup, Failure> {
    let from = from.quarter()?;
    let seen = visit.ask(move |cairn, caller| cairn.transformation(caller, selection)).await?;
    Ok(views::roadmap::page(&visit.frame(selection), &seen, from))
}
