//! A saved plan against what happened: how much of it is done, what slipped, who is behind, and how far the targets are.
//!
//! An item is worth the work that was left of it when the plan was saved, and so much of it is done as its worth has
//! risen since then: effort · (v − v₀) / (1 − v₀), net, so that what is taken back counts against it. Activities are
//! matched by their ids. Items that do not apply any more, whose activity the catalog does not have any more, or whose
//! team is not in the scope any more, are left out of what was planned and of what was done alike, in all quarters, and
//! are counted.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Points;
use super::saved::{Baseline, BaselineItem};
use crate::domain::answer::{AssessmentId, Mark};
use crate::domain::catalog::{ActivityId, Level};
use crate::domain::forecast::Matched;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::roadmap::{Stage, StageNumber};
use crate::domain::scoring::{Scorecard, Scored};
use crate::domain::standing::{Overview, Standing};

/// How a saved plan goes.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanProgress {
    /// The last quarter of which all that was planned is due.
    pub due: Period,
    /// All that was planned, without what is left out.
    pub planned: Points,
    /// What was planned up to the end of `due`.
    pub planned_to_date: Points,
    /// What is done, in points; below 0 where more was taken back.
    pub done: f64,
    /// Quarter by quarter, from that of the baseline to the end of the plan, or to the last of the history where that
    /// is later.
    pub burn_up: Vec<BurnUpPoint>,
    /// The stages, in order.
    pub stages: Vec<StageMeasure>,
    /// How many items there are, without those that are left out.
    pub items: usize,
    /// How many of them are fully implemented.
    pub finished: usize,
    /// What is due and not fully implemented, the latest first; then by team and in the order of the plan.
    pub slipped: Vec<Slipped>,
    /// What is fully implemented before it is due, by team and in the order of the plan.
    pub ahead: Vec<Ahead>,
    /// The teams, most behind first.
    pub teams: Vec<TeamProgress>,
    /// What does not count any more.
    pub left_out: LeftOut,
}

/// Where the plan was to be, and is, at the end of a quarter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BurnUpPoint {
    /// Which.
    pub period: Period,
    /// What was to be done by its end.
    pub planned: Points,
    /// What was done, in points; `None` for quarters after the history.
    pub done: Option<f64>,
}

/// How far the targets of a stage are.
#[derive(Debug, Clone, PartialEq)]
pub struct StageMeasure {
    /// Which.
    pub number: StageNumber,
    /// The dimensions that have a target in it, in the order of the catalog.
    pub dimensions: Vec<DimensionMeasure>,
    /// 1 − Σ max(0, target − current) / Σ target over its dimensions, in [0, 1]; 1 when nothing is asked for.
    pub to_target: f64,
    /// The same two figures over all dimensions that were not at their target when the plan was saved:
    /// Σ (min(current, target) − baseline) / Σ (target − baseline). At most 1; below 0 where the scores fell. `None`
    /// when all were.
    pub to_date: Option<f64>,
}

/// How far a target is. A target above the ceiling of the dimension counts as the ceiling.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionMeasure {
    /// The name of the dimension.
    pub dimension: String,
    /// The target.
    pub target: Level,
    /// The score when the plan was saved; `None` for a dimension that there was not.
    pub baseline: Option<f64>,
    /// The score now.
    pub current: f64,
    /// Percent to target: 1 − max(0, target − current) / target, in [0, 1].
    pub to_target: f64,
    /// Progress to date: (current − baseline) / (target − baseline). At most 1, since more than the target is not asked
    /// for; below 0 where the score fell. `None` where the target was met when the plan was saved.
    pub to_date: Option<f64>,
}

/// An item that should be finished and is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Slipped {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub team_name: String,
    /// The activity.
    pub activity: ActivityId,
    /// The stage.
    pub stage: StageNumber,
    /// The quarter by whose end it was to be finished.
    pub until: Period,
    /// By how many quarters it will be late at least: 1 when that quarter is the last that is due.
    pub late: u32,
    /// The work that is left of it.
    pub left: Points,
}

/// An item that is finished before it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub team_name: String,
    /// The activity.
    pub activity: ActivityId,
    /// The stage.
    pub stage: StageNumber,
    /// The quarter by whose end it was to be finished.
    pub until: Period,
}

