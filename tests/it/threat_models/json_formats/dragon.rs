//! What Threat Dragon says in its own way.

use cairn::domain::threat_model::category::{Category, Linddun, Stride};
use cairn::domain::threat_model::diagram::{Point, Shape};
use cairn::domain::threat_model::format::Format;
use cairn::domain::threat_model::words::{ElementKind, Method, MitigationStatus, Origin, Severity, ThreatStatus};

use super::{read, sample, titled, warnings};

#[test]
fn a_placeholder_is_no_mitigation_in_any_language() {
    let reading = sample("dragon-placeholders.json");
    let model = &reading.value.model;
    assert_eq!(model.mitigations.len(), 1, "{:?}", model.mitigations);
    let (mitigation, threat) = (&model.mitigations[0], titled(model, "Mitigated with a text"));
    assert_eq!(mitigation.title, "Signed updates only.");
    assert_eq!(mitigation.description, "Signed updates only.\nThe key is in a safe.");
    assert_eq!((mitigation.status, mitigation.origin), (MitigationStatus::Unknown, Origin::FreeText));
    assert_eq!(mitigation.threats, std::slice::from_ref(&threat.id));
    assert!(mitigation.id.0.starts_with(&threat.id.0));
    assert_eq!(titled(model, "Mitigated with the German placeholder").description, "");
    let said = warnings(&reading);
    let (older, german, japanese) = ("threats[1].mitigation", "threats[2].mitigation", "threats[5].mitigation");
    assert_eq!(said.len(), 3, "an open threat may have a placeholder: {said:?}");
    for (warning, place) in said.iter().zip([older, german, japanese]) {
        assert!(warning.contains(place) && warning.contains("only the placeholder"), "{warning}");
    }
}

#[test]
fn the_text_of_a_threat_that_does_not_apply_is_the_reason() {
    let model = sample("dragon-placeholders.json").value.model;
    let threat = titled(&model, "Not applicable with a reason");
    assert_eq!((threat.status, threat.reason.as_str()), (ThreatStatus::NotApplicable, "There is no network."));
    assert_eq!(model.mitigations_of(&threat.id).count(), 0);
}

#[test]
fn categories_are_understood_in_the_language_they_were_chosen_in() {
    let reading = sample("dragon-translated.json");
    let of = |title| titled(&reading.value.model, title).categories.clone();
    assert_eq!(of("German"), [Category::Stride(Stride::Repudiation)]);
    assert_eq!(of("Japanese"), [Category::Stride(Stride::Tampering)]);
    assert_eq!(of("Arabic, with English before it"), [Category::Stride(Stride::Spoofing)]);
    assert_eq!(of("Spanish, with English before a slash"), [Category::Stride(Stride::InformationDisclosure)]);
    assert_eq!(of("Greek, with English in brackets"), [Category::Stride(Stride::ElevationOfPrivilege)]);
    assert_eq!(of("Malay, one word of two kinds"), [Category::Stride(Stride::DenialOfService)]);
    assert_eq!(of("French, of LINDDUN"), [Category::Linddun(Linddun::DataDisclosure)]);
    assert_eq!(of("French, of STRIDE"), [Category::Stride(Stride::InformationDisclosure)]);
    assert_eq!(of("Of PLOT4ai, which has a word of LINDDUN"), [Category::Other("Unawareness".to_owned())]);
    assert_eq!(of("Of no method"), [Category::Other("Weather".to_owned())]);
    assert_eq!(titled(&reading.value.model, "Japanese").raw.category, "改竄", "the word of the file is kept");
    let said = warnings(&reading);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].contains("threats[9].type: “Weather” is no category of STRIDE"), "{said:?}");
}

