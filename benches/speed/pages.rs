//! Pages that are asked for again and again by several visitors at once.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Size;
use super::bare::Recording;
use super::client::{Visitor, get};
use super::figures::{Durations, megabytes, middle, shown, table, verdict};
use super::service::{Service, processor_time};

/// The pages that people look at first, of the whole organization.
pub(crate) const PAGES: [&str; 5] = ["/", "/trend", "/heatmap", "/portfolio", "/gaps"];

/// The least share of the requests of the bare server that Cairn answers.
const LEAST_SHARE: f64 = 0.6;

/// How much longer the slowest of a hundred visits to the dashboard of a large organization may take than to that of
/// a small one.
const MOST_GROWTH: f64 = 1.5;

/// What came of asking for some time.
pub(crate) struct Round {
    pub(crate) durations: Durations,
    pub(crate) seconds: f64,
    /// How much time of processors the service spent.
    spent: Duration,
}

impl Round {
    fn per_second(&self) -> f64 {
        self.durations.count() as f64 / self.seconds
    }

    /// The time of processors for each request.
    fn cost(&self) -> Duration {
        self.spent / u32::try_from(self.durations.count().max(1)).unwrap()
    }
}

/// Asks for a page over and over with so many connections, each waiting for its answer before it asks again. Every
/// answer is looked at: it must be a page, and whole.
pub(crate) fn drive(address: SocketAddr, process: u32, request: &[u8], connections: usize, time: Duration) -> Round {
    let (over, spent) = (AtomicBool::new(false), processor_time(process));
    let began = Instant::now();
    let durations = std::thread::scope(|scope| {
        let visit = || {
            let (mut visitor, mut durations) = (Visitor::new(address), Vec::new());
            while !over.load(Ordering::Relaxed) {
                let began = Instant::now();
                assert_eq!(visitor.must(request).status, 200);
                durations.push(began.elapsed());
            }
            durations
        };
        let visitors: Vec<_> = (0..connections).map(|_| scope.spawn(visit)).collect();
        std::thread::sleep(time);
        over.store(true, Ordering::Relaxed);
        visitors.into_iter().flat_map(|visitor| visitor.join().unwrap()).collect()
    });
    Round { durations, seconds: began.elapsed().as_secs_f64(), spent: processor_time(process) - spent }
}

/// Cairn against the bare server with the same bytes, in turns.
pub(crate) fn compare(service: &Service, cookie: &str, size: &Size) {
    let mut recording = Recording::default();
    let mut visitor = service.visitor();
    for path in PAGES {
        recording.add(path, &visitor.must(&get(path, cookie)));
    }
    let folder = tempfile::tempdir().unwrap();
    let bare = recording.serve(folder.path());
    let mut rows = Vec::new();
    for path in PAGES {
        let request = get(path, cookie);
        let bytes = visitor.must(&request).body.len();
        let same = Visitor::new(bare.address).must(&request).body.len();
        assert_eq!(bytes, same, "{path}");
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..size.rounds {
            ours.push(drive(service.address, service.process(), &request, size.connections, size.round));
            theirs.push(drive(bare.address, bare.process(), &request, size.connections, size.round));
        }
        let ratio = middle(ours.iter().zip(&theirs).map(|(ours, theirs)| ours.per_second() / theirs.per_second()));
        let rate = |rounds: &[Round]| middle(rounds.iter().map(Round::per_second));
        let cost = |rounds: &[Round]| middle(rounds.iter().map(|round| round.cost().as_secs_f64() * 1e6));
        let slow = |rounds: &[Round], share| {
            let longest = middle(rounds.iter().map(|round| round.durations.at(share).as_secs_f64()));
            shown(Duration::from_secs_f64(longest))
        };
        rows.push(vec![
            format!("`{path}`"),
            format!("{:.1} kB", bytes as f64 / 1e3),
            format!("{:.0}", rate(&ours)),
            format!("{:.0}", rate(&theirs)),
            format!("{:.0} %", ratio * 100.0),
            format!("{} / {}", slow(&ours, 0.5), slow(&ours, 0.99)),
            format!("{} / {}", slow(&theirs, 0.5), slow(&theirs, 0.99)),
            format!("{:.0} / {:.0} µs", cost(&ours), cost(&theirs)),
            verdict(ratio >= LEAST_SHARE).to_owned(),
        ]);
    }
    let title = format!(
        "Pages against a bare handler with the same bytes: {} connections, {} rounds of {} each in turns; at least {:.0} %",
        size.connections,
        size.rounds,
        shown(size.round),
        LEAST_SHARE * 100.0
    );
    let head = [
        "page",
        "body",
        "Cairn, requests/s",
        "bare, requests/s",
        "share",
        "Cairn, p50 / p99",
        "bare, p50 / p99",
        "processor per request, Cairn / bare",
        "",
    ];
    table(&title, &head, &rows);
}

/// The dashboard of a large organization against that of a small one, in turns.
pub(crate) fn growth(large: (&Service, &str), small: (&Service, &str), size: &Size) {
    let mut rows = Vec::new();
    for connections in [1, size.connections] {
        let round = |(service, cookie): (&Service, &str)| {
            let round = drive(service.address, service.process(), &get("/", cookie), connections, size.round);
            round.durations
        };
        // So that neither is asked for the first time.
        round(large);
        round(small);
        let pairs: Vec<(Durations, Durations)> = (0..size.rounds).map(|_| (round(large), round(small))).collect();
        let ratio =
            middle(pairs.iter().map(|(large, small)| {
                large.at(0.99).as_secs_f64() / small.at(0.99).as_secs_f64().max(f64::MIN_POSITIVE)
            }));
        let p99 = |of: fn(&(Durations, Durations)) -> &Durations| {
            shown(Duration::from_secs_f64(middle(pairs.iter().map(|pair| of(pair).at(0.99).as_secs_f64()))))
        };
        rows.push(vec![
            connections.to_string(),
            p99(|pair| &pair.0),
            p99(|pair| &pair.1),
            format!("{ratio:.2}"),
            verdict(ratio <= MOST_GROWTH).to_owned(),
        ]);
    }
    let title = format!("Growth: p99 of the dashboard, large organization against small one; at most {MOST_GROWTH}");
    table(&title, &["connections", "large", "small", "ratio", ""], &rows);
}

/// The bytes of the pages.
pub(crate) fn total(service: &Service, cookie: &str) -> String {
    let mut visitor = service.visitor();
    megabytes(PAGES.iter().map(|path| visitor.must(&get(path, cookie)).body.len() as u64).sum())
}
