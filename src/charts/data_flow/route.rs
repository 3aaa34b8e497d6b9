//! The ways of flows: from the border of one element to that of another, over the places that the file has, or
//! bent so that flows between the same elements can be told apart and none runs behind another element.

use std::collections::HashMap;

use super::geometry::{Form, Outline, Place, Rect, Route, along};
use super::picture::{Area, Line, Node};
use crate::domain::threat_model::{Element, PartId};

/// What is so near to an element ends at it.
const NEAR: f64 = 16.0;
/// Between flows that join the same elements.
const APART: f64 = 34.0;
/// How long a flow is whose other end is unknown, and how far from the next one.
pub(super) const STUB: f64 = 190.0;
const STUBS_APART: f64 = 30.0;
/// How far a flow is bent to pass an element.
const BENDS: [f64; 11] = [0.0, 40.0, -40.0, 80.0, -80.0, 130.0, -130.0, 190.0, -190.0, 270.0, -270.0];
/// How many pairs of flows and elements are looked at to bend flows; more would take too long.
const MOST_PAIRS: usize = 250_000;

/// What flows end at, and what they should not run behind.
pub(super) struct Router<'a> {
    outlines: HashMap<&'a PartId, Outline>,
    obstacles: Vec<Rect>,
    /// Whether flows may leave the straight way to pass an element.
    bends: bool,
}

/// A flow with both ends, and how it is to be told apart from others.
struct Between {
    source: Outline,
    target: Outline,
    /// How far it is to the side of the straight way, seen from the source.
    aside: f64,
}

impl<'a> Router<'a> {
    pub(super) fn new(nodes: &[Node<'a>], areas: &[Area<'a>], bends: bool) -> Self {
        let of_areas = areas.iter().map(|area| (&area.element.id, Outline { rect: area.rect, form: Form::Angular }));
        let outlines = of_areas.chain(nodes.iter().map(|node| (&node.element.id, node.outline))).collect();
        Self { outlines, obstacles: nodes.iter().map(|node| node.outline.rect).collect(), bends }
    }

    /// The flows that can be drawn. `of_file` gives the places of the file, and whether they make a curve.
    pub(super) fn routed(
        &self,
        flows: &[&'a Element],
        of_file: &dyn Fn(&Element) -> (Vec<Place>, bool),
    ) -> Vec<Line<'a>> {
        let bends = self.bends && flows.len().saturating_mul(self.obstacles.len()) <= MOST_PAIRS;
        let mut beside: HashMap<(&PartId, &PartId), (usize, usize)> = HashMap::new();
        for flow in flows {
            if let Some(pair) = pair(flow) {
                beside.entry(pair).or_default().1 += 1;
            }
        }
        let mut stubs: HashMap<&PartId, usize> = HashMap::new();
        let mut lines = Vec::new();
        for &element in flows {
            let (source, target) = (self.outline(&element.source), self.outline(&element.target));
            let (places, smooth) = of_file(element);
            let mut turn = (0, 1);
            if let Some(seen) = pair(element).and_then(|pair| beside.get_mut(&pair)) {
                turn = *seen;
                seen.0 += 1;
            }
            let route = match (source, target) {
                (Some(source), Some(target)) if element.source == element.target && places.len() < 3 => {
                    Some(around(&source.rect, turn.0.min(4), &target))
                }
                (Some(source), Some(target)) => {
                    let aside = side(element) * spread(turn);
                    Some(self.between(&Between { source, target, aside }, places, smooth, bends))
                }
                (source, target) => {
                    let known = element.source.as_ref().filter(|_| source.is_some()).or(element.target.as_ref());
                    let nth = known.map_or(0, |known| {
                        let seen = stubs.entry(known).or_default();
                        *seen += 1;
                        *seen - 1
                    });
                    loose(source, target, places, smooth, fan(nth))
                }
            };
            lines.extend(route.map(|route| Line { element, route }));
        }
        lines
    }

    fn outline(&self, end: &Option<PartId>) -> Option<Outline> {
        self.outlines.get(end.as_ref()?).copied()
    }

    /// The way of a flow whose ends are both known.
    fn between(&self, flow: &Between, mut places: Vec<Place>, smooth: bool, bends: bool) -> Route {
        let Between { source, target, aside } = flow;
        let to_source = strip(&mut places, source);
        places.reverse();
        let to_target = strip(&mut places, target);
        places.reverse();
        if let (Some(&first), Some(&last)) = (places.first(), places.last()) {
            let start = source.border(to_source.unwrap_or(first));
            let end = target.border(to_target.unwrap_or(last));
            let places = std::iter::once(start).chain(places).chain([end]).collect();
            return Route { places, smooth };
        }
        if let (Some(from), Some(to), true) = (to_source, to_target, *aside == 0.0) {
            return Route { places: vec![source.border(from), target.border(to)], smooth: false };
        }
        let candidates = BENDS.iter().take(if bends { BENDS.len() } else { 1 });
        let mut routes = candidates.map(|bend| bent(source, target, aside + bend));
        let straight = routes.next().unwrap_or_else(|| bent(source, target, *aside));
        if !bends || self.is_free(&straight, flow) {
            return straight;
        }
        routes.find(|route| self.is_free(route, flow)).unwrap_or(straight)
    }

