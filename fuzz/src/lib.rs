//! What the fuzz targets do with bytes: read them, and do with what was read what the service does after reading.
//! Where there is a writer it is written and read once more, and must say the same.
//!
//! Of Cairn only `domain` and `formats` are built here, which need nothing of the others: the server, the database and
//! the charts would take much longer to build, and slow down what is looked at.

pub mod bundled;
pub mod catalogs;
#[path = "../../src/domain/mod.rs"]
pub mod domain;
#[path = "../../src/formats/mod.rs"]
pub mod formats;
pub mod imports;
pub mod threat_models;

use domain::fault::Faults;
use formats::Source;

/// The name of the source, the same for all.
const NAME: &str = "fuzzed";

/// The most that somebody is told about one fault, in bytes.
const LONGEST_MESSAGE: usize = 4_000;

/// The source that some bytes are.
fn source(bytes: &[u8]) -> Source<'_> {
    Source { name: NAME, bytes }
}

/// What was read, if anything: what is refused has reasons that can be told.
fn accepted<T>(reading: Result<T, Faults>) -> Option<T> {
    match reading {
        Ok(value) => Some(value),
        Err(faults) => {
            assert!(!faults.is_empty(), "what is refused has a reason");
            told(&faults);
            None
        }
    }
}

/// Faults are told to people, who are not told a whole file.
fn told(faults: &Faults) {
    for fault in faults.iter() {
        let text = fault.to_string();
        assert!(text.len() <= LONGEST_MESSAGE, "{} bytes: {text}", text.len());
    }
}
