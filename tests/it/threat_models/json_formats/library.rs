//! What the OWASP Threat Model Library says in its own way.

use cairn::domain::threat_model::PartId;
use cairn::domain::threat_model::diagram::ImageKind;
use cairn::domain::threat_model::rating::{Rating, Scale};
use cairn::domain::threat_model::words::{
    Basis, Criticality, ElementKind, MitigationStatus, Origin, Severity, StoryKind, ThreatStatus, Validity,
};

use super::{read, sample, titled, warnings};

#[test]
fn names_are_of_one_kind_of_part_only() {
    let model = sample("tm-bom.json").value.model;
    let flow = model.elements.iter().find(|element| element.id.0 == "buys").unwrap();
    let end = |id: &Option<PartId>| model.element(id.as_ref().unwrap()).unwrap().name.clone();
    assert_eq!((end(&flow.source).as_str(), end(&flow.target).as_str()), ("Traveller", "Ticket office"));
    let office = model.elements.iter().find(|element| element.name == "Ticket office").unwrap();
    assert_eq!((office.kind, office.raw_kind.as_str()), (ElementKind::Process, "component"));
    assert_eq!(office.zone.as_ref().unwrap().0, "ship");
    assert_eq!(titled(&model, "A ticket is copied").affects, vec![office.id.clone()]);
}

#[test]
fn a_review_is_better_proof_than_a_release() {
    let mut file: serde_json::Value = serde_json::from_slice(&super::bytes("tm-bom.json")).unwrap();
    let mut stated = |reviewed: &str| {
        file["reviewed_at"] = reviewed.into();
        let date = read("model", file.to_string().as_bytes()).value.model.stated_date;
        date.map(|date| (date.on.to_string(), date.basis))
    };
    assert_eq!(stated("2026-02-03T10:00:00Z"), Some(("2026-02-03".to_owned(), Basis::Reviewed)));
    assert_eq!(stated(""), Some(("2026-05-01".to_owned(), Basis::Released)));
    assert_eq!(stated("last spring"), Some(("2026-05-01".to_owned(), Basis::Released)));
}

#[test]
fn controls_are_in_place_only_when_active() {
    let model = sample("tm-bom.json").value.model;
    let status: Vec<(MitigationStatus, &str)> =
        model.mitigations.iter().map(|control| (control.status, control.raw_status.as_str())).collect();
    use MitigationStatus::{Implemented, Rejected, Unknown};
    assert_eq!(status, [(Implemented, "active"), (Rejected, "wont_do"), (Unknown, "assumed")]);
    assert!(model.mitigations.iter().all(|control| control.origin == Origin::Stated));
    assert!(model.threats.iter().all(|threat| threat.status == ThreatStatus::Undetermined), "nothing is said of it");
}

#[test]
fn of_several_risks_the_greatest_rates_a_threat() {
    let model = sample("tm-bom.json").value.model;
    let threat = titled(&model, "A ticket is copied");
    assert_eq!(model.scale, Scale::Five);
    assert_eq!(threat.rating, Rating::of(Scale::Five, 4, 3));
    assert_eq!((threat.severity(), threat.raw.severity.as_str()), (Some(Severity::High), "low"));
    assert_eq!((threat.impact.as_str(), threat.actor.as_str()), ("Anger.", "Stowaway"));
    assert_eq!((threat.cwe.as_slice(), threat.capec.as_slice()), ([294].as_slice(), [60].as_slice()));
}

#[test]
fn the_rest_of_a_library_model_is_read_and_what_is_odd_is_said() {
    let reading = sample("tm-bom.json");
    let model = &reading.value.model;
    assert_eq!((model.version.as_str(), model.criticality), ("3.1", Some(Criticality::Critical)));
    assert_eq!(model.description, "The shop for tickets.\n\nSells tickets.");
    assert_eq!(model.methods, []);
    assert_eq!((model.assets.len(), model.assets[0].sensitivity.as_str()), (1, "pci, pii"));
    let store = model.elements.iter().find(|element| element.kind == ElementKind::DataStore).unwrap();
    assert_eq!(store.encrypted, Some(true), "as the data set in it is");
    let validity: Vec<Validity> = model.assumptions.iter().map(|assumption| assumption.validity).collect();
    assert_eq!(validity, [Validity::Confirmed, Validity::Refuted]);
    assert_eq!(model.assumptions[0].about, vec![store.id.clone()]);
    let story = &model.abuse_stories[0];
    assert_eq!((story.kind, story.threats.len()), (StoryKind::Persona, 2));
    assert!(story.description.contains("Skill: script kid."), "{}", story.description);
    let boundary = model.elements.iter().find(|element| element.kind == ElementKind::TrustBoundary).unwrap();
    assert_eq!((boundary.name.as_str(), boundary.zone.as_ref()), ("Shore – Ship", None));
    assert_eq!(reading.value.images.len(), 1);
    assert_eq!(reading.value.images[0].kind, ImageKind::Svg);
    let said = warnings(&reading).join("\n");
    for expected in [
        "trust_boundaries[1].trust_zone_b: there is no trust zone “sea”",
        "data_sets[0].placements[1].data_store: there is no data store “gone”",
        "data_flows[1].source.object: there is no component “nobody”",
        "threats[0].components_affected[1]: there is no component “bridge”",
        "controls[2].threats[0]: there is no threat “missing”",
        "risks[1].score: the score is 11; likelihood times impact is 12",
        "risks[1].level: the level is “low”",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert_eq!(reading.warnings.len(), 7, "{said}");
}
