//! A model as a file of Threat Dragon 2, to be gone on with there and brought back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::statement;
use super::frame::{Frame, SIDES};
use super::layout::{Places, is_box};
use super::{WHOLE_MODEL, words};
use crate::domain::threat_model::category::Category;
use crate::domain::threat_model::diagram::{Diagram, Point, Shape};
use crate::domain::threat_model::words::{ElementKind, Method, MitigationStatus, Origin};
use crate::domain::threat_model::{Element, Mitigation, PartId, Threat, ThreatModel};

/// The version of Threat Dragon whose files these are like.
const VERSION: &str = "2.3.0";

/// The methods that Threat Dragon has a picture for, with its name.
const PICTURES: [(&str, &str); 7] = [
    ("STRIDE", "thumbnail.stride.jpg"),
    ("LINDDUN", "thumbnail.linddun.jpg"),
    ("CIA", "thumbnail.cia.jpg"),
    ("DIE", "thumbnail.die.jpg"),
    ("CIADIE", "thumbnail.ciadie.jpg"),
    ("PLOT4ai", "thumbnail.plot4ai.jpg"),
    ("EOP", "thumbnail.eop.jpg"),
];

/// Writes a model for Threat Dragon 2.
///
/// What comes back when the file is read again: elements with their names, places, flows and scope; threats with
/// titles, descriptions, first categories, statuses, severities, scores and the elements they are about; texts of
/// mitigations; owner, reviewer and participants.
///
/// What Threat Dragon says in other words, and so comes back changed: a threat in progress or not looked at is open, one
/// that is resolved is mitigated, a severity of note is low, a rating is the severity that follows from it. A
/// zone is a boundary, what could not be classified a process. The mitigations of a threat are one text, in which those
/// that were decided against or that a tool proposes are left out. The text of a threat that is accepted,
/// transferred, avoided or not applicable is its reason. What is not said to be encrypted is said not to be.
///
/// What it has no place for is lost: assets, assumptions, abuse stories, pictures, dates, objectives, criticality,
/// version, ratings, further categories, numbers of CWE and CAPEC, actors and impacts of threats, and how far mitigations
/// are. Threats to no element stand at a process that is made for them, and are to no element again when they
/// are read. Elements without a place get one.
pub fn write(model: &ThreatModel) -> Result<String, serde_json::Error> {
    let parts = Parts::of(model);
    let diagrams: Vec<Value> = parts.diagrams.iter().enumerate().map(|(i, d)| parts.diagram(d, i)).collect();
    let contributors: Vec<Value> = model.participants.iter().map(|name| json!({ "name": name })).collect();
    let file = json!({
        "version": VERSION,
        "summary": { "title": model.title, "owner": model.owner, "description": model.description, "id": 0 },
        "detail": {
            "contributors": contributors,
            "diagrams": diagrams,
            "diagramTop": diagrams.len(),
            "reviewer": model.reviewer,
            "threatTop": model.next_threat().saturating_sub(1),
        },
    });
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}

/// A model by what stands where in a file.
struct Parts<'m> {
    model: &'m ThreatModel,
    diagrams: Vec<Diagram>,
    /// The first number that no diagram came with.
    free_number: u64,
    whole: Element,
    /// The elements by the position of their diagram.
    elements: BTreeMap<usize, Vec<&'m Element>>,
    threats: BTreeMap<PartId, Vec<&'m Threat>>,
    mitigations: BTreeMap<&'m PartId, Vec<&'m Mitigation>>,
}

/// How many bytes may be said again: of mitigations at further threats, of threats at further elements. Without this, a
/// small model with many links would become a huge file.
struct Again(usize);

