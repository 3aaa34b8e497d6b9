//! A plan as a list to take away: each practice of each team, with who takes care of it and how far it is by now.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::saved::SavedPlan;
use super::seen::{Followed, KeptPlan, MadePlan, Owners};
use super::{Item, Plan, PlanInput, Points, TeamPlan};
use crate::domain::answer::Mark;
use crate::domain::catalog::{ActivityIndex, Catalog};
use crate::domain::fault::FieldFault;
use crate::domain::organization::{Scope, Team, TeamId};
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, StageNumber, StageProgress};
use crate::domain::standing::{Overview, Standing};

/// Everything that is taken away of a plan.
#[derive(Debug, Clone)]
pub struct PlanListing {
    /// The kept plan with the number of its version; `None`: it is what is proposed.
    pub kept: Option<(SavedPlan, u32)>,
    /// Where the scope stands now.
    pub overview: Arc<Overview>,
    /// The catalog that the plan counts activities in.
    pub catalog: Arc<Catalog>,
    /// The stages with the targets of the plan.
    pub roadmap: Roadmap,
    /// What was decided.
    pub input: PlanInput,
    /// What follows from it, for the teams of the scope.
    pub plan: Plan,
    /// Who takes care of what, beside what was decided.
    owners: Owners,
    /// The names of the teams that whoever looks sees.
    names: BTreeMap<TeamId, String>,
}

/// A practice of one team.
#[derive(Debug, Clone, Copy)]
pub struct ListedPractice<'a> {
    /// The team, with all that it does.
    pub team: &'a TeamPlan,
    /// The practice.
    pub item: &'a Item,
    /// Who takes care of it; may be empty.
    pub owner: &'a str,
    /// What the team answers now; `None` where it is not assessed, or its catalog has no such activity.
    pub mark: Option<Mark>,
}

impl ListedPractice<'_> {
    /// How far it is now, v(a) in [0, 1]; `None` where nothing is answered that counts.
    pub fn progress(&self) -> Option<f64> {
        match self.mark? {
            Mark::Worth(percent) => Some(f64::from(percent) / 100.0),
            Mark::Unanswered => Some(0.0),
            Mark::NotApplicable => None,
        }
    }

    /// Whether there is still something to do: it applies and is not fully implemented, as far as is known.
    pub fn is_open(&self) -> bool {
        !matches!(self.mark, Some(Mark::NotApplicable | Mark::Worth(100..)))
    }
}

impl PlanListing {
    /// The list of what a scope follows or could follow; or what is wrong with what is proposed. `teams` are those that
    /// whoever looks sees.
    pub fn new(overview: Arc<Overview>, followed: Followed, teams: &[Team]) -> Result<Self, Vec<FieldFault>> {
        let names = teams.iter().map(|team| (team.id, team.name.to_string())).collect();
        Ok(match followed {
            Followed::Kept(kept) => {
                let KeptPlan { plan, version, catalog, owners, .. } = *kept;
                let (input, roadmap) = (version.input, version.roadmap);
                Self {
                    kept: Some((plan, version.number)),
                    overview,
                    catalog,
                    roadmap,
                    input,
                    plan: version.plan,
                    owners,
                    names,
                }
            }
            Followed::Proposed(made) => {
                let MadePlan { roadmap, input, plan, .. } = Arc::unwrap_or_clone(made)?;
                let catalog = Arc::clone(&overview.catalog);
                Self { kept: None, overview, catalog, roadmap, input, plan, owners: Owners::new(), names }
            }
        })
    }

    /// Of whom it is.
    pub fn scope(&self) -> &Scope {
        &self.overview.scope
    }

    /// The name of a team; `None` where whoever looks does not see it.
    pub fn team_name(&self, team: TeamId) -> Option<&str> {
        self.names.get(&team).map(String::as_str)
    }

    /// What teams of this list can do that is not what each can: for one team or all (`None`), in one quarter or all.
    pub fn capacity_exceptions(&self) -> impl Iterator<Item = (Option<&str>, Option<Period>, Points)> {
        let listed: HashSet<TeamId> = self.plan.teams.iter().map(|team| team.team).collect();
        self.input.capacity.exceptions.iter().filter_map(move |((team, quarter), points)| match team {
            None => Some((None, *quarter, *points)),
            Some(team) if listed.contains(team) => Some((Some(self.team_name(*team)?), *quarter, *points)),
            Some(_) => None,
        })
    }

    /// Leaves the stages after one out; `None` when there is no such stage.
    #[must_use]
    pub fn up_to(mut self, last: StageNumber) -> Option<Self> {
        let stages = self.roadmap.stages().get(..last.0).filter(|stages| !stages.is_empty())?;
        self.roadmap = Roadmap::new(stages.to_vec()).ok()?;
        for team in &mut self.plan.teams {
            team.items.retain(|item| item.stage <= last);
            team.provided.retain(|provided| provided.stage <= last);
            team.excluded.retain(|(_, stage)| *stage <= last);
        }
        Some(self)
    }

    /// How far the stages of the plan are now.
    pub fn stages(&self) -> Vec<StageProgress> {
        let Overview { catalog, measures, scorecard, .. } = &*self.overview;
        self.roadmap.progress(catalog, measures, scorecard)
    }

    /// The practices by stage, then by the quarter in which they are finished, then by team in the order of the plan.
    pub fn practices(&self) -> Vec<ListedPractice<'_>> {
        let standings: HashMap<TeamId, &Standing> =
            self.overview.standings.iter().map(|standing| (standing.team, standing)).collect();
        let places: Vec<Option<ActivityIndex>> =
            self.catalog.activities().map(|(_, activity)| self.overview.catalog.find(&activity.id)).collect();
        let mut practices = Vec::new();
        for team in &self.plan.teams {
            let standing = standings.get(&team.team);
            for item in &team.items {
                let place = places.get(item.activity.position()).copied().flatten();
                let mark = standing.zip(place).map(|(standing, place)| standing.sheet.mark(place));
                practices.push(ListedPractice { team, item, owner: self.owner(team.team, item.activity), mark });
            }
        }
        // A stable sort: teams, and what a team finishes in the same quarter, stay in the order of the plan.
        practices.sort_by_key(|practice| (practice.item.stage, practice.item.until()));
        practices
    }

    /// Who takes care of an activity for a team.
    fn owner(&self, team: TeamId, activity: ActivityIndex) -> &str {
        let id = &self.catalog.activity(activity).id;
        let named = (!self.owners.is_empty()).then(|| self.owners.get(&(team, id.clone()))).flatten();
        named.map_or("", String::as_str)
    }
}