/// How one team goes.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamProgress {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// All that it was to do.
    pub planned: Points,
    /// What it was to do up to the end of the quarter that is due.
    pub planned_to_date: Points,
    /// What it did, in points; below 0 where more was taken back.
    pub done: f64,
    /// How many of its items slipped.
    pub slipped: usize,
}

impl TeamProgress {
    /// By how many points it is behind; 0 when it is not.
    pub fn behind(&self) -> f64 {
        (self.planned_to_date.value() - self.done).max(0.0)
    }
}

/// What a plan had and does not count any more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Items that do not apply to their teams any more.
    pub not_applicable: usize,
    /// Items whose activity is in no catalog any more.
    pub gone: usize,
    /// Items of teams that are not in the scope any more.
    pub of_other_teams: usize,
    /// What all of these were worth.
    pub points: Points,
}

impl PlanProgress {
    /// How many items are neither fully implemented nor due.
    pub fn to_come(&self) -> usize {
        self.items.saturating_sub(self.finished + self.slipped.len())
    }

    /// The share of the plan that is done, in [0, 1]; 1 when there was nothing to do.
    pub fn done_share(&self) -> f64 {
        share(self.done, self.planned)
    }

    /// The share of the plan that was to be done by now.
    pub fn due_share(&self) -> f64 {
        share(self.planned_to_date.value(), self.planned)
    }

    /// The progress of a plan. `history` has an overview of the scope for each quarter, oldest first, up to the one that is
    /// looked at; `due` is the last quarter that is taken to be over. `None` without any overview.
    pub fn new(baseline: &Baseline, history: &[Arc<Overview>], due: Period) -> Option<Self> {
        let now = history.last()?;
        let mut left_out = LeftOut::default();
        let mut courses = Courses::new(baseline, now, &mut left_out);
        let since = history.iter().filter(|overview| overview.period >= baseline.period);
        let done_in: BTreeMap<Period, f64> =
            since.map(|overview| (overview.period, courses.follow(overview))).collect();
        let mut teams: Vec<TeamProgress> = courses.teams.iter().map(|course| course.progress(due)).collect();
        // A stable sort: teams that are equally far behind stay in the order of the plan.
        teams.sort_by(|a, b| b.behind().total_cmp(&a.behind()));
        let mut slipped: Vec<Slipped> = courses.teams.iter().flat_map(|course| course.slipped(due)).collect();
        slipped.sort_by_key(|slipped| std::cmp::Reverse(slipped.late));
        Some(Self {
            due,
            planned: teams.iter().map(|team| team.planned).sum(),
            planned_to_date: teams.iter().map(|team| team.planned_to_date).sum(),
            done: courses.teams.iter().map(|course| course.done).sum(),
            burn_up: courses.burn_up(baseline.period, &done_in),
            stages: stages(baseline, &now.scorecard),
            items: courses.teams.iter().map(|course| course.items.len()).sum(),
            finished: courses
                .teams
                .iter()
                .flat_map(|course| &course.items)
                .filter(|tracked| tracked.is_finished())
                .count(),
            slipped,
            ahead: courses.teams.iter().flat_map(|course| course.ahead(due)).collect(),
            teams,
            left_out,
        })
    }
}

/// A share of some points, in [0, 1].
fn share(part: f64, whole: Points) -> f64 {
    if whole.is_zero() { 1.0 } else { (part / whole.value()).clamp(0.0, 1.0) }
}

/// The items of the plan that count, on the way through the quarters.
struct Courses<'a> {
    matched: Matched<'a>,
    teams: Vec<Course<'a>>,
}

/// Those of one team.
struct Course<'a> {
    team: TeamId,
    name: &'a str,
    items: Vec<Tracked<'a>>,
    /// The assessment that is known.
    latest: Option<AssessmentId>,
    /// What is done, in points.
    done: f64,
}

/// One item.
struct Tracked<'a> {
    item: &'a BaselineItem,
    /// Where its activity is among all of the plan.
    place: usize,
    /// What it is worth in percent.
    worth: u8,
}

