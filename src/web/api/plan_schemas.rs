//! What the JSON of the exports about plans and forecasts looks like, as the description has it. Nothing is made of
//! these: the exports are written elsewhere, and a test holds them to this.

#![expect(dead_code, reason = "they are there to be described")]

use utoipa::ToSchema;

/// When a stage is wished, planned and likely to be done.
#[derive(ToSchema)]
pub(super) struct StageForecast {
    /// The name of the scope.
    scope: String,
    /// The quarter from which the forecast looks ahead.
    #[schema(example = "2026-Q4")]
    from: String,
    /// The number of the stage.
    stage: u32,
    /// Its name.
    stage_name: String,
    /// What is left of it and of those before it, in points.
    points_left: f64,
    /// Whether nothing is left.
    done: bool,
    /// The quarter by which it is wished.
    wished: Option<String>,
    /// The quarter in which the plan ends it.
    planned: Option<String>,
    /// The quarter by which it is done in half of all ways that the future may take; null: not within ten years.
    by_50_percent: Option<String>,
    /// The same in 80 of 100.
    by_80_percent: Option<String>,
    /// The same in 95 of 100.
    by_95_percent: Option<String>,
}

/// What will be left of a stage and those before it at the end of a quarter, in points.
#[derive(ToSchema)]
pub(super) struct StageFan {
    /// The name of the scope.
    scope: String,
    /// The quarter from which the forecast looks ahead.
    from: String,
    /// The number of the stage.
    stage: u32,
    /// Its name.
    stage_name: String,
    /// The quarter.
    quarter: String,
    /// What is not exceeded in half of the ways.
    median: f64,
    /// From here on lie half of the ways.
    least_50_percent: f64,
    /// Up to here lie half of the ways.
    greatest_50_percent: f64,
    /// From here on lie 80 of 100 ways.
    least_80_percent: f64,
    /// Up to here lie 80 of 100 ways.
    greatest_80_percent: f64,
    /// From here on lie 95 of 100 ways.
    least_95_percent: f64,
    /// Up to here lie 95 of 100 ways.
    greatest_95_percent: f64,
}

/// When the stages are done, by what was done in the past.
#[derive(ToSchema)]
pub(super) struct Forecast {
    /// When each stage is.
    stages: Vec<StageForecast>,
    /// What will be left in the coming quarters.
    fan: Vec<StageFan>,
}

/// How near a target of a plan is.
#[derive(ToSchema)]
pub(super) struct PlanMeasure {
    /// The name of the plan.
    plan: String,
    /// Its version.
    version: u32,
    /// The number of the stage.
    stage: u32,
    /// Its name.
    stage_name: String,
    /// The dimension; `overall` for the whole stage.
    dimension: String,
    /// The level to reach; null for the whole.
    target: Option<u8>,
    /// The score when the plan was saved.
    score_then: Option<f64>,
    /// The score now; null for the whole.
    score: Option<f64>,
    /// How near the target is, 0 to 1.
    percent_to_target: f64,
    /// How much of the way from then to the target is done, at most 1; null where there was none.
    progress_to_date: Option<f64>,
}

/// What was to be done by the end of a quarter, and what was.
#[derive(ToSchema)]
pub(super) struct PlanBurnUp {
    /// The name of the plan.
    plan: String,
    /// Its version.
    version: u32,
    /// The quarter.
    quarter: String,
    /// What was to be done by its end, in points.
    planned: f64,
    /// What was done, in points; null for quarters that have not come.
    done: Option<f64>,
}

/// A practice that should be fully implemented and is not.
#[derive(ToSchema)]
pub(super) struct SlippedPractice {
    /// The name of the plan.
    plan: String,
    /// Its version.
    version: u32,
    /// The number of the stage.
    stage: u32,
    /// Its name.
    stage_name: String,
    /// The name of the team.
    team: String,
    /// The id of the activity.
    activity_id: String,
    /// What the activity is called.
    activity: String,
    /// The quarter by whose end it was to be finished.
    quarter: String,
    /// By how many quarters it will be late at least.
    quarters_late: u32,
    /// The work that is left of it, in points.
    points_left: f64,
}

/// How a team goes.
#[derive(ToSchema)]
pub(super) struct PlanTeam {
    /// The name of the plan.
    plan: String,
    /// Its version.
    version: u32,
    /// The name of the team.
    team: String,
    /// All that it was to do, in points.
    planned: f64,
    /// What it was to do by now.
    planned_by_now: f64,
    /// The last quarter of which all that was planned is due.
    due: String,
    /// What it did; below 0 where more was taken back.
    done: f64,
    /// By how much it is behind; 0 where it is not.
    behind: f64,
    /// How many of its practices slipped.
    slipped: u32,
}

/// How a kept plan goes.
#[derive(ToSchema)]
pub(super) struct PlanProgress {
    /// How near the targets of its stages are.
    measures: Vec<PlanMeasure>,
    /// Quarter by quarter.
    burn_up: Vec<PlanBurnUp>,
    /// What slipped, the latest first.
    slipped: Vec<SlippedPractice>,
    /// The teams, the most behind first.
    teams: Vec<PlanTeam>,
}
