//! What the past quarters were like, in points: what was left of each stage, and what was done of it from one quarter to
//! the next. And how an activity is found in the catalogs of different quarters.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use crate::domain::answer::{AssessmentId, Mark, Sheet};
use crate::domain::catalog::{Activity, ActivityId, ActivityIndex, Catalog, CatalogDigest};
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::plan::Points;
use crate::domain::roadmap::{Roadmap, Staging};
use crate::domain::scoring::Measure;
use crate::domain::standing::{Overview, Standing};

/// Some activities, and where they are in any catalog.
pub(in crate::domain) struct Matched<'a> {
    ids: Vec<&'a ActivityId>,
    places: BTreeMap<CatalogDigest, Rc<[Option<ActivityIndex>]>>,
}

impl<'a> Matched<'a> {
    /// For these activities, in this order.
    pub(in crate::domain) fn new(ids: Vec<&'a ActivityId>) -> Self {
        Self { ids, places: BTreeMap::new() }
    }

    /// Where they are in a catalog; `None` for one that it does not have.
    pub(in crate::domain) fn places(&mut self, catalog: &Catalog) -> Rc<[Option<ActivityIndex>]> {
        if let Some(known) = self.places.get(catalog.digest()) {
            return Rc::clone(known);
        }
        let places: Rc<[_]> = self.ids.iter().map(|id| catalog.find(id)).collect();
        self.places.insert(catalog.digest().clone(), Rc::clone(&places));
        places
    }

    /// The marks that a team's assessment has for them; `None` for one that it was not asked about. `seen` is the
    /// catalog of the overview that the standing is from.
    pub(in crate::domain) fn marks(&mut self, standing: &Standing, seen: &Catalog) -> Vec<Option<Mark>> {
        let (own, sheet): (&Catalog, &Sheet) = standing.own(seen);
        self.places(own).iter().map(|place| place.map(|index| sheet.mark(index))).collect()
    }
}

/// A quarter as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct PastQuarter {
    /// Which.
    pub period: Period,
    /// How many teams had been assessed by then.
    pub teams: usize,
    /// What was left of the practices of all stages up to each.
    pub left: Vec<Points>,
}

/// A quarter, and where each team stood in it.
pub(super) struct Quarter {
    pub(super) all: PastQuarter,
    /// In the order of their ids, so that the same past always gives the same sums.
    pub(super) teams: Vec<(TeamId, Rc<Stand>)>,
}

/// Where a team stands.
pub(super) struct Stand {
    /// What is left of the practices of all stages up to each.
    pub(super) left: Vec<Points>,
    /// What there is of them altogether, if nothing of it were done.
    pub(super) most: Vec<Points>,
}

/// What was done from one quarter to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The later of the two.
    pub period: Period,
    /// How many teams had been assessed by the end of both.
    pub teams: usize,
    /// What these did of the practices of all stages up to each, in points; below 0 where more was taken back than
    /// was done.
    pub points: Vec<f64>,
    /// How much of what was done of all stages was the first answer to an activity, in points: perhaps it was done
    /// before, and nobody had said so.
    pub first_answers: f64,
}

/// A step, and what each team did in it of all stages, in points.
pub(super) struct Made {
    pub(super) all: Step,
    pub(super) teams: HashMap<TeamId, f64>,
}

/// One team in one quarter.
struct TeamThen {
    assessment: AssessmentId,
    /// In the order of the present catalog.
    marks: Vec<Option<Mark>>,
    stand: Rc<Stand>,
}

/// The past of some teams, seen in the present catalog.
struct Past<'a> {
    catalog: &'a Catalog,
    stages: usize,
    matched: Matched<'a>,
    stagings: HashMap<TeamId, Rc<Staging<'a>>>,
}

/// The quarters of a history, and the steps between those that follow each other.
pub(super) fn past<'r>(
    history: &[Arc<Overview>],
    roadmap_of: &impl Fn(TeamId) -> &'r Roadmap,
    stages: usize,
) -> (Vec<Quarter>, Vec<Made>) {
    let Some(last) = history.last() else { return (Vec::new(), Vec::new()) };
    let mut past = Past::new(&last.catalog, stages);
    let (mut quarters, mut steps): (Vec<Quarter>, Vec<Made>) = (Vec::new(), Vec::new());
    let mut before: HashMap<TeamId, Rc<TeamThen>> = HashMap::new();
    for overview in history {
        let mut now = HashMap::with_capacity(overview.standings.len());
        for standing in &overview.standings {
            let known = before.get(&standing.team).filter(|then| then.assessment == standing.assessment);
            let then = known.cloned().unwrap_or_else(|| Rc::new(past.team(standing, &overview.catalog, roadmap_of)));
            now.insert(standing.team, then);
        }
        if quarters.last().is_some_and(|quarter| quarter.all.period.next() == overview.period) {
            steps.push(past.step(overview.period, &before, &now));
        }
        quarters.push(past.quarter(overview.period, &now));
        before = now;
    }
    (quarters, steps)
}

