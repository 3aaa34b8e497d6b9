//! `cairn serve` and `cairn demo`.

use std::net::{TcpListener, ToSocketAddrs};
use std::path::Path;

use super::{Failure, LogFormat, open, operator, say};
use crate::app::{Cairn, Missing};
use crate::clock::Clock;
use crate::web::{self, Site};

pub(super) fn serve(database: &Path, listen: &str, format: LogFormat, clock: Clock) -> Result<(), Failure> {
    let listener = bind(listen)?;
    let cairn = open(database, Missing::Create)?;
    let address = listener.local_addr()?;
    announce(format, &format!("Cairn keeps its records in {} and serves http://{address}", database.display()));
    run(listener, cairn, clock, false)
}

pub(super) fn demo(listen: &str, format: LogFormat, clock: Clock) -> Result<(), Failure> {
    let listener = bind(listen)?;
    // Goes away with its content when the service has stopped.
    let folder = tempfile::Builder::new().prefix("cairn-demo-").tempdir()?;
    let cairn = open(&folder.path().join("demo.db"), Missing::Create)?;
    cairn.fill_with_demo(&operator(clock))?;
    let address = listener.local_addr()?;
    announce(format, &format!("Cairn serves a made-up organization on http://{address}; nothing is kept"));
    run(listener, cairn, clock, true)
}

fn announce(format: LogFormat, message: &str) {
    say(format, message, |message| tracing::info!("{message}"));
}

/// Takes the port before anything else is done, so that a failure leaves nothing behind.
fn bind(listen: &str) -> Result<TcpListener, Failure> {
    let found = listen.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    let address = found.ok_or_else(|| format!("“{listen}” is not an address; write it like 127.0.0.1:8080"))?;
    if !address.ip().is_loopback() {
        return Err(format!(
            "{address} can be reached from other machines, and Cairn has no accounts yet: everybody who reaches it \
             could read and change everything. Listen on 127.0.0.1, and use SSH port forwarding to reach it from elsewhere."
        )
        .into());
    }
    TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}").into())
}

fn run(listener: TcpListener, cairn: Cairn, clock: Clock, demo: bool) -> Result<(), Failure> {
    Ok(web::serve(listener, Site::new(cairn, clock, demo))?)
}
