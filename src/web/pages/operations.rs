//! `/healthz`, `/readyz` and `/metrics`: for programs that watch over the service.

use std::sync::{Mutex, TryLockError};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::web::Data;

use crate::app;
use crate::clock::Stopwatch;
use crate::mutex::lock;
use crate::web::failure::{Failure, Written};
use crate::web::meters::{self, Meters};
use crate::web::visit::Visit;

/// How long it is believed that the database can be written. Each check is a write of its own, and everybody
/// may ask.
const BELIEVED: Duration = Duration::from_secs(1);

/// When the database was last seen to be well.
#[derive(Default)]
pub(in crate::web) struct LastCheck {
    /// Locked while somebody looks.
    looking: Mutex<()>,
    /// `None`: the last look found that it is not.
    well: Mutex<Option<Stopwatch>>,
}

/// The process answers. Nothing else is looked at, since a restart would not mend it.
pub(in crate::web) async fn healthz() -> HttpResponse {
    plain(StatusCode::OK, "ok")
}

/// Whether requests can be answered now: the database is read and written. Only one word says what is wrong,
/// since everybody may ask; the log says more.
pub(in crate::web) async fn readyz(visit: Visit, last: Data<LastCheck>) -> HttpResponse {
    let checked = visit.ask_always(move |cairn, _| {
        let well = || lock(&last.well);
        let before = *well();
        if before.is_some_and(|since| since.elapsed() <= BELIEVED) {
            return Ok(());
        }
        // A look can take as long as the database is locked; all others who ask meanwhile do not wait for it.
        let _looking = match last.looking.try_lock() {
            Ok(looking) => looking,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) if before.is_some() => return Ok(()),
            Err(TryLockError::WouldBlock) => return Err(app::Error::Busy),
        };
        // An error is not kept: as soon as it is mended, that is seen.
        let checked = cairn.check();
        *well() = checked.is_ok().then(Stopwatch::start);
        checked
    });
    match checked.await {
        Ok(()) => plain(StatusCode::OK, "ready"),
        Err(failure) => {
            tracing::warn!("not ready: {failure}");
            let word = match &failure {
                Failure::App(app::Error::Store(error)) => error.word(),
                Failure::App(app::Error::Busy) => "busy",
                _ => "failed",
            };
            plain(StatusCode::SERVICE_UNAVAILABLE, word)
        }
    }
}

/// Numbers in the text format of Prometheus.
pub(in crate::web) async fn metrics(visit: Visit, meters: Data<Meters>) -> Result<HttpResponse, Failure> {
    let figures = visit.ask_always(|cairn, caller| cairn.figures(caller)).await?;
    let text = meters.write(&figures).map_err(|error| Failure::Broken(format!("metrics: {error}")))?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, meters::CONTENT_TYPE)).body(text))
}

/// A word as plain text, also where other errors become pages.
fn plain(status: StatusCode, word: &'static str) -> HttpResponse {
    let mut response = HttpResponse::build(status).content_type(ContentType::plaintext()).body(word);
    response.extensions_mut().insert(Written);
    response
}
