//! What a team has to do and in which order, before it is put into quarters.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalog::{ActivityId, ActivityIndex, Catalog};
use crate::domain::organization::TeamId;
use crate::domain::period::Period;
use crate::domain::plan::decision::{About, Course, PlanInput};
use crate::domain::plan::order::{self, blocks};
use crate::domain::plan::{PlannedTeam, Points, There};
use crate::domain::roadmap::StageNumber;
use crate::domain::scoring::Measure;

/// What is decided about the activities, by their position.
pub(super) struct Rulings {
    general: Vec<Ruling>,
    own: BTreeMap<TeamId, Vec<(ActivityIndex, Ruling)>>,
}

/// What is decided about an activity for a team.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ruling {
    pub(super) course: Course,
    /// For whom it was decided; `None`: for all.
    pub(super) of: Option<TeamId>,
}

impl Ruling {
    /// The part of the input that it is.
    pub(super) fn about(self, id: &ActivityId) -> About {
        About::Decision(id.clone(), self.of)
    }
}

impl Rulings {
    /// What is decided about the activities that the catalog has.
    pub(super) fn new(catalog: &Catalog, input: &PlanInput) -> Self {
        let mut rulings = Self { general: vec![Ruling::default(); catalog.len()], own: BTreeMap::new() };
        for ((id, of), course) in &input.decisions {
            let Some(index) = catalog.find(id) else { continue };
            let ruling = Ruling { course: *course, of: *of };
            match of {
                Some(team) => rulings.own.entry(*team).or_default().push((index, ruling)),
                None => {
                    if let Some(slot) = rulings.general.get_mut(index.position()) {
                        *slot = ruling;
                    }
                }
            }
        }
        rulings
    }

    /// What is decided for a team, in the order of the catalog. A team that provides something for all others does
    /// it itself.
    pub(super) fn of(&self, team: TeamId) -> Vec<Ruling> {
        let mut rulings = self.general.clone();
        for ruling in rulings.iter_mut().filter(|ruling| ruling.course == Course::ProvidedBy(team)) {
            *ruling = Ruling::default();
        }
        for (index, ruling) in self.own.get(&team).into_iter().flatten() {
            if let Some(slot) = rulings.get_mut(index.position()) {
                *slot = *ruling;
            }
        }
        rulings
    }
}

/// Something that a team does.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) activity: ActivityIndex,
    pub(super) stage: StageNumber,
    pub(super) effort: Points,
    /// The quarter in which a person wants it finished.
    pub(super) locked: Option<Period>,
    /// The tasks that come before it, by their position in the agenda; all before its own.
    pub(super) needs: Vec<usize>,
    /// What of its needs others provide.
    pub(super) needs_provided: Vec<ActivityIndex>,
    pub(super) there: There,
    /// The activities of its block that it opens the way for.
    pub(super) opens: Vec<ActivityIndex>,
}

/// What a team needs from another one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Provision {
    pub(super) activity: ActivityIndex,
    pub(super) stage: StageNumber,
    pub(super) by: TeamId,
}

/// What a team has to do.
#[derive(Debug)]
pub(super) struct Agenda {
    /// In the order in which it is best done.
    pub(super) tasks: Vec<Task>,
    pub(super) provisions: Vec<Provision>,
    pub(super) excluded: Vec<(ActivityIndex, StageNumber)>,
}

