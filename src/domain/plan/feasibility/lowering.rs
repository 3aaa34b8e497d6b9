//! Which targets of a stage would have to be lowered, and how far, for a date to be met.

use super::reach::{Reach, Set};
use super::{Change, LowerTarget, Lowering, Scope, Sums};
use crate::domain::catalog::Level;
use crate::domain::period::Period;
use crate::domain::plan::Points;
use crate::domain::roadmap::{Roadmap, StageNumber};

/// The ways to lower targets of a stage that let its date be met: for each dimension the least lowering that is
/// enough by itself, or else one of several dimensions together. What gives up least usefulness comes first.
pub(super) fn find(scope: &Scope<'_>, sums: &[Sums<'_>], stage: StageNumber, wished: Period) -> Vec<Lowering> {
    let search = Search::new(scope, sums, stage, wished);
    let alone = (0..search.dimensions.len()).filter_map(|dimension| search.alone(dimension));
    let mut found: Vec<Lowering> = alone.map(|targets| search.lowering(&targets)).collect();
    if found.is_empty() {
        found.extend(search.together().map(|targets| search.lowering(&targets)));
    }
    found.sort_by_key(|lowering| (lowering.usefulness, lowering.saved));
    found
}

/// A roadmap with targets of a stage lowered, but not below those of the stage before.
pub(super) fn lowered(roadmap: &Roadmap, number: StageNumber, targets: &[LowerTarget]) -> Option<Roadmap> {
    let mut stages = roadmap.stages().to_vec();
    let before = number.0.checked_sub(2).and_then(|before| stages.get(before)).cloned().unwrap_or_default();
    let stage = stages.get_mut(number.0.checked_sub(1)?)?;
    for LowerTarget { dimension, to, .. } in targets {
        let target = stage.target(dimension).min(*to).max(before.target(dimension));
        stage.targets.insert(dimension.clone(), target);
    }
    Roadmap::new(stages).ok()
}

/// A team with the targets that it has now.
struct Team<'a> {
    sums: &'a Sums<'a>,
    reach: &'a Reach,
    /// For each dimension: the target of the stage, and that of the stage before.
    now: Vec<(Level, Level)>,
    /// What is locked to quarters after the date, by position: it is late for as long as the stage asks for it.
    held: Vec<usize>,
}

struct Search<'a> {
    scope: &'a Scope<'a>,
    stage: StageNumber,
    wished: Period,
    dimensions: Vec<&'a str>,
    /// The usefulness of each activity.
    usefulness: Vec<u64>,
    teams: Vec<Team<'a>>,
    /// For each dimension: the greatest target that a team has, and the least that it can be lowered to.
    range: Vec<(Level, Level)>,
}

/// For each dimension the target that none is above.
type Targets = Vec<Level>;

