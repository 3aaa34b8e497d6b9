//! Two versions of kept plans side by side: when the stages are done, how the scores rise, what moves, and what was
//! decided differently. They can be two plans, also of different scopes, or one plan then and later.
//!
//! Activities are matched by their ids, so that plans made in different catalogs can be compared.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::saved::PlanVersion;
use super::{Capacity, Course, Item, Points, TeamPlan};
use crate::domain::catalog::{ActivityId, Catalog, Level};
use crate::domain::organization::{Team, TeamId};
use crate::domain::period::Period;
use crate::domain::roadmap::{Stage, StageNumber};
use crate::domain::scoring::Scorecard;
use crate::domain::standing::Trend;

/// One of the two.
#[derive(Debug, Clone, Copy)]
pub struct PlanSide<'a> {
    /// What is compared.
    pub version: &'a PlanVersion,
    /// The catalog that it counts activities in.
    pub catalog: &'a Catalog,
    /// How the scores would rise, where that is known.
    pub course: Option<&'a Trend>,
}

/// What differs between two plans. Of each pair, the first is of the first plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanComparison {
    /// The stages, matched by their numbers; as many as the longer of the roadmaps has.
    pub stages: Vec<StagePair>,
    /// The projected scores of the whole, quarter by quarter, from the first of either plan to the last; empty when
    /// neither is known.
    pub course: Vec<CoursePair>,
    /// The teams that only one of them is about, by name.
    pub teams: [Vec<String>; 2],
    /// What only one of them has for teams that both are about, those of most teams first, then by name.
    pub only: [Vec<OnlyHere>; 2],
    /// What both have and is finished in another quarter, that which moves furthest first, then in the order of the
    /// first plan.
    pub moved: Vec<Moved>,
    /// How many practices both have finished in the same quarter.
    pub unmoved: usize,
    /// What was decided differently, in words.
    pub decided: Vec<DecidedOtherwise>,
}

/// A stage in both plans.
#[derive(Debug, Clone, PartialEq)]
pub struct StagePair {
    /// Which.
    pub number: StageNumber,
    /// The stage in each; `None` where the roadmap did not have it.
    pub sides: [Option<StageSide>; 2],
}

/// A stage in one plan.
#[derive(Debug, Clone, PartialEq)]
pub struct StageSide {
    /// Its name.
    pub name: String,
    /// When work on it begins and when all of it is finished; `None` when nothing is left to do.
    pub span: Option<(Period, Period)>,
    /// How many practices of all teams are worked on.
    pub practices: usize,
    /// Their work.
    pub points: Points,
    /// By the end of which quarter it should be reached.
    pub wished: Option<Period>,
}

impl StagePair {
    /// By how many quarters the second finishes it later, or earlier below 0; `None` where one of them has nothing
    /// to finish.
    pub fn later(&self) -> Option<i64> {
        let [a, b] = &self.sides;
        Some(quarters_later(a.as_ref()?.span?.1, b.as_ref()?.span?.1))
    }
}

/// Where the scope of each plan would stand in a quarter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoursePair {
    /// Which quarter.
    pub period: Period,
    /// The level and the score of the whole; `None` before a plan begins. After its end it stays where it led.
    pub sides: [Option<(Level, f64)>; 2],
}

/// A practice that only one plan has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlyHere {
    /// The activity.
    pub activity: ActivityId,
    /// Its name.
    pub name: String,
    /// The names of the teams that have it only there, in the order of the plan; never empty.
    pub teams: Vec<String>,
}

/// A practice that is finished in another quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub team_name: String,
    /// The activity.
    pub activity: ActivityId,
    /// Its name.
    pub name: String,
    /// The quarter in which each plan finishes it.
    pub until: [Period; 2],
}

impl Moved {
    /// By how many quarters it is finished later in the second plan; below 0: earlier.
    pub fn later(&self) -> i64 {
        let [a, b] = self.until;
        quarters_later(a, b)
    }
}

/// Something that was decided differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedOtherwise {
    /// What it is about.
    pub about: String,
    /// What each plan says.
    pub sides: [String; 2],
}

