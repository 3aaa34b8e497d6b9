//! Changing the stages and the target profiles: what a person entered, whether it can be, and what it would do.

use std::collections::BTreeMap;

use super::profiles::{Fall, PracticeFinder, Profile, ProfileId, Roadmaps};
use super::{Roadmap, Stage, StageNumber};
use crate::domain::catalog::{Catalog, Level, MAX_LEVEL};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Name, tidy_text};
use crate::domain::period::Period;
use crate::domain::plan::Points;
use crate::domain::scoring::{Score, Threshold};
use crate::domain::standing::{Overview, Standing};

/// How many characters a goal or an exit check may have.
pub const TEXT_LIMIT: usize = 2_000;

/// How many profiles there can be.
const PROFILES: usize = 20;

/// The dimensions that stages have targets in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dimensions {
    /// Those of the catalog in use, in its order.
    pub asked: Vec<String>,
    /// Others, of catalogs that are not in use. Their targets are kept, since past quarters are seen by them.
    pub kept: Vec<String>,
}

impl Dimensions {
    /// Those of a catalog, and all others that the stages or a profile have targets in.
    pub fn new(catalog: &Catalog, roadmaps: &Roadmaps) -> Self {
        let asked: Vec<String> = catalog.dimensions().iter().map(|dimension| dimension.name.clone()).collect();
        let mut kept = Vec::new();
        let roadmaps = std::iter::once(roadmaps.organization()).chain(roadmaps.profiles().map(|(_, roadmap)| roadmap));
        for name in roadmaps.flat_map(|roadmap| roadmap.stages()).flat_map(|stage| stage.targets.keys()) {
            if !asked.contains(name) && !kept.contains(name) {
                kept.push(name.clone());
            }
        }
        Self { asked, kept }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.asked.iter().chain(&self.kept).map(String::as_str)
    }
}

/// What a person entered about one stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageInput {
    /// The number of the stage that this was before; empty: it is new.
    pub was: String,
    /// At which place it should stand; empty: where its row is.
    pub position: String,
    /// Its name.
    pub name: String,
    /// What is different when it is reached.
    pub goal: String,
    /// How a person can tell that it is reached.
    pub exit_check: String,
    /// The quarter by the end of which it should be reached; empty: none.
    pub wished: String,
    /// The level to reach in each dimension, by its name.
    pub targets: BTreeMap<String, String>,
}

impl StageInput {
    /// Whether nothing is entered that a person writes. The choices of a form always have some value.
    pub fn is_blank(&self) -> bool {
        [&self.name, &self.goal, &self.exit_check, &self.wished].iter().all(|text| text.trim().is_empty())
    }

    fn of(number: StageNumber, stage: &Stage) -> Self {
        Self {
            was: number.0.to_string(),
            position: String::new(),
            name: stage.name.clone(),
            goal: stage.goal.clone(),
            exit_check: stage.exit_check.clone(),
            wished: stage.wished.map(|period| period.to_string()).unwrap_or_default(),
            targets: stage.targets.iter().map(|(name, level)| (name.clone(), level.to_string())).collect(),
        }
    }
}

/// What a person entered about the stages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoadmapInput {
    /// The fingerprint of what the person saw.
    pub seen: String,
    /// The stages, row by row; blank ones are left out.
    pub stages: Vec<StageInput>,
}

/// Stages that can take the place of the present ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoadmapChange {
    /// The stages.
    pub roadmap: Roadmap,
    /// The profiles, whose targets go with their stages.
    pub profiles: Vec<Profile>,
    /// Which stage each of them was before; `None`: it is new.
    pub was: Vec<Option<StageNumber>>,
}

/// A stage as it was entered, with the number of its row.
struct Row {
    number: usize,
    was: Option<StageNumber>,
    stage: Stage,
}

impl RoadmapInput {
    /// How many stages there can be.
    pub const MOST: usize = 8;

    /// The name of the field with the fingerprint.
    pub const SEEN: &str = "seen";