impl<'a> Courses<'a> {
    fn new(baseline: &'a Baseline, now: &'a Overview, left_out: &mut LeftOut) -> Self {
        let items = baseline.teams.iter().flat_map(|team| &team.items);
        let mut places: HashMap<&ActivityId, usize> = HashMap::new();
        let mut ids = Vec::new();
        for item in items {
            places.entry(&item.activity).or_insert_with(|| {
                ids.push(&item.activity);
                ids.len() - 1
            });
        }
        let mut matched = Matched::new(ids);
        let present: HashMap<TeamId, &Standing> = now.standings.iter().map(|of| (of.team, of)).collect();
        let mut teams = Vec::new();
        for team in &baseline.teams {
            let Some(standing) = present.get(&team.team) else {
                left_out.of_other_teams += team.items.len();
                left_out.points += team.items.iter().map(|item| item.effort).sum();
                continue;
            };
            let marks = matched.marks(standing, &now.catalog);
            let mut items = Vec::with_capacity(team.items.len());
            for item in &team.items {
                let place = places.get(&item.activity).copied().unwrap_or_default();
                match marks.get(place).copied().flatten() {
                    Some(Mark::Worth(_) | Mark::Unanswered) => {
                        items.push(Tracked { item, place, worth: item.percent });
                        continue;
                    }
                    Some(Mark::NotApplicable) => left_out.not_applicable += 1,
                    None => left_out.gone += 1,
                }
                left_out.points += item.effort;
            }
            teams.push(Course { team: team.team, name: &standing.team_name, items, latest: None, done: 0.0 });
        }
        Self { matched, teams }
    }

    /// Goes on to a quarter, and gives what is done by its end.
    fn follow(&mut self, overview: &Overview) -> f64 {
        let standings: HashMap<TeamId, &Standing> = overview.standings.iter().map(|of| (of.team, of)).collect();
        for course in &mut self.teams {
            if let Some(standing) = standings.get(&course.team)
                && course.latest != Some(standing.assessment)
            {
                course.follow(standing.assessment, &self.matched.marks(standing, &overview.catalog));
            }
        }
        self.teams.iter().map(|course| course.done).sum()
    }

    fn burn_up(&self, first: Period, done_in: &BTreeMap<Period, f64>) -> Vec<BurnUpPoint> {
        let mut work: BTreeMap<Period, Points> = BTreeMap::new();
        for tracked in self.teams.iter().flat_map(|course| &course.items) {
            for (period, points) in &tracked.item.work {
                *work.entry(*period).or_default() += *points;
            }
        }
        let last = work.keys().chain(done_in.keys()).max().copied().unwrap_or(first);
        let quarters = std::iter::successors(Some(first), |period| Some(period.next()));
        let mut planned: Points = work.range(..first).map(|(_, points)| *points).sum();
        let point = |period: Period| {
            planned += work.get(&period).copied().unwrap_or_default();
            BurnUpPoint { period, planned, done: done_in.get(&period).copied() }
        };
        quarters.take_while(|period| *period <= last).map(point).collect()
    }
}

impl Course<'_> {
    fn follow(&mut self, assessment: AssessmentId, marks: &[Option<Mark>]) {
        self.latest = Some(assessment);
        for tracked in &mut self.items {
            tracked.worth = match marks.get(tracked.place).copied().flatten() {
                Some(Mark::Worth(percent)) => percent,
                Some(Mark::Unanswered) => 0,
                // For a while it did not apply, or was not asked about: that is no progress, and no step back.
                Some(Mark::NotApplicable) | None => tracked.item.percent,
            };
        }
        self.done = self.items.iter().map(Tracked::done).sum();
    }

    fn progress(&self, due: Period) -> TeamProgress {
        let items = || self.items.iter().map(|tracked| tracked.item);
        let work = items().flat_map(|item| &item.work).filter(|(period, _)| *period <= due);
        TeamProgress {
            team: self.team,
            name: self.name.to_owned(),
            planned: items().map(|item| item.effort).sum(),
            planned_to_date: work.map(|(_, points)| *points).sum(),
            done: self.done,
            slipped: self.slipped(due).count(),
        }
    }

    fn slipped(&self, due: Period) -> impl Iterator<Item = Slipped> {
        let open = self.items.iter().filter(|tracked| !tracked.is_finished());
        open.filter_map(move |tracked| {
            let Tracked { item, .. } = tracked;
            let until = item.until().filter(|until| *until <= due)?;
            Some(Slipped {
                team: self.team,
                team_name: self.name.to_owned(),
                activity: item.activity.clone(),
                stage: item.stage,
                until,
                late: due.quarters_after(until) + 1,
                left: tracked.left(),
            })
        })
    }

    fn ahead(&self, due: Period) -> impl Iterator<Item = Ahead> {
        let finished = self.items.iter().filter(|tracked| tracked.is_finished());
        finished.filter_map(move |Tracked { item, .. }| {
            let until = item.until().filter(|until| *until > due)?;
            let (activity, stage) = (item.activity.clone(), item.stage);
            Some(Ahead { team: self.team, team_name: self.name.to_owned(), activity, stage, until })
        })
    }
}

