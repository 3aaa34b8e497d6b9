//! `/account`: one's own password and sessions.

use actix_web::http::StatusCode;
use actix_web::web::{Form, Query};
use actix_web::{Either, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::sign_in::passwords_differ;
use super::{Done, see_other};
use crate::app;
use crate::domain::account::SessionId;
use crate::domain::fault::FieldFault;
use crate::domain::view::Selection;
use crate::web::failure::Failure;
use crate::web::views;
use crate::web::visit::Visit;

/// Another password.
#[derive(Deserialize)]
pub(in crate::web) struct PasswordForm {
    current: String,
    password: String,
    again: String,
}

/// A session to end; without a number all others.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct SessionForm {
    session: Option<i64>,
}

pub(in crate::web) async fn show(visit: Visit, done: Query<Done>) -> Result<Markup, Failure> {
    let done = done.into_inner().done;
    page(&visit, done.as_deref(), &[]).await
}

pub(in crate::web) async fn change_password(
    visit: Visit,
    form: Form<PasswordForm>,
) -> Result<Either<(Markup, StatusCode), HttpResponse>, Failure> {
    let PasswordForm { current, password, again } = form.into_inner();
    let result = if password == again {
        visit.ask(move |cairn, caller| cairn.change_password(caller, &current, &password)).await
    } else {
        Err(passwords_differ().into())
    };
    match result {
        Ok(()) => Ok(Either::Right(see_other("/account?done=password"))),
        Err(Failure::App(app::Error::Invalid(faults))) => {
            Ok(Either::Left((page(&visit, None, &faults).await?, StatusCode::UNPROCESSABLE_ENTITY)))
        }
        Err(failure) => Err(failure),
    }
}

pub(in crate::web) async fn end_sessions(visit: Visit, form: Form<SessionForm>) -> Result<HttpResponse, Failure> {
    let one = form.session.map(SessionId);
    visit.ask(move |cairn, caller| cairn.end_own_sessions(caller, one)).await?;
    Ok(see_other("/account?done=sessions"))
}

async fn page(visit: &Visit, done: Option<&str>, faults: &[FieldFault]) -> Result<Markup, Failure> {
    let (user, reach, sessions) = visit.ask(|cairn, caller| cairn.own_account(caller)).await?;
    Ok(views::account::page(&visit.frame(Selection::ORGANIZATION), &user, &reach, &sessions, done, faults))
}