    /// The stages of a roadmap as a person would have entered them who saw these.
    pub fn of(seen: &Roadmaps, roadmap: &Roadmap) -> Self {
        let stages = (1..).map(StageNumber).zip(roadmap.stages());
        let stages = stages.map(|(number, stage)| StageInput::of(number, stage)).collect();
        Self { seen: seen.fingerprint(), stages }
    }

    /// The stages that were entered, or everything that is wrong with them. The fields are `name-N`, `goal-N`,
    /// `exit-check-N`, `position-N`, `wished-N` and `target-N-DIMENSION` for the stage in row N, and `stages`.
    /// `present` is the present quarter; a wish that is not changed may be older.
    pub fn check(
        &self,
        current: &Roadmaps,
        dimensions: &Dimensions,
        present: Period,
    ) -> Result<RoadmapChange, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let mut rows = self.rows(current, dimensions, present, &mut faults);
        if rows.len() > Self::MOST {
            faults.push(FieldFault::new("stages", format!("there can be at most {} stages", Self::MOST)));
        }
        keep_unasked(&mut rows, dimensions);
        faults.extend(repeated_names(&rows));
        // What cannot be read cannot fall.
        let fallen = falls(&rows, dimensions).into_iter().filter(|fall| faults.iter().all(|f| f.field != fall.field));
        faults.extend(fallen.collect::<Vec<_>>());
        faults.extend(wishes_out_of_order(&rows));
        let was: Vec<Option<StageNumber>> = rows.iter().map(|row| row.was).collect();
        let profiles: Vec<Profile> = current.profiles().map(|(profile, _)| moved(profile, &was)).collect();
        let numbers: Vec<usize> = rows.iter().map(|row| row.number).collect();
        match Roadmap::new(rows.into_iter().map(|row| row.stage).collect()) {
            Ok(roadmap) => {
                faults.extend(profiles.iter().flat_map(|profile| profile_faults(profile, &roadmap, &numbers)));
                if faults.is_empty() { Ok(RoadmapChange { roadmap, profiles, was }) } else { Err(faults) }
            }
            Err(error) => {
                if faults.is_empty() {
                    faults.push(FieldFault::new("stages", error));
                }
                Err(faults)
            }
        }
    }

    /// The rows that are not blank, in the order of the stages.
    fn rows(
        &self,
        current: &Roadmaps,
        dimensions: &Dimensions,
        present: Period,
        faults: &mut Vec<FieldFault>,
    ) -> Vec<Row> {
        let mut placed = Vec::new();
        let mut taken = Vec::new();
        for (number, entered) in (1..).zip(&self.stages).filter(|(_, entered)| !entered.is_blank()) {
            // What comes from somewhere else than the form may name a stage twice.
            let was = entered.was.trim().parse().ok().map(StageNumber);
            let was = was.filter(|was| current.organization().stage(*was).is_some() && !taken.contains(was));
            taken.extend(was);
            let before = was.and_then(|was| current.organization().stage(was));
            let position = match entered.position.trim() {
                "" => number,
                text => text.parse().ok().filter(|place| (1..=Self::MOST).contains(place)).unwrap_or_else(|| {
                    let message = format!("a place is a number from 1 to {}", Self::MOST);
                    faults.push(fault("position", number, message));
                    number
                }),
            };
            // Between rows at one place, one that was moved up there comes first, and one that was moved down last.
            let stage = entered.stage(number, before, dimensions, present, faults);
            placed.push(((position, position.cmp(&number), number), Row { number, was, stage }));
        }
        placed.sort_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, row)| row).collect()
    }
}

