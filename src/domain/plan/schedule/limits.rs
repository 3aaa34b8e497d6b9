//! From when and until when the tasks of a team can be worked on, and whether that can be kept.

use std::collections::{BTreeMap, BTreeSet};

use super::agenda::{Agenda, Ruling, Task};
use super::faults::{Faults, names};
use super::fill::Job;
use crate::domain::catalog::{ActivityIndex, Catalog};
use crate::domain::period::Period;
use crate::domain::plan::{PlannedTeam, Points};

/// How much of a locked activity is kept for its quarter, when it has to be begun before.
const KEPT: Points = Points::hundredths(100);

/// The quarters that a team can use.
pub(super) struct Quarters {
    pub(super) periods: Vec<Period>,
    /// What it can do in each.
    pub(super) capacity: Vec<Points>,
}

impl Quarters {
    pub(super) fn position(&self, period: Period) -> Option<usize> {
        self.periods.binary_search(&period).ok()
    }

    pub(super) fn capacity(&self, quarter: usize) -> Points {
        self.capacity.get(quarter).copied().unwrap_or_default()
    }

    fn between(&self, first: usize, last: usize) -> Points {
        self.capacity.iter().take(last + 1).skip(first).copied().sum()
    }

    fn name(&self, quarter: usize) -> String {
        self.periods.get(quarter).map(Period::to_string).unwrap_or_default()
    }
}

/// The tasks of a team with what surrounds them.
pub(super) struct Limits<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) team: &'a PlannedTeam<'a>,
    pub(super) rulings: &'a [Ruling],
    pub(super) agenda: &'a Agenda,
    pub(super) quarters: &'a Quarters,
    /// When others have what they provide, where they have not done so already.
    pub(super) ready: &'a BTreeMap<ActivityIndex, Period>,
}

/// What a task waits for longest.
#[derive(Debug, Clone, Copy)]
enum Wait {
    /// A task that is locked.
    Locked(ActivityIndex, Period),
    /// What another team provides.
    Provided(ActivityIndex, Period),
}

