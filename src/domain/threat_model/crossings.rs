//! Which flows cross a trust boundary: their ends are not inside the same boundaries, or a boundary that is drawn as
//! a line lies across them.

use std::collections::{BTreeSet, HashMap};

use super::analysis::threatened;
use super::diagram::{Point, Shape};
use super::words::ElementKind;
use super::{Element, PartId, ThreatModel};

/// The flows that cross a boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossings<'a> {
    /// Those that do, in the order of the model.
    pub flows: Vec<Crossing<'a>>,
    /// Whether every flow was compared with every boundary; a drawing can be too large for that.
    pub is_complete: bool,
}

/// A flow that crosses a boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossing<'a> {
    /// The flow.
    pub flow: &'a Element,
    /// What it crosses, in the order of the model; never empty.
    pub boundaries: Vec<&'a Element>,
    /// Whether a threat is about the flow.
    pub has_threat: bool,
}

/// How many comparisons of a place or a line with a boundary are made for one model. The largest drawings that people
/// make need some ten thousand.
const WORK_LIMIT: usize = 5_000_000;

/// How many zones within zones are looked at.
const DEPTH_LIMIT: usize = 50;

impl<'a> Crossings<'a> {
    /// Looks at each flow.
    pub fn of(model: &'a ThreatModel) -> Self {
        let mut map = Map::new(model);
        let threatened = threatened(model);
        let flows = model.elements.iter().filter(|element| element.kind == ElementKind::DataFlow);
        let crossing = |flow: &'a Element| {
            let crossed = map.crossed(flow);
            let boundaries: Vec<&'a Element> = crossed.into_iter().filter_map(|at| model.elements.get(at)).collect();
            let has_threat = threatened.contains(&flow.id);
            (!boundaries.is_empty()).then_some(Crossing { flow, boundaries, has_threat })
        };
        let flows = flows.filter_map(crossing).collect();
        Self { flows, is_complete: map.work_left > 0 }
    }

    /// Those in scope that no threat is about.
    pub fn without_threat(&self) -> impl Iterator<Item = &Crossing<'a>> {
        self.flows.iter().filter(|crossing| !crossing.has_threat && !crossing.flow.out_of_scope)
    }
}

/// Where everything stands. Elements are called by their places in the model.
struct Map<'a> {
    elements: &'a [Element],
    by_id: HashMap<&'a PartId, usize>,
    /// The boundaries and zones of each diagram that are boxes.
    boxes: HashMap<Option<&'a PartId>, Vec<(usize, Frame)>>,
    /// The boundaries of each diagram that are lines, with the box around them.
    lines: HashMap<Option<&'a PartId>, Vec<(usize, Frame)>>,
    work_left: usize,
}

/// The box around something: from left to right, from top to bottom.
#[derive(Clone, Copy)]
struct Frame {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Frame {
    fn of(points: &[Point]) -> Self {
        let least = |value: fn(&Point) -> f64| points.iter().map(value).fold(f64::INFINITY, f64::min);
        let most = |value: fn(&Point) -> f64| points.iter().map(value).fold(f64::NEG_INFINITY, f64::max);
        let (x, y) = (|point: &Point| point.x, |point: &Point| point.y);
        Self { left: least(x), top: least(y), right: most(x), bottom: most(y) }
    }

    fn contains(&self, point: Point) -> bool {
        (self.left..=self.right).contains(&point.x) && (self.top..=self.bottom).contains(&point.y)
    }

    fn meets(&self, other: &Self) -> bool {
        self.left <= other.right && other.left <= self.right && self.top <= other.bottom && other.top <= self.bottom
    }