impl StageInput {
    fn stage(
        &self,
        row: usize,
        before: Option<&Stage>,
        dimensions: &Dimensions,
        present: Period,
        faults: &mut Vec<FieldFault>,
    ) -> Stage {
        let name = match Name::new(&self.name) {
            Ok(name) => name.to_string(),
            Err(error) => {
                faults.push(fault("name", row, error));
                format!("stage {row}")
            }
        };
        let mut text = |field: &str, text: &str| {
            tidy_text(text, TEXT_LIMIT).unwrap_or_else(|error| {
                faults.push(fault(field, row, error));
                String::new()
            })
        };
        let (goal, exit_check) = (text("goal", &self.goal), text("exit-check", &self.exit_check));
        let wished = self.wished(before, present).unwrap_or_else(|message| {
            faults.push(fault("wished", row, message));
            None
        });
        let mut targets = BTreeMap::new();
        for dimension in dimensions.all() {
            let Some(entered) = self.targets.get(dimension) else { continue };
            match level(entered) {
                Ok(level) => {
                    targets.insert(dimension.to_owned(), level);
                }
                Err(message) => faults.push(FieldFault::new(target_field(row, dimension), message)),
            }
        }
        Stage { name, goal, exit_check, targets, wished }
    }

    fn wished(&self, before: Option<&Stage>, present: Period) -> Result<Option<Period>, String> {
        let text = self.wished.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let wished: Period = text.parse().map_err(|error| format!("{error}"))?;
        if wished < present && before.and_then(|before| before.wished) != Some(wished) {
            return Err(format!("{wished} is over: choose {present} or later, or leave it empty"));
        }
        Ok(Some(wished))
    }
}

/// A level as it was entered.
fn level(text: &str) -> Result<Level, String> {
    let text = text.trim();
    let found = text.parse().ok().filter(|level| *level <= MAX_LEVEL);
    found.ok_or_else(|| {
        let shown: String = text.chars().take(20).collect();
        format!("“{shown}” is no target: choose a level from 0 to {MAX_LEVEL}")
    })
}

fn fault(field: &str, row: usize, message: impl ToString) -> FieldFault {
    FieldFault::new(format!("{field}-{row}"), message)
}

/// The name of the field with a target.
pub fn target_field(row: usize, dimension: &str) -> String {
    format!("target-{row}-{dimension}")
}

/// Nobody is asked for the targets of dimensions that the catalog in use does not have, so nobody can mend them:
/// where the order of the stages would make them fall, they stay as high as in the stage before.
fn keep_unasked(rows: &mut [Row], dimensions: &Dimensions) {
    for dimension in &dimensions.kept {
        let mut before = 0;
        for row in rows.iter_mut() {
            let target = row.stage.targets.entry(dimension.clone()).or_default();
            *target = (*target).max(before);
            before = *target;
        }
    }
}

fn repeated_names(rows: &[Row]) -> Vec<FieldFault> {
    let key = |row: &Row| row.stage.name.to_lowercase();
    let is_repeated = |at: usize, row: &Row| rows.iter().take(at).any(|other| key(other) == key(row));
    let repeated = rows.iter().enumerate().filter(|(at, row)| is_repeated(*at, row));
    let message = |name: &str| format!("two stages are called “{name}”: give one of them another name");
    repeated.map(|(_, row)| fault("name", row.number, message(&row.stage.name))).collect()
}

/// The targets that fall from one stage to the next.
fn falls(rows: &[Row], dimensions: &Dimensions) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    for dimension in dimensions.all() {
        for (before, row) in rows.iter().zip(rows.iter().skip(1)) {
            let (from, to) = (before.stage.target(dimension), row.stage.target(dimension));
            if to < from {
                let name = &before.stage.name;
                let message = format!(
                    "the target for {dimension} falls from {from} in “{name}” to {to}: choose at least {from} here, or less there"
                );
                faults.push(FieldFault::new(target_field(row.number, dimension), message));
            }
        }
    }
    faults
}

/// The wished quarters that do not come after those of earlier stages.
fn wishes_out_of_order(rows: &[Row]) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut latest: Option<(Period, &str)> = None;
    for row in rows {
        let Some(wished) = row.stage.wished else { continue };
        match latest {
            Some((before, name)) if wished <= before => {
                let message = format!(
                    "{wished} is not after {before}, the wish for “{name}” before it: choose a later quarter here, or an earlier one there"
                );
                faults.push(fault("wished", row.number, message));
            }
            _ => latest = Some((wished, &row.stage.name)),
        }
    }
    faults
}

