//! The box that an element stands in, and where a flow meets it.

use crate::domain::threat_model::diagram::Point;

/// A box, from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Frame {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A coordinate to a hundredth, which nobody sees a difference in: files have many digits of a computation.
pub(super) fn round(value: f64) -> f64 {
    // Adding zero takes the sign off a zero.
    (value * 100.0).round() / 100.0 + 0.0
}

/// The sides of a box, at whose middles the ports are.
pub(super) const SIDES: [&str; 4] = ["top", "right", "bottom", "left"];

impl Frame {
    /// Its middle.
    pub(super) fn center(&self) -> Point {
        Point { x: round(self.x + self.width / 2.0), y: round(self.y + self.height / 2.0) }
    }

    /// The middle of a side.
    pub(super) fn side(&self, name: &str) -> Option<Point> {
        let Point { x, y } = self.center();
        Some(match name {
            "top" => Point { x, y: self.y },
            "right" => Point { x: round(self.x + self.width), y },
            "bottom" => Point { x, y: round(self.y + self.height) },
            "left" => Point { x: self.x, y },
            _ => return None,
        })
    }

    /// The side whose middle a point is.
    pub(super) fn side_at(&self, point: Point) -> Option<&'static str> {
        let is_there = |middle: Point| round(middle.x) == round(point.x) && round(middle.y) == round(point.y);
        SIDES.into_iter().find(|side| self.side(side).is_some_and(is_there))
    }

    /// Where a straight line from its middle to a point leaves it.
    pub(super) fn towards(&self, point: Point) -> Point {
        let center = self.center();
        let (right, down) = (point.x - center.x, point.y - center.y);
        let reach = |half: f64, way: f64| if way == 0.0 { f64::INFINITY } else { half / way.abs() };
        let share = reach(self.width / 2.0, right).min(reach(self.height / 2.0, down)).min(1.0);
        Point { x: round(center.x + right * share), y: round(center.y + down * share) }
    }
}

/// Where a line begins or ends: at a point, which may be a port of a box, or somewhere at a box.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Anchor {
    pub(super) frame: Option<Frame>,
    pub(super) point: Option<Point>,
}

impl Anchor {
    /// About where it is.
    fn place(&self) -> Option<Point> {
        self.point.or_else(|| self.frame.map(|frame| frame.center()))
    }

    /// Where a line meets it that comes from a point.
    fn met_from(&self, from: Option<Point>) -> Option<Point> {
        self.point.or_else(|| self.frame.map(|frame| from.map_or_else(|| frame.center(), |from| frame.towards(from))))
    }
}

/// The points of a line: where it leaves an element, where it bends, and where it reaches the other.
pub(super) fn path(source: &Anchor, target: &Anchor, bends: &[Point]) -> Vec<Point> {
    let after = bends.first().copied().or_else(|| target.place());
    let before = bends.last().copied().or_else(|| source.place());
    let (first, last) = (source.met_from(after), target.met_from(before));
    first.into_iter().chain(bends.iter().copied()).chain(last).collect()
}
