//! Whether the dates that are wished for stages are met, and what would help where they are not.
//!
//! Teams without anything locked, and without anything that another team provides later on, work without a rest, so
//! their sums of work and capacity decide. For all others what would help is tried out with the planner itself.

mod dropping;
mod lowering;
mod reach;

use std::cell::{Cell, OnceCell};
use std::collections::BTreeSet;

use super::decision::{Course, PlanInput};
use super::{Item, Plan, PlannedTeam, Points, TeamPlan, Then, schedule};
use crate::domain::catalog::{ActivityIndex, Catalog, Level};
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::roadmap::{Roadmap, Stage, StageNumber};

use reach::Reach;

/// How many plans of one team are made at most, for each stage, to try out what would help. With more there would be
/// no quick answer.
const TRIED: usize = 3_000;

/// A stage with the date that is wished for it.
#[derive(Debug, Clone, PartialEq)]
pub struct StageDate {
    /// The stage.
    pub stage: StageNumber,
    /// By the end of which quarter it should be reached.
    pub wished: Period,
    /// The quarter in which the plan finishes it and all stages before it; `None`: nothing is left to do.
    pub end: Option<Period>,
    /// What is in the way; `None`: it is in time.
    pub late: Option<Late>,
}

/// Why a stage is not reached in time, and what would help. Each way is enough by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Late {
    /// The teams that have more to do than they can, that with the greatest factor first; these are the bottlenecks.
    pub short: Vec<ShortTeam>,
    /// The teams that have to wait: those that could do all of it otherwise, and those that are short as well.
    pub waiting: Vec<Waiting>,
    /// What all teams together have to do until the date.
    pub needed: Points,
    /// What all teams together can do until the date.
    pub available: Points,
    /// The first way, to move the date: to the quarter in which the plan finishes the stage.
    pub earliest: Period,
    /// The later stages that are wished before that quarter; their dates would have to move as well.
    pub overtaken: Vec<StageNumber>,
    /// The second way, to raise the capacity: whether it is enough that each short team can do
    /// [`ShortTeam::each`] in each quarter.
    pub raising_helps: bool,
    /// The third way, to lower targets of the stage: each entry is enough, that which gives up least usefulness first.
    pub lowering: Vec<Lowering>,
    /// The fourth way, to leave out activities of the short teams, one entry for each of these; empty when that is
    /// not enough.
    pub dropping: Vec<Dropping>,
    /// Whether there may be more ways, which would have taken too long to try out: many teams wait for locked
    /// activities or for each other.
    pub is_cut_short: bool,
}

/// A team that has more to do until a date than it can.
#[derive(Debug, Clone, PartialEq)]
pub struct ShortTeam {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// What it has to do: what is left of all stages up to this one, and what of later ones is locked before the date.
    pub needed: Points,
    /// What it can do from the first quarter of the plan up to the date.
    pub available: Points,
    /// What it can do in each of these quarters that nothing is said about; `None` when there is none.
    pub now: Option<Points>,
    /// The whole points in each of these with which the work fits, all other quarters left as they are; `None` when
    /// there is none.
    pub each: Option<Points>,
}

impl ShortTeam {
    /// Needed / available, above 1; `None` when nothing is available.
    pub fn factor(&self) -> Option<f64> {
        factor(self.needed, self.available)
    }

    /// What does not fit.
    pub fn missing(&self) -> Points {
        self.needed - self.available
    }
}

/// A team that is late because it waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// What it waits for; empty when that has no single cause, which is never so for a team that is also short.
    pub causes: Vec<Cause>,
}

/// Something that keeps a team from being in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// An activity that is locked to a quarter after the date.
    Locked(ActivityIndex, Period),
    /// An activity that another team provides in a quarter so late that what needs it is late.
    Provided(ActivityIndex, TeamId, Period),
}

