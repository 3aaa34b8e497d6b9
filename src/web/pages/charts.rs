//! `/charts/NAME.FORMAT`: charts as files.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, Query, block};
use serde::Deserialize;

use super::attachment;
use crate::app;
use crate::domain::named::Named;
use crate::domain::scoring::Scorecard;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::pictures::{self, Drawn, Format, Picture};
use crate::web::visit::Visit;

/// Of which dimension; none: of the whole.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Which {
    dimension: Option<String>,
}

pub(in crate::web) async fn picture(
    visit: Visit,
    file: Path<String>,
    selection: Selection,
    which: Query<Which>,
) -> Result<HttpResponse, Failure> {
    let (name, extension) = file.split_once('.').ok_or(Failure::NoSuchPage)?;
    let picture = Picture::from_name(name).ok_or(Failure::NoSuchPage)?;
    let format = Format::from_name(extension).ok_or(Failure::NoSuchPage)?;
    let dimension = which.into_inner().dimension.filter(|name| !name.is_empty());
    let dimension = dimension.unwrap_or_else(|| Scorecard::OVERALL.to_owned());
    let drawn = drawn(&visit, picture, selection, &dimension).await?.ok_or(app::Error::NothingSubmitted)?;
    let chart = match drawn {
        Drawn::Chart(chart) => chart,
        Drawn::NoSuchDimension => return Err(Failure::NoSuchPage),
    };
    // Rendering takes long enough to let others go on meanwhile.
    let bytes = block(move || pictures::file(&chart, format)).await;
    let bytes = bytes.map_err(|error| Failure::Broken(error.to_string()))?.map_err(Failure::Broken)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        // The only style is that of the picture itself; opened alone, it can load and run nothing.
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"))
        .insert_header((header::CONTENT_DISPOSITION, attachment(name, selection, Some(&dimension), extension)))
        .body(bytes))
}

/// Asks for what a picture shows, and draws it; `None` while nothing was submitted.
async fn drawn(
    visit: &Visit,
    picture: Picture,
    selection: Selection,
    dimension: &str,
) -> Result<Option<Drawn>, Failure> {
    Ok(match picture {
        Picture::Radar | Picture::Waterfall | Picture::Balance => {
            let seen = visit.ask(move |cairn, caller| cairn.dashboard(caller, selection)).await?;
            seen.content.map(|dashboard| pictures::of_dashboard(picture, &dashboard, &seen.roadmap, dimension))
        }
        Picture::Heatmap => {
            let seen = visit.ask(move |cairn, caller| cairn.overview(caller, selection)).await?;
            seen.content.map(|overview| pictures::heatmap(&overview))
        }
        Picture::Trend | Picture::Levels => {
            let seen = visit.ask(move |cairn, caller| cairn.trend(caller, selection)).await?;
            seen.content.map(|trend| pictures::of_trend(picture, &trend, &seen.roadmap, dimension))
        }
        Picture::Spread => {
            let seen = visit.ask(move |cairn, caller| cairn.spread(caller, selection)).await?;
            let name = seen.view.scope.name;
            seen.content.map(|spread| pictures::spread(&spread, dimension, &name))
        }
    })
}