    fn area(&self) -> f64 {
        (self.right - self.left) * (self.bottom - self.top)
    }
}

impl<'a> Map<'a> {
    fn new(model: &'a ThreatModel) -> Self {
        let elements = model.elements.as_slice();
        let by_id = elements.iter().enumerate().map(|(at, element)| (&element.id, at)).collect();
        let (mut boxes, mut lines) = (HashMap::new(), HashMap::new());
        for (at, element) in elements.iter().enumerate().filter(|(_, element)| element.kind.divides()) {
            let (drawn, frame) = match &element.shape {
                Some(shape @ Shape::Box { .. }) => (&mut boxes, frame(shape)),
                Some(shape @ Shape::Path { .. }) => (&mut lines, frame(shape)),
                None => continue,
            };
            drawn.entry(element.diagram.as_ref()).or_insert_with(Vec::new).push((at, frame));
        }
        Self { elements, by_id, boxes, lines, work_left: WORK_LIMIT }
    }

    /// The boundaries that a flow crosses.
    fn crossed(&mut self, flow: &'a Element) -> BTreeSet<usize> {
        let path = self.path(flow);
        let ends = [(flow.source.as_ref(), path.first()), (flow.target.as_ref(), path.last())];
        let [source, target] = ends.map(|(node, point)| match node.and_then(|id| self.by_id.get(id).copied()) {
            Some(node) => Some(self.around(node)),
            None => point.map(|&point| self.boxes_around(point, flow.diagram.as_ref(), None)),
        });
        let mut crossed = match (source, target) {
            (Some(source), Some(target)) => source.symmetric_difference(&target).copied().collect(),
            // Nobody knows where it begins or ends.
            _ => BTreeSet::new(),
        };
        crossed.extend(self.lines_across(&path, flow.diagram.as_ref()));
        crossed
    }

    /// The line of a flow: as it is drawn, or straight from one middle to the other; empty where nothing is drawn.
    fn path(&self, flow: &Element) -> Vec<Point> {
        if let Some(Shape::Path { points, .. }) = &flow.shape {
            return points.clone();
        }
        let middle = |id: &Option<PartId>| {
            let at = *self.by_id.get(id.as_ref()?)?;
            self.elements.get(at)?.shape.as_ref().map(middle)
        };
        match (middle(&flow.source), middle(&flow.target)) {
            (Some(source), Some(target)) => vec![source, target],
            _ => Vec::new(),
        }
    }

    /// What an element is inside of: what is said to be around it and around that, and from there on what is drawn
    /// around it.
    fn around(&mut self, node: usize) -> BTreeSet<usize> {
        let mut around = BTreeSet::new();
        let mut outermost = node;
        for _ in 0..DEPTH_LIMIT {
            let Some(zone) = self.zone_of(outermost).filter(|zone| around.insert(*zone)) else { break };
            outermost = zone;
        }
        if let Some((element, shape)) = self.elements.get(outermost).and_then(|one| Some((one, one.shape.as_ref()?))) {
            let inner = element.kind.divides().then(|| (outermost, frame(shape).area()));
            around.extend(self.boxes_around(middle(shape), element.diagram.as_ref(), inner));
        }
        around.retain(|at| *at != node && self.elements.get(*at).is_some_and(|element| element.kind.divides()));
        around
    }

    fn zone_of(&self, at: usize) -> Option<usize> {
        self.by_id.get(self.elements.get(at)?.zone.as_ref()?).copied()
    }

    /// The boxes around a place; of a box itself, only larger ones.
    fn boxes_around(&mut self, point: Point, on: Option<&PartId>, inner: Option<(usize, f64)>) -> BTreeSet<usize> {
        let boxes = self.boxes.get(&on).map_or(&[][..], Vec::as_slice);
        self.work_left = self.work_left.saturating_sub(boxes.len());
        if self.work_left == 0 {
            return BTreeSet::new();
        }
        let is_around = |(at, frame): &&(usize, Frame)| {
            frame.contains(point) && inner.is_none_or(|(inner, area)| *at != inner && frame.area() > area)
        };
        boxes.iter().filter(is_around).map(|(at, _)| *at).collect()
    }

