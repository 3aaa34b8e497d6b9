//! The Open Threat Model, versions 0.1 and 0.2: components in trust zones, with their threats.
//!
//! A threat and a mitigation are defined once and stand at several elements; here each is one, at all of them, and
//! as far as it is where it is least far. Places in diagrams count from what is around a component, as the tools
//! do that write such files; the specification does not say.

mod parts;

use std::collections::BTreeMap;

use self::parts::Parts;
use super::json::At;
use super::notes::{Notes, clip, id};
use super::stated::{category, folded, headline, methods, text_of_html, weakness};
use crate::domain::fault::Faults;
use crate::domain::threat_model::format::{Format, ReadModel};
use crate::domain::threat_model::rating::{Rating, Scale};
use crate::domain::threat_model::words::{MitigationStatus, Need, Origin, ThreatStatus};
use crate::domain::threat_model::{Asset, Mitigation, PartId, Threat, ThreatModel};

/// Reads a file.
pub(super) fn read(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    let project = at.get("project");
    if project.is_none() && at.get("components").is_none() {
        return Err(notes.refuse("project", "there is no project and there are no components"));
    }
    let mut model = ThreatModel::default();
    if let Some(project) = project {
        model.title = notes.name(project.get("name"));
        model.owner = notes.name(project.get("owner"));
        model.description = notes.text(project.get("description"));
    }
    model.assets = at.list("assets").enumerate().map(|(i, asset)| read_asset(&asset, i, notes)).collect();
    let instances = Parts::new(at, notes).read(&mut model);
    threats(at, &instances, &mut model, notes);
    mitigations(at, &instances, &mut model, notes);
    model.methods = methods(&model.threats);
    if model.threats.iter().any(|threat| threat.rating.is_some()) {
        model.scale = Scale::Percent;
    }
    Ok(ReadModel { format: Format::Otm, model, images: Vec::new() })
}

/// A threat where it stands at an element.
struct Instance {
    element: PartId,
    threat: String,
    state: String,
    path: String,
    mitigations: Vec<(String, String)>,
}

fn read_asset(asset: &At<'_>, number: usize, notes: &mut Notes) -> Asset {
    let risk = |name: &str| asset.find(&["risk", name]).and_then(|value| value.number());
    let need = |name: &str| {
        Some(match risk(name)? {
            value if value < 25.0 => Need::Low,
            value if value < 50.0 => Need::Medium,
            value if value < 75.0 => Need::High,
            _ => Need::Critical,
        })
    };
    let said = ["confidentiality", "integrity", "availability"].into_iter();
    let said = said.filter_map(|name| risk(name).map(|value| format!("{name} {value}")));
    Asset {
        id: prefixed("asset", &id(asset.get("id"), "asset", number).0),
        name: notes.name(asset.get("name")),
        description: notes.text(asset.get("description")),
        confidentiality: need("confidentiality"),
        integrity: need("integrity"),
        availability: need("availability"),
        sensitivity: said.collect::<Vec<_>>().join(", "),
    }
}

/// Threats, mitigations and assets have ids of their own each, which may be those of others.
fn prefixed(kind: &str, id: &str) -> PartId {
    PartId(format!("{kind}:{id}"))
}

fn threats(at: &At<'_>, instances: &[Instance], model: &mut ThreatModel, notes: &mut Notes) {
    let mut of_threat: BTreeMap<&str, Vec<&Instance>> = BTreeMap::new();
    for instance in instances {
        of_threat.entry(&instance.threat).or_default().push(instance);
    }
    for (i, threat) in at.list("threats").enumerate().take(ThreatModel::PARTS_LIMIT + 1) {
        let given = id(threat.get("id"), "threat", i);
        let here = of_threat.remove(given.0.as_str()).unwrap_or_default();
        model.threats.push(read_threat(&threat, &given, &here, notes));
    }
    for instance in of_threat.into_values().flatten() {
        let threat = clip(&instance.threat, 60);
        notes.warn(instance.path.clone(), format!("the threat “{threat}” is nowhere defined"));
    }
}

fn read_threat(at: &At<'_>, given: &PartId, instances: &[&Instance], notes: &mut Notes) -> Threat {
    let mut states: Vec<(ThreatStatus, &str)> =
        instances.iter().map(|instance| (threat_status(instance, notes), instance.state.as_str())).collect();
    states.sort_by_key(|(status, _)| settled(*status));
    if states.first().map(|(status, _)| status) != states.last().map(|(status, _)| status) {
        notes.warn(at.path(), "it stands differently at several elements; what is least settled counts");
    }
    let (status, raw) = states.first().copied().unwrap_or_default();
    let raw_categories: Vec<String> = at.list("categories").map(|category| notes.name(Some(category))).collect();
    let mut threat = Threat {
        id: prefixed("threat", &given.0),
        title: notes.name(at.get("name")),
        description: plain(at.get("description"), notes),
        categories: raw_categories.iter().filter_map(|text| category(text)).collect(),
        affects: instances.iter().map(|instance| instance.element.clone()).collect(),
        status,
        rating: rating(at, notes),
        cwe: at.list("cwes").filter_map(|cwe| weakness(&cwe.text())).take(ThreatModel::LINKS_LIMIT).collect(),
        is_untouched: states.iter().any(|(_, state)| folded(state) == "autogenerated"),
        ..Threat::default()
    };
    threat.is_untouched &= status == ThreatStatus::Undetermined;
    if threat.title.is_empty() {
        threat.title = headline(&threat.description);
    }
    threat.raw.status = clip(raw, ThreatModel::NAME_LIMIT);
    threat.raw.category = clip(&raw_categories.join(", "), ThreatModel::NAME_LIMIT);
    threat
}

