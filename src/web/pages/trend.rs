//! `/trend`: how we developed.

use actix_web::web::Query;
use maud::Markup;

use super::Fields;
use crate::app;
use crate::domain::organization::ScopeId;
use crate::domain::scoring::Scorecard;
use crate::domain::view::{Course, Selection};
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::trend::Wanted;
use crate::web::visit::{Visit, scope};

pub(in crate::web) async fn show(visit: Visit, selection: Selection, asked: Query<Fields>) -> Result<Markup, Failure> {
    let wanted = wanted(&asked, selection)?;
    let beside = wanted.beside.clone();
    let seen = visit.ask(move |cairn, caller| cairn.course(caller, selection, &beside)).await?;
    let is_there = |course: &Course| course.trend.dimensions().contains(&wanted.dimension.as_str());
    if !seen.content.as_ref().is_none_or(is_there) {
        return Err(app::Error::NotFound("dimension").into());
    }
    Ok(views::trend::page(&visit.frame(selection), &seen, &wanted))
}

/// What the address says about which others stand beside, and which dimension is looked at closely. Who is
/// named twice, or stands there already, is there once.
fn wanted(asked: &Fields, selection: Selection) -> Result<Wanted, Failure> {
    let values = |name: &'static str| asked.iter().filter(move |(field, _)| field == name).map(|(_, value)| value);
    let mut beside: Vec<ScopeId> = Vec::new();
    for text in values("with").filter(|text| !text.is_empty()) {
        let unknown = || app::Error::invalid("with", "name a team or a group like team-3 or group-1");
        let scope = scope(text).ok_or_else(unknown)?;
        if scope != selection.scope && !beside.contains(&scope) {
            beside.push(scope);
        }
    }
    let dimension = values("dimension").find(|name| !name.is_empty()).cloned();
    Ok(Wanted { beside, dimension: dimension.unwrap_or_else(|| Scorecard::OVERALL.to_owned()) })
}
