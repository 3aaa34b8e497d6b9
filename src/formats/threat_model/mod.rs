//! Threat models in the files of other tools, told apart by what is in them, and in our own.
//!
//! What a tool says in its own words becomes one of ours, and its words are kept beside it. What is odd does
//! not stop the reading: it is a warning with its place. What is no threat model is refused with the reason.

mod composer;
pub mod dragon;
mod drawio;
mod json;
mod notes;
mod otm;
pub mod own;
mod stated;
mod statement;
mod threagile;
mod tm7;
mod tm_bom;
mod utf16;
mod xml;

use serde_json::Value;

use self::json::At;
use self::notes::Notes;
use super::{Reading, Source, too_large};
use crate::domain::fault::{Faults, Place};
use crate::domain::threat_model::format::{Format, ReadModel};

/// The largest file that is read. Real ones are below two megabytes, with their pictures and libraries.
pub const MAX_BYTES: usize = 32_000_000;

/// What can be read, in the words of messages.
const KNOWN: &str = "a threat model of Threat Dragon, Threat Composer, the Microsoft Threat Modeling Tool (.tm7), \
                     draw.io, the OWASP Threat Model Library, Threagile, the Open Threat Model, or Cairn";

/// Whether this may be a threat model, as far as its beginning tells.
pub fn is_threat_model(bytes: &[u8]) -> bool {
    if utf16::is_utf16(bytes) {
        return true;
    }
    let head = text_of(bytes.get(..4_096).unwrap_or(bytes));
    head.starts_with(['<', '{', '[']) || ["threagile_version", "otmVersion"].iter().any(|key| head.contains(key))
}

/// The beginning of a file as text, without what may stand before it.
fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_start_matches('\u{FEFF}').trim_start().to_owned()
}

/// Reads a threat model of whatever kind.
pub fn read(source: Source<'_>) -> Result<Reading<ReadModel>, Faults> {
    too_large(source, MAX_BYTES)?;
    match utf16::decoded(source)? {
        Some(text) => read_text(Source { bytes: text.as_bytes(), ..source }),
        None => read_text(source),
    }
}

/// Reads a threat model that is written in UTF-8.
fn read_text(source: Source<'_>) -> Result<Reading<ReadModel>, Faults> {
    let head = text_of(source.bytes.get(..64).unwrap_or(source.bytes));
    if head.is_empty() {
        return Err(refused(source, &format!("the file is empty; expected {KNOWN}")));
    }
    if head.starts_with('<') {
        return read_xml(source);
    }
    let value = parse(source, &head)?;
    let format = format_of(&At::root(&value)).map_err(|reason| refused(source, &reason))?;
    read_tree(format, source, &value)
}

/// Reads a threat model as what somebody says it is, whatever its content looks like.
///
/// What has nothing that such a file must have is refused.
pub fn read_as(format: Format, source: Source<'_>) -> Result<Reading<ReadModel>, Faults> {
    too_large(source, MAX_BYTES)?;
    let decoded = utf16::decoded(source)?;
    let source = decoded.as_ref().map_or(source, |text| Source { bytes: text.as_bytes(), ..source });
    let mut notes = Notes::new(source.name);
    match format {
        Format::Tm7 => {
            let read = tm7::read(source.name, xml::text_of(source)?, &mut notes)?;
            Ok(notes.finish(read))
        }
        Format::DrawIo => {
            let read = drawio::read(source.name, xml::text_of(source)?, &mut notes)?;
            Ok(notes.finish(read))
        }
        _ => {
            let head = text_of(source.bytes.get(..64).unwrap_or(source.bytes));
            read_tree(format, source, &parse(source, &head)?)
        }
    }
}

/// The tree of a file that is JSON or YAML, as its beginning tells.
fn parse(source: Source<'_>, head: &str) -> Result<Value, Faults> {
    if head.starts_with(['{', '[']) { json::parse(source) } else { json::parse_yaml(source) }
}

/// Reads a file that is a tree.
fn read_tree(format: Format, source: Source<'_>, value: &Value) -> Result<Reading<ReadModel>, Faults> {
    let (at, mut notes) = (At::root(value), Notes::new(source.name));
    let read = match format {
        Format::Cairn => own::read(value, &mut notes)?,
        Format::ThreatDragon2 => dragon::read_2(&at, &mut notes)?,
        Format::ThreatDragon1 => dragon::read_1(&at, &mut notes)?,
        Format::ThreatComposer => composer::read(&at, &mut notes)?,
        Format::TmBom => tm_bom::read(&at, &mut notes)?,
        Format::Threagile => threagile::read(&at, &mut notes)?,
        Format::ThreagileRisks => threagile::read_risks(&at, &mut notes)?,
        Format::Otm => otm::read(&at, &mut notes)?,
        Format::Tm7 | Format::DrawIo => return Err(refused(source, "expected XML")),
    };
    Ok(notes.finish(read))
}