impl<'a> Past<'a> {
    fn new(catalog: &'a Catalog, stages: usize) -> Self {
        let ids = catalog.activities().map(|(_, activity)| &activity.id).collect();
        Self { catalog, stages, matched: Matched::new(ids), stagings: HashMap::new() }
    }

    fn team<'r>(
        &mut self,
        standing: &Standing,
        seen: &Catalog,
        roadmap_of: &impl Fn(TeamId) -> &'r Roadmap,
    ) -> TeamThen {
        let catalog = self.catalog;
        let staging = self.stagings.entry(standing.team);
        let staging = Rc::clone(staging.or_insert_with(|| Rc::new(roadmap_of(standing.team).staging(catalog))));
        let marks = self.matched.marks(standing, seen);
        // What was not asked was not done, as everywhere.
        let mark = |index: ActivityIndex| at(&marks, index).unwrap_or(Mark::Unanswered);
        let applies = |index| mark(index) != Mark::NotApplicable;
        let is_open = |index| Measure::from(mark(index)).is_open();
        let left = self.sums(&staging, is_open, |index, activity| Points::remaining(activity, mark(index)));
        let most = self.sums(&staging, applies, |_, activity| Points::remaining(activity, Mark::Unanswered));
        TeamThen { assessment: standing.assessment, marks, stand: Rc::new(Stand { left, most }) }
    }

    /// The points of the practices of all stages up to each.
    fn sums(
        &self,
        staging: &Staging<'_>,
        is_left: impl Fn(ActivityIndex) -> bool,
        points: impl Fn(ActivityIndex, &Activity) -> Points,
    ) -> Vec<Points> {
        let mut sums = vec![Points::ZERO; self.stages];
        let stages = staging.practices(is_left);
        for ((index, activity), stage) in self.catalog.activities().zip(stages) {
            if let Some(sum) = stage.and_then(|stage| sums.get_mut(stage.0.wrapping_sub(1))) {
                *sum += points(index, activity);
            }
        }
        cumulative(sums)
    }

    fn quarter(&self, period: Period, teams: &HashMap<TeamId, Rc<TeamThen>>) -> Quarter {
        let mut left = vec![Points::ZERO; self.stages];
        for team in teams.values() {
            add(&mut left, &team.stand.left);
        }
        let mut stands: Vec<_> = teams.iter().map(|(team, then)| (*team, Rc::clone(&then.stand))).collect();
        stands.sort_unstable_by_key(|(team, _)| *team);
        Quarter { all: PastQuarter { period, teams: teams.len(), left }, teams: stands }
    }

    fn step(
        &self,
        period: Period,
        before: &HashMap<TeamId, Rc<TeamThen>>,
        now: &HashMap<TeamId, Rc<TeamThen>>,
    ) -> Made {
        let points = |hundredths: i64| hundredths as f64 / 100.0;
        let (mut sums, mut first, mut teams) = (vec![0_i64; self.stages], 0, HashMap::new());
        for (team, now) in now {
            let Some(before) = before.get(team) else { continue };
            let mut done = vec![0_i64; self.stages];
            if before.assessment != now.assessment
                && let Some(staging) = self.stagings.get(team)
            {
                first += self.add_done(&mut done, staging, before, now);
            }
            teams.insert(*team, points(done.iter().sum()));
            for (sum, done) in sums.iter_mut().zip(done) {
                *sum += done;
            }
        }
        let points_up_to = cumulative(sums).into_iter().map(points).collect();
        let all = Step { period, teams: teams.len(), points: points_up_to, first_answers: points(first) };
        Made { all, teams }
    }

    /// Adds what a team did of each stage, in hundredths of points, and gives how much of it were first answers.
    fn add_done(&self, done: &mut [i64], staging: &Staging<'_>, before: &TeamThen, now: &TeamThen) -> i64 {
        // Only what applies in both quarters, and is open in one of them, can have been worked on.
        let worths = |index| Some((worth(at(&before.marks, index)?)?, worth(at(&now.marks, index)?)?));
        let is_left = |index| worths(index).is_some_and(|(then, now)| then < 100 || now < 100);
        let mut first = 0;
        for ((index, activity), stage) in self.catalog.activities().zip(staging.practices(is_left)) {
            let Some(sum) = stage.and_then(|stage| done.get_mut(stage.0.wrapping_sub(1))) else { continue };
            let Some((worth_then, worth_now)) = worths(index) else { continue };
            let points = i64::from(activity.difficulty.effort()) * (worth_now - worth_then);
            *sum += points;
            if at(&before.marks, index) == Some(Mark::Unanswered) {
                first += points;
            }
        }
        first
    }
}

fn at(marks: &[Option<Mark>], index: ActivityIndex) -> Option<Mark> {
    marks.get(index.position()).copied().flatten()
}