impl PlanComparison {
    /// Compares two. `teams` are those whose names may be told.
    pub fn new(sides: [PlanSide<'_>; 2], teams: &[Team]) -> Self {
        let [a, b] = sides;
        let placed = sides.map(Placed::new);
        let [of_a, of_b] = &placed;
        let (moved, unmoved) = of_a.moved(of_b);
        let mut decided = Decided { sides, teams, found: Vec::new() };
        decided.all();
        Self {
            stages: stages(sides),
            course: course(a.course, b.course),
            teams: [of_a.teams_missing_in(of_b), of_b.teams_missing_in(of_a)],
            only: [of_a.missing_in(of_b), of_b.missing_in(of_a)],
            moved,
            unmoved,
            decided: decided.found,
        }
    }

    /// Whether nothing differs.
    pub fn is_same(&self) -> bool {
        let is_same_stage = |StagePair { sides: [a, b], .. }: &StagePair| a == b;
        self.moved.is_empty()
            && self.decided.is_empty()
            && self.teams.iter().all(Vec::is_empty)
            && self.only.iter().all(Vec::is_empty)
            && self.stages.iter().all(is_same_stage)
    }
}

fn quarters_later(earlier: Period, later: Period) -> i64 {
    i64::from(later.quarters_after(earlier)) - i64::from(earlier.quarters_after(later))
}

fn stages(sides: [PlanSide<'_>; 2]) -> Vec<StagePair> {
    let many = sides.iter().map(|side| side.version.roadmap.stages().len()).max().unwrap_or_default();
    let of_side = |side: PlanSide<'_>, number: StageNumber| {
        let (plan, stage) = (&side.version.plan, side.version.roadmap.stage(number)?);
        let items = plan.items().map(|(_, item)| item).filter(|item| item.stage == number);
        let (practices, points) =
            items.fold((0, Points::ZERO), |(practices, points), item| (practices + 1, points + item.effort));
        Some(StageSide { name: stage.name.clone(), span: plan.span(number), practices, points, wished: stage.wished })
    };
    let numbers = (1..=many).map(StageNumber);
    numbers.map(|number| StagePair { number, sides: sides.map(|side| of_side(side, number)) }).collect()
}

/// The projected scores of the whole in all quarters of both.
fn course(a: Option<&Trend>, b: Option<&Trend>) -> Vec<CoursePair> {
    let lines = [a, b].map(|trend| {
        let points = trend.into_iter().flat_map(|trend| trend.line(Scorecard::OVERALL));
        points.map(|point| (point.period, (point.level, point.score))).collect::<BTreeMap<_, _>>()
    });
    let known = || lines.iter().flat_map(|line| line.keys().copied());
    let Some((first, last)) = known().min().zip(known().max()) else { return Vec::new() };
    let quarters = std::iter::successors(Some(first), |period| Some(period.next()));
    let at = |line: &BTreeMap<Period, (Level, f64)>, period| line.range(..=period).next_back().map(|(_, found)| *found);
    let pair = |period| CoursePair { period, sides: lines.each_ref().map(|line| at(line, period)) };
    quarters.take_while(|period| *period <= last).map(pair).collect()
}

/// The practices of a plan by team and activity.
struct Placed<'a> {
    catalog: &'a Catalog,
    teams: &'a [TeamPlan],
    items: HashMap<TeamId, HashMap<&'a ActivityId, &'a Item>>,
}

impl<'a> Placed<'a> {
    fn new(side: PlanSide<'a>) -> Self {
        let (catalog, teams) = (side.catalog, side.version.plan.teams.as_slice());
        let of_team = |team: &'a TeamPlan| {
            let items = team.items.iter().map(|item| (&catalog.activity(item.activity).id, item));
            (team.team, items.collect())
        };
        Self { catalog, teams, items: teams.iter().map(of_team).collect() }
    }

    fn teams_missing_in(&self, other: &Self) -> Vec<String> {
        let missing = self.teams.iter().filter(|team| !other.items.contains_key(&team.team));
        let mut names: Vec<String> = missing.map(|team| team.name.clone()).collect();
        names.sort();
        names
    }

    /// What teams of both have here only.
    fn missing_in(&self, other: &Self) -> Vec<OnlyHere> {
        let mut found: BTreeMap<&ActivityId, OnlyHere> = BTreeMap::new();
        for team in self.teams {
            let Some(there) = other.items.get(&team.team) else { continue };
            for item in &team.items {
                let activity = self.catalog.activity(item.activity);
                if !there.contains_key(&activity.id) {
                    let empty =
                        || OnlyHere { activity: activity.id.clone(), name: activity.name.clone(), teams: Vec::new() };
                    found.entry(&activity.id).or_insert_with(empty).teams.push(team.name.clone());
                }
            }
        }
        let mut found: Vec<OnlyHere> = found.into_values().collect();
        found.sort_by(|a, b| b.teams.len().cmp(&a.teams.len()).then_with(|| a.name.cmp(&b.name)));
        found
    }

    /// What both have and the other finishes in another quarter, and how many it finishes in the same.
    fn moved(&self, other: &Self) -> (Vec<Moved>, usize) {
        let (mut moved, mut unmoved) = (Vec::new(), 0);
        for team in self.teams {
            let Some(there) = other.items.get(&team.team) else { continue };
            for item in &team.items {
                let activity = self.catalog.activity(item.activity);
                let later = there.get(&activity.id).and_then(|later| later.until());
                match (item.until(), later) {
                    (Some(until), Some(later)) if until != later => moved.push(Moved {
                        team: team.team,
                        team_name: team.name.clone(),
                        activity: activity.id.clone(),
                        name: activity.name.clone(),
                        until: [until, later],
                    }),
                    (Some(_), Some(_)) => unmoved += 1,
                    _ => {}
                }
            }
        }
        moved.sort_by_key(|moved| std::cmp::Reverse(moved.later().abs()));
        (moved, unmoved)
    }
}

