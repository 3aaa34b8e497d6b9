//! What is read from the threat models that other tools keep as JSON, and written for them.

mod composer;
mod dragon;
mod hostile;
mod library;
mod ours;
mod published;
mod round_trip;

use cairn::domain::threat_model::format::ReadModel;
use cairn::domain::threat_model::{Threat, ThreatModel};
use cairn::formats::{Reading, Source, threat_model};

fn read(name: &str, bytes: &[u8]) -> Reading<ReadModel> {
    threat_model::read(Source { name, bytes }).unwrap_or_else(|faults| panic!("{name}: {faults}"))
}

/// What one of our own samples says.
fn sample(name: &str) -> Reading<ReadModel> {
    read(name, &bytes(name))
}

fn bytes(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/threat-models");
    std::fs::read(folder.join(name)).unwrap()
}

/// The warnings with their places in the file.
fn warnings(reading: &Reading<ReadModel>) -> Vec<String> {
    reading.warnings.iter().map(|fault| format!("{}: {}", fault.place.path, fault.message)).collect()
}

fn titled<'m>(model: &'m ThreatModel, title: &str) -> &'m Threat {
    model.threats.iter().find(|threat| threat.title == title).unwrap_or_else(|| panic!("no threat “{title}”"))
}
