//! `/catalog`: what is asked.

use actix_web::web::Path;
use maud::Markup;

use crate::app;
use crate::domain::catalog::ActivityId;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

pub(in crate::web) async fn list(visit: Visit) -> Markup {
    views::catalog::list(&visit.frame(None), visit.cairn().catalog())
}

pub(in crate::web) async fn show(visit: Visit, id: Path<String>) -> Result<Markup, Failure> {
    let catalog = visit.cairn().catalog();
    let index = catalog.find(&ActivityId(id.into_inner())).ok_or(app::Error::NotFound("activity"))?;
    Ok(views::catalog::activity(&visit.frame(None), catalog, index, visit.cairn().roadmap()))
}
