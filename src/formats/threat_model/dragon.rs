//! OWASP Threat Dragon, versions 1 and 2: diagrams with the threats to their elements.
//!
//! Both versions have the same parts; what version 2 keeps in the `data` of a cell, version 1 keeps in the cell
//! itself. A file has no date, no assets and no ratings. Its version is that of the tool.

mod cells;
mod frame;
mod layout;
mod threats;
mod words;
mod write;

use super::json::At;
use super::notes::{Notes, clip, tidy};
use crate::domain::fault::Faults;
use crate::domain::threat_model::diagram::Diagram;
use crate::domain::threat_model::format::{Format, ReadModel};
use crate::domain::threat_model::words::Method;
use crate::domain::threat_model::{PartId, ThreatModel};

use self::cells::Reader;
pub use self::write::write;

/// Under which id the element stands that [`write()`] makes for threats to no element. It is no element when it is read.
const WHOLE_MODEL: &str = "cairn-whole-model";

/// Reads a file of version 1.
pub(super) fn read_1(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    Ok(ReadModel { format: Format::ThreatDragon1, model: read(at, notes)?, images: Vec::new() })
}

/// Reads a file of version 2.
pub(super) fn read_2(at: &At<'_>, notes: &mut Notes) -> Result<ReadModel, Faults> {
    Ok(ReadModel { format: Format::ThreatDragon2, model: read(at, notes)?, images: Vec::new() })
}

fn read(at: &At<'_>, notes: &mut Notes) -> Result<ThreatModel, Faults> {
    // A template has its model beside what is said of the template.
    let at = at.get("model").filter(|_| at.get("templateMetadata").is_some()).unwrap_or_else(|| at.clone());
    let (Some(summary), Some(detail)) = (at.get("summary"), at.get("detail")) else {
        return Err(notes.refuse(at.path(), "not a model of Threat Dragon, which has “summary” and “detail”"));
    };
    let mut model = ThreatModel {
        title: notes.name(summary.get("title")),
        description: notes.text(summary.get("description")),
        owner: notes.name(summary.get("owner")),
        reviewer: notes.name(detail.get("reviewer")),
        participants: participants(&detail, notes),
        ..ThreatModel::default()
    };
    if model.title.is_empty() {
        notes.warn(summary.path_to("title"), "the model has no title");
    }
    if !detail.get("diagrams").is_some_and(|diagrams| diagrams.value().is_array()) {
        notes.warn(detail.path_to("diagrams"), "there is no list of diagrams");
    }
    let mut reader = Reader::new(notes, &mut model);
    for (number, diagram) in detail.list("diagrams").take(ThreatModel::PARTS_LIMIT).enumerate() {
        let method = reader.diagram(&diagram, number);
        reader.cells(&diagram, &method);
    }
    model.methods = methods(&model.diagrams);
    Ok(model)
}

/// Who took part. Names stand in mappings or, in some files, as plain texts.
fn participants(detail: &At<'_>, notes: &mut Notes) -> Vec<String> {
    let people = detail.list("contributors").take(ThreatModel::LINKS_LIMIT);
    let names = people.map(|person| notes.name(person.get("name").or_else(|| Some(person.clone()))));
    names.filter(|name| !name.is_empty()).collect()
}

/// How threats are looked for, by the types of the diagrams. A generic one says nothing of it.
fn methods(diagrams: &[Diagram]) -> Vec<Method> {
    let mut methods = Vec::new();
    for diagram in diagrams {
        let method = match diagram.raw_method.to_ascii_uppercase().as_str() {
            "" | "GENERIC" => continue,
            "STRIDE" => Method::Stride,
            "LINDDUN" => Method::Linddun,
            "PASTA" => Method::Pasta,
            _ => Method::Other,
        };
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    methods
}

/// The id of a diagram: files have numbers for them.
fn diagram_id(at: &At<'_>, number: usize) -> PartId {
    let given = clip(&tidy(&at.text_of("id")), 60);
    PartId(if given.is_empty() { format!("diagram-at-{number}") } else { format!("diagram-{given}") })
}