/// Targets of a stage that are lowered together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lowering {
    /// Which, and to what; never empty.
    pub targets: Vec<LowerTarget>,
    /// The practices that leave the stage, each with the number of teams that it is left to do for.
    pub practices: Vec<(ActivityIndex, usize)>,
    /// The sum of the usefulness of these, over the teams.
    pub usefulness: u64,
    /// The work that is saved, over the teams.
    pub saved: Points,
}

/// A target that is lowered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowerTarget {
    /// The name of the dimension.
    pub dimension: String,
    /// The greatest target that a team has now.
    pub from: Level,
    /// The target that none would be above.
    pub to: Level,
}

/// Activities that a team leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropping {
    /// The team.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// The activities, which nothing else in the plan needs; never empty.
    pub activities: Vec<ActivityIndex>,
    /// The sum of the usefulness of what leaves the stage: of these, and of what was there only because they need it.
    pub usefulness: u64,
    /// The work that is saved.
    pub saved: Points,
}

impl Late {
    /// The team that is furthest from being able to do its work until the date.
    pub fn bottleneck(&self) -> Option<&ShortTeam> {
        self.short.first()
    }

    /// What all teams together have to do / what they can; `None` when they can do nothing.
    pub fn factor_together(&self) -> Option<f64> {
        factor(self.needed, self.available)
    }

    /// What does not fit, over the short teams.
    pub fn missing(&self) -> Points {
        self.short.iter().map(ShortTeam::missing).sum()
    }
}

fn factor(needed: Points, available: Points) -> Option<f64> {
    (!available.is_zero()).then(|| needed.value() / available.value())
}

/// The stages of a roadmap that have a date, with whether a plan meets it. `roadmap` gives the dates; the targets are
/// those of the teams. `plan` is what [`schedule::plan`] made of the same teams and input.
pub fn dates(
    catalog: &Catalog,
    roadmap: &Roadmap,
    teams: &[PlannedTeam<'_>],
    input: &PlanInput,
    plan: &Plan,
) -> Vec<StageDate> {
    let scope = Scope::new(catalog, roadmap, teams, input, plan);
    let numbered = (1..).map(StageNumber).zip(roadmap.stages());
    let dated = numbered.filter_map(|(number, stage)| Some((number, stage.wished?)));
    dated.map(|(stage, wished)| scope.date(stage, wished)).collect()
}

/// A team with what it does.
struct Member<'a> {
    given: &'a PlannedTeam<'a>,
    plan: &'a TeamPlan,
    /// Whether something is locked or provided for it, so that it may have to wait.
    is_entangled: bool,
}

/// A team with its sums up to a date.
struct Sums<'a> {
    member: &'a Member<'a>,
    /// What is left of all stages up to the one looked at.
    left: Points,
    /// What of later ones is locked before the date.
    taken: Points,
    available: Points,
    is_late: bool,
    /// What of these stages is locked to quarters after the date.
    held: Vec<(ActivityIndex, Period)>,
}

impl Sums<'_> {
    fn needed(&self) -> Points {
        self.left + self.taken
    }

    fn is_short(&self) -> bool {
        self.is_late && self.needed() > self.available
    }
}

/// What is tried out.
#[derive(Debug, Clone, Default)]
struct Change {
    lowered: Vec<LowerTarget>,
    raised: Vec<(TeamId, Points)>,
    dropped: Vec<(TeamId, Vec<ActivityIndex>)>,
}

/// A plan with what it was made of.
struct Scope<'a> {
    catalog: &'a Catalog,
    /// The name of the dimension of each activity.
    dimensions: Vec<&'a str>,
    roadmap: &'a Roadmap,
    input: &'a PlanInput,
    teams: &'a [PlannedTeam<'a>],
    members: Vec<Member<'a>>,
    /// The work of each of the members, once it is asked for.
    reach: OnceCell<Vec<Reach>>,
    /// How many plans of one team may still be made for the stage looked at.
    left_to_try: Cell<usize>,
    /// Whether one of the ways for the stage looked at was not tried out because of that.
    is_cut_short: Cell<bool>,
}

