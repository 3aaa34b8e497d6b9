//! `POST /api/v1/imports`: answers from a pipeline.

use actix_web::http::header;
use actix_web::web::{Json, Payload, Query};
use actix_web::{HttpRequest, http::header::HeaderValue};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::{self, ImportOptions, Source};
use crate::domain::access::Action;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// The largest body: what the reader of answers takes as well.
const MAX_BYTES: usize = 32_000_000;

/// How to import.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Submit the assessments that the file speaks of.
    #[serde(default)]
    submit: bool,
    /// Pass over answers to activities that the catalog does not have, with a warning for each.
    #[serde(default)]
    skip_unknown: bool,
    /// Say what would happen, but change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// What an import did, or would do. Who sees nothing is told the rows and the warnings only.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Imported {
    /// Whether nothing was changed, as was asked for.
    dry_run: bool,
    /// How many rows were read.
    rows: usize,
    /// How many answers were recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<usize>,
    /// How many rows say what is recorded already.
    #[serde(skip_serializing_if = "Option::is_none")]
    unchanged: Option<usize>,
    /// How many assessments were opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    opened: Option<usize>,
    /// How many assessments were submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    submitted: Option<usize>,
    /// The names of the teams that were added.
    #[serde(skip_serializing_if = "Option::is_none")]
    teams_added: Option<Vec<String>>,
    /// What was passed over, with its place.
    warnings: Vec<String>,
}

/// Imports answers: all of the file or nothing of it.
#[utoipa::path(post, path = "/api/v1/imports", tag = "Imports", params(Wanted),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, description = "What was done, or would be", body = Imported)))]
pub(in crate::web) async fn import(
    visit: Visit,
    request: HttpRequest,
    wanted: Query<Wanted>,
    body: Payload,
) -> Result<Json<Imported>, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with(b"text/csv") {
        return Err(Failure::WrongKind("CSV with the content type text/csv"));
    }
    // Only now is read what was sent: who may not import cannot fill the memory.
    let body = body.to_bytes_limited(MAX_BYTES).await.map_err(|_| Failure::TooLarge)?;
    let body = body.map_err(|_| Failure::unreadable("the body ended before its end"))?;
    let Wanted { submit, skip_unknown, dry_run } = wanted.into_inner();
    let options = ImportOptions { submit, skip_unknown, dry_run };
    let summary =
        visit.ask(move |cairn, caller| cairn.import(caller, &[Source { name: "body", bytes: &body }], options));
    let summary = summary.await?;
    let warnings: Vec<String> = summary.warnings.iter().map(ToString::to_string).collect();
    let rows = summary.recorded + summary.unchanged;
    // Who sees nothing is told no number that would say what was there before.
    let tells = visit.caller.actor.may(Action::View);
    let told = |number: usize| tells.then_some(number);
    Ok(Json(Imported {
        dry_run,
        rows,
        recorded: told(summary.recorded),
        unchanged: told(summary.unchanged),
        opened: told(summary.opened),
        submitted: told(summary.submitted),
        teams_added: tells.then_some(summary.teams_added),
        warnings,
    }))
}