/// A profile whose targets go with their stages; `was` says which stage each new one was.
fn moved(profile: &Profile, was: &[Option<StageNumber>]) -> Profile {
    let place = |old: StageNumber| was.iter().position(|was| *was == Some(old)).map(|at| StageNumber(at + 1));
    let targets = profile.targets.iter();
    let targets = targets.filter_map(|((old, name), level)| Some(((place(*old)?, name.clone()), *level))).collect();
    Profile { targets, ..profile.clone() }
}

/// Where stages make a profile's own targets fall. `rows` has the row of each stage.
fn profile_faults(profile: &Profile, roadmap: &Roadmap, rows: &[usize]) -> Vec<FieldFault> {
    let fault = |Fall { stage, dimension, before, target }: Fall| {
        let row = stage.0.checked_sub(1).and_then(|at| rows.get(at)).copied().unwrap_or(stage.0);
        let message = format!(
            "the profile “{}” asks for level {target} of {dimension} here, but the stage before for {before}: \
             choose at most {target} there, or change the profile first",
            profile.name
        );
        FieldFault::new(target_field(row, &dimension), message)
    };
    profile.falls(roadmap).into_iter().map(fault).collect()
}

/// What a person entered about a profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileInput {
    /// The fingerprint of what the person saw.
    pub seen: String,
    /// Its name.
    pub name: String,
    /// The level to reach, by stage and dimension; empty: as the organization.
    pub targets: BTreeMap<(StageNumber, String), String>,
}

impl ProfileInput {
    /// A profile as a person would have entered it who saw these.
    pub fn of(seen: &Roadmaps, profile: Option<&Profile>) -> Self {
        let targets = profile.map(|profile| &profile.targets).into_iter().flatten();
        Self {
            seen: seen.fingerprint(),
            name: profile.map(|profile| profile.name.to_string()).unwrap_or_default(),
            targets: targets.map(|(key, level)| (key.clone(), level.to_string())).collect(),
        }
    }

    /// The profile that was entered, or everything that is wrong with it. The fields are `name` and
    /// `target-N-DIMENSION` for the stage N. `id` is that of the profile which it changes; `None`: it is new.
    pub fn check(
        &self,
        id: Option<ProfileId>,
        current: &Roadmaps,
        dimensions: &Dimensions,
    ) -> Result<Profile, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let others = || current.profiles().map(|(profile, _)| profile).filter(|profile| Some(profile.id) != id);
        let name = Name::new(&self.name).map_err(|error| faults.push(FieldFault::new("name", error)));
        if let Ok(name) = &name
            && others().any(|other| other.name.key() == name.key())
        {
            faults.push(FieldFault::new("name", format!("there is a profile called “{name}” already")));
        }
        if others().count() >= PROFILES {
            faults.push(FieldFault::new("name", format!("there can be at most {PROFILES} profiles: remove one first")));
        }
        let mut targets = BTreeMap::new();
        for (number, _) in (1..).zip(current.organization().stages()) {
            for dimension in dimensions.all() {
                let key = (StageNumber(number), dimension.to_owned());
                let entered = self.targets.get(&key).map_or("", |text| text.trim());
                if entered.is_empty() {
                    continue;
                }
                match level(entered) {
                    Ok(level) => {
                        targets.insert(key, level);
                    }
                    Err(message) => faults.push(FieldFault::new(target_field(number, dimension), message)),
                }
            }
        }
        let next = current.profiles().map(|(profile, _)| profile.id.0).max().unwrap_or(0) + 1;
        let profile = name.map(|name| Profile { id: id.unwrap_or(ProfileId(next)), name, targets: targets.clone() });
        let unnamed = || Name::new("?").ok().map(|name| Profile { id: ProfileId(next), name, targets });
        if let Some(profile) = profile.clone().ok().or_else(unnamed) {
            faults.extend(profile.falls(current.organization()).into_iter().map(fall_of_profile));
        }
        match profile {
            Ok(profile) if faults.is_empty() => Ok(profile),
            _ => Err(faults),
        }
    }
}

