//! How long planning takes: all activities of the bundled catalog for one team that has done nothing, and for a large
//! organization whose teams stand in different places, with what helps where dates cannot be met. `cargo bench` says
//! so. As a test, it goes the same way with a small organization.

#![expect(clippy::unwrap_used, reason = "a measurement that meets something unexpected is none")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use cairn::app::bundled_catalog;
use cairn::domain::answer::{Mark, Sheet};
use cairn::domain::catalog::Catalog;
use cairn::domain::organization::TeamId;
use cairn::domain::plan::{Capacity, PlanInput, PlannedTeam, Points, feasibility, schedule};
use cairn::domain::roadmap::{Roadmap, Stage};
use cairn::domain::scale::ProgressScale;

/// How long planning may take for one team from nothing.
const ONE: Duration = Duration::from_millis(20);

/// How long for all teams.
const ALL: Duration = Duration::from_secs(10);

/// How long it may take to find what helps, where all of these are late.
const HELP: Duration = Duration::from_secs(1);

fn main() {
    // That is how cargo says that it measures and does not test.
    let measures = std::env::args().any(|argument| argument == "--bench");
    let (teams, tries) = if measures { (1_000, 20) } else { (3, 1) };
    let catalog = bundled_catalog().unwrap();
    let roadmap = roadmap(&catalog);
    let input = PlanInput {
        start: "2027-Q1".parse().unwrap(),
        capacity: Capacity { each: Points::whole(40), exceptions: BTreeMap::new() },
        targets: BTreeMap::new(),
        wishes: BTreeMap::new(),
        left_out: BTreeSet::new(),
        decisions: BTreeMap::new(),
    };
    let nothing = Sheet::new(&catalog, &ProgressScale::default(), []);
    let team = PlannedTeam { team: TeamId(1), name: "Team", sheet: &nothing, roadmap: &roadmap };
    let mut times: Vec<Duration> = (0..tries)
        .map(|_| {
            let began = Instant::now();
            schedule::plan(&catalog, &[team], &input).unwrap();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    let one = times.swap_remove(times.len() / 2);
    println!("one team from nothing, {} activities: {}", catalog.len(), shown(one));

    let sheets: Vec<Sheet> = (0..teams).map(|team| standing(&catalog, team)).collect();
    let planned: Vec<PlannedTeam<'_>> = (1..)
        .map(TeamId)
        .zip(&sheets)
        .map(|(team, sheet)| PlannedTeam { team, name: "Team", sheet, roadmap: &roadmap })
        .collect();
    let began = Instant::now();
    let plan = schedule::plan(&catalog, &planned, &input).unwrap();
    let all = began.elapsed();
    println!("{teams} teams: {}, {} items", shown(all), plan.items().count());
    let began = Instant::now();
    let dates = feasibility::dates(&catalog, &roadmap, &planned, &input, &plan);
    let help = began.elapsed();
    let late = dates.iter().filter(|date| date.late.is_some()).count();
    println!("{late} late stages: {}", shown(help));
    assert_eq!(late, 2);
    assert!(!measures || (one < ONE && all < ALL && help < HELP), "that takes too long");
}

/// Everything, in two steps, each sooner than most teams can.
fn roadmap(catalog: &Catalog) -> Roadmap {
    let stage = |target, wished: &str| Stage {
        targets: catalog.dimensions().iter().map(|dimension| (dimension.name.clone(), target)).collect(),
        wished: Some(wished.parse().unwrap()),
        ..Stage::default()
    };
    Roadmap::new(vec![stage(2, "2027-Q1"), stage(5, "2028-Q4")]).unwrap()
}

/// Where a team stands: further in what is of a low level, and everywhere else.
fn standing(catalog: &Catalog, team: u32) -> Sheet {
    let nothing = Sheet::new(catalog, &ProgressScale::default(), []);
    let marks = catalog.activities().zip(0..).map(|((index, activity), number)| {
        let drawn = draw(team, number) % 100;
        let mark = match u32::from(activity.level) * 15 {
            _ if drawn == 99 => Mark::NotApplicable,
            hard if drawn > hard + 20 => Mark::Worth(100),
            hard if drawn > hard + 10 => Mark::Worth(50),
            hard if drawn > hard => Mark::Worth(20),
            _ => Mark::Unanswered,
        };
        (index, mark)
    });
    nothing.with(marks)
}

/// The same number for the same place, and another one for another.
fn draw(team: u32, number: u32) -> u32 {
    let mut state = (u64::from(team) << 32 | u64::from(number)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    state = (state ^ state >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    u32::try_from(state >> 40).unwrap()
}

fn shown(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1_000.0)
}
