//! The elements of an Open Threat Model: zones, components and flows, where they stand, and the threats that are
//! named at them.

use std::collections::{BTreeMap, BTreeSet};

use super::Instance;
use crate::domain::threat_model::diagram::{Diagram, Shape};
use crate::domain::threat_model::words::ElementKind;
use crate::domain::threat_model::{Element, PartId, ThreatModel};
use crate::formats::threat_model::json::At;
use crate::formats::threat_model::notes::{Notes, clip, id, tidy};

/// How many zones and components may stand in each other.
const MAX_PARENTS: usize = 50;

/// How many threats at elements are read, each counted at each element.
const MAX_INSTANCES: usize = 4 * ThreatModel::PARTS_LIMIT;

/// Where something stands in what is around it, with its size.
#[derive(Clone, Copy)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Reads elements.
pub(super) struct Parts<'a, 'n> {
    at: &'a At<'a>,
    notes: &'n mut Notes,
    diagrams: BTreeSet<PartId>,
    /// What is around a zone or a component, by their ids.
    parents: BTreeMap<PartId, PartId>,
    /// Where each stands in which diagram.
    areas: BTreeMap<PartId, (PartId, Area)>,
    instances: Vec<Instance>,
    /// The kinds of components that could not be told.
    guessed: Vec<String>,
}

impl<'a, 'n> Parts<'a, 'n> {
    pub(super) fn new(at: &'a At<'a>, notes: &'n mut Notes) -> Self {
        Self {
            at,
            notes,
            diagrams: BTreeSet::new(),
            parents: BTreeMap::new(),
            areas: BTreeMap::new(),
            instances: Vec::new(),
            guessed: Vec::new(),
        }
    }

    /// Adds all elements to a model, and gives the threats that are named at them.
    pub(super) fn read(mut self, model: &mut ThreatModel) -> Vec<Instance> {
        for (i, diagram) in self.at.list("representations").enumerate() {
            if diagram.text_of("type") == "diagram" {
                let id = id(diagram.get("id"), "diagram", i);
                let title = self.notes.name(diagram.get("name"));
                self.diagrams.insert(id.clone());
                model.diagrams.push(Diagram { id, title, ..Diagram::default() });
            }
        }
        let limit = ThreatModel::PARTS_LIMIT + 1;
        for (i, zone) in self.at.list("trustZones").enumerate().take(limit) {
            let element = self.node(&zone, "zone", i, ElementKind::TrustZone);
            model.elements.push(element);
        }
        for (i, component) in self.at.list("components").enumerate().take(limit) {
            let raw = self.notes.name(component.get("type"));
            let kind = self.kind(&raw, &component);
            let element = self.node(&component, "component", i, kind);
            model.elements.push(Element { raw_kind: raw, ..element });
        }
        self.place(model);
        for (i, flow) in self.at.list("dataflows").enumerate().take(limit) {
            let element = self.flow(&flow, i);
            model.elements.push(element);
        }
        if let Some(first) = self.guessed.first() {
            let message = format!(
                "the kind of {} components cannot be told from their types, among them “{}”; they count as processes",
                self.guessed.len(),
                clip(first, 60)
            );
            self.notes.warn("components", message);
        }
        self.instances
    }

    /// A zone or a component.
    fn node(&mut self, at: &At<'_>, what: &str, number: usize, kind: ElementKind) -> Element {
        let id = id(at.get("id"), what, number);
        let parent = ["trustZone", "component"].into_iter().find_map(|key| at.find(&["parent", key]));
        let parent = parent.map(|parent| PartId(clip(&tidy(&parent.text()), 200)));
        if let Some(parent) = &parent {
            self.parents.insert(id.clone(), parent.clone());
        }
        for representation in at.list("representations") {
            let diagram = PartId(representation.text_of("representation"));
            let number = |keys: [&str; 2]| representation.find(&keys).and_then(|value| value.number());
            let (x, y) = (number(["position", "x"]), number(["position", "y"]));
            let (width, height) = (number(["size", "width"]), number(["size", "height"]));
            if let (Some(x), Some(y), true) = (x, y, self.diagrams.contains(&diagram)) {
                let area = Area { x, y, width: width.unwrap_or(100.0), height: height.unwrap_or(100.0) };
                self.areas.entry(id.clone()).or_insert((diagram, area));
            }
        }
        self.threats(at, &id);
        Element {
            id,
            kind,
            name: self.notes.name(at.get("name")),
            description: self.notes.text(at.get("description")),
            zone: parent,
            ..Element::default()
        }
    }

