//! A model of Threagile in YAML.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::words::{confidentiality, criticality, need, rate, status, text, title};
use crate::domain::fault::Faults;
use crate::domain::threat_model::format::{Format, ReadModel};
use crate::domain::threat_model::rating::Scale;
use crate::domain::threat_model::words::{Basis, ElementKind, MitigationStatus, Origin, StoryKind, ThreatStatus};
use crate::domain::threat_model::{AbuseStory, Asset, Element, Mitigation, PartId, StatedDate, Threat, ThreatModel};
use crate::formats::threat_model::json::At;
use crate::formats::threat_model::notes::{Notes, clip, id, tidy};
use crate::formats::threat_model::stated::{category, day, headline, methods, weakness};

/// How many entries with a `*` are compared with all threats.
const WILDCARDS_LIMIT: usize = 500;

/// Reads a file.
pub(in crate::formats::threat_model) fn read(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    let mut model = ThreatModel { scale: Scale::Four, ..ThreatModel::default() };
    about(at, &mut model, notes);
    model.assets = entries(at, "data_assets").map(|(name, asset)| read_asset(name, &asset, notes)).collect();
    elements(at, &mut model, notes);
    zones(at, &mut model, notes);
    let runtimes = runtimes(at);
    for (name, kind) in entries(at, "individual_risk_categories") {
        risks(name, &kind, &runtimes, &mut model, notes);
    }
    // Later versions call them so, and have a list.
    for kind in at.list("custom_risk_categories").take(ThreatModel::PARTS_LIMIT + 1) {
        risks(&kind.text_of("title"), &kind, &runtimes, &mut model, notes);
    }
    let decided = tracking(at, &mut model, notes);
    let written = day(&at.text_of("date")).map(|on| StatedDate { on, basis: Basis::Written });
    model.stated_date = decided.map(|on| StatedDate { on, basis: Basis::Decided }).or(written);
    for (name, story) in entries(at, "abuse_cases") {
        model.abuse_stories.push(AbuseStory {
            id: PartId(format!("abuse:{}", slug(name))),
            kind: StoryKind::Simple,
            title: title(name, &story.path(), notes),
            description: text(Some(story), notes),
            threats: Vec::new(),
        });
    }
    model.methods = methods(&model.threats);
    if at.list("includes").next().is_some() {
        notes.warn("includes", "the files that it includes are not read; put the model into one file");
    }
    Ok(ReadModel { format: Format::Threagile, model, images: Vec::new() })
}

/// The entries of the mapping under a key, no more than a model has.
fn entries<'a>(at: &At<'a>, key: &str) -> impl Iterator<Item = (&'a str, At<'a>)> + use<'a> {
    let all: Vec<_> =
        at.get(key).map(|at| at.entries().take(ThreatModel::PARTS_LIMIT + 1).collect()).unwrap_or_default();
    all.into_iter()
}

/// What is said of the model as a whole.
fn about(at: &At<'_>, model: &mut ThreatModel, notes: &mut Notes) {
    model.title = title(&at.text_of("title"), "title", notes);
    model.owner = notes.name(at.find(&["author", "name"]));
    let people = at.list("contributors").take(ThreatModel::LINKS_LIMIT);
    model.participants = people.map(|person| notes.name(person.get("name"))).filter(|name| !name.is_empty()).collect();
    let overviews = [&["business_overview", "description"], &["technical_overview", "description"]];
    let mut said: Vec<String> = overviews.into_iter().map(|keys| text(at.find(keys), notes)).collect();
    said.retain(|text| !text.is_empty());
    said.dedup();
    model.description = notes.cut(&said.join("\n\n"), ThreatModel::TEXT_LIMIT, || "technical_overview".to_owned());
    let wanted = entries(at, "security_requirements").map(|(name, text)| format!("{name}: {}", tidy(&text.text())));
    let wanted = wanted.collect::<Vec<_>>().join("\n");
    model.objectives = notes.cut(&wanted, ThreatModel::TEXT_LIMIT, || "security_requirements".to_owned());
    if let Some(word) = at.get("business_criticality") {
        model.criticality = criticality(&word.text());
        if model.criticality.is_none() {
            notes.warn(word.path(), format!("“{}” is no criticality of Threagile", clip(&word.text(), 60)));
        }
    }
}

