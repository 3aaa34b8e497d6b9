//! Structures that are described in files of their own, and what answers that have them are called in the description.

use std::borrow::Cow;

use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::web::failure::Failure;

/// The structure of our own files of threat models.
const THREAT_MODEL: &str = include_str!("../../../docs/threat-model.schema.json");

/// Where a schema names another one of its file, and where that stands in the description.
const HERE: &str = "#/$defs/";
const THERE: &str = "#/components/schemas/threat-model.";

/// A threat model as a file of ours.
pub(in crate::web) struct ThreatModelFile;

/// What a threat model says, as it stands in such a file.
pub(in crate::web) struct ThreatModelContent;

/// A part of a threat model, as it stands in such a file.
pub(in crate::web) struct ThreatModelPart;

macro_rules! described_elsewhere {
    ($($type:ident = $name:literal),+) => {$(
        impl PartialSchema for $type {
            fn schema() -> RefOr<Schema> {
                Schema::Object(Object::new()).into()
            }
        }

        impl ToSchema for $type {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )+};
}

described_elsewhere!(
    ThreatModelFile = "threat-model.file",
    ThreatModelContent = "threat-model.threat_model",
    ThreatModelPart = "threat-model.part"
);

/// The description with those structures.
pub(super) fn describe(mut document: Value) -> Result<Value, Failure> {
    let broken = |why: &str| Failure::Broken(format!("the structure of threat models cannot be described: {why}"));
    let mut file: Map<String, Value> =
        serde_json::from_str(THREAT_MODEL).map_err(|error| broken(&error.to_string()))?;
    let Some(Value::Object(definitions)) = file.remove("$defs") else { return Err(broken("it has no parts")) };
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else {
        return Err(broken("there are no others"));
    };
    file.retain(|name, _| !["$schema", "title"].contains(&name.as_str()));
    for (name, mut definition) in definitions.into_iter().chain([("file".to_owned(), Value::Object(file))]) {
        redirect(&mut definition);
        schemas.insert(format!("threat-model.{name}"), definition);
    }
    let parts = ["asset", "element", "threat", "mitigation", "assumption", "abuse_story"];
    let parts: Vec<Value> = parts.iter().map(|part| json!({ "$ref": format!("{THERE}{part}") })).collect();
    let part =
        json!({ "description": "A part of a threat model, of the kind that the address names.", "anyOf": parts });
    schemas.insert("threat-model.part".to_owned(), part);
    Ok(document)
}

/// Lets all that names another part of the file name it where it stands now.
fn redirect(schema: &mut Value) {
    match schema {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix(HERE) {
                *text = format!("{THERE}{name}");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redirect),
        Value::Object(fields) => fields.values_mut().for_each(redirect),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
