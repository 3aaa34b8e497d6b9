//! Fills quarters: what has to be done by a quarter in time, and all else one after the other.

use crate::domain::plan::Points;

/// Work that is put into quarters, which are counted from the first one of the plan.
#[derive(Debug, Clone)]
pub(super) struct Job {
    pub(super) effort: Points,
    /// The jobs that are finished before it is begun, by their position; all before its own.
    pub(super) needs: Vec<usize>,
    /// The first quarter in which it can be worked on.
    pub(super) release: usize,
    /// The last one; `None`: there is no need to hurry.
    pub(super) deadline: Option<usize>,
    /// The quarter in which it is finished, not earlier and not later.
    pub(super) locked: Option<usize>,
    /// How much of it is kept for that quarter.
    pub(super) kept: Points,
}

impl Job {
    /// When it can be worked on: from when to when, how much.
    pub(super) fn pieces(&self) -> Vec<(usize, usize, Points)> {
        match (self.deadline, self.locked) {
            (Some(deadline), Some(locked)) => {
                vec![(self.release, deadline, self.effort - self.kept), (locked, deadline, self.kept)]
            }
            (Some(deadline), None) => vec![(self.release, deadline, self.effort)],
            (None, _) => Vec::new(),
        }
    }
}

/// What became of the jobs.
#[derive(Debug)]
pub(super) struct Filled {
    /// The work in quarters, for each job.
    pub(super) work: Vec<Vec<(usize, Points)>>,
    /// Whether some of it was done only because it had to be finished in time, for each job.
    pub(super) hurried: Vec<bool>,
    /// The jobs that are finished, in the order in which they are.
    pub(super) finished: Vec<usize>,
}

/// Fills quarters of these capacities with jobs, given in the order in which they are best done. In each quarter as
/// much is done first as must be, so that later ones suffice for what has a deadline; this begins with the nearest
/// deadline. The rest of the quarter goes to what has been begun and then to the others as far as they can be
/// begun, locked ones left aside. That all can be in time has been checked before.
pub(super) fn fill(jobs: &[Job], capacity: &[Points]) -> Filled {
    let mut filling = Filling {
        jobs,
        capacity,
        left: jobs.iter().map(|job| job.effort).collect(),
        filled: Filled {
            work: vec![Vec::new(); jobs.len()],
            hurried: vec![false; jobs.len()],
            finished: Vec::with_capacity(jobs.len()),
        },
    };
    let mut urgent: Vec<usize> = (0..jobs.len()).filter(|&i| filling.deadline(i).is_some()).collect();
    urgent.sort_by_key(|&i| (filling.deadline(i), i));
    let mut free: Vec<usize> = (0..jobs.len()).filter(|&i| filling.locked(i).is_none()).collect();
    for (quarter, &capacity) in capacity.iter().enumerate() {
        if filling.filled.finished.len() == jobs.len() {
            break;
        }
        let mut must = filling.must(quarter, &urgent).min(capacity);
        let mut rest = capacity - must;
        for &i in &urgent {
            let done = filling.work_on(i, quarter, must);
            if let Some(hurried) = filling.filled.hurried.get_mut(i) {
                *hurried |= !done.is_zero();
            }
            must = must - done;
        }
        rest += must;
        let (begun, fresh): (Vec<usize>, Vec<usize>) = free.iter().partition(|&&i| filling.is_begun(i));
        for i in begun.into_iter().chain(fresh) {
            if rest.is_zero() {
                break;
            }
            rest = rest - filling.work_on(i, quarter, rest);
        }
        free.retain(|&i| !filling.left(i).is_zero());
        urgent.retain(|&i| !filling.left(i).is_zero());
    }
    filling.filled
}

struct Filling<'a> {
    jobs: &'a [Job],
    capacity: &'a [Points],
    left: Vec<Points>,
    filled: Filled,
}

impl Filling<'_> {
    fn left(&self, i: usize) -> Points {
        self.left.get(i).copied().unwrap_or_default()
    }

    fn deadline(&self, i: usize) -> Option<usize> {
        self.jobs.get(i).and_then(|job| job.deadline)
    }

    fn locked(&self, i: usize) -> Option<usize> {
        self.jobs.get(i).and_then(|job| job.locked)
    }

    fn is_begun(&self, i: usize) -> bool {
        self.filled.work.get(i).is_some_and(|work| !work.is_empty())
    }

    /// How much has to be done in a quarter, so that the later ones suffice for what is due in them. `urgent` is
    /// what has a deadline, the nearest first.
    fn must(&self, quarter: usize, urgent: &[usize]) -> Points {
        let (mut due, mut later, mut until) = (Points::ZERO, Points::ZERO, quarter);
        let mut must = Points::ZERO;
        for &i in urgent {
            let deadline = self.deadline(i).unwrap_or(quarter);
            while until < deadline {
                until += 1;
                later += self.capacity.get(until).copied().unwrap_or_default();
            }
            due += self.left(i);
            must = must.max(due - later);
        }
        must
    }

    /// Works on a job in a quarter as far as that is possible, and says how much is done.
    fn work_on(&mut self, i: usize, quarter: usize, most: Points) -> Points {
        let Some(job) = self.jobs.get(i) else { return Points::ZERO };
        let left = self.left(i);
        let kept = if job.locked.is_some_and(|locked| quarter < locked) { job.kept } else { Points::ZERO };
        let done = (left - kept).min(most);
        let waits = job.release > quarter || job.needs.iter().any(|&needed| !self.left(needed).is_zero());
        if done.is_zero() || waits {
            return Points::ZERO;
        }
        let rest = left - done;
        if let Some(left) = self.left.get_mut(i) {
            *left = rest;
        }
        if let Some(work) = self.filled.work.get_mut(i) {
            match work.last_mut() {
                Some((last, amount)) if *last == quarter => *amount += done,
                _ => work.push((quarter, done)),
            }
        }
        if rest.is_zero() {
            self.filled.finished.push(i);
        }
        done
    }
}
