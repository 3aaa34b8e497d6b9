//! The forecast: from what an organization did in its own past quarters, when it will have done the rest.
//!
//! What is *left* of the stages up to one is Σ effort · (1 − v) over the teams and over the practices of these stages, as
//! [`Roadmap::practices`] has them. What was *done* in a past quarter is by how much that fell, over the teams that had been
//! assessed by the end of the quarter before as well, each with its own targets of today. The practices are those open
//! before or after the quarter, so that only work counts: where a practice is done and no longer pulls its prerequisites
//! into a stage, or an activity stops applying, or a catalog has other ones, less is left but nothing was done. For the same
//! reason an activity counts only where it applied and was asked for in both quarters; efforts are those of the latest
//! catalog. An unanswered activity counts as not done, as in all scores; how much of what was done were first answers is
//! told. A team that was not assessed in a quarter did nothing in it, and everything in the quarter of its next assessment.
//!
//! Then the coming quarters are drawn from the past ones many times, as the module `simulation` says. As in a plan,
//! each team goes on as it did, with the points of all stages that it did in the quarter drawn, stage by stage: teams
//! share no work, so a stage is done when nothing is left of it and of those before it for the last team, and a team
//! that did practices of later stages first did not lose its pace. Where the threshold of the levels is below 100 %, a
//! stage counts as reached sooner. A team that never did anything has no date, nor has then the whole of which it is
//! part.
//!
//! Where a team was not there in a step, it is taken to have done what it did in its other steps on average, if these are at
//! least [`LEAST_STEPS`]; with fewer, what the teams that were there did on average in that step.
//!
//! Whether that has been worth anything in this organization is told by a back-test: the same forecast from each past
//! quarter, against what the same teams did after it, counted stage by stage as well. So it tells how well the pace was
//! foreseen, and not whether the stages were really done in their order.

mod past;
mod simulation;

use std::sync::Arc;

use super::organization::TeamId;
use super::period::Period;
use super::plan::Points;
use super::roadmap::{Roadmap, StageNumber};
use super::spread::FiveNumbers;
use super::standing::Overview;

pub(in crate::domain) use past::Matched;
use past::{Made, Quarter};
pub use past::{Pace, PastQuarter, Step, paces};
use simulation::{Chance, Lot, NOTHING, Start, Ways};

/// How many ways are drawn; fewer for many teams, see `runs`.
pub const RUNS: usize = 2_000;
/// How many ways are drawn at least.
const LEAST_RUNS: usize = 500;
/// How many ways of a team are drawn at most, all teams together, unless there are very many teams.
const MOST_COURSES: usize = 500_000;
/// How many quarters ahead is looked.
pub const HORIZON: usize = 40;
/// How many past steps from quarter to quarter are needed.
pub const LEAST_STEPS: usize = 4;
/// How many quarters ahead the back-test looks.
pub const AHEAD: usize = 4;
/// Where chance begins; the same for everybody, so that the same history gives the same forecast.
const SEED: u64 = 0x0C41_12D0;

/// When each stage will be done, by what was done in the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The quarter from which it looks ahead: the last of the history.
    pub from: Period,
    /// How many teams it is about.
    pub teams: usize,
    /// The quarters of the history, that from which it looks ahead included.
    pub past: Vec<PastQuarter>,
    /// What was done from each of them to the next; what the coming quarters are drawn from.
    pub steps: Vec<Step>,
    /// The stages, in order.
    pub stages: Vec<StageForecast>,
    /// How well the same forecast would have done in the past; `None` when there is too little of it, or nothing was left.
    pub check: Option<BackTest>,
}

/// When one stage will be done.
#[derive(Debug, Clone, PartialEq)]
pub struct StageForecast {
    /// Which.
    pub number: StageNumber,
    /// What is left of it and of those before it.
    pub left: Points,
    /// When nothing is.
    pub done: Done,
    /// What will be left in each coming quarter, up to [`HORIZON`]; empty when nothing is left now.
    pub fan: Vec<FanPoint>,
}

/// When nothing is left of a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Now.
    Already,
    /// By the end of these quarters with a likelihood of 50, 80 and 95 %; `None`: not within [`HORIZON`].
    By {
        /// In half of all ways.
        half: Option<Period>,
        /// In 80 of 100.
        eighty: Option<Period>,
        /// In 95 of 100.
        ninety_five: Option<Period>,
    },
}

