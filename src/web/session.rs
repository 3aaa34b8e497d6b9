//! Recognizes who asks, by the cookie of a session or by a token, before any route is looked at: without
//! that nothing is open but what one needs to sign in.

use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Data;
use chrono::{DateTime, Utc};

use super::Site;
use super::failure::Failure;
use super::kept::{self, Kept, Until};
use super::reached::text;
use super::views::encoded;
use super::visit::aside;
use crate::app::Recognized;
use crate::domain::access::{Actor, Caller};
use crate::domain::account::{Secret, Session};

/// The paths that are open to everybody. A path that ends with `/` stands for all below it.
const OPEN: [&str; 7] = ["/assets/", "/healthz", "/readyz", "/sign-in", "/sign-out", "/set-up/", "/welcome/"];

/// The middleware. It leaves the [`Caller`] with the request.
pub(super) async fn recognize(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    match caller(&request).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
        }
        Err(failure) => {
            // What was refused before stays the reason.
            let mut extensions = request.extensions_mut();
            if !extensions.contains::<Failure>() {
                extensions.insert(failure);
            }
        }
    }
    next.call(request).await
}

async fn caller(request: &ServiceRequest) -> Result<Caller, Failure> {
    let site = request.app_data::<Data<Site>>().ok_or_else(|| Failure::Broken("the service is not set up".into()))?;
    let from = site.reached.client(request.peer_addr().map(|peer| peer.ip()), request.headers());
    let nobody = Caller { actor: Actor::nobody("nobody"), at: (site.clock)(), from };
    if site.access.demo().is_some() {
        request.extensions_mut().insert(Until(DateTime::<Utc>::MAX_UTC));
        return Ok(Caller { actor: Actor::demo(), ..nobody });
    }
    let is_open = is_open(request.path());
    let recognized = match shown(request, site) {
        None => None,
        Some(Shown::Unreadable) => return Err(Failure::TokenNeeded),
        Some(shown @ Shown::Token(_)) => {
            Some(recognize_by(request, site, &nobody, shown).await?.ok_or(Failure::TokenNeeded)?)
        }
        Some(shown @ Shown::Session(_)) => match recognize_by(request, site, &nobody, shown).await {
            Ok(found) => found,
            // Who they are is not needed to see this.
            Err(Failure::App(_) | Failure::Overloaded) if is_open => None,
            Err(failure) => return Err(failure),
        },
    };
    match recognized {
        Some(Recognized { actor, until }) => {
            request.extensions_mut().insert(Until(until));
            Ok(Caller { actor, ..nobody })
        }
        None if is_open => Ok(nobody),
        None => Err(Failure::SignInNeeded(sign_in_address(request))),
    }
}

/// Who shows something: as it is known, or as the database says.
async fn recognize_by(
    request: &ServiceRequest,
    site: &Data<Site>,
    nobody: &Caller,
    shown: Shown,
) -> Result<Option<Recognized>, Failure> {
    let key = match &shown {
        Shown::Session(secret) => kept::Secret::Session(secret.digest()),
        Shown::Token(secret) => kept::Secret::Token(secret.digest()),
        Shown::Unreadable => return Ok(None),
    };
    let kept = request.app_data::<Data<Kept>>().zip(kept::beat(request));
    if let Some(recognized) = kept.and_then(|(kept, beat)| kept.recognized(beat, &key, nobody)) {
        return Ok(Some(recognized));
    }
    let _admitted = site.admission.admit()?;
    let (cairn, caller) = (site.cairn.clone(), nobody.clone());
    let found = aside(move || match shown {
        Shown::Session(secret) => cairn.recognize_session(&secret, &caller),
        Shown::Token(secret) => cairn.recognize_token(&secret, &caller),
        Shown::Unreadable => Ok(None),
    });
    let found = found.await??;
    if let (Some((kept, beat)), Some(found)) = (kept, &found) {
        kept.keep_recognized(beat, key, &nobody.from, found.clone());
    }
    Ok(found)
}

fn is_open(path: &str) -> bool {
    OPEN.iter().any(|open| path == *open || open.ends_with('/') && path.starts_with(open))
}

/// Where to sign in, and how to come back to what was asked for.
fn sign_in_address(request: &ServiceRequest) -> String {
    match request.uri().path_and_query().map(|asked| asked.as_str()) {
        Some(asked) if request.method().is_safe() && asked != "/" => format!("/sign-in?next={}", encoded(asked)),
        _ => "/sign-in".to_owned(),
    }
}

/// What somebody shows to be recognized by.
enum Shown {
    Token(Secret),
    Session(Secret),
    /// It says that it shows something, and it is nothing that we know.
    Unreadable,
}

/// A program that shows a token is not recognized by a cookie: what is let through for its token must be
/// done on its behalf.
fn shown(request: &ServiceRequest, site: &Site) -> Option<Shown> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        let value = text(request.headers(), &header::AUTHORIZATION).and_then(|value| value.split_once(' '));
        return Some(match value {
            Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Shown::Token(Secret::shown(token.trim())),
            _ => Shown::Unreadable,
        });
    }
    let cookie = request.cookie(cookie_name(site))?;
    Some(Shown::Session(Secret::shown(cookie.value())))
}

/// With TLS the name says that the browser must have got the cookie from this very host, over TLS.
fn cookie_name(site: &Site) -> &'static str {
    if site.reached.is_secure() { "__Host-cairn_session" } else { "cairn_session" }
}

/// The cookie that opens a session. Scripts cannot read it, and other sites cannot have it sent along.
pub(super) fn cookie(site: &Site, secret: &Secret) -> Cookie<'static> {
    let age = time::Duration::seconds(Session::LIFETIME.num_seconds());
    Cookie::build(cookie_name(site), secret.reveal().to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(site.reached.is_secure())
        .max_age(age)
        .finish()
}

/// The cookie that takes it away again.
pub(super) fn no_cookie(site: &Site) -> Cookie<'static> {
    let mut cookie = cookie(site, &Secret::shown(""));
    cookie.make_removal();
    cookie
}
