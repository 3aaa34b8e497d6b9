//! `/api/v1/threat-models/{model}/files`: threat models and their diagrams as files.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::threat_model::PartId;
use crate::domain::threat_model::register::ThreatModelId;
use crate::web::failure::Failure;
use crate::web::pages;
use crate::web::visit::Visit;

/// Which file of which threat model.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfFile {
    /// The number of the threat model.
    model: i64,
    /// `threat-model.json`, `threat-dragon.json`, `threats.csv`, `threats.xlsx`, `mitigations.csv`, `mitigations.xlsx`,
    /// `diagram.svg` or `diagram.png`.
    file: String,
}

/// Of which diagram.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct OfDiagram {
    /// The id of the diagram that is drawn; unless said, of the elements that are in none.
    diagram: Option<String>,
}

/// Which picture of which threat model.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfImage {
    /// The number of the threat model.
    model: i64,
    /// The digest of the picture, as its diagram says it.
    digest: String,
}

/// Gives a threat model, its threats, its mitigations or a diagram as a file.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/files/{file}", tag = "Threat models", params(OfFile, OfDiagram),
    responses((status = 200, description = "The file", content(
        (Object = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "image/svg+xml"),
        (Vec<u8> = "image/png"),
    ))))]
pub(in crate::web) async fn file(
    visit: Visit,
    of: Path<OfFile>,
    diagram: Query<OfDiagram>,
) -> Result<HttpResponse, Failure> {
    let OfFile { model, file } = of.into_inner();
    let diagram = diagram.into_inner().diagram.map(PartId);
    pages::threat_model_files::file(&visit, ThreatModelId(model), &file, diagram).await
}

/// Gives a picture that came with a threat model.
#[utoipa::path(get, path = "/api/v1/threat-models/{model}/images/{digest}", tag = "Threat models", params(OfImage),
    responses((status = 200, description = "The picture", content(
        (Vec<u8> = "image/png"),
        (Vec<u8> = "image/jpeg"),
        (Vec<u8> = "image/gif"),
        (Vec<u8> = "image/webp"),
        (String = "image/svg+xml"),
    ))))]
pub(in crate::web) async fn image(visit: Visit, of: Path<OfImage>) -> Result<HttpResponse, Failure> {
    let OfImage { model, digest } = of.into_inner();
    pages::threat_models::image(visit, Path::from((model, digest))).await
}
