//! `POST /api/v1/imports`: answers from a pipeline.

use actix_web::http::header;
use actix_web::web::{Json, Payload, Query};
use actix_web::{HttpRequest, http::header::HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::{self, ImportOptions, Source};
use crate::domain::access::Action;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// The largest body: what the reader of answers takes as well.
const MAX_BYTES: usize = 32_000_000;

/// How to import; each is left out or `true`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct Wanted {
    #[serde(default)]
    submit: bool,
    #[serde(default)]
    skip_unknown: bool,
    #[serde(default)]
    dry_run: bool,
}

/// Imports a CSV file of answers that is the body of the request: all of it or nothing.
pub(in crate::web) async fn import(
    visit: Visit,
    request: HttpRequest,
    wanted: Query<Wanted>,
    body: Payload,
) -> Result<Json<Value>, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if !kind.to_ascii_lowercase().starts_with(b"text/csv") {
        return Err(Failure::NotCsv);
    }
    // Only now is read what was sent: who may not import cannot fill the memory.
    let body = body.to_bytes_limited(MAX_BYTES).await.map_err(|_| Failure::TooLarge)?;
    let body = body.map_err(|_| Failure::Unreadable("the body ended before its end"))?;
    let Wanted { submit, skip_unknown, dry_run } = wanted.into_inner();
    let options = ImportOptions { submit, skip_unknown, dry_run };
    let summary =
        visit.ask(move |cairn, caller| cairn.import(caller, &[Source { name: "body", bytes: &body }], options));
    let summary = summary.await?;
    let warnings: Vec<String> = summary.warnings.iter().map(ToString::to_string).collect();
    let rows = summary.recorded + summary.unchanged;
    if !visit.caller.actor.may(Action::View) {
        // The other numbers would say nothing.
        return Ok(Json(json!({ "dry_run": dry_run, "rows": rows, "warnings": warnings })));
    }
    Ok(Json(json!({
        "dry_run": dry_run,
        "rows": rows,
        "recorded": summary.recorded,
        "unchanged": summary.unchanged,
        "opened": summary.opened,
        "submitted": summary.submitted,
        "teams_added": summary.teams_added,
        "warnings": warnings,
    })))
}
