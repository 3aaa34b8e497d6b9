//! `/admin/backups`: when the last backup was made.

use maud::Markup;

use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

pub(in crate::web) async fn show(visit: Visit) -> Result<Markup, Failure> {
    let backups = visit.ask(|cairn, caller| cairn.backups(caller)).await?;
    Ok(views::backups::page(&visit.frame(Selection::ORGANIZATION), &backups, visit.caller.at))
}
