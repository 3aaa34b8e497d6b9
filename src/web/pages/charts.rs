//! `/charts/NAME.FORMAT`: charts as files.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, Query};
use serde::Deserialize;

use super::attachment;
use super::export::WantedPlan;
use super::plans::Wanted as WantedVersion;
use crate::app::{self, AskedPlan};
use crate::domain::named::Named;
use crate::domain::roadmap::StageNumber;
use crate::domain::scoring::Scorecard;
use crate::domain::threat_model::listing::ModelFilter;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::pictures::{self, Drawn, Format, Picture};
use crate::web::visit::{Visit, aside};

/// Of which dimension; none: of the whole. And of which stage; none: the first of which something is left.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Which {
    dimension: Option<String>,
    stage: Option<String>,
}

impl Which {
    fn stage(&self) -> Result<Option<StageNumber>, app::Error> {
        let text = self.stage.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let number = text
            .map(|text| text.parse().map_err(|_| app::Error::invalid("stage", "this is not the number of a stage")));
        Ok(number.transpose()?.map(StageNumber))
    }
}

pub(in crate::web) async fn picture(
    visit: Visit,
    file: Path<String>,
    selection: Selection,
    which: Query<Which>,
    (plan, version): (Query<WantedPlan>, Query<WantedVersion>),
) -> Result<HttpResponse, Failure> {
    let (name, extension) = file.split_once('.').ok_or(Failure::NoSuchPage)?;
    let picture = Picture::from_name(name).ok_or(Failure::NoSuchPage)?;
    let format = Format::from_name(extension).ok_or(Failure::NoSuchPage)?;
    let wanted = Of { selection, plan: plan.asked(&version, selection)?, stage: which.stage()? };
    let dimension = which.into_inner().dimension.filter(|name| !name.is_empty());
    let dimension = dimension.unwrap_or_else(|| Scorecard::OVERALL.to_owned());
    let drawn = drawn(&visit, picture, wanted, &dimension).await?.ok_or(app::Error::NothingSubmitted)?;
    let chart = match drawn {
        Drawn::Chart(chart) => chart,
        Drawn::Nothing => return Err(Failure::NoSuchPage),
    };
    // Rendering takes long enough to let others go on meanwhile.
    let bytes = aside(move || pictures::file(&chart, format)).await?.map_err(Failure::Broken)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        // The only style is that of the picture itself; opened alone, it can load and run nothing.
        .insert_header((header::CONTENT_SECURITY_POLICY, super::ALONE))
        .insert_header((header::CONTENT_DISPOSITION, attachment(name, selection, Some(&dimension), extension)))
        .body(bytes))
}

/// Of whom and when, of which plan and of which stage.
#[derive(Debug, Clone, Copy)]
struct Of {
    selection: Selection,
    plan: Option<AskedPlan>,
    stage: Option<StageNumber>,
}

/// Asks for what a picture shows, and draws it; `None` while nothing was submitted.
async fn drawn(visit: &Visit, picture: Picture, wanted: Of, dimension: &str) -> Result<Option<Drawn>, Failure> {
    let Of { selection, plan, stage } = wanted;
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
        Picture::Forecast => {
            let seen = visit.ask(move |cairn, caller| cairn.forecast(caller, selection)).await?;
            seen.content.map(|forecast| pictures::forecast(&forecast, &seen.roadmap, stage))
        }
        Picture::Projection => {
            let course = visit.ask(move |cairn, caller| cairn.projection(caller, selection, plan)).await?;
            Some(pictures::projection(&course, dimension))
        }
        Picture::Workload => {
            let listing = visit.ask(move |cairn, caller| cairn.plan_listing(caller, selection, plan, None)).await?;
            Some(pictures::workload(&listing.plan, &listing.input, &listing.roadmap))
        }
        Picture::BurnUp => {
            let (_, progress) = visit.ask(move |cairn, caller| cairn.plan_progress(caller, selection, plan)).await?;
            Some(pictures::burn_up(&progress))
        }
        Picture::OpenThreats => {
            let filter = ModelFilter::default();
            let seen = visit.ask(move |cairn, caller| cairn.threat_portfolio(caller, selection, &filter)).await?;
            Some(pictures::of_open_threats(&seen.quarters))
        }
    })
}
