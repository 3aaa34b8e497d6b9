//! `/catalog`: what is asked.

use actix_web::web::Path;
use maud::Markup;

use crate::app;
use crate::domain::catalog::ActivityId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

pub(in crate::web) async fn list(visit: Visit, selection: Selection) -> Markup {
    views::catalog::list(&visit.frame(selection), visit.cairn().catalog())
}

pub(in crate::web) async fn show(visit: Visit, id: Path<String>, selection: Selection) -> Result<Markup, Failure> {
    let catalog = visit.cairn().catalog();
    let index = catalog.find(&ActivityId(id.into_inner())).ok_or(app::Error::NotFound("activity"))?;
    Ok(views::catalog::activity(&visit.frame(selection), catalog, index, visit.cairn().roadmap()))
}
