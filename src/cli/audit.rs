//! `cairn audit`: whether the record and what was submitted are still as they were.

use std::path::Path;

use serde_json::json;

use super::printed::As;
use super::{Failure, open, operator, print};
use crate::app::Missing;
use crate::clock::Clock;
use crate::domain::audit::Head;

/// How many faults are printed.
const SHOWN: usize = 50;

/// What to do with the audit record.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Find rows that were altered, removed or put in another order, and submitted assessments that were
    /// changed behind Cairn's back; prints the head of the record
    Verify {
        /// The head as it was printed before and noted elsewhere; finds removed rows at the end, too
        #[arg(long)]
        head: Option<Head>,
        #[command(flatten)]
        printed: As,
    },
}

impl Command {
    /// How the result is printed.
    pub(super) fn printed(&self) -> As {
        let Self::Verify { printed, .. } = self;
        *printed
    }
}

pub(super) fn run(command: &Command, database: &Path, clock: Clock) -> Result<(), Failure> {
    let Command::Verify { head, printed } = command;
    let cairn = open(database, Missing::Refuse)?;
    let verdict = cairn.verify_audit(&operator(clock), head.clone())?;
    if verdict.faults.is_empty() {
        let (rows, assessments, head) = (verdict.head.number, verdict.assessments, verdict.head.to_string());
        return printed.print(
            || json!({ "rows": rows, "assessments": assessments, "head": head }),
            || {
                tell!(
                    "The record is sound: {rows} rows, and {assessments} submitted assessments as they were submitted. Its head:"
                );
                print(&head)
            },
        );
    }
    let mut lines: Vec<String> = verdict.faults.iter().take(SHOWN).cloned().collect();
    let more = verdict.faults.len().saturating_sub(SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more"));
    }
    Err(format!("Not as it was recorded:\n{}", lines.join("\n")).into())
}
