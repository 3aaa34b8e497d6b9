//! AWS Threat Composer: threats as statements, with mitigations and assumptions linked to them.
//!
//! Its diagrams are pictures. A threat that it calls resolved may as well have been accepted. Old files are a list of
//! threats alone.

mod picture;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::json::At;
use super::notes::{self, Notes, clip, tidy};
use super::statement;
use crate::domain::fault::Faults;
use crate::domain::threat_model::category::{Category, Stride};
use crate::domain::threat_model::diagram::{Diagram, Image};
use crate::domain::threat_model::format::{Format, ReadModel};
use crate::domain::threat_model::words::{Method, MitigationStatus, Origin, Severity, ThreatStatus};
use crate::domain::threat_model::{Asset, Assumption, Mitigation, PartId, Raw, Threat, ThreatModel};

/// How many characters of a word of a file are kept beside ours.
const RAW_KEPT: usize = 100;

/// Reads a file.
pub(super) fn read(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    let application = at.get("applicationInfo");
    let application = |key: &str| application.as_ref().and_then(|info| info.get(key));
    let mut model = ThreatModel {
        title: notes.name(application("name")),
        description: notes.text(application("description")),
        ..ThreatModel::default()
    };
    let threats = match at.value() {
        Value::Array(_) => at.clone(),
        Value::Object(_) => at.get("threats").unwrap_or_else(|| at.clone()),
        _ => {
            return Err(
                notes.refuse(at.path(), "not a model of Threat Composer, which is a mapping or a list of threats")
            );
        }
    };
    if model.title.is_empty() {
        notes.warn(at.path_to("applicationInfo"), "the model has no title");
    }
    let mut images = Vec::new();
    for (key, title) in [("architecture", "Architecture"), ("dataflow", "Data flow")] {
        model.diagrams.extend(diagram(at, key, title, &mut images, notes));
    }
    let mut assets = Assets::default();
    model.threats = threats.items().enumerate().map(|(i, at)| threat(&at, i, &mut assets, notes)).collect();
    model.assets = assets.list;
    let is_stride = |threat: &Threat| threat.categories.iter().any(|category| category.stride().is_some());
    if model.threats.iter().any(is_stride) {
        model.methods.push(Method::Stride);
    }
    model.mitigations = at.list("mitigations").enumerate().map(|(i, at)| mitigation(&at, i, notes)).collect();
    model.assumptions = at.list("assumptions").enumerate().map(|(i, at)| assumption(&at, i, notes)).collect();
    link(at, &mut model, notes);
    Ok(ReadModel { format: Format::ThreatComposer, model, images })
}

fn diagram(at: &At<'_>, key: &str, title: &str, images: &mut Vec<Image>, notes: &mut Notes) -> Option<Diagram> {
    let part = at.get(key)?;
    let description = notes.text(part.get("description"));
    let image = part.get("image").and_then(|at| picture::read(&at, notes));
    if description.is_empty() && image.is_none() {
        return None;
    }
    let digest = image.as_ref().map(Image::digest);
    images.extend(image);
    Some(Diagram {
        id: PartId(key.to_owned()),
        title: title.to_owned(),
        description,
        raw_method: String::new(),
        image: digest,
    })
}

/// The assets that threats name, each once.
#[derive(Default)]
struct Assets {
    list: Vec<Asset>,
    known: BTreeMap<String, PartId>,
}

impl Assets {
    fn named(&mut self, name: String) -> PartId {
        let key = name.to_lowercase();
        if let Some(id) = self.known.get(&key) {
            return id.clone();
        }
        let id = PartId(tidy(&format!("asset:{}", clip(&name, 180))));
        self.known.insert(key, id.clone());
        self.list.push(Asset { id: id.clone(), name, ..Asset::default() });
        id
    }
}

/// What the entries beside a part say that belong to its text.
fn metadata<'a>(at: &At<'a>, key: &str) -> Option<At<'a>> {
    at.list("metadata").take(200).find(|entry| entry.text_of("key") == key)?.get("value")
}

