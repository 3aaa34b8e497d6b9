//! What of a team's work the targets of dimensions ask for, with all that it needs.

use crate::domain::catalog::{ActivityIndex, Catalog, Level, MAX_LEVEL};
use crate::domain::plan::TeamPlan;

/// A set of positions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set(Vec<u64>);

impl Set {
    /// The empty set of positions below some number.
    pub(super) fn empty(positions: usize) -> Self {
        Self(vec![0; positions.div_ceil(64)])
    }

    pub(super) fn insert(&mut self, position: usize) {
        if let Some(word) = self.0.get_mut(position / 64) {
            *word |= 1 << (position % 64);
        }
    }

    pub(super) fn contains(&self, position: usize) -> bool {
        self.0.get(position / 64).is_some_and(|word| word >> (position % 64) & 1 == 1)
    }

    fn add(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    pub(super) fn remove(&mut self, other: &Self) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word &= !other;
        }
    }

    pub(super) fn positions(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(i, &word)| {
            std::iter::successors(Some(word), |word| Some(word & word.wrapping_sub(1)))
                .take_while(|word| *word != 0)
                .map(move |word| i * 64 + usize::try_from(word.trailing_zeros()).unwrap_or(0))
        })
    }
}

/// The work of a team by the targets that ask for it.
pub(super) struct Reach {
    /// What is left of each activity, in hundredths of points; 0 for those that are not in the plan.
    left: Vec<u64>,
    /// For each dimension, for each target from 0: what is left of that, with all that it needs.
    asked: Vec<Vec<Set>>,
    nothing: Set,
}

impl Reach {
    pub(super) fn new(catalog: &Catalog, plan: &TeamPlan) -> Self {
        let mut left = vec![0; catalog.len()];
        for item in &plan.items {
            if let Some(slot) = left.get_mut(item.activity.position()) {
                *slot = item.effort.in_hundredths();
            }
        }
        let mut reach = Self { left, asked: Vec::new(), nothing: Set::empty(catalog.len()) };
        let asked = catalog.dimensions().iter().map(|dimension| {
            let mut of_targets = vec![Set::empty(catalog.len()); usize::from(MAX_LEVEL) + 1];
            for index in dimension.sub_dimensions.iter().flat_map(|sub| sub.activities()) {
                let level = usize::from(catalog.activity(index).level);
                let all = reach.with_needs(catalog, index);
                of_targets.iter_mut().skip(level).for_each(|set| set.add(&all));
            }
            of_targets
        });
        reach.asked = asked.collect();
        reach
    }

    fn with_needs(&self, catalog: &Catalog, index: ActivityIndex) -> Set {
        let mut all = Set::empty(catalog.len());
        let mut open = vec![index];
        while let Some(index) = open.pop() {
            if self.left(index.position()) > 0 && !all.contains(index.position()) {
                all.insert(index.position());
                open.extend(catalog.prerequisites(index));
            }
        }
        all
    }

    /// What is left of an activity, in hundredths of points.
    pub(super) fn left(&self, position: usize) -> u64 {
        self.left.get(position).copied().unwrap_or(0)
    }

    /// What is left under some targets, in the order of the dimensions.
    pub(super) fn practices(&self, targets: impl Iterator<Item = Level>) -> Set {
        let mut all = self.nothing.clone();
        for (of_targets, target) in self.asked.iter().zip(targets) {
            if let Some(set) = of_targets.get(usize::from(target)) {
                all.add(set);
            }
        }
        all
    }

    /// The work that some of it takes, in hundredths of points.
    pub(super) fn work(&self, practices: &Set) -> u64 {
        practices.positions().map(|position| self.left(position)).sum()
    }
}
