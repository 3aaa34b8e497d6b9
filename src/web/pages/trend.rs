//! `/trend`: how we developed.

use actix_web::web::Query;
use maud::Markup;

use super::Fields;
use crate::domain::organization::{GroupId, ScopeId, TeamId};
use crate::domain::scoring::Scorecard;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::trend::Wanted;
use crate::web::visit::Visit;

pub(in crate::web) async fn show(visit: Visit, selection: Selection, asked: Query<Fields>) -> Result<Markup, Failure> {
    let wanted = wanted(&asked, selection)?;
    let beside = wanted.beside.clone();
    let seen = visit.ask(move |cairn, caller| cairn.course(caller, selection, &beside)).await?;
    Ok(views::trend::page(&visit.frame(selection), &seen, visit.cairn().roadmap(), &wanted))
}

/// What the address says about which others stand beside, and which dimension is looked at closely. Who is
/// named twice, or stands there already, is there once.
fn wanted(asked: &Fields, selection: Selection) -> Result<Wanted, Failure> {
    let values = |name: &'static str| asked.iter().filter(move |(field, _)| field == name).map(|(_, value)| value);
    let mut beside: Vec<ScopeId> = Vec::new();
    for text in values("with").filter(|text| !text.is_empty()) {
        let scope =
            scope(text).ok_or(Failure::Unreadable("the address names neither a team nor a group to compare with"))?;
        if scope != selection.scope && !beside.contains(&scope) {
            beside.push(scope);
        }
    }
    let dimension = values("dimension").find(|name| !name.is_empty()).cloned();
    Ok(Wanted { beside, dimension: dimension.unwrap_or_else(|| Scorecard::OVERALL.to_owned()) })
}

/// A team or a group as the picker writes it: `team-3`, `group-1`.
fn scope(text: &str) -> Option<ScopeId> {
    let (kind, number) = text.split_once('-')?;
    let number = number.parse().ok()?;
    match kind {
        "team" => Some(ScopeId::Team(TeamId(number))),
        "group" => Some(ScopeId::Group(GroupId(number))),
        _ => None,
    }
}
