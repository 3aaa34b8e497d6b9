//! A practice of a kept plan, looked at by itself: what it waits for, what waits for it, and whether it is done.

use super::seen::KeptPlan;
use super::{Item, TeamPlan};
use crate::domain::answer::{AssessmentId, Mark};
use crate::domain::catalog::{ActivityId, ActivityIndex};
use crate::domain::organization::{Team, TeamId};
use crate::domain::period::Period;
use crate::domain::standing::Standing;

/// How a planned practice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PracticeState {
    /// It is fully implemented.
    Done,
    /// It is not, although the quarter by whose end it was to be is over.
    Late,
    /// It is not, and there is time left.
    Open,
    /// It does not apply to the team any more.
    NotApplicable,
    /// The team or the activity is not assessed any more.
    Gone,
}

/// A practice of a team in a kept plan.
#[derive(Debug, Clone)]
pub struct PracticeSeen {
    /// The plan, with this team only.
    pub kept: KeptPlan,
    /// The team.
    pub team: Team,
    /// The practice as it was planned.
    pub item: Item,
    /// How it goes.
    pub state: PracticeState,
    /// How far the team is with it; `None` where it is not asked for it any more.
    pub mark: Option<Mark>,
    /// The assessment that says so.
    pub assessment: Option<AssessmentId>,
    /// What it cannot begin before, in the order of the catalog.
    pub needs: Vec<(ActivityIndex, Needed)>,
    /// What the team plans that cannot begin before it, with the quarter in which that begins, in the order of the
    /// plan.
    pub opens: Vec<(ActivityIndex, Period)>,
}

/// When something is there that a practice needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needed {
    /// The team finishes it in a quarter.
    Planned(Period),
    /// Another team provides it: its name, where that may be told, and the quarter in which it is ready; `None`: it
    /// was when the plan was made.
    Provided(Option<String>, Option<Period>),
    /// Nothing was left of it when the plan was made.
    Before,
}

impl KeptPlan {
    /// How the team stands now, where it is assessed.
    fn standing(&self, team: TeamId) -> Option<&Standing> {
        self.now.as_ref()?.standings.iter().find(|standing| standing.team == team)
    }

    /// How far a team is now with an activity of the plan; `None` where it is not asked for it any more.
    fn mark(&self, team: TeamId, activity: &ActivityId) -> Option<Mark> {
        let index = self.now.as_ref()?.catalog.find(activity)?;
        Some(self.standing(team)?.sheet.mark(index))
    }

    /// How a practice of a team goes that was to be finished by the end of a quarter.
    pub fn state(&self, team: TeamId, activity: ActivityIndex, until: Option<Period>) -> PracticeState {
        let due = self.progress.as_ref().map(|progress| progress.due);
        match self.mark(team, &self.catalog.activity(activity).id) {
            None => PracticeState::Gone,
            Some(Mark::NotApplicable) => PracticeState::NotApplicable,
            Some(Mark::Worth(100)) => PracticeState::Done,
            Some(_) if until <= due && until.is_some() => PracticeState::Late,
            Some(_) => PracticeState::Open,
        }
    }
}

impl PracticeSeen {
    /// A practice of a team; `None` when the plan does not have it. `teams` are those whose names may be told.
    pub fn new(kept: KeptPlan, team: Team, activity: &ActivityId, teams: &[Team]) -> Option<Self> {
        let index = kept.catalog.find(activity)?;
        let planned = kept.version.plan.teams.iter().find(|planned| planned.team == team.id)?;
        let item = planned.items.iter().find(|item| item.activity == index)?.clone();
        let needs = kept.catalog.prerequisites(index).iter().map(|&needed| (needed, needed_in(planned, needed, teams)));
        let needs_it = |item: &&Item| kept.catalog.prerequisites(item.activity).contains(&index);
        let opens = planned.items.iter().filter(needs_it).filter_map(|item| Some((item.activity, item.from()?)));
        Some(Self {
            state: kept.state(team.id, index, item.until()),
            mark: kept.mark(team.id, activity),
            assessment: kept.standing(team.id).map(|standing| standing.assessment),
            needs: needs.collect(),
            opens: opens.collect(),
            item,
            team,
            kept,
        })
    }
}

fn needed_in(planned: &TeamPlan, needed: ActivityIndex, teams: &[Team]) -> Needed {
    let own = planned.items.iter().find(|item| item.activity == needed).and_then(Item::until);
    let provided = planned.provided.iter().find(|provided| provided.activity == needed);
    match (own, provided) {
        (Some(until), _) => Needed::Planned(until),
        (None, Some(provided)) => {
            let by = teams.iter().find(|team| team.id == provided.by).map(|team| team.name.to_string());
            Needed::Provided(by, provided.ready)
        }
        (None, None) => Needed::Before,
    }
}