fn fall_of_profile(Fall { stage, dimension, before, target }: Fall) -> FieldFault {
    let message = format!(
        "the target for {dimension} falls from {before} in the stage before to {target}: choose at least {before} here, or less there"
    );
    FieldFault::new(target_field(stage.0, &dimension), message)
}

/// The stages and profiles as they are.
#[derive(Debug, Clone)]
pub struct RoadmapSeen {
    /// What applies now, with the profiles of the teams that are seen.
    pub roadmaps: Roadmaps,
    /// The stages where nobody sets others.
    pub default: Roadmap,
    /// The dimensions that stages have targets in.
    pub dimensions: Dimensions,
    /// The present quarter.
    pub present: Period,
}

impl RoadmapSeen {
    /// Whether the stages are those that hold where nobody sets others.
    pub fn is_default(&self) -> bool {
        **self.roadmaps.organization() == self.default
    }
}

/// A stage in figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StageFigures {
    /// How many activities of the catalog belong to it by the targets of the organization.
    pub activities: usize,
    /// How many practices the teams have left in it, all together.
    pub left: usize,
    /// The work that is left of these.
    pub points: Points,
    /// How many teams have reached it and all before it.
    pub reached: usize,
}

/// What a change does to a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageEffect {
    /// Its number and figures as it is now; `None`: it is new.
    pub before: Option<(StageNumber, StageFigures)>,
    /// The same as it would be; `None`: it goes.
    pub after: Option<(StageNumber, StageFigures)>,
}

/// What a change of the stages or of a profile would do.
#[derive(Debug, Clone)]
pub struct RoadmapPreview {
    /// What applies now.
    pub current: Roadmaps,
    /// What would.
    pub wanted: Roadmaps,
    /// The dimensions that stages have targets in.
    pub dimensions: Dimensions,
    /// The quarter in which the teams are looked at; `None`: nothing is submitted.
    pub period: Option<Period>,
    /// How many teams are assessed by then.
    pub teams: usize,
    /// The stages as they would be, and then those that would go.
    pub stages: Vec<StageEffect>,
}

impl RoadmapPreview {
    /// What the change from `current` to `wanted` would do. `was` says which stage each wanted one was.
    pub fn new(
        current: Roadmaps,
        wanted: Roadmaps,
        was: &[Option<StageNumber>],
        dimensions: Dimensions,
        catalog: &Catalog,
        overview: Option<&Overview>,
        threshold: Threshold,
    ) -> Self {
        let numbered = |roadmaps: &Roadmaps| -> Vec<(StageNumber, StageFigures)> {
            (1..).map(StageNumber).zip(figures(roadmaps, catalog, overview, threshold)).collect()
        };
        let before = numbered(&current);
        let found = |was: StageNumber| before.iter().find(|(number, _)| *number == was).copied();
        let after = numbered(&wanted).into_iter().zip(was);
        let stages = after.map(|(after, was)| StageEffect { before: was.and_then(found), after: Some(after) });
        let gone = before.iter().filter(|(number, _)| !was.contains(&Some(*number)));
        let stages = stages.chain(gone.map(|before| StageEffect { before: Some(*before), after: None })).collect();
        let (period, teams) = (overview.map(|o| o.period), overview.map_or(0, |o| o.standings.len()));
        Self { current, wanted, dimensions, period, teams, stages }
    }

    /// Whether anything would be different afterwards.
    pub fn changes_something(&self) -> bool {
        self.current.fingerprint() != self.wanted.fingerprint()
    }
}

