//! The order inside a block, which cannot be cut any further.
//!
//! The best order is found by going over the sets that can be done first, one task more at a time, where for each
//! set only the best order to do it is kept. What is sure to come before something else in some best order is
//! found beforehand, which leaves few such sets. Where there are still too many, those are kept that promise most.

use super::{Graph, Load};

/// How many sets of the same size are kept. Blocks of up to 12 tasks never have as many, so their order is the best.
const WIDTH: usize = 1_000;

/// How many tasks a set can tell apart.
const MOST: usize = 128;

/// A set of tasks of a block, by their position in it.
type Set = u128;

/// The members of a block in the best order.
pub(super) fn sequence(graph: &Graph, members: Vec<usize>) -> Vec<usize> {
    match members.len() {
        0 | 1 => members,
        2..=MOST => {
            let order = Interior::new(graph, &members).sequence();
            order.into_iter().filter_map(|i| members.get(i).copied()).collect()
        }
        _ => greedy(graph, members),
    }
}

/// Of what can be begun always that which brings the most usefulness for its effort.
fn greedy(graph: &Graph, members: Vec<usize>) -> Vec<usize> {
    let mut left = members;
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let can_begin = |member: usize| !graph.needs(member).iter().any(|needed| left.binary_search(needed).is_ok());
        let ready = left.iter().enumerate().filter(|(_, member)| can_begin(**member));
        let best =
            ready.max_by(|(i, one), (k, other)| graph.load(**one).compare_density(graph.load(**other)).then(k.cmp(i)));
        // There is always one, unless some need each other.
        let position = best.map_or(0, |(position, _)| position);
        order.push(left.remove(position));
    }
    order
}

/// A block with what comes before and after each of its tasks, over any number of steps.
struct Interior {
    loads: Vec<Load>,
    before: Vec<Set>,
    after: Vec<Set>,
    /// The positions, densest first.
    by_density: Vec<usize>,
}

/// A set of tasks that is done first, in the best order known for it.
struct State {
    done: Set,
    time: u64,
    cost: u64,
    /// The task that is done last, and the state of the layer before that it is added to.
    last: usize,
    from: usize,
}

fn bit(i: usize) -> Set {
    1 << i
}

fn bits(mut set: Set) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let i = usize::try_from(set.trailing_zeros()).ok().filter(|_| set != 0)?;
        set &= set - 1;
        Some(i)
    })
}

impl Interior {
    fn new(graph: &Graph, members: &[usize]) -> Self {
        let loads: Vec<Load> = members.iter().map(|&member| graph.load(member)).collect();
        let mut by_density: Vec<usize> = (0..members.len()).collect();
        let load = |i: usize| loads.get(i).copied().unwrap_or_default();
        by_density.sort_by(|&one, &other| load(other).compare_density(load(one)));
        let none = vec![0; members.len()];
        let mut interior = Self { loads, before: none.clone(), after: none, by_density };
        for (i, &member) in members.iter().enumerate() {
            for needed in graph.needs(member).iter().filter_map(|needed| members.binary_search(needed).ok()) {
                interior.put_before(needed, i);
            }
        }
        while interior.find_dominated() {}
        interior
    }

    fn load(&self, i: usize) -> Load {
        self.loads.get(i).copied().unwrap_or_default()
    }

    fn before(&self, i: usize) -> Set {
        self.before.get(i).copied().unwrap_or_default()
    }

    fn after(&self, i: usize) -> Set {
        self.after.get(i).copied().unwrap_or_default()
    }

    /// Has one task come before another, and all that follows from that.
    fn put_before(&mut self, earlier: usize, later: usize) {
        let (firsts, lasts) = (self.before(earlier) | bit(earlier), self.after(later) | bit(later));
        for i in bits(firsts) {
            if let Some(after) = self.after.get_mut(i) {
                *after |= lasts;
            }
        }
        for i in bits(lasts) {
            if let Some(before) = self.before.get_mut(i) {
                *before |= firsts;
            }
        }
    }

    /// Has tasks come before others where that cannot be worse: one that is at least as dense, needs nothing that
    /// the other does not need and opens the way for all that the other does. Whatever stands between the two in
    /// an order is free of both, so moving either over it, to the side that its density asks for, loses nothing.
    fn find_dominated(&mut self) -> bool {
        let mut found = false;
        let positions = self.by_density.clone();
        for (place, &one) in positions.iter().enumerate() {
            for &other in positions.iter().skip(place + 1) {
                let is_open = (self.before(one) | self.after(one)) & bit(other) == 0;
                let can_go_first = self.before(one) & !self.before(other) == 0;
                if is_open && can_go_first && self.after(other) & !self.after(one) == 0 {
                    self.put_before(one, other);
                    found = true;
                }
            }
        }
        found
    }

    fn sequence(&self) -> Vec<usize> {
        let mut layers = vec![vec![State { done: 0, time: 0, cost: 0, last: 0, from: 0 }]];
        for _ in 0..self.loads.len() {
            let layer = layers.last().map_or(vec![], |layer| self.next(layer));
            layers.push(layer);
        }
        // Backwards from the state in which all is done.
        let (mut order, mut from) = (Vec::with_capacity(self.loads.len()), 0);
        for layer in layers.iter().skip(1).rev() {
            if let Some(state) = layer.get(from) {
                order.push(state.last);
                from = state.from;
            }
        }
        order.reverse();
        order
    }

    /// The states with one task more.
    fn next(&self, layer: &[State]) -> Vec<State> {
        let mut states = Vec::new();
        for (from, state) in layer.iter().enumerate() {
            let is_ready = |&i: &usize| state.done & bit(i) == 0 && self.before(i) & !state.done == 0;
            for last in (0..self.loads.len()).filter(is_ready) {
                let Load { effort, usefulness } = self.load(last);
                let time = state.time + effort;
                let cost = state.cost + time * usefulness;
                states.push(State { done: state.done | bit(last), time, cost, last, from });
            }
        }
        states.sort_by_key(|state| (state.done, state.cost, state.last));
        states.dedup_by_key(|state| state.done);
        if states.len() > WIDTH {
            states.sort_by_cached_key(|state| (state.cost + self.least_to_come(state), state.done));
            states.truncate(WIDTH);
        }
        states
    }

    /// What the rest costs at least: as if nothing of it needed anything else.
    fn least_to_come(&self, state: &State) -> u64 {
        let (mut time, mut cost) = (state.time, 0);
        for &i in self.by_density.iter().filter(|&&i| state.done & bit(i) == 0) {
            let Load { effort, usefulness } = self.load(i);
            time += effort;
            cost += time * usefulness;
        }
        cost
    }
}