    /// The boundary lines that a line meets. A curve is taken as the straight lines between its points.
    fn lines_across(&mut self, path: &[Point], on: Option<&PartId>) -> Vec<usize> {
        let mut across = Vec::new();
        if path.len() < 2 {
            return across;
        }
        let around = Frame::of(path);
        for (at, frame) in self.lines.get(&on).map_or(&[][..], Vec::as_slice) {
            let Some(Shape::Path { points, .. }) = self.elements.get(*at).and_then(|line| line.shape.as_ref()) else {
                continue;
            };
            let is_near = frame.meets(&around);
            self.work_left = self.work_left.saturating_sub(if is_near { path.len() * points.len() } else { 1 });
            if self.work_left == 0 {
                break;
            }
            if is_near && meet(path, points) {
                across.push(*at);
            }
        }
        across
    }
}

/// The middle of what is drawn.
fn middle(shape: &Shape) -> Point {
    let Frame { left, top, right, bottom } = frame(shape);
    Point { x: f64::midpoint(left, right), y: f64::midpoint(top, bottom) }
}

fn frame(shape: &Shape) -> Frame {
    match shape {
        Shape::Box { x, y, width, height } => Frame { left: *x, top: *y, right: x + width, bottom: y + height },
        Shape::Path { points, .. } => Frame::of(points),
    }
}

/// Whether two lines meet.
fn meet(one: &[Point], other: &[Point]) -> bool {
    let pieces =
        |line: &[Point]| -> Vec<(Point, Point)> { line.iter().copied().zip(line.iter().copied().skip(1)).collect() };
    let others = pieces(other);
    pieces(one).into_iter().any(|(a, b)| others.iter().any(|&(c, d)| segments_meet(a, b, c, d)))
}

/// Whether the straight lines from `a` to `b` and from `c` to `d` meet: the ends of each lie on different sides of the
/// other, or an end lies on the other.
fn segments_meet(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |from: Point, to: Point, of: Point| {
        let turn = (to.x - from.x) * (of.y - from.y) - (to.y - from.y) * (of.x - from.x);
        if turn > 0.0 {
            1
        } else if turn < 0.0 {
            -1
        } else {
            0
        }
    };
    let (of_c, of_d, of_a, of_b) = (side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b));
    let lies_on = |from: Point, to: Point, of: Point, side: i32| side == 0 && Frame::of(&[from, to]).contains(of);
    (of_c * of_d < 0 && of_a * of_b < 0)
        || lies_on(a, b, c, of_c)
        || lies_on(a, b, d, of_d)
        || lies_on(c, d, a, of_a)
        || lies_on(c, d, b, of_b)
}

#[cfg(test)]
mod tests {
    use super::super::samples::{boxed, element, flow, id, path, threat};
    use super::super::words::ThreatStatus;
    use super::*;

    fn model(elements: Vec<Element>) -> ThreatModel {
        ThreatModel { elements, ..ThreatModel::default() }
    }

