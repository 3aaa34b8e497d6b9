//! What a first visit to the dashboard and to the heatmap weighs, and how soon something is painted, beside an almost
//! empty page in the same browser: of a large organization, whose database `CAIRN_BENCH_DATABASE` names, or else the
//! one that the benchmark `speed` keeps. It needs chromium and chromedriver. `cargo bench --bench first_visit` says so. As
//! a test, it goes the same way with an empty database and without a browser.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that meets something unexpected is none"
)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use cairn::app::{Cairn, OpenOptions};
use cairn::clock;
use cairn::web::{Access, Reached, Site};

/// The browser that the tests have, with what it needs of them.
#[expect(dead_code, reason = "here it only looks")]
#[path = "../tests/it/harness"]
mod harness {
    mod browser;
    mod chromium;
    mod page;
    mod session;

    use browser::Browser;
    pub(crate) use chromium::Chromium;
    use page::{Form, Page};
    use session::ADMINISTRATOR;
}

use harness::Chromium;

/// The pages that are visited first.
const PAGES: [&str; 2] = ["/", "/heatmap"];

/// How many bytes a visit may take over the wire: the page, its style sheet, its scripts and its icon.
const WEIGHT: u64 = 60_000;

/// How much longer than for an almost empty page it may take until something is painted, in the middle of many visits.
const RATIO: f64 = 1.5;

/// How often each page is visited, each time with a browser that has never been anywhere.
const TRIES: usize = 15;

/// A page with next to nothing on it.
const EMPTY: &str =
    "<!doctype html><html lang=\"en\"><title>Empty</title><link rel=\"icon\" href=\"data:,\"><p>Almost nothing.";

fn main() {
    // That is how cargo says that it measures and does not test.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("cairn.db");
    if measures {
        let Some(kept) = kept() else {
            return println!("There is no large organization to visit; `cargo bench --bench speed` makes one.");
        };
        std::fs::copy(kept, &database).unwrap();
    }
    let cairn = Cairn::open(&database, OpenOptions::default()).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        cairn::web::serve(listener, Site::new(cairn, clock::now, Access::Demo, Reached::default()))
    });
    for path in PAGES {
        let (plain, small) = (weigh(&base, path, "identity"), weigh(&base, path, "gzip"));
        println!("{path:9} {plain:>8} bytes, compressed {small:>7}");
    }
    if !measures {
        return;
    }
    let empty = serve_empty();
    let pages = [empty, format!("{base}{}", PAGES[0]), format!("{base}{}", PAGES[1])];
    let mut visits = [const { Vec::new() }; 3];
    let first = Chromium::of_a_stranger(&base);
    for _ in 0..TRIES {
        for (page, visits) in pages.iter().zip(&mut visits) {
            visits.push(visit(&first.stranger(), page));
        }
    }
    let nothing = middle(&visits[0], |visit| visit.painted);
    let answered = middle(&visits[0], |visit| visit.answered);
    println!("an almost empty page: answered after {answered:.1} ms, painted after {nothing:.1} ms");
    let mut faults = Vec::new();
    for (path, visits) in PAGES.into_iter().zip(&visits[1..]) {
        let [answered, parsed, painted, loaded] = [
            middle(visits, |visit| visit.answered),
            middle(visits, |visit| visit.parsed),
            middle(visits, |visit| visit.painted),
            middle(visits, |visit| visit.loaded),
        ];
        let (ratio, Visit { bytes, blocking, .. }) = (painted / nothing, &visits[0]);
        println!(
            "{path:9} painted after {painted:.1} ms, {ratio:.2} times as long; {bytes} bytes, {blocking} file to wait for"
        );
        println!(
            "          answered after {answered:.1} ms, read after {parsed:.1} ms, all there after {loaded:.1} ms"
        );
        for asked in &visits[0].files {
            println!("          {asked}");
        }
        if ratio > RATIO || *bytes >= WEIGHT || *blocking > 1 {
            faults.push(path);
        }
    }
    let verdict = if faults.is_empty() { "met".to_owned() } else { format!("**missed** by {}", faults.join(" and ")) };
    println!("under {WEIGHT} bytes, at most {RATIO} times as long, one file to wait for: {verdict}");
}

/// What a browser says of a visit.
struct Visit {
    /// When the answer began to arrive, in milliseconds since it went there.
    answered: f64,
    /// When all of the page was read.
    parsed: f64,
    /// When something was painted.
    painted: f64,
    /// When everything was loaded.
    loaded: f64,
    /// What came over the wire, with heads.
    bytes: u64,
    /// How many files had to be there before something was painted.
    blocking: u64,
    /// What was loaded, with its weight.
    files: Vec<String>,
}

fn visit(browser: &Chromium, page: &str) -> Visit {
    browser.goto(page);
    browser.wait_for("something is painted", || {
        browser.eval("performance.getEntriesByName('first-contentful-paint').length") == 1
    });
    let loads = browser.eval(
        "['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind)).map(entry =>
            [entry.name, entry.transferSize, entry.renderBlockingStatus == 'blocking', entry.responseEnd])",
    );
    let loads = loads.as_array().unwrap();
    let figure = |expression: &str| browser.eval(expression).as_f64().unwrap();
    let moment = |name: &str| figure(&format!("performance.getEntriesByType('navigation')[0].{name}"));
    Visit {
        answered: moment("responseStart"),
        parsed: moment("domInteractive"),
        painted: figure("performance.getEntriesByName('first-contentful-paint')[0].startTime"),
        loaded: moment("loadEventEnd"),
        bytes: loads.iter().map(|load| load[1].as_u64().unwrap()).sum(),
        blocking: loads.iter().map(|load| u64::from(load[2] == true)).sum(),
        files: loads.iter().map(|load| format!("{} {}", load[0].as_str().unwrap(), load[1])).collect(),
    }
}

/// The one in the middle.
fn middle(visits: &[Visit], figure: impl Fn(&Visit) -> f64) -> f64 {
    let mut figures: Vec<f64> = visits.iter().map(figure).collect();
    figures.sort_unstable_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// How long the body of an answer is.
fn weigh(base: &str, path: &str, encoding: &str) -> usize {
    let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
    let mut answer = agent.get(format!("{base}{path}")).header("accept-encoding", encoding).call().unwrap();
    answer.body_mut().with_config().limit(u64::MAX).read_to_vec().unwrap().len()
}

/// Serves the almost empty page to everybody who asks, and says where.
fn serve_empty() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{EMPTY}",
        EMPTY.len()
    );
    let tell = move |mut asked: TcpStream| {
        let _ = asked.read(&mut [0; 4_096]);
        let _ = asked.write_all(answer.as_bytes());
    };
    // A browser may connect ahead without asking for anything.
    std::thread::spawn(move || {
        for asked in listener.incoming().flatten() {
            let tell = tell.clone();
            std::thread::spawn(move || tell(asked));
        }
    });
    address
}

/// The database of a large organization.
fn kept() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CAIRN_BENCH_DATABASE") {
        return Some(named.into());
    }
    let made = std::fs::read_dir(env!("CARGO_TARGET_TMPDIR")).unwrap().map(|entry| entry.unwrap().path());
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("reference-1000x20-") && name.ends_with(".db")
    };
    made.into_iter().find(is_it)
}
