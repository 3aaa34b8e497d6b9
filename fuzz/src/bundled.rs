//! The files that are in the program itself, which somebody may have changed before it was built.

use crate::formats::{guide, roadmap};

use super::{accepted, catalogs, source};

/// Reads bytes as the stages of the transformation.
pub fn roadmap(bytes: &[u8]) {
    let Some(roadmap) = accepted(roadmap::read(source(bytes))) else { return };
    let assigned = roadmap.assign(&catalogs::SMALL);
    assert_eq!(assigned.len(), catalogs::SMALL.len(), "every activity is looked at");
}

/// Reads bytes as the guide.
pub fn guide(bytes: &[u8]) {
    accepted(guide::read(source(bytes)));
}