impl Limits<'_> {
    /// The jobs, in the order of the agenda; `None` when some cannot be in time.
    pub(super) fn jobs(&self, faults: &mut Faults) -> Option<Vec<Job>> {
        let waits = self.waits();
        let locks: Vec<Option<usize>> = self.tasks().iter().map(|task| self.lock(task)).collect();
        let mut jobs: Vec<Job> = Vec::with_capacity(locks.len());
        for ((task, wait), lock) in self.tasks().iter().zip(&waits).zip(&locks) {
            let release = wait.map_or(0, |wait| self.release(wait));
            let kept = lock.map_or(Points::ZERO, |lock| KEPT.min(task.effort).min(self.share(lock)));
            let (effort, needs) = (task.effort, task.needs.clone());
            jobs.push(Job { effort, needs, release, deadline: *lock, locked: *lock, kept });
        }
        for i in (0..jobs.len()).rev() {
            let Some((deadline, needs)) = jobs.get(i).and_then(|job| Some((job.deadline?, job.needs.clone()))) else {
                continue;
            };
            for needed in needs {
                if let Some(job) = jobs.get_mut(needed) {
                    job.deadline = Some(job.deadline.map_or(deadline, |other| other.min(deadline)));
                }
            }
        }
        let mut sound = true;
        for (task, wait) in self.tasks().iter().zip(&waits) {
            sound &= self.check_lock(task, *wait, faults);
        }
        (sound && self.check_capacity(&jobs, faults)).then_some(jobs)
    }

    fn tasks(&self) -> &[Task] {
        &self.agenda.tasks
    }

    fn lock(&self, task: &Task) -> Option<usize> {
        self.quarters.position(task.locked?)
    }

    /// How much of a quarter each of the tasks that are locked to it can have.
    fn share(&self, lock: usize) -> Points {
        let sharing = self.tasks().iter().filter(|task| self.lock(task) == Some(lock)).count();
        let sharing = u64::try_from(sharing).unwrap_or(u64::MAX).max(1);
        Points::hundredths(self.quarters.capacity(lock).in_hundredths() / sharing)
    }

    /// What each task waits for longest, itself not counted.
    fn waits(&self) -> Vec<Option<Wait>> {
        let mut waits: Vec<Option<Wait>> = Vec::with_capacity(self.tasks().len());
        for task in self.tasks() {
            let over = task.needs.iter().filter_map(|&needed| {
                let needed_task = self.tasks().get(needed)?;
                let locked = needed_task.locked.map(|period| Wait::Locked(needed_task.activity, period));
                [locked, waits.get(needed).copied().flatten()]
                    .into_iter()
                    .flatten()
                    .max_by_key(|wait| self.release(*wait))
            });
            let provided = task.needs_provided.iter();
            let provided = provided.filter_map(|needed| Some(Wait::Provided(*needed, *self.ready.get(needed)?)));
            waits.push(over.chain(provided).max_by_key(|wait| self.release(*wait)));
        }
        waits
    }

    /// The first quarter in which something can be begun that waits.
    fn release(&self, wait: Wait) -> usize {
        match wait {
            Wait::Locked(_, period) => self.quarters.position(period).unwrap_or(0),
            Wait::Provided(_, period) => {
                self.quarters.position(period).map_or(self.quarters.periods.len(), |ready| ready + 1)
            }
        }
    }

    fn name(&self, activity: ActivityIndex) -> String {
        format!("“{}”", self.catalog.activity(activity).name)
    }

    fn add(&self, activity: ActivityIndex, faults: &mut Faults, sentence: String) {
        let ruling = self.rulings.get(activity.position()).copied().unwrap_or_default();
        faults.add_for(self.team.name, ruling.about(&self.catalog.activity(activity).id), sentence);
    }

    /// Whether a task that is locked can be, as far as other tasks are concerned.
    fn check_lock(&self, task: &Task, wait: Option<Wait>, faults: &mut Faults) -> bool {
        let Some(period) = task.locked else { return true };
        let name = self.name(task.activity);
        let (first, last) = (self.quarters.periods.first(), self.quarters.periods.last());
        let Some(lock) = self.quarters.position(period) else {
            let message = match (first, last) {
                (Some(first), _) if period < *first => format!(
                    "{name} is locked to {period}, before the plan begins in {first}; lock it to {first} or later, or \
                     begin the plan earlier"
                ),
                (_, Some(last)) => format!(
                    "{name} is locked to {period}, after the last quarter that the plan can reach, {last}; lock it earlier"
                ),
                _ => format!("{name} is locked to {period}, which the plan does not reach"),
            };
            self.add(task.activity, faults, message);
            return false;
        };
        if self.quarters.capacity(lock).is_zero() {
            let message = format!(
                "{name} is locked to {period}, in which the team can do nothing; lock it to another quarter, or raise \
                 the capacity of that quarter"
            );
            self.add(task.activity, faults, message);
            return false;
        }
        // With no share in its quarter it would be finished before.
        if self.share(lock).is_zero() {
            let message = format!(
                "{name} is locked to {period} with others, but the team can do only {} points in that quarter; lock it to \
                 another quarter, or raise the capacity of that quarter",
                self.quarters.capacity(lock)
            );
            self.add(task.activity, faults, message);
            return false;
        }
        let Some(wait) = wait.filter(|wait| self.release(*wait) > lock) else { return true };
        let message = match wait {
            Wait::Locked(needed, until) => format!(
                "{name} is locked to {period}, before {}, which it needs and which is locked to {until}; lock it to \
                 {until} or later, or the other one earlier",
                self.name(needed)
            ),
            Wait::Provided(needed, ready) => format!(
                "{name} is locked to {period}, but it needs {}, which is provided only in {ready}; lock it to {} or \
                 later, or have the other team do it earlier",
                self.name(needed),
                ready.next()
            ),
        };
        self.add(task.activity, faults, message);
        false
    }

    /// Whether everything that is locked, with what it needs, fits in time: it does when between any two quarters
    /// the team can do what can only be done there.
    fn check_capacity(&self, jobs: &[Job], faults: &mut Faults) -> bool {
        let pieces: Vec<(usize, usize, Points)> = jobs.iter().flat_map(Job::pieces).collect();
        let firsts: BTreeSet<usize> = pieces.iter().map(|piece| piece.0).collect();
        let lasts: BTreeSet<usize> = pieces.iter().map(|piece| piece.1).collect();
        let (mut fits, mut reported) = (true, 0);
        for last in lasts {
            let inside = |first: usize| pieces.iter().filter(move |piece| piece.0 >= first && piece.1 <= last);
            let over = firsts.iter().filter(|&&first| first >= reported && first <= last).find_map(|&first| {
                let needed: Points = inside(first).map(|piece| piece.2).sum();
                let available = self.quarters.between(first, last);
                (needed > available).then_some((first, needed, available))
            });
            let Some((first, needed, available)) = over else { continue };
            (fits, reported) = (false, last + 1);
            let is_due = |task: &&Task| self.lock(task) == Some(last);
            let due: Vec<ActivityIndex> = self.tasks().iter().filter(is_due).map(|task| task.activity).collect();
            let Some(&about) = due.first() else { continue };
            let all: Vec<String> = due.iter().map(|activity| self.name(*activity)).collect();
            let when = if first == last { "in".to_owned() } else { format!("from {} to", self.quarters.name(first)) };
            let message = format!(
                "{} cannot be finished in {}: what is locked and what that needs takes {needed} points {when} {}, \
                 where the team can do {available}; lock later, or raise the capacity",
                names(&all),
                self.quarters.name(last),
                self.quarters.name(last),
            );
            self.add(about, faults, message);
        }
        fits
    }
}
