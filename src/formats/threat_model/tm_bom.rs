//! The OWASP Threat Model Library, versions 1.0: components, data sets, threats, controls and risks.
//!
//! It has no STRIDE and no geometry, and says nothing of how threats stand. Its parts are linked by names that are unique
//! among parts of one kind only.

mod threats;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::json::At;
use super::notes::{self, Notes, clip, tidy};
use super::statement;
use crate::domain::fault::Faults;
use crate::domain::threat_model::diagram::{Diagram, Image, ImageKind};
use crate::domain::threat_model::format::{Format, ReadModel};
use crate::domain::threat_model::words::{Basis, Criticality, ElementKind, Validity};
use crate::domain::threat_model::{Asset, Assumption, Element, PartId, StatedDate, ThreatModel};

/// How many characters of a word of a file are kept beside ours.
const RAW_KEPT: usize = 100;

/// The lists of elements, with what they are here and what references call their type.
const ELEMENTS: [(&str, ElementKind, &str); 5] = [
    ("trust_zones", ElementKind::TrustZone, "trust_zone"),
    ("actors", ElementKind::Actor, "actor"),
    ("components", ElementKind::Process, "component"),
    ("data_stores", ElementKind::DataStore, "data_store"),
    ("data_flows", ElementKind::DataFlow, "data_flow"),
];

/// The parts of a file by their kind and name, and all ids that are given away.
#[derive(Default)]
struct Names {
    known: BTreeMap<(String, String), PartId>,
    taken: BTreeSet<PartId>,
}

impl Names {
    /// The id of a part: its name, with the kind in front if a part of another kind has it.
    fn give(&mut self, kind: &str, at: &At<'_>, position: usize) -> PartId {
        let mut id = notes::id(at.get("symbolic_name"), kind, position);
        if self.taken.contains(&id) {
            id = PartId(format!("{kind}:{id}"));
        }
        self.taken.insert(id.clone());
        self.known.entry((kind.to_owned(), name(&at.text_of("symbolic_name")))).or_insert_with(|| id.clone());
        id
    }

    /// The part of a kind with a name.
    fn find(&self, kind: &str, text: &str) -> Option<PartId> {
        self.known.get(&(kind.to_owned(), name(text))).cloned()
    }

    /// The element with a name, of whatever kind.
    fn find_element(&self, text: &str) -> Option<PartId> {
        const ORDER: [&str; 5] = ["component", "data_store", "data_flow", "actor", "trust_zone"];
        ORDER.iter().find_map(|kind| self.find(kind, text))
    }

    /// The part of a kind that a place names; a warning if there is none.
    fn linked(&self, kind: &str, at: Option<At<'_>>, notes: &mut Notes) -> Option<PartId> {
        let at = at.filter(|at| !at.text().trim().is_empty())?;
        let found = self.find(kind, &at.text());
        if found.is_none() {
            unknown(&at, kind, notes);
        }
        found
    }
}

/// A symbolic name, as it is compared.
fn name(text: &str) -> String {
    clip(&tidy(text), 200)
}

/// Notes that a place names a part that is not there.
fn unknown(at: &At<'_>, kind: &str, notes: &mut Notes) {
    let (name, kind) = (clip(&at.text(), 60), kind.replace('_', " "));
    notes.warn(at.path(), format!("there is no {kind} “{name}”; the link is left out"));
}

/// Reads a file.
pub(super) fn read(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    let Some(scope) = at.get("scope").filter(|scope| scope.value().is_object()) else {
        return Err(notes.refuse(at.path(), "not a model of the Threat Model Library, which has a mapping “scope”"));
    };
    let (bounds, about) = (notes.text(scope.get("description")), notes.text(at.get("description")));
    let more = if bounds.contains(&about) { "" } else { about.as_str() };
    let mut model = ThreatModel {
        title: notes.name(scope.get("title")),
        description: statement::paragraphs(&bounds, more),
        version: notes.name(at.get("version")),
        criticality: criticality(&scope, notes),
        stated_date: stated_date(at, notes),
        ..ThreatModel::default()
    };
    if model.title.is_empty() {
        notes.warn(scope.path_to("title"), "the model has no title");
    }
    let mut images = Vec::new();
    for (i, at) in at.list("diagrams").enumerate() {
        model.diagrams.push(diagram(&at, i, &mut images, notes));
    }
    let mut names = Names::default();
    elements(at, &mut model, &mut names, notes);
    assets(at, &mut model, &mut names, notes);
    threats::read(at, &mut model, &mut names, notes);
    model.assumptions = at.list("assumptions").enumerate().map(|(i, at)| assumption(&at, i, &names, notes)).collect();
    Ok(ReadModel { format: Format::TmBom, model, images })
}

