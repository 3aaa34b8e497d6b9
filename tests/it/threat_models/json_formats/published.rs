//! Models that the projects themselves published.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cairn::domain::threat_model::format::{Format, Inspection, ReadModel};
use cairn::formats::{Reading, Source, threat_model};
use serde_json::Value;

use super::read;

/// The folder of published models, unless it is not there.
pub(super) fn published() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("CAIRN_SHARED").map_or(beside, PathBuf::from);
    let folder = shared.join("threat-samples");
    if !folder.is_dir() {
        eprintln!("skipped: there are no published threat models in {}; set CAIRN_SHARED", shared.display());
        return None;
    }
    Some(folder)
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
    }
    assert_eq!(seen, 15);
}

#[test]
fn a_file_with_a_wrong_key_is_refused_with_its_name() {
    let Some(folder) = published() else { return };
    let bytes = std::fs::read(folder.join("threat-dragon-v2/malformed-v2-new-model.json")).unwrap();
    let faults = threat_model::read(Source { name: "malformed", bytes: &bytes }).unwrap_err().to_string();
    assert!(faults.contains("“details”") && faults.contains("would have “detail”"), "{faults}");
    let told = threat_model::read_as(Format::ThreatDragon2, Source { name: "malformed", bytes: &bytes });
    assert!(told.unwrap_err().to_string().contains("“detail”"));
}

#[test]
fn what_is_odd_in_published_models_is_said_with_its_place() {
    let Some(folder) = published() else { return };
    let warnings = |name: &str| -> Vec<String> {
        let reading = read(name, &std::fs::read(folder.join(name)).unwrap());
        reading.warnings.iter().map(|fault| format!("{}: {}", fault.place.path, fault.message)).collect()
    };
    let composer = warnings("threat-composer/ThreatComposer.tc.json");
    let dangling: Vec<&str> = composer
        .iter()
        .filter(|warning| warning.starts_with("mitigationLinks"))
        .map(|w| w.get(..20).unwrap_or(w))
        .collect();
    let places = ["mitigationLinks[12].", "mitigationLinks[13].", "mitigationLinks[23].", "mitigationLinks[25]."];
    assert_eq!(dangling, places);
    let iot = warnings("threat-dragon-v2/iot-device.json");
    assert_eq!(iot.len(), 1, "{iot:?}");
    assert!(iot[0].starts_with("detail.diagrams[0].cells[21].data.threats[1].severity: “TBA”"), "{iot:?}");
    let reports = warnings("threat-dragon-v2/test-reports.json");
    assert_eq!(reports.len(), 2, "two threats are called mitigated by a placeholder: {reports:?}");
    for quiet in ["threat-dragon-v2/v2-threat-model.json", "threat-dragon-v1/demo-threat-model.json"] {
        assert_eq!(warnings(quiet), [""; 0]);
    }
}

#[test]
fn pictures_of_published_models_are_those_that_their_diagrams_name() {
    let Some(folder) = published() else { return };
    let name = "threat-composer/ThreatComposer.tc.json";
    let reading = read(name, &std::fs::read(folder.join(name)).unwrap());
    let named: Vec<_> = reading.value.model.diagrams.iter().filter_map(|diagram| diagram.image.clone()).collect();
    let kept: Vec<_> = reading.value.images.iter().map(|image| image.digest()).collect();
    assert_eq!(named.len(), 2);
    assert_eq!(named, kept);
}

#[test]
fn published_models_come_back_from_threat_dragon_as_they_were() {
    let Some(folder) = published() else { return };
    for name in
        ["v2-threat-model.json", "iot-device.json", "renting-car.json", "test-reports.json", "v2-new-model.json"]
    {
        let bytes = std::fs::read(folder.join("threat-dragon-v2").join(name)).unwrap();
        let mut before = read(name, &bytes).value.model;
        let written = threat_model::dragon::write(&before).unwrap();
        let mut after = read(name, written.as_bytes()).value.model;
        for model in [&mut before, &mut after] {
            for element in &mut model.elements {
                // A name that older files have is not written again.
                element.raw_kind.clear();
            }
            for threat in &mut model.threats {
                threat.raw.severity.clear();
            }
        }
        assert_eq!(after, before, "{name}");
    }
}
