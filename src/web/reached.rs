//! How the service is reached: under which address, through which proxies, and from where.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use actix_web::http::Uri;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use ipnet::IpNet;

/// The proxies before it write here whom they speak for.
pub(super) const FORWARDED_FOR: HeaderName = header::X_FORWARDED_FOR;

/// The address under which people reach the service, such as `https://cairn.example.org`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    is_https: bool,
    /// The host, in small letters, with the port unless it is the usual one.
    authority: String,
}

/// A text is not an address to reach the service under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write it like https://cairn.example.org, without anything after the name but a port")]
pub struct NotAPublicUrl;

impl FromStr for PublicUrl {
    type Err = NotAPublicUrl;

    fn from_str(text: &str) -> Result<Self, NotAPublicUrl> {
        let uri: Uri = text.trim().parse().map_err(|_| NotAPublicUrl)?;
        let is_https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(NotAPublicUrl),
        };
        let authority = uri.authority().ok_or(NotAPublicUrl)?.as_str().to_lowercase();
        let is_plain = !authority.contains('@') && !authority.starts_with(':');
        if !is_plain || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(NotAPublicUrl);
        }
        let usual = if is_https { ":443" } else { ":80" };
        let authority = authority.strip_suffix(usual).unwrap_or(&authority).to_owned();
        Ok(Self { is_https, authority })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", if self.is_https { "https" } else { "http" }, self.authority)
    }
}

impl PublicUrl {
    /// Whether nobody on the way can read along.
    pub fn is_https(&self) -> bool {
        self.is_https
    }
}

/// How the service is reached.
#[derive(Debug, Clone, Default)]
pub struct Reached {
    /// Under which address; without one only from this machine.
    pub public_url: Option<PublicUrl>,
    /// The proxies that are believed when they say for whom they ask.
    pub proxies: Vec<IpNet>,
}

impl Reached {
    /// Whether cookies travel only where nobody can read along, and browsers are told to stay there.
    pub(super) fn is_secure(&self) -> bool {
        self.public_url.as_ref().is_some_and(PublicUrl::is_https)
    }

    /// Whether a request names a host that is this service. Another name means that a page of somebody else
    /// may have bound its own name to our address, to read from us with the visitor's browser.
    pub(super) fn is_ours(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        self.public_url.as_ref().is_some_and(|url| url.authority == host) || is_loopback(&host)
    }

    /// Where pages of ours say that they come from when they are reached under this host.
    fn origin(&self, host: &str) -> String {
        match &self.public_url {
            Some(url) if url.authority.eq_ignore_ascii_case(host) => url.to_string(),
            _ => format!("http://{host}"),
        }
    }

    /// Whether a request that changes something was sent from a page of ours. Browsers say with every such
    /// request where it comes from; what says nothing is not from a page.
    pub(super) fn is_from_our_page(&self, headers: &HeaderMap, host: &str) -> bool {
        if let Some(site) = headers.get("sec-fetch-site") {
            return site == "same-origin" || site == "none";
        }
        text(headers, &header::ORIGIN) == Some(self.origin(host).as_str())
    }

    /// The address that a request comes from: that of whoever is connected or, if that is a proxy that we
    /// trust, the last one in its list that is not.
    pub(super) fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> String {
        let Some(peer) = peer else { return String::new() };
        let mut client = peer.to_canonical();
        let lists: Vec<&str> = headers.get_all(FORWARDED_FOR).filter_map(|list| list.to_str().ok()).collect();
        let mut hops = lists.iter().rev().flat_map(|list| list.rsplit(','));
        while self.proxies.iter().any(|network| network.contains(&client)) {
            let Some(before) = hops.next().and_then(|hop| address(hop.trim())) else { break };
            client = before.to_canonical();
        }
        client.to_string()
    }
}

/// An address as proxies write it, some with a port.
fn address(hop: &str) -> Option<IpAddr> {
    hop.parse().or_else(|_| hop.parse::<SocketAddr>().map(|with_port| with_port.ip())).ok()
}

fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next(),
        None => host.split(':').next(),
    };
    let name = name.unwrap_or_default();
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A header, if it is readable.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(url: &str, proxies: &[&str]) -> Reached {
        let proxies = proxies.iter().map(|network| network.parse().unwrap()).collect();
        Reached { public_url: Some(url.parse().unwrap()), proxies }
    }

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(HeaderName::from_static(name), header::HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn a_public_address_is_a_scheme_and_a_host() {
        for (text, url) in [
            ("https://cairn.example.org", "https://cairn.example.org"),
            ("https://Cairn.Example.org:443/", "https://cairn.example.org"),
            ("http://10.0.0.1:8080", "http://10.0.0.1:8080"),
            ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"),
        ] {
            assert_eq!(text.parse::<PublicUrl>().unwrap().to_string(), url);
        }
        for wrong in
            ["", "cairn.example.org", "ftp://x", "https://", "https://a/b", "https://a?b", "https://u@a", "https://:1"]
        {
            assert!(wrong.parse::<PublicUrl>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_its_own_name_and_those_of_this_machine_are_hosts() {
        let local = Reached::default();
        for ours in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:1", "127.1.2.3", "[::1]:8080", "[::1]"] {
            assert!(local.is_ours(ours), "{ours}");
        }
        let others =
            ["", "evil.example", "localhost.evil.example", "192.168.0.1:8080", "[fe80::1]", "127.0.0.1.evil.example"];
        let public = at("https://cairn.example.org", &[]);
        for other in others {
            assert!(!local.is_ours(other) && !public.is_ours(other), "{other}");
        }
        assert!(public.is_ours("cairn.example.org") && public.is_ours("Cairn.Example.Org"));
        assert!(!local.is_ours("cairn.example.org") && !public.is_ours("cairn.example.org:8443"));
    }

    #[test]
    fn changes_come_from_our_own_pages() {
        let local = Reached::default();
        let from = |name, value| local.is_from_our_page(&headers(&[(name, value)]), "127.0.0.1:8080");
        assert!(from("sec-fetch-site", "same-origin") && from("sec-fetch-site", "none"));
        assert!(!from("sec-fetch-site", "cross-site") && !from("sec-fetch-site", "same-site"));
        assert!(from("origin", "http://127.0.0.1:8080"));
        assert!(!from("origin", "http://127.0.0.1:9090") && !from("origin", "https://127.0.0.1:8080"));
        assert!(!from("origin", "https://evil.example") && !from("origin", "null"));
        assert!(!local.is_from_our_page(&HeaderMap::new(), "127.0.0.1:8080"), "what says nothing is not from a page");
        let public = at("https://cairn.example.org", &[]);
        let from = |value| public.is_from_our_page(&headers(&[("origin", value)]), "cairn.example.org");
        assert!(from("https://cairn.example.org") && !from("http://cairn.example.org"));
    }

    #[test]
    fn proxies_are_believed_when_they_are_ours() {
        let behind = at("https://cairn.example.org", &["10.0.0.0/8", "::1/128"]);
        let client =
            |peer: &str, list: &[(&'static str, &'static str)]| behind.client(peer.parse().ok(), &headers(list));
        assert_eq!(client("192.0.2.7", &[("x-forwarded-for", "198.51.100.1")]), "192.0.2.7", "no proxy of ours");
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", "198.51.100.1")]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.1", &[("x-forwarded-for", "6.6.6.6, 198.51.100.1")]),
            "198.51.100.1",
            "made up before"
        );
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", "198.51.100.1, 10.0.0.2")]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.1", &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "198.51.100.1")]),
            "198.51.100.1"
        );
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", "198.51.100.1:4711")]), "198.51.100.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &[("x-forwarded-for", "unknown")]), "10.0.0.1");
        assert_eq!(client("::ffff:10.0.0.1", &[("x-forwarded-for", "2001:db8::1")]), "2001:db8::1");
    }
}