fn threat(at: &At<'_>, position: usize, assets: &mut Assets, notes: &mut Notes) -> Threat {
    let action = notes.name(at.get("threatAction"));
    let description = stated(at, notes);
    let title = if action.is_empty() { statement::split(&description).0 } else { action };
    if title.is_empty() {
        notes.warn(at.path(), "the threat says nothing");
    }
    let (status, raw_status) = status(at, notes);
    let (severity, raw_severity) = severity(at, notes);
    let (categories, raw_category) = categories(at, notes);
    let comments = notes.text(metadata(at, "Comments"));
    let is_settled = matches!(status, ThreatStatus::Resolved | ThreatStatus::NotApplicable);
    let (reason, more) = if is_settled { (comments, String::new()) } else { (String::new(), comments) };
    let harmed = at.list("impactedAssets").take(ThreatModel::LINKS_LIMIT).map(|at| notes.name(Some(at)));
    let harmed: Vec<String> = harmed.filter(|name| !name.is_empty()).collect();
    Threat {
        id: notes::id(at.get("id"), "threat", position),
        number: number(at),
        title,
        description: statement::paragraphs(&description, &more),
        categories,
        assets: harmed.into_iter().map(|name| assets.named(name)).collect(),
        status,
        reason,
        impact: notes.text(at.get("threatImpact")),
        actor: notes.name(at.get("threatSource")),
        severity,
        cwe: tagged(at, "CWE-"),
        capec: tagged(at, "CAPEC-"),
        raw: Raw { status: raw_status, severity: raw_severity, category: raw_category },
        ..Threat::default()
    }
}

/// The statement of a threat; in old files it is to be put together.
fn stated(at: &At<'_>, notes: &mut Notes) -> String {
    let statement = notes.text(at.get("statement"));
    if !statement.is_empty() {
        return statement;
    }
    let mut part = |key: &str| notes.text(at.get(key));
    let parts = [part("threatSource"), part("prerequisites"), part("threatAction"), part("threatImpact")];
    let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(", ")
}

fn number(at: &At<'_>) -> u32 {
    let number = at.number_of("numericId").filter(|number| (0.0..=1_000_000_000.0).contains(number));
    number.map_or(0, |number| number as u32)
}

/// The word under a key, as it is kept.
fn word(at: Option<At<'_>>) -> String {
    at.map(|at| clip(&tidy(&at.text()), RAW_KEPT)).unwrap_or_default()
}

fn status(at: &At<'_>, notes: &mut Notes) -> (ThreatStatus, String) {
    let raw = word(at.get("status"));
    let status = match raw.as_str() {
        "threatIdentified" => ThreatStatus::Open,
        "threatResolved" => ThreatStatus::Resolved,
        "threatResolvedNotUseful" => ThreatStatus::NotApplicable,
        "" => ThreatStatus::Undetermined,
        _ => {
            notes.warn(at.path_to("status"), format!("“{raw}” is no status; it counts as not looked at"));
            ThreatStatus::Undetermined
        }
    };
    (status, raw)
}

fn severity(at: &At<'_>, notes: &mut Notes) -> (Option<Severity>, String) {
    let Some(entry) = metadata(at, "Priority") else { return (None, String::new()) };
    let raw = word(Some(entry.clone()));
    let severity = match raw.to_lowercase().as_str() {
        "low" => Some(Severity::Low),
        "medium" => Some(Severity::Medium),
        "high" => Some(Severity::High),
        "" => None,
        _ => {
            notes.warn(entry.path(), format!("“{raw}” is no priority; the threat counts as not rated"));
            None
        }
    };
    (severity, raw)
}

/// The letters of STRIDE, as a list or, in some files, as a text of them.
fn categories(at: &At<'_>, notes: &mut Notes) -> (Vec<Category>, String) {
    let Some(entry) = metadata(at, "STRIDE") else { return (Vec::new(), String::new()) };
    let mut letters: Vec<String> = entry.items().take(20).map(|at| word(Some(at))).collect();
    if letters.is_empty() {
        let text = word(Some(entry.clone()));
        letters = text.chars().filter(|c| c.is_alphabetic()).take(20).map(String::from).collect();
    }
    letters.retain(|letter| !letter.is_empty());
    let mut categories = Vec::new();
    for letter in &letters {
        let mut letters = letter.chars();
        let kind = letters.next().filter(|_| letters.next().is_none()).and_then(Stride::from_letter);
        if kind.is_none() {
            notes.warn(entry.path(), format!("“{letter}” is no letter of STRIDE"));
        }
        let category = kind.map_or_else(|| Category::Other(letter.clone()), Category::Stride);
        if !categories.contains(&category) {
            categories.push(category);
        }
    }
    (categories, clip(&letters.join(", "), RAW_KEPT))
}

