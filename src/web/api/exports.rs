//! `/api/v1/exports`: everything as files.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::paging::{Paged, Paging};
use super::scope::OfScope;
use crate::app::{self, ExportFormat, ExportKind};
use crate::domain::access::Action;
use crate::domain::named::Named;
use crate::web::failure::Failure;
use crate::web::pages::export::{Asked, file, request};
use crate::web::visit::Visit;

/// What can be exported.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Export {
    /// The word for it.
    #[schema(example = "levels")]
    kind: &'static str,
    /// In which formats.
    formats: Vec<&'static str>,
    /// What can be asked for: the parameters that it has besides `format`.
    parameters: Vec<&'static str>,
}

/// Which export.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(in crate::web) struct OfExport {
    /// The word for it, as the list of exports has it.
    kind: String,
}

/// In which format.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct InFormat {
    /// `json` unless said, `csv`, `xlsx`, or another that the list of exports names.
    format: Option<String>,
}

/// What exports can be asked for, each those that the list of exports names.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read together")]
pub(in crate::web) struct Filters {
    /// Gaps, a roadmap and work items: up to this stage. Practices: of this stage.
    stage: Option<String>,
    /// Gaps, practices and comparisons: of this dimension, by its name.
    dimension: Option<String>,
    /// Mappings and statements: of `iso27001-2022` unless said, `iso27001-2017` or `samm2`.
    standard: Option<String>,
    /// The portfolio: by what it is ordered.
    sort: Option<String>,
    /// The portfolio: `ascending` or `descending`.
    order: Option<String>,
    /// The portfolio: only teams whose assessment is `submitted`, `draft` or `not-begun`.
    due: Option<String>,
    /// The portfolio: only teams at this level.
    level: Option<String>,
    /// The portfolio: only teams with these words in their names. Gaps: only activities with these words.
    q: Option<String>,
    /// Gaps: only those that can be closed now, `1`.
    ready: Option<String>,
    /// A comparison: the first side, like `team-3` or `group-1`.
    a: Option<String>,
    /// A comparison: the quarter of the first side.
    a_period: Option<String>,
    /// A comparison: the second side, like `team-3` or `group-1`.
    b: Option<String>,
    /// A comparison: the quarter of the second side.
    b_period: Option<String>,
    /// A comparison: only where this side is ahead, `a` or `b`.
    ahead: Option<String>,
    /// A comparison: whether what does not differ is there, too.
    all: Option<String>,
    /// A roadmap and everything about plans: the number of a kept plan.
    plan: Option<String>,
    /// Which version of that plan.
    version: Option<u32>,
}

/// What a kind can be asked for, besides the scope and the quarter.
fn filters(kind: ExportKind) -> &'static [&'static str] {
    use ExportKind as K;
    match kind {
        K::Gaps => &["stage", "dimension", "ready", "q"],
        K::Practices => &["stage", "dimension"],
        K::Roadmap | K::WorkItems => &["stage", "plan", "version"],
        K::Forecast | K::ForecastFan | K::Projection => &["plan", "version"],
        K::PlanProgress | K::BurnUp | K::Slipped | K::PlanTeams => &["plan", "version"],
        K::Mappings | K::Statement => &["standard"],
        K::Portfolio => &["sort", "order", "due", "level", "q"],
        K::Comparison => &["a", "a_period", "b", "b_period", "dimension", "ahead", "all"],
        _ => &[],
    }
}

/// All parameters of a kind but the format.
fn parameters(kind: ExportKind) -> Vec<&'static str> {
    match kind {
        // Always all of it.
        ExportKind::Audit => Vec::new(),
        kind => [&["team", "group", "period"], filters(kind)].concat(),
    }
}

/// The format of this word; without one JSON, or what comes first where there is no JSON.
fn format(kind: ExportKind, word: Option<&str>) -> Result<ExportFormat, Failure> {
    let formats = kind.formats();
    let Some(word) = word else {
        let usual = formats.iter().find(|format| **format == ExportFormat::Json).or(formats.first());
        return Ok(usual.copied().unwrap_or(ExportFormat::Json));
    };
    let format = ExportFormat::from_name(word).filter(|format| formats.contains(format));
    let there: Vec<&str> = formats.iter().map(|format| format.name()).collect();
    let there = there.join(", ");
    Ok(format.ok_or_else(|| app::Error::invalid("format", format!("{} can be had as {there}", kind.name())))?)
}

/// Lists what can be exported.
#[utoipa::path(get, path = "/api/v1/exports", tag = "Exports", params(Paging),
    responses((status = 200, description = "A page of the exports, by their words", body = [Export])))]
pub(in crate::web) async fn list(visit: Visit, paging: Query<Paging>) -> Result<Paged<Export>, Failure> {
    visit.caller.actor.authorize(Action::View).map_err(app::Error::from)?;
    let mut kinds: Vec<(&str, ExportKind)> = ExportKind::NAMED.to_vec();
    kinds.sort_by_key(|(name, _)| *name);
    let page = paging.page(kinds, |(name, _)| (*name).to_owned())?;
    Ok(page.map(|(name, kind)| Export {
        kind: name,
        formats: kind.formats().iter().map(|format| format.name()).collect(),
        parameters: parameters(kind),
    }))
}

/// Gives an export as a file.
#[utoipa::path(get, path = "/api/v1/exports/{kind}", tag = "Exports", params(OfExport, InFormat, OfScope, Filters),
    responses((status = 200, description = "The file", content(
        (serde_json::Value = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ))))]
pub(in crate::web) async fn export(
    visit: Visit,
    of: Path<OfExport>,
    wanted: Query<InFormat>,
    sent: Query<Vec<(String, String)>>,
    asked: Asked,
) -> Result<HttpResponse, Failure> {
    let kind = ExportKind::from_name(&of.kind).ok_or(app::Error::NotFound("export"))?;
    let format = format(kind, wanted.into_inner().format.as_deref())?;
    // A filter that is passed over would give more than was asked for.
    let known = parameters(kind);
    if let Some((name, _)) = sent.iter().find(|(name, _)| name != "format" && !known.contains(&name.as_str())) {
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(Failure::unreadable(format!("{} has no parameter “{name}”; there are {known}", of.kind)));
    }
    let request = request(&visit, kind, format, asked)?;
    file(&visit, request).await
}