/// The stages in figures, in their order.
fn figures(
    roadmaps: &Roadmaps,
    catalog: &Catalog,
    overview: Option<&Overview>,
    threshold: Threshold,
) -> Vec<StageFigures> {
    let organization = roadmaps.organization();
    let mut figures = vec![StageFigures::default(); organization.stages().len()];
    for stage in organization.assign(catalog) {
        if let Some(figures) = stage.and_then(|stage| figures.get_mut(stage.0.checked_sub(1)?)) {
            figures.activities += 1;
        }
    }
    let Some(overview) = overview else { return figures };
    let finder = PracticeFinder::new(&overview.catalog, roadmaps);
    for standing in &overview.standings {
        for ((index, activity), stage) in overview.catalog.activities().zip(finder.of(standing)) {
            let Some(figures) = stage.and_then(|stage| figures.get_mut(stage.0.checked_sub(1)?)) else { continue };
            figures.left += 1;
            figures.points += Points::remaining(activity, standing.sheet.mark(index));
        }
        let scores = dimension_scores(&overview.catalog, standing, threshold);
        let named: Vec<(&str, &Score)> = scores.iter().map(|(name, score)| (*name, score)).collect();
        let present = roadmaps.of_team(standing.team).present_at(&named);
        let reached = present.map_or(figures.len(), |present| present.0.saturating_sub(1));
        figures.iter_mut().take(reached).for_each(|figures| figures.reached += 1);
    }
    figures
}

