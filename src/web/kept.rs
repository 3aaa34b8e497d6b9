//! Keeps what was found out for one request and holds for the next: who shows a secret, and whole pages.
//!
//! Both are kept with the epochs in which they were found out, and used while [`Pulse`] says that these are those of
//! now, so that nothing is shown that is not so any more: who saves something has moved an epoch before they are told
//! so. Only what another program changes is seen a little later, within [`Pulse::RHYTHM`].

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage, HttpResponse};
use chrono::{DateTime, Utc};

use super::Site;
use super::compress::whole;
use super::reached::FORWARDED_FOR;
use crate::app::{Beat, Cairn, Epoch, Pulse, Recognized};
use crate::domain::access::Caller;
use crate::domain::account::SecretDigest;
use crate::mutex::lock;

/// The pages that are kept: those that are computed from submissions, and show nothing that is finer than a day. What
/// else they may show is what moves the epoch.
const PAGES: [&str; 10] = [
    "/",
    "/compare",
    "/gaps",
    "/heatmap",
    "/mappings",
    "/portfolio",
    "/roadmap",
    "/threat-models",
    "/trend",
    "/unusual",
];

/// The headers of a request for one of them that anything depends on.
const LOOKED_AT: [HeaderName; 4] = [header::HOST, header::COOKIE, header::ACCEPT_ENCODING, FORWARDED_FOR];

/// How many bytes of pages are kept in all, with what they were asked for by.
const PAGE_BYTES: usize = 24_000_000;

/// A page that is larger than this is not kept, nor is one that so many bytes ask for.
const LARGEST: usize = 1_000_000;
const LONGEST: usize = 4_000;

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

/// What tells a worker whether anything changed.
#[derive(Clone)]
pub(super) struct OwnPulse(Rc<RefCell<Option<Pulse>>>);

impl OwnPulse {
    /// Of a database. Where that does not work, nothing is kept.
    pub(super) fn new(cairn: &Cairn) -> Self {
        Self(Rc::new(RefCell::new(cairn.pulse())))
    }
}

/// The epochs in which a request is answered: asked for once, before anything else of the database is.
pub(super) fn beat(request: &ServiceRequest) -> Option<Beat> {
    if let Some(beat) = request.extensions().get::<Beat>() {
        return Some(*beat);
    }
    let beat = request.app_data::<OwnPulse>()?.0.try_borrow_mut().ok()?.as_mut()?.beat()?;
    request.extensions_mut().insert(beat);
    Some(beat)
}

impl Kept {
    /// Who shows a secret, if that is known and still holds.
    pub(super) fn recognized(&self, beat: Beat, secret: &Secret, caller: &Caller) -> Option<Recognized> {
        let kept = lock(&self.recognized);
        let (epoch, from, recognized) = kept.get(secret)?;
        let holds = *epoch == beat.accounts && *from == caller.from && caller.at < recognized.until;
        holds.then(|| recognized.clone())
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

/// Pages by what was asked for. When there are too many, those go first that were first asked for before all others.
#[derive(Default)]
struct Pages {
    pages: HashMap<Asked, Page>,
    order: VecDeque<Asked>,
    bytes: usize,
}

/// All of a request for a page that the layers behind look at: its address, by whom it is asked and from where, and
/// what they can read. Each part follows its length, and several headers their number.
type Asked = Arc<[u8]>;

/// An answer as it was sent.
struct Page {
    /// In which epochs it was made. They were asked for before it was.
    beat: Beat,
    made: DateTime<Utc>,
    /// Until when who asked is known to be who they were.
    until: DateTime<Utc>,
    head: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

/// Left with a request by whoever recognized who asks: until when that holds.
pub(super) struct Until(pub(super) DateTime<Utc>);

impl Page {
    /// Whether it would be made the same now.
    fn holds(&self, beat: Beat, now: DateTime<Utc>) -> bool {
        self.beat == beat && self.made.date_naive() == now.date_naive() && now < self.until
    }

    fn bytes(&self) -> usize {
        let head = self.head.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>();
        head + self.body.len()
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
    fn keep(&mut self, asked: Asked, page: Page) {
        let of = asked.len();
        self.bytes += of + page.bytes();
        match self.pages.insert(Arc::clone(&asked), page) {
            Some(before) => self.bytes -= of + before.bytes(),
            None => self.order.push_back(asked),
        }
        while self.bytes > PAGE_BYTES {
            let Some(oldest) = self.order.pop_front() else { return };
            self.bytes -= self.pages.remove(&oldest).map_or(0, |page| oldest.len() + page.bytes());
        }
    }
}

/// The middleware: answers with a page that is kept, or keeps the one that is made.
pub(super) async fn keep(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let may_be_kept = asked(&request).and_then(|asked| {
        let now = (request.app_data::<Data<Site>>()?.clock)();
        Some((request.app_data::<Data<Kept>>()?.clone(), asked, beat(&request)?, now))
    });
    let Some((kept, asked, beat, now)) = may_be_kept else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let found = lock(&kept.pages).pages.get(&*asked).filter(|page| page.holds(beat, now)).map(Page::response);
    if let Some(response) = found {
        return Ok(request.into_response(response));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    let until = response.request().extensions().get::<Until>().map(|until| until.0);
    let Some(until) = until.filter(|_| response.status() == StatusCode::OK) else { return Ok(response) };
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let body = whole(body).await?;
    if body.len() <= LARGEST {
        let head = response.headers().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let page = Page { beat, made: now, until, head, body: body.clone() };
        lock(&kept.pages).keep(asked.into(), page);
    }
    Ok(ServiceResponse::new(request, response.set_body(BoxBody::new(body))))
}

/// What is asked for, if it may be kept.
fn asked(request: &ServiceRequest) -> Option<Vec<u8>> {
    let (uri, headers) = (request.uri(), request.headers());
    // What programs ask for differs each time.
    if request.method() != Method::GET || route(uri.path()).is_none() || headers.contains_key(header::AUTHORIZATION) {
        return None;
    }
    let mut asked = Vec::with_capacity(256);
    let mut add = |part: &[u8]| {
        asked.extend_from_slice(&part.len().to_le_bytes());
        asked.extend_from_slice(part);
    };
    add(uri.authority().map_or("", |authority| authority.as_str()).as_bytes());
    add(uri.path_and_query()?.as_str().as_bytes());
    match request.peer_addr()?.ip() {
        IpAddr::V4(from) => add(&from.octets()),
        IpAddr::V6(from) => add(&from.octets()),
    }
    for name in LOOKED_AT {
        add(&headers.get_all(&name).count().to_le_bytes());
        headers.get_all(name).for_each(|value| add(value.as_bytes()));
    }
    (asked.len() <= LONGEST).then_some(asked)
}
