//! Minimum cuts: what of a part brings more usefulness for its effort than the whole of it.
//!
//! The set with the greatest Σ (usefulness − density · effort) that contains what its members need is found as a
//! minimum cut (J. C. Picard, Management Science 22, 1976), the maximum flow with Dinic's algorithm.

use std::collections::{BTreeMap, VecDeque};

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use super::{Graph, Load};

/// What a cut at the density of a part comes to.
pub(super) enum Cut {
    /// Some of the part is denser than the whole: the smallest set that gains the most, and what is left. Neither
    /// is empty; both are in rising order.
    Denser { denser: Vec<usize>, rest: Vec<usize> },
    /// Nothing is: pieces that are all as dense as the whole and have no smaller such pieces, in an order in which
    /// they can follow each other; each in rising order.
    Even(Vec<Vec<usize>>),
}

/// Cuts a part, given in rising order, at its own density.
pub(super) fn at_own_density(graph: &Graph, part: &[usize]) -> Cut {
    let total: Load = part.iter().map(|&member| graph.load(member)).sum();
    let local: BTreeMap<usize, usize> = part.iter().enumerate().map(|(i, &member)| (member, i)).collect();
    let (source, sink) = (part.len(), part.len() + 1);
    let mut network = Network::new(part.len() + 2);
    for (i, &member) in part.iter().enumerate() {
        let load = graph.load(member);
        // Both scaled by the effort of the whole, so that they stay whole numbers.
        let (gain, price) = (load.usefulness * total.effort, total.usefulness * load.effort);
        if gain > price {
            network.connect(source, i, gain - price);
        } else {
            network.connect(i, sink, price - gain);
        }
        for &needed in graph.needs(member).iter().filter_map(|needed| local.get(needed)) {
            network.connect(i, needed, UNBOUNDED);
        }
    }
    network.fill(source, sink);
    let reached = network.levels(source);
    let is_denser = |i: usize| reached.get(i).copied().flatten().is_some();
    let split = part.iter().enumerate().partition::<Vec<_>, _>(|(i, _)| is_denser(*i));
    let [denser, rest] = [split.0, split.1].map(|side| side.into_iter().map(|(_, &member)| member).collect::<Vec<_>>());
    if denser.is_empty() { Cut::Even(pieces(&network, part)) } else { Cut::Denser { denser, rest } }
}

/// The pieces of a part of which nothing is denser than the whole. With all gains used up by the flow, a set is as
/// dense as the whole when no rest of the network leads out of it.
fn pieces(network: &Network, part: &[usize]) -> Vec<Vec<usize>> {
    let mut rests = DiGraph::<usize, ()>::new();
    let nodes: Vec<_> = part.iter().map(|&member| rests.add_node(member)).collect();
    for (from, &node) in nodes.iter().enumerate() {
        for to in network.rests(from) {
            if let Some(&to) = nodes.get(to) {
                rests.add_edge(node, to, ());
            }
        }
    }
    // What others lead to comes first.
    let pieces = tarjan_scc(&rests).into_iter().map(|piece| {
        let mut members: Vec<usize> = piece.into_iter().filter_map(|node| rests.node_weight(node).copied()).collect();
        members.sort_unstable();
        members
    });
    pieces.collect()
}

/// More than any flow of gains can be.
const UNBOUNDED: u64 = u64::MAX / 4;

/// A network of flows; each edge has its reverse beside it.
struct Network {
    edges: Vec<Edge>,
    leaving: Vec<Vec<usize>>,
}

struct Edge {
    to: usize,
    /// How much more can flow.
    rest: u64,
}

impl Network {
    fn new(nodes: usize) -> Self {
        Self { edges: Vec::new(), leaving: vec![Vec::new(); nodes] }
    }

    fn connect(&mut self, from: usize, to: usize, capacity: u64) {
        for (from, to, rest) in [(from, to, capacity), (to, from, 0)] {
            if let Some(leaving) = self.leaving.get_mut(from) {
                leaving.push(self.edges.len());
            }
            self.edges.push(Edge { to, rest });
        }
    }

    /// The edges that leave a node and can take more.
    fn open(&self, node: usize) -> impl Iterator<Item = &Edge> {
        let leaving = self.leaving.get(node).into_iter().flatten();
        leaving.filter_map(|&edge| self.edges.get(edge)).filter(|edge| edge.rest > 0)
    }

    /// Where more can flow from a node.
    fn rests(&self, node: usize) -> impl Iterator<Item = usize> {
        self.open(node).map(|edge| edge.to)
    }

    /// How many steps each node is away from one, where more can flow; `None` where nothing can.
    fn levels(&self, from: usize) -> Vec<Option<u32>> {
        let mut levels = vec![None; self.leaving.len()];
        let mut open = VecDeque::from([(from, 0)]);
        while let Some((node, level)) = open.pop_front() {
            if let Some(slot @ None) = levels.get_mut(node) {
                *slot = Some(level);
                open.extend(self.rests(node).map(|to| (to, level + 1)));
            }
        }
        levels
    }

    /// Lets flow as much as can.
    fn fill(&mut self, source: usize, sink: usize) {
        loop {
            let levels = self.levels(source);
            if levels.get(sink).copied().flatten().is_none() {
                return;
            }
            let mut next = vec![0; self.leaving.len()];
            while self.push(source, sink, UNBOUNDED, &levels, &mut next) > 0 {}
        }
    }

    /// Lets flow some of what can on a shortest way, and says how much. `next` remembers for each node which of its
    /// edges are used up.
    fn push(&mut self, node: usize, sink: usize, most: u64, levels: &[Option<u32>], next: &mut [usize]) -> u64 {
        if node == sink {
            return most;
        }
        let level = |node: usize| levels.get(node).copied().flatten();
        loop {
            let Some(position) = next.get(node).copied() else { return 0 };
            let Some(edge) = self.leaving.get(node).and_then(|leaving| leaving.get(position).copied()) else {
                return 0;
            };
            let Some(Edge { to, rest }) = self.edges.get(edge).map(|edge| Edge { to: edge.to, rest: edge.rest }) else {
                return 0;
            };
            if rest > 0 && level(to) == level(node).map(|level| level + 1) {
                let pushed = self.push(to, sink, most.min(rest), levels, next);
                if pushed > 0 {
                    for (edge, sign) in [(edge, false), (edge ^ 1, true)] {
                        if let Some(edge) = self.edges.get_mut(edge) {
                            edge.rest = if sign { edge.rest + pushed } else { edge.rest - pushed };
                        }
                    }
                    return pushed;
                }
            }
            if let Some(position) = next.get_mut(node) {
                *position += 1;
            }
        }
    }
}
