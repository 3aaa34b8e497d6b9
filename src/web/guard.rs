//! Stands before all routes: refuses requests that do not come from a page of ours, and sends the
//! headers that keep browsers from doing more with a page than it needs.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};

use super::failure::Failure;

/// Headers of every answer that does not set them itself.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
    // Pages show what is recorded now; assets set their own.
    (header::CACHE_CONTROL, "no-store"),
];

/// The middleware.
pub(super) async fn check(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if let Err(refusal) = admit(&request) {
        // The routes behind answer with it, so that it becomes a page like every other error.
        request.extensions_mut().insert(refusal);
    }
    let mut response = next.call(request).await?;
    for (name, value) in HEADERS {
        if !response.headers().contains_key(&name) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    Ok(response)
}

/// Why a request is not let through.
#[derive(Debug, Clone, Copy)]
pub(super) enum Refusal {
    /// It names a host that is not this machine: a page of somebody else may have bound its own
    /// name to our address, to read from us with the visitor's browser.
    Host,
    /// It would change something and comes from a page of another site.
    CrossSite,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

fn admit(request: &ServiceRequest) -> Result<(), Refusal> {
    let headers = request.headers();
    let host = text(headers, &header::HOST).or(request.uri().host()).unwrap_or_default();
    if !is_loopback(host) {
        return Err(Refusal::Host);
    }
    if !request.method().is_safe() && is_cross_site(headers, host) {
        return Err(Refusal::CrossSite);
    }
    Ok(())
}

/// Browsers say with every request where it comes from; a request without either header does not
/// come from a page.
fn is_cross_site(headers: &HeaderMap, host: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "same-origin" && site != "none";
    }
    match text(headers, &header::ORIGIN) {
        Some(origin) => origin.split_once("://").map(|(_, rest)| rest) != Some(host),
        None => headers.contains_key(header::ORIGIN),
    }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name.eq_ignore_ascii_case("localhost") || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_hosts() {
        for ours in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "127.1.2.3", "[::1]:8080", "[::1]"] {
            assert!(is_loopback(ours), "{ours}");
        }
        for other in
            ["", "evil.example", "localhost.evil.example", "192.168.0.1:8080", "[fe80::1]", "127.0.0.1.evil.example"]
        {
            assert!(!is_loopback(other), "{other}");
        }
    }

    #[test]
    fn changes_come_from_our_own_pages() {
        let from = |name: &'static str, value: &'static str| {
            let headers = [(HeaderName::from_static(name), HeaderValue::from_static(value))].into_iter().collect();
            is_cross_site(&headers, "127.0.0.1:8080")
        };
        assert!(!is_cross_site(&HeaderMap::new(), "127.0.0.1:8080"), "a program, not a page");
        assert!(!from("sec-fetch-site", "same-origin"));
        assert!(!from("sec-fetch-site", "none"));
        assert!(from("sec-fetch-site", "cross-site"));
        assert!(from("sec-fetch-site", "same-site"));
        assert!(!from("origin", "http://127.0.0.1:8080"));
        assert!(from("origin", "http://127.0.0.1:9090"));
        assert!(from("origin", "https://evil.example"));
        assert!(from("origin", "null"));
    }
}