impl Agenda {
    /// The agenda of a team. `dimensions` has the name of the dimension of each activity.
    pub(super) fn new(catalog: &Catalog, dimensions: &[&str], team: &PlannedTeam<'_>, rulings: &[Ruling]) -> Self {
        let course = |index: ActivityIndex| rulings.get(index.position()).copied().unwrap_or_default().course;
        let is_open = |index: ActivityIndex| Measure::from(team.sheet.mark(index)).is_open();
        let is_excluded = |index: ActivityIndex| course(index) == Course::Excluded;
        let is_provided = |index: ActivityIndex| matches!(course(index), Course::ProvidedBy(_));
        let staged = |stages: Vec<Option<StageNumber>>| {
            catalog.activities().zip(stages).filter_map(|((index, _), stage)| Some((index, stage?)))
        };
        let practices = |is_left: &dyn Fn(ActivityIndex) -> bool| staged(team.roadmap.practices(catalog, is_left));
        // What is left out or provided does not bring its own prerequisites into the plan.
        let excluded = if catalog.activities().any(|(index, _)| is_excluded(index)) {
            practices(&is_open).filter(|(index, _)| is_excluded(*index)).collect()
        } else {
            Vec::new()
        };
        let provisions = if catalog.activities().any(|(index, _)| is_provided(index)) {
            let asked = practices(&|index| is_open(index) && !is_excluded(index));
            let provision = |(activity, stage)| match course(activity) {
                Course::ProvidedBy(by) => Some(Provision { activity, stage, by }),
                _ => None,
            };
            asked.filter_map(provision).collect()
        } else {
            Vec::new()
        };
        let own = practices(&|index| is_open(index) && !is_excluded(index) && !is_provided(index));
        let mut tasks: Vec<Task> = own
            .map(|(activity, stage)| Task {
                activity,
                stage,
                effort: Points::remaining(catalog.activity(activity), team.sheet.mark(activity)),
                locked: if let Course::Locked(period) = course(activity) { Some(period) } else { None },
                needs: Vec::new(),
                needs_provided: {
                    let needed = catalog.prerequisites(activity).iter().copied();
                    needed.filter(|&needed| is_open(needed) && is_provided(needed)).collect()
                },
                there: There::NeededBy(Vec::new()),
                opens: Vec::new(),
            })
            .collect();
        connect(catalog, dimensions, team, &mut tasks);
        Self { tasks: in_order(catalog, tasks), provisions, excluded }
    }
}

/// Says what the tasks, in the order of the catalog, need and why they are there.
fn connect(catalog: &Catalog, dimensions: &[&str], team: &PlannedTeam<'_>, tasks: &mut [Task]) {
    let mut place = vec![None; catalog.len()];
    for (position, task) in tasks.iter().enumerate() {
        if let Some(slot) = place.get_mut(task.activity.position()) {
            *slot = Some((position, task.stage));
        }
    }
    let place = |index: ActivityIndex| place.get(index.position()).copied().flatten();
    for task in tasks {
        let needed = catalog.prerequisites(task.activity).iter();
        task.needs = needed.filter_map(|&needed| place(needed)).map(|(position, _)| position).collect();
        let dimension = dimensions.get(task.activity.position()).copied().unwrap_or_default();
        let target = team.roadmap.stage(task.stage).map_or(0, |stage| stage.target(dimension));
        task.there = if target >= catalog.activity(task.activity).level {
            There::Target(target)
        } else {
            let is_of_stage = |index: ActivityIndex| place(index).is_some_and(|(_, stage)| stage == task.stage);
            let dependents = catalog.dependents(task.activity).iter().copied();
            There::NeededBy(dependents.filter(|&dependent| is_of_stage(dependent)).collect())
        };
    }
}