/// What will be left at the end of a quarter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FanPoint {
    /// Which.
    pub period: Period,
    /// What is not exceeded in half of the ways.
    pub median: Points,
    /// From what to what in the middle 50 of 100 ways.
    pub half: (Points, Points),
    /// In the middle 80.
    pub eighty: (Points, Points),
    /// In the middle 95.
    pub ninety_five: (Points, Points),
}

/// Why there is no forecast, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoForecast {
    /// Nobody was ever assessed.
    #[error("no team has a submitted assessment yet; submit one in each of {} quarters", LEAST_STEPS + 1)]
    Nothing,
    /// Too few steps.
    #[error("a forecast rests on at least {LEAST_STEPS} steps from one quarter to the next, and there {}", need(*.steps))]
    TooShort {
        /// How many there are.
        steps: usize,
    },
    /// Nothing was done in any of them.
    #[error(
        "nothing was done of any stage in {steps} past quarters, so the past says nothing about when one will be reached; \
         make a plan with a capacity instead"
    )]
    Standstill {
        /// How many there are.
        steps: usize,
    },
}

fn need(steps: usize) -> String {
    let left = LEAST_STEPS.saturating_sub(steps);
    let are = if steps == 1 { "is 1".to_owned() } else { format!("are {steps}") };
    format!("{are}; submit assessments in {left} more {}", if left == 1 { "quarter" } else { "quarters" })
}

/// How a forecast from each past quarter compares with what happened after it.
#[derive(Debug, Clone, PartialEq)]
pub struct BackTest {
    /// From how many quarters a forecast was made.
    pub forecasts: usize,
    /// Over all quarters ahead.
    pub all: Coverage,
    /// One quarter ahead, two quarters, … up to [`AHEAD`], as far as there are any.
    pub ahead: Vec<Coverage>,
}

/// How often what happened was in the range that was forecast. A case is a stage, a quarter from which is looked ahead
/// and one that is looked at; cases of the same quarter are not independent of each other.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Coverage {
    /// How many cases there are.
    pub cases: usize,
    /// In how many of them what was left lay in the range of 50 %.
    pub half: usize,
    /// In that of 80 %.
    pub eighty: usize,
    /// In that of 95 %.
    pub ninety_five: usize,
    /// By how much the median was wrong, either way, in half of the cases: as a share of what was left when the forecast
    /// was made.
    pub median_error: f64,
}

/// The history without its last quarter where that is hardly begun: not even half of its teams were assessed in it. Taken
/// as a whole quarter it would make the past slower than it was.
pub fn settled(history: &[Arc<Overview>]) -> &[Arc<Overview>] {
    match history {
        [before @ .., last] if !before.is_empty() && last.carried().count() * 2 > last.standings.len() => before,
        all => all,
    }
}

/// Looks ahead from the last quarter of a history, which has an overview for each quarter, oldest first. `roadmap_of` gives
/// the stages with the targets that hold for a team, of those that have left as well; `stages` is how many there are.
pub fn forecast<'r>(
    history: &[Arc<Overview>],
    roadmap_of: impl Fn(TeamId) -> &'r Roadmap,
    stages: usize,
) -> Result<Forecast, NoForecast> {
    let (past, steps) = past::past(history, &roadmap_of, stages);
    let now = past.last().filter(|now| now.all.teams > 0).ok_or(NoForecast::Nothing)?;
    let (from, teams) = (now.all.period, now.all.teams);
    let made: Vec<&Made> = steps.iter().collect();
    if now.all.left.iter().any(|left| !left.is_zero()) {
        refuse(&made)?;
    }
    let ways = now.start().ways(&now.lots(&made), runs(teams), HORIZON, &mut Chance::new(SEED));
    let numbered = (1..).map(StageNumber).zip(&now.all.left).enumerate();
    let stages = numbered.map(|(place, (number, left))| {
        let of_stage: Vec<&Ways> = ways.iter().filter_map(|of_quarter| of_quarter.get(place)).collect();
        StageForecast::new(number, *left, from, &of_stage)
    });
    let stages = stages.collect();
    let check = BackTest::of(&past, &steps);
    let past = past.into_iter().map(|quarter| quarter.all).collect();
    let steps = steps.into_iter().map(|made| made.all).collect();
    Ok(Forecast { from, teams, stages, check, past, steps })
}

/// How many ways are drawn for so many teams. Ranges are hardly less exact with fewer, and nobody has to wait.
fn runs(teams: usize) -> usize {
    (MOST_COURSES / teams.max(1)).clamp(LEAST_RUNS, RUNS)
}