impl Again {
    /// Whether so much may be said again.
    fn may(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

impl<'m> Parts<'m> {
    fn of(model: &'m ThreatModel) -> Self {
        let mut diagrams = model.diagrams.clone();
        if diagrams.is_empty() && !(model.elements.is_empty() && model.threats.is_empty()) {
            diagrams.push(Diagram { id: PartId("diagram-0".to_owned()), ..Diagram::default() });
        }
        let positions: BTreeMap<&PartId, usize> = diagrams.iter().zip(0..).map(|(d, i)| (&d.id, i)).collect();
        let mut elements: BTreeMap<usize, Vec<&Element>> = BTreeMap::new();
        for element in &model.elements {
            let position = element.diagram.as_ref().and_then(|id| positions.get(id)).copied().unwrap_or(0);
            elements.entry(position).or_default().push(element);
        }
        let whole = Element {
            id: PartId(WHOLE_MODEL.to_owned()),
            kind: ElementKind::Process,
            name: "The whole model".to_owned(),
            description: "Here stand the threats that are to no single element.".to_owned(),
            ..Element::default()
        };
        let free_number = diagrams.iter().filter_map(given_number).max().map_or(0, |most| u64::from(most) + 1);
        let mut parts = Self {
            model,
            diagrams,
            free_number,
            whole,
            elements,
            threats: BTreeMap::new(),
            mitigations: BTreeMap::new(),
        };
        let mut again = Again(8_000_000);
        parts.put_mitigations(&mut again);
        parts.put_threats(&mut again);
        parts
    }

    /// Puts mitigations to their threats, but those that nobody wants or decided for.
    fn put_mitigations(&mut self, again: &mut Again) {
        let is_meant = |m: &&Mitigation| m.status != MitigationStatus::Rejected && m.origin != Origin::Template;
        for mitigation in self.model.mitigations.iter().filter(is_meant) {
            let bytes = mitigation.title.len() + mitigation.description.len();
            for (i, id) in mitigation.threats.iter().enumerate() {
                if i == 0 || again.may(bytes) {
                    self.mitigations.entry(id).or_default().push(mitigation);
                }
            }
        }
    }

    /// Puts threats to the elements that they are about.
    fn put_threats(&mut self, again: &mut Again) {
        let known: BTreeSet<&PartId> = self.model.elements.iter().map(|element| &element.id).collect();
        for threat in &self.model.threats {
            let bytes = 500 + threat.title.len() + threat.description.len() + self.mitigation(threat).len();
            let mut about = threat.affects.iter().filter(|id| known.contains(id)).enumerate().peekable();
            if about.peek().is_none() {
                self.threats.entry(self.whole.id.clone()).or_default().push(threat);
            }
            for (i, id) in about {
                if i == 0 || again.may(bytes) {
                    self.threats.entry(id.clone()).or_default().push(threat);
                }
            }
        }
    }

    fn diagram(&self, diagram: &Diagram, position: usize) -> Value {
        let mut elements = self.elements.get(&position).cloned().unwrap_or_default();
        if position == 0 && self.threats.contains_key(&self.whole.id) {
            elements.push(&self.whole);
        }
        let mut places = Places::of(&elements);
        let here: BTreeMap<&PartId, &Element> = elements.iter().map(|element| (&element.id, *element)).collect();
        let cells: Vec<Value> =
            elements.iter().zip(1..).map(|(e, z)| self.cell(e, z, &here, &mut places, diagram)).collect();
        let method = self.method(diagram);
        let picture = PICTURES.iter().find(|(name, _)| *name == method).map_or("thumbnail.jpg", |(_, picture)| picture);
        json!({
            // The number that it came with, else one that no other has.
            "id": given_number(diagram).map_or(self.free_number + position as u64, u64::from),
            "title": if diagram.title.is_empty() { &self.model.title } else { &diagram.title },
            "diagramType": method,
            "placeholder": format!("New {method} diagram description"),
            "description": diagram.description,
            "thumbnail": format!("./public/content/images/{picture}"),
            "version": VERSION,
            "cells": cells,
        })
    }

    /// The method of a diagram, by the name that Threat Dragon has for it.
    fn method(&self, diagram: &Diagram) -> &'static str {
        let raw = diagram.raw_method.trim();
        let known = PICTURES.iter().map(|(name, _)| *name).find(|name| name.eq_ignore_ascii_case(raw));
        let of_model = || match self.model.methods.first() {
            Some(Method::Stride) => "STRIDE",
            Some(Method::Linddun) => "LINDDUN",
            _ => "Generic",
        };
        known.unwrap_or_else(|| if raw.eq_ignore_ascii_case("generic") { "Generic" } else { of_model() })
    }

    fn cell(
        &self,
        element: &Element,
        z: usize,
        here: &BTreeMap<&PartId, &Element>,
        places: &mut Places<'_>,
        diagram: &Diagram,
    ) -> Value {
        let data = self.data(element, diagram);
        match places.frame(&element.id).filter(|_| is_box(element)) {
            Some(frame) => boxed(element, frame, z, data),
            None => line(element, z, here, places, data),
        }
    }

    /// What a cell says of its element.
    fn data(&self, element: &Element, diagram: &Diagram) -> Value {
        let threats = self.threats.get(&element.id).map(Vec::as_slice).unwrap_or_default();
        let mut data = json!({
            "type": type_of(element),
            "name": element.name,
            "description": element.description,
            "hasOpenThreats": threats.iter().any(|threat| threat.status.is_open()),
            "isTrustBoundary": element.kind.divides(),
        });
        if is_long_note(element) {
            data["name"] = json!(element.description);
            data["description"] = json!("");
        }
        let more = match element.kind {
            ElementKind::Actor => json!({ "providesAuthentication": false }),
            ElementKind::Process | ElementKind::Unclassified => json!({
                "handlesCardPayment": false,
                "handlesGoodsOrServices": false,
                "isWebApplication": false,
                "privilegeLevel": "",
            }),
            ElementKind::DataStore => json!({
                "isALog": element.is_log,
                "isEncrypted": element.encrypted == Some(true),
                "isSigned": false,
                "storesCredentials": false,
                "storesInventory": false,
            }),
            ElementKind::DataFlow => json!({
                "isBidirectional": element.bidirectional,
                "isEncrypted": element.encrypted == Some(true),
                "isPublicNetwork": element.public_network == Some(true),
                "protocol": element.protocol,
            }),
            ElementKind::TrustBoundary | ElementKind::TrustZone | ElementKind::Text => json!({}),
        };
        let can_be_threatened = element.kind.can_be_threatened() || element.kind == ElementKind::Unclassified;
        if can_be_threatened || element.out_of_scope {
            data["outOfScope"] = json!(element.out_of_scope);
            data["reasonOutOfScope"] = json!(element.reason);
        }
        if can_be_threatened || !threats.is_empty() {
            data["threats"] = threats.iter().map(|threat| self.threat(threat, diagram)).collect();
        }
        extend(&mut data, more);
        data
    }

    fn threat(&self, threat: &Threat, diagram: &Diagram) -> Value {
        let (method, category) = match threat.categories.first() {
            Some(Category::Stride(kind)) => ("STRIDE", kind.title()),
            Some(Category::Linddun(kind)) => ("LINDDUN", words::linddun(*kind)),
            Some(Category::Other(text)) => (self.method_of_other(diagram), text.as_str()),
            None => (self.method(diagram), ""),
        };
        json!({
            "id": threat.id,
            "number": threat.number,
            "title": threat.title,
            "status": words::word_of_status(threat.status),
            "severity": words::word_of_severity(threat.severity()),
            "type": category,
            "modelType": method,
            "score": threat.score,
            "description": threat.description,
            "mitigation": self.mitigation(threat),
            "new": false,
        })
    }

    /// The method of a category that is neither of STRIDE nor of LINDDUN.
    fn method_of_other(&self, diagram: &Diagram) -> &'static str {
        match self.method(diagram) {
            "STRIDE" | "LINDDUN" => "Generic",
            other => other,
        }
    }

