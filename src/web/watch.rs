//! Stands around everything else: gives each request a number, counts it, and writes a line about it to
//! the log. The number is in the answer, on error pages and in every line of the log about the request.
//! Queries, headers and bodies are not logged: they hold what people search for, and secrets.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};
use tracing::{Instrument, Span};

use super::meters::Meters;
use super::{kept, routes};
use crate::clock::Stopwatch;

/// The header of the answer with the number of the request.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// How many characters of a path are logged.
const MAX_PATH: usize = 200;

/// The number of a request, as people pass it on.
#[derive(Debug, Clone)]
pub(super) struct RequestId(pub(super) String);

/// Gives numbers that do not repeat and tell nothing of how many there were.
#[derive(Debug, Default)]
pub(super) struct RequestIds {
    key: RandomState,
    given: AtomicU64,
}

impl RequestIds {
    fn next(&self) -> RequestId {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        RequestId(format!("{:016x}", self.key.hash_one(number)))
    }
}

/// The path, as far as it may stand in a log. What follows in those that hold a secret opens something to
/// whoever reads it.
fn loggable(request: &ServiceRequest) -> String {
    let path = request.path();
    match routes::SECRET.iter().find(|start| path.starts_with(**start)) {
        Some(start) => format!("{start}…"),
        None => plain(path),
    }
}

/// The pattern of the route. Those that are asked for most often need not be looked for among all.
fn route(request: &ServiceRequest) -> Cow<'static, str> {
    match kept::route(request.path()) {
        Some(route) => route.into(),
        None => request.match_pattern().map_or("none".into(), Into::into),
    }
}

/// The middleware.
pub(super) async fn watch(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = request.app_data::<Data<RequestIds>>().map(|ids| ids.next());
    // An error span, so that it is there for every line that is logged at all.
    let span = match &id {
        Some(id) => tracing::error_span!("request", id = id.0),
        None => Span::none(),
    };
    let mut watched = Watched {
        method: request.method().to_string(),
        path: loggable(&request),
        route: route(&request),
        meters: request.app_data::<Data<Meters>>().cloned(),
        span: span.clone(),
        began: Stopwatch::start(),
        status: None,
        bytes: None,
    };
    if let Some(meters) = &watched.meters {
        meters.begin();
    }
    if let Some(id) = &id {
        request.extensions_mut().insert(id.clone());
    }
    let mut result = next.call(request).instrument(span).await;
    match &mut result {
        Ok(response) => {
            watched.status = Some(response.status().as_u16());
            if let BodySize::Sized(bytes) = response.response().body().size() {
                watched.bytes = Some(if watched.method == "HEAD" { 0 } else { bytes });
            }
            let value = id.and_then(|id| HeaderValue::from_str(&id.0).ok());
            if let Some(value) = value {
                response.headers_mut().insert(HEADER, value);
            }
        }
        Err(error) => watched.status = Some(error.as_response_error().status_code().as_u16()),
    }
    result
}

/// A request that is being answered. It is counted and logged when this goes, which is also when the
/// visitor has gone away or a handler has panicked; then there is no status.
struct Watched {
    method: String,
    path: String,
    route: Cow<'static, str>,
    meters: Option<Data<Meters>>,
    span: Span,
    began: Stopwatch,
    status: Option<u16>,
    bytes: Option<u64>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        let took = self.began.elapsed();
        if let Some(meters) = &self.meters {
            meters.end(&self.method, &self.route, self.status, took);
        }
        let _entered = self.span.enter();
        let (method, path, status, bytes) = (plain(&self.method), &self.path, self.status, self.bytes);
        let duration_ms = (took.as_secs_f64() * 10_000.0).round() / 10.0;
        let outcome = if self.status.is_some() { "answered" } else { "broken off" };
        // Those who ask every few seconds whether all is well are not worth a line each.
        if routes::HEALTH.contains(&&*self.route) {
            tracing::debug!(method, path, status, duration_ms, bytes, "{outcome}");
        } else {
            tracing::info!(method, path, status, duration_ms, bytes, "{outcome}");
        }
    }
}

/// A text that cannot be mistaken for more than one word in one line of a log.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars().take(MAX_PATH) {
        if c.is_ascii_graphic() {
            plain.push(c);
        } else {
            plain.extend(c.escape_unicode());
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_in_the_log() {
        assert_eq!(plain("/teams/1"), "/teams/1");
        assert_eq!(plain("/a\r\nb\u{1b}[31m \u{202e}é"), r"/a\u{d}\u{a}b\u{1b}[31m\u{20}\u{202e}\u{e9}");
        assert_eq!(plain(&"x".repeat(10_000)).len(), MAX_PATH);
    }

    #[test]
    fn numbers_of_requests_differ() {
        let ids = RequestIds::default();
        let given: std::collections::HashSet<_> = (0..1_000).map(|_| ids.next().0).collect();
        assert_eq!(given.len(), 1_000);
        assert!(given.iter().all(|id| id.len() == 16 && id.bytes().all(|byte| byte.is_ascii_hexdigit())));
    }
}