impl Tracked<'_> {
    fn is_finished(&self) -> bool {
        self.worth >= 100
    }

    /// What is done of it since the plan was saved, as a share of what was left then.
    fn risen(&self) -> f64 {
        let (before, now) = (f64::from(self.item.percent), f64::from(self.worth));
        if before < 100.0 { (now - before) / (100.0 - before) } else { 1.0 }
    }

    fn done(&self) -> f64 {
        self.item.effort.value() * self.risen()
    }

    fn left(&self) -> Points {
        // The lint would have a checked conversion; `as` saturates, and what is left is never negative.
        Points::hundredths((self.item.effort.in_hundredths() as f64 * (1.0 - self.risen())).round() as u64)
    }
}

/// How far the targets of the stages are.
fn stages(baseline: &Baseline, card: &Scorecard) -> Vec<StageMeasure> {
    let before: HashMap<&str, f64> = baseline.dimensions.iter().map(|of| (of.name.as_str(), of.score)).collect();
    let numbered = (1..).map(StageNumber).zip(baseline.roadmap.stages());
    let measure = |(number, stage): (StageNumber, &Stage)| {
        let dimensions = card.dimensions.iter().filter_map(|dimension| {
            let Scored { name, score, .. } = &dimension.total;
            let target = stage.target(name).min(score.ceiling);
            (target > 0).then(|| DimensionMeasure::new(name, target, before.get(name.as_str()).copied(), score.score))
        });
        StageMeasure::new(number, dimensions.collect())
    };
    numbered.map(measure).collect()
}

impl StageMeasure {
    fn new(number: StageNumber, dimensions: Vec<DimensionMeasure>) -> Self {
        let target: f64 = dimensions.iter().map(|of| f64::from(of.target)).sum();
        let missing: f64 = dimensions.iter().map(|of| (f64::from(of.target) - of.current).max(0.0)).sum();
        let ways = || dimensions.iter().filter_map(DimensionMeasure::way);
        let (gone, whole) = ways().fold((0.0, 0.0), |(gone, whole), way| (gone + way.0, whole + way.1));
        Self {
            number,
            to_target: if target > 0.0 { 1.0 - missing / target } else { 1.0 },
            to_date: (whole > 0.0).then(|| gone / whole),
            dimensions,
        }
    }
}

impl DimensionMeasure {
    fn new(name: &str, target: Level, baseline: Option<f64>, current: f64) -> Self {
        let wanted = f64::from(target);
        let to_target = 1.0 - (wanted - current).max(0.0) / wanted;
        let measure = Self { dimension: name.to_owned(), target, baseline, current, to_target, to_date: None };
        Self { to_date: measure.way().map(|(gone, whole)| gone / whole), ..measure }
    }

