//! Plans as somebody looks at them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::comparison::PlanComparison;
use super::entry::PlanEntry;
use super::feasibility::StageDate;
use super::progress::PlanProgress;
use super::saved::{PlanVersion, SavedPlan, VersionHead};
use super::{Plan, PlanInput, Points};
use crate::domain::catalog::{ActivityId, Catalog};
use crate::domain::fault::FieldFault;
use crate::domain::forecast::{Forecast, NoForecast, Pace};
use crate::domain::organization::{Scope, TeamId};
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, StageProgress};
use crate::domain::standing::{Overview, Trend};

/// Who takes care of what: by team and activity.
pub type Owners = BTreeMap<(TeamId, ActivityId), String>;

/// A plan that was just made for a scope as it stands.
#[derive(Debug, Clone)]
pub struct MadePlan {
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// The stages with the targets that hold for the scope, what the plan changes about them included.
    pub roadmap: Roadmap,
    /// What was decided.
    pub input: PlanInput,
    /// What follows from it.
    pub plan: Plan,
    /// Whether the dates of the stages are met.
    pub dates: Vec<StageDate>,
    /// How the scores of the scope would rise, quarter by quarter.
    pub course: Trend,
}

/// What the teams can do in a quarter, judged by what they did.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Estimates {
    /// The points that each team can do, for those that were assessed often enough.
    pub teams: BTreeMap<TeamId, Points>,
    /// The median of those that are not nothing; `None` when there are none.
    pub median: Option<Points>,
}

impl Estimates {
    /// The estimates that rest on what teams got done.
    pub fn new(paces: Vec<Pace>) -> Self {
        let teams: BTreeMap<TeamId, Points> =
            paces.into_iter().filter_map(|pace| Some((pace.team, pace.estimate?))).collect();
        let mut sorted: Vec<Points> = teams.values().copied().filter(|points| !points.is_zero()).collect();
        sorted.sort_unstable();
        let median = sorted.get(sorted.len() / 2).copied();
        Self { teams, median }
    }
}

/// A plan that is being made.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The kept plan whose next version it becomes; `None`: it becomes a new plan.
    pub kept: Option<SavedPlan>,
    /// The quarter that is present: no plan begins before.
    pub present: Period,
    /// What was entered, or what is proposed.
    pub entry: PlanEntry,
    /// What follows from it, or everything that is wrong with it.
    pub made: Proposal,
    /// The same for the latest version of the kept plan, from where the scope stands now.
    pub course_before: Option<Trend>,
    /// What the teams can do, judged by what they did.
    pub estimates: Arc<Estimates>,
    /// The mean effort of an activity of the catalog, in points.
    pub mean_effort: f64,
}

/// A kept plan as it is looked at.
#[derive(Debug, Clone)]
pub struct KeptPlan {
    /// The plan.
    pub plan: SavedPlan,
    /// The scope that it was made for.
    pub of: Scope,
    /// The version that is looked at, with the teams that are in the scope that was asked for.
    pub version: PlanVersion,
    /// The catalog that it counts activities in.
    pub catalog: Arc<Catalog>,
    /// Its versions, the latest first.
    pub versions: Vec<VersionHead>,
    /// Who takes care of what.
    pub owners: Owners,
    /// Where the scope stands; `None` when nothing of it is assessed any more.
    pub now: Option<Arc<Overview>>,
    /// How far it is; `None` when nothing of the scope is assessed any more.
    pub progress: Option<PlanProgress>,
    /// How the scores would rise, from where the scope stood when the plan was saved.
    pub course: Option<Trend>,
}

/// Plans of which two are compared.
#[derive(Debug, Clone)]
pub struct PlansCompared {
    /// All plans that can be, in the order of their names, with the names of their scopes.
    pub plans: Vec<(SavedPlan, String)>,
    /// The two; `None` when nothing was asked for and there are no two.
    pub two: Option<Box<TwoPlans>>,
}

/// Two kept plans side by side.
#[derive(Debug, Clone)]
pub struct TwoPlans {
    /// Both, each for the scope that it is made for.
    pub sides: [KeptPlan; 2],
    /// What differs.
    pub comparison: PlanComparison,
}

/// Everything about the transformation of a scope.
#[derive(Debug, Clone)]
pub struct Transformation {
    /// Where the scope stands.
    pub overview: Arc<Overview>,
    /// How far the stages are.
    pub stages: Vec<StageProgress>,
    /// What is followed, or else what is proposed.
    pub followed: Followed,
    /// When the stages are done, judged by what was done in the past.
    pub forecast: Arc<Result<Forecast, NoForecast>>,
}

/// What a scope does, quarter by quarter.
#[derive(Debug, Clone)]
pub enum Followed {
    /// The kept plan that was saved last, of the scope itself or of one that it belongs to.
    Kept(Box<KeptPlan>),
    /// No plan is kept, and this is what would be proposed; or why nothing can be.
    Proposed(Arc<Proposal>),
}

/// The plan that is proposed, or why none can be.
pub type Proposal = Result<MadePlan, Vec<FieldFault>>;

impl Followed {
    /// The plan; `None` when none can be proposed.
    pub fn plan(&self) -> Option<&Plan> {
        match self {
            Self::Kept(kept) => Some(&kept.version.plan),
            Self::Proposed(made) => made.as_ref().as_ref().ok().map(|made| &made.plan),
        }
    }
}

/// Where a plan leads.
#[derive(Debug, Clone)]
pub struct PlanCourse {
    /// What it is called: by its name, or that it is proposed.
    pub name: String,
    /// The stages with the targets of the plan.
    pub roadmap: Roadmap,
    /// The scores, quarter by quarter.
    pub course: Trend,
}
