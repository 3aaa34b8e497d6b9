//! `cairn export`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Failure, open, operator};
use crate::app::{ExportFormat, ExportKind, ExportRequest};
use crate::clock::Clock;
use crate::domain::organization::ScopeId;
use crate::domain::period::Period;
use crate::domain::roadmap::StageNumber;
use crate::domain::view::Selection;
use crate::store::Missing;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to export
    kind: Kind,
    /// In which form
    #[arg(long, default_value = "csv")]
    format: Format,
    /// Of this team only
    #[arg(long, conflicts_with = "group")]
    team: Option<String>,
    /// Of the teams of this group only
    #[arg(long)]
    group: Option<String>,
    /// As of this quarter, like 2026-Q4 [default: the latest; for answers all]
    #[arg(long)]
    period: Option<Period>,
    /// Gaps up to this stage of the roadmap only
    #[arg(long)]
    stage: Option<usize>,
    /// Write to this file instead of standard output
    #[arg(short, long)]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Answers,
    Levels,
    Gaps,
    Trend,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Json,
}

pub(super) fn run(arguments: &Arguments, database: &Path, clock: Clock) -> Result<(), Failure> {
    let cairn = open(database, Missing::Refuse)?;
    let caller = operator(clock);
    let scope = match (&arguments.team, &arguments.group) {
        (Some(team), _) => ScopeId::Team(cairn.team_named(&caller, team)?),
        (None, Some(group)) => ScopeId::Group(cairn.group_named(&caller, group)?),
        (None, None) => ScopeId::Organization,
    };
    let request = ExportRequest {
        kind: match arguments.kind {
            Kind::Answers => ExportKind::Answers,
            Kind::Levels => ExportKind::Levels,
            Kind::Gaps => ExportKind::Gaps,
            Kind::Trend => ExportKind::Trend,
        },
        format: match arguments.format {
            Format::Csv => ExportFormat::Csv,
            Format::Json => ExportFormat::Json,
        },
        selection: Selection { scope, period: arguments.period },
        stage: arguments.stage.map(StageNumber),
    };
    let bytes = cairn.export(&caller, request)?;
    match &arguments.output {
        Some(path) => write_whole(path, &bytes),
        None => match std::io::stdout().write_all(&bytes) {
            // Whoever reads has had enough, as `head` does.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        },
    }
}

/// Writes a file so that it is there whole or not at all.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: cannot be written: {error}", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    file.write_all(bytes).map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error.error))?;
    Ok(())
}
