//! Fills quarters: the stages one after the other, in the order of [`super::order`], up to each team's capacity.
//!
//! What a person locked to a quarter is finished in that quarter, and what it needs by then. A team that provides
//! something for others is planned before them.

mod agenda;
mod faults;
mod fill;
mod limits;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;
use petgraph::visit::EdgeRef;

use super::decision::{About, Course, PlanFault, PlanInput};
use super::{Because, Item, Plan, PlannedTeam, Provided, TeamPlan, Then};
use crate::domain::catalog::{ActivityIndex, Catalog};
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, StageNumber};
use crate::domain::scoring::Measure;

use agenda::{Agenda, Provision, Ruling, Rulings, Task};
use faults::{Faults, names};
use fill::{Filled, fill};
use limits::{Limits, Quarters};

/// How many quarters a plan has at most.
pub const MAX_QUARTERS: u32 = 80;

/// Plans. Faults name all that is wrong with the input at once, as far as one does not hide another.
pub fn plan(catalog: &Catalog, teams: &[PlannedTeam<'_>], input: &PlanInput) -> Result<Plan, Vec<PlanFault>> {
    let mut faults = Faults::default();
    check(catalog, teams, input, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into_vec());
    }
    let mut planner = Planner {
        catalog,
        dimensions: catalog.homes().map(|(_, home)| home.dimension.name.as_str()).collect(),
        input,
        teams: teams.iter().map(|team| (team.team, team)).collect(),
        rulings: Rulings::new(catalog, input),
        planned: BTreeMap::new(),
        faults,
    };
    for team in planner.providers_first(teams) {
        let planned = planner.of_team(team);
        planner.planned.insert(team.team, planned);
    }
    if !planner.faults.is_empty() {
        return Err(planner.faults.into_vec());
    }
    let teams = teams.iter().filter_map(|team| planner.planned.remove(&team.team)).collect();
    Ok(Plan { start: input.start, teams })
}

/// What is wrong with the dates of stages: those that an input wishes for before the plan begins, and those that come
/// before the date of an earlier stage, when one of the two is of the input. `roadmap` has the dates that hold, with
/// what the input changes about them.
fn check_wishes(roadmap: &Roadmap, input: &PlanInput) -> Vec<PlanFault> {
    let numbered = (1..).map(StageNumber).zip(roadmap.stages());
    let mut latest: Option<(StageNumber, Period)> = None;
    let mut faults = Vec::new();
    for (stage, wished) in numbered.filter_map(|(number, stage)| Some((number, stage.wished?))) {
        let is_entered = |stage: StageNumber| input.wishes.get(&stage).is_some_and(Option::is_some);
        let mut fault = |of: StageNumber, message| faults.push(PlanFault { about: About::Wish(of), message });
        if is_entered(stage) && wished < input.start {
            let message = format!(
                "stage {} is wished by {wished}, before the plan begins in {}; choose a later quarter, or none",
                stage.0, input.start
            );
            fault(stage, message);
        } else if let Some((before, date)) =
            latest.filter(|(before, date)| wished < *date && (is_entered(stage) || is_entered(*before)))
        {
            let message = format!(
                "stage {} is wished by {wished}, but stage {} before it only by {date}; choose a later quarter for stage \
                 {}, or an earlier one for stage {}",
                stage.0, before.0, stage.0, before.0
            );
            // It is said where it was entered.
            fault(if is_entered(stage) { stage } else { before }, message);
        }
        latest = latest.filter(|(_, date)| *date > wished).or(Some((stage, wished)));
    }
    faults
}

