//! `cairn serve` and `cairn demo`.

use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::path::Path;

use ipnet::IpNet;

use super::{Failure, open};
use crate::app::{Cairn, Missing};
use crate::clock::Clock;
use crate::domain::access::{Actor, Caller};
use crate::web::{self, Access, PublicUrl, Reached, Site};

/// How the service is reached.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct HowReached {
    /// The address under which people reach the service, such as https://cairn.example.org; needed to listen
    /// on more than this machine itself
    #[arg(long, global = true, env = "CAIRN_PUBLIC_URL")]
    public_url: Option<PublicUrl>,
    /// A proxy, or a network of proxies, that is believed when it says for whom it asks
    #[arg(long, global = true, env = "CAIRN_TRUSTED_PROXY", value_delimiter = ',', value_parser = network)]
    trusted_proxy: Vec<IpNet>,
}

impl HowReached {
    /// The address under which people reach the service, or else where it listens.
    pub(super) fn base(&self, listen: &str) -> String {
        self.public_url.as_ref().map_or_else(|| format!("http://{listen}"), PublicUrl::to_string)
    }
}

/// Reads a network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<std::net::IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| "write it like 10.0.0.1 or 10.0.0.0/8".to_owned())
}

pub(super) fn serve(database: &Path, listen: &str, arguments: HowReached, clock: Clock) -> Result<(), Failure> {
    let HowReached { public_url, trusted_proxy } = arguments;
    let address = address(listen)?;
    if !address.ip().is_loopback() && public_url.is_none() {
        return Err(format!(
            "{address} can be reached from other machines. Say with --public-url under which address people reach \
             Cairn there, such as https://cairn.example.org: it answers only to that name then, and sends cookies over \
             TLS only"
        )
        .into());
    }
    let listener = bind(address)?;
    let cairn = open(database, Missing::Create)?;
    let local = format!("http://{}", listener.local_addr()?);
    let base = public_url.as_ref().map_or_else(|| local.clone(), PublicUrl::to_string);
    eprintln!("Cairn keeps its records in {} and serves {local}", database.display());
    if let Some(secret) = cairn.begin_set_up()? {
        eprintln!(
            "Nobody has an account yet. Become the first administrator at\n    {base}/set-up/{}",
            secret.reveal()
        );
    }
    if public_url.as_ref().is_some_and(|url| !url.is_https()) && !address.ip().is_loopback() {
        tracing::warn!("{base} is reached without TLS: whoever is on the way can read passwords and answers");
    }
    let reached = Reached { public_url, proxies: trusted_proxy };
    Ok(web::serve(listener, Site::new(cairn, clock, Access::SignIn, reached))?)
}

pub(super) fn demo(listen: &str, clock: Clock) -> Result<(), Failure> {
    let address = address(listen)?;
    if !address.ip().is_loopback() {
        return Err(format!(
            "{address} can be reached from other machines, and the demo asks nobody to sign in. Listen on 127.0.0.1, \
             and use SSH port forwarding to reach it from elsewhere"
        )
        .into());
    }
    let listener = bind(address)?;
    // Goes away with its content when the service has stopped.
    let folder = tempfile::Builder::new().prefix("cairn-demo-").tempdir()?;
    let cairn: Cairn = open(&folder.path().join("demo.db"), Missing::Create)?;
    cairn.fill_with_demo(&Caller { actor: Actor::demo(), at: clock(), from: String::new() })?;
    eprintln!("Cairn serves a made-up organization on http://{}; nothing is kept", listener.local_addr()?);
    Ok(web::serve(listener, Site::new(cairn, clock, Access::Demo, Reached::default()))?)
}

fn address(listen: &str) -> Result<SocketAddr, Failure> {
    let found = listen.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    Ok(found.ok_or_else(|| format!("“{listen}” is not an address; write it like 127.0.0.1:8080"))?)
}

/// Takes the port before anything else is done, so that a failure leaves nothing behind.
fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}").into())
}