fn read_asset(name: &str, at: &At<'_>, notes: &mut Notes) -> Asset {
    let words = ["confidentiality", "integrity", "availability"].map(|key| at.text_of(key));
    let said: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    let [first, second, third] = &words;
    Asset {
        id: asset_id(&at.text_of("id"), name),
        name: title(name, &at.path(), notes),
        description: text(at.get("description"), notes),
        confidentiality: confidentiality(first),
        integrity: need(second),
        availability: need(third),
        sensitivity: clip(&said.join(", "), ThreatModel::NAME_LIMIT),
    }
}

/// Data and technical assets may have the same ids.
fn asset_id(given: &str, name: &str) -> PartId {
    PartId(format!("asset:{}", clip(&tidy(if given.is_empty() { name } else { given }), 200)))
}

/// The technical assets, and the links between them.
fn elements(at: &At<'_>, model: &mut ThreatModel, notes: &mut Notes) {
    for (i, (name, asset)) in entries(at, "technical_assets").enumerate() {
        let element = technical_asset(name, &asset, i, notes);
        let links = entries(&asset, "communication_links");
        let links = links.map(|(name, link)| communication_link(name, &link, &element.id, notes));
        let links: Vec<Element> = links.collect();
        model.elements.push(element);
        model.elements.extend(links);
        if model.elements.len() > ThreatModel::PARTS_LIMIT {
            return;
        }
    }
}

fn technical_asset(name: &str, at: &At<'_>, number: usize, notes: &mut Notes) -> Element {
    let raw = at.text_of("type");
    let kind = match raw.as_str() {
        "external-entity" => ElementKind::Actor,
        "process" => ElementKind::Process,
        "datastore" => ElementKind::DataStore,
        _ => {
            let message = format!("“{}” is no type of technical asset; it stays unclassified", clip(&raw, 60));
            notes.warn(at.path_to("type"), message);
            ElementKind::Unclassified
        }
    };
    let technologies = at.list("technologies").take(ThreatModel::LINKS_LIMIT).map(|technology| technology.text());
    let words = [raw.clone(), at.text_of("technology")].into_iter().chain(technologies);
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    Element {
        id: id(at.get("id"), "technical-asset", number),
        kind,
        raw_kind: clip(&words.join(", "), ThreatModel::NAME_LIMIT),
        name: title(name, &at.path(), notes),
        description: text(at.get("description"), notes),
        out_of_scope: at.flag_of("out_of_scope").unwrap_or(false),
        reason: text(at.get("justification_out_of_scope"), notes),
        encrypted: at.get("encryption").map(|encryption| encryption.text() != "none"),
        ..Element::default()
    }
}

fn communication_link(name: &str, at: &At<'_>, source: &PartId, notes: &mut Notes) -> Element {
    Element {
        id: PartId(format!("{source}>{}", slug(name))),
        kind: ElementKind::DataFlow,
        raw_kind: "communication link".to_owned(),
        name: title(name, &at.path(), notes),
        description: text(at.get("description"), notes),
        source: Some(source.clone()),
        target: at.get("target").map(|target| PartId(clip(&tidy(&target.text()), 200))),
        protocol: notes.name(at.get("protocol")),
        ..Element::default()
    }
}

/// How Threagile makes an id of a title: small letters and digits, and a hyphen for all that is between them.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    clip(&words.collect::<Vec<_>>().join("-").to_ascii_lowercase(), 150)
}

