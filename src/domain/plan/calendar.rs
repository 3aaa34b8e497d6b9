//! A plan by its quarters: what is worked on in each, by how many teams, and how much of what they can do it takes.

use std::collections::BTreeMap;

use super::{Item, Plan, PlanInput, Points, TeamPlan};
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
    /// The whole of it.
    pub item: &'a Item,
}

impl PlannedRow<'_> {
    /// How many teams finish it in a quarter.
    pub fn finishing(&self, period: Period) -> usize {
        self.teams.iter().filter(|work| work.until == period).count()
    }
}

impl Plan {
    /// The quarters from the first to the last in which there is work.
    pub fn calendar(&self, input: &PlanInput) -> Vec<PlannedQuarter<'_>> {
        let mut rows: BTreeMap<Period, BTreeMap<ActivityIndex, Vec<Placed<'_>>>> = BTreeMap::new();
        for (period, placed) in self.teams.iter().flat_map(placed) {
            rows.entry(period).or_default().entry(placed.work.item.activity).or_default().push(placed);
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

/// What one team does for a practice in a quarter, with the place of the practice in the team's plan.
struct Placed<'a> {
    place: usize,
    work: PlannedWork<'a>,
}

/// Everything that a team does, with the quarters in which it does it.
fn placed(team: &TeamPlan) -> impl Iterator<Item = (Period, Placed<'_>)> {
    team.items.iter().enumerate().flat_map(move |(place, item)| {
        item.work.iter().filter_map(move |&(period, work)| {
            let (is_continued, until) = (item.from()? < period, item.until()?);
            let work = PlannedWork { team: team.team, name: &team.name, work, is_continued, until, item };
            Some((period, Placed { place, work }))
        })
    })
}

/// The row of an activity, with its usual place in the plans of the teams: the median.
fn row((activity, placed): (ActivityIndex, Vec<Placed<'_>>)) -> Option<(usize, PlannedRow<'_>)> {
    let stage = placed.iter().map(|placed| placed.work.item.stage).min()?;
    let work = placed.iter().map(|placed| placed.work.work).sum();
    let mut places: Vec<usize> = placed.iter().map(|placed| placed.place).collect();
    places.sort_unstable();
    let place = places.get(places.len() / 2).copied()?;
    let teams = placed.into_iter().map(|placed| placed.work).collect();
    Some((place, PlannedRow { activity, stage, teams, work }))
}
