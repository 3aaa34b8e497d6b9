//! `/admin/tokens`: what programs show instead of a person's password.

use actix_web::http::StatusCode;
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;

use super::accounts::reach;
use super::{Done, Fields, Outcome, see_other, seen, wrong};
use crate::app::{self, TokenInput};
use crate::domain::access::TokenScope;
use crate::domain::account::{Token, TokenId};
use crate::domain::catalog::ActivityId;
use crate::domain::fault::FieldFault;
use crate::domain::named::Named;
use crate::domain::organization::Name;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views::tokens::Entered;
use crate::web::views::{self, Wrong};
use crate::web::visit::Visit;

pub(in crate::web) async fn list(visit: Visit, selection: Selection, done: Query<Done>) -> Result<Markup, Failure> {
    let entered = Entered { days: Token::DAYS.to_string(), ..Entered::default() };
    listed(&visit, selection, &entered, &Wrong::default(), done.done.as_deref()).await
}

/// Makes a token. It stands in the answer only, so that it is in no address and no log.
pub(in crate::web) async fn create(visit: Visit, form: Form<Fields>) -> Result<(Markup, StatusCode), Failure> {
    let entered = read(&form)?;
    match created(&visit, &entered).await {
        Ok(page) => Ok((page, StatusCode::OK)),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok((listed(&visit, Selection::ORGANIZATION, &entered, &wrong, None).await?, status))
        }
    }
}

pub(in crate::web) async fn revoke(visit: Visit, id: Path<i64>) -> Result<HttpResponse, Failure> {
    let id = TokenId(*id);
    visit.ask(move |cairn, caller| cairn.revoke_token(caller, id)).await?;
    Ok(see_other("/admin/tokens?done=revoked"))
}

/// One token, with what it is trusted for.
pub(in crate::web) async fn one(visit: Visit, id: Path<i64>, done: Query<Done>) -> Result<Markup, Failure> {
    shown(&visit, TokenId(*id), None, &Wrong::default(), done.done.as_deref()).await
}

/// Says what a token is trusted for.
pub(in crate::web) async fn trust(visit: Visit, id: Path<i64>, form: Form<Fields>) -> Outcome {
    let id = TokenId(*id);
    let trusted: Vec<ActivityId> =
        form.iter().filter(|(field, _)| field == "trust").map(|(_, value)| ActivityId(value.clone())).collect();
    let (chosen, seen) = (trusted.clone(), seen(&form));
    match visit.ask(move |cairn, caller| cairn.trust_token(caller, id, &trusted, seen.as_deref())).await {
        Ok(()) => Ok(Either::Right(see_other(&format!("/admin/tokens/{id}?done=trusted")))),
        Err(failure) => {
            let (wrong, status) = wrong(failure)?;
            Ok(Either::Left((shown(&visit, id, Some(&chosen), &wrong, None).await?, status)))
        }
    }
}

async fn shown(
    visit: &Visit,
    id: TokenId,
    chosen: Option<&[ActivityId]>,
    wrong: &Wrong,
    done: Option<&str>,
) -> Result<Markup, Failure> {
    let seen = visit.ask(move |cairn, caller| cairn.token(caller, id)).await?;
    let frame = visit.frame(Selection::ORGANIZATION);
    Ok(views::tokens::one(&frame, &seen, visit.caller.at, chosen, wrong, done))
}

async fn created(visit: &Visit, entered: &Entered) -> Result<Markup, Failure> {
    let Some(scope) = entered.scope else {
        let name = Name::new(&entered.name).err().map(|error| FieldFault::new("name", error));
        let scope = FieldFault::new("scope", "choose what it may do");
        return Err(app::Error::Invalid(name.into_iter().chain([scope]).collect()).into());
    };
    // What is no number is no number of days either, and is refused as such.
    let days = entered.days.trim().parse().unwrap_or(0);
    let everything = entered.reach.everything == Some(true);
    let (name, teams, trusted_for) = (entered.name.clone(), entered.reach.teams.clone(), entered.trusted_for.clone());
    let input = TokenInput { name, scope, everything, teams, days, trusted_for };
    let secret = visit.ask(move |cairn, caller| cairn.create_token(caller, &input)).await?;
    let frame = visit.frame(Selection::ORGANIZATION);
    Ok(views::tokens::made(&frame, entered.name.trim(), scope, days, &visit.base(), &secret))
}

async fn listed(
    visit: &Visit,
    selection: Selection,
    entered: &Entered,
    wrong: &Wrong,
    done: Option<&str>,
) -> Result<Markup, Failure> {
    let seen = visit.ask(|cairn, caller| cairn.accounts(caller)).await?;
    Ok(views::tokens::list(&visit.frame(selection), &seen, visit.caller.at, entered, wrong, done))
}

fn read(fields: &Fields) -> Result<Entered, Failure> {
    let mut entered = Entered { reach: reach(fields)?, ..Entered::default() };
    for (field, value) in fields {
        match field.as_str() {
            "name" => value.clone_into(&mut entered.name),
            "scope" => entered.scope = TokenScope::from_name(value),
            "days" => value.clone_into(&mut entered.days),
            "trust" => entered.trusted_for.push(ActivityId(value.clone())),
            _ => {}
        }
    }
    Ok(entered)
}