/// The trust boundaries, and what stands in them.
fn zones(at: &At<'_>, model: &mut ThreatModel, notes: &mut Notes) {
    let mut around: BTreeMap<String, PartId> = BTreeMap::new();
    let before = model.elements.len();
    for (i, (name, boundary)) in entries(at, "trust_boundaries").enumerate() {
        let id = id(boundary.get("id"), "trust-boundary", i);
        for inside in boundary.list("technical_assets_inside").chain(boundary.list("trust_boundaries_nested")) {
            let inside = (inside.text(), inside.path());
            if around.insert(inside.0.clone(), id.clone()).is_some() {
                notes.warn(inside.1, format!("“{}” stands in two trust boundaries", clip(&inside.0, 60)));
            }
        }
        model.elements.push(Element {
            id,
            kind: ElementKind::TrustBoundary,
            raw_kind: notes.name(boundary.get("type")),
            name: title(name, &boundary.path(), notes),
            description: text(boundary.get("description"), notes),
            ..Element::default()
        });
    }
    let elements = model.elements.iter_mut().enumerate();
    for (i, element) in elements.filter(|(i, element)| *i >= before || element.kind != ElementKind::DataFlow) {
        element.zone = around.get(&element.id.0).filter(|zone| i < before || **zone != element.id).cloned();
    }
}

/// Which technical assets run on what is shared.
fn runtimes(at: &At<'_>) -> BTreeMap<String, Vec<PartId>> {
    let all = entries(at, "shared_runtimes");
    all.map(|(_, runtime)| {
        let running = runtime.list("technical_assets_running").take(ThreatModel::LINKS_LIMIT);
        (runtime.text_of("id"), running.map(|asset| PartId(asset.text())).collect())
    })
    .collect()
}

/// The risks of a category that people found themselves.
fn risks(
    name: &str,
    kind: &At<'_>,
    runtimes: &BTreeMap<String, Vec<PartId>>,
    model: &mut ThreatModel,
    notes: &mut Notes,
) {
    let kind_id = kind.get("id").map_or_else(|| slug(name), |id| id.text());
    let (description, impact) = (text(kind.get("description"), notes), text(kind.get("impact"), notes));
    let mut of_kind = Vec::new();
    for (name, risk) in entries(kind, "risks_identified") {
        let mut threat = Threat {
            id: PartId(synthetic_id(&kind_id, &risk)),
            title: title(name, &risk.path(), notes),
            description: description.clone(),
            impact: impact.clone(),
            categories: category(&kind.text_of("stride")).into_iter().collect(),
            cwe: weakness(&kind.text_of("cwe")).into_iter().collect(),
            ..Threat::default()
        };
        threat.raw.category = notes.name(kind.get("stride"));
        for key in ["most_relevant_technical_asset", "most_relevant_communication_link", "most_relevant_trust_boundary"]
        {
            threat.affects.extend(risk.get(key).map(|at| PartId(at.text())).filter(|id| !id.0.is_empty()));
        }
        let runtime = runtimes.get(&risk.text_of("most_relevant_shared_runtime"));
        threat.affects.extend(runtime.into_iter().flatten().cloned());
        let asset = risk.text_of("most_relevant_data_asset");
        if !asset.is_empty() {
            threat.assets.push(asset_id(&asset, ""));
        }
        rate(&mut threat, &risk, notes);
        of_kind.push(threat.id.clone());
        model.threats.push(threat);
    }
    // What the category says against its risks is advice; whether it is followed is in the tracking.
    let advice = text(kind.get("mitigation"), notes);
    if !advice.is_empty() && !of_kind.is_empty() {
        let heading = text(kind.get("action"), notes);
        let heading = headline(if heading.is_empty() { &advice } else { &heading });
        model.mitigations.push(Mitigation {
            id: PartId(format!("advice:{kind_id}")),
            description: if heading == advice { String::new() } else { advice },
            title: heading,
            status: MitigationStatus::Proposed,
            threats: of_kind,
            origin: Origin::Template,
            ..Mitigation::default()
        });
    }
}

/// The id that Threagile gives a risk: its category, and what it is at.
fn synthetic_id(kind: &str, risk: &At<'_>) -> String {
    let places = [
        "most_relevant_technical_asset",
        "most_relevant_communication_link",
        "most_relevant_trust_boundary",
        "most_relevant_shared_runtime",
        "most_relevant_data_asset",
    ];
    let places = places.into_iter().map(|key| risk.text_of(key)).filter(|place| !place.is_empty());
    clip(&std::iter::once(kind.to_owned()).chain(places).collect::<Vec<_>>().join("@"), 200)
}

/// An entry of the tracking.
struct Tracked {
    status: ThreatStatus,
    raw: String,
    reason: String,
}

