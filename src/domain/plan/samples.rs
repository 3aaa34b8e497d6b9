//! Small catalogs, teams and inputs for the tests of planning.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

use super::decision::{Capacity, Course, PlanInput};
use super::{PlannedTeam, Points};
use crate::domain::answer::{Mark, Sheet};
use crate::domain::catalog::{
    ActivityId, Catalog, Content, Difficulty, DimensionContent, Level, SubDimensionContent, samples,
};
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, Stage};
use crate::domain::scale::ProgressScale;

pub(super) const START: &str = "2026-Q4";

pub(super) fn period(text: &str) -> Period {
    text.parse().unwrap()
}

pub(super) fn quarter(number: u32) -> Period {
    (0..number).fold(period(START), |period, _| period.next())
}

pub(super) fn roadmap(targets: &[Level]) -> Roadmap {
    let stage = |(number, target): (usize, &Level)| Stage {
        name: format!("stage {}", number + 1),
        targets: ["All", "Rest"].map(|dimension| (dimension.to_owned(), *target)).into(),
        ..Stage::default()
    };
    Roadmap::new(targets.iter().enumerate().map(stage).collect()).unwrap()
}

/// A catalog of activities with level, usefulness and prerequisites; each takes 5 points.
pub(super) fn catalog(activities: &[(Level, u8, &[usize])]) -> Catalog {
    let levels: Vec<Level> = activities.iter().map(|activity| activity.0).collect();
    let mut content = samples::content(&[&levels]);
    for (activity, (_, usefulness, needs)) in content.activities_mut().zip(activities) {
        activity.usefulness = *usefulness;
        activity.depends_on = needs.iter().map(|needed| ActivityId(format!("a{needed}"))).collect();
    }
    Catalog::new(content).unwrap()
}

pub(super) fn id(number: usize) -> ActivityId {
    ActivityId(format!("a{number}"))
}

pub(super) fn sheet(catalog: &Catalog, done: &[usize]) -> Sheet {
    let none = Sheet::new(catalog, &ProgressScale::default(), []);
    let done = done.iter().map(|&number| (catalog.find(&id(number)).unwrap(), Mark::Worth(100)));
    none.with(done)
}

pub(super) fn input(each: u32) -> PlanInput {
    PlanInput {
        start: period(START),
        capacity: Capacity { each: Points::whole(each), exceptions: BTreeMap::new() },
        targets: BTreeMap::new(),
        wishes: BTreeMap::new(),
        left_out: BTreeSet::new(),
        decisions: BTreeMap::new(),
    }
}

pub(super) fn decide(input: &mut PlanInput, activity: usize, team: Option<i64>, course: Course) {
    input.decisions.insert((id(activity), team.map(TeamId)), course);
}

/// Teams that have done nothing but some activities.
pub(super) struct Teams(pub(super) Roadmap, Vec<(String, Sheet)>);

impl Teams {
    pub(super) fn new(catalog: &Catalog, roadmap: Roadmap, done: &[(&str, &[usize])]) -> Self {
        Self(roadmap, done.iter().map(|(name, done)| ((*name).to_owned(), sheet(catalog, done))).collect())
    }

    pub(super) fn planned(&self) -> Vec<PlannedTeam<'_>> {
        let teams = (1..).map(TeamId).zip(&self.1);
        teams.map(|(team, (name, sheet))| PlannedTeam { team, name, sheet, roadmap: &self.0 }).collect()
    }
}

/// A catalog whose activities need some of those before them, and the marks of some teams.
pub(super) fn drawn(teams: usize) -> impl Strategy<Value = (Catalog, Vec<Sheet>)> {
    let marks = prop::sample::select(vec![
        Mark::Worth(0),
        Mark::Unanswered,
        Mark::Worth(20),
        Mark::Worth(50),
        Mark::Worth(100),
        Mark::NotApplicable,
    ]);
    let activity = (1u8..=5, [1u8..=5, 1..=5, 1..=5], 1u8..=5, prop::collection::vec(any::<Index>(), 0..3));
    let activity = (activity, any::<bool>(), prop::collection::vec(marks, teams));
    prop::collection::vec(activity, 1..25).prop_map(move |drawn| {
        let levels: Vec<Level> = drawn.iter().map(|((level, ..), ..)| *level).collect();
        let mut content = samples::content(&[&levels]);
        let drawn_activities = content.activities_mut().zip(&drawn).enumerate();
        for (i, (activity, ((_, [knowledge, time, resources], usefulness, needs), has_needs, _))) in drawn_activities {
            activity.difficulty = Difficulty { knowledge: *knowledge, time: *time, resources: *resources };
            activity.usefulness = *usefulness;
            if i > 0 && *has_needs {
                activity.depends_on = needs.iter().map(|needed| id(needed.index(i))).collect();
            }
        }
        split(&mut content);
        let catalog = Catalog::new(content).unwrap();
        let sheet = |team: usize| {
            let marks = catalog.activities().zip(&drawn).map(|((index, _), (_, _, marks))| (index, marks[team]));
            Sheet::new(&catalog, &ProgressScale::default(), []).with(marks)
        };
        let sheets = (0..teams).map(sheet).collect();
        (catalog, sheets)
    })
}

/// What each team can do in the first quarters, and in all after these.
pub(super) fn capacity() -> impl Strategy<Value = Capacity> {
    (prop::collection::vec(prop::option::of(0u64..3_000), 0..5), 300u64..4_000).prop_map(|(first, each)| {
        let first = (0..).zip(first).filter_map(|(number, points)| Some((number, points?)));
        let exceptions = first.map(|(number, points)| ((None, Some(quarter(number))), Points::hundredths(points)));
        Capacity { each: Points::hundredths(each), exceptions: exceptions.collect() }
    })
}

pub(super) fn planned<'a>(sheets: &'a [Sheet], roadmap: &'a Roadmap) -> Vec<PlannedTeam<'a>> {
    let teams = (1..).map(TeamId).zip(sheets);
    teams.map(|(team, sheet)| PlannedTeam { team, name: "Team", sheet, roadmap }).collect()
}

/// Moves half of the activities into a second dimension.
pub(super) fn split(content: &mut Content) {
    let first = &mut content.dimensions[0].sub_dimensions[0];
    let rest = first.activities.split_off(first.activities.len().div_ceil(2));
    if !rest.is_empty() {
        let sub_dimension = SubDimensionContent { name: "Part".into(), activities: rest };
        content.dimensions.push(DimensionContent { name: "Rest".into(), sub_dimensions: vec![sub_dimension] });
    }
}
