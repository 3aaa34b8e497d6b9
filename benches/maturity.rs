//! How long a large organization waits for its pages: a thousand teams with twenty quarters of answers to all
//! activities, asked for over HTTP in this process. `cargo bench` says so; the database is made once and kept in
//! the target folder. As a test, it goes the same way with a small organization.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that meets something unexpected is none"
)]

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use cairn::app::{Cairn, EvidenceInput, ImportOptions, OpenOptions, Source, bundled_catalog};
use cairn::domain::access::{Actor, Caller};
use cairn::domain::catalog::Catalog;
use cairn::domain::organization::TeamId;
use cairn::web::{Access, Reached, Site};
use chrono::{DateTime, Utc};

/// Rises with every change of what is made up, so that an older database is not taken for it.
const VERSION: u32 = 1;

/// The pages that people look at first, organization-wide.
const PAGES: [&str; 3] = ["/", "/trend", "/heatmap"];

/// How long one of them may take that was asked for before, in the middle of many tries.
const WARM: Duration = Duration::from_millis(50);

/// Pages that are measured beside them.
const OTHERS: [&str; 6] = ["/portfolio", "/compare", "/unusual", "/report", "/roadmap", "/roadmap/stages/2"];

/// How large an organization is.
struct Size {
    teams: u32,
    quarters: u32,
    /// How often each page is asked for.
    tries: usize,
}

const LARGE: Size = Size { teams: 1_000, quarters: 20, tries: 40 };
const SMALL: Size = Size { teams: 3, quarters: 2, tries: 2 };

/// How many teams are imported at a time.
const AT_A_TIME: u32 = 50;

fn now() -> DateTime<Utc> {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

fn main() {
    // That is how cargo says that it measures and does not test.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let size = if measures { LARGE } else { SMALL };
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("cairn.db");
    if measures {
        std::fs::copy(kept(&size), &database).unwrap();
    } else {
        made(&size, &database);
    }
    let began = Instant::now();
    let cairn = Cairn::open(&database, OpenOptions::default()).unwrap();
    let opened = began.elapsed();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || cairn::web::serve(listener, Site::new(cairn, now, Access::Demo, Reached::default())));
    println!("{} teams, {} quarters; opened in {}", size.teams, size.quarters, shown(opened));

    let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
    let ask = |path: &str| {
        let began = Instant::now();
        let mut answer = agent.get(format!("{base}{path}")).header("accept-encoding", "gzip").call().unwrap();
        let bytes = answer.body_mut().read_to_vec().unwrap().len();
        (began.elapsed(), bytes)
    };
    // What standings are computed from is another one then.
    let mut changes = 0;
    let mut change = || {
        changes += 1;
        let form = [("name", format!("Group {changes}"))];
        agent.post(format!("{base}/groups")).header("sec-fetch-site", "same-origin").send_form(form).unwrap();
    };
    let mut slow = Vec::new();
    for path in PAGES.into_iter().chain(OTHERS) {
        let (first, bytes) = ask(path);
        change();
        let (after_change, _) = ask(path);
        let mut others: Vec<Duration> = (0..size.tries).map(|_| ask(path).0).collect();
        others.sort_unstable();
        let (middle, last) = (others[others.len() / 2], others[others.len() - 1]);
        println!(
            "{path:11} first {:>9}, after a change {:>9}, then {:>9} (at most {}), {} kB",
            shown(first),
            shown(after_change),
            shown(middle),
            shown(last),
            bytes / 1_000
        );
        if measures && middle > WARM && PAGES.contains(&path) {
            slow.push(path);
        }
    }
    assert!(slow.is_empty(), "these take longer than {}: {slow:?}", shown(WARM));
}

fn shown(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}

/// A database in the target folder, made if it is not there.
fn kept(size: &Size) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("maturity-{VERSION}.db"));
    if !path.exists() {
        let unfinished = path.with_extension("unfinished");
        let _ = std::fs::remove_file(&unfinished);
        made(size, &unfinished);
        std::fs::rename(&unfinished, &path).unwrap();
    }
    path
}

/// Makes a database with an organization.
fn made(size: &Size, path: &Path) {
    let catalog = bundled_catalog().unwrap();
    let cairn = Cairn::open(path, OpenOptions::default()).unwrap();
    let caller = Caller { actor: Actor::demo(), at: now(), from: String::new() };
    let options = ImportOptions { submit: true, ..ImportOptions::default() };
    for first in (0..size.teams).step_by(usize::try_from(AT_A_TIME).unwrap()) {
        let csv = answers(&catalog, first..(first + AT_A_TIME).min(size.teams), size.quarters);
        let source = Source { name: "answers.csv", bytes: csv.as_bytes() };
        let summary = cairn.import(&caller, &[source], options).unwrap();
        eprintln!("made {} answers of teams from {first} on", summary.recorded);
    }
    let ids: Vec<_> = catalog.activities().map(|(_, activity)| activity.id.clone()).collect();
    for piece in 0..size.teams / 4 {
        let at = |n: u32, of: usize| usize::try_from(draw([piece, n, 0])).unwrap() % of;
        let input = EvidenceInput {
            title: format!("Report {piece}"),
            recorded_on: "2026-01-10".into(),
            expires_on: format!("2026-{:02}-15", 10 + at(9, 3)),
            activities: (0..6).map(|n| ids[at(n, ids.len())].clone()).collect(),
            teams: (0..12).map(|n| TeamId(1 + i64::from(draw([piece, n, 1]) % size.teams))).collect(),
            ..EvidenceInput::default()
        };
        cairn.add_evidence(&caller, &input).unwrap();
    }
}

/// The answers of some teams: each quarter a little more is done, by some teams earlier than by others.
fn answers(catalog: &Catalog, teams: std::ops::Range<u32>, quarters: u32) -> String {
    let mut csv = String::from("team,period,activity_id,status,not_applicable_reason\n");
    for team in teams {
        for quarter in 0..quarters {
            let since = 2026 * 4 + 3 - (quarters - 1 - quarter);
            let (year, of_year) = (since / 4, since % 4 + 1);
            for ((_, activity), n) in catalog.activities().zip(0..) {
                let place = draw([team, n, 2]);
                let begins = u32::from(activity.level) * 3 + place % 9 + team % 7;
                let status = match quarter.checked_sub(begins) {
                    _ if place.is_multiple_of(41) => "not_applicable,nothing like it here",
                    None => "not_implemented,",
                    Some(0) => "started,",
                    Some(1) => "partly_implemented,",
                    Some(_) => "fully_implemented,",
                };
                writeln!(csv, "Team {team:04},{year}-Q{of_year},{},{status}", activity.id.0).unwrap();
            }
        }
    }
    csv
}

/// The same number for the same place, and another one for another.
fn draw(place: [u32; 3]) -> u32 {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for part in place {
        state = (state ^ u64::from(part)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        state ^= state >> 29;
    }
    u32::try_from(state % 100_000).unwrap()
}
