//! Errors as answers. Every error that a handler returns, and every bare one that actix makes,
//! becomes a page that says what is wrong and what to do or, for a program, the same as JSON. Details of
//! faults of our own go to the log, never to the answer.

use std::borrow::Cow;

use actix_multipart::MultipartError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::{PayloadError, UrlencodedError};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Data, Query};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use serde_json::json;

use super::Site;
use super::guard::Refusal;
use super::problem::{self, Problem};
use super::views::{self, Frame};
use super::watch::RequestId;
use crate::app;
use crate::domain::access::{Actor, Caller};
use crate::domain::view::Selection;

/// Why a request is not answered as asked.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// A use case did not do it.
    #[error(transparent)]
    App(#[from] app::Error),
    /// There is no such page.
    #[error("there is no such page")]
    NoSuchPage,
    /// The address, the form or the JSON cannot be read.
    #[error("{0}")]
    Unreadable(Cow<'static, str>),
    /// What was sent can be read, but it is not what is asked for.
    #[error("{0}")]
    Invalid(String),
    /// What was sent is of another kind than this.
    #[error("only {0} can be sent here")]
    WrongKind(&'static str),
    /// The request does not say which state of it is to be changed.
    #[error("say with If-Match which state of it you saw")]
    StateNeeded,
    /// The form is too large.
    #[error("what was sent is too large")]
    TooLarge,
    /// Nobody is signed in; they can be at this address.
    #[error("you are not signed in, or not any more")]
    SignInNeeded(String),
    /// What was shown is not a valid token.
    #[error("this is not a valid token: it is unknown, revoked or expired")]
    TokenNeeded,
    /// The request is not let through.
    #[error("{}", .0.message())]
    Refused(Refusal),
    /// Not an error: the page is elsewhere.
    #[error("see {0}")]
    Elsewhere(String),
    /// There is more under way than can be answered.
    #[error("too many requests at once; try again in a moment")]
    Overloaded,
    /// A fault of our own.
    #[error("{0}")]
    Broken(String),
}

impl Refusal {
    fn message(self) -> &'static str {
        match self {
            Self::Host => "the address in the browser is not the one of this service",
            Self::CrossSite => {
                "this change was not sent from a page of this service, or the browser does not say so, and was not made"
            }
        }
    }
}

impl Failure {
    /// The address, the form or the JSON cannot be read.
    pub(super) fn unreadable(why: impl Into<Cow<'static, str>>) -> Self {
        Self::Unreadable(why.into())
    }

    /// Whether the quarter of the address is what is wrong.
    fn is_of_the_quarter(&self) -> bool {
        let Self::App(app::Error::Invalid(faults)) = self else { return false };
        faults.first().is_some_and(|fault| fault.field == "period")
    }

    /// Its row in the table of problems.
    fn problem(&self) -> &'static Problem {
        use app::Error as E;
        match self {
            Self::App(E::Forbidden(_)) => &problem::FORBIDDEN,
            Self::App(E::WrongSignIn | E::SignedOut) | Self::SignInNeeded(_) | Self::TokenNeeded => {
                &problem::UNAUTHORIZED
            }
            Self::App(E::TooManyTries(_)) => &problem::TOO_MANY_REQUESTS,
            Self::App(E::DeadLink) => &problem::GONE,
            Self::App(E::Busy) | Self::Overloaded => &problem::SERVICE_UNAVAILABLE,
            Self::App(E::NothingSubmitted) => &problem::NOTHING_SUBMITTED,
            Self::App(E::NotFound(_)) | Self::NoSuchPage => &problem::NOT_FOUND,
            Self::App(E::Invalid(_) | E::Faulty(_)) | Self::Invalid(_) => &problem::UNPROCESSABLE_ENTITY,
            Self::App(E::Refused(_) | E::Conflict(_)) => &problem::CONFLICT,
            Self::App(E::Overtaken(_)) => &problem::PRECONDITION_FAILED,
            Self::App(E::Store(error)) if error.is_passing() => &problem::SERVICE_UNAVAILABLE,
            Self::App(E::Store(_) | E::Broken(_)) | Self::Broken(_) => &problem::INTERNAL_SERVER_ERROR,
            Self::WrongKind(_) => &problem::UNSUPPORTED_MEDIA_TYPE,
            Self::Unreadable(_) | Self::Elsewhere(_) => &problem::BAD_REQUEST,
            Self::TooLarge => &problem::PAYLOAD_TOO_LARGE,
            Self::StateNeeded => &problem::PRECONDITION_REQUIRED,
            Self::Refused(Refusal::Host) => &problem::MISDIRECTED_REQUEST,
            Self::Refused(Refusal::CrossSite) => &problem::CROSS_SITE,
        }
    }
}

impl From<UrlencodedError> for Failure {
    fn from(error: UrlencodedError) -> Self {
        match error {
            UrlencodedError::Overflow { .. } => Self::TooLarge,
            UrlencodedError::ContentType => Self::WrongKind("forms"),
            UrlencodedError::Payload(PayloadError::Io(_)) => Self::unreadable("what was sent took too long"),
            _ => Self::unreadable("the form lacks a field, or has one that cannot be read"),
        }
    }
}

