//! `/sign-in`, `/sign-out`, `/set-up/…` and `/welcome/…`: how somebody comes in, and out again.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Form, Path, Query};
use actix_web::{Either, HttpRequest, HttpResponse};
use maud::Markup;
use serde::Deserialize;

use super::{Outcome, see_other};
use crate::app::{self, Credentials};
use crate::domain::access::Means;
use crate::domain::account::Secret;
use crate::web::failure::Failure;
use crate::web::reached::text;
use crate::web::session::{cookie, no_cookie};
use crate::web::views;
use crate::web::views::sign_in::Entered;
use crate::web::visit::Visit;

/// Where to go after signing in.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Next {
    next: Option<String>,
}

/// What somebody enters to sign in.
#[derive(Deserialize)]
pub(in crate::web) struct SignInForm {
    name: String,
    password: String,
    next: Option<String>,
}

/// What somebody enters who sets the password of a new or of their own account.
#[derive(Deserialize)]
pub(in crate::web) struct PasswordForm {
    #[serde(default)]
    name: String,
    password: String,
    again: String,
}

pub(in crate::web) async fn show(visit: Visit, next: Query<Next>) -> Result<Either<Markup, HttpResponse>, Failure> {
    let next = local(next.into_inner().next);
    if visit.caller.actor.means() != Means::Nobody {
        return Ok(Either::Right(see_other(&next)));
    }
    if visit.ask(|cairn, _| cairn.awaits_set_up()).await? {
        return Ok(Either::Left(views::sign_in::nobody_yet()));
    }
    Ok(Either::Left(views::sign_in::page(&Entered { next: &next, ..Entered::default() }, None)))
}

pub(in crate::web) async fn sign_in(visit: Visit, request: HttpRequest, form: Form<SignInForm>) -> Outcome {
    let SignInForm { name, password, next } = form.into_inner();
    let next = local(next);
    let credentials = Credentials { name: name.clone(), password, browser: browser(request.headers()) };
    match visit.ask(move |cairn, caller| cairn.sign_in(caller, &credentials)).await {
        Ok(secret) => Ok(Either::Right(signed_in(&visit, &secret, &next).await)),
        Err(Failure::App(error @ (app::Error::WrongSignIn | app::Error::TooManyTries(_)))) => {
            if let app::Error::TooManyTries(_) = error {
                tracing::warn!("somebody at {} tried to sign in too often", visit.caller.from);
            }
            let failure = Failure::App(error);
            let page = views::sign_in::page(&Entered { name: &name, next: &next }, Some(&failure.to_string()));
            again(page, &failure)
        }
        Err(failure) => Err(failure),
    }
}

