//! Files to read: our own small ones, and real ones where they are at hand.

use std::path::PathBuf;

use cairn::domain::threat_model::format::{Inspection, ReadModel};
use cairn::domain::threat_model::{Element, Mitigation, PartId, Threat};
use cairn::formats::threat_model::read;
use cairn::formats::{Reading, Source};
use serde_json::Value;

/// Our own sample.
pub(super) fn sample(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/samples/threat-models").join(name);
    std::fs::read(path).unwrap()
}

/// What is read from a file, which must be read.
pub(super) fn reading(name: &str, bytes: &[u8]) -> Reading<ReadModel> {
    read(Source { name, bytes }).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Why a file is not read.
pub(super) fn refusal(name: &str, bytes: &[u8]) -> String {
    match read(Source { name, bytes }) {
        Ok(_) => panic!("{name} was read"),
        Err(faults) => faults.to_string(),
    }
}

/// The warnings of a reading, as people read them.
pub(super) fn warnings(reading: &Reading<ReadModel>) -> String {
    reading.warnings.iter().map(|warning| format!("{warning}\n")).collect()
}

/// The element with an id.
pub(super) fn element<'a>(read: &'a ReadModel, id: &str) -> &'a Element {
    read.model.element(&PartId(id.to_owned())).unwrap_or_else(|| panic!("no element {id}"))
}

/// The threat with an id.
pub(super) fn threat<'a>(read: &'a ReadModel, id: &str) -> &'a Threat {
    read.model.threat(&PartId(id.to_owned())).unwrap_or_else(|| panic!("no threat {id}"))
}

/// The mitigation with an id.
pub(super) fn mitigation<'a>(read: &'a ReadModel, id: &str) -> &'a Mitigation {
    let found = read.model.mitigations.iter().find(|mitigation| mitigation.id.0 == id);
    found.unwrap_or_else(|| panic!("no mitigation {id}"))
}

/// Ids as texts.
pub(super) fn texts(ids: &[PartId]) -> Vec<&str> {
    ids.iter().map(|id| id.0.as_str()).collect()
}

/// The real files of a folder, with what is counted in each elsewhere; none where they are not at hand.
pub(super) fn real(folder: &str) -> Vec<(String, Vec<u8>, Value)> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let samples = std::env::var_os("CAIRN_SHARED").map_or(beside, PathBuf::from).join("threat-samples");
    let Ok(expected) = std::fs::read(samples.join("EXPECTED.json")) else {
        eprintln!("skipped: there are no real threat models in {}; set CAIRN_SHARED", samples.display());
        return Vec::new();
    };
    let expected: Value = serde_json::from_slice(&expected).unwrap();
    let names = expected.as_object().unwrap().iter().filter(|(name, _)| name.starts_with(folder));
    names.map(|(name, counts)| (name.clone(), std::fs::read(samples.join(name)).unwrap(), counts.clone())).collect()
}

/// Checks the counts of a file. `kinds` gives our word for a word that is counted by there; `None`: it is counted as
/// no element here.
pub(super) fn check(name: &str, bytes: &[u8], expected: &Value, kinds: fn(&str) -> Option<&'static str>) {
    let reading = reading(name, bytes);
    let inspection = Inspection::new(&reading.value, reading.warnings);
    let found = serde_json::to_value(&inspection).unwrap();
    assert_eq!(found["format"], expected["format"], "{name}");
    assert_eq!(found["threats"], expected["threats"], "{name}");
    assert_eq!(found["with_mitigation"], expected["with_mitigation"], "{name}");
    if let Some(title) = expected.get("title") {
        assert_eq!(&found["title"], title, "{name}");
    }
    if let Some(stride) = expected.get("stride") {
        assert_eq!(&found["stride"], stride, "{name}");
    }
    let mut elements = serde_json::Map::new();
    for (kind, count) in expected.get("elements").and_then(Value::as_object).into_iter().flatten() {
        if let Some(kind) = kinds(kind) {
            elements.insert(kind.to_owned(), count.clone());
        }
    }
    if !elements.is_empty() {
        assert_eq!(found["elements"], Value::Object(elements), "{name}");
    }
    if let Some(owner) = expected.get("owner") {
        assert_eq!(reading.value.model.owner, owner.as_str().unwrap(), "{name}");
    }
    if let Some(diagrams) = expected.get("diagrams") {
        assert_eq!(reading.value.model.diagrams.len() as u64, diagrams.as_u64().unwrap(), "{name}");
    }
}

/// How many threats stand how.
pub(super) fn statuses(name: &str, bytes: &[u8]) -> String {
    let reading = reading(name, bytes);
    let counts = Inspection::new(&reading.value, reading.warnings).status;
    counts.iter().map(|(status, n)| format!("{status} {n}")).collect::<Vec<_>>().join(", ")
}