fn refuse(steps: &[&Made]) -> Result<(), NoForecast> {
    if steps.len() < LEAST_STEPS {
        return Err(NoForecast::TooShort { steps: steps.len() });
    }
    if steps.iter().flat_map(|made| &made.all.points).all(|points| *points <= 0.0) {
        return Err(NoForecast::Standstill { steps: steps.len() });
    }
    Ok(())
}

impl Quarter {
    fn start(&self) -> Start {
        let values = |points: &[Points]| points.iter().map(|points| points.value()).collect::<Vec<f64>>();
        let mut start = Start::new(self.all.left.len());
        for (_, stand) in &self.teams {
            start.add(&values(&stand.left), &values(&stand.most));
        }
        start
    }

    /// What each of the teams of this quarter did in each of the steps, or would have done where it was not there. Steps
    /// that nobody made are left out.
    fn lots(&self, steps: &[&Made]) -> Vec<Lot> {
        let steps: Vec<&Made> = steps.iter().copied().filter(|made| !made.teams.is_empty()).collect();
        let usual = |team: &TeamId| {
            let own: Vec<f64> = steps.iter().filter_map(|made| made.teams.get(team).copied()).collect();
            (own.len() >= LEAST_STEPS).then(|| own.iter().sum::<f64>() / own.len() as f64)
        };
        let usual: Vec<Option<f64>> = self.teams.iter().map(|(team, _)| usual(team)).collect();
        let lot = |made: &&Made| {
            let others = made.all.points.last().copied().unwrap_or_default() / made.teams.len() as f64;
            let points = self
                .teams
                .iter()
                .zip(&usual)
                .map(|((team, _), usual)| made.teams.get(team).copied().or(*usual).unwrap_or(others));
            points.collect()
        };
        steps.iter().map(lot).collect()
    }
}

impl Forecast {
    /// The stages of which something is left.
    pub fn open(&self) -> impl Iterator<Item = StageNumber> {
        self.stages.iter().filter(|stage| !stage.fan.is_empty()).map(|stage| stage.number)
    }
}

impl StageForecast {
    fn new(number: StageNumber, left: Points, from: Period, ways: &[&Ways]) -> Self {
        if left.is_zero() {
            return Self { number, left, done: Done::Already, fan: Vec::new() };
        }
        let quarters = || std::iter::successors(Some(from.next()), |period| Some(period.next())).zip(ways);
        let by = |share: f64| quarters().find(|(_, ways)| ways.quantile(share) <= NOTHING).map(|(period, _)| period);
        let done = Done::By { half: by(0.5), eighty: by(0.8), ninety_five: by(0.95) };
        Self { number, left, done, fan: quarters().map(|(period, ways)| FanPoint::new(period, ways)).collect() }
    }

    /// The quarter by whose end nothing is left, with these likelihoods in percent.
    pub fn dates(&self) -> [(u8, Option<Period>); 3] {
        match self.done {
            Done::Already => [50, 80, 95].map(|likelihood| (likelihood, None)),
            Done::By { half, eighty, ninety_five } => [(50, half), (80, eighty), (95, ninety_five)],
        }
    }
}

impl FanPoint {
    fn new(period: Period, ways: &Ways) -> Self {
        // The lint would have a checked conversion; `as` saturates, and what is left is never negative.
        let points = |share: f64| Points::hundredths((ways.quantile(share) * 100.0).round() as u64);
        let [half, eighty, ninety_five] =
            [0.5, 0.8, 0.95].map(|share| (points((1.0 - share) / 2.0), points((1.0 + share) / 2.0)));
        Self { period, median: points(0.5), half, eighty, ninety_five }
    }
}

/// One case of a back-test.
struct Case {
    ahead: usize,
    /// Whether what happened was in the ranges of 50, 80 and 95 %.
    is_within: [bool; 3],
    /// How wrong the median was, as a share of what was left.
    error: f64,
}

