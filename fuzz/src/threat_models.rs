//! What every fuzz target does with bytes: read them, and do with the model what the service does after reading.

use cairn::domain::fault::Faults;
use cairn::domain::threat_model::format::{Format, Inspection, ReadModel};
use cairn::formats::{Reading, Source, threat_model};

/// The name of the source, the same for all.
const NAME: &str = "fuzzed";

/// Reads bytes as a file of a kind.
pub fn read_as(format: Format, bytes: &[u8]) {
    follow(threat_model::read_as(format, Source { name: NAME, bytes }));
}

/// Reads bytes as a file of the kind that their content shows.
pub fn read(bytes: &[u8]) {
    follow(threat_model::read(Source { name: NAME, bytes }));
}

/// What the service does with what was read: it is counted, settled again, written, and read once more.
fn follow(reading: Result<Reading<ReadModel>, Faults>) {
    let Reading { value, warnings } = match reading {
        Ok(reading) => reading,
        Err(faults) => {
            assert!(!faults.is_empty(), "what is refused has a reason");
            return;
        }
    };
    let _ = Inspection::new(&value, warnings);
    let mut model = value.model;
    assert!(model.settle().is_empty(), "a model that was read is settled");
    let ours = threat_model::own::write(&model).expect("any model can be written");
    let again = threat_model::read(Source { name: NAME, bytes: ours.as_bytes() });
    assert!(again.is_ok_and(|again| again.value.model.threats.len() == model.threats.len()), "{ours}");
    let dragon = threat_model::dragon::write(&model).expect("any model can be written");
    assert!(threat_model::read(Source { name: NAME, bytes: dragon.as_bytes() }).is_ok(), "{dragon}");
}
