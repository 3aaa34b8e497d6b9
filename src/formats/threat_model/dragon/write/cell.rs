//! An element as a cell of Threat Dragon: what is said of it, and how it is drawn.

use serde_json::{Map, Value, json};

use crate::domain::threat_model::diagram::{Point, Shape};
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId, ThreatModel};
use crate::formats::threat_model::dragon::frame::{self, Anchor, Frame, SIDES};
use crate::formats::threat_model::dragon::layout::{Places, is_box};

/// What stands at an element.
pub(super) struct At {
    /// The threats to it, as they are written.
    pub(super) threats: Vec<Value>,
    /// Whether one of them is open.
    pub(super) has_open: bool,
}

/// Writes an element, which lies above those with a lower `z`.
pub(super) fn write(element: &Element, z: usize, places: &mut Places<'_>, at: &At) -> Value {
    let cell = match places.frame(&element.id).filter(|_| is_box(element)) {
        Some(frame) => boxed(element, frame, z, at),
        None => line(element, z, places, at),
    };
    Value::Object(put(cell, json!({ "data": data(element, at) })))
}

/// A mapping with further entries.
fn put(mapping: Value, more: Value) -> Map<String, Value> {
    let entries = [mapping, more].into_iter().filter_map(|value| match value {
        Value::Object(entries) => Some(entries),
        _ => None,
    });
    entries.flatten().collect()
}

/// What a cell says of its element.
fn data(element: &Element, at: &At) -> Value {
    let is_long = is_long_note(element);
    let data = json!({
        "type": type_of(element),
        "name": if is_long { &element.description } else { &element.name },
        "description": if is_long { "" } else { &element.description },
        "hasOpenThreats": at.has_open,
        "isTrustBoundary": element.kind.divides(),
    });
    let can_be_threatened = element.kind.can_be_threatened() || element.kind == ElementKind::Unclassified;
    let mut data = put(data, particulars(element));
    if can_be_threatened || element.out_of_scope {
        let scope = json!({ "outOfScope": element.out_of_scope, "reasonOutOfScope": element.reason });
        data = put(Value::Object(data), scope);
    }
    if can_be_threatened || !at.threats.is_empty() {
        data = put(Value::Object(data), json!({ "threats": at.threats }));
    }
    Value::Object(data)
}