impl BackTest {
    /// From each past quarter with enough steps before it and one after. What happened is told in the same way as what is
    /// forecast: what was left then, less what was done since, by the same teams and stage by stage.
    fn of(past: &[Quarter], steps: &[Made]) -> Option<Self> {
        let mut cases = Vec::new();
        let mut forecasts = 0;
        for quarter in past {
            let (before, after): (Vec<&Made>, Vec<&Made>) =
                steps.iter().partition(|made| made.all.period <= quarter.all.period);
            if refuse(&before).is_ok() && !after.is_empty() {
                let found = quarter.cases(&quarter.lots(&before), &quarter.lots(&after));
                forecasts += usize::from(!found.is_empty());
                cases.extend(found);
            }
        }
        let of = |ahead: usize| Coverage::of(cases.iter().filter(|case| case.ahead == ahead));
        let ahead = (1..=AHEAD).map(of).filter(|coverage| coverage.cases > 0).collect();
        (!cases.is_empty()).then(|| Self { forecasts, all: Coverage::of(&cases), ahead })
    }
}

impl Quarter {
    /// What is forecast from the steps before against those after.
    fn cases(&self, before: &[Lot], after: &[Lot]) -> Vec<Case> {
        let start = self.start();
        let ahead = AHEAD.min(after.len());
        let ways = start.ways(before, runs(self.all.teams), ahead, &mut Chance::new(SEED));
        let mut way = start.way();
        let mut cases = Vec::new();
        for ((ahead, of_quarter), done) in (1..).zip(&ways).zip(after) {
            for ((ways, left), at_start) in of_quarter.iter().zip(way.follow(done)).zip(&self.all.left) {
                // What was done before is no forecast.
                if !at_start.is_zero() {
                    cases.push(Case::new(ahead, ways, left, at_start.value()));
                }
            }
        }
        cases
    }
}

impl Case {
    fn new(ahead: usize, ways: &Ways, left: f64, at_start: f64) -> Self {
        let is_within = [0.5, 0.8, 0.95].map(|share| {
            let (least, greatest) = (ways.quantile((1.0 - share) / 2.0), ways.quantile((1.0 + share) / 2.0));
            (least - NOTHING..=greatest + NOTHING).contains(&left)
        });
        Self { ahead, is_within, error: (ways.quantile(0.5) - left).abs() / at_start }
    }
}

impl Coverage {
    fn of<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Self {
        let mut coverage = Self::default();
        let mut errors = Vec::new();
        for Case { is_within: [half, eighty, ninety_five], error, .. } in cases {
            coverage.cases += 1;
            coverage.half += usize::from(*half);
            coverage.eighty += usize::from(*eighty);
            coverage.ninety_five += usize::from(*ninety_five);
            errors.push(*error);
        }
        coverage.median_error = FiveNumbers::of(errors).map_or(0.0, |errors| errors.median);
        coverage
    }