impl<'a> Scope<'a> {
    fn new(
        catalog: &'a Catalog,
        roadmap: &'a Roadmap,
        teams: &'a [PlannedTeam<'a>],
        input: &'a PlanInput,
        plan: &'a Plan,
    ) -> Self {
        let given = teams.iter().filter(|team| !input.left_out.contains(&team.team));
        let members = given.zip(&plan.teams).map(|(given, plan)| {
            let is_entangled =
                plan.provided.iter().any(|provided| provided.ready.is_some()) || plan.items.iter().any(is_for_lock);
            Member { given, plan, is_entangled }
        });
        Self {
            catalog,
            dimensions: catalog.homes().map(|(_, home)| home.dimension.name.as_str()).collect(),
            roadmap,
            input,
            teams,
            members: members.collect(),
            reach: OnceCell::new(),
            left_to_try: Cell::new(TRIED),
            is_cut_short: Cell::new(false),
        }
    }

    fn reach(&self) -> &[Reach] {
        self.reach.get_or_init(|| self.members.iter().map(|member| Reach::new(self.catalog, member.plan)).collect())
    }

    fn date(&self, stage: StageNumber, wished: Period) -> StageDate {
        let end = self.members.iter().filter_map(|member| member.plan.end_of(stage)).max();
        let late = end.filter(|end| *end > wished).map(|end| self.late(stage, wished, end));
        StageDate { stage, wished, end, late }
    }

    fn late(&self, stage: StageNumber, wished: Period, end: Period) -> Late {
        self.left_to_try.set(TRIED);
        self.is_cut_short.set(false);
        let sums: Vec<Sums<'_>> = self.members.iter().map(|member| self.sums(member, stage, wished)).collect();
        let quarters = self.quarters(wished);
        let mut short: Vec<ShortTeam> =
            sums.iter().filter(|sums| sums.is_short()).map(|sums| self.short_team(sums, &quarters)).collect();
        short.sort_by(|one, other| {
            let factor = |team: &ShortTeam| team.factor().unwrap_or(f64::INFINITY);
            factor(other).total_cmp(&factor(one))
        });
        let raised = short.iter().map(|team| Some((team.team, team.each?))).collect::<Option<Vec<_>>>();
        // No work that is done or saved elsewhere gets what is locked done before its quarter.
        let is_held = sums.iter().any(|sums| !sums.held.is_empty());
        let raised = raised.filter(|raised| !raised.is_empty() && !is_held);
        let raising_helps =
            raised.is_some_and(|raised| self.helps_entangled(stage, wished, &Change { raised, ..Change::default() }));
        let later = (1..).map(StageNumber).zip(self.roadmap.stages()).filter(|(number, _)| *number > stage);
        let is_overtaken = |stage: &Stage| stage.wished.is_some_and(|other| other < end);
        Late {
            waiting: sums.iter().filter_map(|sums| waiting(sums, stage, wished)).collect(),
            needed: sums.iter().map(Sums::needed).sum(),
            available: sums.iter().map(|sums| sums.available).sum(),
            earliest: end,
            overtaken: later.filter(|(_, stage)| is_overtaken(stage)).map(|(number, _)| number).collect(),
            raising_helps,
            lowering: lowering::find(self, &sums, stage, wished),
            dropping: if is_held { Vec::new() } else { dropping::find(self, &sums, &short, stage, wished) },
            is_cut_short: self.is_cut_short.get(),
            short,
        }
    }

    /// The quarters from the first one to a date.
    fn quarters(&self, until: Period) -> Vec<Period> {
        let mut quarters = Vec::new();
        let mut period = self.input.start;
        while period <= until {
            quarters.push(period);
            period = period.next();
        }
        quarters
    }

    fn sums(&self, member: &'a Member<'a>, stage: StageNumber, wished: Period) -> Sums<'a> {
        let items = || member.plan.items.iter();
        let held = items().filter(|item| item.stage <= stage && item.because.then == Then::Locked);
        let held = held.filter(|item| item.until() > Some(wished));
        let taken = items().filter(|item| item.stage > stage && is_for_lock(item)).flat_map(|item| &item.work);
        Sums {
            member,
            left: items().filter(|item| item.stage <= stage).map(|item| item.effort).sum(),
            taken: taken.filter(|(period, _)| *period <= wished).map(|(_, points)| *points).sum(),
            available: self.quarters(wished).iter().map(|&at| self.input.capacity.of(member.plan.team, at)).sum(),
            is_late: member.plan.end_of(stage).is_some_and(|end| end > wished),
            held: held.filter_map(|item| Some((item.activity, item.until()?))).collect(),
        }
    }

    fn short_team(&self, sums: &Sums<'_>, quarters: &[Period]) -> ShortTeam {
        let team = sums.member.plan.team;
        let of = |period: Period| self.input.capacity.of(team, period);
        let (said, open): (Vec<Period>, Vec<Period>) =
            quarters.iter().partition(|&&period| self.input.capacity.is_said(team, period));
        let needed = sums.needed() - said.into_iter().map(of).sum();
        let count = u64::try_from(open.len()).unwrap_or(u64::MAX);
        let each = needed.in_hundredths().div_ceil(count.max(1)).div_ceil(100) * 100;
        ShortTeam {
            team,
            name: sums.member.plan.name.clone(),
            needed: sums.needed(),
            available: sums.available,
            now: open.first().map(|&period| of(period)),
            each: (!open.is_empty()).then(|| Points::hundredths(each)),
        }
    }

    /// Whether a change lets the teams that may have to wait be in time. For all others the sums decide.
    fn helps_entangled(&self, stage: StageNumber, wished: Period, change: &Change) -> bool {
        let mut tried: BTreeSet<TeamId> =
            self.members.iter().filter(|member| member.is_entangled).map(|member| member.plan.team).collect();
        if tried.is_empty() {
            return true;
        }
        let rulings = self.input.decisions.values().copied();
        tried
            .extend(rulings.filter_map(|course| if let Course::ProvidedBy(team) = course { Some(team) } else { None }));
        let Some(left_to_try) = self.left_to_try.get().checked_sub(tried.len()) else {
            self.is_cut_short.set(true);
            return false;
        };
        self.left_to_try.set(left_to_try);
        let given: Vec<&PlannedTeam<'_>> = self.teams.iter().filter(|team| tried.contains(&team.team)).collect();
        let roadmaps: Vec<Roadmap> =
            given.iter().filter_map(|team| lowering::lowered(team.roadmap, stage, &change.lowered)).collect();
        let teams: Vec<PlannedTeam<'_>> =
            given.iter().zip(&roadmaps).map(|(team, roadmap)| PlannedTeam { roadmap, ..**team }).collect();
        let mut input = self.input.clone();
        // What one team provides for all others is of no use when it is the only one.
        let mut planned = tried.difference(&input.left_out);
        let only = planned.next().filter(|_| planned.next().is_none()).copied();
        input.decisions.retain(|(_, team), course| match team {
            Some(team) => tried.contains(team),
            None => only.is_none_or(|only| *course != Course::ProvidedBy(only)),
        });
        for (team, each) in &change.raised {
            let open = self.quarters(wished).into_iter().filter(|&period| !self.input.capacity.is_said(*team, period));
            let at = open.map(|period| ((Some(*team), Some(period)), *each));
            input.capacity.exceptions.extend(at);
        }
        for (team, activities) in change.dropped.iter().filter(|(team, _)| tried.contains(team)) {
            let key = |index: &ActivityIndex| (self.catalog.activity(*index).id.clone(), Some(*team));
            input.decisions.extend(activities.iter().map(|index| (key(index), Course::Excluded)));
        }
        let plan = schedule::plan(self.catalog, &teams, &input);
        plan.is_ok_and(|plan| plan.teams.iter().all(|team| team.end_of(stage).is_none_or(|end| end <= wished)))
    }
}

