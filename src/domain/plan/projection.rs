//! The projected course of the scores: where a scope would stand in each quarter if everything were done as planned.

use std::collections::{BTreeMap, HashMap};

use super::{Plan, TeamPlan};
use crate::domain::answer::{Mark, MarkSum, Sheet};
use crate::domain::catalog::{ActivityIndex, Catalog};
use crate::domain::organization::{Scope, TeamId};
use crate::domain::period::Period;
use crate::domain::scoring::{Measure, Scorecard, Threshold, mark_sums};
use crate::domain::standing::{Standing, Trend, TrendPoint};

/// The trend of a scope as a plan has it: first where it stands, as of the quarter before the first of the plan, then each
/// quarter of the plan. `standings` are all teams of the scope, in the order of `catalog`; those that the plan is not
/// about stay where they are. It is what combining [`TeamPlan::projected`] of all teams gives, quarter by quarter.
pub fn projection(catalog: &Catalog, scope: Scope, standings: &[Standing], plan: &Plan, threshold: Threshold) -> Trend {
    let sheets: HashMap<TeamId, &Sheet> = standings.iter().map(|of| (of.team, &*of.sheet)).collect();
    let mut finished = Finished::default();
    for team in &plan.teams {
        if let Some(sheet) = sheets.get(&team.team) {
            finished.add(catalog, team, sheet, plan.start);
        }
    }
    let all: Vec<&Sheet> = standings.iter().map(|standing| &*standing.sheet).collect();
    let mut marks = Marks(mark_sums(catalog, &all));
    let mut points = Vec::new();
    let mut add = |period, marks: &Marks| {
        let card = Scorecard::new(catalog, &marks.measures(), threshold);
        points.extend(TrendPoint::of_card(period, &card, false));
    };
    add(plan.start.previous(), &marks);
    for quarter in plan.quarters() {
        for (activity, mark) in finished.0.remove(&quarter).unwrap_or_default() {
            marks.finish(activity, mark);
        }
        add(quarter, &marks);
    }
    Trend { scope, points, markers: Vec::new() }
}

/// What is finished in each quarter, over all teams, with the marks that there were.
#[derive(Default)]
struct Finished(BTreeMap<Period, Vec<(ActivityIndex, Mark)>>);

impl Finished {
    fn add(&mut self, catalog: &Catalog, team: &TeamPlan, sheet: &Sheet, start: Period) {
        let items = team.items.iter().filter_map(|item| Some((item.activity, item.until()?)));
        let provided = team.provided.iter().map(|provided| (provided.activity, provided.ready.unwrap_or(start)));
        let mut until: Vec<Option<Period>> = vec![None; catalog.len()];
        for (activity, period) in items.chain(provided) {
            if let Some(until) = until.get_mut(activity.position()) {
                // What was ready before the plan counts from its first quarter on; and nothing is finished twice.
                *until = Some(until.map_or(period, |other| period.min(other)).max(start));
            }
        }
        for ((activity, _), period) in catalog.activities().zip(until) {
            if let Some(period) = period {
                self.0.entry(period).or_default().push((activity, sheet.mark(activity)));
            }
        }
    }
}

/// The marks of all teams.
struct Marks(Vec<MarkSum>);

impl Marks {
    fn finish(&mut self, activity: ActivityIndex, before: Mark) {
        if let Some(sum) = self.0.get_mut(activity.position()) {
            *sum -= before.into();
            *sum += Mark::Worth(100).into();
        }
    }

    fn measures(&self) -> Vec<Measure> {
        self.0.iter().map(MarkSum::measure).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::domain::catalog::samples as catalogs;
    use crate::domain::plan::{Because, Item, Points, Provided, Then, There};
    use crate::domain::roadmap::StageNumber;
    use crate::domain::standing::samples::{overview, standing};

    fn quarter(number: usize) -> Period {
        std::iter::successors(Some("2026-Q1".parse().unwrap()), |period: &Period| Some(period.next()))
            .nth(number)
            .unwrap()
    }

    fn item(activity: ActivityIndex, until: usize) -> Item {
        Item {
            activity,
            stage: StageNumber(1),
            effort: Points::whole(5),
            usefulness: 3,
            progress: 0.0,
            work: vec![(quarter(0), Points::whole(2)), (quarter(until), Points::whole(3))],
            because: Because { there: There::Target(1), then: Then::Worth, after: None },
        }
    }

    proptest! {
        #[test]
        fn each_quarter_is_what_the_teams_projected_sheets_make_together(
            teams in prop::collection::vec((
                prop::collection::vec(-2..=100_i16, 6), prop::collection::vec((0..6_usize, 0..5_usize), 0..6),
                prop::collection::vec((0..6_usize, prop::option::of(0..6_usize)), 0..3), any::<bool>()
            ), 0..5)
        ) {
            let catalog = Arc::new(catalogs::catalog(&[&[1, 1, 2], &[1, 3, 3]]));
            let indexes: Vec<ActivityIndex> = catalog.activities().map(|(index, _)| index).collect();
            let standings: Vec<Standing> = (0..).zip(&teams)
                .map(|(team, (marks, ..))| standing(&catalog, team, quarter(0), marks)).collect();
            let planned = standings.iter().zip(&teams).filter(|(_, (.., is_planned))| *is_planned);
            let planned = planned.map(|(standing, (_, items, provided, _))| TeamPlan {
                team: standing.team,
                name: standing.team_name.clone(),
                items: items.iter().map(|(activity, until)| item(indexes[*activity], *until + 1)).collect(),
                provided: provided.iter().map(|(activity, ready)| Provided {
                    activity: indexes[*activity], stage: StageNumber(1), by: TeamId(9), ready: ready.map(quarter),
                }).collect(),
                excluded: vec![],
            });
            let plan = Plan { start: quarter(1), teams: planned.collect() };
            let threshold = Threshold::default();
            let found = projection(&catalog, Scope::organization(), &standings, &plan, threshold);
            let sheets_at = |period: Period| standings.iter().map(|standing| {
                let of_team = plan.teams.iter().find(|team| team.team == standing.team && period >= plan.start);
                let sheet = of_team.map_or_else(|| Sheet::clone(&standing.sheet), |of| of.projected(&standing.sheet, period));
                Standing { sheet: Arc::new(sheet), ..standing.clone() }
            }).collect::<Vec<_>>();
            let mut expected = Vec::new();
            for period in std::iter::once(quarter(0)).chain(plan.quarters()) {
                let together = overview(&catalog, period, sheets_at(period));
                expected.extend(TrendPoint::of_card(period, &together.scorecard, false));
            }
            prop_assert_eq!(found.points, expected);
        }
    }
}