#[test]
fn every_published_translation_is_understood() {
    let Some(folder) = super::published::published() else { return };
    let bytes = std::fs::read(folder.join("threat-dragon-i18n.json")).unwrap();
    let words: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let threat = |title: String, category: &serde_json::Value, method: &str, mitigation: &serde_json::Value| {
        serde_json::json!({
            "id": title, "title": title, "status": "Open", "severity": "TBD",
            "type": category, "modelType": method, "mitigation": mitigation,
        })
    };
    let mut threats = Vec::new();
    for (language, words) in words["languages"].as_object().unwrap() {
        for (method, key) in [("STRIDE", "stride"), ("LINDDUN", "linddun")] {
            for (name, word) in words["categories"][key].as_object().unwrap() {
                let title = format!("{method} {name} {language}");
                threats.push(threat(title, word, method, &words["placeholder_mitigation"]));
            }
        }
    }
    let count = threats.len();
    let cell = serde_json::json!({ "id": "p1", "data": { "type": "tm.Process", "name": "P", "threats": threats } });
    let file = serde_json::json!({
        "summary": { "title": "Words" }, "detail": { "diagrams": [{ "id": 0, "cells": [cell] }] }
    });
    let model = read("words", file.to_string().as_bytes()).value.model;
    assert_eq!(count, 16 * 13);
    assert_eq!(model.mitigations, [], "no placeholder is a mitigation");
    for threat in &model.threats {
        let name = threat.title.split(' ').nth(1).unwrap();
        let expected = match name {
            "linkability" => Category::Linddun(Linddun::Linking),
            "identifiability" => Category::Linddun(Linddun::Identifying),
            "nonRepudiation" => Category::Linddun(Linddun::NonRepudiation),
            "detectability" => Category::Linddun(Linddun::Detecting),
            "disclosureOfInformation" => Category::Linddun(Linddun::DataDisclosure),
            "unawareness" => Category::Linddun(Linddun::Unawareness),
            "nonCompliance" => Category::Linddun(Linddun::NonCompliance),
            "spoofing" => Category::Stride(Stride::Spoofing),
            "tampering" => Category::Stride(Stride::Tampering),
            "repudiation" => Category::Stride(Stride::Repudiation),
            "informationDisclosure" => Category::Stride(Stride::InformationDisclosure),
            "denialOfService" => Category::Stride(Stride::DenialOfService),
            "elevationOfPrivilege" => Category::Stride(Stride::ElevationOfPrivilege),
            other => panic!("{other}"),
        };
        assert_eq!(threat.categories, [expected], "{}: {}", threat.title, threat.raw.category);
    }
}

#[test]
fn cards_of_games_and_undecided_severities_are_told() {
    let reading = sample("dragon-cards.json");
    let model = &reading.value.model;
    assert_eq!(model.methods, [Method::Other]);
    let card = titled(model, "A card of Cornucopia");
    assert_eq!(card.categories, [Category::Other("Session Management".to_owned())]);
    assert_eq!(card.raw.category, "cornucopia Session Management 7");
    assert_eq!(titled(model, "A card of a suit of STRIDE").categories, [Category::Stride(Stride::Spoofing)]);
    let announced = titled(model, "To be announced");
    assert_eq!((announced.severity, announced.raw.severity.as_str()), (None, "TBA"));
    assert_eq!(titled(model, "To be decided").severity, None);
    let nobody = titled(model, "A status of nobody");
    assert_eq!((nobody.status, nobody.raw.status.as_str()), (ThreatStatus::Undetermined, "Parked"));
    let older = titled(model, "Older words");
    assert_eq!((older.status, older.severity), (ThreatStatus::NotApplicable, Some(Severity::High)));
    let said = warnings(&reading);
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].contains("threats[2].severity: “TBA”"), "{said:?}");
    assert!(said[1].contains("threats[4].status: “Parked”"), "{said:?}");
    assert!(said[2].contains("threats[6].type"), "{said:?}");
}

#[test]
fn a_threat_that_was_copied_with_its_element_is_one_threat_to_both() {
    let model = sample("dragon-odd-cells.json").value.model;
    assert_eq!(model.threats.len(), 1);
    let affected: Vec<&str> = model.threats[0].affects.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(affected, ["p1", "s1"]);
    assert_eq!(model.mitigations.len(), 1);
}