/// What a mark is worth in percent; `None` where it does not apply.
fn worth(mark: Mark) -> Option<i64> {
    match mark {
        Mark::NotApplicable => None,
        Mark::Unanswered => Some(0),
        Mark::Worth(percent) => Some(i64::from(percent)),
    }
}

fn add(sums: &mut [Points], more: &[Points]) {
    for (sum, more) in sums.iter_mut().zip(more) {
        *sum += *more;
    }
}

/// Of numbers for each stage, those for all stages up to each.
fn cumulative<T: Copy + Default + std::ops::Add<Output = T>>(of_stages: Vec<T>) -> Vec<T> {
    let sums = of_stages.into_iter().scan(T::default(), |sum, of_stage| {
        *sum = *sum + of_stage;
        Some(*sum)
    });
    sums.collect()
}

/// What a team got done in the past quarters.
#[derive(Debug, Clone, PartialEq)]
pub struct Pace {
    /// The team.
    pub team: TeamId,
    /// The points that it got done in each quarter between its first assessment and its latest.
    pub quarters: Vec<(Period, f64)>,
    /// An estimate of what it can do in a quarter: the median of the last eight of them, to the half point; `None` where
    /// it has been assessed fewer than three times. It is none at all where the team mostly did nothing.
    pub estimate: Option<Points>,
}

/// How many of the last quarters an estimate rests on, at most.
const RECENT: usize = 8;
/// How many times a team's answers were followed by other ones before there is an estimate.
const LEAST_PAIRS: usize = 2;

/// What the teams of the last overview got done in each past quarter, of all activities, be they in a stage or not.
///
/// What rose counts, and what fell does not: capacity is the work that a team can do, and a claim that is taken back is a
/// correction, not work undone. Where two assessments are further apart than a quarter, what rose between them is
/// spread over the quarters evenly.
pub fn paces(history: &[Arc<Overview>]) -> Vec<Pace> {
    let Some(last) = history.last() else { return Vec::new() };
    let efforts: Vec<i64> = last.catalog.activities().map(|(_, a)| i64::from(a.difficulty.effort())).collect();
    let mut past = Past::new(&last.catalog, 0);
    let mut known: HashMap<TeamId, Known> = HashMap::new();
    for overview in history {
        for standing in &overview.standings {
            let of_team = known.entry(standing.team).or_default();
            if of_team.latest.as_ref().is_none_or(|(assessment, _, _)| *assessment != standing.assessment) {
                let marks = past.matched.marks(standing, &overview.catalog);
                of_team.follow(standing, marks, &efforts);
            }
        }
    }
    let pace = |standing: &Standing| {
        let Known { quarters, pairs, .. } = known.remove(&standing.team).unwrap_or_default();
        let estimate = (pairs >= LEAST_PAIRS).then(|| typical(&quarters));
        Pace { team: standing.team, quarters, estimate }
    };
    last.standings.iter().map(pace).collect()
}

/// What is known of a team on the way through the quarters.
#[derive(Default)]
struct Known {
    latest: Option<(AssessmentId, Period, Vec<Option<Mark>>)>,
    quarters: Vec<(Period, f64)>,
    pairs: usize,
}

impl Known {
    fn follow(&mut self, standing: &Standing, marks: Vec<Option<Mark>>, efforts: &[i64]) {
        if let Some((_, since, before)) = &self.latest
            && *since < standing.assessed
        {
            let rise = |(before, now): (&Option<Mark>, &Option<Mark>)| {
                Some((worth((*now)?)? - worth((*before)?)?).max(0)).filter(|rise| *rise > 0)
            };
            let rises = before.iter().zip(&marks).map(rise).zip(efforts);
            let points: i64 = rises.map(|(rise, effort)| rise.unwrap_or_default() * effort).sum();
            let apart = standing.assessed.quarters_after(*since);
            let each = points as f64 / 100.0 / f64::from(apart);
            let quarters = std::iter::successors(Some(since.next()), |period| Some(period.next()));
            self.quarters.extend(quarters.take_while(|period| *period <= standing.assessed).map(|at| (at, each)));
            self.pairs += 1;
        }
        self.latest = Some((standing.assessment, standing.assessed, marks));
    }
}

/// The median of the last quarters, to the half point.
fn typical(quarters: &[(Period, f64)]) -> Points {
    let mut points: Vec<f64> = quarters.iter().rev().take(RECENT).map(|(_, points)| *points).collect();
    points.sort_by(f64::total_cmp);
    let middle = |place: usize| points.get(place).copied().unwrap_or_default();
    let median = (middle(points.len().saturating_sub(1) / 2) + middle(points.len() / 2)) / 2.0;
    // The lint would have a checked conversion; `as` saturates, and the points are small and never negative.
    Points::hundredths((median * 2.0).round() as u64 * 50)
}
