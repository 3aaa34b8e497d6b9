//! A plan by its quarters: what is worked on in each, by how many teams, and how much of what they can do it takes.

use std::collections::BTreeMap;

use super::{Because, Plan, PlanInput, Points, TeamPlan};
use crate::domain::catalog::ActivityIndex;
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::roadmap::StageNumber;

/// One quarter of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedQuarter<'a> {
    /// Which.
    pub period: Period,
    /// What is worked on, by stage and then in the order in which most teams come to it.
    pub rows: Vec<PlannedRow<'a>>,
    /// The work of all of it.
    pub work: Points,
    /// What the teams of the plan can do.
    pub capacity: Points,
}

/// A practice in one quarter.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedRow<'a> {
    /// The activity.
    pub activity: ActivityIndex,
    /// The first stage that asks any of the teams for it.
    pub stage: StageNumber,
    /// The teams that work on it, in the order of the plan; never empty.
    pub teams: Vec<PlannedWork<'a>>,
    /// The work of all of them in this quarter.
    pub work: Points,
}

/// What one team does for a practice in one quarter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlannedWork<'a> {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: &'a str,
    /// The work in this quarter.
    pub work: Points,
    /// Whether it was begun in an earlier quarter.
    pub is_continued: bool,
    /// The quarter in which it is finished.
    pub until: Period,
    /// Why it is there, and why then.
    pub because: &'a Because,
}

impl PlannedRow<'_> {
    /// The quarter in which the last of the teams finishes it.
    pub fn until(&self) -> Option<Period> {
        self.teams.iter().map(|work| work.until).max()
    }

    /// How many teams finish it in a quarter.
    pub fn finishing(&self, period: Period) -> usize {
        self.teams.iter().filter(|work| work.until == period).count()
    }
}

impl Plan {
    /// The quarters from the first to the last in which there is work.
    pub fn calendar(&self, input: &PlanInput) -> Vec<PlannedQuarter<'_>> {
        let mut rows: BTreeMap<Period, BTreeMap<ActivityIndex, Vec<Placed<'_>>>> = BTreeMap::new();
        for team in &self.teams {
            for (place, work) in works(team) {
                let of_quarter = rows.entry(work.0).or_default();
                of_quarter.entry(work.1.activity).or_default().push(Placed {
                    place,
                    stage: work.1.stage,
                    work: work.1.work,
                });
            }
        }
        let quarter = |period: Period| {
            let mut found: Vec<(usize, PlannedRow<'_>)> =
                rows.remove(&period).unwrap_or_default().into_iter().filter_map(row).collect();
            found.sort_by_key(|(place, row)| (row.stage, *place, row.activity));
            let rows: Vec<PlannedRow<'_>> = found.into_iter().map(|(_, row)| row).collect();
            let work = rows.iter().map(|row| row.work).sum();
            let capacity = self.teams.iter().map(|team| input.capacity.of(team.team, period)).sum();
            PlannedQuarter { period, rows, work, capacity }
        };
        if self.end().is_none() { Vec::new() } else { self.quarters().into_iter().map(quarter).collect() }
    }
}

/// What one team does for a practice, with its place in the team's plan.
struct Placed<'a> {
    place: usize,
    stage: StageNumber,
    work: PlannedWork<'a>,
}

/// An activity that a team works on in a quarter.
struct Worked<'a> {
    activity: ActivityIndex,
    stage: StageNumber,
    work: PlannedWork<'a>,
}

fn works(team: &TeamPlan) -> impl Iterator<Item = (usize, (Period, Worked<'_>))> {
    team.items.iter().enumerate().flat_map(move |(place, item)| {
        item.work.iter().filter_map(move |&(period, points)| {
            let work = PlannedWork {
                team: team.team,
                name: &team.name,
                work: points,
                is_continued: item.from()? < period,
                until: item.until()?,
                because: &item.because,
            };
            Some((place, (period, Worked { activity: item.activity, stage: item.stage, work })))
        })
    })
}

/// The row of an activity, with its usual place in the plans of the teams: the median.
fn row((activity, mut placed): (ActivityIndex, Vec<Placed<'_>>)) -> Option<(usize, PlannedRow<'_>)> {
    let stage = placed.iter().map(|placed| placed.stage).min()?;
    let work = placed.iter().map(|placed| placed.work.work).sum();
    let mut places: Vec<usize> = placed.iter().map(|placed| placed.place).collect();
    places.sort_unstable();
    let place = places.get(places.len() / 2).copied()?;
    let teams = placed.drain(..).map(|placed| placed.work).collect();
    Some((place, PlannedRow { activity, stage, teams, work }))
}
