//! What the JSON of exports looks like, as the description has it. Nothing is made of these: the exports are written
//! elsewhere, and a test holds them to this.

#![expect(dead_code, reason = "they are there to be described")]

use std::collections::BTreeMap;

use utoipa::ToSchema;

/// Whom it is about.
#[derive(ToSchema)]
pub(super) struct SeenScope {
    /// What it is.
    #[schema(inline)]
    kind: ScopeKind,
    /// Its name.
    name: String,
}

/// What can be looked at.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
enum ScopeKind {
    /// All teams that are seen.
    Organization,
    /// The teams of a group.
    Group,
    /// A team.
    Team,
}

/// Which catalog it is seen in.
#[derive(ToSchema)]
pub(super) struct CatalogName {
    /// The version, as its makers call it; null when they do not say.
    version: Option<String>,
    /// What tells its content from that of others.
    digest: String,
}

/// Where a scope stands.
#[derive(ToSchema)]
pub(super) struct Levels {
    /// Whom it is about.
    scope: SeenScope,
    /// The quarter.
    #[schema(example = "2026-Q4")]
    period: String,
    /// Which catalog it is seen in.
    catalog: CatalogName,
    /// The whole.
    overall: Scored,
    /// The dimensions, in the order of the catalog.
    dimensions: Vec<ScoredDimension>,
}

/// Level, score and completion of a part of the catalog.
#[derive(ToSchema)]
pub(super) struct Scored {
    /// What the part is called.
    name: String,
    /// The level that is reached.
    #[schema(minimum = 0, maximum = 5)]
    level: u8,
    /// The greatest level that has applicable activities.
    #[schema(minimum = 0, maximum = 5)]
    ceiling: u8,
    /// The score, from 0 to the ceiling.
    score: f64,
    /// The score as it would be if what is not applicable counted as 0.
    score_with_not_applicable_as_zero: f64,
    /// How much of what applies is done, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    completion: f64,
    /// How many activities apply.
    activities: u32,
    /// How many of those are answered.
    answered: u32,
    /// How many activities do not apply.
    not_applicable: u32,
    /// The levels that have applicable activities.
    levels: Vec<ScoredLevel>,
    /// The ids of the activities that hold the next level back.
    next_level_blockers: Vec<String>,
}

/// A dimension with its sub-dimensions.
#[derive(ToSchema)]
pub(super) struct ScoredDimension {
    /// The dimension as a whole.
    #[serde(flatten)]
    total: Scored,
    /// Its sub-dimensions, in the order of the catalog.
    sub_dimensions: Vec<Scored>,
}

/// How complete a level is.
#[derive(ToSchema)]
pub(super) struct ScoredLevel {
    /// The level.
    #[schema(minimum = 1, maximum = 5)]
    level: u8,
    /// How many activities of it apply.
    activities: u32,
    /// How much of them is done, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    completion: f64,
}

/// An activity that a team has not fully implemented.
#[derive(ToSchema)]
pub(super) struct Gap {
    /// The name of the team.
    team: String,
    /// The quarter of the assessment that says so.
    #[schema(example = "2026-Q4")]
    period: String,
    /// The dimension of the activity.
    dimension: String,
    /// The sub-dimension of the activity.
    sub_dimension: String,
    /// The level of the activity.
    #[schema(minimum = 1, maximum = 5)]
    level: u8,
    /// The id of the activity.
    activity_id: String,
    /// What the activity is called.
    activity: String,
    /// A step of the progress scale, or `unanswered`.
    status: String,
    /// How much of it is done, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    progress: f64,
    /// The number of the stage of the roadmap that asks for it; null: none does.
    stage: Option<u32>,
    /// The level of its dimension that this stage asks for; null: no stage asks for the activity.
    target_level: Option<u8>,
    /// The effort in points, 3 to 15.
    #[schema(minimum = 3, maximum = 15)]
    effort: u8,
    /// The usefulness, 1 to 5.
    #[schema(minimum = 1, maximum = 5)]
    usefulness: u8,
    /// The priority: 100 times the usefulness of what is left, by the effort.
    priority: f64,
    /// What has to be done before, parted by semicolons; null: nothing.
    blocked_by: Option<String>,
    /// The titles of the valid evidence, parted by semicolons; null: there is none.
    evidence: Option<String>,
    /// The clauses of OWASP SAMM 2, parted by semicolons; null: none.
    samm2: Option<String>,
    /// The clauses of ISO/IEC 27001:2022, parted by semicolons; null: none.
    iso27001_2022: Option<String>,
    /// What the team noted; null: nothing.
    note: Option<String>,
}

/// How a scope developed.
#[derive(ToSchema)]
pub(super) struct Trend {
    /// Whom it is about.
    scope: SeenScope,
    /// The points, by quarter; the whole first, then the dimensions.
    points: Vec<TrendPoint>,
}

/// Where a dimension, or the whole, stood in a quarter.
#[derive(ToSchema)]
pub(super) struct TrendPoint {
    /// The quarter.
    #[schema(example = "2026-Q4")]
    period: String,
    /// The name of the dimension; `overall` for the whole.
    dimension: String,
    /// The level that was reached.
    #[schema(minimum = 0, maximum = 5)]
    level: u8,
    /// The score, from 0 to the greatest level that has applicable activities.
    score: f64,
    /// How much of what applies was done, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    completion: f64,
    /// Whether an assessment of a quarter before had to stand in.
    carried: bool,
}

