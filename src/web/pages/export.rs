//! `/export/KIND.FORMAT`: downloads.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, Query};

use super::attachment;
use super::catalog::WantedStandard;
use super::compare::WantedSides;
use super::gaps::Wanted;
use super::portfolio::WantedTeams;
use crate::app::{ExportFormat, ExportKind, ExportRequest};
use crate::domain::named::Named;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

pub(in crate::web) async fn download(
    visit: Visit,
    file: Path<String>,
    selection: Selection,
    wanted: Query<Wanted>,
    standard: Query<WantedStandard>,
    teams: Query<WantedTeams>,
    sides: Query<WantedSides>,
) -> Result<HttpResponse, Failure> {
    let (kind_name, format_name) = file.split_once('.').ok_or(Failure::NoSuchPage)?;
    let kind = ExportKind::from_name(kind_name).ok_or(Failure::NoSuchPage)?;
    let format = ExportFormat::from_name(format_name).ok_or(Failure::NoSuchPage)?;
    let request = ExportRequest {
        kind,
        format,
        selection,
        filter: wanted.into_inner().filter()?,
        standard: standard.standard()?,
        portfolio: teams.into_inner().filter()?,
        comparison: sides.into_inner().filter()?,
    };
    let bytes = visit.ask(move |cairn, caller| cairn.export(caller, request)).await?;
    let content_type = match format {
        ExportFormat::Csv => "text/csv; charset=utf-8",
        ExportFormat::Json => "application/json",
        ExportFormat::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, attachment(kind_name, selection, None, format_name)))
        .body(bytes))
}
