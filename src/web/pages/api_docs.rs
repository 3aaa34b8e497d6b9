//! `/api/docs`: the interface for programs, to read.

use maud::Markup;

use crate::app;
use crate::domain::access::Action;
use crate::domain::view::Selection;
use crate::web::api;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

pub(in crate::web) async fn show(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    visit.caller.actor.authorize(Action::View).map_err(app::Error::from)?;
    Ok(views::api_docs::page(&visit.frame(selection), &visit.base(), &api::reference()?))
}
