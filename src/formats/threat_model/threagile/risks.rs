//! The risks that Threagile found in a model, in JSON. The elements that they name are not in the file; each is
//! put in by its id alone, to be known again when the model itself is read.

use std::collections::BTreeMap;

use super::words::{rate, status, title};
use crate::domain::fault::Faults;
use crate::domain::threat_model::format::{Format, ReadModel};
use crate::domain::threat_model::rating::Scale;
use crate::domain::threat_model::words::{ElementKind, ThreatStatus};
use crate::domain::threat_model::{Asset, Element, PartId, Threat, ThreatModel};
use crate::formats::threat_model::json::At;
use crate::formats::threat_model::notes::{Notes, id};
use crate::formats::threat_model::stated::{category, methods};

/// What a risk names as its place, with what that is.
const PLACES: [(&str, ElementKind); 4] = [
    ("most_relevant_technical_asset", ElementKind::Unclassified),
    ("most_relevant_communication_link", ElementKind::DataFlow),
    ("most_relevant_trust_boundary", ElementKind::TrustBoundary),
    ("most_relevant_shared_runtime", ElementKind::Unclassified),
];

/// Reads a file.
pub(in crate::formats::threat_model) fn read_risks(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    let mut model = ThreatModel { scale: Scale::Four, ..ThreatModel::default() };
    let mut elements: BTreeMap<PartId, Element> = BTreeMap::new();
    let mut assets: BTreeMap<PartId, Asset> = BTreeMap::new();
    for (i, risk) in at.items().enumerate().take(ThreatModel::PARTS_LIMIT + 1) {
        let mut threat = read_risk(&risk, i, notes);
        for (key, kind) in PLACES {
            let Some(element) = named(&risk, key, kind, notes) else { continue };
            threat.affects.push(element.id.clone());
            if let Some(source) = &element.source {
                let stub = Element { id: source.clone(), name: source.0.clone(), ..Element::default() };
                elements.entry(source.clone()).or_insert(stub);
            }
            elements.entry(element.id.clone()).or_insert(element);
        }
        let asset = notes.name(risk.get("most_relevant_data_asset"));
        if !asset.is_empty() {
            let id = PartId(format!("asset:{asset}"));
            threat.assets.push(id.clone());
            assets.entry(id.clone()).or_insert(Asset { id, name: asset, ..Asset::default() });
        }
        model.threats.push(threat);
    }
    model.elements = elements.into_values().collect();
    model.assets = assets.into_values().collect();
    model.methods = methods(&model.threats);
    Ok(ReadModel { format: Format::ThreagileRisks, model, images: Vec::new() })
}

fn read_risk(at: &At<'_>, number: usize, notes: &mut Notes) -> Threat {
    let mut threat = Threat {
        id: id(at.get("synthetic_id"), "risk", number),
        title: title(&at.text_of("title"), &at.path_to("title"), notes),
        status: status(at.get("risk_status"), notes),
        ..Threat::default()
    };
    threat.raw.status = notes.name(at.get("risk_status"));
    threat.raw.category = notes.name(at.get("category"));
    threat.categories = category(&threat.raw.category).into_iter().collect();
    threat.is_untouched = threat.status == ThreatStatus::Undetermined;
    if threat.title.is_empty() {
        threat.title = threat.id.0.clone();
    }
    rate(&mut threat, at, notes);
    threat
}

/// The element that a risk names under a key. A link is called by the asset that it begins at and its own name.
fn named(risk: &At<'_>, key: &str, kind: ElementKind, notes: &mut Notes) -> Option<Element> {
    let name = Some(notes.name(risk.get(key))).filter(|name| !name.is_empty())?;
    let source = name.split_once('>').filter(|_| kind == ElementKind::DataFlow);
    let source = source.map(|(asset, _)| PartId(asset.to_owned())).filter(|asset| !asset.0.is_empty());
    Some(Element { id: PartId(name.clone()), kind, name, source, ..Element::default() })
}
