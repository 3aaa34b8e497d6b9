//! The pages over HTTP: the only part that knows actix.
//!
//! `routes` is the table of everything that can be asked for. Before it stand `guard`, which refuses what
//! does not come from a page of ours, and `session`, which recognizes who asks; both know from `reached`
//! under which address the service is and who stands before it. `visit` gives a handler who asks for what
//! and runs use cases off the event loop, `compress` makes what leaves smaller, `failure` turns errors into
//! pages, `pages` has the handlers, `views` what they show, and `api` the handlers for programs.

mod api;
mod assets;
mod compress;
mod failure;
mod guard;
mod pages;
mod reached;
mod routes;
mod session;
mod views;
mod visit;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};

pub use reached::{NotAPublicUrl, PublicUrl, Reached};

use crate::app::Cairn;
use crate::clock::Clock;

/// How long requests under way may take to finish when the service is stopped, in seconds.
const GRACE: u64 = 10;

/// What the pages serve.
#[derive(Clone)]
pub struct Site {
    cairn: Arc<Cairn>,
    clock: Clock,
    access: Access,
    reached: Reached,
}

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Who signs in, or shows a token.
    SignIn,
    /// Everybody who reaches the service, as an administrator of a made-up organization; every page says
    /// that nothing is kept.
    Demo,
}

impl Site {
    /// The pages of an open database.
    pub fn new(cairn: impl Into<Arc<Cairn>>, clock: Clock, access: Access, reached: Reached) -> Self {
        Self { cairn: cairn.into(), clock, access, reached }
    }
}

/// Serves until the process is asked to stop.
pub fn serve(listener: TcpListener, site: Site) -> std::io::Result<()> {
    let site = Data::new(site);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(&site))
            .wrap(from_fn(failure::as_answers))
            .wrap(from_fn(session::recognize))
            .wrap(from_fn(guard::check))
            .wrap(from_fn(compress::compress))
            .configure(routes::configure)
    })
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(GRACE)
    .listen(listener)?;
    actix_web::rt::System::new().block_on(async { server.run().await })
}
