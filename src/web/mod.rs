//! The pages over HTTP: the only part that knows actix.
//!
//! `routes` is the table of everything that can be asked for. `guard` stands before it and
//! refuses what does not come from a page of ours, `visit` says who asks and runs use cases off
//! the event loop, `compress` makes what leaves smaller, `failure` turns errors into pages, `pages` has the handlers, and `views` what
//! they show.

mod assets;
mod compress;
mod failure;
mod guard;
mod pages;
mod routes;
mod views;
mod visit;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};

use crate::app::Cairn;
use crate::clock::Clock;

/// How long requests under way may take to finish when the service is stopped, in seconds.
const GRACE: u64 = 10;

/// What the pages serve.
#[derive(Clone)]
pub struct Site {
    cairn: Arc<Cairn>,
    clock: Clock,
    demo: bool,
}

impl Site {
    /// The pages of an open database. `demo` makes every page say that nothing is kept.
    pub fn new(cairn: impl Into<Arc<Cairn>>, clock: Clock, demo: bool) -> Self {
        Self { cairn: cairn.into(), clock, demo }
    }
}

/// Serves until the process is asked to stop.
pub fn serve(listener: TcpListener, site: Site) -> std::io::Result<()> {
    let site = Data::new(site);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(&site))
            .wrap(from_fn(failure::as_pages))
            .wrap(from_fn(guard::check))
            .wrap(from_fn(compress::compress))
            .configure(routes::configure)
    })
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(GRACE)
    .listen(listener)?;
    actix_web::rt::System::new().block_on(async { server.run().await })
}
