//! `/`: where we stand.

use maud::Markup;

use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

pub(in crate::web) async fn show(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.dashboard(caller, selection)).await?;
    Ok(views::dashboard::page(&visit.frame(selection), &seen))
}
