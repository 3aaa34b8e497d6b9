//! How fast Cairn is, how much it needs and what it withstands. Most of it is measured from outside: the program runs
//! as a process of its own on a database of the demo, with accounts, and is asked over HTTP.
//!
//! `cargo bench --bench speed` measures functions and compares with the targets in `docs/performance.md`. With arguments
//! it does only what they say: `-- functions`, `-- targets`, `-- soak [MINUTES]` lets 500 people read and save,
//! `-- overload` asks for far more than can be done, `-- faults` kills the service and fills its disk under load.
//! `--size TEAMSxQUARTERS` is about an organization of another size. As a test, it goes all of these ways in a few
//! seconds with a small one.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that meets something unexpected is none"
)]

mod bare;
mod changes;
mod client;
mod faults;
mod figures;
mod functions;
mod machine;
mod overload;
mod pages;
mod planning;
mod savers;
mod service;
mod soak;
mod start;

use std::path::Path;
use std::time::Duration;

use service::{Copy, reference};

/// How much is done.
#[derive(Debug, Clone, Copy)]
struct Size {
    /// The organization: how many teams and quarters.
    organization: (u32, u32),
    /// The one that it is compared with.
    small: (u32, u32),
    /// How many visitors ask at the same time where pages are measured.
    connections: usize,
    /// How many turns each gets, and how long one is.
    rounds: usize,
    round: Duration,
    /// How often each page is asked for after each kind of change, and how often the service is started.
    repetitions: usize,
    /// How many people read and save for how long, how long one thinks at most, and how often memory is looked at.
    people: usize,
    soak: Duration,
    thought: Duration,
    look: Duration,
    /// How many save at once without thinking in the overload, and for how long.
    crowd: usize,
    rush: Duration,
    /// How often the service is killed.
    kills: usize,
}

const MEASURED: Size = Size {
    organization: (1_000, 20),
    small: (10, 2),
    connections: 16,
    rounds: 5,
    round: Duration::from_secs(2),
    repetitions: 15,
    people: 500,
    soak: Duration::from_secs(600),
    thought: Duration::from_secs(8),
    look: Duration::from_secs(60),
    crowd: 1_500,
    rush: Duration::from_secs(15),
    kills: 5,
};

const TRIED: Size = Size {
    organization: (30, 2),
    small: (3, 1),
    connections: 2,
    rounds: 1,
    round: Duration::from_millis(100),
    repetitions: 1,
    people: 8,
    soak: Duration::from_secs(1),
    thought: Duration::from_millis(100),
    look: Duration::from_millis(500),
    crowd: 20,
    rush: Duration::from_millis(300),
    kills: 1,
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let after = |word: &str| arguments.iter().skip_while(|argument| *argument != word).nth(1);
    if let Some(folder) = after(bare::ARGUMENT) {
        return bare::run(Path::new(folder));
    }
    // That is how cargo says that it measures and does not test.
    let measures = has("--bench");
    let mut size = if measures { MEASURED } else { TRIED };
    if let Some(wanted) = after("--size") {
        let (teams, quarters) = wanted.split_once('x').unwrap();
        size.organization = (teams.parse().unwrap(), quarters.parse().unwrap());
    }
    if let Some(minutes) = after("soak").and_then(|minutes| minutes.parse::<f64>().ok()) {
        size.soak = Duration::from_secs_f64(60.0 * minutes);
    }
    let words = ["functions", "targets", "soak", "overload", "faults"];
    let chosen: Vec<&str> = words.into_iter().filter(|word| has(word)).collect();
    let chosen = match (chosen.is_empty(), measures) {
        (false, _) => chosen,
        (true, true) => vec!["functions", "targets"],
        (true, false) => words.to_vec(),
    };
    let (teams, quarters) = size.organization;
    let large = reference(teams, quarters);
    println!("{}", machine::described());
    println!("{teams} teams, {quarters} quarters, {}", figures::megabytes(std::fs::metadata(&large).unwrap().len()));
    for what in chosen {
        match what {
            "functions" => functions::run(&large, &size),
            "targets" => targets(&large, &size),
            "soak" => soak::run(&Copy::of(&large), &size),
            "overload" => overload::run(&Copy::of(&large), &size),
            _ => faults::run(&large, &size),
        }
    }
}

/// Everything that there are targets for.
fn targets(large: &Path, size: &Size) {
    let small = Copy::of(&reference(size.small.0, size.small.1));
    let large = Copy::of(large);
    let (place, submitted) = (savers::places(&large, 1).remove(0), savers::submitted(&large));
    start::run(&large, size);
    let mut service = large.serve();
    let cookie = service.sign_in();
    pages::compare(&service, &cookie, size);
    start::memory(&service, &cookie);
    let mut other = small.serve();
    let other_cookie = other.sign_in();
    pages::growth((&service, &cookie), (&other, &other_cookie), size);
    drop(other);
    changes::run(&service, &cookie, place, submitted, size);
    service.stop();
}
