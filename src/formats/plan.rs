//! A plan of the transformation as JSON and CSV: its stages, and what is done in which quarter.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::levels::ScopeJson;
use super::round;
use super::table::{Cell, Table};
use crate::domain::catalog::{Catalog, Home, Level};
use crate::domain::period::Period;
use crate::domain::plan::TeamPlan;
use crate::domain::plan::listing::{ListedPractice, PlanListing};
use crate::domain::roadmap::{Stage, StageNumber, StageProgress};

#[derive(Serialize)]
struct Document<'a> {
    scope: ScopeJson<'a>,
    from: Period,
    capacity: f64,
    stages: Vec<StageJson<'a>>,
    capacity_exceptions: Vec<ExceptionJson<'a>>,
    plan: Option<KeptJson<'a>>,
    period: Period,
}

#[derive(Serialize)]
struct StageJson<'a> {
    name: &'a str,
    goal: &'a str,
    targets: &'a BTreeMap<String, Level>,
    reached: bool,
    completion: f64,
    starts: Option<Period>,
    ends: Option<Period>,
    practices: Vec<PracticeJson<'a>>,
    exit_check: &'a str,
    wished: Option<Period>,
    percent_to_target: f64,
    provided: Vec<ProvidedJson<'a>>,
    left_out: Vec<LeftOutJson<'a>>,
}

#[derive(Serialize)]
struct PracticeJson<'a> {
    team: &'a str,
    activity_id: &'a str,
    activity: &'a str,
    effort: f64,
    usefulness: u8,
    quarter: Option<Period>,
    because: String,
    begins: Option<Period>,
    owner: &'a str,
    progress: Option<f64>,
}

/// What another team provides.
#[derive(Serialize)]
struct ProvidedJson<'a> {
    team: &'a str,
    activity_id: &'a str,
    activity: &'a str,
    by: Option<&'a str>,
    quarter: Option<Period>,
}

/// What a stage asks for and the plan leaves out.
#[derive(Serialize)]
struct LeftOutJson<'a> {
    team: &'a str,
    activity_id: &'a str,
    activity: &'a str,
}

/// What teams can do that is not what each can.
#[derive(Serialize)]
struct ExceptionJson<'a> {
    team: Option<&'a str>,
    quarter: Option<Period>,
    capacity: f64,
}

/// Which kept plan it is.
#[derive(Serialize)]
struct KeptJson<'a> {
    id: i64,
    name: &'a str,
    version: u32,
}

/// The plan as one JSON object, indented. It is written as it goes, since it can have a practice for each activity of a
/// thousand teams.
pub fn json(listing: &PlanListing) -> Vec<u8> {
    // Plain structs with text keys always become JSON.
    let mut written = serde_json::to_vec_pretty(&document(listing)).unwrap_or_default();
    written.push(b'\n');
    written
}

/// The same as a value, to be a part of something else.
pub fn value(listing: &PlanListing) -> serde_json::Result<Value> {
    serde_json::to_value(document(listing))
}

fn document(listing: &PlanListing) -> Document<'_> {
    let mut practices: BTreeMap<StageNumber, Vec<PracticeJson<'_>>> = BTreeMap::new();
    for practice in listing.practices() {
        practices.entry(practice.item.stage).or_default().push(practice_json(listing, practice));
    }
    let progress = listing.stages();
    let stages = listing.roadmap.stages().iter().zip(&progress);
    let stages = stages
        .map(|(stage, progress)| stage_json(listing, stage, progress, practices.remove(&progress.number)))
        .collect();
    let kept = listing.kept.as_ref();
    Document {
        scope: listing.scope().into(),
        from: listing.plan.start,
        capacity: listing.input.capacity.each.value(),
        stages,
        capacity_exceptions: listing
            .capacity_exceptions()
            .map(|(team, quarter, points)| ExceptionJson { team, quarter, capacity: points.value() })
            .collect(),
        plan: kept.map(|(plan, version)| KeptJson { id: plan.id.0, name: plan.name.as_str(), version: *version }),
        period: listing.overview.period,
    }
}

