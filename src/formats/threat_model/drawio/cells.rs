//! The cells of a page of draw.io, and the elements of a diagram that they are.

use std::collections::BTreeMap;

use super::style::Style;
use crate::domain::threat_model::diagram::{Point, Shape};
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId, ThreatModel};
use crate::formats::threat_model::notes::{Notes, clip, tidy};
use crate::formats::threat_model::stated::{headline, text_of_html};
use crate::formats::threat_model::xml::Element as Node;

/// How many shapes may hold each other.
const MAX_PARENTS: usize = 50;
/// How many labels of an edge are read.
const MAX_LABELS: usize = 20;

/// A cell: a shape, an edge, or something that holds others.
struct Cell<'a> {
    id: &'a str,
    label: &'a str,
    node: &'a Node,
    parent: &'a str,
    style: Style<'a>,
    geometry: Option<&'a Node>,
    is_edge: bool,
    is_vertex: bool,
}

impl<'a> Cell<'a> {
    /// A cell, which may stand in something that carries its id and its label.
    fn of(node: &'a Node) -> Option<Self> {
        let cell = if node.name == "mxCell" { node } else { node.child("mxCell")? };
        Some(Self {
            id: first(node.attribute("id"), cell.attribute("id")),
            label: first(node.attribute("label"), cell.attribute("value")),
            node: cell,
            parent: cell.attribute("parent"),
            style: Style(cell.attribute("style")),
            geometry: cell.child("mxGeometry"),
            is_edge: cell.attribute("edge") == "1",
            is_vertex: cell.attribute("vertex") == "1",
        })
    }

    fn number(&self, name: &str) -> Option<f64> {
        number(self.geometry?, name)
    }

    fn label(&self) -> String {
        if self.style.value("html") == "1" { text_of_html(self.label) } else { tidy(self.label) }
    }
}

fn first<'a>(one: &'a str, other: &'a str) -> &'a str {
    if one.is_empty() { other } else { one }
}

fn number(node: &Node, name: &str) -> Option<f64> {
    node.attribute(name).parse().ok().filter(|number: &f64| number.is_finite())
}

/// All cells of a page.
pub(super) struct Cells<'a> {
    all: Vec<Cell<'a>>,
    by_id: BTreeMap<&'a str, usize>,
    /// The labels of the edges, by their ids.
    labels: BTreeMap<&'a str, Vec<String>>,
}

