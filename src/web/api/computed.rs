//! What comes of the answers: levels, gaps, trend, roadmap and mappings, in the same JSON as exports give.

use actix_web::HttpResponse;
use actix_web::http::header;
use serde::Deserialize;
use utoipa::IntoParams;

use super::computed_schemas::{Gap, Levels, Mapping, Roadmap, Trend};
use super::scope::OfScope;
use crate::app::{ExportFormat, ExportKind};
use crate::web::failure::Failure;
use crate::web::pages::export::{Asked, request};
use crate::web::visit::Visit;

/// Which gaps.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read with everything else that exports can be asked for")]
pub(in crate::web) struct WhichGaps {
    /// Only those of the stages of the roadmap up to this one.
    #[param(minimum = 1)]
    stage: Option<usize>,
    /// Only those of this dimension, by its name.
    dimension: Option<String>,
    /// Only those that can be closed now, since nothing that has to be done before is open: `1`.
    ready: Option<String>,
    /// Only those of activities with these words in their names or texts.
    q: Option<String>,
}

/// Which plan.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read with everything else that exports can be asked for")]
pub(in crate::web) struct WhichPlan {
    /// Without the stages after this one.
    #[param(minimum = 1)]
    stage: Option<usize>,
    /// The number of a kept plan; without it, the one that is followed or, where none is, what is proposed.
    plan: Option<i64>,
    /// Which version of that plan; the latest unless said.
    #[param(minimum = 1)]
    version: Option<u32>,
}

/// Which standard.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read with everything else that exports can be asked for")]
pub(in crate::web) struct WhichStandard {
    /// `iso27001-2022` unless said, `iso27001-2017` or `samm2`.
    #[param(pattern = "^(iso27001-2022|iso27001-2017|samm2)$")]
    standard: Option<String>,
}

/// Gives the level, score and completion of the whole, the dimensions and the sub-dimensions.
#[utoipa::path(get, path = "/api/v1/levels", tag = "Results", params(OfScope),
    responses((status = 200, description = "The levels", body = Levels)))]
pub(in crate::web) async fn levels(visit: Visit, asked: Asked) -> Result<HttpResponse, Failure> {
    json(&visit, ExportKind::Levels, asked).await
}

/// Lists what is not fully implemented, the most urgent first. It is all there at once.
#[utoipa::path(get, path = "/api/v1/gaps", tag = "Results", params(OfScope, WhichGaps),
    responses((status = 200, description = "The gaps", body = [Gap])))]
pub(in crate::web) async fn gaps(visit: Visit, asked: Asked) -> Result<HttpResponse, Failure> {
    json(&visit, ExportKind::Gaps, asked).await
}

/// Gives level, score and completion over the quarters, of the whole and of the dimensions.
#[utoipa::path(get, path = "/api/v1/trend", tag = "Results", params(OfScope),
    responses((status = 200, description = "The trend", body = Trend)))]
pub(in crate::web) async fn trend(visit: Visit, asked: Asked) -> Result<HttpResponse, Failure> {
    json(&visit, ExportKind::Trend, asked).await
}

/// Gives the stages, with what is done in which quarter.
#[utoipa::path(get, path = "/api/v1/roadmap", tag = "Results", params(OfScope, WhichPlan),
    responses((status = 200, description = "The roadmap", body = Roadmap)))]
pub(in crate::web) async fn roadmap(visit: Visit, asked: Asked) -> Result<HttpResponse, Failure> {
    json(&visit, ExportKind::Roadmap, asked).await
}

/// Lists the clauses of a standard with the activities that serve them. It is all there at once.
#[utoipa::path(get, path = "/api/v1/mappings", tag = "Results", params(OfScope, WhichStandard),
    responses((status = 200, description = "An entry for each clause and activity", body = [Mapping])))]
pub(in crate::web) async fn mappings(visit: Visit, asked: Asked) -> Result<HttpResponse, Failure> {
    json(&visit, ExportKind::Mappings, asked).await
}

/// What an export of this kind says, as JSON.
async fn json(visit: &Visit, kind: ExportKind, asked: Asked) -> Result<HttpResponse, Failure> {
    let format = ExportFormat::Json;
    let request = request(visit, kind, format, asked)?;
    let bytes = visit.ask(move |cairn, caller| cairn.export(caller, request)).await?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, format.media_type())).body(bytes))
}
