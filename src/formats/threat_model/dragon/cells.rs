//! The cells of a diagram: elements with their places, and the threats that stand at them.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::{self, Anchor, Frame, round};
use super::{WHOLE_MODEL, diagram_id, threats};
use crate::domain::threat_model::diagram::{Diagram, Point, Shape};
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId, ThreatModel};
use crate::formats::threat_model::json::At;
use crate::formats::threat_model::notes::{self, Notes, clip, tidy};

/// Reads diagrams into a model.
pub(super) struct Reader<'r> {
    notes: &'r mut Notes,
    model: &'r mut ThreatModel,
    taken: BTreeSet<PartId>,
    cells: usize,
    threats: BTreeMap<PartId, usize>,
}

/// What flows and threats need to know of the cells of a diagram.
type Known<'a> = BTreeMap<String, Cell<'a>>;

/// A cell, and what it is.
#[derive(Clone)]
struct Cell<'a> {
    at: At<'a>,
    /// What it is about: in version 1 the cell itself.
    data: At<'a>,
    id: PartId,
    kind: ElementKind,
    raw_kind: String,
    frame: Option<Frame>,
}

/// Where a flow or a line begins or ends.
#[derive(Default)]
struct End {
    element: Option<PartId>,
    anchor: Anchor,
}

impl<'r> Reader<'r> {
    /// Nothing read yet.
    pub(super) fn new(notes: &'r mut Notes, model: &'r mut ThreatModel) -> Self {
        Self { notes, model, taken: BTreeSet::new(), cells: 0, threats: BTreeMap::new() }
    }

    /// Reads a diagram without its cells, and gives its method.
    pub(super) fn diagram(&mut self, at: &At<'_>, number: usize) -> String {
        let method = self.notes.name(at.get("diagramType"));
        self.model.diagrams.push(Diagram {
            id: diagram_id(at, number),
            title: self.notes.name(at.get("title")),
            description: self.notes.text(at.get("description")),
            raw_method: method.clone(),
            image: None,
        });
        method
    }

    /// Reads the cells of the latest diagram.
    pub(super) fn cells(&mut self, diagram: &At<'_>, method: &str) {
        let list = diagram.get("cells").or_else(|| diagram.find(&["diagramJson", "cells"]));
        if list.as_ref().is_some_and(|list| !list.value().is_array()) {
            self.notes.warn(diagram.path_to("cells"), "the cells are no list");
        }
        let cells: Vec<Cell<'_>> = list.iter().flat_map(At::items).map(|at| self.cell(at)).collect();
        let mut known = Known::new();
        for cell in &cells {
            known.entry(tidy(&cell.at.text_of("id"))).or_insert_with(|| cell.clone());
        }
        for cell in &cells {
            if cell.id.0 == WHOLE_MODEL {
                self.threats(cell, None, method);
                continue;
            }
            let element = self.element(cell, &known);
            self.model.elements.push(element);
            self.threats(cell, Some(&cell.id), method);
        }
    }

