//! Where elements stand that no file says a place for: in columns along the flows, inside the boxes of their zones.
//!
//! Each zone is arranged by itself, the innermost first, and then stands in the one around it like any other
//! element. Nothing is left to chance: the same model is always laid out the same.

use std::collections::{BTreeMap, BTreeSet};

use super::geometry::{Place, Rect};

/// Something to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    /// What it takes; of an area, what it takes at least.
    pub(super) size: (f64, f64),
    /// The number of the area that it stands in.
    pub(super) within: Option<usize>,
    /// Whether others may stand in it.
    pub(super) is_area: bool,
}

/// From one column to the next, and from one block to the next below.
const GAP: (f64, f64) = (160.0, 44.0);
/// Between blocks that no flow joins.
const LOOSE: (f64, f64) = (40.0, 32.0);
/// Inside an area: above, where its name stands, and on the other sides.
const HEAD: f64 = 40.0;
const PAD: f64 = 26.0;
/// How deep areas stand in each other; what is deeper stands beside them.
const DEEPEST: usize = 8;
/// How often the columns are put in the order of their neighbours.
const SWEEPS: usize = 8;
/// How many columns stand beside each other at least before the next ones begin below.
const COLUMNS: usize = 8;
/// How many blocks stand below each other at least before another column begins.
const ROWS: usize = 7;

/// The place of every block, from (0, 0) on. `links` go from one block to another, by their numbers.
pub(super) fn layout(blocks: &[Block], links: &[(usize, usize)]) -> Vec<Rect> {
    let nest = Nest::new(blocks);
    let mut children: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
    for number in 0..blocks.len() {
        children.entry(nest.parent(number)).or_default().push(number);
    }
    let mut joined: BTreeMap<Option<usize>, Vec<(usize, usize)>> = BTreeMap::new();
    for &(from, to) in links {
        if let Some((within, pair)) = nest.lifted(from, to) {
            joined.entry(within).or_default().push(pair);
        }
    }
    let mut sizes: Vec<(f64, f64)> = blocks.iter().map(|block| block.size).collect();
    let mut places: Vec<Place> = vec![(0.0, 0.0); blocks.len()];
    let none = Vec::new();
    for within in nest.deepest_first(&children) {
        let inside = children.get(&within).unwrap_or(&none);
        let arranged = Arranged::new(inside, joined.get(&within).map_or(&[], Vec::as_slice), &sizes);
        for (number, place) in arranged.places {
            if let Some(at) = places.get_mut(number) {
                *at = place;
            }
        }
        if let Some(size) = within.and_then(|area| sizes.get_mut(area)) {
            *size = (size.0.max(arranged.size.0 + 2.0 * PAD), size.1.max(arranged.size.1 + HEAD + PAD));
        }
    }
    // What stands in an area moves with it, the outermost first.
    let mut order: Vec<usize> = (0..blocks.len()).collect();
    order.sort_by_key(|&number| nest.depth(number));
    for number in order {
        let around = nest.parent(number).and_then(|area| places.get(area)).copied();
        if let (Some((x, y)), Some(place)) = (around, places.get_mut(number)) {
            *place = (place.0 + x + PAD, place.1 + y + HEAD);
        }
    }
    places.into_iter().zip(sizes).map(|((x, y), (width, height))| Rect { x, y, width, height }).collect()
}

/// Which area each block stands in.
struct Nest {
    parents: Vec<Option<usize>>,
    depths: Vec<usize>,
}

impl Nest {
    /// What a model says, without areas that stand in themselves and what is nested too deep.
    fn new(blocks: &[Block]) -> Self {
        let stated = |number: usize| {
            let within = blocks.get(number)?.within?;
            blocks.get(within).is_some_and(|area| area.is_area && within != number).then_some(within)
        };
        let depth = |number: usize| {
            let around = std::iter::successors(stated(number), |&area| stated(area));
            around.take(DEEPEST + 1).count()
        };
        let stated_depths: Vec<usize> = (0..blocks.len()).map(depth).collect();
        let is_sound = |number: &usize| stated_depths.get(*number).is_some_and(|&depth| depth <= DEEPEST);
        let parents = (0..blocks.len()).map(|number| stated(number).filter(|_| is_sound(&number))).collect();
        let depths = stated_depths.iter().map(|&depth| if depth <= DEEPEST { depth } else { 0 }).collect();
        Self { parents, depths }
    }

