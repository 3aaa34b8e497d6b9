//! The pages over HTTP: the only part that knows actix.
//!
//! `routes` is the table of everything that can be asked for. Before it stand `kept`, which answers with pages that
//! were made before and still hold, `guard`, which refuses what does not come from a page of ours, and `session`,
//! which recognizes who asks; they know from `reached` under which address the service is and who stands before it.
//! `visit` gives a handler who asks for what and runs use cases off the event loop, as far as `admission`
//! lets it, which refuses what is more than can be answered. `deadline` ends bodies that take too long, `compress`
//! makes what leaves smaller, `failure` turns errors into pages, `pages` has the handlers, `views` what they show, and
//! `api` the handlers for programs. `watch` stands around all of them and counts and logs requests, with `meters` for
//! what is counted; `stop` ends the service.

mod admission;
mod api;
mod assets;
mod compress;
mod deadline;
mod failure;
mod guard;
mod kept;
mod meters;
mod pages;
mod problem;
mod reached;
mod routes;
mod session;
mod stop;
mod views;
mod visit;
mod watch;

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use admission::Admission;
use kept::{Kept, OwnPulse};
use meters::Meters;
use pages::operations::LastCheck;
use watch::RequestIds;

pub use reached::{NotAPublicUrl, PublicUrl, Reached};

use crate::app::{Cairn, Links};
use crate::clock::Clock;
use crate::domain::report::Report;
use crate::domain::view::Seen;

/// How long requests under way may take to finish when the service is stopped, in seconds.
const GRACE: u64 = 10;

/// What the pages serve.
#[derive(Clone)]
pub struct Site {
    cairn: Arc<Cairn>,
    clock: Clock,
    access: Access,
    reached: Reached,
    admission: Admission,
}

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Who signs in, or shows a token.
    SignIn,
    /// Everybody who reaches the service, as an administrator of a made-up organization; every page says
    /// that nothing is kept.
    Demo,
    /// The same, but the organization stays when the program stops.
    KeptDemo,
}

impl Access {
    /// What every page of a demo says about what becomes of it; `None` where it is none.
    fn demo(self) -> Option<&'static str> {
        match self {
            Self::SignIn => None,
            Self::Demo => Some("nothing is kept when the program stops"),
            Self::KeptDemo => Some("what you change is kept in its file"),
        }
    }
}

impl Site {
    /// The pages of an open database.
    pub fn new(cairn: impl Into<Arc<Cairn>>, clock: Clock, access: Access, reached: Reached) -> Self {
        Self { cairn: cairn.into(), clock, access, reached, admission: Admission::default() }
    }

    /// The same pages, for at most so many requests at once that ask for more than what is at hand. The others are
    /// refused at once.
    pub fn with_limit(self, limit: usize) -> Self {
        Self { admission: Admission::of(limit), ..self }
    }
}

/// A report as a file of its own. Its links lead to the service where its public address is known. `None` when
/// there is nothing to report.
pub fn report_file(seen: &Seen<Report>, public_url: Option<&PublicUrl>) -> Option<String> {
    views::report::file(seen, public_url.map(ToString::to_string).as_deref())
}

/// Where the pages of activities are, for files that lead there.
pub fn links(public_url: &PublicUrl) -> Links {
    Links { base: public_url.to_string(), activity: views::activity_of_team }
}

/// Serves until the process is asked to stop: requests under way are finished, and the database is brought
/// into its one file.
pub fn serve(listener: TcpListener, site: Site) -> std::io::Result<()> {
    let cairn = Arc::clone(&site.cairn);
    let meters = Data::new(Meters::new((site.clock)()));
    let (site, ids, last_check) = (Data::new(site), Data::new(RequestIds::default()), Data::new(LastCheck::default()));
    let app_meters = Data::clone(&meters);
    let kept = Data::new(Kept::default());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::clone(&site))
            .app_data(Data::clone(&app_meters))
            .app_data(Data::clone(&ids))
            .app_data(Data::clone(&last_check))
            .app_data(Data::clone(&kept))
            .app_data(OwnPulse::new(&site.cairn))
            .wrap(from_fn(failure::as_answers))
            .wrap(from_fn(compress::compress))
            .wrap(from_fn(session::recognize))
            .wrap(from_fn(guard::check))
            .wrap(from_fn(kept::keep))
            // The outermost, so that it sees what the others do, too.
            .wrap(from_fn(watch::watch))
            .configure(routes::configure)
    })
    .client_request_timeout(Duration::from_secs(10))
    .shutdown_timeout(GRACE)
    .disable_signals()
    .listen(listener)?;
    let mut before = 0;
    let begins = || before = meters.broken_off();
    let reason = actix_web::rt::System::new().block_on(async { stop::at_signal(server.run(), begins).await })?;
    let closed = cairn.close();
    match (meters.unanswered() - before, closed) {
        (0, Ok(())) => tracing::info!("stopped by {reason}; all requests were answered, the database is closed"),
        (cut_off, Ok(())) => {
            tracing::warn!("stopped by {reason}; {cut_off} requests were cut off, the database is closed");
        }
        (_, Err(error)) => tracing::warn!(
            "stopped by {reason}; its write-ahead log was left beside the database and belongs to it: {error}"
        ),
    }
    Ok(())
}