    fn cell<'a>(&mut self, at: At<'a>) -> Cell<'a> {
        let data = at.get("data").filter(|data| data.value().is_object()).unwrap_or_else(|| at.clone());
        let (raw_kind, kind) = self.kind(&at, &data);
        let id = self.id(&at);
        let frame = frame(&at);
        Cell { at, data, id, kind, raw_kind, frame }
    }

    /// The id of a cell. One that an earlier diagram has gets the diagram in front, so that links stay within theirs.
    fn id(&mut self, at: &At<'_>) -> PartId {
        let mut id = notes::id(at.get("id"), "element", self.cells);
        self.cells += 1;
        if self.taken.contains(&id) {
            self.notes.warn(at.path(), format!("the id “{id}” is there twice"));
            let diagram = self.model.diagrams.last().map(|diagram| diagram.id.0.clone()).unwrap_or_default();
            id = PartId(format!("{diagram}/{id}"));
        }
        self.taken.insert(id.clone());
        id
    }

    fn kind(&mut self, at: &At<'_>, data: &At<'_>) -> (String, ElementKind) {
        let raw = [data.text_of("type"), at.text_of("shape")].into_iter().find(|word| !word.is_empty());
        let raw = clip(&tidy(&raw.unwrap_or_default()), 60);
        let kind = kind_of(&raw).or_else(|| kind_of(&at.text_of("shape")));
        if kind.is_none() {
            self.notes.warn(data.path_to("type"), format!("“{raw}” is no kind of element of Threat Dragon"));
        }
        (raw, kind.unwrap_or_default())
    }

    fn element(&mut self, cell: &Cell<'_>, known: &Known<'_>) -> Element {
        let Cell { data, kind, .. } = cell;
        let (name, description) = self.name(cell);
        let mut element = Element {
            id: cell.id.clone(),
            kind: *kind,
            raw_kind: cell.raw_kind.clone(),
            name,
            description,
            out_of_scope: data.flag_of("outOfScope").unwrap_or(false),
            reason: self.notes.text(data.get("reasonOutOfScope")),
            diagram: self.model.diagrams.last().map(|diagram| diagram.id.clone()),
            is_log: data.flag_of("isALog").unwrap_or(false),
            encrypted: data.flag_of("isEncrypted").filter(|is_ticked| *is_ticked),
            ..Element::default()
        };
        if *kind == ElementKind::DataFlow {
            element.bidirectional = data.flag_of("isBidirectional").unwrap_or(false);
            element.protocol = self.notes.name(data.get("protocol"));
            element.public_network = data.flag_of("isPublicNetwork").filter(|is_ticked| *is_ticked);
        }
        if is_line(cell) {
            let (source, target) = (self.end(cell, "source", known), self.end(cell, "target", known));
            element.shape = self.path(cell, &source, &target);
            if *kind == ElementKind::DataFlow {
                (element.source, element.target) = (source.element, target.element);
            }
        } else {
            element.shape = cell.frame.and_then(|Frame { x, y, width, height }| Shape::of_box(x, y, width, height));
            if element.shape.is_none() {
                self.notes.warn(cell.at.path(), "the element has no position and size that a diagram could show");
            }
        }
        element
    }

    /// What a cell is called, and what is said of it. A note that is longer than a name is kept as a description.
    fn name(&mut self, cell: &Cell<'_>) -> (String, String) {
        const ELSEWHERE: [&[&str]; 4] =
            [&["attrs", "text", "text"], &["attrs", "label", "text"], &["attrs", ".label", "text"], &["label"]];
        const LABEL: [&[&str]; 3] =
            [&["attrs", "label", "text"], &["attrs", "labelText", "text"], &["attrs", "text", "text"]];
        let says = |at: &At<'_>| !at.text().trim().is_empty();
        let given = cell.data.get("name").filter(says);
        let drawn = || ELSEWHERE.iter().filter_map(|way| cell.at.find(way)).find(says);
        let label = || {
            let first = cell.at.list("labels").next()?;
            LABEL.iter().filter_map(|way| first.find(way)).chain([first.clone()]).find(says)
        };
        let at = given.or_else(drawn).or_else(label);
        if at.is_none() && cell.kind.is_node() {
            self.notes.warn(cell.at.path(), "the element has no name");
        }
        let description = self.notes.text(cell.data.get("description"));
        if cell.kind != ElementKind::Text {
            return (self.notes.name(at), description);
        }
        let text = self.notes.text(at);
        let name = clip(&text, ThreatModel::NAME_LIMIT);
        let rest = if name.len() < text.len() { text } else { description };
        (name, rest)
    }

    fn end(&mut self, cell: &Cell<'_>, key: &str, known: &Known<'_>) -> End {
        let Some(at) = cell.at.get(key) else { return End::default() };
        let point = point(&at);
        let Some(name) = at.get("cell").or_else(|| at.get("id")) else { return End::at(point) };
        let Some(other) = known.get(&tidy(&name.text())) else {
            let id = clip(&name.text(), 60);
            self.notes.warn(name.path(), format!("the line is linked to “{id}”, which is not in the diagram"));
            return End::at(point);
        };
        let port = at.text_of("port");
        // An element has four ports; a file that lists thousands does not make it slow.
        let mut ports = other.at.get("ports").into_iter().flat_map(|ports| ports.list("items").take(64));
        let side = ports.find(|item| !port.is_empty() && item.text_of("id") == port).map(|item| item.text_of("group"));
        let at_port = side.and_then(|side| other.frame?.side(&side));
        End { element: Some(other.id.clone()), anchor: Anchor { frame: other.frame, point: at_port } }
    }

    /// A line from one end to the other.
    fn path(&mut self, cell: &Cell<'_>, source: &End, target: &End) -> Option<Shape> {
        let limit = Shape::POINTS_LIMIT - 2;
        if cell.at.list("vertices").nth(limit).is_some() {
            self.notes.warn(cell.at.path_to("vertices"), format!("more than {limit} points; the rest is left out"));
        }
        let bends: Vec<Point> = cell.at.list("vertices").take(limit).filter_map(|at| point(&at)).collect();
        let connectors = [cell.at.get("connector"), cell.at.find(&["connector", "name"])];
        let is_curve = connectors.iter().flatten().any(|at| at.text() == "smooth");
        let is_smooth = is_curve || cell.at.flag_of("smooth").unwrap_or(false);
        Shape::of_path(frame::path(&source.anchor, &target.anchor, &bends), is_smooth)
    }

    /// Reads the threats that stand at a cell: in its data or, in files by the letter of the schema, beside it.
    fn threats(&mut self, cell: &Cell<'_>, element: Option<&PartId>, method: &str) {
        let beside = cell.at.list("threats").filter(|_| cell.data.path() != cell.at.path());
        let mut ids = BTreeSet::new();
        for at in cell.data.list("threats").chain(beside) {
            let (mut threat, mitigation) = threats::read(&at, &cell.id, method, &mut ids, self.notes);
            threat.affects = element.cloned().into_iter().collect();
            let same = self.threats.get(&threat.id).and_then(|&index| self.model.threats.get_mut(index));
            match same.filter(|other| threats::are_same(other, &threat)) {
                // The same threat at several elements, as copies of elements have it.
                Some(other) => other.affects.extend(threat.affects),
                None => {
                    self.threats.entry(threat.id.clone()).or_insert(self.model.threats.len());
                    self.model.threats.push(threat);
                    self.model.mitigations.extend(mitigation);
                }
            }
        }
    }
}