/// What kind of file this is by the keys that it has; else what is missing.
fn format_of(at: &At<'_>) -> Result<Format, String> {
    let has = |key: &str| at.get(key).is_some();
    if let Value::Array(items) = at.value() {
        let is_risk = items.iter().any(|item| item.get("synthetic_id").is_some());
        return match items.first() {
            None => Err(format!("an empty list; expected {KNOWN}")),
            Some(_) if is_risk => Ok(Format::ThreagileRisks),
            Some(item) if ["threatSource", "threatAction", "statement"].iter().any(|key| item.get(key).is_some()) => {
                Ok(Format::ThreatComposer)
            }
            Some(_) => Err(format!("a list of something else; expected {KNOWN}")),
        };
    }
    if at.get("format").is_some_and(|format| format.text() == own::FORMAT) {
        return Ok(Format::Cairn);
    }
    if has("otmVersion") {
        return Ok(Format::Otm);
    }
    if has("threagile_version") || has("technical_assets") {
        return Ok(Format::Threagile);
    }
    if has("bomFormat") || has("specFormat") {
        return Err("a bill of materials of CycloneDX, whose threat models are not released yet; export the model \
                    from the tool it was made with"
            .to_owned());
    }
    if has("scope") && (has("trust_zones") || has("components")) {
        return Ok(Format::TmBom);
    }
    if at.get("schema").is_some_and(|schema| schema.number().is_some()) {
        return Ok(Format::ThreatComposer);
    }
    if has("templateMetadata") && has("model") {
        return at.get("model").map_or_else(|| dragon_of(at), |model| dragon_of(&model));
    }
    if has("elements") && has("flows") && has("boundaries") {
        return Err("a model of pytm, which is not read; export it from pytm in another format".to_owned());
    }
    dragon_of(at)
}

/// Which version of Threat Dragon a file is of; what is missing if it is none.
fn dragon_of(at: &At<'_>) -> Result<Format, String> {
    let (summary, detail) = (at.get("summary"), at.get("detail"));
    let missing: Vec<&str> = [("summary", summary.is_none()), ("detail", detail.is_none())]
        .into_iter()
        .filter(|(_, gone)| *gone)
        .map(|(key, _)| key)
        .collect();
    if !missing.is_empty() {
        let keys: Vec<String> = at.entries().take(8).map(|(key, _)| format!("“{}”", notes::clip(key, 40))).collect();
        let found = if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
        let wanted: Vec<String> = missing.iter().map(|key| format!("“{key}”")).collect();
        return Err(format!(
            "not {KNOWN}: there is {found}; a model of Threat Dragon would have {}",
            wanted.join(" and ")
        ));
    }
    let diagrams: Vec<At<'_>> =
        detail.and_then(|detail| detail.get("diagrams")).map(|list| list.items().collect()).unwrap_or_default();
    if diagrams.iter().any(|diagram| diagram.get("cells").is_some()) {
        return Ok(Format::ThreatDragon2);
    }
    if diagrams.iter().any(|diagram| diagram.get("diagramJson").is_some()) {
        return Ok(Format::ThreatDragon1);
    }
    let is_second = at.get("version").is_some_and(|version| version.text().starts_with('2'));
    Ok(if is_second { Format::ThreatDragon2 } else { Format::ThreatDragon1 })
}

/// Reads a file that is written in XML.
fn read_xml(source: Source<'_>) -> Result<Reading<ReadModel>, Faults> {
    let mut notes = Notes::new(source.name);
    let text = xml::text_of(source)?;
    let read = match xml::root_name(text).as_deref() {
        Some("ThreatModel") => tm7::read(source.name, text, &mut notes)?,
        Some("mxfile" | "mxGraphModel") => drawio::read(source.name, text, &mut notes)?,
        Some("mxlibrary") => {
            return Err(refused(source, "a library of shapes of draw.io; expected a diagram that is drawn with them"));
        }
        Some("KnowledgeBase") => {
            let what = "a template of the Microsoft Threat Modeling Tool; expected a model that is made with it (.tm7)";
            return Err(refused(source, what));
        }
        Some(name) => {
            let name = notes::clip(name, 40);
            return Err(refused(source, &format!("XML of another kind, which begins with <{name}>; expected {KNOWN}")));
        }
        // It has no element, or not even that can be told; the reader knows where it went wrong.
        None => {
            xml::parse(source.name, text, xml::everything)?;
            return Err(refused(source, &format!("XML of another kind; expected {KNOWN}")));
        }
    };
    Ok(notes.finish(read))
}

/// A file that is not read at all.
fn refused(source: Source<'_>, reason: &str) -> Faults {
    Faults::one(Place { source: source.name.to_owned(), ..Place::default() }, reason)
}