    /// Each crossing flow with what it crosses.
    fn crossed(model: &ThreatModel) -> Vec<String> {
        let text = |crossing: &Crossing<'_>| {
            let boundaries: Vec<&str> = crossing.boundaries.iter().map(|boundary| boundary.name.as_str()).collect();
            format!("{}: {}", crossing.flow.name, boundaries.join(" "))
        };
        Crossings::of(model).flows.iter().map(text).collect()
    }

    fn process(name: &str, place: (f64, f64)) -> Element {
        boxed(ElementKind::Process, name, place, 10.0)
    }

    #[test]
    fn a_flow_crosses_the_boxes_that_only_one_of_its_ends_is_in() {
        let elements = vec![
            process("inside", (0.0, 0.0)),
            process("beside", (20.0, 0.0)),
            process("between", (45.0, 0.0)),
            process("outside", (200.0, 0.0)),
            boxed(ElementKind::TrustZone, "inner", (0.0, 0.0), 60.0),
            boxed(ElementKind::TrustBoundary, "outer", (0.0, 0.0), 100.0),
            flow("stays", "inside", "beside"),
            flow("leaves", "inside", "between"),
            flow("leaves both", "inside", "outside"),
            flow("comes", "outside", "between"),
        ];
        assert_eq!(crossed(&model(elements)), ["leaves: inner", "leaves both: inner outer", "comes: outer"]);
    }

    #[test]
    fn what_is_said_to_be_around_something_goes_before_the_drawing() {
        let within = |zone: &str, element: Element| Element { zone: Some(id(zone)), ..element };
        let mut elements = vec![
            within("dmz", element(ElementKind::Process, "web")),
            within("lan", element(ElementKind::DataStore, "db")),
            element(ElementKind::Actor, "user"),
            within("lan", element(ElementKind::TrustZone, "dmz")),
            element(ElementKind::TrustZone, "lan"),
            flow("ask", "user", "web"),
            flow("query", "web", "db"),
        ];
        assert_eq!(crossed(&model(elements.clone())), ["ask: dmz lan", "query: dmz"]);
        // Zones that are within each other lead nowhere, and are survived.
        elements[4].zone = Some(id("dmz"));
        assert_eq!(crossed(&model(elements)), ["ask: dmz lan"]);
    }

    #[test]
    fn a_flow_crosses_the_boundary_lines_that_it_meets() {
        let line =
            Element { shape: path(&[(50.0, -50.0), (50.0, 50.0)]), ..element(ElementKind::TrustBoundary, "line") };
        let around = Element {
            shape: path(&[(0.0, 0.0), (0.0, 90.0), (100.0, 90.0), (100.0, 0.0)]),
            ..flow("around", "a", "b")
        };
        let elements = vec![
            process("a", (0.0, 0.0)),
            process("b", (100.0, 0.0)),
            process("c", (0.0, 40.0)),
            line.clone(),
            flow("across", "a", "b"),
            flow("along", "a", "c"),
            around,
        ];
        assert_eq!(crossed(&model(elements.clone())), ["across: line"]);
        let elsewhere = Element { diagram: Some(id("another")), ..line };
        let elements =
            elements.into_iter().map(|one| if one.name == "line" { elsewhere.clone() } else { one }).collect();
        assert_eq!(crossed(&model(elements)), Vec::<String>::new(), "lines of another drawing");
    }

    #[test]
    fn a_flow_that_ends_at_nothing_ends_where_it_is_drawn() {
        let loose = Element { target: None, shape: path(&[(0.0, 0.0), (80.0, 0.0)]), ..flow("loose", "a", "") };
        let nowhere = Element { target: None, ..flow("nowhere", "a", "") };
        let zone = boxed(ElementKind::TrustZone, "zone", (80.0, 0.0), 20.0);
        assert_eq!(crossed(&model(vec![process("a", (0.0, 0.0)), zone, loose, nowhere])), ["loose: zone"]);
    }

    #[test]
    fn crossing_flows_in_scope_ask_for_a_threat() {
        let zone = |name: &str| Element { zone: Some(id("zone")), ..element(ElementKind::Process, name) };
        let out = Element { out_of_scope: true, ..flow("out of scope", "a", "b") };
        let elements = vec![
            zone("a"),
            element(ElementKind::Actor, "b"),
            element(ElementKind::TrustZone, "zone"),
            flow("threatened", "a", "b"),
            flow("bare", "b", "a"),
            out,
        ];
        let mut model = model(elements);
        model.threats = vec![threat("t", ThreatStatus::NotApplicable, &["threatened"])];
        let crossings = Crossings::of(&model);
        let bare: Vec<&str> = crossings.without_threat().map(|crossing| crossing.flow.name.as_str()).collect();
        assert_eq!((crossings.flows.len(), bare), (3, vec!["bare"]));
    }

    #[test]
    fn a_drawing_that_is_too_large_is_not_compared_in_full() {
        let boundary = |number: usize| boxed(ElementKind::TrustBoundary, &number.to_string(), (0.0, 0.0), 50.0);
        let mut elements: Vec<Element> = (0..10_000).map(boundary).collect();
        elements.extend([process("a", (0.0, 0.0)), process("b", (90.0, 0.0))]);
        elements.extend((0..300).map(|number| flow(&format!("f{number}"), "a", "b")));
        let model = model(elements);
        assert!(!Crossings::of(&model).is_complete);
        assert!(Crossings::of(&ThreatModel::default()).is_complete);
    }
}
