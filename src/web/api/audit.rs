//! `/api/v1/audit-entries` and `/api/v1/audit`: who did what, and whether the record is still as it was written.

use actix_web::web::{Json, Query};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::paging::{Falling, Paged, Paging};
use super::tagged::Tagged;
use super::word::{Described, Word};
use crate::app;
use crate::domain::audit::{self, AuditFilter, Deed, Entry};
use crate::domain::digits;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

impl Described for Deed {
    const SCHEMA: &'static str = "Deed";
    const MEANING: &'static str = "What was done.";
}

type DeedWord = Word<Deed>;

/// A row of the audit record.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct AuditEntry {
    /// Its number: 1, 2, 3 … without gaps.
    number: i64,
    /// When, in UTC, exactly as it is hashed.
    #[schema(format = DateTime)]
    at: String,
    /// How the one who did it was recognized: `user`, `token`, `operator`, `demo` or `nobody`.
    means: String,
    /// Who did it.
    actor: String,
    /// From which network address; empty on the machine itself.
    from: String,
    /// What was done.
    deed: String,
    /// To what.
    subject: String,
    /// What else there is to know.
    details: Map<String, Value>,
    /// The hash of this row and all before it.
    hash: String,
}

impl From<Entry> for AuditEntry {
    fn from(entry: Entry) -> Self {
        let Entry { number, at, means, actor, from, deed, subject, details, hash } = entry;
        // Ours are all objects; what somebody wrote into the database is no reason to fail.
        let details = serde_json::from_str(&details).unwrap_or_default();
        Self { number, at, means, actor, from, deed, subject, details, hash: hash.to_string() }
    }
}

/// The end of the audit record.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct AuditHead {
    /// The number of the last row; 0 where there is none.
    number: i64,
    /// Its hash.
    hash: String,
    /// Both in a line, to be noted elsewhere and sent to the check.
    head: String,
}

impl From<&audit::Head> for AuditHead {
    fn from(head: &audit::Head) -> Self {
        Self { number: head.number, hash: head.hash.to_string(), head: head.to_string() }
    }
}

/// What the record is compared with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web) struct AuditNoted {
    /// An end of the record that was noted before: the number of the row, a colon and its hash.
    #[serde(default)]
    #[schema(pattern = "^[0-9]+:[0-9A-Fa-f]{64}$")]
    head: Option<String>,
}

/// What a check of the audit record found.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct AuditChecked {
    /// Whether all is as it was recorded.
    intact: bool,
    /// The end of the record.
    head: AuditHead,
    /// How many submitted assessments were compared with their digests.
    assessments: usize,
    /// What does not fit, a sentence each.
    faults: Vec<String>,
}

/// Which rows.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in crate::web) struct Wanted {
    /// Only what this one did.
    actor: Option<String>,
    /// Only this.
    #[param(inline)]
    deed: Option<DeedWord>,
    /// Only what was done on this day or later.
    since: Option<NaiveDate>,
    /// Only what was done on this day or before.
    until: Option<NaiveDate>,
    /// Only those in whose subject or details these words stand.
    #[param(max_length = 100)]
    text: Option<String>,
}

/// Lists the rows of the audit record, the latest first.
#[utoipa::path(get, path = "/api/v1/audit-entries", tag = "Operation", params(Wanted, Paging),
    responses((status = 200, description = "A page of the rows", body = [AuditEntry])))]
pub(in crate::web) async fn entries(
    visit: Visit,
    wanted: Query<Wanted>,
    paging: Query<Paging>,
) -> Result<Paged<AuditEntry>, Failure> {
    let Wanted { actor, deed, since, until, text } = wanted.into_inner();
    for (field, day) in [("since", since), ("until", until)] {
        if day.is_some_and(|day| digits::day(&day.to_string()).is_none()) {
            return Err(app::Error::invalid(field, "a day is written like 2026-11-24").into());
        }
    }
    let (limit, before) = (paging.limit()?, paging.after::<Falling>()?.map(Falling::number));
    let filter = AuditFilter { actor, deed: deed.map(|word| word.0), since, until, text, before };
    let faults = filter.faults();
    if !faults.is_empty() {
        return Err(app::Error::Invalid(faults).into());
    }
    let entries = visit.ask(move |cairn, caller| cairn.audit_entries(caller, &filter, limit + 1)).await?;
    Ok(Paged::cut(entries, limit, |entry| Falling::new(entry.number)).map(AuditEntry::from))
}

/// Gives the end of the audit record, to be noted elsewhere.
#[utoipa::path(get, path = "/api/v1/audit/head", tag = "Operation",
    responses((status = 200, description = "The end of the record", body = AuditHead)))]
pub(in crate::web) async fn head(visit: Visit) -> Result<Tagged<AuditHead>, Failure> {
    let head = visit.ask(|cairn, caller| cairn.audit_head(caller)).await?;
    Ok(Tagged(AuditHead::from(&head)))
}

/// Goes over the whole audit record, and compares every submitted assessment with its digest.
#[utoipa::path(post, path = "/api/v1/audit/check", tag = "Operation", request_body = AuditNoted,
    responses((status = 200, description = "What was found", body = AuditChecked)))]
pub(in crate::web) async fn check(visit: Visit, noted: Json<AuditNoted>) -> Result<Json<AuditChecked>, Failure> {
    let noted = noted.into_inner().head.map(|head| head.parse::<audit::Head>()).transpose();
    let noted = noted.map_err(|error| app::Error::invalid("head", error))?;
    let verdict = visit.ask(move |cairn, caller| cairn.verify_audit(caller, noted)).await?;
    Ok(Json(AuditChecked {
        intact: verdict.faults.is_empty(),
        head: AuditHead::from(&verdict.head),
        assessments: verdict.assessments,
        faults: verdict.faults,
    }))
}