/// The tasks in the order in which they are best done, stage by stage. A locked one has its quarter already; it is
/// only put after what it needs and before what needs it.
fn in_order(catalog: &Catalog, tasks: Vec<Task>) -> Vec<Task> {
    let stages: BTreeSet<StageNumber> = tasks.iter().map(|task| task.stage).collect();
    let mut order = Vec::with_capacity(tasks.len());
    let mut opens = vec![Vec::new(); tasks.len()];
    for stage in stages {
        let is_member = |(_, task): &(usize, &Task)| task.stage == stage && task.locked.is_none();
        let members: Vec<usize> = tasks.iter().enumerate().filter(is_member).map(|(position, _)| position).collect();
        let work = members.iter().filter_map(|&member| {
            let task = tasks.get(member)?;
            let needs = free_needs(&tasks, task).into_iter();
            Some(order::Task {
                effort: task.effort.in_hundredths(),
                usefulness: catalog.activity(task.activity).usefulness,
                needs: needs.filter_map(|needed| members.binary_search(&needed).ok()).collect(),
            })
        });
        for block in blocks(&work.collect::<Vec<_>>()) {
            let block: Vec<usize> = block.into_iter().filter_map(|i| members.get(i).copied()).collect();
            for (position, opened) in opened_in(&tasks, &block) {
                if let Some(slot) = opens.get_mut(position) {
                    *slot = opened;
                }
            }
            order.extend(block);
        }
    }
    let order = with_locked(&tasks, order);
    let mut place = vec![0; tasks.len()];
    for (new, &old) in order.iter().enumerate() {
        if let Some(slot) = place.get_mut(old) {
            *slot = new;
        }
    }
    let mut tasks: Vec<(usize, Task)> = place.iter().copied().zip(tasks).collect();
    for ((_, task), opens) in tasks.iter_mut().zip(opens) {
        task.needs = task.needs.iter().filter_map(|&needed| place.get(needed).copied()).collect();
        task.opens = opens;
    }
    tasks.sort_by_key(|(place, _)| *place);
    tasks.into_iter().map(|(_, task)| task).collect()
}

/// What a task needs of those that are not locked, directly or over locked ones.
fn free_needs(tasks: &[Task], task: &Task) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = task.needs.clone();
    while let Some(position) = open.pop() {
        if seen.insert(position)
            && let Some(needed) = tasks.get(position)
            && needed.locked.is_some()
        {
            open.extend(&needed.needs);
        }
    }
    seen.retain(|&position| tasks.get(position).is_some_and(|task| task.locked.is_none()));
    seen
}

/// For each member of a block, given in order, the activities of the block that need it over any number of steps.
fn opened_in(tasks: &[Task], block: &[usize]) -> Vec<(usize, Vec<ActivityIndex>)> {
    let mut opened: Vec<(usize, BTreeSet<usize>)> = Vec::with_capacity(block.len());
    for &member in block.iter().rev() {
        let mut all = BTreeSet::new();
        for (later, opens) in &opened {
            if tasks.get(*later).is_some_and(|task| free_needs(tasks, task).contains(&member)) {
                all.insert(*later);
                all.extend(opens);
            }
        }
        opened.push((member, all));
    }
    let activities = |positions: BTreeSet<usize>| {
        positions.into_iter().filter_map(|position| tasks.get(position)).map(|task| task.activity).collect()
    };
    opened.into_iter().map(|(member, opens)| (member, activities(opens))).collect()
}

/// An order of the tasks that are not locked with the locked ones in it, each as early as its needs allow.
fn with_locked(tasks: &[Task], order: Vec<usize>) -> Vec<usize> {
    if order.len() == tasks.len() {
        return order;
    }
    let mut waits: Vec<usize> = tasks.iter().map(|task| task.needs.len()).collect();
    let mut opens = vec![Vec::new(); tasks.len()];
    for (position, task) in tasks.iter().enumerate() {
        for &needed in &task.needs {
            if let Some(opened) = opens.get_mut(needed) {
                opened.push(position);
            }
        }
    }
    let mut all = Vec::with_capacity(tasks.len());
    let is_ready = |(position, task): &(usize, &Task)| task.locked.is_some() && waits.get(*position) == Some(&0);
    let mut ready: Vec<usize> = tasks.iter().enumerate().filter(is_ready).map(|(position, _)| position).collect();
    let mut rest = order.into_iter();
    while let Some(position) = ready.pop().or_else(|| rest.next()) {
        all.push(position);
        for &opened in opens.get(position).into_iter().flatten() {
            if let Some(count) = waits.get_mut(opened) {
                *count -= 1;
                if *count == 0 && tasks.get(opened).is_some_and(|task| task.locked.is_some()) {
                    ready.push(opened);
                }
            }
        }
    }
    all
}
