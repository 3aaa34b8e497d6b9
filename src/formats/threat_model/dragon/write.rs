//! A model as a file of Threat Dragon 2, to be gone on with there and brought back.

mod cell;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use self::cell::At;
use super::layout::Places;
use super::{WHOLE_MODEL, words};
use crate::domain::threat_model::category::Category;
use crate::domain::threat_model::diagram::Diagram;
use crate::domain::threat_model::words::{ElementKind, Method, MitigationStatus, Origin};
use crate::domain::threat_model::{Element, Mitigation, PartId, Threat, ThreatModel};
use crate::formats::threat_model::statement;

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
        let cells: Vec<Value> =
            elements.iter().zip(1..).map(|(element, z)| self.cell(element, z, &mut places, diagram)).collect();
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

    fn cell(&self, element: &Element, z: usize, places: &mut Places<'_>, diagram: &Diagram) -> Value {
        let threats = self.threats.get(&element.id).map(Vec::as_slice).unwrap_or_default();
        let has_open = threats.iter().any(|threat| threat.status.is_open());
        let threats = threats.iter().map(|threat| self.threat(threat, diagram)).collect();
        cell::write(element, z, places, &At { threats, has_open })
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
