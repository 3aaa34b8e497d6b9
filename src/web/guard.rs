//! Stands before all routes: refuses requests that do not come from a page of ours, and sends the
//! headers that keep browsers from doing more with a page than it needs.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};

use super::failure::Failure;
use super::reached::{Reached, text};
use super::{Site, deadline};

/// Headers of every answer that does not set them itself.
const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    (header::PERMISSIONS_POLICY, "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    // Pages show what is recorded now; assets set their own.
    (header::CACHE_CONTROL, "no-store"),
];

/// Sent where the service is reached over TLS: a year of nothing else.
const STAY_ON_TLS: &str = "max-age=31536000; includeSubDomains";

/// The middleware.
pub(super) async fn check(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let site =
        request.app_data::<Data<Site>>().cloned().ok_or_else(|| Failure::Broken("the service is not set up".into()))?;
    if let Err(refusal) = admit(&request, &site.reached) {
        // The routes behind answer with it, so that it becomes a page like every other error.
        request.extensions_mut().insert(Failure::Refused(refusal));
    }
    if !request.method().is_safe() {
        deadline::hurry(&mut request);
    }
    let mut response = next.call(request).await?;
    for (name, value) in HEADERS {
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    if site.reached.is_secure() {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STAY_ON_TLS));
    }
    Ok(response)
}

/// Why a request is not let through.
#[derive(Debug, Clone, Copy)]
pub(super) enum Refusal {
    /// It names a host that is not this service.
    Host,
    /// It would change something and comes from a page of another site, or does not say from where.
    CrossSite,
}

fn admit(request: &ServiceRequest, reached: &Reached) -> Result<(), Refusal> {
    let headers = request.headers();
    let host = text(headers, &header::HOST).or(request.uri().host()).unwrap_or_default();
    if !reached.is_ours(host) {
        return Err(Refusal::Host);
    }
    // A page of another site can send cookies along, but no token.
    let shows_token = headers.contains_key(header::AUTHORIZATION);
    if !request.method().is_safe() && !shows_token && !reached.is_from_our_page(headers, host) {
        return Err(Refusal::CrossSite);
    }
    Ok(())
}
