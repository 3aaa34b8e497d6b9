//! The order of work that brings usefulness early: it minimises Σ usefulness · completion time under prerequisites.
//!
//! Work is cut into blocks by Sidney's decomposition (J. B. Sidney, Operations Research 23, 1975): some best order
//! begins with the set that brings the most usefulness for its effort among all sets that contain what their
//! members need, and goes on in the same way with what is left. Parts that have nothing to do with each other are
//! cut on their own, so that a change in one leaves the order inside the others as it is. Numbers are whole, so
//! nothing depends on rounding; equal input gives equal order.

mod cut;
mod interior;

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, VecDeque};

use cut::Cut;

/// Work with what has to be done before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// How much there is to do, in hundredths of points.
    pub effort: u64,
    /// How useful it is once it is done, 1 to 5.
    pub usefulness: u8,
    /// The tasks that come before it, by their position. Positions that do not exist are left aside, and no task
    /// may need itself, over any number of steps.
    pub needs: Vec<usize>,
}

/// The best order, by positions, in blocks: each block brings the most usefulness for its effort among all that
/// can follow the blocks before, and no smaller part of it brings as much.
pub fn blocks(tasks: &[Task]) -> Vec<Vec<usize>> {
    let graph = Graph::new(tasks);
    let found = graph.decompose((0..tasks.len()).collect());
    found.into_iter().map(|block| interior::sequence(&graph, block.members)).collect()
}

/// Σ usefulness · completion time of an order, where work begins at 0 and never rests.
pub fn cost(tasks: &[Task], order: &[usize]) -> u64 {
    let (mut time, mut cost) = (0, 0);
    for task in order.iter().filter_map(|&position| tasks.get(position)) {
        time += task.effort;
        cost += time * u64::from(task.usefulness);
    }
    cost
}

/// What a set of tasks takes and brings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Load {
    effort: u64,
    usefulness: u64,
}

impl Load {
    /// Compares the usefulness for the effort.
    fn compare_density(self, other: Self) -> Ordering {
        let cross = |one: u64, other: u64| u128::from(one) * u128::from(other);
        cross(self.usefulness, other.effort).cmp(&cross(other.usefulness, self.effort))
    }
}

impl std::iter::Sum for Load {
    fn sum<I: Iterator<Item = Self>>(loads: I) -> Self {
        loads.fold(Self::default(), |sum, load| Self {
            effort: sum.effort + load.effort,
            usefulness: sum.usefulness + load.usefulness,
        })
    }
}

/// Tasks with their neighbours in both directions.
struct Graph {
    loads: Vec<Load>,
    needs: Vec<Vec<usize>>,
    opens: Vec<Vec<usize>>,
}

/// Tasks that come one after the other, not yet in their order.
struct Block {
    /// Their positions, rising.
    members: Vec<usize>,
    load: Load,
}

impl Graph {
    fn new(tasks: &[Task]) -> Self {
        let mut opens = vec![Vec::new(); tasks.len()];
        let mut needs = Vec::with_capacity(tasks.len());
        for (position, task) in tasks.iter().enumerate() {
            let needed: BTreeSet<usize> = task.needs.iter().copied().filter(|&needed| needed < tasks.len()).collect();
            for &needed in &needed {
                if let Some(opened) = opens.get_mut(needed) {
                    opened.push(position);
                }
            }
            needs.push(needed.into_iter().collect());
        }
        let load = |task: &Task| Load { effort: task.effort, usefulness: u64::from(task.usefulness) };
        Self { loads: tasks.iter().map(load).collect(), needs, opens }
    }

    fn load(&self, position: usize) -> Load {
        self.loads.get(position).copied().unwrap_or_default()
    }

    fn needs(&self, position: usize) -> &[usize] {
        self.needs.get(position).map_or(&[], Vec::as_slice)
    }

    fn opens(&self, position: usize) -> &[usize] {
        self.opens.get(position).map_or(&[], Vec::as_slice)
    }

    /// The blocks of a part, densest first. What its members need outside of it is done before.
    fn decompose(&self, part: Vec<usize>) -> Vec<Block> {
        let components = self.components(&part);
        merge(components.into_iter().map(|component| self.decompose_connected(component)).collect())
    }

    /// The same for a part that is connected. It is cut at its own density: what is denser comes first.
    fn decompose_connected(&self, part: Vec<usize>) -> Vec<Block> {
        if part.len() == 1 {
            return vec![self.block(part)];
        }
        match cut::at_own_density(self, &part) {
            Cut::Denser { denser, rest } => {
                let mut blocks = self.decompose(denser);
                blocks.extend(self.decompose(rest));
                blocks
            }
            Cut::Even(parts) => parts.into_iter().map(|members| self.block(members)).collect(),
        }
    }

    fn block(&self, members: Vec<usize>) -> Block {
        let load = members.iter().map(|&member| self.load(member)).sum();
        Block { members, load }
    }

    /// The connected components of a part given in rising order, each in rising order, by their first member.
    fn components(&self, part: &[usize]) -> Vec<Vec<usize>> {
        let mut left: BTreeSet<usize> = part.iter().copied().collect();
        let mut components = Vec::new();
        while let Some(first) = left.pop_first() {
            let mut component = vec![first];
            let mut open = vec![first];
            while let Some(position) = open.pop() {
                for &neighbour in self.needs(position).iter().chain(self.opens(position)) {
                    if left.remove(&neighbour) {
                        component.push(neighbour);
                        open.push(neighbour);
                    }
                }
            }
            component.sort_unstable();
            components.push(component);
        }
        components
    }
}