fn stage_json<'a>(
    listing: &'a PlanListing,
    stage: &'a Stage,
    progress: &StageProgress,
    practices: Option<Vec<PracticeJson<'a>>>,
) -> StageJson<'a> {
    let span = listing.plan.span(progress.number);
    let teams = || listing.plan.teams.iter();
    StageJson {
        name: &stage.name,
        goal: &stage.goal,
        targets: &stage.targets,
        reached: progress.is_reached,
        completion: round(progress.completion),
        starts: span.map(|(starts, _)| starts),
        ends: span.map(|(_, ends)| ends),
        practices: practices.unwrap_or_default(),
        exit_check: &stage.exit_check,
        wished: stage.wished,
        percent_to_target: round(progress.to_target),
        provided: teams().flat_map(|team| provided(listing, team, progress.number)).collect(),
        left_out: teams().flat_map(|team| left_out(&listing.catalog, team, progress.number)).collect(),
    }
}

fn practice_json<'a>(listing: &'a PlanListing, practice: ListedPractice<'a>) -> PracticeJson<'a> {
    let ListedPractice { team, item, owner, .. } = practice;
    let activity = listing.catalog.activity(item.activity);
    PracticeJson {
        team: &team.name,
        activity_id: &activity.id.0,
        activity: &activity.name,
        effort: item.effort.value(),
        usefulness: item.usefulness,
        quarter: item.until(),
        because: because(listing, practice),
        begins: item.from(),
        owner,
        progress: practice.progress(),
    }
}

fn provided<'a>(
    listing: &'a PlanListing,
    team: &'a TeamPlan,
    stage: StageNumber,
) -> impl Iterator<Item = ProvidedJson<'a>> {
    team.provided.iter().filter(move |provided| provided.stage == stage).map(|provided| {
        let activity = listing.catalog.activity(provided.activity);
        ProvidedJson {
            team: &team.name,
            activity_id: &activity.id.0,
            activity: &activity.name,
            by: listing.team_name(provided.by),
            quarter: provided.ready,
        }
    })
}

fn left_out<'a>(catalog: &'a Catalog, team: &'a TeamPlan, stage: StageNumber) -> impl Iterator<Item = LeftOutJson<'a>> {
    team.excluded.iter().filter(move |(_, of)| *of == stage).map(|(index, _)| {
        let activity = catalog.activity(*index);
        LeftOutJson { team: &team.name, activity_id: &activity.id.0, activity: &activity.name }
    })
}

/// Why a practice is there, and why then.
pub(super) fn because(listing: &PlanListing, practice: ListedPractice<'_>) -> String {
    practice.item.reason(&listing.catalog, stage_name(listing, practice.item.stage))
}

/// The name of a stage of the plan.
pub(super) fn stage_name(listing: &PlanListing, number: StageNumber) -> &str {
    listing.roadmap.stage(number).map_or("", |stage| &stage.name)
}

/// A quarter as a cell.
pub(super) fn quarter(period: Option<Period>) -> Cell {
    period.map_or(Cell::Empty, |period| Cell::Text(period.to_string()))
}

/// The plan as a table with a row for each practice of each team.
pub fn table(listing: &PlanListing) -> Table {
    let mut table = Table::new(&[
        "stage",
        "stage_name",
        "quarter",
        "begins",
        "team",
        "dimension",
        "sub_dimension",
        "level",
        "activity_id",
        "activity",
        "effort",
        "usefulness",
        "progress",
        "owner",
        "because",
    ]);
    let homes: Vec<Home<'_>> = listing.catalog.homes().map(|(_, home)| home).collect();
    for practice in listing.practices() {
        let ListedPractice { team, item, owner, .. } = practice;
        let activity = listing.catalog.activity(item.activity);
        let home = homes.get(item.activity.position());
        table.push([
            item.stage.0.into(),
            stage_name(listing, item.stage).into(),
            quarter(item.until()),
            quarter(item.from()),
            team.name.as_str().into(),
            home.map_or("", |home| &home.dimension.name).into(),
            home.map_or("", |home| &home.sub_dimension.name).into(),
            activity.level.into(),
            activity.id.0.as_str().into(),
            activity.name.as_str().into(),
            item.effort.value().into(),
            item.usefulness.into(),
            practice.progress().into(),
            owner.into(),
            because(listing, practice).as_str().into(),
        ]);
    }
    table
}
