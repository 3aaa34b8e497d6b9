//! What is read from the threat models that other tools keep as JSON, and written for Threat Dragon.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cairn::domain::threat_model::format::{Format, Inspection, ReadModel};
use cairn::formats::{Reading, Source, threat_model};
use serde_json::Value;

/// The folder of published models, unless it is not there.
fn published() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("CAIRN_SHARED").map_or(beside, PathBuf::from);
    let folder = shared.join("threat-samples");
    if !folder.is_dir() {
        eprintln!("skipped: there are no published threat models in {}; set CAIRN_SHARED", shared.display());
        return None;
    }
    Some(folder)
}

fn read(name: &str, bytes: &[u8]) -> Reading<ReadModel> {
    threat_model::read(Source { name, bytes }).unwrap_or_else(|faults| panic!("{name}: {faults}"))
}

/// The counts of a reading, as the list of what is expected has them.
fn counted(reading: &Reading<ReadModel>) -> Inspection {
    Inspection::new(&reading.value, reading.warnings.clone())
}

/// What the list of what is expected calls the words of a file, in ours.
fn in_our_words(counts: &Value, words: &[(&str, &str)]) -> BTreeMap<String, usize> {
    let mut named = BTreeMap::new();
    for (key, count) in counts.as_object().into_iter().flatten() {
        let name = words.iter().find(|(theirs, _)| theirs == key).map_or(key.as_str(), |(_, ours)| ours);
        let count = usize::try_from(count.as_u64().unwrap()).unwrap();
        if !name.is_empty() && count > 0 {
            *named.entry(name.to_owned()).or_insert(0) += count;
        }
    }
    named
}

#[test]
fn published_models_have_the_counts_that_another_program_found() {
    const KINDS: [(&str, &str); 7] = [
        ("store", "data_store"),
        ("flow", "data_flow"),
        ("boundary", "trust_boundary"),
        ("trustZone", "trust_zone"),
        // The Threat Model Library does not tell processes from other components.
        ("component", "process"),
        // What is worth protecting is no element here.
        ("data_set", ""),
        ("asset", ""),
    ];
    const STATUS: [(&str, &str); 1] = [("not-set", "undetermined")];
    let Some(folder) = published() else { return };
    let expected: Value = serde_json::from_slice(&std::fs::read(folder.join("EXPECTED.json")).unwrap()).unwrap();
    let ours = ["threat-dragon-v2/", "threat-dragon-v1/", "threat-composer/", "tm-bom/"];
    let mut seen = 0;
    for (name, expected) in expected.as_object().unwrap() {
        if !ours.iter().any(|folder| name.starts_with(folder)) || expected["format"] == "unknown" {
            continue;
        }
        seen += 1;
        let reading = read(name, &std::fs::read(folder.join(name)).unwrap());
        let counts = counted(&reading);
        let of = |map: &BTreeMap<&str, usize>| -> BTreeMap<String, usize> {
            map.iter().map(|(key, count)| ((*key).to_owned(), *count)).collect()
        };
        assert_eq!(serde_json::to_value(counts.format).unwrap(), expected["format"], "{name}");
        assert_eq!(counts.title, expected["title"].as_str().unwrap(), "{name}");
        assert_eq!(of(&counts.elements), in_our_words(&expected["elements"], &KINDS), "{name}");
        assert_eq!(counts.threats as u64, expected["threats"].as_u64().unwrap(), "{name}");
        let mut status = in_our_words(&expected["status"], &STATUS);
        if status.is_empty() && counts.threats > 0 {
            // The Threat Model Library has no word for how a threat stands.
            status.insert("undetermined".to_owned(), counts.threats);
        }
        assert_eq!(of(&counts.status), status, "{name}");
        assert_eq!(counts.stride, in_our_words(&expected["stride"], &[]), "{name}");
        assert_eq!(counts.with_mitigation as u64, expected["with_mitigation"].as_u64().unwrap(), "{name}");
        let model = &reading.value.model;
        assert_eq!(model.owner, expected["owner"].as_str().unwrap_or_default(), "{name}");
        assert_eq!(model.reviewer, expected["reviewer"].as_str().unwrap_or_default(), "{name}");
        if let Some(count) = expected["assets"].as_u64().or_else(|| expected["elements"]["data_set"].as_u64()) {
            assert_eq!(model.assets.len() as u64, count, "{name}");
        }
        for warning in &reading.warnings {
            eprintln!("{warning}");
        }
        assert!(counts.format != Format::Cairn);
    }
    assert_eq!(seen, 15);
}
