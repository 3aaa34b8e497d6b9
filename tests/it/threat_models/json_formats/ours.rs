//! The file that Cairn writes of a threat model, and its description.

use cairn::domain::named::Named;
use cairn::domain::threat_model::ThreatModel;
use cairn::domain::threat_model::category::{Linddun, Stride};
use cairn::domain::threat_model::rating::{Factor, Scale};
use cairn::domain::threat_model::words::{
    Basis, Criticality, ElementKind, Method, MitigationStatus, Need, Origin, Severity, StoryKind, ThreatStatus,
    Validity,
};
use cairn::formats::{Source, threat_model};
use serde_json::{Value, json};

use super::{bytes, read, sample, warnings};

fn schema() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/threat-model.schema.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What is wrong with a value by a schema, as far as our schema uses its language.
fn faults(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |what: String| found.push(format!("{path}: {what}"));
    if let Some(name) = schema["$ref"].as_str() {
        let target = &root["$defs"][name.strip_prefix("#/$defs/").unwrap()];
        assert!(target.is_object(), "{name} is described nowhere");
        return faults(root, target, value, path);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let all: Vec<Vec<String>> = choices.iter().map(|choice| faults(root, choice, value, path)).collect();
        return if all.iter().any(Vec::is_empty) { Vec::new() } else { all.concat() };
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_u64() || number.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_of = |word: &str| word == kind || (word == "number" && kind == "integer");
    match &schema["type"] {
        Value::String(word) if !is_of(word) => say(format!("{kind} instead of {word}")),
        Value::Array(words) if !words.iter().any(|word| is_of(word.as_str().unwrap())) => say(format!("is {kind}")),
        _ => {}
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        say(format!("{value} is not listed"));
    }
    if schema.get("const").is_some_and(|constant| constant != value) {
        say(format!("{value} is another"));
    }
    let length = value.as_str().map_or(0, |text| text.chars().count()).max(value.as_array().map_or(0, Vec::len));
    let most = schema["maxLength"].as_u64().or_else(|| schema["maxItems"].as_u64());
    if most.is_some_and(|most| length as u64 > most) {
        say("is too long".to_owned());
    }
    for key in schema["required"].as_array().into_iter().flatten() {
        if value.get(key.as_str().unwrap()).is_none() {
            say(format!("{key} is missing"));
        }
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        match schema["properties"].get(key).or_else(|| schema.get("additionalProperties")) {
            Some(Value::Bool(false)) | None => found.push(format!("{path}: “{key}” is not described")),
            Some(schema) => found.extend(faults(root, schema, inner, &format!("{path}.{key}"))),
        }
    }
    for (i, inner) in value.as_array().into_iter().flatten().enumerate() {
        found.extend(faults(root, &schema["items"], inner, &format!("{path}[{i}]")));
    }
    found
}

fn all_faults(value: &Value) -> Vec<String> {
    let schema = schema();
    faults(&schema, &schema, value, "")
}

#[test]
fn everything_that_is_written_is_described() {
    let model = sample("cairn.json").value.model;
    let written: Value = serde_json::from_str(&threat_model::own::write(&model).unwrap()).unwrap();
    assert_eq!(all_faults(&written), [""; 0]);
    // The sample says something in every key, so that none is left out of this.
    fn empty(value: &Value, path: &str) -> Vec<String> {
        match value {
            Value::Null => vec![path.to_owned()],
            Value::String(text) if text.is_empty() => vec![path.to_owned()],
            Value::Array(items) if items.is_empty() => vec![path.to_owned()],
            Value::Array(items) => {
                items.first().into_iter().flat_map(|item| empty(item, &format!("{path}[]"))).collect()
            }
            Value::Object(entries) => entries.iter().flat_map(|(key, v)| empty(v, &format!("{path}.{key}"))).collect(),
            _ => Vec::new(),
        }
    }
    assert_eq!(empty(&written, ""), [""; 0]);
}

#[test]
fn everything_that_is_described_is_written() {
    let model = sample("cairn.json").value.model;
    let written: Value = serde_json::from_str(&threat_model::own::write(&model).unwrap()).unwrap();
    let (schema, model) = (schema(), &written["threat_model"]);
    let described = |name: &str| -> Vec<String> {
        schema["$defs"][name]["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let keys = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    assert_eq!(described("threat_model"), keys(model));
    for (name, list) in [
        ("diagram", "diagrams"),
        ("asset", "assets"),
        ("element", "elements"),
        ("threat", "threats"),
        ("mitigation", "mitigations"),
        ("assumption", "assumptions"),
        ("abuse_story", "abuse_stories"),
    ] {
        assert_eq!(described(name), keys(&model[list][0]), "{name}");
    }
    assert_eq!(described("raw"), keys(&model["threats"][0]["raw"]));
}

#[test]
fn the_description_has_the_words_and_the_limits_of_the_program() {
    let schema = schema();
    fn words<T: Named>() -> Vec<Value> {
        T::NAMED.iter().map(|(name, _)| Value::from(*name)).collect()
    }
    for (name, words) in [
        ("method", words::<Method>()),
        ("criticality", words::<Criticality>()),
        ("scale", words::<Scale>()),
        ("basis", words::<Basis>()),
        ("need", words::<Need>()),
        ("element_kind", words::<ElementKind>()),
        ("threat_status", words::<ThreatStatus>()),
        ("severity", words::<Severity>()),
        ("mitigation_status", words::<MitigationStatus>()),
        ("origin", words::<Origin>()),
        ("validity", words::<Validity>()),
        ("story_kind", words::<StoryKind>()),
        ("factor", words::<Factor>()),
        ("stride", words::<Stride>()),
        ("linddun", words::<Linddun>()),
    ] {
        assert_eq!(schema["$defs"][name]["enum"], Value::from(words), "{name}");
    }
    assert_eq!(schema["$defs"]["name"]["maxLength"], ThreatModel::NAME_LIMIT);
    assert_eq!(schema["$defs"]["text"]["maxLength"], ThreatModel::TEXT_LIMIT);
    let model = &schema["$defs"]["threat_model"]["properties"];
    assert_eq!(model["threats"]["maxItems"], ThreatModel::PARTS_LIMIT);
    assert_eq!(model["participants"]["maxItems"], ThreatModel::LINKS_LIMIT);
}

#[test]
fn the_description_refuses_what_the_reader_refuses() {
    let original: Value = serde_json::from_slice(&bytes("cairn.json")).unwrap();
    type Change = fn(&mut Value);
    let changes: [(&str, Change); 6] = [
        ("titel", |file| file["threat_model"]["titel"] = "Ferry".into()),
        ("parked", |file| file["threat_model"]["threats"][0]["status"] = "parked".into()),
        ("expected", |file| file["threat_model"]["threats"] = json!({})),
        ("date", |file| file["threat_model"]["stated_date"]["on"] = 5.into()),
        ("version 2", |file| file["version"] = 2.into()),
        ("missing field", |file| drop(file.as_object_mut().unwrap().remove("threat_model"))),
    ];
    for (expected, change) in changes {
        let mut file = original.clone();
        change(&mut file);
        let text = file.to_string();
        let fault = threat_model::read(Source { name: "ours", bytes: text.as_bytes() }).unwrap_err().to_string();
        assert!(fault.contains(expected) || expected == "date", "{expected}: {fault}");
        assert_ne!(all_faults(&file), [""; 0], "{expected}");
    }
}

#[test]
fn what_is_too_long_is_cut_and_said() {
    let file = json!({ "format": "cairn-threat-model", "version": 1, "threat_model": {
        "title": "t".repeat(301),
        "participants": vec!["Ada"; 1_001],
        "diagrams": [{ "id": "d", "image": "no digest" }],
        "elements": [{ "id": "i".repeat(600), "name": "n\u{0}\u{7}", "description": "d".repeat(20_001) }],
        "threats": [{ "id": "t", "affects": ["i".repeat(600)], "raw": { "status": "s".repeat(101) },
            "categories": [{ "taxonomy": "other", "category": "c".repeat(101) }] }],
        "mitigations": [{ "id": "m", "link": "javascript:alert(1)" }, { "id": "n", "link": "https://example.org/1" }],
    }});
    let reading = read("ours", file.to_string().as_bytes());
    let model = &reading.value.model;
    assert_eq!((model.title.len(), model.participants.len()), (300, 1_000));
    assert_eq!((model.elements[0].name.as_str(), model.elements[0].description.len()), ("n", 20_000));
    assert_eq!(model.threats[0].affects, [model.elements[0].id.clone()], "a long id and its links are cut alike");
    assert_eq!(model.elements[0].id.0.len(), 500);
    assert_eq!((model.mitigations[0].link.as_str(), model.mitigations[1].link.as_str()), ("", "https://example.org/1"));
    assert_eq!(model.diagrams[0].image, None);
    let said = warnings(&reading).join("\n");
    for expected in [
        "threat_model.title: longer than 300",
        "threat_model.participants: more than 1000",
        "threat_model.diagrams[0].image: no digest",
        "threat_model.elements[0].description: longer than 20000",
        "threat_model.threats[0].raw.status: longer than 100",
        "threat_model.threats[0].categories: longer than 100",
        "threat_model.mitigations[0].link: no address",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    assert_eq!(reading.warnings.len(), 7, "{said}");
}
