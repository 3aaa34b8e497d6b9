//! How long it takes to recompute everything from the answers in memory: for each of twenty quarters, where the
//! organization stands, and level, score and completion of each of a thousand teams, in the whole and in every dimension
//! and sub-dimension. `cargo bench` says so. As a test, it goes the same way with a small organization.

#![expect(clippy::unwrap_used, reason = "a measurement that meets something unexpected is none")]

use std::hint::black_box;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cairn::app::bundled_catalog;
use cairn::domain::answer::{AssessmentId, Mark, Sheet};
use cairn::domain::catalog::Catalog;
use cairn::domain::organization::{Scope, TeamId};
use cairn::domain::period::Period;
use cairn::domain::scale::ProgressScale;
use cairn::domain::scoring::Threshold;
use cairn::domain::standing::{Overview, Standing};

/// How long it may take, in the middle of many tries.
const LIMIT: Duration = Duration::from_millis(30);

fn main() {
    // That is how cargo says that it measures and does not test.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let (teams, quarters, tries) = if measures { (1_000, 20, 40) } else { (3, 2, 1) };
    let catalog = Arc::new(bundled_catalog().unwrap());
    let first: Period = "2022-Q1".parse().unwrap();
    let periods: Vec<Period> =
        std::iter::successors(Some(first), |period| Some(period.next())).take(quarters).collect();
    let standings = |(period, quarter): (&Period, u32)| -> (Period, Vec<Standing>) {
        (*period, (0..teams).map(|team| standing(&catalog, team, *period, quarter)).collect())
    };
    let history: Vec<(Period, Vec<Standing>)> = periods.iter().zip(0..).map(standings).collect();
    let (threshold, scope) = (Threshold::default(), Scope::organization());
    let recompute = |history: Vec<(Period, Vec<Standing>)>| {
        let of_quarter = |(period, standings)| {
            let overview = Overview::new(Arc::clone(&catalog), threshold, scope.clone(), period, standings, Vec::new());
            for standing in &overview.standings {
                black_box(standing.scores(&catalog, threshold));
            }
            overview
        };
        history.into_iter().map(of_quarter).collect::<Vec<_>>()
    };
    let mut times: Vec<Duration> = (0..tries)
        .map(|_| {
            let mut earlier = history.clone();
            let later = earlier.split_off(quarters / 2);
            let began = Instant::now();
            let overviews = thread::scope(|scope| {
                let later = scope.spawn(|| recompute(later));
                (recompute(earlier), later.join().unwrap())
            });
            let time = began.elapsed();
            assert_eq!(overviews.0.len() + overviews.1.len(), quarters);
            time
        })
        .collect();
    times.sort_unstable();
    let (least, middle) = (*times.first().unwrap(), *times.get(times.len() / 2).unwrap());
    println!(
        "{teams} teams, {quarters} quarters, {} activities: {} (at least {})",
        catalog.len(),
        shown(middle),
        shown(least)
    );
    assert!(!measures || middle < LIMIT, "that takes longer than {}", shown(LIMIT));
}

/// Where a team stands in a quarter: each quarter a little more is done, by some teams earlier than by others.
fn standing(catalog: &Catalog, team: u32, period: Period, quarter: u32) -> Standing {
    let nothing = Sheet::new(catalog, &ProgressScale::default(), []);
    let marks = catalog.activities().zip(0..).map(|((index, activity), number)| {
        let drawn = draw(team, number);
        let begins = u32::from(activity.level) * 3 + drawn % 9;
        let mark = match quarter.checked_sub(begins) {
            _ if drawn.is_multiple_of(41) => Mark::NotApplicable,
            None => Mark::Unanswered,
            Some(0) => Mark::Worth(20),
            Some(1) => Mark::Worth(50),
            Some(_) => Mark::Worth(100),
        };
        (index, mark)
    });
    Standing {
        team: TeamId(team.into()),
        team_name: format!("Team {team}"),
        assessment: AssessmentId(i64::from(quarter * 1_000 + team)),
        assessed: period,
        sheet: Arc::new(nothing.with(marks)),
        original: None,
    }
}

/// The same number for the same place, and another one for another.
fn draw(team: u32, number: u32) -> u32 {
    let mut state = (u64::from(team) << 32 | u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state = (state ^ state >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    u32::try_from(state >> 40).unwrap()
}

fn shown(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}