    /// The shares of the cases that lay in the ranges of 50, 80 and 95 %, in [0, 1].
    pub fn shares(&self) -> [f64; 3] {
        let cases = self.cases.max(1) as f64;
        [self.half, self.eighty, self.ninety_five].map(|within| within as f64 / cases)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalog::{ActivityId, Catalog, Level, samples as catalogs};
    use crate::domain::roadmap::Stage;
    use crate::domain::standing::samples::{history, overview, standing};

    /// Stages up to these levels.
    fn roadmap(targets: &[Level]) -> Roadmap {
        let stage = |target: &Level| Stage {
            name: format!("to {target}"),
            targets: [("All".to_owned(), *target)].into(),
            ..Stage::default()
        };
        Roadmap::new(targets.iter().map(stage).collect()).unwrap()
    }

    /// One team that has fully implemented so many of ten activities of level 1, each of 5 points, quarter by quarter.
    fn one_team(done: &[usize]) -> Vec<Arc<Overview>> {
        let catalog = Arc::new(catalogs::catalog(&[&[1; 10]]));
        let marks: Vec<Vec<i16>> =
            done.iter().map(|done| (0..10).map(|place| if place < *done { 100 } else { 0 }).collect()).collect();
        let teams: Vec<[(i64, &[i16]); 1]> = marks.iter().map(|marks| [(1, marks.as_slice())]).collect();
        history(&catalog, &teams.iter().map(|teams| &teams[..]).collect::<Vec<_>>())
    }

    fn forecast_of(history: &[Arc<Overview>], targets: &[Level]) -> Result<Forecast, NoForecast> {
        let roadmap = roadmap(targets);
        forecast(history, |_| &roadmap, targets.len())
    }

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn a_constant_pace_gives_one_date() {
        let found = forecast_of(&one_team(&[0, 1, 2, 3, 4]), &[1]).unwrap();
        assert_eq!((found.from, found.teams, found.steps.len()), (period("2025-Q1"), 1, 4));
        let [stage] = &found.stages[..] else { panic!() };
        assert_eq!((stage.number, stage.left), (StageNumber(1), Points::whole(30)));
        let date = Some(period("2026-Q3"));
        assert_eq!(stage.done, Done::By { half: date, eighty: date, ninety_five: date });
        let next = stage.fan[0];
        assert_eq!(next.period, period("2025-Q2"));
        for points in [next.median, next.half.0, next.half.1, next.ninety_five.0, next.ninety_five.1] {
            assert_eq!(points, Points::whole(25));
        }
        assert_eq!(stage.fan.len(), HORIZON);
        let past: Vec<f64> = found.past.iter().map(|quarter| quarter.left[0].value()).collect();
        assert_eq!(past, [50.0, 45.0, 40.0, 35.0, 30.0]);
    }

    #[test]
    fn too_little_of_the_past_is_said_with_what_to_do() {
        let nothing = forecast_of(&[], &[1]).unwrap_err();
        assert_eq!(nothing, NoForecast::Nothing);
        assert!(nothing.to_string().contains("submit one in each of 5 quarters"));
        let short = forecast_of(&one_team(&[0, 1, 2, 3]), &[1]).unwrap_err();
        assert_eq!(short, NoForecast::TooShort { steps: 3 });
        assert!(short.to_string().ends_with("there are 3; submit assessments in 1 more quarter"), "{short}");
        let still = forecast_of(&one_team(&[2, 2, 2, 2, 1]), &[1]).unwrap_err();
        assert_eq!(still, NoForecast::Standstill { steps: 4 });
        assert!(still.to_string().contains("nothing was done of any stage in 4 past quarters"));
    }

    #[test]
    fn a_stage_that_is_done_is_so_now_however_short_the_past() {
        let found = forecast_of(&one_team(&[10]), &[1]).unwrap();
        assert_eq!((found.stages[0].done, found.stages[0].fan.len()), (Done::Already, 0));
        assert_eq!(found.check, None);
    }

    #[test]
    fn a_stage_that_nobody_works_on_is_beyond_the_horizon() {
        let catalog = Arc::new(catalogs::catalog(&[&[1, 1, 1, 1, 1, 2]]));
        let marks = [0, 1, 2, 3, 4].map(|done| (0..6).map(|i| if i < done { 100 } else { 0 }).collect::<Vec<i16>>());
        let teams: Vec<[(i64, &[i16]); 1]> = marks.iter().map(|marks| [(1, marks.as_slice())]).collect();
        let all = history(&catalog, &teams.iter().map(|teams| &teams[..]).collect::<Vec<_>>());
        let found = forecast_of(&all, &[1, 2]).unwrap();
        assert_eq!(found.stages[0].dates().map(|(_, date)| date), [Some(period("2025-Q2")); 3]);
        // What was done of the first stage is all that ever was done, and the second needs two quarters of that.
        assert_eq!(found.stages[1].dates().map(|(_, date)| date), [Some(period("2025-Q3")); 3]);
    }

    #[test]
    fn teams_count_where_they_are_in_both_quarters_and_a_step_is_taken_per_team() {
        let catalog = Arc::new(catalogs::catalog(&[&[1, 1, 1, 1, 1, 1, 1]]));
        let done = |n: usize| (0..7).map(|i| if i < n { 100 } else { 0 }).collect::<Vec<i16>>();
        let (none, one, two, three, four) = (done(0), done(1), done(2), done(3), done(4));
        let all = history(
            &catalog,
            &[
                &[(1, &none)],
                &[(1, &one)],
                // Another one joins, with much done that was not done here.
                &[(1, &two), (2, &three)],
                &[(1, &three), (2, &four)],
                // And one leaves.
                &[(2, &[100, 100, 100, 100, 100, 0, 0])],
            ],
        );
        let found = forecast_of(&all, &[1]).unwrap();
        let steps: Vec<_> = found.steps.iter().map(|step| (step.teams, step.points[0])).collect();
        assert_eq!(steps, [(1, 5.0), (1, 5.0), (2, 10.0), (1, 5.0)]);
        assert_eq!(found.past[3].teams, 2);
        assert_eq!(found.stages[0].left, Points::whole(10));
        assert_eq!(found.stages[0].dates().map(|(_, date)| date), [Some(period("2025-Q3")); 3], "5 points per team");
    }

    /// Teams that have fully implemented so many of ten activities of level 1, each of 5 points, by quarter.
    fn teams_at_work(done: &[&[usize]]) -> Vec<Arc<Overview>> {
        let catalog = Arc::new(catalogs::catalog(&[&[1; 10]]));
        let marks = |done: usize| (0..10).map(|place| if place < done { 100 } else { 0 }).collect::<Vec<i16>>();
        let of_quarters: Vec<Vec<Vec<i16>>> =
            done.iter().map(|of_teams| of_teams.iter().map(|done| marks(*done)).collect()).collect();
        let numbered: Vec<Vec<(i64, &[i16])>> =
            of_quarters.iter().map(|of_teams| (1..).zip(of_teams.iter().map(Vec::as_slice)).collect()).collect();
        history(&catalog, &numbered.iter().map(Vec::as_slice).collect::<Vec<_>>())
    }

    #[test]
    fn the_whole_is_done_when_its_slowest_team_is() {
        // The first has 5 of its 10 left and does one in a quarter; the second does two and is done at once.
        let found = forecast_of(&teams_at_work(&[&[1, 0], &[2, 2], &[3, 4], &[4, 6], &[5, 8]]), &[1]).unwrap();
        assert_eq!(found.stages[0].left, Points::whole(35));
        assert_eq!(found.stages[0].dates().map(|(_, date)| date), [Some(period("2026-Q2")); 3]);
        let fan: Vec<Points> = found.stages[0].fan.iter().take(6).map(|point| point.median).collect();
        assert_eq!(fan, [20, 15, 10, 5, 0, 0].map(Points::whole));
        // One that never does anything holds up all.
        let found = forecast_of(&teams_at_work(&[&[1, 0], &[1, 2], &[1, 4], &[1, 6], &[1, 8]]), &[1]).unwrap();
        assert_eq!(found.stages[0].dates().map(|(_, date)| date), [None; 3]);
    }

    #[test]
    fn a_team_that_was_not_there_goes_on_as_it_usually_does_or_as_the_others_did() {
        let done = |steps: &[Made], teams: &[i64]| {
            let stand = |team: &i64| (TeamId(*team), Rc::new(past::Stand { left: Vec::new(), most: Vec::new() }));
            let all = PastQuarter { period: period("2025-Q1"), teams: teams.len(), left: Vec::new() };
            let quarter = Quarter { all, teams: teams.iter().map(stand).collect() };
            let lots = quarter.lots(&steps.iter().collect::<Vec<_>>());
            lots.iter().map(|lot| lot.to_vec()).collect::<Vec<_>>()
        };
        let step = |of_teams: &[(i64, f64)]| {
            let points = vec![of_teams.iter().map(|of| of.1).sum()];
            let all = Step { period: period("2025-Q1"), teams: of_teams.len(), points, first_answers: 0.0 };
            Made { all, teams: of_teams.iter().map(|(team, points)| (TeamId(*team), *points)).collect() }
        };
        let steps = [
            step(&[(1, 1.0), (9, 5.0)]),
            step(&[(1, 2.0), (9, 0.0)]),
            step(&[]),
            step(&[(1, 3.0), (9, 3.0)]),
            step(&[(1, 6.0), (2, 4.0)]),
            step(&[(2, 7.0)]),
        ];
        // The first has four steps of its own, 3 points on average; the second has two, and the third has none.
        let expected = [[1.0, 3.0, 3.0], [2.0, 1.0, 1.0], [3.0, 3.0, 3.0], [6.0, 4.0, 5.0], [3.0, 7.0, 7.0]];
        assert_eq!(done(&steps, &[1, 2, 3]), expected.map(|of| of.to_vec()));
    }

    #[test]
    fn a_team_that_did_later_stages_first_keeps_its_pace() {
        let catalog = Arc::new(catalogs::catalog(&[&[1, 1, 1, 1, 2, 2, 2, 2]]));
        let marks =
            [0, 1, 2, 3, 4].map(|done| (0..8).map(|i| if i >= 8 - done { 100 } else { 0 }).collect::<Vec<i16>>());
        let teams: Vec<[(i64, &[i16]); 1]> = marks.iter().map(|marks| [(1, marks.as_slice())]).collect();
        let all = history(&catalog, &teams.iter().map(|teams| &teams[..]).collect::<Vec<_>>());
        let found = forecast_of(&all, &[1, 2]).unwrap();
        assert_eq!(found.steps[0].points[0], 0.0, "nothing of the first stage");
        for stage in &found.stages {
            assert_eq!(stage.dates().map(|(_, date)| date), [Some(period("2026-Q1")); 3]);
        }
    }

    #[test]
    fn fewer_ways_are_drawn_for_very_many_teams() {
        assert_eq!([0, 1, 250, 500, 1_000, 5_000].map(runs), [2_000, 2_000, 2_000, 1_000, 500, 500]);
    }

    #[test]
    fn only_work_is_progress() {
        let mut content = catalogs::content(&[&[1, 1, 1, 3]]);
        // The first needs the last, which is beyond the stage otherwise.
        content.dimensions[0].sub_dimensions[0].activities[0].depends_on = vec![ActivityId("a3".into())];
        let catalog = Arc::new(Catalog::new(content.clone()).unwrap());
        let all = history(
            &catalog,
            &[
                &[(1, &[50, 0, 0, 0])],
                // The first is done, and what it needs is not of the stage any more: half an activity was done.
                &[(1, &[100, 0, 0, 0])],
                // The second does not apply any more.
                &[(1, &[100, -1, 0, 0])],
                // It applies again and is done; what it was in between is unknown.
                &[(1, &[100, 100, 0, 0])],
                // What was done is taken back.
                &[(1, &[50, 100, 0, 0])],
            ],
        );
        let points = |history: &[Arc<Overview>]| {
            let (_, steps) = past::past(history, &|_| ROADMAP.get_or_init(|| roadmap(&[1])), 1);
            steps.into_iter().map(|made| (made.all.points[0], made.all.first_answers)).collect::<Vec<_>>()
        };
        static ROADMAP: std::sync::OnceLock<Roadmap> = std::sync::OnceLock::new();
        assert_eq!(points(&all), [(2.5, 0.0), (0.0, 0.0), (0.0, 0.0), (-2.5, 0.0)]);

        // Another catalog asks for one more, and an unanswered one gets its first answer.
        content.dimensions[0].sub_dimensions[0].activities.push(catalogs::activity("a4", 1));
        let newer = Arc::new(Catalog::new(content).unwrap());
        let (first, second) = (period("2024-Q1"), period("2024-Q2"));
        let before = overview(&catalog, first, vec![standing(&catalog, 1, first, &[100, -2, 0, 0])]);
        let after = overview(&newer, second, vec![standing(&newer, 1, second, &[100, 50, 0, 0, 100])]);
        assert_eq!(points(&[before, after]), [(2.5, 2.5)]);
    }

    #[test]
    fn a_quarter_that_is_hardly_begun_is_not_counted() {
        let catalog = Arc::new(catalogs::catalog(&[&[1, 1]]));
        let (none, one): (&[i16], &[i16]) = (&[0, 0], &[100, 0]);
        let all = history(&catalog, &[&[(1, none), (2, none), (3, none)], &[(1, one), (2, none), (3, none)]]);
        assert_eq!(settled(&all).len(), 1);
        let all = history(&catalog, &[&[(1, none), (2, none)], &[(1, one), (2, none)]]);
        assert_eq!(settled(&all).len(), 2);
        assert_eq!((settled(&[]).len(), settled(&all[..1]).len()), (0, 1));
    }

    #[test]
    fn the_past_is_asked_what_the_forecast_would_have_been_worth() {
        // One is done in each quarter, then two, then one again.
        let found = forecast_of(&one_team(&[0, 1, 2, 3, 4, 6, 7]), &[1]).unwrap();
        let check = found.check.unwrap();
        // From the fifth quarter 5 points are certain: the one ahead is wrong by 5 of 30 points, and the next one by as
        // much. From the sixth, 5 points in four of five ways: right, and in all ranges.
        assert_eq!(check.forecasts, 2);
        let Coverage { cases, half, eighty, ninety_five, median_error } = check.all;
        assert_eq!((cases, half, eighty, ninety_five), (3, 1, 1, 1));
        assert!((median_error - 5.0 / 30.0).abs() < 1e-9);
        let ahead: Vec<_> = check.ahead.iter().map(|ahead| (ahead.cases, ahead.half)).collect();
        assert_eq!(ahead, [(2, 1), (1, 0)]);
        assert_eq!(check.ahead[0].shares(), [0.5; 3]);
        let short = forecast_of(&one_team(&[0, 1, 2, 3, 4]), &[1]).unwrap();
        assert_eq!(short.check, None);
    }

    #[test]
    fn a_pace_is_the_median_of_what_rose_spread_over_the_quarters_between() {
        let catalog = Arc::new(catalogs::catalog(&[&[1, 1, 1, 4]]));
        let all = history(
            &catalog,
            &[
                &[(1, &[0, 0, 0, 0]), (2, &[0, 0, 0, 0])],
                // All activities count, also those of no stage; what fell does not.
                &[(1, &[0, 50, 0, 100]), (2, &[0, 0, 0, 0])],
                &[(1, &[0, 0, 100, 100]), (2, &[100, 0, 0, 0])],
                &[(1, &[-1, 20, 100, 100]), (3, &[0, 0, 0, 0]), (2, &[100, 100, 0, 0])],
            ],
        );
        let found = paces(&all);
        let shown: Vec<_> = found.iter().map(|pace| (pace.team.0, pace.estimate)).collect();
        let points: Vec<Vec<f64>> =
            found.iter().map(|pace| pace.quarters.iter().map(|quarter| quarter.1).collect()).collect();
        assert_eq!(points, [vec![7.5, 5.0, 1.0], vec![], vec![2.5, 2.5, 5.0]]);
        let half = |n: u64| Some(Points::hundredths(n * 50));
        assert_eq!(shown, [(1, half(10)), (3, None), (2, half(5))]);
        assert_eq!(found[2].quarters[0].0, period("2024-Q2"));
        assert!(paces(&[]).is_empty());
    }

    proptest! {
        // Each draws thousands of ways.
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn dates_and_ranges_never_cross_and_the_same_past_gives_the_same(
            marks in prop::collection::vec(prop::collection::vec(0..=5_i16, 8), 5..9)
        ) {
            let catalog = Arc::new(catalogs::catalog(&[&[1, 1, 2, 2], &[3, 3, 3, 1]]));
            let marks: Vec<Vec<i16>> =
                marks.into_iter().map(|of| of.into_iter().map(|mark| mark * 20).collect()).collect();
            let teams: Vec<[(i64, &[i16]); 1]> = marks.iter().map(|marks| [(1, marks.as_slice())]).collect();
            let all = history(&catalog, &teams.iter().map(|teams| &teams[..]).collect::<Vec<_>>());
            let found = forecast_of(&all, &[1, 2, 3]);
            prop_assert_eq!(&found, &forecast_of(&all, &[1, 2, 3]));
            let Ok(found) = found else { return Ok(()) };
            let beyond = |date: Option<Period>| date.map_or((1, found.from), |date| (0, date));
            let mut before = [(0, found.from); 3];
            for stage in &found.stages {
                let dates = match stage.done { Done::Already => [(0, found.from); 3], _ => stage.dates().map(|d| beyond(d.1)) };
                prop_assert!(dates.is_sorted(), "{dates:?}");
                prop_assert!(before.iter().zip(&dates).all(|(before, date)| before <= date));
                before = dates;
                for point in &stage.fan {
                    let edges = [
                        point.ninety_five.0, point.eighty.0, point.half.0, point.median,
                        point.half.1, point.eighty.1, point.ninety_five.1,
                    ];
                    prop_assert!(edges.is_sorted());
                }
            }
            if let Some(check) = &found.check {
                for coverage in check.ahead.iter().chain([&check.all]) {
                    prop_assert!(coverage.half <= coverage.eighty && coverage.eighty <= coverage.ninety_five);
                    prop_assert!(coverage.ninety_five <= coverage.cases);
                }
            }
        }

        #[test]
        fn no_team_has_a_later_date_than_the_whole(
            done in prop::collection::vec((0..=10_usize, 0..=10_usize), 5..8)
        ) {
            let quarters: Vec<[usize; 2]> = done.iter().map(|(one, other)| [*one, *other]).collect();
            let all = teams_at_work(&quarters.iter().map(|of| &of[..]).collect::<Vec<_>>());
            let dates = |found: &Forecast| found.stages[0].dates().map(|(_, date)| date.map_or((1, found.from), |date| (0, date)));
            let Ok(together) = forecast_of(&all, &[1]) else { return Ok(()) };
            for team in [0, 1] {
                let own = one_team(&quarters.iter().map(|of| of[team]).collect::<Vec<_>>());
                let Ok(alone) = forecast_of(&own, &[1]) else { continue };
                if alone.stages[0].done != Done::Already {
                    prop_assert!(dates(&alone).iter().zip(&dates(&together)).all(|(alone, together)| alone <= together));
                }
            }
        }
    }
}
