//! `/export/KIND.FORMAT`: downloads.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{Path, Query};
use serde::Deserialize;

use crate::app::{ExportFormat, ExportKind, ExportRequest};
use crate::domain::roadmap::StageNumber;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// Narrows the gaps down.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Narrowed {
    stage: Option<usize>,
}

pub(in crate::web) async fn download(
    visit: Visit,
    file: Path<String>,
    selection: Selection,
    narrowed: Query<Narrowed>,
) -> Result<HttpResponse, Failure> {
    let (kind, extension) = file.split_once('.').ok_or(Failure::NoSuchPage)?;
    let kind_of_export = match kind {
        "answers" => ExportKind::Answers,
        "levels" => ExportKind::Levels,
        "gaps" => ExportKind::Gaps,
        "trend" => ExportKind::Trend,
        _ => return Err(Failure::NoSuchPage),
    };
    let (format, content_type) = match extension {
        "csv" => (ExportFormat::Csv, "text/csv; charset=utf-8"),
        "json" => (ExportFormat::Json, "application/json"),
        _ => return Err(Failure::NoSuchPage),
    };
    let request = ExportRequest { kind: kind_of_export, format, selection, stage: narrowed.stage.map(StageNumber) };
    let bytes = visit.ask(move |cairn, caller| cairn.export(caller, request)).await?;
    let name = match selection.period {
        Some(period) => format!("cairn-{kind}-{period}.{extension}"),
        None => format!("cairn-{kind}.{extension}"),
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}