/// A plan of the transformation.
#[derive(ToSchema)]
pub(super) struct Roadmap {
    /// Whom it is about.
    scope: SeenScope,
    /// The first quarter of the plan.
    #[schema(example = "2026-Q4")]
    from: String,
    /// How many points of effort each team can do in a quarter.
    capacity: f64,
    /// The stages, in their order.
    stages: Vec<RoadmapStage>,
    /// Where teams can do more or less than that.
    capacity_exceptions: Vec<CapacityException>,
    /// Which kept plan it is; null: it is proposed.
    plan: Option<KeptPlan>,
    /// The quarter whose answers it is made from.
    #[schema(example = "2026-Q4")]
    period: String,
}

/// A stage of the roadmap, with what is done for it.
#[derive(ToSchema)]
pub(super) struct RoadmapStage {
    /// What it is called.
    name: String,
    /// What it is for.
    goal: String,
    /// The level that is asked for, by the name of the dimension.
    targets: BTreeMap<String, u8>,
    /// Whether every dimension is at its target.
    reached: bool,
    /// How much of what the stage asks for is done, 0 to 1.
    #[schema(minimum = 0, maximum = 1)]
    completion: f64,
    /// The quarter in which work on it starts; null: there is none.
    starts: Option<String>,
    /// The quarter in which it ends; null: there is none.
    ends: Option<String>,
    /// What is done for it.
    practices: Vec<RoadmapPractice>,
    /// How people tell that the stage is reached.
    exit_check: String,
    /// The quarter by which it is wished for; null: none is.
    wished: Option<String>,
    /// How near the targets are, 0 to 1.
    percent_to_target: f64,
    /// What other teams provide.
    provided: Vec<ProvidedPractice>,
    /// What the stage asks for and the plan leaves out.
    left_out: Vec<LeftOutPractice>,
}

/// An activity that a team does in a quarter.
#[derive(ToSchema)]
pub(super) struct RoadmapPractice {
    /// The name of the team.
    team: String,
    /// The id of the activity.
    activity_id: String,
    /// What the activity is called.
    activity: String,
    /// The effort that is left, in points.
    effort: f64,
    /// The usefulness, 1 to 5.
    usefulness: u8,
    /// The quarter in which it is done; null: none in sight.
    quarter: Option<String>,
    /// Why it stands there.
    because: String,
    /// The quarter in which work on it begins; null: none in sight.
    begins: Option<String>,
    /// Who takes care of it; may be empty.
    owner: String,
    /// How much of it is done, 0 to 1; null: it does not apply any more.
    progress: Option<f64>,
}

/// An activity that another team provides.
#[derive(ToSchema)]
pub(super) struct ProvidedPractice {
    /// The name of the team.
    team: String,
    /// The id of the activity.
    activity_id: String,
    /// What the activity is called.
    activity: String,
    /// The name of the team that provides it; null: it is not seen.
    by: Option<String>,
    /// The quarter from which it is there; null: none in sight.
    quarter: Option<String>,
}

/// An activity that a plan leaves out.
#[derive(ToSchema)]
pub(super) struct LeftOutPractice {
    /// The name of the team.
    team: String,
    /// The id of the activity.
    activity_id: String,
    /// What the activity is called.
    activity: String,
}

/// Where a team can do more or less than others.
#[derive(ToSchema)]
pub(super) struct CapacityException {
    /// The name of the team; null: all of them.
    team: Option<String>,
    /// The quarter; null: all of them.
    quarter: Option<String>,
    /// How many points of effort.
    capacity: f64,
}

/// A plan that is kept.
#[derive(ToSchema)]
pub(super) struct KeptPlan {
    /// Its number.
    id: i64,
    /// Its name.
    name: String,
    /// Which version of it.
    version: u32,
}

/// A clause of a standard, and one of the activities that serve it.
#[derive(ToSchema)]
pub(super) struct Mapping {
    /// The name of whom it is about.
    scope: String,
    /// The quarter.
    #[schema(example = "2026-Q4")]
    period: String,
    /// The title of the standard.
    standard: String,
    /// The clause.
    clause: String,
    /// How much of what serves the clause is done, 0 to 1; null: nothing of it applies.
    clause_completion: Option<f64>,
    /// The id of the activity.
    activity_id: String,
    /// What the activity is called.
    activity: String,
    /// The dimension of the activity.
    dimension: String,
    /// The sub-dimension of the activity.
    sub_dimension: String,
    /// The level of the activity.
    #[schema(minimum = 1, maximum = 5)]
    level: u8,
    /// How much of the activity is done, 0 to 1; null: it does not apply.
    progress: Option<f64>,
    /// Whether the activity applies.
    applicable: bool,
}

/// An answer of a team in a quarter.
#[derive(ToSchema)]
pub(super) struct AnswerRow {
    /// The name of the team.
    team: String,
    /// The quarter.
    #[schema(example = "2026-Q4")]
    period: String,
    /// The id of the activity.
    activity_id: String,
    /// What the activity is called; null: the catalog does not have it.
    activity: Option<String>,
    /// A step of the progress scale, `not_applicable` or `unanswered`.
    status: String,
    /// Why it is not applicable; null with every other status.
    not_applicable_reason: Option<String>,
    /// What was noted; null: nothing.
    note: Option<String>,
    /// The name of the team that the answer is inherited from; null when it is its own.
    inherited_from: Option<String>,
}
