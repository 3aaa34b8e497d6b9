//! From the places of a file to places that can be drawn: not too small, not too large, without wide empty space.

use super::geometry::{Place, Rect};

/// What the smaller side of a middling element may be; outside of it, the file has another unit.
const USUAL: std::ops::RangeInclusive<f64> = 30.0..=200.0;
/// What that side is drawn as then.
const MIDDLING: f64 = 76.0;
/// How wide empty space may be before it is cut.
const EMPTY: f64 = 500.0;
/// How wide and how high what a file places may be.
const MOST: f64 = 8_000.0;

/// How a file's places are drawn.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    unit: f64,
    across: Axis,
    down: Axis,
    fit: f64,
}

impl Sheet {
    /// The sheet for nodes with these rectangles, for notes, and for areas, whose insides may be empty.
    pub(super) fn new(nodes: &[Rect], notes: &[Rect], areas: &[Rect]) -> Self {
        let mut sides: Vec<f64> = nodes.iter().map(|rect| rect.width.min(rect.height)).filter(|&s| s > 0.0).collect();
        sides.sort_by(f64::total_cmp);
        let side = sides.get(sides.len() / 2).copied().unwrap_or(MIDDLING);
        let unit = if USUAL.contains(&side) { 1.0 } else { MIDDLING / side.max(1e-9) };
        let elements = nodes.iter().chain(notes).map(Rect::corners);
        // An area counts by its edges: what is empty in it may be cut as well.
        let edges = areas.iter().flat_map(|rect| rect.corners().map(|corner| [corner, corner]));
        let taken: Vec<[Place; 2]> = elements.chain(edges).collect();
        let axis =
            |of: &dyn Fn(Place) -> f64| Axis::new(taken.iter().map(|&[a, b]| (of(a) * unit, of(b) * unit)).collect());
        let (across, down) = (axis(&|(x, _)| x), axis(&|(_, y)| y));
        let fit = (MOST / across.length().max(down.length()).max(1.0)).min(1.0);
        Self { unit, across, down, fit }
    }

    /// Where a place of the file is drawn.
    pub(super) fn place(&self, (x, y): Place) -> Place {
        (self.across.at(x * self.unit) * self.fit, self.down.at(y * self.unit) * self.fit)
    }

    /// Where a rectangle of the file is drawn.
    pub(super) fn rect(&self, rect: &Rect) -> Rect {
        Rect::holding(rect.corners().map(|corner| self.place(corner))).unwrap_or_default()
    }
}

/// One direction, with the empty space that is cut out of it.
#[derive(Debug, Clone)]
struct Axis {
    first: f64,
    last: f64,
    /// Where each cut begins and ends, and how much was cut before it.
    cuts: Vec<(f64, f64, f64)>,
}

impl Axis {
    /// What is taken, each from where to where.
    fn new(mut taken: Vec<(f64, f64)>) -> Self {
        taken.sort_by(|a, b| a.0.total_cmp(&b.0));
        let first = taken.first().map_or(0.0, |(from, _)| *from);
        let (mut reach, mut before, mut cuts) = (first, 0.0, Vec::new());
        for (from, to) in taken {
            let cut = from - reach - EMPTY;
            if cut > 0.0 {
                cuts.push((reach + EMPTY, from, before));
                before += cut;
            }
            reach = f64::max(reach, to);
        }
        Self { first, last: reach, cuts }
    }

    /// From 0 on for what is taken. What is farther out than that is drawn within reach of it.
    fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.first - EMPTY, self.last + EMPTY);
        let next = self.cuts.partition_point(|(from, ..)| *from <= value);
        let cut = match next.checked_sub(1).and_then(|i| self.cuts.get(i)) {
            Some(&(from, to, before)) => before + (value.min(to) - from),
            None => 0.0,
        };
        value - cut - self.first
    }

    fn length(&self) -> f64 {
        self.at(self.last)
    }
}