/// How much depends on it: the greater of what is said of the business and of the tier, which guides how often it is
/// looked at.
fn criticality(scope: &At<'_>, notes: &mut Notes) -> Option<Criticality> {
    let mut of = |key: &str| {
        let at = scope.get(key)?;
        let criticality = match at.text().as_str() {
            "minimal" | "low" | "non_critical" => Criticality::Low,
            "moderate" | "important" => Criticality::Medium,
            "high" => Criticality::High,
            "maximal" | "business_critical" | "mission_critical" => Criticality::Critical,
            other => {
                notes.warn(at.path(), format!("“{}” is no criticality", clip(other, 60)));
                return None;
            }
        };
        Some(criticality)
    };
    of("business_criticality").max(of("tier"))
}

/// The day of the last review or, without one, of the release.
fn stated_date(at: &At<'_>, notes: &mut Notes) -> Option<StatedDate> {
    let mut day = |key: &str, basis| {
        let at = at.get(key).filter(|at| !at.text().trim().is_empty())?;
        let day: String = at.text().trim().chars().take(10).collect();
        match NaiveDate::parse_from_str(&day, "%Y-%m-%d") {
            Ok(on) => Some(StatedDate { on, basis }),
            Err(_) => {
                notes.warn(at.path(), format!("“{}” is no day like 2026-03-31", clip(&at.text(), 40)));
                None
            }
        }
    };
    let reviewed = day("reviewed_at", Basis::Reviewed);
    let released = day("released_at", Basis::Released);
    reviewed.or(released)
}

/// A diagram. Only one that is a drawing can be shown; the others are descriptions for programs.
fn diagram(at: &At<'_>, position: usize, images: &mut Vec<Image>, notes: &mut Notes) -> Diagram {
    let mut diagram = Diagram {
        id: PartId(format!("diagram-at-{position}")),
        title: notes.name(at.get("title")),
        description: notes.text(at.get("description")),
        ..Diagram::default()
    };
    if at.text_of("type") == "svg" {
        let bytes = at.text_of("source").into_bytes();
        if bytes.len() <= Image::LIMIT && ImageKind::of(&bytes) == Some(ImageKind::Svg) {
            let image = Image { kind: ImageKind::Svg, bytes };
            diagram.image = Some(image.digest());
            images.push(image);
        } else {
            notes.warn(at.path_to("source"), "not a drawing in SVG, or too large; the picture is left out");
        }
    }
    diagram
}

fn elements(at: &At<'_>, model: &mut ThreatModel, names: &mut Names, notes: &mut Notes) {
    let diagram = model.diagrams.first().map(|diagram| diagram.id.clone());
    for (list, kind, raw_kind) in ELEMENTS {
        for (i, at) in at.list(list).enumerate() {
            let element = Element {
                id: names.give(raw_kind, &at, i),
                kind,
                raw_kind: raw_kind.to_owned(),
                name: notes.name(at.get("title")),
                description: notes.text(at.get("description")),
                zone: names.linked("trust_zone", at.get("trust_zone"), notes),
                diagram: diagram.clone(),
                encrypted: at.flag_of("encrypted"),
                ..Element::default()
            };
            if element.name.is_empty() {
                notes.warn(at.path_to("title"), "the element has no name");
            }
            model.elements.push(ends(element, &at, names, notes));
        }
    }
    let is_zone = |element: &&Element| element.kind == ElementKind::TrustZone;
    let zones: BTreeMap<PartId, String> =
        model.elements.iter().filter(is_zone).map(|zone| (zone.id.clone(), zone.name.clone())).collect();
    for (i, at) in at.list("trust_boundaries").enumerate() {
        let boundary = boundary(&at, i, &zones, names, notes);
        model.elements.push(Element { diagram: diagram.clone(), ..boundary });
    }
}

