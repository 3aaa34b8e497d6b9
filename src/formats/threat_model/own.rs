//! Cairn's own JSON of a threat model: everything that it holds, in the structure of
//! [`ThreatModel`], described in `docs/threat-model.schema.json`.

mod bounds;

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

/// Reads a file. A key that is not known is refused, as it may have been meant to say something; what is longer than
/// it may be is cut with a warning. The file names pictures and does not hold them.
pub(super) fn read(value: &Value, notes: &mut Notes) -> Result<ReadModel, Faults> {
    // A later version may have another structure, which would be the less helpful thing to say.
    if let Some(version) = value.get("version").filter(|version| **version != VERSION) {
        let version = clip(&version.to_string(), 20);
        let message = format!("version {version} of the structure; this program reads version {VERSION}");
        return Err(notes.refuse("version", message));
    }
    let file = File::<ThreatModel>::deserialize(value).map_err(|error| {
        notes.refuse("", format!("not the structure of a threat model: {}", clip(&error.to_string(), 300)))
    })?;
    if file.format != FORMAT {
        return Err(notes.refuse("format", format!("expected “{FORMAT}”")));
    }
    let mut model = file.threat_model;
    bounds::apply(&mut model, notes);
    Ok(ReadModel { format: Format::Cairn, model, images: Vec::new() })
}

/// Writes a model: the same bytes for the same model. What is read from them is the same model.
pub fn write(model: &ThreatModel) -> Result<String, serde_json::Error> {
    let file = File { format: FORMAT.to_owned(), version: VERSION, threat_model: model };
    Ok(serde_json::to_string_pretty(&file)? + "\n")
}
