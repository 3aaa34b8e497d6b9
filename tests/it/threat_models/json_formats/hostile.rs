//! Files that somebody made to break a reader.

use cairn::domain::named::Named as _;
use cairn::domain::threat_model::format::{Format, Inspection};
use cairn::formats::{Source, threat_model};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{bytes, read, sample, warnings};

/// The formats that are JSON and read here, each with a sample.
const SAMPLES: [(Format, &str); 10] = [
    (Format::ThreatDragon2, "dragon-odd-cells.json"),
    (Format::ThreatDragon2, "dragon-cards.json"),
    (Format::ThreatDragon2, "dragon-placeholders.json"),
    (Format::ThreatDragon2, "dragon-wrong-types.json"),
    (Format::ThreatDragon1, "dragon-1.json"),
    (Format::ThreatComposer, "composer-links.json"),
    (Format::ThreatComposer, "composer-pictures.json"),
    (Format::ThreatComposer, "composer-threats-only.json"),
    (Format::TmBom, "tm-bom.json"),
    (Format::Cairn, "cairn.json"),
];

/// Reads what may be wrong in any way, and does with it what the service does after reading.
fn read_and_follow(format: Format, bytes: &[u8]) {
    let Ok(reading) = threat_model::read_as(format, Source { name: "hostile", bytes }) else { return };
    assert!(reading.warnings.len() <= 301, "{}", reading.warnings.len());
    let _ = Inspection::new(&reading.value, Vec::new());
    let mut model = reading.value.model;
    assert_eq!(model.settle(), [""; 0], "a model that was read is settled");
    let written = threat_model::own::write(&model).unwrap();
    assert_eq!(read("ours", written.as_bytes()).value.model, model, "our own file says the same");
    let written = threat_model::dragon::write(&model).unwrap();
    assert_eq!(read("dragon", written.as_bytes()).value.model.title, model.title);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop_oneof![Just(1e308), Just(-0.5), Just(0.1), Just(99_999.99)].prop_map(Value::from),
        "[ a-zÄ世\u{0}\u{202e}\n]{0,12}".prop_map(Value::from),
        prop_oneof![Just("t1"), Just("p1"), Just("t-1"), Just("tickets"), Just("data:,<svg"), Just("tm.Flow")]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        let key = prop_oneof![Just("id"), Just("data"), Just("x"), Just("threats"), Just("type"), Just("points")];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

/// How many values there are in a value, with itself.
fn size(value: &Value) -> usize {
    let inner: usize = match value {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(entries) => entries.values().map(size).sum(),
        _ => 0,
    };
    inner + 1
}

/// Puts another value in the place of the one with a number, counted from the top.
fn replace(value: &mut Value, number: &mut usize, other: &Value) {
    if *number == 0 {
        *value = other.clone();
        *number = usize::MAX;
        return;
    }
    if *number == usize::MAX {
        return;
    }
    *number -= 1;
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, number, other)),
        Value::Object(entries) => entries.values_mut().for_each(|item| replace(item, number, other)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_value_in_any_place_is_read_or_refused(
        which in 0..SAMPLES.len(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 1..4),
    ) {
        let (format, name) = SAMPLES[which];
        let mut value: Value = serde_json::from_slice(&bytes(name)).unwrap();
        for (place, other) in &places {
            let mut number = place.index(size(&value));
            replace(&mut value, &mut number, other);
        }
        read_and_follow(format, value.to_string().as_bytes());
    }

    #[test]
    fn any_value_is_read_or_refused_as_any_format(value in any_json()) {
        for (_, format) in Format::NAMED {
            let bytes = value.to_string();
            let _ = threat_model::read_as(*format, Source { name: "hostile", bytes: bytes.as_bytes() });
            let _ = threat_model::read(Source { name: "hostile", bytes: bytes.as_bytes() });
        }
    }
}

#[test]
fn a_value_of_the_wrong_type_is_passed_over() {
    let reading = sample("dragon-wrong-types.json");
    let model = &reading.value.model;
    assert_eq!((model.title.as_str(), model.reviewer.as_str()), ("", "12"));
    assert_eq!(model.elements.len(), 8);
    assert!(model.elements.iter().all(|element| element.shape.is_none()));
    assert!(warnings(&reading)[0].starts_with("summary.title: the model has no title"));
    read_and_follow(Format::ThreatDragon2, &bytes("dragon-wrong-types.json"));
}

#[test]
fn what_is_nested_too_deep_is_refused() {
    for (open, close) in [("[", "]"), ("{\"summary\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let faults = threat_model::read(Source { name: "deep", bytes: deep.as_bytes() }).unwrap_err().to_string();
        assert!(faults.contains("recursion limit"), "{faults}");
    }
    let within = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let file = format!("{{\"summary\":{{\"title\":{within}}},\"detail\":{{\"diagrams\":{within}}}}}");
    read_and_follow(Format::ThreatDragon2, file.as_bytes());
}

#[test]
fn many_parts_that_are_called_alike_are_read_in_no_time() {
    let count = 20_000;
    let threats = vec![json!({ "title": "Same", "status": "Odd" }); count];
    let cells = vec![json!({ "id": "same", "shape": "process" }); count];
    let cell = json!({ "id": "p", "data": { "type": "tm.Process", "name": "P", "threats": threats } });
    let diagrams = [json!({ "id": 0, "cells": [cell] }), json!({ "id": 1, "cells": cells })];
    let file = json!({ "summary": { "title": "Many" }, "detail": { "diagrams": diagrams } });
    let reading = read("many", file.to_string().as_bytes());
    assert_eq!(reading.value.model.threats.len(), count);
    assert!(reading.warnings.len() <= 301);
}

#[test]
fn a_small_model_with_many_links_is_no_huge_file() {
    let links: Vec<String> = (0..400).map(|i| format!("e{i}")).collect();
    let elements: Vec<Value> = links.iter().map(|id| json!({ "id": id, "kind": "process" })).collect();
    let description = "x".repeat(2_000);
    let threats: Vec<Value> = (0..400)
        .map(|i| json!({ "id": format!("t{i}"), "title": "T", "description": description, "affects": links }))
        .collect();
    let model = json!({ "title": "Links", "elements": elements, "threats": threats });
    let file = json!({ "format": "cairn-threat-model", "version": 1, "threat_model": model });
    let model = read("links", file.to_string().as_bytes()).value.model;
    let written = threat_model::dragon::write(&model).unwrap();
    assert!(written.len() < 16_000_000, "{} bytes instead of 400 millions", written.len());
    assert!((0..400).all(|i| written.contains(&format!("\"t{i}\""))), "no threat is lost");
}

#[test]
fn a_file_is_refused_as_what_it_is_not() {
    for (format, name, expected) in [
        (Format::ThreatDragon2, "tm-bom.json", "“summary” and “detail”"),
        (Format::TmBom, "dragon-cards.json", "“scope”"),
        (Format::Cairn, "dragon-cards.json", "version"),
        (Format::Tm7, "dragon-cards.json", ""),
    ] {
        let bytes = bytes(name);
        let faults = threat_model::read_as(format, Source { name, bytes: &bytes }).unwrap_err().to_string();
        assert!(faults.contains(expected), "{format:?}: {faults}");
    }
}