    fn parent(&self, number: usize) -> Option<usize> {
        self.parents.get(number).copied().flatten()
    }

    fn depth(&self, number: usize) -> usize {
        self.depths.get(number).copied().unwrap_or(0)
    }

    /// What a link joins where both its ends stand side by side: the ends, or the areas around them.
    fn lifted(&self, from: usize, to: usize) -> Option<(Option<usize>, (usize, usize))> {
        let way = |number: usize| {
            let mut way: Vec<usize> = std::iter::successors(Some(number), |&number| self.parent(number)).collect();
            way.reverse();
            way
        };
        let mut within = None;
        for (a, b) in way(from).into_iter().zip(way(to)) {
            if a != b {
                return Some((within, (a, b)));
            }
            within = Some(a);
        }
        None
    }

    /// The areas that have something in them, the innermost first, and then what stands in none.
    fn deepest_first(&self, children: &BTreeMap<Option<usize>, Vec<usize>>) -> Vec<Option<usize>> {
        let mut areas: Vec<Option<usize>> = children.keys().copied().collect();
        areas.sort_by_key(|area| std::cmp::Reverse(area.map(|number| self.depth(number) + 1).unwrap_or(0)));
        areas
    }
}

/// Blocks of one area, from (0, 0) on.
struct Arranged {
    places: Vec<(usize, Place)>,
    size: (f64, f64),
}

impl Arranged {
    fn new(blocks: &[usize], links: &[(usize, usize)], sizes: &[(f64, f64)]) -> Self {
        let size = |number: usize| sizes.get(number).copied().unwrap_or_default();
        let ends: BTreeSet<usize> = links.iter().flat_map(|&(from, to)| [from, to]).collect();
        let (bound, loose): (Vec<usize>, Vec<usize>) = blocks.iter().partition(|number| ends.contains(number));
        let mut columns = columns(&bound, links);
        untangle(&mut columns, links);
        let (mut places, mut width, mut y) = (Vec::new(), 0.0_f64, 0.0);
        for band in columns.chunks(COLUMNS.max(root(columns.len()))) {
            let tall = |column: &[usize]| column.iter().map(|&n| size(n).1 + GAP.1).sum::<f64>() - GAP.1;
            let tallest = band.iter().map(|column| tall(column)).fold(0.0, f64::max);
            let mut x = 0.0;
            for column in band {
                let wide = column.iter().map(|&number| size(number).0).fold(0.0, f64::max);
                let mut top = y + (tallest - tall(column)) / 2.0;
                for &number in column {
                    let (own, height) = size(number);
                    places.push((number, (x + (wide - own) / 2.0, top)));
                    top += height + GAP.1;
                }
                x += wide + GAP.0;
            }
            width = width.max(x - GAP.0);
            y += tallest + GAP.1;
        }
        let (rows, room) = in_rows(&loose, &size, width, y);
        places.extend(rows);
        let height = if loose.is_empty() { (y - GAP.1).max(0.0) } else { room.1 };
        Self { places, size: (width.max(room.0), height) }
    }
}

/// Blocks in rows below `top`, about as wide as what stands above or as the whole is high; and where they end.
fn in_rows(
    blocks: &[usize],
    size: &dyn Fn(usize) -> (f64, f64),
    above: f64,
    top: f64,
) -> (Vec<(usize, Place)>, (f64, f64)) {
    let area: f64 = blocks.iter().map(|&n| size(n)).map(|(w, h)| (w + LOOSE.0) * (h + LOOSE.1)).sum();
    let widest = above.max((area * 1.6).sqrt());
    let (mut places, mut end) = (Vec::new(), (0.0_f64, top));
    let (mut x, mut y, mut tallest) = (0.0, top, 0.0_f64);
    for &number in blocks {
        let (width, height) = size(number);
        if x > 0.0 && x + width > widest {
            (x, y, tallest) = (0.0, y + tallest + LOOSE.1, 0.0);
        }
        places.push((number, (x, y)));
        x += width + LOOSE.0;
        tallest = tallest.max(height);
        end = (end.0.max(x - LOOSE.0), y + tallest);
    }
    (places, end)
}

