//! Fills quarters: the stages one after the other, in the order of [`super::order`], up to each team's capacity.

use super::decision::{About, PlanFault, PlanInput};
use super::{Because, Item, Plan, PlannedTeam, Points, TeamPlan, Then, There};
use crate::domain::catalog::{ActivityIndex, Catalog};
use crate::domain::scoring::Measure;

/// Plans.
pub fn plan(catalog: &Catalog, teams: &[PlannedTeam<'_>], input: &PlanInput) -> Result<Plan, Vec<PlanFault>> {
    if input.capacity.each.is_zero() {
        let message = "a team that can do nothing never gets anywhere: enter how many points it can do in a quarter";
        return Err(vec![PlanFault { about: About::Capacity, message: message.to_owned() }]);
    }
    let teams = teams.iter().filter(|team| !input.left_out.contains(&team.team));
    Ok(Plan { start: input.start, teams: teams.map(|team| of_team(catalog, team, input)).collect() })
}

fn of_team(catalog: &Catalog, team: &PlannedTeam<'_>, input: &PlanInput) -> TeamPlan {
    let is_left = |index: ActivityIndex| Measure::from(team.sheet.mark(index)).is_open();
    let practices = team.roadmap.practices(catalog, is_left);
    let mut planned =
        TeamPlan { team: team.team, name: team.name.into(), items: vec![], provided: vec![], excluded: vec![] };
    let (mut quarter, mut used) = (input.start, Points::ZERO);
    let mut left: Vec<_> = catalog.activities().zip(practices).filter_map(|(a, s)| Some((a, s?))).collect();
    left.sort_by_key(|((_, activity), stage)| (*stage, activity.level));
    for ((index, activity), stage) in left {
        let effort = Points::remaining(activity, team.sheet.mark(index));
        let (mut rest, mut work) = (effort, Vec::new());
        while !rest.is_zero() {
            let free = input.capacity.of(team.team, quarter) - used;
            if free.is_zero() {
                (quarter, used) = (quarter.next(), Points::ZERO);
                continue;
            }
            let done = free.min(rest);
            work.push((quarter, done));
            (rest, used) = (rest - done, used + done);
        }
        planned.items.push(Item {
            activity: index,
            stage,
            effort,
            usefulness: activity.usefulness,
            progress: Measure::from(team.sheet.mark(index)).value(),
            work,
            because: Because { there: There::Target(activity.level), then: Then::Worth, after: None },
        });
    }
    planned
}
