//! The files of the DSOMM application: what its teams reached and when, evidence, teams with their groups,
//! the stages of progress, and the older single file with everything. Read to be taken in, and written
//! so that the application reads them again.
//!
//! Files of one call belong together, whatever the order in which they come and whatever they are called:
//! each says by its keys what it is, and one may say several things. What they say of activities, stages,
//! teams and days that nobody knows is listed and not taken, since such files practically always have
//! some; what cannot be read at all is a fault.

mod assemble;
mod day;
mod document;
mod listed;
mod model;
mod pieces;
mod scale;
mod write;

pub use self::write::{ProgressFile, WrittenActivity, WrittenEvidence, evidence, meta, progress, teams};
use super::incoming::Known;
use super::intake::Intake;
use super::{Reading, Source, yaml};
use crate::domain::fault::Faults;

/// The largest file that is read; real ones have a few megabytes at most.
pub const MAX_BYTES: usize = yaml::MAX_BYTES;

/// The most answers that the files of one call may become, as many as a large answers file has.
const MAX_ANSWERS: usize = 250_000;

/// Keys at the top of a file that tell that it is one of the application.
const KEYS: [&str; 8] = [
    "progress",
    "evidence",
    "teams",
    "teamGroups",
    "progressDefinition",
    "teamProgressFile",
    "teamEvidenceFile",
    "activityFiles",
];

/// Keys of activities that tell the older single file, or a file of activities.
const ACTIVITY_KEYS: [&str; 3] = ["teamsImplemented", "teamsEvidence", "uuid"];

/// Whether this may be such a file, as far as the keys at the beginnings of its lines tell.
pub fn is_dsomm(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let is_key = |line: &[u8], key: &str| {
        let after = line.strip_prefix(key.as_bytes()).map(<[u8]>::trim_ascii_start);
        after.is_some_and(|after| after.first() == Some(&b':'))
    };
    bytes.split(|&byte| byte == b'\n').any(|line| {
        let inner = line.trim_ascii_start();
        if inner.len() == line.len() {
            let unquoted: Vec<u8> =
                line.iter().take(40).copied().filter(|byte| !matches!(byte, b'"' | b'\'')).collect();
            KEYS.iter().any(|key| is_key(&unquoted, key))
        } else {
            ACTIVITY_KEYS.iter().any(|key| is_key(inner, key))
        }
    })
}

/// Reads files that belong together.
pub fn read(sources: &[Source<'_>], context: Known<'_>) -> Result<Reading<Intake>, Faults> {
    assemble::assemble(document::read(sources, context), context)
}

#[cfg(test)]
mod tests;
