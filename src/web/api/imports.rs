//! `POST /api/v1/imports`: files of answers, evidence and teams.

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{Json, Payload, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::body;
use crate::app::{self, ImportOptions, Source};
use crate::domain::access::Action;
use crate::domain::import::{Change, Count};
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
    /// How many things there are of each kind, by what becomes of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ImportCount>>)]
    counts: Option<Vec<Count>>,
    /// What becomes of each thing; of each fate at most 500 are listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<ImportChange>>)]
    changes: Option<Vec<Change>>,
}

/// How many things of a kind become what.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the domain writes")]
struct ImportCount {
    /// `scale`, `group`, `team`, `assessment`, `answer` or `evidence`.
    subject: String,
    /// `new`, `changed` or `same`.
    fate: String,
    /// How many there are.
    count: usize,
}

/// What becomes of one thing.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the domain writes")]
struct ImportChange {
    /// Where the file speaks of it: file, and line or cell.
    place: String,
    /// `scale`, `group`, `team`, `assessment`, `answer` or `evidence`.
    subject: String,
    /// `new`, `changed` or `same`.
    fate: String,
    /// What people call it.
    name: String,
    /// In what it changes; for a new thing what it says.
    differences: Vec<ImportDifference>,
}

/// One aspect in which a thing changes.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it describes what the domain writes")]
struct ImportDifference {
    /// Which: the name of its column.
    field: String,
    /// What is recorded; empty for a new thing.
    from: String,
    /// What the file says.
    to: String,
}

/// The content types that are read. What a file is is seen from its content; the type keeps forms of other sites out.
const KINDS: [&str; 6] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "application/octet-stream",
];

/// Imports a file of answers, evidence or teams: all of it or nothing. What it is is seen from its content: CSV, a
/// workbook, or a file of the DSOMM application.
#[utoipa::path(post, path = "/api/v1/imports", tag = "Imports", params(Wanted),
    request_body(content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/yaml"),
        (String = "text/yaml"),
        (Vec<u8> = "application/octet-stream"),
    )),
    responses((status = 200, description = "What was done, or would be", body = Imported)))]
pub(in crate::web) async fn import(
    visit: Visit,
    request: HttpRequest,
    wanted: Query<Wanted>,
    body: Payload,
) -> Result<Json<Imported>, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !KINDS.iter().any(|known| kind.eq_ignore_ascii_case(known)) {
        return Err(Failure::WrongKind("CSV, workbooks and YAML, with a content type like text/csv,"));
    }
    let body = body::file(body, MAX_BYTES).await?;
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
        counts: tells.then(|| summary.changes.counts()),
        changes: tells.then(|| summary.changes.kept().cloned().collect()),
    }))
}
