//! `/unusual`: what somebody should look at.

use maud::Markup;

use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

pub(in crate::web) async fn list(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.unusual(caller, selection)).await?;
    Ok(views::unusual::page(&visit.frame(selection), &seen))
}