/// A box with its place on the page.
#[derive(Clone, Copy)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl<'a> Cells<'a> {
    pub(super) fn of(root: &'a Node) -> Self {
        let all: Vec<Cell<'a>> = root.children().filter_map(Cell::of).collect();
        let by_id: BTreeMap<&str, usize> = all.iter().enumerate().rev().map(|(i, cell)| (cell.id, i)).collect();
        let mut cells = Self { all, by_id, labels: BTreeMap::new() };
        let mut labels: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for cell in cells.all.iter().filter(|cell| cells.is_label(cell)) {
            let of_edge = labels.entry(cell.parent).or_default();
            if of_edge.len() < MAX_LABELS {
                of_edge.push(cell.label());
            }
        }
        cells.labels = labels;
        cells
    }

    fn get(&self, id: &str) -> Option<&Cell<'a>> {
        self.by_id.get(id).filter(|_| !id.is_empty()).and_then(|&i| self.all.get(i))
    }

    /// Whether a cell is a label of an edge.
    fn is_label(&self, cell: &Cell<'_>) -> bool {
        cell.is_vertex && self.get(cell.parent).is_some_and(|parent| parent.is_edge)
    }

    /// Where the shape begins that a cell stands in; cells give their places from there.
    fn origin(&self, cell: &Cell<'_>, depth: usize) -> Point {
        let nowhere = Point { x: 0.0, y: 0.0 };
        let holder = self.get(cell.parent).filter(|holder| holder.is_vertex && depth < MAX_PARENTS);
        holder.and_then(|holder| self.area(holder, depth + 1)).map_or(nowhere, |area| Point { x: area.x, y: area.y })
    }

    /// The box of a shape on the page.
    fn area(&self, cell: &Cell<'_>, depth: usize) -> Option<Area> {
        let origin = self.origin(cell, depth);
        let (width, height) = (cell.number("width").unwrap_or(0.0), cell.number("height").unwrap_or(0.0));
        let (mut x, mut y) = (cell.number("x").unwrap_or(0.0), cell.number("y").unwrap_or(0.0));
        let geometry = cell.geometry?;
        if geometry.attribute("relative") == "1" {
            // Then the place is a share of the shape around it, with an offset.
            let holder = self.get(cell.parent)?;
            x *= holder.number("width").unwrap_or(0.0);
            y *= holder.number("height").unwrap_or(0.0);
            let offset = geometry.all("mxPoint").find(|point| point.attribute("as") == "offset");
            x += offset.and_then(|offset| number(offset, "x")).unwrap_or(0.0);
            y += offset.and_then(|offset| number(offset, "y")).unwrap_or(0.0);
        }
        Some(Area { x: origin.x + x, y: origin.y + y, width, height })
    }

    /// The line of an edge: from its source over its points to its target.
    fn path(&self, cell: &Cell<'_>) -> Option<Shape> {
        let geometry = cell.geometry?;
        let origin = self.origin(cell, 0);
        let moved = |point: &Node| Point {
            x: origin.x + number(point, "x").unwrap_or(0.0),
            y: origin.y + number(point, "y").unwrap_or(0.0),
        };
        let listed = geometry.all("Array").find(|list| list.attribute("as") == "points");
        let points: Vec<Point> = listed.into_iter().flat_map(Node::children).map(moved).collect();
        let loose = |what: &str| geometry.all("mxPoint").find(|point| point.attribute("as") == what).map(moved);
        let area = |end: &str| self.get(cell.node.attribute(end)).and_then(|shape| self.area(shape, 0));
        let (source, target) = (area("source"), area("target"));
        let at = |area: Area, x: &str, y: &str| {
            let (x, y) = (cell.style.number(x)?, cell.style.number(y)?);
            Some(Point { x: area.x + x * area.width, y: area.y + y * area.height })
        };
        let begin = source.map(Area::middle).or_else(|| loose("sourcePoint"));
        let end = target.map(Area::middle).or_else(|| loose("targetPoint"));
        let (begin, end) = (begin?, end?);
        let after = points.first().copied().unwrap_or(end);
        let before = points.last().copied().unwrap_or(begin);
        let begin = source.map_or(begin, |area| at(area, "exitX", "exitY").unwrap_or_else(|| area.border(after)));
        let end = target.map_or(end, |area| at(area, "entryX", "entryY").unwrap_or_else(|| area.border(before)));
        let whole: Vec<Point> = [begin].into_iter().chain(points).chain([end]).collect();
        Shape::of_path(whole, cell.style.value("curved") == "1")
    }
}

impl Area {
    fn middle(self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// Where the line from the middle to a point leaves the box.
    fn border(self, to: Point) -> Point {
        let middle = self.middle();
        let (dx, dy) = (to.x - middle.x, to.y - middle.y);
        let share = |half: f64, way: f64| if way == 0.0 { f64::INFINITY } else { half / way.abs() };
        let part = share(self.width / 2.0, dx).min(share(self.height / 2.0, dy)).min(1.0);
        Point { x: middle.x + dx * part, y: middle.y + dy * part }
    }
}

/// Reads the elements of a page.
pub(super) struct Page<'p, 'n> {
    pub(super) id: String,
    pub(super) path: String,
    pub(super) cells: &'p Cells<'p>,
    pub(super) notes: &'n mut Notes,
}

impl Page<'_, '_> {
    pub(super) fn read(mut self, model: &mut ThreatModel) {
        let (mut unknown, mut loose): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        let mut has_gates = false;
        for cell in &self.cells.all {
            let is_part = cell.is_edge || cell.is_vertex && !cell.style.is_group() && !self.cells.is_label(cell);
            if !is_part || model.elements.len() > ThreatModel::PARTS_LIMIT {
                continue;
            }
            let element = self.element(cell);
            has_gates |= cell.style.is_gate();
            match element.kind {
                ElementKind::Unclassified => unknown.push(element.name.clone()),
                ElementKind::DataFlow if element.source.is_none() || element.target.is_none() => {
                    loose.push(element.name.clone());
                }
                _ => {}
            }
            model.elements.push(element);
        }
        self.warn(&unknown, "shapes that are none of a data-flow diagram stay unclassified");
        self.warn(&loose, "flows begin or end at nothing");
        if has_gates {
            let message = "there are gates as in an attack tree; what is drawn here may be no data-flow diagram, though \
                           its boxes count as actors";
            self.notes.warn(self.path.clone(), message);
        }
    }

