//! Planning: all activities of the bundled catalog for one team that has done nothing, and for a large organization
//! whose teams stand in different places, with what helps where dates cannot be met.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cairn::app::bundled_catalog;
use cairn::domain::answer::{Mark, Sheet};
use cairn::domain::catalog::Catalog;
use cairn::domain::organization::TeamId;
use cairn::domain::plan::{Capacity, PlanInput, PlannedTeam, Points, feasibility, schedule};
use cairn::domain::roadmap::{Roadmap, Stage};
use cairn::domain::scale::ProgressScale;

use super::functions::measured;
use super::savers::draw;

/// How long planning may take for one team from nothing.
const ONE: Duration = Duration::from_millis(20);

/// How long for all teams.
const ALL: Duration = Duration::from_secs(10);

/// How long it may take to find what helps, where all of these are late.
const HELP: Duration = Duration::from_secs(1);

/// Plans for one team, and for so many.
pub(super) fn run(teams: u32, tries: usize) -> Vec<Vec<String>> {
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
    let one = measured("planning for one team from nothing", tries, Some(ONE), || {
        schedule::plan(&catalog, &[team], &input).unwrap()
    });
    let sheets: Vec<Sheet> = (0..teams).map(|team| standing(&catalog, team)).collect();
    let planned: Vec<PlannedTeam<'_>> = (1..)
        .map(TeamId)
        .zip(&sheets)
        .map(|(team, sheet)| PlannedTeam { team, name: "Team", sheet, roadmap: &roadmap })
        .collect();
    let name = format!("planning for {teams} teams");
    let all = measured(&name, 1, Some(ALL), || schedule::plan(&catalog, &planned, &input).unwrap());
    let plan = schedule::plan(&catalog, &planned, &input).unwrap();
    let help = measured("what helps where their two stages are late", 1, Some(HELP), || {
        let dates = feasibility::dates(&catalog, &roadmap, &planned, &input, &plan);
        assert_eq!(dates.iter().filter(|date| date.late.is_some()).count(), 2);
    });
    vec![one, all, help]
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
        let drawn = draw([u64::from(team), number], 100);
        let mark = match u64::from(activity.level) * 15 {
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
