//! What files are, seen from their content, and everything that they say together.

use chrono::NaiveDate;

use super::intake::Intake;
use super::{Source, answers, dsomm};
use crate::domain::catalog::Catalog;
use crate::domain::fault::{Fault, Faults, Place};
use crate::domain::scale::ProgressScale;

/// What readers have to know of what is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The steps that answers take, unless a file defines others.
    pub scale: &'a ProgressScale,
    /// The catalog in use.
    pub catalog: &'a Catalog,
    /// The present day.
    pub today: NaiveDate,
}

/// What some files say, and what is wrong with them.
#[derive(Debug, Default)]
pub struct Incoming {
    /// What could be read. What has a fault is not in it.
    pub intake: Intake,
    /// What was not understood but does no harm.
    pub warnings: Vec<Fault>,
    /// What is wrong, in all files.
    pub faults: Faults,
}

/// Reads files together. Those of the DSOMM application come first, as they may bring the scale of the others.
pub fn read(sources: &[Source<'_>], known: Known<'_>) -> Incoming {
    let mut incoming = Incoming::default();
    let is_of_dsomm = |source: &Source<'_>| !answers::is_answers(source.bytes) && dsomm::is_dsomm(source.bytes);
    let (of_dsomm, others): (Vec<Source<'_>>, Vec<Source<'_>>) = sources.iter().copied().partition(is_of_dsomm);
    match dsomm::read(&of_dsomm, known) {
        Ok(reading) => {
            incoming.warnings.extend(reading.warnings);
            incoming.intake = reading.value;
        }
        Err(found) => incoming.faults.extend(found),
    }
    let scale = incoming.intake.scale.as_ref().map_or(known.scale, |(_, scale)| scale).clone();
    for source in others {
        if answers::is_answers(source.bytes) {
            match answers::read(source, &scale) {
                Ok(reading) => {
                    incoming.warnings.extend(reading.warnings);
                    incoming.intake.answers.extend(reading.value);
                }
                Err(found) => incoming.faults.extend(found),
            }
        } else {
            incoming.faults.push(Place { source: source.name.to_owned(), ..Place::default() }, unknown());
        }
    }
    incoming
}

fn unknown() -> String {
    let head = answers::COLUMNS.join(",");
    format!(
        "this is not a file that can be imported; answers are a CSV file with the head {head}, \
             and those of the DSOMM application are YAML files with progress, evidence, teams or activities"
    )
}