impl From<MultipartError> for Failure {
    fn from(error: MultipartError) -> Self {
        match error {
            MultipartError::Payload(PayloadError::Overflow) => Self::TooLarge,
            MultipartError::ContentTypeMissing | MultipartError::ContentTypeIncompatible => Self::WrongKind("forms"),
            _ => Self::unreadable("the form lacks a file, or has a part that cannot be read"),
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        if let Self::Elsewhere(_) = self { StatusCode::SEE_OTHER } else { self.problem().status }
    }

    /// Only the status and the words; [`as_answers`] makes the page around them.
    fn error_response(&self) -> HttpResponse {
        if let Self::Elsewhere(address) = self {
            return HttpResponse::SeeOther().insert_header((header::LOCATION, address.as_str())).finish();
        }
        let status = self.status_code();
        let message = if status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!("{self}");
            "something went wrong inside Cairn".to_owned()
        } else {
            self.to_string()
        };
        let mut response = HttpResponse::new(status);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            // In a rush there is a line about each of the many requests already.
            if !matches!(self, Self::Overloaded) {
                tracing::warn!("{self}");
            }
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        if let Self::App(app::Error::TooManyTries(wait)) = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait.num_seconds() + 1));
        }
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Cairn\""));
        }
        response.extensions_mut().insert(Words {
            message,
            problem: self.problem(),
            is_of_the_quarter: self.is_of_the_quarter(),
        });
        response
    }
}

/// Marks an answer that is as it should be, although it tells of an error and is no page.
pub(super) struct Written;

/// What an error page says.
struct Words {
    message: String,
    problem: &'static Problem,
    is_of_the_quarter: bool,
}

/// The middleware that makes answers of errors, our own and those that actix answers without a body.
pub(super) async fn as_answers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // Found by those who stand before the routes: the request goes no further.
    let failure = request.extensions_mut().remove::<Failure>();
    let mut response = match failure {
        Some(Failure::SignInNeeded(address)) if is_to_look_at(&request) => {
            request.into_response(Failure::Elsewhere(address).error_response())
        }
        Some(failure) => request.into_response(failure.error_response()),
        None => next.call(request).await?.map_into_boxed_body(),
    };
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    // What a handler wrote itself, a page or an answer to a script, is as it should be.
    let is_written = kind.is_some_and(|kind| kind.starts_with("text/html") || kind == "application/json")
        || response.response().extensions().contains::<Written>();
    if !(status.is_client_error() || status.is_server_error()) || is_written {
        return Ok(response);
    }
    let words = response.response_mut().extensions_mut().remove::<Words>();
    let words = words.unwrap_or_else(|| {
        let problem = problem::of_status(status);
        let message = match status {
            StatusCode::NOT_FOUND => "there is no such page",
            StatusCode::METHOD_NOT_ALLOWED => "this address cannot be used in that way",
            _ => "the request cannot be read",
        };
        Words { message: message.to_owned(), problem, is_of_the_quarter: false }
    });
    let request = response.request();
    let (kind, body) = if is_for_a_program(request) {
        let body = json!({ "code": words.problem.code, "message": words.message, "hint": words.problem.hint });
        ("application/json", format!("{body}\n"))
    } else {
        let path = request.path().to_owned();
        let demo = request.app_data::<Data<Site>>().and_then(|site| site.access.demo());
        let actor = request.extensions().get::<Caller>().map(|caller| caller.actor.clone());
        let actor = actor.unwrap_or_else(|| Actor::nobody("nobody"));
        let frame = Frame { path: &path, demo, actor: &actor, selection: Selection::ORGANIZATION };
        let number = request.extensions().get::<RequestId>().map(|id| id.0.clone());
        let number = number.filter(|_| status.is_server_error());
        let latest = words.is_of_the_quarter.then(|| without_period(request));
        let page = views::error::page(
            &frame,
            status.as_u16(),
            &words.message,
            words.problem.hint,
            number.as_deref(),
            latest.as_deref(),
        );
        ("text/html; charset=utf-8", page.into_string())
    };
    Ok(response.map_body(|head, _| {
        head.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        BoxBody::new(body)
    }))
}

/// The address of the same page at the latest quarter.
fn without_period(request: &HttpRequest) -> String {
    let asked = Query::<Vec<(String, String)>>::from_query(request.query_string()).map(Query::into_inner);
    let kept = asked.unwrap_or_default().into_iter().filter(|(name, _)| name != "period");
    kept.fold(request.path().to_owned(), |address, (name, value)| views::with_parameter(&address, &name, &value))
}

/// Whether somebody wants to look at a page, and can be led to another one first.
fn is_to_look_at(request: &ServiceRequest) -> bool {
    request.method().is_safe() && !is_for_a_program(request.request())
}

/// Whether a program asks: it shows a token, takes nothing but JSON, or uses the interface for programs.
fn is_for_a_program(request: &HttpRequest) -> bool {
    let headers = request.headers();
    headers.contains_key(header::AUTHORIZATION)
        || headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json")
        || request.path().starts_with("/api/") && request.path() != "/api/docs"
}