    /// What is done about a threat, or why nothing is, as one text.
    fn mitigation(&self, threat: &Threat) -> String {
        let mitigations = self.mitigations.get(&threat.id).map(Vec::as_slice).unwrap_or_default();
        let mut all = String::new();
        for mitigation in mitigations {
            if all.len() >= ThreatModel::TEXT_LIMIT {
                break;
            }
            all = statement::paragraphs(&all, &statement::join(&mitigation.title, &mitigation.description));
        }
        if words::explains(threat.status) { statement::paragraphs(&threat.reason, &all) } else { all }
    }
}

/// The number that a diagram had in a file of Threat Dragon.
fn given_number(diagram: &Diagram) -> Option<u32> {
    diagram.id.0.strip_prefix("diagram-")?.parse().ok()
}

/// Whether an element is a note whose whole text is its description, as its name would be too long.
fn is_long_note(element: &Element) -> bool {
    let is_full = element.name.chars().count() == ThreatModel::NAME_LIMIT;
    element.kind == ElementKind::Text && is_full && element.description.starts_with(&element.name)
}

/// What Threat Dragon calls the kind of an element.
fn type_of(element: &Element) -> &'static str {
    match element.kind {
        ElementKind::Actor => "tm.Actor",
        ElementKind::Process | ElementKind::Unclassified => "tm.Process",
        ElementKind::DataStore => "tm.Store",
        ElementKind::DataFlow => "tm.Flow",
        ElementKind::TrustBoundary | ElementKind::TrustZone if is_box(element) => "tm.BoundaryBox",
        ElementKind::TrustBoundary | ElementKind::TrustZone => "tm.Boundary",
        ElementKind::Text => "tm.Text",
    }
}

/// A cell that is drawn as a box.
fn boxed(element: &Element, frame: Frame, z: usize, data: Value) -> Value {
    let stroke = stroke(element, &data);
    let text = json!({ "text": data["name"] });
    let (shape, attrs) = match element.kind {
        ElementKind::Actor => ("actor", json!({ "text": text, "body": stroke })),
        ElementKind::DataStore => ("store", json!({ "text": text, "topLine": stroke, "bottomLine": stroke })),
        ElementKind::TrustBoundary | ElementKind::TrustZone => ("trust-boundary-box", json!({ "label": text })),
        ElementKind::Text => ("td-text-block", json!({ "text": text })),
        _ => ("process", json!({ "text": text, "body": stroke })),
    };
    let mut cell = json!({
        "position": { "x": number(frame.x), "y": number(frame.y) },
        "size": { "width": number(frame.width), "height": number(frame.height) },
        "attrs": attrs,
        "visible": true,
        "shape": shape,
        // Boundaries lie behind what is in them.
        "zIndex": if element.kind.divides() { json!(-1) } else { json!(z) },
        "id": element.id,
        "data": data,
    });
    if element.kind.is_node() {
        cell["ports"] = ports(&element.id);
    }
    cell
}