/// Reads how far people are with the risks, and the last day of it. A `*` in an id stands for anything but an `@`; an
/// entry with the very id of a risk counts before those, and else the last.
fn tracking(at: &At<'_>, model: &mut ThreatModel, notes: &mut Notes) -> Option<NaiveDate> {
    let ids: Vec<String> = model.threats.iter().map(|threat| threat.id.0.clone()).collect();
    let by_id: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(i, id)| (id.as_str(), i)).collect();
    let parts: Vec<Vec<&str>> = ids.iter().map(|id| id.split('@').collect()).collect();
    let (mut latest, mut wildcards) = (None, 0);
    let (mut tracked, mut by_pattern, mut by_name) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for (key, entry) in entries(at, "risk_tracking") {
        latest = latest.max(day(&entry.text_of("date")));
        let exactly = by_id.get(key).copied();
        let mut matching = Vec::new();
        if key.contains('*') {
            wildcards += 1;
            if wildcards > WILDCARDS_LIMIT {
                notes.warn(entry.path(), format!("more than {WILDCARDS_LIMIT} ids with a *; this one was not read"));
                continue;
            }
            let pattern: Vec<&str> = key.split('@').collect();
            matching.extend((0..).zip(&parts).filter(|(_, parts)| matches(&pattern, parts)).map(|(i, _)| i));
        }
        if matching.is_empty() && exactly.is_none() {
            let message = "no risk of this file has this id; what Threagile found itself is in its risks.json";
            notes.warn(entry.path(), message);
            continue;
        }
        by_pattern.extend(matching.into_iter().map(|threat| (threat, tracked.len())));
        by_name.extend(exactly.map(|threat| (threat, tracked.len())));
        let status = status(entry.get("status"), notes);
        tracked.push(Tracked { status, raw: notes.name(entry.get("status")), reason: reason(&entry, notes) });
    }
    by_pattern.extend(by_name);
    for (threat, entry) in by_pattern {
        let (Some(threat), Some(entry)) = (model.threats.get_mut(threat), tracked.get(entry)) else { continue };
        threat.status = entry.status;
        threat.reason.clone_from(&entry.reason);
        threat.raw.status.clone_from(&entry.raw);
        model.mitigations.extend(justified(threat));
    }
    latest
}

/// Why it stands so, with the ticket that it is followed up in.
fn reason(entry: &At<'_>, notes: &mut Notes) -> String {
    let why = text(entry.get("justification"), notes);
    match (why.is_empty(), notes.name(entry.get("ticket"))) {
        (_, ticket) if ticket.is_empty() => why,
        (true, ticket) => format!("Ticket {ticket}"),
        (false, ticket) => format!("{why} (ticket {ticket})"),
    }
}

/// What is or was done against a threat, where somebody wrote it.
fn justified(threat: &Threat) -> Option<Mitigation> {
    let status = match threat.status {
        ThreatStatus::InProgress => MitigationStatus::InProgress,
        // That it is in place is nowhere said.
        ThreatStatus::Mitigated => MitigationStatus::Unknown,
        _ => return None,
    };
    let title = Some(headline(&threat.reason)).filter(|title| !title.is_empty())?;
    Some(Mitigation {
        id: PartId(format!("{}-justification", threat.id)),
        description: if title == threat.reason { String::new() } else { threat.reason.clone() },
        title,
        status,
        raw_status: threat.raw.status.clone(),
        threats: vec![threat.id.clone()],
        origin: Origin::FreeText,
        ..Mitigation::default()
    })
}

/// Whether an id is one that a pattern stands for, both in their parts.
fn matches(pattern: &[&str], id: &[&str]) -> bool {
    pattern.len() == id.len() && pattern.iter().zip(id).all(|(pattern, part)| fits(pattern, part))
}

/// Whether a part of an id is one that a part of a pattern stands for.
fn fits(pattern: &str, part: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| part.strip_prefix(first)) else { return false };
    let mut last = None;
    for piece in pieces {
        if let Some(before) = last.replace(piece) {
            let Some((_, after)) = rest.split_once(before) else { return false };
            rest = after;
        }
    }
    match last {
        Some(end) => rest.ends_with(end),
        None => rest.is_empty(),
    }
}
