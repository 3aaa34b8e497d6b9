//! `/trend`: how we developed, as a page and as a picture.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Query;
use maud::Markup;
use serde::Deserialize;

use crate::app;
use crate::domain::scoring::Scorecard;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

pub(in crate::web) async fn show(visit: Visit, selection: Selection) -> Result<Markup, Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.trend(caller, selection)).await?;
    Ok(views::trend::page(&visit.frame(selection), &seen, visit.cairn().roadmap()))
}

/// Which of the charts.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Which {
    dimension: Option<String>,
}

/// One chart as a file: that of a dimension, or of the whole.
pub(in crate::web) async fn picture(
    visit: Visit,
    selection: Selection,
    which: Query<Which>,
) -> Result<HttpResponse, Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.trend(caller, selection)).await?;
    let trend = seen.content.ok_or(app::Error::NothingSubmitted)?;
    let wanted = which.dimension.as_deref().unwrap_or(Scorecard::OVERALL);
    let picture = views::trend::picture(&trend, visit.cairn().roadmap(), wanted).ok_or(Failure::NoSuchPage)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "image/svg+xml"))
        // The only style is that of the picture itself; opened alone, it can load and run nothing.
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"cairn-trend.svg\""))
        .body(picture))
}