#[test]
fn flows_run_from_border_to_border_and_say_how_data_goes() {
    let model = sample("dragon-odd-cells.json").value.model;
    let flow = model.elements.iter().find(|element| element.id.0 == "f1").unwrap();
    assert_eq!((flow.kind, flow.name.as_str(), flow.protocol.as_str()), (ElementKind::DataFlow, "writes", "TLS"));
    assert_eq!((flow.bidirectional, flow.public_network, flow.encrypted), (true, Some(true), None));
    assert_eq!(flow.source.as_ref().unwrap().0, "p1");
    assert_eq!(flow.target.as_ref().unwrap().0, "s1");
    let Some(Shape::Path { points, smooth: true }) = &flow.shape else { panic!("{:?}", flow.shape) };
    assert_eq!(points.len(), 3);
    assert_eq!(points[1], Point { x: 200.0, y: 10.0 });
    assert!((points[0].x - 120.0).abs() < 0.001, "it leaves the first at its right side: {points:?}");
    assert!((points[2].x - 400.0).abs() < 0.001, "it reaches the second at its left side: {points:?}");
    let store = model.elements.iter().find(|element| element.id.0 == "s1").unwrap();
    assert_eq!((store.is_log, store.encrypted), (true, Some(true)));
}

#[test]
fn odd_cells_are_read_as_far_as_they_go_and_said() {
    let reading = sample("dragon-odd-cells.json");
    let model = &reading.value.model;
    let element = |id: &str| model.elements.iter().find(|element| element.id.0 == id).unwrap();
    assert_eq!(element("f2").target, None);
    assert_eq!(element("b1").kind, ElementKind::TrustBoundary, "the misspelled shape is known");
    assert_eq!((element("c1").kind, element("c1").raw_kind.as_str()), (ElementKind::Unclassified, "tm.Cloud"));
    assert_eq!(element("diagram-0/p1").name, "Has the id of another");
    assert!(element("p3").out_of_scope);
    assert_eq!(element("p3").reason, "Of another team.");
    let said = warnings(&reading).join("\n");
    for expected in [
        "cells[3].target.cell: the line is linked to “gone”",
        "cells[5].data.type: “tm.Cloud” is no kind of element",
        "cells[6]: the id “p1” is there twice",
        "cells[7]: the element has no name",
        "cells[7]: the element has no position",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert_eq!(reading.warnings.len(), 5, "{said}");
}

#[test]
fn threats_without_ids_get_the_same_ones_each_time() {
    let (first, second) = (sample("dragon-1.json"), sample("dragon-1.json"));
    assert_eq!(first.value, second.value);
    let model = &first.value.model;
    assert_eq!(first.value.format, Format::ThreatDragon1);
    let ids: Vec<&str> = model.threats.iter().map(|threat| threat.id.0.as_str()).collect();
    assert_eq!(ids, ["p1:Poison", "p1:Poison:2"]);
    assert_eq!(model.threats[1].status, ThreatStatus::NotApplicable);
    assert_eq!(model.threats[0].categories, [Category::Stride(Stride::DenialOfService)], "as the diagram is of STRIDE");
    let kinds: Vec<ElementKind> = model.elements.iter().map(|element| element.kind).collect();
    assert_eq!(kinds, [ElementKind::Process, ElementKind::Actor, ElementKind::DataFlow, ElementKind::TrustBoundary]);
    let flow = &model.elements[2];
    assert_eq!((flow.name.as_str(), flow.encrypted, flow.public_network), ("asks", Some(true), None));
    assert_eq!(flow.source.as_ref().unwrap().0, "a1");
    assert_eq!(model.diagrams.len(), 2);
    assert_eq!(warnings(&first), [""; 0]);
}

#[test]
fn a_template_is_read_as_the_model_in_it() {
    let model: serde_json::Value = serde_json::from_slice(&super::bytes("dragon-cards.json")).unwrap();
    let template = serde_json::json!({ "templateMetadata": { "name": "For guests" }, "model": model });
    let reading = read("template", template.to_string().as_bytes());
    assert_eq!(reading.value.model.title, "Cards");
    assert_eq!(reading.value.model.threats.len(), 7);
}

#[test]
fn the_model_of_this_service_is_read_without_a_warning() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/threat-model.json");
    let reading = read("docs/threat-model.json", &std::fs::read(path).unwrap());
    assert_eq!(warnings(&reading), [""; 0]);
    let model = &reading.value.model;
    assert_eq!((model.title.as_str(), model.threats.len()), ("Cairn", 40));
    assert!(model.threats.iter().all(|threat| threat.status != ThreatStatus::Undetermined));
}