impl<'a> Search<'a> {
    fn new(scope: &'a Scope<'a>, sums: &'a [Sums<'a>], stage: StageNumber, wished: Period) -> Self {
        let dimensions: Vec<&str> =
            scope.catalog.dimensions().iter().map(|dimension| dimension.name.as_str()).collect();
        let usefulness = scope.catalog.activities().map(|(_, activity)| u64::from(activity.usefulness));
        let teams = sums.iter().zip(scope.reach());
        let teams: Vec<Team<'_>> = teams.map(|(sums, reach)| Team::new(&dimensions, sums, reach, stage)).collect();
        let greatest = |dimension: usize, of: &dyn Fn(&(Level, Level)) -> Level| {
            teams.iter().filter_map(|team| team.now.get(dimension)).map(of).max().unwrap_or(0)
        };
        let range = (0..dimensions.len())
            .map(|dimension| (greatest(dimension, &|now| now.0), greatest(dimension, &|now| now.1)));
        let range = range.collect();
        Self { scope, stage, wished, dimensions, usefulness: usefulness.collect(), teams, range }
    }

    fn now(&self) -> Targets {
        self.range.iter().map(|(now, _)| *now).collect()
    }

    fn with(&self, targets: &Targets, dimension: usize, to: Level) -> Targets {
        let mut targets = targets.clone();
        if let Some(target) = targets.get_mut(dimension) {
            *target = to;
        }
        targets
    }

    /// What does not fit, over all teams that are short.
    fn missing(&self, targets: &Targets) -> u64 {
        let short = self.teams.iter().filter(|team| team.sums.is_short());
        let missing = |team: &Team<'_>| {
            let needed = team.reach.work(&team.practices(targets)) + team.sums.taken.in_hundredths();
            needed.saturating_sub(team.sums.available.in_hundredths())
        };
        short.map(missing).sum()
    }

    fn lower_targets(&self, targets: &Targets) -> Vec<LowerTarget> {
        let pairs = self.dimensions.iter().zip(&self.range).zip(targets);
        let lowered = pairs.filter(|((_, (now, _)), to)| *to < now);
        lowered
            .map(|((dimension, (now, _)), to)| LowerTarget { dimension: (*dimension).into(), from: *now, to: *to })
            .collect()
    }

    fn helps(&self, targets: &Targets) -> bool {
        let is_held = |team: &Team<'_>| {
            let practices = team.practices(targets);
            team.held.iter().any(|&position| practices.contains(position))
        };
        let change = || Change { lowered: self.lower_targets(targets), ..Change::default() };
        self.missing(targets) == 0
            && !self.teams.iter().any(is_held)
            && self.scope.helps_entangled(self.stage, self.wished, &change())
    }

    /// The least lowering of one dimension that is enough.
    fn alone(&self, dimension: usize) -> Option<Targets> {
        let &(now, least) = self.range.get(dimension)?;
        let candidates = (least..now).rev().map(|to| self.with(&self.now(), dimension, to));
        candidates.into_iter().find(|targets| self.helps(targets))
    }

    /// A lowering of several dimensions: always that which saves most for the usefulness that it gives up, and then
    /// back up where that was more than enough.
    fn together(&self) -> Option<Targets> {
        let mut targets = self.now();
        while self.missing(&targets) > 0 {
            let missing = self.missing(&targets);
            let steps = self.range.iter().enumerate().flat_map(|(dimension, (_, least))| {
                let now = targets.get(dimension).copied().unwrap_or(0);
                (*least..now).map(move |to| (dimension, to))
            });
            let steps = steps.map(|(dimension, to)| self.with(&targets, dimension, to));
            let useful = steps.filter_map(|targets| {
                let saved = missing.saturating_sub(self.missing(&targets));
                let given_up = self.lost(&targets).map(|(_, _, usefulness)| usefulness).sum::<u64>();
                (saved > 0).then_some((saved as f64 / given_up.max(1) as f64, targets))
            });
            targets = useful.max_by(|(one, _), (other, _)| one.total_cmp(other))?.1;
        }
        for (dimension, (now, _)) in self.range.iter().enumerate() {
            let lowered = targets.get(dimension).copied().unwrap_or(0);
            let higher = (lowered..*now).rev().map(|to| self.with(&targets, dimension, to + 1));
            if let Some(enough) = higher.into_iter().find(|targets| self.missing(targets) == 0) {
                targets = enough;
            }
        }
        self.helps(&targets).then_some(targets)
    }

    /// What leaves the stage, for each team: the position of the activity, what is left of it, and its usefulness.
    fn lost(&self, targets: &Targets) -> impl Iterator<Item = (usize, u64, u64)> {
        let now = self.now();
        self.teams.iter().flat_map(move |team| {
            let mut lost = team.practices(&now);
            lost.remove(&team.practices(targets));
            let positions: Vec<usize> = lost.positions().collect();
            let usefulness = |position: usize| self.usefulness.get(position).copied().unwrap_or(0);
            positions.into_iter().map(move |position| (position, team.reach.left(position), usefulness(position)))
        })
    }

    fn lowering(&self, targets: &Targets) -> Lowering {
        let mut teams = vec![0; self.usefulness.len()];
        let (mut usefulness, mut saved) = (0, 0);
        for (position, left, useful) in self.lost(targets) {
            if let Some(count) = teams.get_mut(position) {
                *count += 1;
            }
            usefulness += useful;
            saved += left;
        }
        let practices = self.scope.catalog.activities().zip(teams).filter(|(_, teams)| *teams > 0);
        Lowering {
            targets: self.lower_targets(targets),
            practices: practices.map(|((index, _), teams)| (index, teams)).collect(),
            usefulness,
            saved: Points::hundredths(saved),
        }
    }
}

impl<'a> Team<'a> {
    fn new(dimensions: &[&str], sums: &'a Sums<'a>, reach: &'a Reach, stage: StageNumber) -> Self {
        let target = |back: usize, dimension: &str| {
            let number = stage.0.checked_sub(back).map(StageNumber);
            let stage = number.and_then(|number| sums.member.given.roadmap.stage(number));
            stage.map_or(0, |stage| stage.target(dimension))
        };
        let now = dimensions.iter().map(|dimension| (target(0, dimension), target(1, dimension)));
        let held = sums.held.iter().map(|(activity, _)| activity.position());
        Self { sums, reach, now: now.collect(), held: held.collect() }
    }

    /// What is left of all stages up to this one, when no target of it is above some.
    fn practices(&self, targets: &Targets) -> Set {
        let pairs = self.now.iter().zip(targets);
        self.reach.practices(pairs.map(|((now, before), most)| *now.min(most).max(before)))
    }
}
