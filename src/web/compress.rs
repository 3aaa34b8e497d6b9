//! Compresses what leaves, for browsers that say they can read it.

use std::io::Write;

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, AcceptEncoding, Encoding, Header, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use actix_web::{Error, HttpMessage};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::visit::aside;

/// What is smaller than this would hardly shrink.
const SMALLEST: usize = 1_000;

/// From this on it takes so long that others go on meanwhile.
const LARGE: usize = 100_000;

/// For what is sent once: text of some length becomes about a tenth.
const ONCE: Compression = Compression::new(6);

/// For what is compressed once and sent often.
const FOR_KEEPS: Compression = Compression::best();

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
    let body = whole(body).await?;
    let small = match (takes_gzip, body.len()) {
        (false, _) => None,
        (true, ..LARGE) => gzip(&body, ONCE),
        (true, _) => {
            let body = body.clone();
            aside(move || gzip(&body, ONCE)).await?
        }
    };
    let body = match small {
        Some(small) => {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            BoxBody::new(small)
        }
        None => BoxBody::new(body),
    };
    Ok(ServiceResponse::new(request, response.set_body(body)))
}

/// All of a body.
pub(super) async fn whole(body: impl MessageBody) -> Result<Bytes, Error> {
    to_bytes(body).await.map_err(|_| actix_web::error::ErrorInternalServerError("a body broke off"))
}

/// Whether somebody can read what is compressed.
pub(super) fn takes_gzip(request: &impl HttpMessage) -> bool {
    let accepted = AcceptEncoding::parse(request).ok();
    let encoding = accepted.and_then(|accepted| accepted.negotiate([Encoding::gzip(), Encoding::identity()].iter()));
    encoding == Some(Encoding::gzip())
}

fn is_text(kind: &str) -> bool {
    kind.starts_with("text/") || matches!(kind, "application/json" | "image/svg+xml")
}

/// What is kept and sent often, compressed as well as it can be; `None`: it is as good as it is.
pub(super) fn gzip_for_keeps(bytes: &[u8]) -> Option<Vec<u8>> {
    gzip(bytes, FOR_KEEPS)
}

/// The compressed bytes, unless it is hardly worth it. Writing into memory does not fail; if it ever does, the bytes go
/// out as they are.
fn gzip(bytes: &[u8], how: Compression) -> Option<Vec<u8>> {
    if bytes.len() < SMALLEST {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), how);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}