/// What was decided differently, as it is found.
struct Decided<'a> {
    sides: [PlanSide<'a>; 2],
    teams: &'a [Team],
    found: Vec<DecidedOtherwise>,
}

impl Decided<'_> {
    fn all(&mut self) {
        let [a, b] = self.sides.map(|side| &side.version.input);
        self.add("First quarter", [a.start.to_string(), b.start.to_string()]);
        let each = |capacity: &Capacity| format!("{} points", capacity.each);
        self.add("What each team can do in a quarter", [each(&a.capacity), each(&b.capacity)]);
        self.capacities();
        self.left_out();
        self.stages();
        self.decisions();
    }

    fn add(&mut self, about: impl Into<String>, sides: [String; 2]) {
        let [a, b] = &sides;
        if a != b {
            self.found.push(DecidedOtherwise { about: about.into(), sides });
        }
    }

    fn capacities(&mut self) {
        let [a, b] = self.sides.map(|side| &side.version.input.capacity);
        let keys: BTreeSet<_> = a.exceptions.keys().chain(b.exceptions.keys()).copied().collect();
        for (team, period) in keys {
            let says = |capacity: &Capacity| match capacity.exceptions.get(&(team, period)) {
                Some(points) => format!("{points} points"),
                None => "nothing of its own".to_owned(),
            };
            let about = match (team, period) {
                (Some(team), Some(period)) => format!("What {} can do in {period}", self.team(team)),
                (Some(team), None) => format!("What {} can do in a quarter", self.team(team)),
                (None, Some(period)) => format!("What each team can do in {period}"),
                (None, None) => continue,
            };
            self.add(about, [says(a), says(b)]);
        }
    }

    fn left_out(&mut self) {
        let [a, b] = self.sides.map(|side| &side.version.input.left_out);
        let teams: BTreeSet<TeamId> = a.iter().chain(b).copied().collect();
        for team in teams {
            let says = |left_out: &BTreeSet<TeamId>| match left_out.contains(&team) {
                true => "not planned for".to_owned(),
                false => "not left out".to_owned(),
            };
            self.add(self.team(team), [says(a), says(b)]);
        }
    }

    /// Targets and dates of the stages that both have.
    fn stages(&mut self) {
        let [a, b] = self.sides.map(|side| side.version.roadmap.stages());
        for (number, (a, b)) in (1_usize..).zip(a.iter().zip(b)) {
            let stage = if a.name == b.name { format!("{number}. {}", a.name) } else { format!("Stage {number}") };
            self.add(format!("{stage}: name"), [a.name.clone(), b.name.clone()]);
            let date = |stage: &Stage| stage.wished.map_or_else(|| "no date".to_owned(), |date| date.to_string());
            self.add(format!("{stage}: wished by"), [date(a), date(b)]);
            let dimensions: BTreeSet<&String> = a.targets.keys().chain(b.targets.keys()).collect();
            for dimension in dimensions {
                let target = |stage: &Stage| format!("level {}", stage.target(dimension));
                self.add(format!("{stage}: target for {dimension}"), [target(a), target(b)]);
            }
        }
    }

    fn decisions(&mut self) {
        let [a, b] = self.sides.map(|side| &side.version.input.decisions);
        let keys: BTreeSet<&(ActivityId, Option<TeamId>)> = a.keys().chain(b.keys()).collect();
        for key in keys {
            let (activity, team) = key;
            let named = self.sides.iter().find_map(|side| Some(side.catalog.activity(side.catalog.find(activity)?)));
            let name = named.map_or(activity.0.as_str(), |activity| &activity.name);
            let about = match team {
                Some(team) => format!("“{name}” of {}", self.team(*team)),
                None => format!("“{name}” of all teams"),
            };
            let says = |decisions: &BTreeMap<_, Course>| self.in_words(decisions.get(key).copied().unwrap_or_default());
            self.add(about, [says(a), says(b)]);
        }
    }

    fn in_words(&self, course: Course) -> String {
        match course {
            Course::Planned => "planned like all others".to_owned(),
            Course::Locked(period) => format!("finished in {period}"),
            Course::Excluded => "left out".to_owned(),
            Course::ProvidedBy(team) => format!("provided by {}", self.team(team)),
        }
    }

    fn team(&self, id: TeamId) -> String {
        let name = self.teams.iter().find(|team| team.id == id).map(|team| team.name.to_string());
        name.unwrap_or_else(|| "another team".to_owned())
    }
}
