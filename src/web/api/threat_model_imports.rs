//! What a file of a threat model holds, and what taking it in does to the register.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::threat_models::FormatWord;
use super::word::Word;
use crate::app::ThreatModelImport;
use crate::domain::access::Action;
use crate::domain::fault;
use crate::domain::threat_model::format;
use crate::web::visit::Visit;

/// A place in a file.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Place {
    /// What the file is called.
    source: String,
    /// The line, from 1; 0 where the place is not a line.
    line: u64,
    /// The column, from 1; 0 where only the line is known.
    column: u64,
    /// The way down to the value; may be empty.
    path: String,
}

/// What was odd in a file, and where.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Oddity {
    /// Where.
    place: Place,
    /// What.
    message: String,
}

impl From<fault::Fault> for Oddity {
    fn from(fault: fault::Fault) -> Self {
        let fault::Place { source, line, column, path } = fault.place;
        Self { place: Place { source, line, column, path }, message: fault.message }
    }
}

/// What a file of a threat model holds, in figures.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct Inspection {
    /// What kind of file it is.
    format: FormatWord,
    /// What the model is called in it; may be empty.
    title: String,
    /// How many elements of each kind it has.
    elements: BTreeMap<String, usize>,
    /// How many threats it has.
    threats: usize,
    /// How many of them stand how.
    status: BTreeMap<String, usize>,
    /// How many of them are of each kind of STRIDE, by its letter; `none`: of no kind of it.
    stride: BTreeMap<String, usize>,
    /// How many of them have something that is done about them, or is meant to be.
    with_mitigation: usize,
    /// What was odd in it.
    warnings: Vec<Oddity>,
}

impl From<format::Inspection> for Inspection {
    fn from(inspection: format::Inspection) -> Self {
        let format::Inspection { format, title, elements, threats, status, stride, with_mitigation, warnings } =
            inspection;
        let owned = |counts: BTreeMap<&'static str, usize>| {
            counts.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
        };
        Self {
            format: Word(format),
            title,
            elements: owned(elements),
            threats,
            status: owned(status),
            stride,
            with_mitigation,
            warnings: warnings.into_iter().map(Oddity::from).collect(),
        }
    }
}

/// What a file did to the register of threat models, or would do. Who sees nothing is told what the file holds only.
#[derive(Serialize, ToSchema)]
pub(in crate::web) struct ThreatModelImported {
    /// Whether nothing was changed, as was asked for.
    dry_run: bool,
    /// The number of the model; null where it would be a new one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, required = false)]
    id: Option<Option<i64>>,
    /// Whether anything changed, or would.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = bool, required = false)]
    changed: Option<bool>,
    /// What changed in the model that was there, in a sentence; null where it is new.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    changes: Option<Option<String>>,
    /// What the file holds.
    file: Inspection,
}

impl ThreatModelImported {
    pub(super) fn of(import: ThreatModelImport, dry_run: bool, visit: &Visit) -> Self {
        // The rest would tell what was there before.
        let tells = visit.caller.actor.may(Action::View);
        Self {
            dry_run,
            id: tells.then_some(import.id.map(|id| id.0)),
            changed: tells.then_some(import.is_change),
            changes: tells.then(|| import.changes.map(|changes| changes.summary())),
            file: import.inspection.into(),
        }
    }
}