/// What is wrong with an input whatever the teams have done.
fn check(catalog: &Catalog, teams: &[PlannedTeam<'_>], input: &PlanInput, faults: &mut Faults) {
    if Period::LAST.quarters_after(input.start) < MAX_QUARTERS {
        let years = MAX_QUARTERS / 4;
        faults.add(About::Start, format!("a plan may take {years} years and ends by {}; begin earlier", Period::LAST));
    }
    // The dates are the same for all teams.
    if let Some(team) = teams.first() {
        for PlanFault { about, message } in check_wishes(team.roadmap, input) {
            faults.add(about, message);
        }
    }
    if input.capacity.each.is_zero() {
        let message = "a team that can do nothing never gets anywhere; enter how many points it can do in a quarter";
        faults.add(About::Capacity, message);
    }
    if teams.iter().all(|team| input.left_out.contains(&team.team)) {
        faults.add(About::Teams, "no team is left to plan for; take at least one into the plan");
    }
    let ids: BTreeSet<TeamId> = teams.iter().map(|team| team.team).collect();
    let mut planned = ids.difference(&input.left_out);
    // The one team of the plan, for which what is decided for all is decided.
    let only = planned.next().filter(|_| planned.next().is_none());
    for ((id, of), course) in &input.decisions {
        let about = || About::Decision(id.clone(), *of);
        let Some(index) = catalog.find(id) else {
            faults.add(about(), format!("the catalog has no activity “{id}”; take what is decided about it away"));
            continue;
        };
        let name = &catalog.activity(index).name;
        if of.is_some_and(|team| !ids.contains(&team)) {
            let message = format!("what is decided about “{name}” is for a team that is not among these; take it away");
            faults.add(about(), message);
        }
        if let Course::ProvidedBy(by) = *course {
            if of.as_ref().or(only) == Some(&by) {
                let message = format!("“{name}” cannot be provided by the team that needs it; choose another team");
                faults.add(about(), message);
            } else if !ids.contains(&by) {
                let message =
                    format!("“{name}” is to be provided by a team that is not among these; choose one of them");
                faults.add(about(), message);
            }
        }
    }
}

/// What is known while the teams are planned, one after the other.
struct Planner<'a> {
    catalog: &'a Catalog,
    /// The name of the dimension of each activity.
    dimensions: Vec<&'a str>,
    input: &'a PlanInput,
    teams: BTreeMap<TeamId, &'a PlannedTeam<'a>>,
    rulings: Rulings,
    planned: BTreeMap<TeamId, TeamPlan>,
    faults: Faults,
}

/// Whether a team still has to do something that it provides.
enum Supply {
    Done,
    InPlan,
}