/// The numbers of the tags that begin so.
fn tagged(at: &At<'_>, prefix: &str) -> Vec<u32> {
    let tags = at.list("tags").take(ThreatModel::LINKS_LIMIT).map(|tag| tag.text());
    let mut numbers: Vec<u32> = tags.filter_map(|tag| tag.trim().strip_prefix(prefix)?.parse().ok()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn mitigation(at: &At<'_>, position: usize, notes: &mut Notes) -> Mitigation {
    let (title, description) = statement::split(&notes.text(at.get("content")));
    if title.is_empty() {
        notes.warn(at.path(), "the mitigation says nothing");
    }
    let raw_status = word(at.get("status"));
    let status = match raw_status.as_str() {
        "mitigationIdentified" => MitigationStatus::Proposed,
        "mitigationInProgress" => MitigationStatus::InProgress,
        "mitigationResolved" => MitigationStatus::Implemented,
        "mitigationResolvedWillNotAction" => MitigationStatus::Rejected,
        "" => MitigationStatus::Unknown,
        _ => {
            notes.warn(at.path_to("status"), format!("“{raw_status}” is no status of a mitigation"));
            MitigationStatus::Unknown
        }
    };
    let comments = notes.text(metadata(at, "Comments"));
    Mitigation {
        id: notes::id(at.get("id"), "mitigation", position),
        number: number(at),
        title,
        description: statement::paragraphs(&description, &comments),
        status,
        raw_status,
        threats: Vec::new(),
        origin: Origin::Stated,
        ..Mitigation::default()
    }
}

fn assumption(at: &At<'_>, position: usize, notes: &mut Notes) -> Assumption {
    let (text, comments) = (notes.text(at.get("content")), notes.text(metadata(at, "Comments")));
    if text.is_empty() {
        notes.warn(at.path(), "the assumption says nothing");
    }
    let (id, text) = (notes::id(at.get("id"), "assumption", position), statement::paragraphs(&text, &comments));
    Assumption { id, text, ..Assumption::default() }
}

/// Links mitigations to threats, and assumptions to threats and mitigations. A mitigation may be linked to an
/// assumption, too.
fn link(at: &At<'_>, model: &mut ThreatModel, notes: &mut Notes) {
    let threats: BTreeSet<PartId> = model.threats.iter().map(|part| part.id.clone()).collect();
    let mitigations = positions(model.mitigations.iter().map(|part| &part.id));
    let assumptions = positions(model.assumptions.iter().map(|part| &part.id));
    for link in at.list("mitigationLinks") {
        let (id, linked) = (part(&link, "mitigationId"), part(&link, "linkedId"));
        let found = mitigations.get(&id).and_then(|&index| model.mitigations.get_mut(index));
        let about = assumptions.get(&linked).and_then(|&index| model.assumptions.get_mut(index));
        match (found, about) {
            (None, _) => dangling(&link, "mitigationId", &id, notes),
            (Some(found), _) if threats.contains(&linked) => found.threats.push(linked),
            (Some(_), Some(assumption)) => assumption.about.push(id),
            (Some(_), None) => dangling(&link, "linkedId", &linked, notes),
        }
    }
    for link in at.list("assumptionLinks") {
        let (id, linked) = (part(&link, "assumptionId"), part(&link, "linkedId"));
        match assumptions.get(&id).and_then(|&index| model.assumptions.get_mut(index)) {
            None => dangling(&link, "assumptionId", &id, notes),
            Some(found) if threats.contains(&linked) || mitigations.contains_key(&linked) => found.about.push(linked),
            Some(_) => dangling(&link, "linkedId", &linked, notes),
        }
    }
}

/// Where the first part with an id stands.
fn positions<'a>(ids: impl Iterator<Item = &'a PartId>) -> BTreeMap<PartId, usize> {
    let mut positions = BTreeMap::new();
    for (index, id) in ids.enumerate() {
        positions.entry(id.clone()).or_insert(index);
    }
    positions
}

/// The id of a part under a key of a link.
fn part(link: &At<'_>, key: &str) -> PartId {
    PartId(clip(&tidy(&link.text_of(key)), 200))
}

fn dangling(link: &At<'_>, key: &str, id: &PartId, notes: &mut Notes) {
    let id = clip(&id.0, 60);
    notes.warn(link.path_to(key), format!("the link leads to “{id}”, which is not in the file; it is left out"));
}
