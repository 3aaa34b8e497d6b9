//! `/api/v1/answers`: what all teams answered in all quarters, as rows.

use std::fmt;
use std::str::FromStr;

use actix_web::web::Query;
use serde_json::Value;

use super::computed_schemas::AnswerRow;
use super::paging::{Paged, Paging};
use super::scope::OfScopeEver;
use crate::app::AnswerKey;
use crate::domain::catalog::ActivityId;
use crate::domain::organization::TeamId;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::visit::Visit;

/// Where a page of all answers begins: the number of the team, the quarter and the activity of the last one before.
struct Cursor(AnswerKey);

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AnswerKey { team, period, activity } = &self.0;
        write!(f, "{team}.{period}.{activity}")
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.splitn(3, '.');
        let mut part = || parts.next().ok_or(());
        let team = TeamId(part()?.parse().map_err(|_| ())?);
        let period = part()?.parse().map_err(|_| ())?;
        Ok(Self(AnswerKey { team, period, activity: ActivityId(part()?.to_owned()) }))
    }
}

/// Lists the answers of many assessments that say anything, drafts included: by the numbers of their teams, then by
/// quarter, then in the order of the catalog.
#[utoipa::path(get, path = "/api/v1/answers", tag = "Answers", params(OfScopeEver, Paging),
    responses((status = 200, description = "A page of the answers", body = [AnswerRow])))]
pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    paging: Query<Paging>,
) -> Result<Paged<Value>, Failure> {
    let (limit, after) = (paging.limit()?, paging.after::<Cursor>()?.map(|cursor| cursor.0));
    let found =
        visit.ask(move |cairn, caller| cairn.answers_after(caller, selection, after.as_ref(), limit + 1)).await?;
    Ok(Paged::cut(found, limit, |(key, _)| Cursor(key.clone())).map(|(_, row)| row))
}
