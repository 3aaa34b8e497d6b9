//! Threat models of other tools and our own.

use crate::domain::fault::Faults;
use crate::domain::threat_model::format::{Format, Inspection, ReadModel};
use crate::formats::{Reading, threat_model};

use super::{accepted, source};

/// Reads bytes as a file of a kind.
pub fn read_as(format: Format, bytes: &[u8]) {
    follow(threat_model::read_as(format, source(bytes)));
}

/// Reads bytes as a file of the kind that their content shows.
pub fn read(bytes: &[u8]) {
    follow(threat_model::read(source(bytes)));
}

/// What the service does with what was read: it is counted, settled again, written, and read once more.
fn follow(reading: Result<Reading<ReadModel>, Faults>) {
    let Some(Reading { value, warnings }) = accepted(reading) else { return };
    let _ = Inspection::new(&value, warnings);
    let mut model = value.model;
    assert!(model.settle().is_empty(), "a model that was read is settled");
    let ours = threat_model::own::write(&model).expect("any model can be written");
    let again = threat_model::read(source(ours.as_bytes()));
    assert!(again.is_ok_and(|again| again.value.model.threats.len() == model.threats.len()), "{ours}");
    let dragon = threat_model::dragon::write(&model).expect("any model can be written");
    assert!(threat_model::read(source(dragon.as_bytes())).is_ok(), "{dragon}");
}