pub(in crate::web) async fn sign_out(visit: Visit) -> Result<HttpResponse, Failure> {
    if visit.caller.actor.session().is_some() {
        visit.ask(|cairn, caller| cairn.sign_out(caller)).await?;
    }
    let mut response = see_other("/sign-in");
    response.add_cookie(&no_cookie(&visit.site)).map_err(|error| Failure::Broken(error.to_string()))?;
    // What pages kept for the person who leaves is not for the next one.
    response.headers_mut().insert(
        header::HeaderName::from_static("clear-site-data"),
        header::HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

pub(in crate::web) async fn set_up_form(visit: Visit, secret: Path<String>) -> Result<Markup, Failure> {
    let shown = Secret::shown(&secret);
    match visit.ask(move |cairn, _| cairn.can_set_up(&shown)).await? {
        true => Ok(views::sign_in::set_up("", &[])),
        false => Err(app::Error::DeadLink.into()),
    }
}

pub(in crate::web) async fn set_up(
    visit: Visit,
    request: HttpRequest,
    secret: Path<String>,
    form: Form<PasswordForm>,
) -> Outcome {
    let form = form.into_inner();
    let (shown, name) = (Secret::shown(&secret), form.name.clone());
    let credentials = match credentials(form, request.headers()) {
        Ok(credentials) => credentials,
        Err(error) => return faulty(error, |faults| views::sign_in::set_up(&name, faults)),
    };
    match visit.ask(move |cairn, caller| cairn.set_up(caller, &shown, &credentials)).await {
        Ok(secret) => Ok(Either::Right(signed_in(&visit, &secret, "/").await)),
        Err(Failure::App(error)) => faulty(error, |faults| views::sign_in::set_up(&name, faults)),
        Err(failure) => Err(failure),
    }
}

pub(in crate::web) async fn welcome(visit: Visit, secret: Path<String>) -> Result<Markup, Failure> {
    let shown = Secret::shown(&secret);
    let user = visit.ask(move |cairn, caller| cairn.account_of_link(caller, &shown)).await?;
    Ok(views::sign_in::welcome(&user, &[]))
}

pub(in crate::web) async fn set_password(
    visit: Visit,
    request: HttpRequest,
    secret: Path<String>,
    form: Form<PasswordForm>,
) -> Outcome {
    let shown = Secret::shown(&secret);
    let user = visit.ask({
        let shown = shown.clone();
        move |cairn, caller| cairn.account_of_link(caller, &shown)
    });
    let user = user.await?;
    let credentials = match credentials(form.into_inner(), request.headers()) {
        Ok(credentials) => credentials,
        Err(error) => return faulty(error, |faults| views::sign_in::welcome(&user, faults)),
    };
    match visit.ask(move |cairn, caller| cairn.set_password_with_link(caller, &shown, &credentials)).await {
        Ok(secret) => Ok(Either::Right(signed_in(&visit, &secret, "/").await)),
        Err(Failure::App(error)) => faulty(error, |faults| views::sign_in::welcome(&user, faults)),
        Err(failure) => Err(failure),
    }
}

/// What was entered; an error where the password was typed differently the second time.
fn credentials(form: PasswordForm, headers: &HeaderMap) -> Result<Credentials, app::Error> {
    let PasswordForm { name, password, again } = form;
    if password != again {
        return Err(passwords_differ());
    }
    Ok(Credentials { name, password, browser: browser(headers) })
}

/// Two entries that must be the same are not.
pub(super) fn passwords_differ() -> app::Error {
    let message = "the two are not the same; a password that you cannot see is easily mistyped";
    app::Error::Invalid(vec![crate::domain::fault::FieldFault::new("again", message)])
}

/// The page again with what is wrong, if that is something that was entered.
fn faulty(error: app::Error, page: impl FnOnce(&[crate::domain::fault::FieldFault]) -> Markup) -> Outcome {
    match error {
        app::Error::Invalid(faults) => Ok(Either::Left((page(&faults), StatusCode::UNPROCESSABLE_ENTITY))),
        other => Err(other.into()),
    }
}

fn again(page: Markup, failure: &Failure) -> Outcome {
    Ok(Either::Left((page, actix_web::ResponseError::status_code(failure))))
}

async fn signed_in(visit: &Visit, secret: &Secret, next: &str) -> HttpResponse {
    // Nobody needs the session that this browser had before.
    if visit.caller.actor.session().is_some() {
        let _ = visit.ask(|cairn, caller| cairn.sign_out(caller)).await;
    }
    let mut response = see_other(next);
    // A cookie of our own making is always a header.
    let _ = response.add_cookie(&cookie(&visit.site, secret));
    response
}

fn browser(headers: &HeaderMap) -> String {
    text(headers, &header::USER_AGENT).unwrap_or_default().to_owned()
}

/// Where somebody wanted to go, as far as that is a page of ours. Browsers read `//host`, `/\host` and
/// addresses with control characters as addresses elsewhere.
fn local(next: Option<String>) -> String {
    let is_local = |next: &String| {
        next.starts_with('/')
            && !next.starts_with("//")
            && !next.contains('\\')
            && next.chars().all(|c| c.is_ascii_graphic())
            && !next.starts_with("/sign-")
    };
    next.filter(is_local).unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_elsewhere() {
        let local = |next: &str| local(Some(next.to_owned()));
        assert_eq!(local("/gaps?team=3&period=2026-Q4"), "/gaps?team=3&period=2026-Q4");
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "javascript:alert(1)",
            "",
            "/\t/evil.example",
            "/\r\nSet-Cookie: a=b",
            "evil.example",
            "/sign-in?next=/sign-in",
            "/sign-out",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }
}