impl<'a> Planner<'a> {
    /// The teams of the plan, each after those that provide something for it that they still have to do. Of teams
    /// that wait for each other there is no such order.
    fn providers_first(&mut self, teams: &'a [PlannedTeam<'a>]) -> Vec<&'a PlannedTeam<'a>> {
        let teams: Vec<_> = teams.iter().filter(|team| !self.input.left_out.contains(&team.team)).collect();
        if !self.input.decisions.values().any(|course| matches!(course, Course::ProvidedBy(_))) {
            return teams;
        }
        let mut waiting = DiGraph::<&PlannedTeam<'_>, ActivityIndex>::new();
        let nodes: BTreeMap<TeamId, _> = teams.iter().map(|team| (team.team, waiting.add_node(*team))).collect();
        for team in &teams {
            let rulings = self.rulings.of(team.team);
            for ((index, _), ruling) in self.catalog.activities().zip(rulings) {
                if let Course::ProvidedBy(by) = ruling.course
                    && Measure::from(team.sheet.mark(index)).is_open()
                    && let (Some(&from), Some(&to)) = (nodes.get(&team.team), nodes.get(&by))
                    && matches!(self.supply(by, index), Ok(Supply::InPlan))
                {
                    waiting.add_edge(from, to, index);
                }
            }
        }
        let found = tarjan_scc(&waiting);
        for edge in waiting.edge_references() {
            let circle = found.iter().find(|circle| circle.contains(&edge.source()));
            let Some(circle) = circle.filter(|circle| circle.contains(&edge.target())) else { continue };
            let mut circle = circle.clone();
            circle.sort_unstable();
            let all: Vec<String> =
                circle.iter().filter_map(|&node| Some(waiting.node_weight(node)?.name.into())).collect();
            let Some(team) = waiting.node_weight(edge.source()) else { continue };
            let activity = self.catalog.activity(*edge.weight());
            let ruling = self.rulings.of(team.team).get(edge.weight().position()).copied().unwrap_or_default();
            let message = format!(
                "{} provide for each other in a circle, so that none of them can begin; let {} do “{}” itself, or \
                 break the circle elsewhere",
                names(&all),
                team.name,
                activity.name
            );
            self.faults.add(ruling.about(&activity.id), message);
        }
        // What others wait for comes first.
        found.into_iter().flatten().filter_map(|node| waiting.node_weight(node).copied()).collect()
    }

    /// Whether a team has what it provides, or why it never will.
    fn supply(&self, by: TeamId, activity: ActivityIndex) -> Result<Supply, String> {
        let name = &self.catalog.activity(activity).name;
        let Some(provider) = self.teams.get(&by) else {
            return Err(format!("“{name}” is to be provided by a team that is not among these; choose one of them"));
        };
        let measure = Measure::from(provider.sheet.mark(activity));
        if measure.worth.is_none() {
            return Err(format!(
                "{} cannot provide “{name}”, which does not apply to it; choose another team",
                provider.name
            ));
        }
        if !measure.is_open() {
            return Ok(Supply::Done);
        }
        if self.input.left_out.contains(&by) {
            return Err(format!(
                "{} is to provide “{name}”, but has not done it and is not in the plan; take it into the plan, or \
                 choose another team",
                provider.name
            ));
        }
        Ok(Supply::InPlan)
    }

    /// The quarter in which a team that is planned already finishes something that it provides; `None`: it has done
    /// so before.
    fn ready(&self, by: TeamId, activity: ActivityIndex) -> Result<Option<Period>, String> {
        if let Supply::Done = self.supply(by, activity)? {
            return Ok(None);
        }
        // A team that comes later is one of a circle, which has been said.
        let Some(plan) = self.planned.get(&by) else { return Ok(None) };
        let name = &self.catalog.activity(activity).name;
        if plan.excluded.iter().any(|(excluded, _)| *excluded == activity) {
            return Err(format!(
                "{} is to provide “{name}”, but leaves it out itself; let it do it, or choose another team",
                plan.name
            ));
        }
        let item = plan.items.iter().find(|item| item.activity == activity).map(Item::until);
        let passed_on = plan.provided.iter().find(|provided| provided.activity == activity);
        match item.or(passed_on.map(|provided| provided.ready)) {
            Some(ready) => Ok(ready),
            None => Err(format!(
                "{} is to provide “{name}”, but none of its stages asks for it; raise its target, or choose another team",
                plan.name
            )),
        }
    }

    fn of_team(&mut self, team: &PlannedTeam<'_>) -> TeamPlan {
        let rulings = self.rulings.of(team.team);
        let agenda = Agenda::new(self.catalog, &self.dimensions, team, &rulings);
        let mut planned = TeamPlan {
            team: team.team,
            name: team.name.into(),
            items: Vec::new(),
            provided: Vec::new(),
            excluded: agenda.excluded.clone(),
        };
        self.check_needed(team, &agenda, &rulings);
        for &Provision { activity, stage, by } in &agenda.provisions {
            match self.ready(by, activity) {
                Ok(ready) => planned.provided.push(Provided { activity, stage, by, ready }),
                Err(sentence) => {
                    let ruling = rulings.get(activity.position()).copied().unwrap_or_default();
                    self.faults.add_for(team.name, ruling.about(&self.catalog.activity(activity).id), sentence);
                }
            }
        }
        let provided = planned.provided.iter();
        let ready = provided.filter_map(|provided| Some((provided.activity, provided.ready?))).collect();
        let quarters = self.quarters(team.team);
        let limits = Limits {
            catalog: self.catalog,
            team,
            rulings: &rulings,
            agenda: &agenda,
            quarters: &quarters,
            ready: &ready,
        };
        let Some(jobs) = limits.jobs(&mut self.faults) else { return planned };
        let filled = fill(&jobs, &quarters.capacity);
        if filled.finished.len() < jobs.len() {
            self.add_too_small(team, &quarters, &filled, &agenda);
            return planned;
        }
        planned.items = self.items(team, &agenda, &filled, &quarters, &ready);
        planned
    }

    fn quarters(&self, team: TeamId) -> Quarters {
        let mut periods = Vec::new();
        let mut period = self.input.start;
        for _ in 0..MAX_QUARTERS {
            periods.push(period);
            period = period.next();
        }
        let capacity = periods.iter().map(|&period| self.input.capacity.of(team, period)).collect();
        Quarters { periods, capacity }
    }

    /// What is left out although something in the plan needs it.
    fn check_needed(&mut self, team: &PlannedTeam<'_>, agenda: &Agenda, rulings: &[Ruling]) {
        for ((index, activity), ruling) in self.catalog.activities().zip(rulings) {
            if ruling.course != Course::Excluded || !Measure::from(team.sheet.mark(index)).is_open() {
                continue;
            }
            let needing = agenda.tasks.iter().filter(|task| self.catalog.prerequisites(task.activity).contains(&index));
            let needing: Vec<String> =
                needing.map(|task| format!("“{}”", self.catalog.activity(task.activity).name)).collect();
            if !needing.is_empty() {
                let need = if needing.len() == 1 { "needs" } else { "need" };
                let message = format!(
                    "“{}” is left out, but {} {need} it; leave that out as well, let another team provide it, or do it",
                    activity.name,
                    names(&needing)
                );
                self.faults.add_for(team.name, ruling.about(&activity.id), message);
            }
        }
    }

    fn add_too_small(&mut self, team: &PlannedTeam<'_>, quarters: &Quarters, filled: &Filled, agenda: &Agenda) {
        let own = self.input.capacity.exceptions.contains_key(&(Some(team.team), None));
        let about = if own { About::Exception(Some(team.team), None) } else { About::Capacity };
        if quarters.capacity.iter().all(|capacity| capacity.is_zero()) {
            let message = "the team can do nothing in any quarter; enter how many points it can do, or leave it out";
            self.faults.add_for(team.name, About::Exception(Some(team.team), None), message);
            return;
        }
        let done = filled.work.iter().flatten().map(|(_, points)| *points).sum();
        let left = agenda.tasks.iter().map(|task| task.effort).sum();
        self.faults.add_too_small(team.name, about, done, left);
    }

    fn items(
        &self,
        team: &PlannedTeam<'_>,
        agenda: &Agenda,
        filled: &Filled,
        quarters: &Quarters,
        ready: &BTreeMap<ActivityIndex, Period>,
    ) -> Vec<Item> {
        let period = |quarter: usize| quarters.periods.get(quarter).copied().unwrap_or(self.input.start);
        let work: Vec<Vec<_>> = filled
            .work
            .iter()
            .map(|work| work.iter().map(|(quarter, points)| (period(*quarter), *points)).collect())
            .collect();
        let until = |i: usize| work.get(i).and_then(|work: &Vec<(Period, _)>| work.last()).map(|(period, _)| *period);
        let locked_for = locked_for(&agenda.tasks);
        let item = |&i: &usize| {
            let task = agenda.tasks.get(i)?;
            let own =
                task.needs.iter().filter_map(|&needed| Some((agenda.tasks.get(needed)?.activity, until(needed)?)));
            let provided = task.needs_provided.iter().filter_map(|needed| Some((*needed, *ready.get(needed)?)));
            let hurried = filled.hurried.get(i).copied().unwrap_or(false);
            let locked_for = locked_for.get(i).copied().flatten().filter(|_| hurried);
            let then = match (task.locked, locked_for) {
                (Some(_), _) => Then::Locked,
                (None, Some((activity, period))) => Then::ForLocked(activity, period),
                (None, None) if task.opens.is_empty() => Then::Worth,
                (None, None) => Then::Opens(task.opens.clone()),
            };
            Some(Item {
                activity: task.activity,
                stage: task.stage,
                effort: task.effort,
                usefulness: self.catalog.activity(task.activity).usefulness,
                progress: Measure::from(team.sheet.mark(task.activity)).value(),
                work: work.get(i).cloned().unwrap_or_default(),
                because: Because {
                    there: task.there.clone(),
                    then,
                    after: own.chain(provided).max_by_key(|(_, period)| *period),
                },
            })
        };
        filled.finished.iter().filter_map(item).collect()
    }
}

