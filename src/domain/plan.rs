//! Plans: the practices of the stages, placed into quarters under the capacity of each team.
//!
//! A plan is made of what is decided ([`PlanInput`]) and of where the teams stand. The order inside a
//! stage is that of [`order`], which brings usefulness early; [`schedule`] fills the quarters, and
//! [`feasibility`] says what would help where a date is not met.

pub mod calendar;
pub mod comparison;
pub mod decision;
pub mod entry;
pub mod feasibility;
pub mod listing;
pub mod order;
pub mod practice;
pub mod progress;
pub mod projection;
#[cfg(test)]
mod samples;
pub mod saved;
pub mod schedule;
pub mod seen;

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

use super::answer::{Mark, Sheet};
use super::catalog::{Activity, ActivityIndex, Catalog, Level};
use super::organization::TeamId;
use super::period::Period;
use super::roadmap::{Roadmap, StageNumber};
use super::scoring::Measure;

pub use decision::{Capacity, Course, PlanFault, PlanInput};

/// Effort points, kept in hundredths, so that sums are exact. The effort of an activity is the sum of its
/// three difficulties, 3 to 15 points; what a team can do in a quarter is counted in the same points.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(u64);

impl Points {
    /// None.
    pub const ZERO: Self = Self(0);

    /// Whole points.
    pub fn whole(points: u32) -> Self {
        Self(u64::from(points) * 100)
    }

    /// So many hundredths of a point.
    pub const fn hundredths(hundredths: u64) -> Self {
        Self(hundredths)
    }

    /// What is left of an activity: effort · (1 − v). Nothing where it does not apply.
    pub fn remaining(activity: &Activity, mark: Mark) -> Self {
        let left = match mark {
            Mark::NotApplicable => 0,
            Mark::Unanswered => 100,
            Mark::Worth(percent) => 100_u64.saturating_sub(u64::from(percent)),
        };
        Self(u64::from(activity.difficulty.effort()) * left)
    }

    /// The hundredths.
    pub fn in_hundredths(self) -> u64 {
        self.0
    }

    /// As a number of points.
    pub fn value(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// Less by some, but not below none.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// Whether there is none.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl Add for Points {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Points {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.saturating_sub(other)
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl std::iter::Sum for Points {
    fn sum<I: Iterator<Item = Self>>(points: I) -> Self {
        points.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Points {
    /// Without digits that say nothing: `12`, `7.5`, `0.75`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}"),
            rest if rest % 10 == 0 => write!(f, "{whole}.{}", rest / 10),
            rest => write!(f, "{whole}.{rest:02}"),
        }
    }
}

/// A team as a planner sees it.
#[derive(Debug, Clone, Copy)]
pub struct PlannedTeam<'a> {
    /// Which.
    pub team: TeamId,
    /// Its name.
    pub name: &'a str,
    /// Where it stands, in the order of the catalog.
    pub sheet: &'a Sheet,
    /// The stages with the targets that hold for it, what the plan itself changes about them included.
    pub roadmap: &'a Roadmap,
}

/// The practices of some teams in quarters.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The first quarter.
    pub start: Period,
    /// The teams, in the order in which they were given.
    pub teams: Vec<TeamPlan>,
}

/// What one team does when.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamPlan {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// What it does, in the order in which it is finished.
    pub items: Vec<Item>,
    /// What another team provides for it.
    pub provided: Vec<Provided>,
    /// What its stages ask for and the plan leaves out.
    pub excluded: Vec<(ActivityIndex, StageNumber)>,
}

/// A practice in a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The activity.
    pub activity: ActivityIndex,
    /// The stage that it is a practice of.
    pub stage: StageNumber,
    /// The work that is left of it.
    pub effort: Points,
    /// The usefulness of the activity, 1 to 5.
    pub usefulness: u8,
    /// How far it was when this was planned, v(a) in [0, 1].
    pub progress: f64,
    /// The work in each quarter that it is worked on, in order; never empty.
    pub work: Vec<(Period, Points)>,
    /// Why it is there, and why then.
    pub because: Because,
}

impl Item {
    /// The quarter in which it is begun.
    pub fn from(&self) -> Option<Period> {
        self.work.first().map(|(period, _)| *period)
    }

    /// The quarter in which it is finished.
    pub fn until(&self) -> Option<Period> {
        self.work.last().map(|(period, _)| *period)
    }
}

/// An activity that another team provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provided {
    /// The activity.
    pub activity: ActivityIndex,
    /// The stage that asks for it.
    pub stage: StageNumber,
    /// By whom.
    pub by: TeamId,
    /// The quarter in which that team finishes it; `None`: it has done so already.
    pub ready: Option<Period>,
}

/// Why a practice is in a plan, and why then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    /// Why at all.
    pub there: There,
    /// Why then.
    pub then: Then,
    /// What it could not begin before, and what that was finished in; the latest of these.
    pub after: Option<(ActivityIndex, Period)>,
}

/// Why a practice is one of its stage's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum There {
    /// The stage asks for this level in the dimension.
    Target(Level),
    /// These practices of the stage need it; never empty.
    NeededBy(Vec<ActivityIndex>),
}