    /// Says how many there are of something, and what the first is called.
    fn warn(&mut self, names: &[String], what: &str) {
        let Some(first) = names.first() else { return };
        let named = if first.is_empty() { String::new() } else { format!(", among them “{}”", clip(first, 60)) };
        self.notes.warn(self.path.clone(), format!("{} {what}{named}", names.len()));
    }

    /// The id of a part; pages use the same ids.
    fn part_id(&self, cell: &str) -> PartId {
        PartId(format!("{}:{}", self.id, clip(&tidy(cell), 90)))
    }

    fn element(&mut self, cell: &Cell<'_>) -> Element {
        let path = format!("{}.{}", self.path, clip(&tidy(cell.id), 90));
        let mut element = Element {
            id: self.part_id(cell.id),
            diagram: Some(PartId(self.id.clone())),
            raw_kind: clip(&tidy(cell.style.shape()), ThreatModel::NAME_LIMIT),
            ..Element::default()
        };
        if cell.is_edge {
            self.edge(cell, &mut element);
        } else {
            element.kind = cell.style.kind();
            let area = self.cells.area(cell, 0);
            element.shape = area.and_then(|area| Shape::of_box(area.x, area.y, area.width, area.height));
        }
        let mut label = cell.label();
        for more in self.cells.labels.get(cell.id).into_iter().flatten().filter(|more| !more.is_empty()) {
            if !label.is_empty() {
                label.push_str(", ");
            }
            label.push_str(more);
        }
        if element.kind == ElementKind::Text {
            element.name = headline(&label);
            if element.name != label {
                element.description = self.notes.cut(&label, ThreatModel::TEXT_LIMIT, || path.clone());
            }
        } else {
            element.name = self.notes.cut(&label.replace('\n', " "), ThreatModel::NAME_LIMIT, || path.clone());
        }
        let holder = self.cells.get(cell.parent).filter(|holder| holder.style.kind().divides() && holder.is_vertex);
        element.zone = holder.map(|holder| self.part_id(holder.id));
        element
    }

    /// An edge is a flow; a dashed one that leads from nothing to nothing divides.
    fn edge(&self, cell: &Cell<'_>, element: &mut Element) {
        element.shape = self.cells.path(cell);
        let end = |name: &str| {
            let shape = self.cells.get(cell.node.attribute(name)).filter(|shape| shape.is_vertex);
            shape.map(|shape| self.part_id(shape.id))
        };
        let (source, target) = (end("source"), end("target"));
        if source.is_none() && target.is_none() && cell.style.value("dashed") == "1" {
            element.kind = ElementKind::TrustBoundary;
            return;
        }
        element.kind = ElementKind::DataFlow;
        let drawn = |name: &str, by_default: bool| match cell.style.value(name) {
            "" => by_default,
            arrow => arrow != "none",
        };
        let (to_source, to_target) = (drawn("startArrow", false), drawn("endArrow", true));
        element.bidirectional = to_source && to_target;
        // An arrow at the beginning only says that the data goes the other way.
        let is_turned = to_source && !to_target;
        (element.source, element.target) = if is_turned { (target, source) } else { (source, target) };
        if is_turned && let Some(Shape::Path { points, .. }) = &mut element.shape {
            points.reverse();
        }
    }
}
