//! Compresses what leaves, for browsers that say they can read it.

use std::io::Write;

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, AcceptEncoding, Encoding, Header, HeaderValue};
use actix_web::middleware::Next;
use flate2::Compression;
use flate2::write::GzEncoder;

/// What is smaller than this would hardly shrink.
const SMALLEST: usize = 1_000;

/// Text of some length becomes about a tenth.
const LEVEL: u32 = 6;

/// The middleware.
pub(super) async fn compress(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let takes_gzip = takes_gzip(&request);
    let response = next.call(request).await?.map_into_boxed_body();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    if !is_text(kind) || response.headers().contains_key(header::CONTENT_ENCODING) {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    response.headers_mut().append(header::VARY, HeaderValue::from_static("accept-encoding"));
    let body = to_bytes(body).await.map_err(|_| actix_web::error::ErrorInternalServerError("a body broke off"))?;
    let small = if takes_gzip && body.len() >= SMALLEST { gzip(&body) } else { None };
    let body = match small {
        Some(small) => {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            BoxBody::new(small)
        }
        None => BoxBody::new(body),
    };
    Ok(ServiceResponse::new(request, response.set_body(body)))
}

/// Whether somebody can read what is compressed.
pub(super) fn takes_gzip(request: &ServiceRequest) -> bool {
    let accepted = AcceptEncoding::parse(request).ok();
    let encoding = accepted.and_then(|accepted| accepted.negotiate([Encoding::gzip(), Encoding::identity()].iter()));
    encoding == Some(Encoding::gzip())
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/") || matches!(kind, "application/json" | "image/svg+xml")
}

/// The compressed bytes. Writing into memory does not fail; if it ever does, the answer goes out as it is.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
