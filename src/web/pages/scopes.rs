//! `/scopes`: of whom a page is to speak, where there are too many to choose from in its head.

use actix_web::web::Query;
use maud::Markup;

use super::listing::{WantedPage, sound, words};
use super::{Fields, local};
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::views::scopes::Asked;
use crate::web::visit::Visit;

/// Reads what the form of a page sent along; all but whom it speaks of goes back to that page.
pub(in crate::web) async fn list(
    visit: Visit,
    selection: Selection,
    sent: Query<Fields>,
    page: Query<WantedPage>,
) -> Result<Markup, Failure> {
    let number = page.number()?;
    let (mut to, mut find, mut kept) = (String::new(), String::new(), Fields::new());
    for (name, value) in sent.into_inner() {
        match name.as_str() {
            "to" => to = local(value),
            "find" => find = value,
            "team" | "group" | "scope" | "page" => {}
            _ if value.is_empty() => {}
            _ => kept.push((name, value)),
        }
    }
    let mut faults = Vec::new();
    let find = sound(words("find", &find, &mut faults), faults)?;
    let path = to.split(['?', '#']).next().filter(|path| !path.is_empty()).unwrap_or("/").to_owned();
    let (teams, groups) = visit.ask(|cairn, caller| cairn.teams(caller)).await?;
    Ok(views::scopes::page(&visit.frame(selection), &teams, &groups, &Asked { path, kept, find }, number))
}