/// The score of each dimension for one team, with its name.
pub(super) fn dimension_scores<'a>(
    catalog: &'a Catalog,
    standing: &Standing,
    threshold: Threshold,
) -> Vec<(&'a str, Score)> {
    let scores = standing.scores(catalog, threshold).dimensions;
    catalog.dimensions().iter().map(|d| d.name.as_str()).zip(scores).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;

    fn stage(name: &str, a: Level, b: Level, wished: &str) -> Stage {
        let targets = [("A".to_owned(), a), ("B".to_owned(), b)].into();
        Stage { name: name.into(), goal: "A goal".into(), targets, wished: wished.parse().ok(), ..Stage::default() }
    }

    fn roadmaps(profiles: Vec<Profile>) -> Roadmaps {
        let stages = vec![stage("First", 1, 1, "2026-Q1"), stage("Second", 2, 3, ""), stage("Third", 4, 4, "")];
        Roadmaps::new(Arc::new(Roadmap::new(stages).unwrap()), profiles, &HashMap::new())
    }

    fn profile(name: &str, targets: &[(usize, &str, Level)]) -> Profile {
        let targets = targets.iter().map(|&(stage, name, level)| ((StageNumber(stage), name.to_owned()), level));
        Profile { id: ProfileId(1), name: Name::new(name).unwrap(), targets: targets.collect() }
    }

    fn dimensions(kept: &[&str]) -> Dimensions {
        let kept: Vec<String> = kept.iter().map(ToString::to_string).collect();
        Dimensions { asked: ["A", "B"].iter().map(ToString::to_string).filter(|d| !kept.contains(d)).collect(), kept }
    }

    fn present() -> Period {
        "2026-Q4".parse().unwrap()
    }

    fn entered(roadmaps: &Roadmaps) -> RoadmapInput {
        RoadmapInput::of(roadmaps, roadmaps.organization())
    }

    fn checked(input: &RoadmapInput, roadmaps: &Roadmaps) -> Result<RoadmapChange, Vec<String>> {
        let result = input.check(roadmaps, &dimensions(&[]), present());
        result.map_err(|faults| faults.into_iter().map(|fault| fault.field).collect())
    }

    fn names(change: &RoadmapChange) -> String {
        change.roadmap.stages().iter().map(|stage| stage.name.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_set_can_be_entered_again() {
        let roadmaps = roadmaps(vec![profile("External", &[(2, "A", 3)])]);
        let change = checked(&entered(&roadmaps), &roadmaps).unwrap();
        assert_eq!(change.roadmap, **roadmaps.organization(), "a wish that is over stays");
        assert_eq!(change.profiles, [profile("External", &[(2, "A", 3)])]);
        assert_eq!(change.was, [1, 2, 3].map(|number| Some(StageNumber(number))));
    }

    #[test]
    fn stages_are_added_removed_and_moved_with_the_targets_of_their_profiles() {
        let roadmaps = roadmaps(vec![profile("External", &[(1, "A", 2), (3, "B", 5)])]);
        let mut input = entered(&roadmaps);
        input.stages[1] =
            StageInput { was: "2".into(), targets: input.stages[1].targets.clone(), ..StageInput::default() };
        let targets = [("A".to_owned(), "5".to_owned()), ("B".to_owned(), "5".to_owned())].into();
        input.stages.push(StageInput { name: " Fourth  one ".into(), targets, ..StageInput::default() });
        let change = checked(&input, &roadmaps).unwrap();
        assert_eq!(names(&change), "First Third Fourth one");
        assert_eq!(change.was, [Some(StageNumber(1)), Some(StageNumber(3)), None]);
        assert_eq!(change.profiles, [profile("External", &[(1, "A", 2), (2, "B", 5)])]);

        for (row, place, order) in
            [(3, "1", "Third First Second"), (1, "3", "Second Third First"), (1, "2", "Second First Third")]
        {
            let roadmaps = self::roadmaps(vec![]);
            let mut input = entered(&roadmaps);
            for stage in &mut input.stages {
                stage.targets.values_mut().for_each(|level| *level = "5".into());
            }
            input.stages[row - 1].position = place.into();
            assert_eq!(names(&checked(&input, &roadmaps).unwrap()), order, "{row} to {place}");
        }
    }

    #[test]
    fn every_fault_is_at_its_field() {
        let roadmaps = roadmaps(vec![]);
        type Spoil = fn(&mut RoadmapInput);
        let cases: [(Spoil, &[&str]); 12] = [
            (|input| input.stages[0].name = " ".into(), &["name-1"]),
            (|input| input.stages[2].name = "first".into(), &["name-3"]),
            (|input| input.stages[1].goal = "x".repeat(TEXT_LIMIT + 1), &["goal-2"]),
            (|input| input.stages[1].exit_check = "bell\u{7}".into(), &["exit-check-2"]),
            (|input| _ = input.stages[2].targets.insert("B".into(), "6".into()), &["target-3-B"]),
            (|input| _ = input.stages[2].targets.insert("B".into(), "-1".into()), &["target-3-B"]),
            (|input| _ = input.stages[2].targets.insert("A".into(), "1".into()), &["target-3-A"]),
            (|input| input.stages[1].wished = "2026-Q3".into(), &["wished-2"]),
            (|input| input.stages[1].wished = "soon".into(), &["wished-2"]),
            (
                |input| {
                    input.stages[1].wished = "2027-Q2".into();
                    input.stages[2].wished = "2027-Q2".into();
                },
                &["wished-3"],
            ),
            (|input| input.stages[0].position = "9".into(), &["position-1"]),
            (|input| input.stages.clear(), &["stages"]),
        ];
        for (number, (spoil, fields)) in cases.into_iter().enumerate() {
            let mut input = entered(&roadmaps);
            spoil(&mut input);
            assert_eq!(checked(&input, &roadmaps).unwrap_err(), fields, "case {number}");
        }
        let mut all = entered(&roadmaps);
        all.stages[0].name = String::new();
        all.stages[1].wished = "2026-Q3".into();
        all.stages[2].targets.insert("A".into(), "1".into());
        assert_eq!(checked(&all, &roadmaps).unwrap_err(), ["name-1", "wished-2", "target-3-A"], "all at once");
        let mut many = entered(&roadmaps);
        let last = many.stages[2].clone();
        many.stages.extend((0..6).map(|n| StageInput { name: format!("More {n}"), ..last.clone() }));
        assert_eq!(checked(&many, &roadmaps).unwrap_err(), ["stages"]);
    }

    #[test]
    fn stages_that_make_the_targets_of_a_profile_fall_are_refused() {
        let roadmaps = roadmaps(vec![profile("Internal", &[(2, "B", 1)])]);
        let mut input = entered(&roadmaps);
        input.stages[0].targets.insert("B".into(), "2".into());
        assert_eq!(checked(&input, &roadmaps).unwrap_err(), ["target-2-B"]);
    }

    #[test]
    fn targets_that_nobody_is_asked_for_are_kept_and_never_fall() {
        let roadmaps = roadmaps(vec![]);
        let mut input = entered(&roadmaps);
        input.stages[2].position = "1".into();
        input.stages.iter_mut().for_each(|stage| _ = stage.targets.insert("A".into(), "4".into()));
        let change = input.check(&roadmaps, &dimensions(&["B"]), present()).unwrap();
        let targets: Vec<_> = change.roadmap.stages().iter().map(|stage| stage.target("B")).collect();
        assert_eq!(targets, [4, 4, 4]);
    }

    #[test]
    fn a_profile_says_what_differs() {
        let roadmaps = roadmaps(vec![profile("External", &[(2, "A", 3)])]);
        let known = roadmaps.profile(ProfileId(1)).unwrap();
        let check = |input: &ProfileInput, id: Option<i64>| {
            let result = input.check(id.map(ProfileId), &roadmaps, &dimensions(&[]));
            result.map_err(|faults| faults.into_iter().map(|fault| fault.field).collect::<Vec<_>>())
        };
        let same = ProfileInput::of(&roadmaps, Some(known));
        assert_eq!(check(&same, Some(1)).unwrap(), *known);
        assert_eq!(check(&same, None).unwrap_err(), ["name"], "there is one of this name");
        let mut new = ProfileInput { name: "Internal".into(), ..ProfileInput::default() };
        assert_eq!(check(&new, None).unwrap().id, ProfileId(2));
        new.targets.insert((StageNumber(1), "B".into()), "5".into());
        new.targets.insert((StageNumber(2), "B".into()), "4".into());
        new.targets.insert((StageNumber(3), "A".into()), "6".into());
        new.targets.insert((StageNumber(9), "A".into()), "0".into());
        new.name = String::new();
        assert_eq!(check(&new, None).unwrap_err(), ["name", "target-3-A", "target-2-B"]);
    }

    proptest! {
        #[test]
        fn whatever_is_entered_makes_a_sound_roadmap_or_is_refused(
            rows in prop::collection::vec((any::<bool>(), 0..9_u8, 0..7_u8, 0..7_u8, "[a-c]?", "(2026-Q[1-4])?"), 0..10),
            own in prop::collection::vec((1..5_usize, 0..7_u8), 0..4),
        ) {
            let own: Vec<_> = own.into_iter().map(|(stage, level)| (stage, "A", level)).collect();
            let roadmaps = roadmaps(vec![profile("External", &own)]);
            let stages = rows.iter().map(|(is_new, place, a, b, name, wished)| StageInput {
                was: if *is_new { String::new() } else { place.to_string() },
                position: place.to_string(),
                name: name.clone(),
                wished: wished.clone(),
                targets: [("A".to_owned(), a.to_string()), ("B".to_owned(), b.to_string())].into(),
                ..StageInput::default()
            });
            let input = RoadmapInput { seen: String::new(), stages: stages.collect() };
            match input.check(&roadmaps, &dimensions(&[]), present()) {
                Err(faults) => prop_assert!(!faults.is_empty()),
                Ok(change) => {
                    let stages = change.roadmap.stages().to_vec();
                    prop_assert!((1..=RoadmapInput::MOST).contains(&stages.len()) && change.was.len() == stages.len());
                    prop_assert_eq!(Roadmap::new(stages), Ok(change.roadmap.clone()));
                    let after = roadmaps.with(Arc::new(change.roadmap), change.profiles);
                    for (profile, roadmap) in after.profiles() {
                        prop_assert_eq!(profile.falls(after.organization()), vec![]);
                        prop_assert!(Roadmap::new(roadmap.stages().to_vec()).is_ok());
                    }
                }
            }
        }
    }
}