/// The element, if it is a flow with where it begins and ends: both name what kind of element they lead to.
fn ends(element: Element, at: &At<'_>, names: &Names, notes: &mut Notes) -> Element {
    if element.kind != ElementKind::DataFlow {
        return element;
    }
    let mut end = |key: &str| {
        let end = at.get(key)?;
        let object = end.get("object").or_else(|| end.value().is_string().then(|| end.clone()))?;
        // A type may be written as a reference into the schema, like `#/$defs/data-store`.
        let kind = end.text_of("type").rsplit('/').next().unwrap_or_default().replace('-', "_");
        let found = names.find(&kind, &object.text()).or_else(|| names.find_element(&object.text()));
        if found.is_none() {
            unknown(&object, if kind.is_empty() { "element" } else { &kind }, notes);
        }
        found
    };
    let (source, target) = (end("source"), end("destination"));
    Element { source, target, ..element }
}

/// A boundary between two zones, which has no name of its own.
fn boundary(
    at: &At<'_>,
    position: usize,
    zones: &BTreeMap<PartId, String>,
    names: &mut Names,
    notes: &mut Notes,
) -> Element {
    let mut side = |key: &str| {
        let id = names.linked("trust_zone", at.get(key), notes);
        let zone = id.and_then(|id| zones.get(&id));
        zone.cloned().unwrap_or_else(|| clip(&tidy(&at.text_of(key)), 100))
    };
    let between = format!("{} – {}", side("trust_zone_a"), side("trust_zone_b"));
    let name = clip(&tidy(&between), ThreatModel::NAME_LIMIT);
    let (access, proof) = (words(at, "access_control_methods"), words(at, "authentication_methods"));
    let said = [("Access control: ", access), ("Authentication: ", proof)];
    let said: Vec<String> =
        said.into_iter().filter(|(_, words)| !words.is_empty()).map(|(what, words)| format!("{what}{words}")).collect();
    let pair = format!("{}|{}", name_of(at, "trust_zone_a"), name_of(at, "trust_zone_b"));
    let mut id = PartId(format!("trust_boundary:{pair}"));
    if !names.taken.insert(id.clone()) {
        id = PartId(format!("{id}:{}", position + 1));
    }
    Element {
        id,
        kind: ElementKind::TrustBoundary,
        raw_kind: "trust_boundary".to_owned(),
        name,
        description: said.join("\n"),
        ..Element::default()
    }
}

/// The words of a list, as one text.
fn words(at: &At<'_>, key: &str) -> String {
    let words = at.list(key).take(20).map(|at| clip(&tidy(&at.text()), 60));
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    words.join(", ")
}

fn name_of(at: &At<'_>, key: &str) -> String {
    tidy(&clip(&tidy(&at.text_of(key)), 80))
}

/// The data sets, which are what is worth protecting. Where they are kept encrypted says it of the stores.
fn assets(at: &At<'_>, model: &mut ThreatModel, names: &mut Names, notes: &mut Notes) {
    let mut encrypted: BTreeMap<PartId, bool> = BTreeMap::new();
    for (i, at) in at.list("data_sets").enumerate() {
        model.assets.push(Asset {
            id: names.give("data_set", &at, i),
            name: notes.name(at.get("title")),
            description: notes.text(at.get("description")),
            sensitivity: words(&at, "data_sensitivity"),
            ..Asset::default()
        });
        for placement in at.list("placements") {
            let store = names.linked("data_store", placement.get("data_store"), notes);
            if let (Some(store), Some(is_encrypted)) = (store, placement.flag_of("encrypted")) {
                let all = encrypted.entry(store).or_insert(true);
                *all = *all && is_encrypted;
            }
        }
    }
    for element in &mut model.elements {
        element.encrypted = element.encrypted.or_else(|| encrypted.get(&element.id).copied());
    }
}

fn assumption(at: &At<'_>, position: usize, names: &Names, notes: &mut Notes) -> Assumption {
    let validity = match at.text_of("validity").as_str() {
        "confirmed" => Validity::Confirmed,
        "rejected" => Validity::Refuted,
        "unconfirmed" | "" => Validity::Unchecked,
        other => {
            notes.warn(at.path_to("validity"), format!("“{}” is no validity", clip(other, 60)));
            Validity::Unchecked
        }
    };
    let text = notes.text(at.get("description"));
    if text.is_empty() {
        notes.warn(at.path_to("description"), "the assumption says nothing");
    }
    // A topic may be a part of the model or just a word.
    let topics = at.list("topics").take(ThreatModel::LINKS_LIMIT);
    let about = topics.filter_map(|topic| names.find_element(&topic.text())).collect();
    Assumption { id: PartId(format!("assumption-at-{position}")), text, validity, about }
}