/// Merges rows of blocks, each densest first, into one. Of equally dense ones that with the first task comes
/// first. The blocks of two rows follow each other in the same way whatever other rows there are.
fn merge(rows: Vec<Vec<Block>>) -> Vec<Block> {
    let mut rows: Vec<VecDeque<Block>> = rows.into_iter().map(VecDeque::from).collect();
    let mut merged = Vec::new();
    let compare = |one: &Block, other: &Block| {
        one.load.compare_density(other.load).then_with(|| Reverse(&one.members).cmp(&Reverse(&other.members)))
    };
    loop {
        let heads = rows.iter().enumerate().filter_map(|(row, blocks)| Some((row, blocks.front()?)));
        let Some((row, _)) = heads.max_by(|(_, one), (_, other)| compare(one, other)) else { break };
        merged.extend(rows.get_mut(row).and_then(VecDeque::pop_front));
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The least cost there is, over all sets that can be done first.
    fn optimum(tasks: &[Task]) -> u64 {
        let bits = |set: usize| (0..tasks.len()).filter(move |i| set >> i & 1 == 1);
        let mut least = vec![None; 1 << tasks.len()];
        least[0] = Some(0);
        for set in 0..least.len() {
            let Some(cost) = least[set] else { continue };
            let time: u64 = bits(set).map(|i| tasks[i].effort).sum();
            for (i, task) in tasks.iter().enumerate() {
                if set >> i & 1 == 0 && task.needs.iter().all(|needed| set >> needed & 1 == 1) {
                    let cost = cost + (time + task.effort) * u64::from(task.usefulness);
                    let slot: &mut Option<u64> = &mut least[set | 1 << i];
                    *slot = Some(slot.map_or(cost, |other| other.min(cost)));
                }
            }
        }
        least[least.len() - 1].unwrap()
    }

    fn density(tasks: &[Task], block: &[usize]) -> Load {
        let load = |&i: &usize| Load { effort: tasks[i].effort, usefulness: u64::from(tasks[i].usefulness) };
        block.iter().map(load).sum()
    }

    fn tasks(most: usize) -> impl Strategy<Value = Vec<Task>> {
        let task = (3u64..=15, prop::sample::select(vec![20, 50, 80, 100]), 1u8..=5);
        let task = (task, prop::collection::vec(0u32..100, most));
        (prop::collection::vec(task, 0..=most), prop::sample::select(vec![4, 10, 20, 40, 70])).prop_map(
            |(drawn, edges)| {
                let task = drawn.into_iter().enumerate().map(|(i, ((points, left, usefulness), draws))| Task {
                    effort: points * left,
                    usefulness,
                    needs: (0..i).filter(|&needed| draws[needed] < edges).collect(),
                });
                task.collect()
            },
        )
    }

    fn assert_is_order(tasks: &[Task], order: &[usize]) {
        let mut sorted = order.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..tasks.len()).collect::<Vec<_>>());
        for (place, &i) in order.iter().enumerate() {
            assert!(tasks[i].needs.iter().all(|needed| order[..place].contains(needed)), "{order:?} of {tasks:?}");
        }
    }

    #[test]
    fn something_dull_comes_first_where_it_opens_the_way_for_something_good() {
        let task = |effort, usefulness, needs: &[usize]| Task { effort, usefulness, needs: needs.to_vec() };
        let tasks = [task(300, 2, &[]), task(600, 1, &[]), task(300, 5, &[1]), task(900, 5, &[])];
        assert_eq!(blocks(&tasks), [vec![0], vec![1, 2], vec![3]]);
        assert_eq!(blocks(&[]), Vec::<Vec<usize>>::new());
    }

    proptest! {
        // The ratio to the true optimum is 1 for each of them.
        #[test]
        fn up_to_twelve_tasks_are_in_the_best_order(tasks in tasks(12)) {
            let order = blocks(&tasks).concat();
            assert_is_order(&tasks, &order);
            prop_assert_eq!(cost(&tasks, &order), optimum(&tasks));
        }

        #[test]
        fn blocks_are_ever_less_dense(tasks in tasks(30)) {
            let blocks = blocks(&tasks);
            assert_is_order(&tasks, &blocks.concat());
            for pair in blocks.windows(2) {
                let [one, other] = [&pair[0], &pair[1]].map(|block| density(&tasks, block));
                prop_assert!(one.compare_density(other).is_ge(), "{:?}", blocks);
            }
        }

        #[test]
        fn what_is_beside_does_not_change_an_order((one, other) in (tasks(10), tasks(10))) {
            let shift = |task: &Task| {
                let needs = task.needs.iter().map(|needed| needed + one.len()).collect();
                Task { needs, ..task.clone() }
            };
            let both: Vec<Task> = one.iter().cloned().chain(other.iter().map(shift)).collect();
            let order = blocks(&both).concat();
            let (first, second): (Vec<usize>, Vec<usize>) = order.iter().partition(|&&i| i < one.len());
            let second: Vec<usize> = second.into_iter().map(|i| i - one.len()).collect();
            prop_assert_eq!(first, blocks(&one).concat());
            prop_assert_eq!(second, blocks(&other).concat());
        }
    }

    #[test]
    fn a_large_block_is_ordered_too() {
        // One task that pays for all of the others, which need nothing.
        let last = Task { effort: 300, usefulness: 250, needs: (0..140).collect() };
        let first = |i: u64| Task { effort: 900 + i % 7, usefulness: 1, needs: Vec::new() };
        let tasks: Vec<Task> = (0..140).map(first).chain([last]).collect();
        let blocks = blocks(&tasks);
        assert_eq!(blocks.len(), 1);
        assert_is_order(&tasks, &blocks.concat());
    }
}