/// What a cell says that only elements of its kind have.
fn particulars(element: &Element) -> Value {
    match element.kind {
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
    }
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
fn boxed(element: &Element, frame: Frame, z: usize, at: &At) -> Value {
    let stroke = stroke(element, at);
    let text = json!({ "text": if is_long_note(element) { &element.description } else { &element.name } });
    let (shape, attrs) = match element.kind {
        ElementKind::Actor => ("actor", json!({ "text": text, "body": stroke })),
        ElementKind::DataStore => ("store", json!({ "text": text, "topLine": stroke, "bottomLine": stroke })),
        ElementKind::TrustBoundary | ElementKind::TrustZone => ("trust-boundary-box", json!({ "label": text })),
        ElementKind::Text => ("td-text-block", json!({ "text": text })),
        _ => ("process", json!({ "text": text, "body": stroke })),
    };
    let cell = json!({
        "position": { "x": number(frame.x), "y": number(frame.y) },
        "size": { "width": number(frame.width), "height": number(frame.height) },
        "attrs": attrs,
        "visible": true,
        "shape": shape,
        // Boundaries lie behind what is in them.
        "zIndex": if element.kind.divides() { json!(-1) } else { json!(z) },
        "id": element.id,
    });
    let ports = if element.kind.is_node() { json!({ "ports": ports(&element.id) }) } else { json!({}) };
    Value::Object(put(cell, ports))
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
    let groups: Map<String, Value> = SIDES.into_iter().map(group).collect();
    let items: Vec<Value> = SIDES.iter().map(|side| json!({ "group": side, "id": port(id, side) })).collect();
    json!({ "groups": groups, "items": items })
}

/// The id of the port at a side of an element.
fn port(element: &PartId, side: &str) -> String {
    format!("{element}-{side}")
}

/// A cell that is drawn as a line.
fn line(element: &Element, z: usize, places: &mut Places<'_>, at: &At) -> Value {
    let (points, is_smooth) = match &element.shape {
        Some(Shape::Path { points, smooth }) => (points.as_slice(), *smooth),
        _ => ([].as_slice(), true),
    };
    let held = |id: &Option<PartId>| id.clone().filter(|id| places.frame(id).is_some());
    let held = (held(&element.source), held(&element.target));
    let is_lost = points.is_empty() && (held.0.is_none() || held.1.is_none());
    let free = is_lost.then(|| places.line());
    let points = free.as_ref().map_or(points, |points| points.as_slice());
    let bends = points.get(1..points.len().saturating_sub(1)).unwrap_or_default();
    let source = End::of(held.0.as_ref(), points.first(), places);
    let target = End::of(held.1.as_ref(), points.last(), places);
    // A line that happens to leave a box at a port may have come from its middle: where it reaches the other then
    // depends on which of the two is said.
    let has_ports = frame::path(&source.anchor(true), &target.anchor(true), bends) == points;
    let is_flow = element.kind == ElementKind::DataFlow;
    let cell = json!({
        "shape": if is_flow { "flow" } else { "trust-boundary-curve" },
        "attrs": { "line": if is_flow { arrow(element, at) } else { json!({ "targetMarker": "", "sourceMarker": "" }) } },
        "width": 200,
        "height": 100,
        "zIndex": z,
        "labels": [{ "position": 0.5, "attrs": { "label": { "text": element.name } } }],
        "id": element.id,
        "source": source.written(has_ports),
        "target": target.written(has_ports),
        "vertices": bends.iter().map(place).collect::<Vec<_>>(),
    });
    Value::Object(put(cell, if is_smooth { json!({ "connector": "smooth" }) } else { json!({}) }))
}

/// Where a line begins or ends: at an element, if it is there at a port of it, or at a point.
struct End<'e> {
    element: Option<(&'e PartId, Frame)>,
    side: Option<&'static str>,
    point: Option<Point>,
}

impl<'e> End<'e> {
    fn of(element: Option<&'e PartId>, point: Option<&Point>, places: &Places<'_>) -> Self {
        let element = element.and_then(|id| Some((id, places.frame(id)?)));
        let point = point.copied();
        let side = element.and_then(|(_, frame)| frame.side_at(point?));
        Self { element, side, point }
    }

    /// What is read of it again, with or without its port.
    fn anchor(&self, has_port: bool) -> Anchor {
        let Some((_, frame)) = self.element else { return Anchor { frame: None, point: self.point } };
        Anchor { frame: Some(frame), point: self.side.filter(|_| has_port).and_then(|side| frame.side(side)) }
    }

    fn written(&self, has_port: bool) -> Value {
        match (self.element, self.side.filter(|_| has_port)) {
            (Some((id, _)), Some(side)) => json!({ "cell": id, "port": port(id, side) }),
            (Some((id, _)), None) => json!({ "cell": id }),
            (None, _) => self.point.as_ref().map_or_else(|| json!({}), place),
        }
    }
}

/// How a flow is drawn: with a head at its end, and at its beginning if data goes both ways.
fn arrow(element: &Element, at: &At) -> Value {
    let back = if element.bidirectional { "block" } else { "" };
    let heads = json!({ "targetMarker": { "name": "block" }, "sourceMarker": { "name": back } });
    Value::Object(put(stroke(element, at), heads))
}

/// How an element is drawn: red with open threats, dashed when it is out of scope.
fn stroke(element: &Element, at: &At) -> Value {
    let (colour, width) = if at.has_open { ("red", 2.5) } else { ("#333333", 1.5) };
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