    fn flow(&mut self, at: &At<'_>, number: usize) -> Element {
        let id = id(at.get("id"), "flow", number);
        self.threats(at, &id);
        let end = |key: &str| at.get(key).map(|end| PartId(clip(&tidy(&end.text()), 200)));
        let (source, target) = (end("source"), end("destination"));
        let area = |end: &Option<PartId>| end.as_ref().and_then(|end| self.areas.get(end)).map(|(diagram, _)| diagram);
        let diagram = area(&source).or_else(|| area(&target)).cloned();
        Element {
            id,
            kind: ElementKind::DataFlow,
            name: self.notes.name(at.get("name")),
            description: self.notes.text(at.get("description")),
            diagram,
            source,
            target,
            bidirectional: at.flag_of("bidirectional").unwrap_or(false),
            ..Element::default()
        }
    }

    /// The threats that are named at an element.
    fn threats(&mut self, at: &At<'_>, element: &PartId) {
        for threat in at.list("threats") {
            if self.instances.len() >= MAX_INSTANCES {
                let message = format!("more than {MAX_INSTANCES} threats at elements; the rest is not read");
                self.notes.warn(threat.path(), message);
                return;
            }
            let text = |at: &At<'_>, key: &str| clip(&tidy(&at.text_of(key)), 200);
            let mitigations = threat.list("mitigations").take(ThreatModel::LINKS_LIMIT);
            self.instances.push(Instance {
                element: element.clone(),
                threat: text(&threat, "threat"),
                state: text(&threat, "state"),
                path: threat.path(),
                mitigations: mitigations.map(|one| (text(&one, "mitigation"), text(&one, "state"))).collect(),
            });
        }
    }

    /// Places count from what is around something, so those of everything around it are added.
    fn place(&self, model: &mut ThreatModel) {
        for element in &mut model.elements {
            let Some((diagram, area)) = self.areas.get(&element.id) else { continue };
            let (mut x, mut y) = (area.x, area.y);
            let mut inner = &element.id;
            for _ in 0..MAX_PARENTS {
                let Some(parent) = self.parents.get(inner) else { break };
                if let Some((_, around)) = self.areas.get(parent).filter(|(other, _)| other == diagram) {
                    x += around.x;
                    y += around.y;
                }
                inner = parent;
            }
            element.diagram = Some(diagram.clone());
            element.shape = Shape::of_box(x, y, area.width, area.height);
        }
    }

    /// What a component is, by the words of its type, which is free text. What is none of these counts as a process.
    fn kind(&mut self, raw: &str, at: &At<'_>) -> ElementKind {
        let words: Vec<String> =
            raw.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
        let has = |known: &[&str]| words.iter().any(|word| known.contains(&word.as_str()));
        let ends = |ends: &[&str]| words.iter().any(|word| ends.iter().any(|end| word.ends_with(end)));
        if has(&STORES) || ends(&["sql", "db", "database", "storage", "store", "datastore"]) {
            return ElementKind::DataStore;
        }
        if has(&ACTORS) {
            return ElementKind::Actor;
        }
        if !has(&PROCESSES) {
            let name = at.text_of("name");
            self.guessed.push(if raw.is_empty() { name } else { raw.to_owned() });
        }
        ElementKind::Process
    }
}

/// Words of types that are where data stays.
const STORES: [&str; 10] =
    ["db", "database", "rds", "s3", "bucket", "redis", "elasticsearch", "filesystem", "vault", "ldap"];

/// Words of types that take part from outside.
const ACTORS: [&str; 10] =
    ["actor", "user", "client", "browser", "person", "human", "customer", "external", "device", "party"];

/// Words of types that work on data.
const PROCESSES: [&str; 18] = [
    "process",
    "server",
    "service",
    "api",
    "application",
    "app",
    "function",
    "lambda",
    "web",
    "webservice",
    "backend",
    "microservice",
    "gateway",
    "container",
    "ec2",
    "worker",
    "job",
    "side",
];