/// How far a threat is settled: what counts when it stands differently at several elements.
fn settled(status: ThreatStatus) -> u8 {
    match status {
        ThreatStatus::Open => 0,
        ThreatStatus::Undetermined => 1,
        ThreatStatus::InProgress => 2,
        _ => 3,
    }
}

fn threat_status(instance: &Instance, notes: &mut Notes) -> ThreatStatus {
    match folded(&instance.state).as_str() {
        "" | "autogenerated" | "notstarted" => ThreatStatus::Undetermined,
        "needsinvestigation" | "exposed" | "expose" | "open" | "required" | "recommended" => ThreatStatus::Open,
        "partlymitigated" | "partlymitigate" | "inprogress" => ThreatStatus::InProgress,
        "mitigated" | "mitigate" | "implemented" => ThreatStatus::Mitigated,
        "accepted" | "accept" => ThreatStatus::Accepted,
        "transferred" => ThreatStatus::Transferred,
        "avoided" => ThreatStatus::Avoided,
        "notapplicable" | "na" => ThreatStatus::NotApplicable,
        _ => {
            let state = clip(&instance.state, 60);
            let message = format!("“{state}” is no state that is known; the threat counts as undetermined");
            notes.warn(format!("{}.state", instance.path), message);
            ThreatStatus::Undetermined
        }
    }
}

/// Likelihood and impact, of 100 each.
fn rating(at: &At<'_>, notes: &mut Notes) -> Option<Rating> {
    let risk = at.get("risk")?;
    let (likelihood, impact) = (risk.number_of("likelihood")?, risk.number_of("impact")?);
    let whole = |value: f64| (0..=100u8).find(|&step| (f64::from(step) - value).abs() <= 0.5);
    let rating = whole(likelihood).zip(whole(impact)).and_then(|(l, i)| Rating::of(Scale::Percent, l, i));
    if rating.is_none() {
        notes.warn(risk.path(), "likelihood and impact are expected from 0 to 100; the threat is not rated");
    }
    rating
}

fn mitigations(at: &At<'_>, instances: &[Instance], model: &mut ThreatModel, notes: &mut Notes) {
    let mut uses: BTreeMap<&str, Vec<(&Instance, &str)>> = BTreeMap::new();
    for instance in instances {
        for (mitigation, state) in &instance.mitigations {
            uses.entry(mitigation).or_default().push((instance, state));
        }
    }
    for (i, mitigation) in at.list("mitigations").enumerate().take(ThreatModel::PARTS_LIMIT + 1) {
        let given = id(mitigation.get("id"), "mitigation", i);
        let here = uses.remove(given.0.as_str()).unwrap_or_default();
        model.mitigations.push(read_mitigation(&mitigation, &given, &here, notes));
    }
    for (mitigation, here) in uses {
        for (instance, _) in here {
            let mitigation = clip(mitigation, 60);
            notes.warn(instance.path.clone(), format!("the mitigation “{mitigation}” is nowhere defined"));
        }
    }
}

fn read_mitigation(at: &At<'_>, given: &PartId, uses: &[(&Instance, &str)], notes: &mut Notes) -> Mitigation {
    let status = |state: &str| match folded(state).as_str() {
        "implemented" => MitigationStatus::Implemented,
        "rejected" => MitigationStatus::Rejected,
        _ => MitigationStatus::Proposed,
    };
    let is_everywhere = |wanted: MitigationStatus| uses.iter().all(|(_, state)| status(state) == wanted);
    let mut whole = [MitigationStatus::Implemented, MitigationStatus::Rejected].into_iter();
    let whole = whole.find(|wanted| !uses.is_empty() && is_everywhere(*wanted));
    let mut states: Vec<&str> = uses.iter().map(|(_, state)| *state).filter(|state| !state.is_empty()).collect();
    states.sort_unstable();
    states.dedup();
    let title = notes.name(at.get("name"));
    let description = plain(at.get("description"), notes);
    let title = if title.is_empty() { headline(&description) } else { title };
    Mitigation {
        id: prefixed("mitigation", &given.0),
        description: if description == title { String::new() } else { description },
        title,
        status: whole.unwrap_or(MitigationStatus::Proposed),
        raw_status: clip(&states.join(", "), ThreatModel::NAME_LIMIT),
        threats: uses.iter().map(|(instance, _)| prefixed("threat", &instance.threat)).collect(),
        origin: Origin::Stated,
        ..Mitigation::default()
    }
}

/// A text that may have been written for a browser.
fn plain(at: Option<At<'_>>, notes: &mut Notes) -> String {
    let Some(at) = at else { return String::new() };
    notes.cut(&text_of_html(&at.text()), ThreatModel::TEXT_LIMIT, || at.path())
}
