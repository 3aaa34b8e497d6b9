//! `cairn report`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::export::{deliver, scope};
use super::serve::LinkArguments;
use super::{Failure, keep_the_database, one_of, open, operator};
use crate::app::{Error, Missing};
use crate::clock::Clock;
use crate::domain::mapping::Standard;
use crate::domain::period::Period;
use crate::domain::report::Depth;
use crate::domain::view::Selection;
use crate::web::report_file;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// For whom: how deep it goes
    #[arg(long, default_value = "management", value_parser = one_of::<Depth>())]
    depth: Depth,
    /// Of this team only
    #[arg(long, conflicts_with = "group")]
    team: Option<String>,
    /// Of the teams of this group only
    #[arg(long)]
    group: Option<String>,
    /// As of this quarter, like 2026-Q4 [default: the latest]
    #[arg(long)]
    period: Option<Period>,
    /// The standard whose clauses an auditor's report goes through
    #[arg(long, default_value = "iso27001-2022", value_parser = one_of::<Standard>())]
    standard: Standard,
    /// Write to this file instead of standard output
    #[arg(short, long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    links: LinkArguments,
}

/// Makes a report. Its links lead to the service where its public address is given.
pub(super) fn run(arguments: &Arguments, database: &Path, clock: Clock) -> Result<(), Failure> {
    let Arguments { depth, standard, period, output, .. } = arguments;
    let cairn = open(database, Missing::Refuse)?;
    let caller = operator(clock);
    let scope = scope(&cairn, &caller, arguments.team.as_deref(), arguments.group.as_deref())?;
    if let Some(path) = output {
        keep_the_database(path, database)?;
    }
    let seen = cairn.report(&caller, Selection { scope, period: *period }, *depth, *standard)?;
    let file = report_file(&seen, arguments.links.public_url.as_ref()).ok_or(Error::NothingSubmitted)?;
    deliver(output.as_deref(), file.as_bytes())
}
