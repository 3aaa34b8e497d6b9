//! Keeps what was found out for one request and holds for the next: who shows a secret, and whole pages.
//!
//! Both are kept with the epoch in which they were found out. Each request asks the database for the epoch of now,
//! which takes some microseconds, so that nothing is ever shown that is not so any more: who saves something, here or
//! with another program, has moved the epoch before they are told so.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpResponse};
use chrono::NaiveDate;

use super::compress;
use super::failure::Failure;
use super::reached::text;
use crate::app::{Beat, Cairn, Epoch, Pulse, Recognized};
use crate::domain::access::{Actor, Caller};
use crate::domain::account::SecretDigest;

/// The pages that are kept: those that are computed from submissions, and show nothing that is finer than a day. What
/// else they may show is what moves the epoch.
const PAGES: [&str; 11] = [
    "/",
    "/compare",
    "/gaps",
    "/heatmap",
    "/mappings",
    "/portfolio",
    "/report",
    "/roadmap",
    "/threat-models",
    "/trend",
    "/unusual",
];

/// How many bytes of pages are kept in all.
const PAGE_BYTES: usize = 24_000_000;

/// A page that is larger than this is not kept.
const LARGEST: usize = 1_000_000;

/// How many people and programs are kept.
const RECOGNIZED: usize = 10_000;

/// A route whose answers are kept; its path is its pattern.
pub(super) fn route(path: &str) -> Option<&'static str> {
    PAGES.into_iter().find(|page| *page == path)
}

/// What all workers keep together.
#[derive(Default)]
pub(super) struct Kept {
    recognized: Mutex<HashMap<Secret, (Epoch, String, Recognized)>>,
    pages: Mutex<Pages>,
}

/// The digest of a secret, which opens one thing only.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Secret {
    /// Of a cookie.
    Session(SecretDigest),
    /// Of a program.
    Token(SecretDigest),
}

/// A worker's own connection for asking for the epoch.
#[derive(Clone)]
pub(super) struct Finger(Rc<RefCell<Option<Pulse>>>);

impl Finger {
    /// On the pulse of a database. Where that does not work, nothing is kept.
    pub(super) fn new(cairn: &Cairn) -> Self {
        Self(Rc::new(RefCell::new(cairn.pulse())))
    }
}

/// The epochs in which a request is answered: asked for once, before anything else of the database is.
pub(super) fn beat(request: &ServiceRequest) -> Option<Beat> {
    if let Some(beat) = request.extensions().get::<Beat>() {
        return Some(*beat);
    }
    let beat = request.app_data::<Finger>()?.0.try_borrow_mut().ok()?.as_mut()?.beat()?;
    request.extensions_mut().insert(beat);
    Some(beat)
}

impl Kept {
    /// Who shows a secret, if that is known and still holds.
    pub(super) fn recognized(&self, beat: Beat, secret: &Secret, caller: &Caller) -> Option<Actor> {
        let kept = lock(&self.recognized);
        let (epoch, from, recognized) = kept.get(secret)?;
        let holds = *epoch == beat.accounts && *from == caller.from && caller.at < recognized.until;
        holds.then(|| recognized.actor.clone())
    }

    /// Keeps who shows a secret.
    pub(super) fn keep_recognized(&self, beat: Beat, secret: Secret, from: &str, recognized: Recognized) {
        let mut kept = lock(&self.recognized);
        if kept.len() >= RECOGNIZED {
            kept.clear();
        }
        kept.insert(secret, (beat.accounts, from.to_owned(), recognized));
    }
}

/// Pages, found by the hash of what was asked for. Those that are kept longest go first.
#[derive(Default)]
struct Pages {
    hashing: RandomState,
    by_hash: HashMap<u64, Page>,
    order: VecDeque<u64>,
    bytes: usize,
}

/// What a page depends on, beside the epoch.
#[derive(PartialEq, Eq, Hash)]
struct Asked<'a> {
    actor: &'a Actor,
    host: &'a str,
    address: &'a str,
    takes_gzip: bool,
}

/// A page as it was sent.
struct Page {
    actor: Actor,
    host: String,
    address: String,
    takes_gzip: bool,
    /// The epoch of what it shows, asked for before it was made.
    shown: Epoch,
    day: NaiveDate,
    head: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Page {
    fn answers(&self, asked: &Asked<'_>) -> bool {
        let Self { actor, host, address, takes_gzip, .. } = self;
        Asked { actor, host, address, takes_gzip: *takes_gzip } == *asked
    }

    fn response(&self) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        for (name, value) in &self.head {
            response.append_header((name.clone(), value.clone()));
        }
        response.body(self.body.clone())
    }
}

impl Pages {
    fn hash(&self, asked: &Asked<'_>) -> u64 {
        self.hashing.hash_one(asked)
    }

    fn find(&self, asked: &Asked<'_>, shown: Epoch, day: NaiveDate) -> Option<HttpResponse> {
        let page = self.by_hash.get(&self.hash(asked))?;
        (page.shown == shown && page.day == day && page.answers(asked)).then(|| page.response())
    }

    fn keep(&mut self, hash: u64, page: Page) {
        self.bytes += page.body.len();
        match self.by_hash.insert(hash, page) {
            Some(before) => self.bytes -= before.body.len(),
            None => self.order.push_back(hash),
        }
        while self.bytes > PAGE_BYTES {
            let Some(oldest) = self.order.pop_front() else { return };
            self.bytes -= self.by_hash.remove(&oldest).map_or(0, |page| page.body.len());
        }
    }
}

/// The middleware: answers with a page that is kept, or keeps the one that is made.
pub(super) async fn keep(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some((kept, caller, beat)) = asked(&request) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let (takes_gzip, day) = (compress::takes_gzip(&request), caller.at.date_naive());
    let (hash, found) = {
        let uri = request.uri();
        let address = uri.path_and_query().map_or(uri.path(), |address| address.as_str());
        let host = text(request.headers(), &header::HOST).unwrap_or_default();
        let asked = Asked { actor: &caller.actor, host, address, takes_gzip };
        let pages = lock(&kept.pages);
        (pages.hash(&asked), pages.find(&asked, beat.shown, day))
    };
    if let Some(response) = found {
        return Ok(request.into_response(response));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    if response.status() != StatusCode::OK {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let body = to_bytes(body).await.map_err(|_| actix_web::error::ErrorInternalServerError("a body broke off"))?;
    if body.len() <= LARGEST {
        let uri = request.uri();
        let page = Page {
            actor: caller.actor,
            host: text(request.headers(), &header::HOST).unwrap_or_default().to_owned(),
            address: uri.path_and_query().map_or(uri.path(), |address| address.as_str()).to_owned(),
            takes_gzip,
            shown: beat.shown,
            day,
            head: response.headers().iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
            body: body.clone(),
        };
        lock(&kept.pages).keep(hash, page);
    }
    Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(body))))
}

/// What is needed to answer from what is kept; `None`: this is to be answered by its route.
fn asked(request: &ServiceRequest) -> Option<(Data<Kept>, Caller, Beat)> {
    if request.method() != Method::GET || route(request.path()).is_none() {
        return None;
    }
    let caller = {
        let extensions = request.extensions();
        // Who is refused is refused by the route.
        extensions.get::<Caller>().filter(|_| !extensions.contains::<Failure>()).cloned()?
    };
    Some((request.app_data::<Data<Kept>>().cloned()?, caller, beat(request)?))
}

/// What is kept is whole after every change, so a panic elsewhere does not spoil it.
fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