    /// From the baseline to the target: how far it is now, and how far it is in all. `None` where there was no way to go.
    fn way(&self) -> Option<(f64, f64)> {
        let (baseline, target) = (self.baseline?, f64::from(self.target));
        (baseline < target).then(|| (self.current.min(target) - baseline, target - baseline))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::catalog::{Catalog, samples as catalogs};
    use crate::domain::plan::saved::{BaselineDimension, BaselineTeam};
    use crate::domain::roadmap::Roadmap;
    use crate::domain::standing::samples::{Marks, history, overview, standing};

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    /// An item of an activity of 5 points, with its work in two quarters where it is said so.
    fn item(activity: &str, percent: u8, quarters: &[&str]) -> BaselineItem {
        let effort = u64::from(100 - percent) * 5;
        let each = effort / quarters.len() as u64;
        BaselineItem {
            activity: ActivityId(activity.into()),
            stage: StageNumber(1),
            effort: Points::hundredths(effort),
            percent,
            work: quarters.iter().map(|quarter| (period(quarter), Points::hundredths(each))).collect(),
        }
    }

    fn baseline(score: f64, target: Level, teams: Vec<(i64, Vec<BaselineItem>)>) -> Baseline {
        let stage = |target| Stage { targets: [("All".to_owned(), target)].into(), ..Stage::default() };
        Baseline {
            period: period("2024-Q1"),
            roadmap: Roadmap::new(vec![stage(0), stage(target)]).unwrap(),
            dimensions: vec![BaselineDimension { name: "All".into(), level: 0, score }],
            teams: teams.into_iter().map(|(team, items)| BaselineTeam { team: TeamId(team), items }).collect(),
        }
    }

    fn catalog() -> Arc<Catalog> {
        Arc::new(catalogs::catalog(&[&[1, 1, 2, 2]]))
    }

    /// What two teams planned, and three quarters in which they went another way.
    fn two_teams() -> (Baseline, Vec<Arc<Overview>>) {
        let of_first = vec![
            item("a0", 0, &["2024-Q2"]),
            item("a1", 20, &["2024-Q2", "2024-Q3"]),
            item("a2", 0, &["2024-Q3", "2024-Q4"]),
        ];
        let of_second = vec![item("a0", 0, &["2024-Q2"]), item("a3", 0, &["2025-Q1"])];
        let planned = baseline(0.4, 2, vec![(1, of_first), (2, of_second)]);
        let happened: [&[(i64, Marks<'_>)]; 3] = [
            &[(1, &[0, 20, 0, 0]), (2, &[0, 0, 0, 0])],
            &[(1, &[50, 60, 0, 0]), (2, &[0, 0, 0, 0])],
            &[(1, &[50, 100, 0, 0]), (2, &[0, 0, 0, 100])],
        ];
        (planned, history(&catalog(), &happened))
    }

    #[test]
    fn what_was_planned_and_what_was_done_add_up_quarter_by_quarter() {
        let (planned, happened) = two_teams();
        let found = PlanProgress::new(&planned, &happened, period("2024-Q2")).unwrap();
        let shown: Vec<_> =
            found.burn_up.iter().map(|point| (point.period.to_string(), point.planned.value(), point.done)).collect();
        let expected = [
            ("2024-Q1", 0.0, Some(0.0)),
            ("2024-Q2", 12.0, Some(4.5)),
            ("2024-Q3", 16.5, Some(11.5)),
            ("2024-Q4", 19.0, None),
            ("2025-Q1", 24.0, None),
        ];
        assert_eq!(shown, expected.map(|(quarter, planned, done)| (quarter.to_owned(), planned, done)));
        assert_eq!((found.planned, found.planned_to_date), (Points::whole(24), Points::whole(12)));
        assert_eq!(found.done, 11.5);
        assert_eq!((found.done_share(), found.due_share()), (11.5 / 24.0, 0.5));
    }

    #[test]
    fn what_is_due_and_not_finished_slipped_and_what_is_finished_early_is_ahead() {
        let (planned, happened) = two_teams();
        let found = PlanProgress::new(&planned, &happened, period("2024-Q3")).unwrap();
        let slipped: Vec<_> = found
            .slipped
            .iter()
            .map(|slipped| {
                (slipped.team_name.as_str(), slipped.activity.0.as_str(), slipped.late, slipped.left.value())
            })
            .collect();
        assert_eq!(slipped, [("Team 1", "a0", 2, 2.5), ("Team 2", "a0", 2, 5.0)]);
        let ahead: Vec<_> = found.ahead.iter().map(|ahead| (ahead.team.0, ahead.activity.0.as_str())).collect();
        assert_eq!(ahead, [(2, "a3")]);
        let teams: Vec<_> = found.teams.iter().map(|team| (team.team.0, team.behind(), team.slipped)).collect();
        assert_eq!(teams, [(1, 5.0, 1), (2, 0.0, 1)]);
        let later = PlanProgress::new(&planned, &happened, period("2025-Q1")).unwrap();
        let late: Vec<u32> = later.slipped.iter().map(|slipped| slipped.late).collect();
        assert_eq!(late, [4, 4, 2], "the latest first");
    }

    #[test]
    fn what_does_not_count_any_more_is_left_out_of_both_and_counted() {
        let (planned, mut happened) = two_teams();
        let (last, smaller) = (period("2024-Q4"), Arc::new(catalogs::catalog(&[&[1, 1, 2]])));
        happened.push(overview(&catalog(), last, vec![standing(&catalog(), 1, last, &[-1, 100, 0, 0])]));
        let found = PlanProgress::new(&planned, &happened, last).unwrap();
        let expected = LeftOut { not_applicable: 1, gone: 0, of_other_teams: 2, points: Points::whole(15) };
        assert_eq!(found.left_out, expected);
        assert_eq!((found.planned, found.done), (Points::whole(9), 4.0));
        let done: Vec<_> = found.burn_up.iter().map(|point| (point.planned.value(), point.done)).collect();
        let expected = [(0.0, Some(0.0)), (2.0, Some(2.0)), (6.5, Some(4.0)), (9.0, Some(4.0))];
        assert_eq!(done, expected, "in the quarters before as well");

        happened.pop();
        happened.push(overview(&smaller, last, vec![standing(&smaller, 2, last, &[0, 0, 0])]));
        let found = PlanProgress::new(&planned, &happened, last).unwrap();
        assert_eq!((found.left_out.gone, found.left_out.of_other_teams, found.planned), (1, 3, Points::whole(5)));
    }

    #[test]
    fn what_is_taken_back_counts_against_the_plan() {
        let planned = baseline(0.0, 1, vec![(1, vec![item("a0", 50, &["2024-Q2"])])]);
        let happened = history(&catalog(), &[&[(1, &[50, 0, 0, 0])], &[(1, &[-2, 0, 0, 0])]]);
        let found = PlanProgress::new(&planned, &happened, period("2024-Q2")).unwrap();
        assert_eq!(found.burn_up[1].done, Some(-2.5));
        assert_eq!((found.done_share(), found.slipped[0].left), (0.0, Points::whole(5)));
    }

    #[test]
    fn progress_is_measured_from_where_the_plan_was_saved_to_the_target() {
        let at = |before: f64, target: Level, marks: Marks<'_>| {
            let happened = history(&catalog(), &[&[(1, marks)]]);
            let planned = baseline(before, target, vec![(1, vec![])]);
            let found = PlanProgress::new(&planned, &happened, period("2024-Q1")).unwrap();
            assert_eq!(
                found.stages[0],
                StageMeasure { number: StageNumber(1), dimensions: vec![], to_target: 1.0, to_date: None }
            );
            let [stage] = &found.stages[1..] else { panic!() };
            let [dimension] = &stage.dimensions[..] else { panic!() };
            assert_eq!((stage.to_target, stage.to_date), (dimension.to_target, dimension.to_date));
            (dimension.target, dimension.to_target, dimension.to_date)
        };
        // Both of level 1 and one of two of level 2: 1.5.
        assert_eq!(at(0.5, 2, &[100, 100, 100, 0]), (2, 0.75, Some(1.0 / 1.5)));
        assert_eq!(at(1.0, 2, &[100, 0, 0, 0]), (2, 0.25, Some(-0.5)), "it fell");
        assert_eq!(at(0.5, 1, &[100, 100, 100, 0]), (1, 1.0, Some(1.0)), "more than the target is not asked for");
        assert_eq!(at(1.0, 1, &[100, 100, 0, 0]), (1, 1.0, None), "the target was met");
        assert_eq!(at(0.0, 5, &[100, 100, 0, 0]), (2, 0.5, Some(0.5)), "no target above the ceiling");
    }
}