    /// Whether a way runs behind none but its ends.
    fn is_free(&self, route: &Route, flow: &Between) -> bool {
        let shares: Vec<f64> = (1..20_u8).map(|part| f64::from(part) / 20.0).collect();
        let places = along(&route.flat(), &shares);
        let others = self.obstacles.iter().filter(|rect| **rect != flow.source.rect && **rect != flow.target.rect);
        others.map(|rect| rect.grown(6.0)).all(|rect| !places.iter().any(|&place| rect.has(place)))
    }
}

/// The ends of a flow in an order that does not depend on its direction.
fn pair(flow: &Element) -> Option<(&PartId, &PartId)> {
    let (source, target) = (flow.source.as_ref()?, flow.target.as_ref()?);
    Some(if source <= target { (source, target) } else { (target, source) })
}

/// To which side a flow gives way: seen from its source, so that flows to and fro give way to different sides.
fn side(flow: &Element) -> f64 {
    if flow.source <= flow.target { 1.0 } else { -1.0 }
}

/// How far the flow that is drawn as the n-th of so many is to the side.
fn spread((nth, of): (usize, usize)) -> f64 {
    let apart = APART.min(240.0 / of.max(1) as f64);
    (nth as f64 - (of.max(1) as f64 - 1.0) / 2.0) * apart
}

/// Takes the places at the beginning away that are at an element. Gives the one where the line leaves it, if that
/// says from which side.
fn strip(places: &mut Vec<Place>, at: &Outline) -> Option<Place> {
    let near = at.rect.grown(NEAR);
    let count = places.iter().take_while(|&&place| near.has(place)).count();
    let port = places.drain(..count).next_back()?;
    let (x, y) = at.rect.middle();
    let is_aside = (port.0 - x).abs() > at.rect.width * 0.2 || (port.1 - y).abs() > at.rect.height * 0.2;
    is_aside.then_some(port)
}

/// A way between two elements, so far to the side in its middle.
fn bent(source: &Outline, target: &Outline, aside: f64) -> Route {
    let (from, to) = (source.rect.middle(), target.rect.middle());
    if aside == 0.0 {
        return Route { places: vec![source.border(to), target.border(from)], smooth: false };
    }
    let far = (to.0 - from.0).hypot(to.1 - from.1).max(1e-6);
    let across = (-(to.1 - from.1) / far * aside, (to.0 - from.0) / far * aside);
    let middle = ((from.0 + to.0) / 2.0 + across.0, (from.1 + to.1) / 2.0 + across.1);
    Route { places: vec![source.border(middle), middle, target.border(middle)], smooth: true }
}

/// A way from an element back to itself, around its lower right corner.
fn around(rect: &Rect, nth: usize, outline: &Outline) -> Route {
    let out = 30.0 + 16.0 * nth as f64;
    let (right, bottom) = (rect.right(), rect.bottom());
    let start = outline.border((right, rect.y + rect.height * 0.6));
    let end = outline.border((rect.x + rect.width * 0.62, bottom));
    let places = vec![start, (right + out, bottom - out * 0.2), (right + out * 0.4, bottom + out), end];
    Route { places, smooth: true }
}

/// How far down the unknown end of the n-th flow of an element is: by turns below and above, and not without end.
fn fan(nth: usize) -> f64 {
    let step = nth.min(40).div_ceil(2) as f64 * STUBS_APART;
    if nth % 2 == 1 { step } else { -step }
}

/// The way of a flow of which one end or both are not there. Where the file has no places, it is so far down there.
fn loose(
    source: Option<Outline>,
    target: Option<Outline>,
    mut places: Vec<Place>,
    smooth: bool,
    down: f64,
) -> Option<Route> {
    let beside = |outline: &Outline, out: f64| {
        let (x, y) = outline.rect.middle();
        (x + out.signum() * outline.rect.width / 2.0 + out, y + down)
    };
    if let Some(source) = &source {
        let port = strip(&mut places, source);
        if places.is_empty() {
            places.push(beside(source, STUB));
        }
        let start = port.or(places.first().copied()).map(|towards| source.border(towards));
        places.splice(0..0, start);
    }
    if let Some(target) = &target {
        places.reverse();
        let port = strip(&mut places, target);
        if places.is_empty() {
            places.push(beside(target, -STUB));
        }
        let end = port.or(places.first().copied()).map(|towards| target.border(towards));
        places.splice(0..0, end);
        places.reverse();
    }
    (places.len() > 1).then_some(Route { places, smooth })
}
