//! Errors as answers. Every error that a handler returns, and every bare one that actix makes,
//! becomes a page that says what is wrong and what to do. Details of faults of our own go to the
//! log, never to the page.

use actix_multipart::MultipartError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::{PayloadError, UrlencodedError};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError};

use super::Site;
use super::guard::Refusal;
use super::views::{self, Frame};
use super::watch::RequestId;
use crate::app;
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
    /// The address or the form cannot be read.
    #[error("{0}")]
    Unreadable(&'static str),
    /// What was sent is not a form.
    #[error("only forms can be sent here")]
    NotAForm,
    /// The form is too large.
    #[error("what was sent is too large")]
    TooLarge,
    /// The request is not let through.
    #[error("{}", .0.message())]
    Refused(Refusal),
    /// Not an error: the page is elsewhere.
    #[error("see {0}")]
    Elsewhere(String),
    /// A fault of our own.
    #[error("{0}")]
    Broken(String),
}

impl Refusal {
    fn message(self) -> &'static str {
        match self {
            Self::Host => {
                "the address in the browser is not one of this machine; use http://127.0.0.1 or http://localhost"
            }
            Self::CrossSite => "this change was sent from a page of another site and was not made",
        }
    }
}

impl Failure {
    fn words(&self) -> Words {
        Words { message: self.to_string(), hint: self.hint() }
    }

    /// What the page says beside the message.
    fn hint(&self) -> &'static str {
        match self.status_code().as_u16() {
            404 if matches!(self, Self::App(app::Error::NothingSubmitted)) => {
                "Submit an assessment first; then there is something to show."
            }
            404 => "It may have been renamed or never existed. The navigation leads to everything there is.",
            421 | 403 => "Open Cairn at its own address and do it there.",
            409 => "Go back, load the page again, and look at how things are now.",
            413 => "Send less at once: a note has at most 10,000 characters.",
            503 => "Nothing was changed. Try again in a moment; if it stays like this, look at the log of the service.",
            500 => "Nothing was changed. The log of the service says more.",
            _ => "Go back, correct it, and try again.",
        }
    }
}

impl From<UrlencodedError> for Failure {
    fn from(error: UrlencodedError) -> Self {
        match error {
            UrlencodedError::Overflow { .. } => Self::TooLarge,
            UrlencodedError::ContentType => Self::NotAForm,
            _ => Self::Unreadable("the form lacks a field, or has one that cannot be read"),
        }
    }
}

impl From<MultipartError> for Failure {
    fn from(error: MultipartError) -> Self {
        match error {
            MultipartError::Payload(PayloadError::Overflow) => Self::TooLarge,
            MultipartError::ContentTypeMissing | MultipartError::ContentTypeIncompatible => Self::NotAForm,
            _ => Self::Unreadable("the form lacks a file, or has a part that cannot be read"),
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        use app::Error as E;
        match self {
            Self::App(E::Forbidden(_)) => StatusCode::FORBIDDEN,
            Self::App(E::NotFound(_) | E::NothingSubmitted) | Self::NoSuchPage => StatusCode::NOT_FOUND,
            Self::App(E::Invalid(_) | E::Faulty(_)) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::App(E::Refused(_) | E::Conflict(_)) => StatusCode::CONFLICT,
            Self::App(E::Store(error)) if error.is_passing() => StatusCode::SERVICE_UNAVAILABLE,
            Self::App(E::Store(_)) | Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Unreadable(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(Refusal::Host) => StatusCode::MISDIRECTED_REQUEST,
            Self::Refused(Refusal::CrossSite) => StatusCode::FORBIDDEN,
            Self::Elsewhere(_) => StatusCode::SEE_OTHER,
        }
    }

    /// Only the status and the words; [`as_pages`] makes the page around them.
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
            tracing::warn!("{self}");
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response.extensions_mut().insert(Words { message, ..self.words() });
        response
    }
}

/// Marks an answer that is as it should be, although it tells of an error and is no page.
pub(super) struct Written;

/// What an error page says.
struct Words {
    message: String,
    hint: &'static str,
}

/// The middleware that makes pages of errors, our own and those that actix answers without a body.
pub(super) async fn as_pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let refusal = request.extensions().get::<Refusal>().copied();
    let mut response = match refusal {
        Some(refusal) => request.into_response(Failure::from(refusal).error_response()),
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
    let words = words.unwrap_or_else(|| match status {
        StatusCode::NOT_FOUND => Failure::NoSuchPage.words(),
        StatusCode::METHOD_NOT_ALLOWED => Failure::Unreadable("this address cannot be used in that way").words(),
        _ => Failure::Unreadable("the request cannot be read").words(),
    });
    let path = response.request().path().to_owned();
    let demo = response.request().app_data::<Data<Site>>().is_some_and(|site| site.demo);
    let frame = Frame { path: &path, demo, selection: Selection::ORGANIZATION };
    let number = response.request().extensions().get::<RequestId>().map(|id| id.0.clone());
    let number = number.filter(|_| status.is_server_error());
    let page = views::error::page(&frame, status.as_u16(), &words.message, words.hint, number.as_deref());
    Ok(response.map_body(|head, _| {
        head.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        BoxBody::new(page.into_string())
    }))
}