/// The blocks in columns, such that as many links as can be go to the right. Long columns are split.
fn columns(blocks: &[usize], links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut columns: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let ranks = ranks(blocks, links);
    for &number in blocks {
        columns.entry(ranks.get(&number).copied().unwrap_or(0)).or_default().push(number);
    }
    let rows = ROWS.max(root(blocks.len()));
    columns
        .into_values()
        .flat_map(|column| {
            let parts = column.len().div_ceil(rows).max(1);
            let each = column.len().div_ceil(parts).max(1);
            column.chunks(each).map(<[usize]>::to_vec).collect::<Vec<_>>()
        })
        .collect()
}

/// How many links lead to each block at most, one after the other, without those that lead back. A link leads back
/// if its end is reached before its beginning, when all is walked from what nothing leads to.
fn ranks(blocks: &[usize], links: &[(usize, usize)]) -> BTreeMap<usize, usize> {
    let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut led_to: BTreeSet<usize> = BTreeSet::new();
    for &(from, to) in links {
        next.entry(from).or_default().push(to);
        led_to.insert(to);
    }
    let first = blocks.iter().filter(|number| !led_to.contains(number));
    let starts: Vec<usize> = first.chain(blocks).copied().collect();
    // What is left last is the first in the order: everything that it leads to has been left before.
    let (mut left, mut entered): (Vec<usize>, BTreeSet<usize>) = (Vec::new(), BTreeSet::new());
    for start in starts {
        if !entered.insert(start) {
            continue;
        }
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        while let Some((number, tried)) = way.last_mut() {
            match next.get(number).and_then(|next| next.get(*tried)) {
                Some(&to) => {
                    *tried += 1;
                    if entered.insert(to) {
                        way.push((to, 0));
                    }
                }
                None => {
                    left.push(*number);
                    way.pop();
                }
            }
        }
    }
    left.reverse();
    let order: BTreeMap<usize, usize> = left.iter().enumerate().map(|(at, &number)| (number, at)).collect();
    let mut ranks: BTreeMap<usize, usize> = BTreeMap::new();
    for number in &left {
        let rank = *ranks.entry(*number).or_default();
        for to in next.get(number).into_iter().flatten().filter(|to| order.get(to) > order.get(number)) {
            let of_next = ranks.entry(*to).or_default();
            *of_next = (*of_next).max(rank + 1);
        }
    }
    ranks
}

/// Puts every column in the order of what its blocks are joined to, to and fro, so that few lines cross.
fn untangle(columns: &mut [Vec<usize>], links: &[(usize, usize)]) {
    let mut joined: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(from, to) in links {
        joined.entry(from).or_default().push(to);
        joined.entry(to).or_default().push(from);
    }
    let standing = |column: &[usize]| {
        let middle = (column.len() as f64 - 1.0) / 2.0;
        column.iter().enumerate().map(move |(i, &number)| (number, i as f64 - middle)).collect::<Vec<_>>()
    };
    let mut at: BTreeMap<usize, f64> = columns.iter().flat_map(|column| standing(column)).collect();
    for sweep in 0..SWEEPS {
        let mut order: Vec<usize> = (0..columns.len()).collect();
        if sweep % 2 == 1 {
            order.reverse();
        }
        for column in order {
            let Some(column) = columns.get_mut(column) else { continue };
            let wanted = |number: &usize| {
                let others: Vec<f64> =
                    joined.get(number).into_iter().flatten().filter_map(|n| at.get(n)).copied().collect();
                others.iter().sum::<f64>() / others.len().max(1) as f64
            };
            column.sort_by_cached_key(|number| ordered(wanted(number)));
            at.extend(standing(column));
        }
    }
}

/// The square root of a count: so many in a row make about as many rows.
fn root(count: usize) -> usize {
    count.isqrt().saturating_add(1)
}

/// A number as one that has an order; a thousandth is enough to tell places apart.
fn ordered(value: f64) -> i64 {
    (value * 1_000.0).round() as i64
}
