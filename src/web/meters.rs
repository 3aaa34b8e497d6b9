//! Numbers for monitoring: what is counted while requests are answered, and how it is written down.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use prometheus_client::encoding::{EncodeLabelSet, prometheus_text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::domain::figures::Figures;
use crate::mutex::lock;

/// The kind of text that [`Meters::write`] gives.
pub(super) const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

/// Upper ends of the classes of durations, in seconds: from an asset to a change that waits for a lock.
const DURATIONS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Which requests are counted together. Each label has few values, whatever anybody sends.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfState {
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ForReason {
    reason: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

/// Everything that is counted and measured.
pub(super) struct Meters {
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram>,
    under_way: Gauge,
    /// Requests that ended without an answer.
    broken_off: AtomicI64,
    teams: Family<OfState, Gauge>,
    assessments: Family<OfState, Gauge>,
    database_bytes: Gauge,
    waiting_changes: Gauge,
    /// Counted by the database; what it says is set here before it is written down.
    failures: Family<ForReason, Counter<u64, AtomicU64>>,
    /// Held while the numbers of the database are set and written, so that two who ask do not mix theirs.
    registry: Mutex<Registry>,
}

impl Meters {
    /// Nothing has happened yet. `started` is when the process did.
    pub(super) fn new(started: DateTime<Utc>) -> Self {
        let meters = Self {
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(DURATIONS)),
            under_way: Gauge::default(),
            broken_off: AtomicI64::default(),
            teams: Family::default(),
            assessments: Family::default(),
            database_bytes: Gauge::default(),
            waiting_changes: Gauge::default(),
            failures: Family::default(),
            registry: Mutex::default(),
        };
        let mut registry = Registry::default();
        let start: ConstGauge = ConstGauge::new(started.timestamp());
        registry.register_with_unit("process_start_time", "When the process started, since 1970", Unit::Seconds, start);
        let all = registry.sub_registry_with_prefix("cairn");
        let build = Info::new(Build { version: env!("CARGO_PKG_VERSION") });
        all.register("build", "The version of Cairn", build);
        all.register("http_requests", "Requests by method, route and class of status", meters.requests.clone());
        all.register_with_unit(
            "http_request_duration",
            "How long it took until an answer was ready to be sent",
            Unit::Seconds,
            meters.durations.clone(),
        );
        all.register("http_requests_under_way", "Requests that are not answered yet", meters.under_way.clone());
        all.register("teams", "Teams by state", meters.teams.clone());
        all.register("assessments", "Assessments by state", meters.assessments.clone());
        all.register_with_unit(
            "database_size",
            "The size of the database without its write-ahead log",
            Unit::Bytes,
            meters.database_bytes.clone(),
        );
        all.register(
            "database_waiting_changes",
            "Changes that wait for another one to end",
            meters.waiting_changes.clone(),
        );
        all.register(
            "database_failures",
            "How often the database could not be read or written, by reason",
            meters.failures.clone(),
        );
        Self { registry: Mutex::new(registry), ..meters }
    }

    /// A request has come.
    pub(super) fn begin(&self) {
        self.under_way.inc();
    }

    /// A request is over. Without a status nobody was left to be answered.
    pub(super) fn end(&self, method: &str, route: &str, status: Option<u16>, took: Duration) {
        self.under_way.dec();
        if status.is_none() {
            self.broken_off.fetch_add(1, Ordering::Relaxed);
        }
        let method = known_method(method);
        let answered = Answered { method, route: route.to_owned(), status: class(status) };
        self.requests.get_or_create(&answered).inc();
        let asked = Asked { method, route: route.to_owned() };
        self.durations.get_or_create(&asked).observe(took.as_secs_f64());
    }

    /// How many requests were broken off so far, or would be if the process ended now.
    pub(super) fn unanswered(&self) -> i64 {
        self.under_way.get() + self.broken_off.load(Ordering::Relaxed)
    }

    /// How many requests were broken off so far.
    pub(super) fn broken_off(&self) -> i64 {
        self.broken_off.load(Ordering::Relaxed)
    }

    /// Everything in the text format of Prometheus.
    pub(super) fn write(&self, figures: &Figures) -> Result<String, std::fmt::Error> {
        let registry = lock(&self.registry);
        let gauge = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let of = |family: &Family<OfState, Gauge>, state, number| {
            family.get_or_create(&OfState { state }).set(gauge(number));
        };
        of(&self.teams, "active", figures.teams);
        of(&self.teams, "retired", figures.retired_teams);
        of(&self.assessments, "draft", figures.drafts);
        of(&self.assessments, "submitted", figures.submitted);
        self.database_bytes.set(gauge(figures.database_bytes));
        self.waiting_changes.set(gauge(figures.waiting_changes));
        for (reason, count) in &figures.failures {
            let counter = self.failures.get_or_create(&ForReason { reason });
            counter.inc_by(count.saturating_sub(counter.get()));
        }
        let mut text = String::new();
        prometheus_text::encode(&mut text, &registry)?;
        Ok(text)
    }
}

/// The method, if it is one of HTTP's own.
fn known_method(method: &str) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|known| *known == method).unwrap_or("other")
}

fn class(status: Option<u16>) -> &'static str {
    match status {
        Some(100..200) => "1xx",
        Some(200..300) => "2xx",
        Some(300..400) => "3xx",
        Some(400..500) => "4xx",
        Some(_) => "5xx",
        None => "none",
    }
}
