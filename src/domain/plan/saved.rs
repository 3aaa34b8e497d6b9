//! Plans that are kept: each version is a baseline against which progress is measured.

use chrono::{DateTime, Utc};

use super::decision::PlanInput;
use super::{Plan, Points};
use crate::domain::catalog::{ActivityId, Catalog, CatalogDigest, Level};
use crate::domain::organization::{Name, ScopeId, TeamId};
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, StageNumber};
use crate::domain::scoring::{Scorecard, ScoredDimension};

/// The number of a kept plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlanId(pub i64);

/// A kept plan, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedPlan {
    /// Its number.
    pub id: PlanId,
    /// Its name, unique among the plans of its scope whatever the case of its letters.
    pub name: Name,
    /// Of whom it is.
    pub scope: ScopeId,
    /// How many versions there are; at least 1.
    pub versions: u32,
    /// When the latest was saved.
    pub saved_at: DateTime<Utc>,
    /// By whom.
    pub saved_by: String,
    /// Since when it is put aside.
    pub archived_at: Option<DateTime<Utc>>,
}

/// What a plan said when it was saved. It never changes.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanVersion {
    /// Its number in the plan, from 1.
    pub number: u32,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
    /// By whom.
    pub saved_by: String,
    /// What was decided.
    pub input: PlanInput,
    /// What followed from that.
    pub plan: Plan,
    /// The catalog whose activities the plan names.
    pub catalog: CatalogDigest,
    /// The quarter in which the teams were looked at.
    pub period: Period,
    /// The stages with the targets that held for the scope.
    pub roadmap: Roadmap,
    /// Where the scope stood in each dimension.
    pub dimensions: Vec<BaselineDimension>,
}

/// A version of a plan, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHead {
    /// Its number in the plan, from 1.
    pub number: u32,
    /// When it was saved.
    pub saved_at: DateTime<Utc>,
    /// By whom.
    pub saved_by: String,
    /// Its first quarter.
    pub start: Period,
}

impl PlanVersion {
    /// What progress is measured against. `catalog` is the one that the plan names.
    pub fn baseline(&self, catalog: &Catalog) -> Baseline {
        Baseline::new(catalog, &self.plan, self.period, self.roadmap.clone(), self.dimensions.clone())
    }
}

impl BaselineDimension {
    /// Where a scope with these scores stands.
    pub fn all_of(card: &Scorecard) -> Vec<Self> {
        let of = |dimension: &ScoredDimension| Self {
            name: dimension.total.name.clone(),
            level: dimension.total.score.level,
            score: dimension.total.score.score,
        };
        card.dimensions.iter().map(of).collect()
    }
}

/// What was planned, and where the scope stood then: progress is measured against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// The quarter in which the teams were looked at.
    pub period: Period,
    /// The stages with the targets that held for the scope.
    pub roadmap: Roadmap,
    /// Where the scope stood in each dimension.
    pub dimensions: Vec<BaselineDimension>,
    /// What the teams were to do.
    pub teams: Vec<BaselineTeam>,
}

/// Where a scope stood in a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineDimension {
    /// The name of the dimension.
    pub name: String,
    /// The level it had reached.
    pub level: Level,
    /// Its score.
    pub score: f64,
}

/// What one team was to do.
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineTeam {
    /// The team.
    pub team: TeamId,
    /// What it was to do, in the order of the plan.
    pub items: Vec<BaselineItem>,
}

/// A practice as it was planned.
#[derive(Debug, Clone, PartialEq)]
pub struct BaselineItem {
    /// The activity.
    pub activity: ActivityId,
    /// The stage.
    pub stage: StageNumber,
    /// The work that was left of it.
    pub effort: Points,
    /// How far it was, in percent.
    pub percent: u8,
    /// The quarters in which it was to be worked on, with the work in each; never empty.
    pub work: Vec<(Period, Points)>,
}

impl BaselineItem {
    /// The quarter in which it was to be finished.
    pub fn until(&self) -> Option<Period> {
        self.work.last().map(|(period, _)| *period)
    }
}

impl Baseline {
    /// The baseline of a plan that was made in a quarter for a scope that stood there.
    pub fn new(
        catalog: &Catalog,
        plan: &Plan,
        period: Period,
        roadmap: Roadmap,
        dimensions: Vec<BaselineDimension>,
    ) -> Self {
        let teams = plan.teams.iter().map(|team| {
            let items = team.items.iter().map(|item| BaselineItem {
                activity: catalog.activity(item.activity).id.clone(),
                stage: item.stage,
                effort: item.effort,
                percent: (item.progress * 100.0).round() as u8,
                work: item.work.clone(),
            });
            BaselineTeam { team: team.team, items: items.collect() }
        });
        Self { period, roadmap, dimensions, teams: teams.collect() }
    }
}