/// Why a practice comes when it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// A person put it there.
    Locked,
    /// It has to be finished for one that a person put into a quarter.
    ForLocked(ActivityIndex, Period),
    /// It brings more for its work than all else that could be begun.
    Worth,
    /// With what it opens the way for, these practices, it brings more for the work than all else; never empty.
    Opens(Vec<ActivityIndex>),
}

impl Plan {
    /// The last quarter in which somebody works; `None` when there is nothing to do.
    pub fn end(&self) -> Option<Period> {
        self.items().filter_map(|(_, item)| item.until()).max()
    }

    /// Everything that is done, team by team.
    pub fn items(&self) -> impl Iterator<Item = (&TeamPlan, &Item)> {
        self.teams.iter().flat_map(|team| team.items.iter().map(move |item| (team, item)))
    }

    /// The quarters from the first to the last.
    pub fn quarters(&self) -> Vec<Period> {
        // Asked for once: it goes through all items.
        let end = self.end().unwrap_or(self.start).max(self.start);
        let quarters = std::iter::successors(Some(self.start), |period| Some(period.next()));
        quarters.take_while(|period| *period <= end).collect()
    }

    /// When work on a stage begins, and when it and all stages before it are finished, over all teams. A stage with no
    /// work of its own begins when those before it are finished; `None` when nothing is left of any of them.
    pub fn span(&self, stage: StageNumber) -> Option<(Period, Period)> {
        let own = self.items().map(|(_, item)| item).filter(|item| item.stage == stage);
        let provided = self.teams.iter().flat_map(|team| &team.provided).filter(|provided| provided.stage == stage);
        let ready = provided.filter_map(|provided| provided.ready).max();
        let end = self.teams.iter().filter_map(|team| team.end_of(stage)).max()?;
        Some((own.filter_map(Item::from).min().or(ready).unwrap_or(end), end))
    }
}

impl TeamPlan {
    /// The quarter in which the team is finished with a stage and all before it; `None`: nothing is left to do.
    pub fn end_of(&self, stage: StageNumber) -> Option<Period> {
        let items = self.items.iter().filter(|item| item.stage <= stage).filter_map(Item::until);
        let provided = self.provided.iter().filter(|provided| provided.stage <= stage);
        items.chain(provided.filter_map(|provided| provided.ready)).max()
    }

    /// What the team's marks are when everything up to the end of a quarter has been done as planned.
    pub fn projected(&self, sheet: &Sheet, until: Period) -> Sheet {
        let done = self.items.iter().filter(|item| item.until().is_some_and(|last| last <= until));
        let ready = self.provided.iter().filter(|provided| provided.ready.is_none_or(|ready| ready <= until));
        let activities = done.map(|item| item.activity).chain(ready.map(|provided| provided.activity));
        sheet.with(activities.map(|activity| (activity, Mark::Worth(100))))
    }
}

impl Item {
    /// In one or two sentences: why it is there and why then. `stage` is the name of its stage.
    pub fn reason(&self, catalog: &Catalog, stage: &str) -> String {
        let name = |index: &ActivityIndex| format!("“{}”", catalog.activity(*index).name);
        let names = |all: &[ActivityIndex]| match all {
            [] => String::new(),
            [one] => name(one),
            [one, two] => format!("{} and {}", name(one), name(two)),
            [one, two, rest @ ..] => format!("{}, {} and {} more", name(one), name(two), rest.len()),
        };
        let there = match &self.because.there {
            There::Target(level) => {
                let dimension = catalog.home(self.activity).map_or("this dimension", |home| &home.dimension.name);
                format!("{stage} asks for level {level} of {dimension}")
            }
            There::NeededBy(practices) => {
                let need = if practices.len() == 1 { "needs" } else { "need" };
                format!("{} of {stage} {need} it", names(practices))
            }
        };
        let bring = format!("usefulness {} for {} points", self.usefulness, self.effort);
        let then = match &self.because.then {
            Then::Locked => "locked to this quarter".to_owned(),
            Then::ForLocked(locked, period) => format!("{}, locked to {period}, needs it before", name(locked)),
            Then::Worth => format!("{bring}, the most that can begin"),
            Then::Opens(practices) => {
                format!("{bring}, and it opens the way for {}: together the most that can begin", names(practices))
            }
        };
        let after = match &self.because.after {
            Some((needed, period)) => format!(" Waits for {}, finished in {period}.", name(needed)),
            None => String::new(),
        };
        format!("{there}. Now: {then}.{after}")
    }
}

/// The work that is left of a team's practices of all stages up to one.
pub fn work_left(catalog: &Catalog, team: &PlannedTeam<'_>, up_to: StageNumber) -> Points {
    let practices = team.roadmap.practices(catalog, |index| Measure::from(team.sheet.mark(index)).is_open());
    let of_stages = catalog.activities().zip(practices).filter(|(_, stage)| stage.is_some_and(|stage| stage <= up_to));
    of_stages.map(|((index, activity), _)| Points::remaining(activity, team.sheet.mark(index))).sum()
}