/// For each task that something locked needs, what of that comes first, and when.
fn locked_for(tasks: &[Task]) -> Vec<Option<(ActivityIndex, Period)>> {
    let mut found: Vec<Option<(ActivityIndex, Period)>> = vec![None; tasks.len()];
    for (i, task) in tasks.iter().enumerate().rev() {
        let over = found.get(i).copied().flatten();
        let Some(first) = task.locked.map(|period| (task.activity, period)).or(over) else { continue };
        for &needed in &task.needs {
            if let Some(slot) = found.get_mut(needed)
                && slot.is_none_or(|(_, period)| period > first.1)
            {
                *slot = Some(first);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;
    use crate::domain::answer::{Mark, Sheet};
    use crate::domain::plan::samples::*;
    use crate::domain::plan::{Points, There};

    /// What a team does, as `number: quarters`.
    fn done(catalog: &Catalog, team: &TeamPlan) -> Vec<String> {
        let line = |item: &Item| {
            let quarters: Vec<String> = item.work.iter().map(|(period, points)| format!("{period} {points}")).collect();
            format!("{}: {}", catalog.activity(item.activity).id, quarters.join(", "))
        };
        team.items.iter().map(line).collect()
    }

    fn messages(result: Result<Plan, Vec<PlanFault>>) -> Vec<String> {
        result.unwrap_err().into_iter().map(|fault| fault.message).collect()
    }

    #[test]
    fn quarters_are_filled_stage_by_stage_and_an_activity_may_span_some() {
        let catalog = catalog(&[(1, 1, &[]), (2, 5, &[]), (1, 4, &[]), (5, 5, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1, 3]), &[("Payments", &[])]);
        let plan = plan(&catalog, &teams.planned(), &input(4)).unwrap();
        assert_eq!(
            done(&catalog, &plan.teams[0]),
            ["a2: 2026-Q4 4, 2027-Q1 1", "a0: 2027-Q1 3, 2027-Q2 2", "a1: 2027-Q2 2, 2027-Q3 3"]
        );
        assert_eq!(
            plan.teams[0].items[0].reason(&catalog, "First"),
            "First asks for level 1 of All. Now: usefulness 4 for 5 points, the most that can begin."
        );
    }

    #[test]
    fn what_opens_the_way_says_so() {
        // a1 stands above all targets, but a0 needs it.
        let catalog = catalog(&[(1, 5, &[1]), (3, 1, &[]), (1, 2, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[])]);
        let plan = plan(&catalog, &teams.planned(), &input(5)).unwrap();
        let all: Vec<ActivityIndex> = catalog.activities().map(|(index, _)| index).collect();
        let [first, second, third] = &plan.teams[0].items[..] else { panic!() };
        assert_eq!((first.activity, second.activity, third.activity), (all[1], all[0], all[2]));
        assert_eq!(first.because.there, There::NeededBy(vec![all[0]]));
        assert_eq!(first.because.then, Then::Opens(vec![all[0]]));
        assert_eq!((&second.because.then, second.because.after), (&Then::Worth, Some((all[1], period(START)))));
        assert_eq!(third.because.after, None);
    }

    #[test]
    fn what_is_locked_is_finished_in_its_quarter_and_what_it_needs_in_time() {
        // a3 needs a2, which is worth nothing by itself.
        let catalog = catalog(&[(1, 5, &[]), (1, 4, &[]), (1, 1, &[]), (1, 1, &[2])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[])]);
        let mut locked = input(5);
        decide(&mut locked, 3, None, Course::Locked(quarter(2)));
        let planned = plan(&catalog, &teams.planned(), &locked).unwrap();
        assert_eq!(
            done(&catalog, &planned.teams[0]),
            ["a0: 2026-Q4 5", "a2: 2027-Q1 5", "a3: 2027-Q2 5", "a1: 2027-Q3 5"]
        );
        let all: Vec<ActivityIndex> = catalog.activities().map(|(index, _)| index).collect();
        let then = |item: &Item| item.because.then.clone();
        let thens: Vec<Then> = planned.teams[0].items.iter().map(then).collect();
        assert_eq!(thens, [Then::Worth, Then::ForLocked(all[3], quarter(2)), Then::Locked, Then::Worth]);
        // With less in its quarter, it is begun before, but a point is kept; what is begun is finished first.
        locked.capacity.exceptions.insert((None, Some(quarter(2))), Points::whole(1));
        let planned = plan(&catalog, &teams.planned(), &locked).unwrap();
        assert_eq!(
            done(&catalog, &planned.teams[0]),
            ["a2: 2026-Q4 5", "a3: 2027-Q1 4, 2027-Q2 1", "a0: 2027-Q1 1, 2027-Q3 4", "a1: 2027-Q3 1, 2027-Q4 4"]
        );
    }

    #[test]
    fn what_another_team_provides_is_waited_for() {
        let catalog = catalog(&[(1, 1, &[]), (1, 5, &[0]), (1, 1, &[])]);
        let names: [(&str, &[usize]); 3] = [("Payments", &[]), ("Platform", &[]), ("Shop", &[0])];
        let teams = Teams::new(&catalog, roadmap(&[1]), &names);
        let mut provided = input(5);
        provided.left_out.insert(TeamId(3));
        decide(&mut provided, 0, None, Course::ProvidedBy(TeamId(2)));
        let planned = plan(&catalog, &teams.planned(), &provided).unwrap();
        let names: Vec<&str> = planned.teams.iter().map(|team| team.name.as_str()).collect();
        assert_eq!(names, ["Payments", "Platform"]);
        assert_eq!(done(&catalog, &planned.teams[1]), ["a0: 2026-Q4 5", "a1: 2027-Q1 5", "a2: 2027-Q2 5"]);
        assert_eq!(done(&catalog, &planned.teams[0]), ["a2: 2026-Q4 5", "a1: 2027-Q1 5"]);
        let [needed] = planned.teams[0].provided[..] else { panic!() };
        assert_eq!((needed.by, needed.ready), (TeamId(2), Some(period(START))));
        assert_eq!(planned.teams[0].items[1].because.after, Some((needed.activity, period(START))));
        // A team that is left out may have done it.
        decide(&mut provided, 0, None, Course::ProvidedBy(TeamId(3)));
        let planned = plan(&catalog, &teams.planned(), &provided).unwrap();
        assert_eq!(planned.teams[0].provided[0].ready, None);
        assert_eq!(done(&catalog, &planned.teams[0]), ["a1: 2026-Q4 5", "a2: 2027-Q1 5"]);
    }

    #[test]
    fn what_is_left_out_does_not_bring_its_prerequisites() {
        let catalog = catalog(&[(1, 1, &[1]), (4, 1, &[]), (1, 1, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[])]);
        let mut input = input(5);
        decide(&mut input, 0, Some(1), Course::Excluded);
        let plan = plan(&catalog, &teams.planned(), &input).unwrap();
        assert_eq!(done(&catalog, &plan.teams[0]), ["a2: 2026-Q4 5"]);
        assert_eq!(plan.teams[0].excluded, [(catalog.find(&id(0)).unwrap(), StageNumber(1))]);
    }

    #[test]
    fn what_is_decided_about_something_done_does_not_matter() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[0])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[0])]);
        for course in [Course::Locked(period("2020-Q1")), Course::Excluded] {
            let mut input = input(5);
            decide(&mut input, 0, None, course);
            assert_eq!(done(&catalog, &plan(&catalog, &teams.planned(), &input).unwrap().teams[0]), ["a1: 2026-Q4 5"]);
        }
    }

    #[test]
    fn everything_that_is_wrong_with_an_input_is_said_at_once() {
        let catalog = catalog(&[(1, 1, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[])]);
        let mut input = input(0);
        input.start = period("2990-Q1");
        input.left_out.insert(TeamId(1));
        decide(&mut input, 7, None, Course::Excluded);
        decide(&mut input, 0, Some(9), Course::Planned);
        decide(&mut input, 0, Some(1), Course::ProvidedBy(TeamId(1)));
        decide(&mut input, 0, None, Course::ProvidedBy(TeamId(8)));
        insta::assert_snapshot!(messages(plan(&catalog, &teams.planned(), &input)).join("\n"));
    }

    #[test]
    fn decisions_that_do_not_fit_each_other_are_named() {
        // a1 needs a0; a3 needs a2.
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[0]), (1, 1, &[]), (1, 1, &[2]), (2, 1, &[]), (1, 1, &[])]);
        let names: [(&str, &[usize]); 4] = [("Payments", &[]), ("Platform", &[]), ("Shop", &[]), ("Search", &[])];
        let teams = Teams::new(&catalog, roadmap(&[1]), &names);
        let mut input = input(5);
        input.left_out.insert(TeamId(4));
        // The first team.
        decide(&mut input, 0, Some(1), Course::Locked(quarter(2)));
        decide(&mut input, 1, Some(1), Course::Locked(quarter(1)));
        decide(&mut input, 2, Some(1), Course::Excluded);
        decide(&mut input, 5, Some(1), Course::ProvidedBy(TeamId(4)));
        // The second.
        decide(&mut input, 0, Some(2), Course::Locked(period("2026-Q3")));
        decide(&mut input, 1, Some(2), Course::Locked(period("2060-Q3")));
        decide(&mut input, 2, Some(2), Course::Locked(quarter(3)));
        input.capacity.exceptions.insert((Some(TeamId(2)), Some(quarter(3))), Points::ZERO);
        // The third.
        decide(&mut input, 1, Some(3), Course::Locked(period(START)));
        decide(&mut input, 2, Some(3), Course::ProvidedBy(TeamId(1)));
        insta::assert_snapshot!(messages(plan(&catalog, &teams.planned(), &input)).join("\n"));
    }

    #[test]
    fn teams_that_provide_in_a_circle_are_named() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[]), ("Platform", &[]), ("Shop", &[])]);
        let mut input = input(5);
        decide(&mut input, 0, Some(1), Course::ProvidedBy(TeamId(2)));
        decide(&mut input, 1, Some(2), Course::ProvidedBy(TeamId(1)));
        decide(&mut input, 1, Some(3), Course::ProvidedBy(TeamId(1)));
        insta::assert_snapshot!(messages(plan(&catalog, &teams.planned(), &input)).join("\n"));
    }

    #[test]
    fn a_capacity_with_which_nothing_gets_done_is_said_with_what_would() {
        let catalog = catalog(&[(1, 1, &[][..]); 20]);
        let names: [(&str, &[usize]); 5] =
            [("Payments", &[]), ("Platform", &[]), ("Shop", &[]), ("Search", &[]), ("Mail", &[])];
        let teams = Teams::new(&catalog, roadmap(&[1]), &names);
        let mut input = input(1);
        input.capacity.exceptions.insert((Some(TeamId(5)), None), Points::ZERO);
        insta::assert_snapshot!(messages(plan(&catalog, &teams.planned(), &input)).join("\n"));
    }

    #[test]
    fn a_quarter_too_small_for_all_that_is_locked_to_it_is_said() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[])]);
        let mut input = input(20);
        input.capacity.exceptions.insert((None, Some(quarter(3))), Points::hundredths(1));
        decide(&mut input, 0, None, Course::Locked(quarter(3)));
        assert_eq!(plan(&catalog, &teams.planned(), &input).unwrap().end(), Some(quarter(3)));
        decide(&mut input, 1, None, Course::Locked(quarter(3)));
        let faults = messages(plan(&catalog, &teams.planned(), &input));
        assert_eq!(faults.len(), 2);
        assert!(
            faults[0]
                .starts_with("Payments: “Activity a0” is locked to 2027-Q3 with others, but the team can do only 0.01"),
            "{}",
            faults[0]
        );
    }

    #[test]
    fn what_one_team_provides_for_itself_is_said() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[])]);
        let mut input = input(5);
        decide(&mut input, 0, None, Course::ProvidedBy(TeamId(1)));
        let message = "“Activity a0” cannot be provided by the team that needs it; choose another team";
        assert_eq!(messages(plan(&catalog, &teams.planned(), &input)), [message]);
    }

    fn wish_faults(dates: &[Option<&str>]) -> Vec<PlanFault> {
        let wishes = (1..).map(StageNumber).zip(dates.iter().map(|date| date.map(period))).collect();
        let input = PlanInput { wishes, ..input(5) };
        let (catalog, roadmap) = (catalog(&[(1, 1, &[])]), input.applied_to(&roadmap(&[1, 2, 3])).unwrap());
        let teams = Teams::new(&catalog, roadmap, &[("Payments", &[])]);
        plan(&catalog, &teams.planned(), &input).err().unwrap_or_default()
    }

    #[test]
    fn a_date_before_the_plan_begins_is_no_date() {
        let faults = wish_faults(&[Some("2026-Q3"), Some(START), None]);
        assert_eq!(faults.iter().map(|fault| fault.about.clone()).collect::<Vec<_>>(), [About::Wish(StageNumber(1))]);
        insta::assert_snapshot!(faults[0].message);
    }

    #[test]
    fn a_date_before_that_of_an_earlier_stage_is_no_date() {
        let faults = wish_faults(&[Some("2027-Q4"), None, Some("2027-Q2")]);
        assert_eq!(faults.iter().map(|fault| fault.about.clone()).collect::<Vec<_>>(), [About::Wish(StageNumber(3))]);
        assert!(faults[0].message.starts_with("stage 3 is wished by 2027-Q2, but stage 1"), "{}", faults[0].message);
        assert_eq!(wish_faults(&[Some("2027-Q2"), Some("2027-Q2"), Some("2027-Q4")]), []);
    }

    /// What holds for every plan.
    fn assert_holds(catalog: &Catalog, teams: &[PlannedTeam<'_>], input: &PlanInput, plan: &Plan) {
        for (team, planned) in teams.iter().zip(&plan.teams) {
            let item = |index: ActivityIndex| planned.items.iter().position(|item| item.activity == index);
            for (place, item_here) in planned.items.iter().enumerate() {
                let work: Points = item_here.work.iter().map(|(_, points)| *points).sum();
                let left = Points::remaining(catalog.activity(item_here.activity), team.sheet.mark(item_here.activity));
                assert_eq!((work, item_here.effort), (left, left));
                assert!(item_here.work.windows(2).all(|pair| pair[0].0 < pair[1].0));
                assert!(item_here.work.iter().all(|(_, points)| !points.is_zero()));
                for &needed in catalog.prerequisites(item_here.activity) {
                    if let Some(needed) = item(needed) {
                        assert!(needed < place && planned.items[needed].until() <= item_here.from());
                    }
                    if let Some(provided) = planned.provided.iter().find(|provided| provided.activity == needed) {
                        assert!(provided.ready < item_here.from());
                    }
                }
                let course = input.decision(&catalog.activity(item_here.activity).id, team.team);
                if let Course::Locked(period) = course {
                    assert_eq!(item_here.until(), Some(period));
                }
            }
            for period in plan.quarters() {
                let work = planned.items.iter().flat_map(|item| &item.work).filter(|(other, _)| *other == period);
                let used: Points = work.map(|(_, points)| *points).sum();
                let capacity = input.capacity.of(team.team, period);
                assert!(used <= capacity, "{used} of {capacity} in {period}");
                if used < capacity {
                    assert_nothing_to_do(catalog, planned, input, period);
                }
            }
        }
    }

    /// A quarter that is not full is one in which nothing more could be done.
    fn assert_nothing_to_do(catalog: &Catalog, planned: &TeamPlan, input: &PlanInput, period: Period) {
        for item in planned.items.iter().filter(|item| item.until() > Some(period)) {
            let course = input.decision(&catalog.activity(item.activity).id, planned.team);
            let is_locked = matches!(course, Course::Locked(_));
            let waits = catalog.prerequisites(item.activity).iter().any(|&needed| {
                let own = planned.items.iter().find(|item| item.activity == needed);
                let provided = planned.provided.iter().find(|provided| provided.activity == needed);
                own.is_some_and(|needed| needed.until() > Some(period))
                    || provided.is_some_and(|provided| provided.ready >= Some(period))
            });
            assert!(is_locked || waits, "{:?} could be done in {period}", item);
        }
    }

    proptest! {
        #[test]
        fn a_plan_keeps_to_prerequisites_capacity_and_stages((catalog, sheets) in drawn(2), capacity in capacity()) {
            let roadmap = roadmap(&[2, 4]);
            let teams = planned(&sheets, &roadmap);
            let input = PlanInput { capacity, ..input(1) };
            let found = plan(&catalog, &teams, &input).unwrap();
            assert_holds(&catalog, &teams, &input, &found);
            for (team, of_team) in teams.iter().zip(&found.teams) {
                let stages: Vec<StageNumber> = of_team.items.iter().map(|item| item.stage).collect();
                prop_assert!(stages.is_sorted());
                let practices = roadmap.practices(&catalog, |index| Measure::from(team.sheet.mark(index)).is_open());
                prop_assert_eq!(stages.len(), practices.iter().flatten().count());
            }
            prop_assert_eq!(plan(&catalog, &teams, &input).unwrap(), found);
        }

        #[test]
        fn a_plan_keeps_to_what_is_decided(
            (catalog, sheets) in drawn(3),
            capacity in capacity(),
            decided in prop::collection::vec((any::<Index>(), prop::option::of(1i64..=3), 0u32..6), 0..5),
        ) {
            let roadmap = roadmap(&[2, 4]);
            let teams = planned(&sheets, &roadmap);
            let mut input = PlanInput { capacity, ..input(1) };
            for (activity, team, number) in decided {
                let course = match number {
                    0 => Course::ProvidedBy(TeamId(3)),
                    _ => Course::Locked(quarter(number * 2)),
                };
                decide(&mut input, activity.index(catalog.len()), team, course);
            }
            if let Ok(found) = plan(&catalog, &teams, &input) {
                assert_holds(&catalog, &teams, &input, &found);
            }
        }

        #[test]
        fn something_locked_late_enough_can_always_be_planned((catalog, sheets) in drawn(1), capacity in capacity(), locked in prop::collection::vec(any::<Index>(), 0..6)) {
            let roadmap = roadmap(&[2, 4]);
            let teams = planned(&sheets, &roadmap);
            let mut input = PlanInput { capacity, ..input(1) };
            let end = plan(&catalog, &teams, &input).unwrap().end().unwrap_or(input.start);
            for activity in locked {
                decide(&mut input, activity.index(catalog.len()), None, Course::Locked(end));
            }
            let found = plan(&catalog, &teams, &input);
            // Ones that need each other may be too much for one quarter.
            let is_chain = input.decisions.keys().any(|(one, _)| {
                let before = catalog.all_prerequisites(catalog.find(one).unwrap());
                before.keys().any(|&index| input.decisions.contains_key(&(catalog.activity(index).id.clone(), None)))
            });
            prop_assert!(found.is_ok() || is_chain, "{:?}", found);
        }

        #[test]
        fn finishing_something_leaves_the_order_of_what_has_nothing_to_do_with_it((catalog, sheets) in drawn(1), finished in any::<Index>()) {
            let roadmap = roadmap(&[2, 4]);
            let finished = catalog.activities().nth(finished.index(catalog.len())).unwrap().0;
            let mut part = BTreeSet::from([finished]);
            let mut open = vec![finished];
            while let Some(index) = open.pop() {
                let beside = catalog.prerequisites(index).iter().chain(catalog.dependents(index));
                open.extend(beside.copied().filter(|&index| part.insert(index)));
            }
            let after = [sheets[0].with([(finished, Mark::Worth(100))])];
            let order = |sheets: &[Sheet]| {
                let plan = plan(&catalog, &planned(sheets, &roadmap), &input(10)).unwrap();
                let items = plan.teams[0].items.iter().map(|item| item.activity);
                items.filter(|index| !part.contains(index)).collect::<Vec<_>>()
            };
            prop_assert_eq!(order(&sheets), order(&after));
        }
    }
}
