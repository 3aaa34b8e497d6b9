//! The audit record as a table. In JSON and workbooks its texts stand as they are hashed; CSV guards what
//! a spreadsheet would compute.

use super::table::{Cell, Table};
use crate::domain::audit::Entry;

/// All rows, first to last.
pub fn table(entries: &[Entry]) -> Table {
    let mut table = Table::new(&["number", "at", "means", "actor", "from", "deed", "subject", "details", "hash"]);
    for entry in entries {
        let Entry { number, at, means, actor, from, deed, subject, details, hash } = entry;
        table.push([
            Cell::Integer(*number),
            at.as_str().into(),
            means.as_str().into(),
            actor.as_str().into(),
            from.as_str().into(),
            deed.as_str().into(),
            subject.as_str().into(),
            details.as_str().into(),
            hash.as_str().into(),
        ]);
    }
    table
}