impl End {
    /// One that no element holds.
    fn at(point: Option<Point>) -> Self {
        Self { element: None, anchor: Anchor { frame: None, point } }
    }
}

/// Whether a cell is drawn as a line.
fn is_line(cell: &Cell<'_>) -> bool {
    let has_ends = || cell.at.get("source").is_some() || cell.at.get("target").is_some();
    match cell.kind {
        ElementKind::DataFlow => true,
        ElementKind::TrustBoundary | ElementKind::Unclassified => has_ends(),
        _ => false,
    }
}

/// What Threat Dragon means by a type or a shape. A shape is misspelled in files that it wrote itself.
fn kind_of(word: &str) -> Option<ElementKind> {
    Some(match word {
        "tm.Actor" | "actor" => ElementKind::Actor,
        "tm.Process" | "process" => ElementKind::Process,
        "tm.Store" | "store" => ElementKind::DataStore,
        "tm.Flow" | "tm.FlowStencil" | "flow" => ElementKind::DataFlow,
        "tm.Boundary" | "tm.BoundaryBox" => ElementKind::TrustBoundary,
        "trust-boundary-curve" | "trust-broundary-curve" | "trust-boundary-box" => ElementKind::TrustBoundary,
        "tm.Text" | "td-text-block" => ElementKind::Text,
        _ => return None,
    })
}

fn point(at: &At<'_>) -> Option<Point> {
    Some(Point { x: round(at.number_of("x")?), y: round(at.number_of("y")?) })
}

fn frame(at: &At<'_>) -> Option<Frame> {
    let Point { x, y } = point(&at.get("position")?)?;
    let size = at.get("size")?;
    Some(Frame { x, y, width: round(size.number_of("width")?), height: round(size.number_of("height")?) })
}
