//! `POST /api/v1/imports`: files with answers, evidence and teams from a pipeline.

use actix_web::http::header;
use actix_web::web::{Json, Payload, Query};
use actix_web::{HttpRequest, http::header::HeaderValue};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::app::{self, ImportOptions, Source};
use crate::domain::access::Action;
use crate::domain::import::{Change, Changes, Difference, Fate, Subject};
use crate::domain::named::Named;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// The largest body: what the readers take as well.
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
    /// What became of each thing; of each fate at most 500 are listed, and all are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<Changed>>,
    /// How many things there are of each subject and fate.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Vec<Counted>>,
    /// What was passed over, with its place.
    warnings: Vec<String>,
}

/// What became of one thing.
#[derive(Serialize, ToSchema)]
struct Changed {
    /// What it is: `scale`, `group`, `team`, `assessment`, `answer` or `evidence`.
    subject: &'static str,
    /// What became of it: `new`, `changed` or `same`.
    fate: &'static str,
    /// What people call it.
    name: String,
    /// Where the file speaks of it.
    place: String,
    /// In what it changed; for a new thing what it says.
    differences: Vec<Different>,
}

/// One aspect in which something changed. Long texts are shortened.
#[derive(Serialize, ToSchema)]
struct Different {
    /// The name of the column.
    field: &'static str,
    /// What was recorded.
    from: String,
    /// What is recorded now.
    to: String,
}

/// How many things of a subject have a fate.
#[derive(Serialize, ToSchema)]
struct Counted {
    /// What they are.
    subject: &'static str,
    /// What became of them.
    fate: &'static str,
    /// How many.
    count: usize,
}

fn changed(change: &Change) -> Changed {
    let different =
        |Difference { field, from, to }: &Difference| Different { field, from: from.clone(), to: to.clone() };
    Changed {
        subject: change.subject.name(),
        fate: change.fate.name(),
        name: change.name.clone(),
        place: change.place.to_string(),
        differences: change.differences.iter().map(different).collect(),
    }
}

/// How many things there are of each subject and fate that there are any of.
fn counted(changes: &Changes) -> Vec<Counted> {
    let mut counts = Vec::new();
    for (subject_name, subject) in Subject::NAMED {
        for (fate_name, fate) in Fate::NAMED {
            let count = changes.count(*subject, *fate);
            if count > 0 {
                counts.push(Counted { subject: subject_name, fate: fate_name, count });
            }
        }
    }
    counts
}

/// The kinds of content that say what a file may be; which it is is seen from the content.
const KINDS: [&str; 6] = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/yaml",
    "application/x-yaml",
    "text/yaml",
    "application/octet-stream",
];

/// Imports answers, evidence and teams: all of the file or nothing of it.
#[utoipa::path(post, path = "/api/v1/imports", tag = "Imports", params(Wanted),
    request_body(content(
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (String = "application/yaml"),
    )),
    responses((status = 200, description = "What was done, or would be", body = Imported)))]
pub(in crate::web) async fn import(
    visit: Visit,
    request: HttpRequest,
    wanted: Query<Wanted>,
    body: Payload,
) -> Result<Json<Imported>, Failure> {
    visit.caller.actor.authorize(Action::Import).map_err(app::Error::from)?;
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let kind = String::from_utf8_lossy(kind).to_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !KINDS.contains(&kind) {
        return Err(Failure::WrongKind(
            "CSV with the content type text/csv, a workbook with \
             application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, or YAML with application/yaml",
        ));
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
    let changes = &summary.changes;
    Ok(Json(Imported {
        dry_run,
        rows,
        recorded: told(summary.recorded),
        unchanged: told(summary.unchanged),
        opened: told(summary.opened),
        submitted: told(summary.submitted),
        teams_added: tells.then_some(summary.teams_added),
        changes: tells.then(|| Fate::NAMED.iter().flat_map(|(_, fate)| changes.of(*fate)).map(changed).collect()),
        counts: tells.then(|| counted(changes)),
        warnings,
    }))
}