fn is_for_lock(item: &Item) -> bool {
    matches!(item.because.then, Then::Locked | Then::ForLocked(..))
}

/// Why a team is late that could do all of its work, or what keeps one that is also short until after the date.
fn waiting(sums: &Sums<'_>, stage: StageNumber, wished: Period) -> Option<Waiting> {
    if !sums.is_late {
        return None;
    }
    let is_short = sums.is_short();
    let plan = sums.member.plan;
    let locked = sums.held.iter().map(|(activity, until)| Cause::Locked(*activity, *until));
    let is_late = |item: &&Item| item.stage <= stage && item.until() > Some(wished);
    let provided = plan.provided.iter().filter_map(|provided| {
        let ready = provided.ready?;
        let holds_back = |item: &Item| item.because.after == Some((provided.activity, ready));
        // What is late in a team that is short may be so for want of capacity.
        let is_cause = ready > wished || !is_short && plan.items.iter().filter(is_late).any(holds_back);
        (provided.stage <= stage && is_cause).then_some(Cause::Provided(provided.activity, provided.by, ready))
    });
    let causes: Vec<Cause> = locked.chain(provided).collect();
    (!is_short || !causes.is_empty()).then(|| Waiting { team: plan.team, name: plan.name.clone(), causes })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::*;
    use crate::domain::plan::samples::*;

    /// The roadmap with dates by the end of some quarters, counted from the first one.
    fn wished(roadmap: &Roadmap, dates: &[Option<u32>]) -> Roadmap {
        let mut stages = roadmap.stages().to_vec();
        for (stage, date) in stages.iter_mut().zip(dates) {
            stage.wished = date.map(quarter);
        }
        Roadmap::new(stages).unwrap()
    }

    fn found(catalog: &Catalog, teams: &Teams, input: &PlanInput, dates: &[Option<u32>]) -> Vec<StageDate> {
        let teams_planned = teams.planned();
        let plan = schedule::plan(catalog, &teams_planned, input).unwrap();
        super::dates(catalog, &wished(&teams.0, dates), &teams_planned, input, &plan)
    }

    #[test]
    fn a_stage_in_time_is_just_that() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[]), (2, 1, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1, 2, 3]), &[("Payments", &[])]);
        let dates = found(&catalog, &teams, &input(5), &[Some(1), None, Some(2)]);
        let lines: Vec<_> = dates.iter().map(|date| (date.stage.0, date.end, date.late.is_none())).collect();
        assert_eq!(lines, [(1, Some(quarter(1)), true), (3, Some(quarter(2)), true)]);
    }

    #[test]
    fn a_late_stage_says_by_what_factor_and_what_would_help() {
        // The first two stages take 10 points each; the third one is wished before the second can be finished.
        let catalog = catalog(&[(1, 3, &[]), (1, 2, &[]), (2, 5, &[]), (2, 4, &[]), (3, 1, &[])]);
        let names: [(&str, &[usize]); 2] = [("Payments", &[]), ("Shop", &[0, 1, 2])];
        let teams = Teams::new(&catalog, roadmap(&[1, 2, 3]), &names);
        let dates = found(&catalog, &teams, &input(5), &[Some(1), Some(2), Some(2)]);
        assert!(dates[0].late.is_none());
        let late = dates[1].late.as_ref().unwrap();
        let short = late.bottleneck().unwrap();
        assert_eq!(
            (short.name.as_str(), short.needed, short.available),
            ("Payments", Points::whole(20), Points::whole(15))
        );
        assert_eq!((short.now, short.each), (Some(Points::whole(5)), Some(Points::whole(7))));
        assert_eq!((short.factor(), late.factor_together()), (Some(20.0 / 15.0), Some(25.0 / 30.0)));
        assert_eq!((late.short.len(), late.missing(), late.raising_helps), (1, Points::whole(5), true));
        assert_eq!((late.earliest, &late.overtaken[..]), (quarter(3), &[StageNumber(3)][..]));
        // Only the first dimension has anything; Shop gives up what it could do.
        let [lowering] = &late.lowering[..] else { panic!("{:?}", late.lowering) };
        assert_eq!(lowering.targets, [LowerTarget { dimension: "All".into(), from: 2, to: 1 }]);
        let index = |number: usize| catalog.find(&id(number)).unwrap();
        assert_eq!(lowering.practices, [(index(2), 1), (index(3), 2)]);
        assert_eq!((lowering.usefulness, lowering.saved), (5 + 4 + 4, Points::whole(15)));
        let [dropping] = &late.dropping[..] else { panic!("{:?}", late.dropping) };
        assert_eq!((dropping.name.as_str(), &dropping.activities[..]), ("Payments", &[index(1)][..]));
        assert_eq!((dropping.usefulness, dropping.saved), (2, Points::whole(5)));
    }

    #[test]
    fn a_date_before_the_plan_leaves_only_another_date() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[])]);
        let mut roadmap = teams.0.stages().to_vec();
        roadmap[0].wished = Some(quarter(0).previous());
        let (teams, input) = (teams.planned(), input(5));
        let plan = schedule::plan(&catalog, &teams, &input).unwrap();
        let found = dates(&catalog, &Roadmap::new(roadmap).unwrap(), &teams, &input, &plan);
        let late = found[0].late.as_ref().unwrap();
        let short = late.bottleneck().unwrap();
        assert_eq!((short.factor(), short.now, short.each, late.raising_helps), (None, None, None, false));
        assert_eq!(late.earliest, quarter(1));
        // To have nothing to do would be in time, too.
        assert_eq!(late.lowering[0].targets, [LowerTarget { dimension: "All".into(), from: 1, to: 0 }]);
        assert_eq!(late.dropping[0].activities.len(), 2);
    }

    #[test]
    fn what_is_waited_for_is_named_where_capacity_is_not_the_reason() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[]), (1, 1, &[1])]);
        let names: [(&str, &[usize]); 2] = [("Payments", &[]), ("Platform", &[0])];
        let teams = Teams::new(&catalog, roadmap(&[1]), &names);
        let mut input = input(20);
        decide(&mut input, 0, Some(1), Course::Locked(quarter(2)));
        decide(&mut input, 1, Some(1), Course::ProvidedBy(TeamId(2)));
        let dates = found(&catalog, &teams, &input, &[Some(0)]);
        let late = dates[0].late.as_ref().unwrap();
        assert!(late.short.is_empty() && !late.raising_helps && late.dropping.is_empty());
        let index = |number: usize| catalog.find(&id(number)).unwrap();
        let causes = vec![Cause::Locked(index(0), quarter(2)), Cause::Provided(index(1), TeamId(2), quarter(0))];
        assert_eq!(late.waiting, [Waiting { team: TeamId(1), name: "Payments".into(), causes }]);
        assert_eq!(late.earliest, quarter(2));
    }

    #[test]
    fn a_team_that_is_short_is_also_said_to_wait_for_what_is_locked_after_the_date() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[]), (2, 1, &[])]);
        let teams = Teams::new(&catalog, roadmap(&[1, 2]), &[("Payments", &[])]);
        let mut input = input(5);
        decide(&mut input, 0, None, Course::Locked(quarter(4)));
        let dates = found(&catalog, &teams, &input, &[None, Some(0)]);
        let late = dates[0].late.as_ref().unwrap();
        assert_eq!(late.short.len(), 1);
        let causes = vec![Cause::Locked(catalog.find(&id(0)).unwrap(), quarter(4))];
        assert_eq!(late.waiting, [Waiting { team: TeamId(1), name: "Payments".into(), causes }]);
        // The end of the stage is that of all stages up to it, wherever it is said.
        let plan = schedule::plan(&catalog, &teams.planned(), &input).unwrap();
        assert_eq!((dates[0].end, plan.span(StageNumber(2))), (Some(quarter(4)), Some((quarter(1), quarter(4)))));
    }

    #[test]
    fn more_points_in_each_quarter_leave_those_that_something_is_said_about() {
        let catalog = catalog(&[(1, 1, &[][..]); 10]);
        let teams = Teams::new(&catalog, roadmap(&[1]), &[("Payments", &[])]);
        let mut input = input(20);
        input.capacity.exceptions.insert((None, Some(quarter(1))), Points::ZERO);
        let late = |input: &PlanInput| found(&catalog, &teams, input, &[Some(1)]).remove(0).late.unwrap();
        let all_in_the_first = late(&input);
        assert_eq!((all_in_the_first.short[0].each, all_in_the_first.raising_helps), (Some(Points::whole(50)), true));
        input.capacity.exceptions.insert((Some(TeamId(1)), Some(quarter(0))), Points::whole(10));
        let nowhere = late(&input);
        assert_eq!((nowhere.short[0].each, nowhere.raising_helps), (None, false));
    }

    #[test]
    fn what_would_take_too_long_to_try_out_is_said_to_be_missing() {
        let catalog = catalog(&[(1, 1, &[]), (1, 1, &[])]);
        for (count, is_cut_short) in [(10, false), (TRIED + 1, true)] {
            let names = vec![("Payments", &[][..]); count];
            let teams = Teams::new(&catalog, roadmap(&[1]), &names);
            let mut input = input(5);
            decide(&mut input, 0, None, Course::Locked(quarter(0)));
            let dates = found(&catalog, &teams, &input, &[Some(0)]);
            let late = dates[0].late.as_ref().unwrap();
            let ways = (late.raising_helps, late.lowering.len(), late.dropping.len());
            assert_eq!(late.is_cut_short, is_cut_short);
            assert_eq!(ways, if is_cut_short { (false, 0, 0) } else { (true, 1, count) });
        }
    }

    #[test]
    fn several_targets_are_lowered_where_one_is_not_enough() {
        let (catalog, sheet) = two_dimensions();
        let roadmap = roadmap(&[1, 2]);
        let teams = [PlannedTeam { team: TeamId(1), name: "Payments", sheet: &sheet, roadmap: &roadmap }];
        let input = input(5);
        let plan = schedule::plan(&catalog, &teams, &input).unwrap();
        let found = dates(&catalog, &wished(&roadmap, &[None, Some(1)]), &teams, &input, &plan);
        let late = found[0].late.as_ref().unwrap();
        let [lowering] = &late.lowering[..] else { panic!("{:?}", late.lowering) };
        let lower = |dimension: &str| LowerTarget { dimension: dimension.into(), from: 2, to: 1 };
        assert_eq!(lowering.targets, [lower("All"), lower("Rest")]);
    }

    /// Two dimensions with an activity of level 1 and two of level 2 each.
    fn two_dimensions() -> (Catalog, crate::domain::answer::Sheet) {
        let mut content = crate::domain::catalog::samples::content(&[&[1, 2, 2, 1, 2, 2]]);
        split(&mut content);
        let catalog = Catalog::new(content).unwrap();
        let sheet = sheet(&catalog, &[]);
        (catalog, sheet)
    }

    /// Whether a changed plan is in time.
    fn is_in_time(catalog: &Catalog, teams: &[PlannedTeam<'_>], input: &PlanInput, date: &StageDate) -> bool {
        let plan = schedule::plan(catalog, teams, input);
        let plan = plan.unwrap_or_else(|faults| panic!("{faults:?}"));
        plan.teams.iter().filter_map(|team| team.end_of(date.stage)).all(|end| end <= date.wished)
    }

    fn with_targets(input: &PlanInput, stage: StageNumber, targets: &[(String, Level)]) -> PlanInput {
        let mut input = input.clone();
        input.targets.extend(targets.iter().map(|(dimension, to)| ((stage, dimension.clone()), *to)));
        input
    }

    /// Tries out everything that would help.
    fn assert_helps(
        catalog: &Catalog,
        teams: &[PlannedTeam<'_>],
        roadmap: &Roadmap,
        input: &PlanInput,
        date: &StageDate,
        late: &Late,
    ) {
        let is_plain = input.decisions.is_empty();
        if late.raising_helps {
            let mut raised = input.clone();
            for team in &late.short {
                let periods = (0..).map(quarter).take_while(|period| *period <= date.wished);
                let periods = periods.filter(|&period| !input.capacity.is_said(team.team, period));
                let each = team.each.unwrap();
                raised.capacity.exceptions.extend(periods.map(|period| ((Some(team.team), Some(period)), each)));
            }
            assert!(is_in_time(catalog, teams, &raised, date));
        } else {
            assert!(!is_plain || late.short.iter().any(|team| team.each.is_none()));
        }
        for lowering in &late.lowering {
            let targets: Vec<_> = lowering.targets.iter().map(|target| (target.dimension.clone(), target.to)).collect();
            let lowered = |targets: &[(String, Level)]| {
                let input = with_targets(input, date.stage, targets);
                let roadmap = input.applied_to(roadmap).unwrap();
                let teams: Vec<_> = teams.iter().map(|team| PlannedTeam { roadmap: &roadmap, ..*team }).collect();
                is_in_time(catalog, &teams, &input, date)
            };
            assert!(lowered(&targets));
            for (i, target) in lowering.targets.iter().enumerate().filter(|_| is_plain) {
                let mut less = targets.clone();
                less[i].1 = target.to + 1;
                assert!(!lowered(&less), "{:?} is more than is needed", lowering.targets);
            }
        }
        let dropped = |left_in: Option<(TeamId, ActivityIndex)>| {
            let mut input = input.clone();
            for dropping in &late.dropping {
                for &index in dropping.activities.iter().filter(|&&index| left_in != Some((dropping.team, index))) {
                    let out = Course::Excluded;
                    input.decisions.insert((catalog.activity(index).id.clone(), Some(dropping.team)), out);
                }
            }
            input
        };
        if !late.dropping.is_empty() {
            assert!(is_in_time(catalog, teams, &dropped(None), date));
            assert_eq!(late.dropping.len(), late.short.len());
        }
        for (short, dropping) in late.short.iter().zip(&late.dropping).filter(|_| is_plain) {
            assert!(dropping.saved >= short.missing());
            for &index in &dropping.activities {
                let less = dropped(Some((dropping.team, index)));
                // What needs it may be left out, so that it cannot stay for that reason alone.
                let plan = schedule::plan(catalog, teams, &less);
                assert!(plan.is_err() || !is_in_time(catalog, teams, &less, date));
            }
        }
    }

    proptest! {
        #[test]
        fn everything_that_would_help_does(
            (catalog, sheets) in drawn(2),
            capacity in capacity(),
            dates in prop::collection::vec(prop::option::of(0u32..5), 2),
            locked in prop::collection::vec((any::<Index>(), 0u32..8), 0..3),
        ) {
            let roadmap = wished(&roadmap(&[2, 4]), &dates);
            let teams = planned(&sheets, &roadmap);
            let mut input = PlanInput { capacity, ..input(1) };
            for (activity, number) in locked {
                let course = if number < 2 { Course::ProvidedBy(TeamId(2)) } else { Course::Locked(quarter(number)) };
                decide(&mut input, activity.index(catalog.len()), None, course);
            }
            let Ok(plan) = schedule::plan(&catalog, &teams, &input) else { return Ok(()) };
            for date in super::dates(&catalog, &roadmap, &teams, &input, &plan) {
                prop_assert_eq!(date.late.is_some(), date.end > Some(date.wished));
                if let Some(late) = &date.late {
                    prop_assert_eq!(Some(late.earliest), date.end);
                    prop_assert!(!late.short.is_empty() || !late.waiting.is_empty());
                    assert_helps(&catalog, &teams, &roadmap, &input, &date, late);
                }
            }
        }
    }
}
