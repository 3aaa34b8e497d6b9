//! `/admin/audit`: who did what, and whether the record is still as it was written.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Form, Query};
use maud::Markup;
use serde::Deserialize;

use super::see_other;
use crate::domain::audit::{AuditFilter, AuditVerdict, Deed, Head};
use crate::domain::digits::day;
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::audit::Entered;
use crate::web::visit::Visit;

/// What the address says about which rows are wanted; empty: all.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Wanted {
    actor: String,
    deed: String,
    since: String,
    until: String,
    text: String,
    before: String,
}

/// A head that was noted before; empty: none.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Noted {
    #[serde(default)]
    head: String,
}

pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    wanted: Query<Wanted>,
) -> Result<(Markup, StatusCode), Failure> {
    let Wanted { actor, deed, since, until, text, before } = wanted.into_inner();
    let entered = Entered { actor, deed, since, until, text, before, ..Entered::default() };
    let (filter, faults) = match filter(&entered) {
        Ok(filter) => (filter, Vec::new()),
        Err(faults) => (AuditFilter::default(), faults),
    };
    page(&visit, selection, &entered, filter, &faults, None).await
}

/// Goes over the whole record.
pub(in crate::web) async fn check(visit: Visit, form: Form<Noted>) -> Result<(Markup, StatusCode), Failure> {
    let head = form.into_inner().head;
    let entered = Entered { head: head.clone(), ..Entered::default() };
    let noted = Some(head.trim()).filter(|head| !head.is_empty()).map(str::parse::<Head>).transpose();
    let (verdict, faults) = match noted {
        Ok(noted) => (Some(visit.ask(move |cairn, caller| cairn.verify_audit(caller, noted)).await?), Vec::new()),
        Err(error) => (None, vec![FieldFault::new("head", error)]),
    };
    page(&visit, Selection::ORGANIZATION, &entered, AuditFilter::default(), &faults, verdict.as_ref()).await
}

/// Who loads the answer to the check again is led to the record.
pub(in crate::web) async fn back() -> HttpResponse {
    see_other("/admin/audit")
}

async fn page(
    visit: &Visit,
    selection: Selection,
    entered: &Entered,
    filter: AuditFilter,
    faults: &[FieldFault],
    verdict: Option<&AuditVerdict>,
) -> Result<(Markup, StatusCode), Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.audit(caller, &filter)).await?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((views::audit::page(&visit.frame(selection), &seen, entered, faults, verdict), status))
}

/// What is wanted, or everything that is wrong with it.
fn filter(entered: &Entered) -> Result<AuditFilter, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, message: &str| faults.push(FieldFault::new(field, message));
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let deed = given(&entered.deed).and_then(|word| {
        let deed = Deed::from_name(&word);
        if deed.is_none() {
            fault("deed", "nothing of this kind is ever recorded; choose what was done from the list");
        }
        deed
    });
    let mut date = |field: &str, text: &str| {
        let date = given(text).map(|text| day(&text));
        if date == Some(None) {
            fault(field, "write a day like 2026-11-24");
        }
        date.flatten()
    };
    let (since, until) = (date("since", &entered.since), date("until", &entered.until));
    let (actor, text) = (given(&entered.actor), given(&entered.text));
    let filter = AuditFilter { actor, deed, since, until, text, before: None };
    faults.extend(filter.faults());
    let before = given(&entered.before).map(|number| number.parse::<i64>()).transpose();
    if before.is_err() {
        faults.push(FieldFault::new("before", "a row is named by its number; begin with the latest again"));
    }
    match before {
        Ok(before) if faults.is_empty() => Ok(AuditFilter { before, ..filter }),
        _ => Err(faults),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let entered = Entered {
            deed: "x".into(),
            since: "2025-02-29".into(),
            until: "+12026-01-01".into(),
            text: "ü".repeat(101),
            before: "1e9".into(),
            ..Entered::default()
        };
        let fields: Vec<String> = filter(&entered).unwrap_err().into_iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["deed", "since", "until", "text", "before"]);
        let blank = Entered { actor: " ".into(), text: " ".into(), ..Entered::default() };
        assert_eq!(filter(&blank), Ok(AuditFilter::default()));
    }
}
