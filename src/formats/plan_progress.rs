//! How a kept plan goes, as tables: its burn-up, the dimensions of its stages, what slipped, and the teams.

use super::plan::quarter;
use super::table::{Cell, Table};
use crate::domain::plan::progress::{PlanProgress, StageMeasure};
use crate::domain::plan::seen::KeptPlan;
use crate::domain::roadmap::StageNumber;
use crate::domain::scoring::Scorecard;

/// The first cells of each row: which plan in which version.
fn which(kept: &KeptPlan) -> [Cell; 2] {
    [kept.plan.name.as_str().into(), kept.version.number.into()]
}

fn stage_name(kept: &KeptPlan, number: StageNumber) -> &str {
    kept.version.roadmap.stage(number).map_or("", |stage| &stage.name)
}

/// A row for each quarter: what was to be done by its end, and what was done, in points.
pub fn burn_up(kept: &KeptPlan, progress: &PlanProgress) -> Table {
    let mut table = Table::new(&["plan", "version", "quarter", "planned", "done"]);
    for point in &progress.burn_up {
        let [plan, version] = which(kept);
        table.push([plan, version, quarter(Some(point.period)), point.planned.value().into(), point.done.into()]);
    }
    table
}

/// A row for each stage and dimension, and one named `overall` for each stage.
pub fn measures(kept: &KeptPlan, progress: &PlanProgress) -> Table {
    let mut table = Table::new(&[
        "plan",
        "version",
        "stage",
        "stage_name",
        "dimension",
        "target",
        "score_then",
        "score",
        "percent_to_target",
        "progress_to_date",
    ]);
    for stage in &progress.stages {
        for row in measured(stage) {
            let ([plan, version], [dimension, target, then, now, to_target, to_date]) = (which(kept), row);
            let (number, name) = (stage.number.0.into(), stage_name(kept, stage.number).into());
            table.push([plan, version, number, name, dimension, target, then, now, to_target, to_date]);
        }
    }
    table
}

/// The measures of a stage: of the whole, then of its dimensions.
fn measured(stage: &StageMeasure) -> Vec<[Cell; 6]> {
    let overall = Scorecard::OVERALL.into();
    let whole = [overall, Cell::Empty, Cell::Empty, Cell::Empty, stage.to_target.into(), stage.to_date.into()];
    let dimensions = stage.dimensions.iter().map(|measure| {
        [
            measure.dimension.as_str().into(),
            measure.target.into(),
            measure.baseline.into(),
            measure.current.into(),
            measure.to_target.into(),
            measure.to_date.into(),
        ]
    });
    std::iter::once(whole).chain(dimensions).collect()
}

/// A row for each practice that should be fully implemented and is not, the latest first.
pub fn slipped(kept: &KeptPlan, progress: &PlanProgress) -> Table {
    let mut table = Table::new(&[
        "plan",
        "version",
        "stage",
        "stage_name",
        "team",
        "activity_id",
        "activity",
        "quarter",
        "quarters_late",
        "points_left",
    ]);
    for slipped in &progress.slipped {
        let [plan, version] = which(kept);
        let activity = kept.catalog.find(&slipped.activity);
        table.push([
            plan,
            version,
            slipped.stage.0.into(),
            stage_name(kept, slipped.stage).into(),
            slipped.team_name.as_str().into(),
            slipped.activity.0.as_str().into(),
            activity.map_or("", |index| &kept.catalog.activity(index).name).into(),
            quarter(Some(slipped.until)),
            slipped.late.into(),
            slipped.left.value().into(),
        ]);
    }
    table
}

/// A row for each team, most behind first: its points and how many of its practices slipped.
pub fn teams(kept: &KeptPlan, progress: &PlanProgress) -> Table {
    let mut table =
        Table::new(&["plan", "version", "team", "planned", "planned_by_now", "due", "done", "behind", "slipped"]);
    for team in &progress.teams {
        let [plan, version] = which(kept);
        table.push([
            plan,
            version,
            team.name.as_str().into(),
            team.planned.value().into(),
            team.planned_to_date.value().into(),
            quarter(Some(progress.due)),
            team.done.into(),
            team.behind().into(),
            team.slipped.into(),
        ]);
    }
    table
}