/// The ports of an element: one in the middle of each side.
fn ports(id: &PartId) -> Value {
    let circle = json!({
        "r": 4,
        "magnet": true,
        "stroke": "#5F95FF",
        "strokeWidth": 1,
        "fill": "#fff",
        "style": { "visibility": "hidden" },
    });
    let group = |side: &str| (side.to_owned(), json!({ "position": { "name": side }, "attrs": { "circle": circle } }));
    let groups: serde_json::Map<String, Value> = SIDES.into_iter().map(group).collect();
    let items: Vec<Value> = SIDES.iter().map(|side| json!({ "group": side, "id": port(id, side) })).collect();
    json!({ "groups": groups, "items": items })
}

/// The id of the port at a side of an element.
fn port(element: &PartId, side: &str) -> String {
    format!("{element}-{side}")
}

/// A cell that is drawn as a line.
fn line(
    element: &Element,
    z: usize,
    here: &BTreeMap<&PartId, &Element>,
    places: &mut Places<'_>,
    data: Value,
) -> Value {
    let (points, is_smooth) = match &element.shape {
        Some(Shape::Path { points, smooth }) => (points.clone(), *smooth),
        _ => (Vec::new(), true),
    };
    let holds = |id: &Option<PartId>| id.clone().filter(|id| here.contains_key(id) && places.frame(id).is_some());
    let (source, target) = (holds(&element.source), holds(&element.target));
    let given = (points.first().copied(), points.last().copied());
    let is_loose = source.is_none() || target.is_none();
    let free = if points.is_empty() && is_loose { Some(places.line()) } else { None };
    let (first, last) = (given.0.or(free.map(|[first, _]| first)), given.1.or(free.map(|[_, last]| last)));
    let bends = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
    let is_flow = element.kind == ElementKind::DataFlow;
    let label = json!([{ "position": 0.5, "attrs": { "label": { "text": data["name"] } } }]);
    let mut cell = json!({
        "shape": if is_flow { "flow" } else { "trust-boundary-curve" },
        "attrs": { "line": { "targetMarker": "", "sourceMarker": "" } },
        "width": 200,
        "height": 100,
        "zIndex": z,
        "labels": label,
        "id": element.id,
        "source": end(source.as_ref(), first, places),
        "target": end(target.as_ref(), last, places),
        "vertices": bends.iter().map(place).collect::<Vec<_>>(),
        "data": data,
    });
    if is_smooth {
        cell["connector"] = json!("smooth");
    }
    if is_flow {
        let mut stroke = stroke(element, &cell["data"]);
        let back = if element.bidirectional { "block" } else { "" };
        extend(&mut stroke, json!({ "targetMarker": { "name": "block" }, "sourceMarker": { "name": back } }));
        cell["attrs"]["line"] = stroke;
    }
    cell
}

/// Where a line begins or ends: at an element, at its port if it is there, or at a point.
fn end(element: Option<&PartId>, point: Option<Point>, places: &Places<'_>) -> Value {
    let Some(id) = element else { return point.as_ref().map_or_else(|| json!({}), place) };
    let side = point.and_then(|point| places.frame(id)?.side_at(point));
    match side {
        Some(side) => json!({ "cell": id, "port": port(id, side) }),
        None => json!({ "cell": id }),
    }
}

/// How an element is drawn: red with open threats, dashed when it is out of scope.
fn stroke(element: &Element, data: &Value) -> Value {
    let is_open = data["hasOpenThreats"] == json!(true);
    let (colour, width) = if is_open { ("red", 2.5) } else { ("#333333", 1.5) };
    let dashes = if element.out_of_scope { json!("4 3") } else { Value::Null };
    json!({ "stroke": colour, "strokeWidth": width, "strokeDasharray": dashes })
}

fn place(point: &Point) -> Value {
    json!({ "x": number(point.x), "y": number(point.y) })
}

/// A number, without a point where it is whole.
fn number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() <= Shape::FARTHEST { json!(value as i64) } else { json!(value) }
}

/// Puts the entries of one mapping at the end of another.
fn extend(mapping: &mut Value, more: Value) {
    if let (Some(mapping), Value::Object(more)) = (mapping.as_object_mut(), more) {
        mapping.extend(more);
    }
}
