//! Cairn's own JSON of a threat model: everything that it holds, in the structure of
//! [`ThreatModel`], described in `docs/threat-model.schema.json`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::notes::{Notes, clip};
use crate::domain::fault::Faults;
use crate::domain::threat_model::ThreatModel;
use crate::domain::threat_model::format::{Format, ReadModel};

/// What tells the file from others.
pub(super) const FORMAT: &str = "cairn-threat-model";

/// The version of the structure that is written.
const VERSION: u32 = 1;

/// A file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File<M> {
    format: String,
    version: u32,
    threat_model: M,
}

/// Reads a file.
pub(super) fn read(value: &Value, notes: &mut Notes) -> Result<ReadModel, Faults> {
    let file = File::<ThreatModel>::deserialize(value).map_err(|error| {
        notes.refuse("", format!("not the structure of a threat model: {}", clip(&error.to_string(), 300)))
    })?;
    if file.version != VERSION {
        let message = format!("version {} of the structure; this program reads version {VERSION}", file.version);
        return Err(notes.refuse("version", message));
    }
    Ok(ReadModel { format: Format::Cairn, model: file.threat_model, images: Vec::new() })
}

/// Writes a model.
pub fn write(model: &ThreatModel) -> Result<String, serde_json::Error> {
    let file = File { format: FORMAT.to_owned(), version: VERSION, threat_model: model };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}
