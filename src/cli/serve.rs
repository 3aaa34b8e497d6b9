//! `cairn serve` and `cairn demo`.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use super::{Failure, open, operator};
use crate::app::Cairn;
use crate::clock::Clock;
use crate::store::Missing;
use crate::web::{self, Site};

pub(super) fn serve(database: &Path, listen: SocketAddr, clock: Clock) -> Result<(), Failure> {
    let listener = bind(listen)?;
    let cairn = open(database, Missing::Create)?;
    eprintln!("Cairn keeps its records in {} and serves http://{}", database.display(), listener.local_addr()?);
    run(listener, cairn, clock, false)
}

pub(super) fn demo(listen: SocketAddr, clock: Clock) -> Result<(), Failure> {
    let listener = bind(listen)?;
    // Goes away with its content when the service has stopped.
    let folder = tempfile::Builder::new().prefix("cairn-demo-").tempdir()?;
    let cairn = open(&folder.path().join("demo.db"), Missing::Create)?;
    cairn.fill_with_demo(&operator(clock))?;
    eprintln!("Cairn serves a made-up organization on http://{}; nothing is kept", listener.local_addr()?);
    run(listener, cairn, clock, true)
}

/// Takes the port before anything else is done, so that a failure leaves nothing behind.
fn bind(listen: SocketAddr) -> Result<TcpListener, Failure> {
    if !listen.ip().is_loopback() {
        return Err(format!(
            "{listen} can be reached from other machines, and Cairn has no accounts yet: everybody who reaches it \
             could read and change everything. Listen on 127.0.0.1, and use SSH port forwarding to reach it from elsewhere."
        )
        .into());
    }
    TcpListener::bind(listen).map_err(|error| format!("cannot listen on {listen}: {error}").into())
}

fn run(listener: TcpListener, cairn: Cairn, clock: Clock, demo: bool) -> Result<(), Failure> {
    let site = Site::new(cairn, clock, demo);
    actix_web::rt::System::new().block_on(web::run(listener, site))?;
    Ok(())
}
