//! `cairn export`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::serve::LinkArguments;
use super::{Failure, keep_the_database, one_of, open, operator};
use crate::app::{AskedPlan, Cairn, ExportFormat, ExportKind, ExportRequest, Missing};
use crate::clock::Clock;
use crate::domain::access::Caller;
use crate::domain::comparison::{AskedSide, ComparisonFilter};
use crate::domain::mapping::Standard;
use crate::domain::organization::ScopeId;
use crate::domain::period::Period;
use crate::domain::portfolio::PortfolioFilter;
use crate::domain::roadmap::StageNumber;
use crate::domain::view::{GapFilter, Selection};
use crate::web::links;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What to export
    #[arg(value_parser = one_of::<ExportKind>())]
    kind: ExportKind,
    /// In which form [default: csv; for the files of the DSOMM application yaml]
    #[arg(long, value_parser = one_of::<ExportFormat>())]
    format: Option<ExportFormat>,
    /// Of this team only
    #[arg(long, conflicts_with = "group")]
    team: Option<String>,
    /// Of the teams of this group only
    #[arg(long)]
    group: Option<String>,
    /// As of this quarter, like 2026-Q4 [default: the latest; for answers all]
    #[arg(long)]
    period: Option<Period>,
    /// Gaps, a roadmap and work items up to this stage only; practices of this stage only
    #[arg(long)]
    stage: Option<usize>,
    /// Compare with this team
    #[arg(long, conflicts_with = "against_group")]
    against_team: Option<String>,
    /// Compare with the teams of this group
    #[arg(long)]
    against_group: Option<String>,
    /// Compare with this quarter [default: the one before, or with somebody else the same]
    #[arg(long)]
    against_period: Option<Period>,
    /// Compare what does not differ, too
    #[arg(long)]
    all: bool,
    /// The plan of this name [default: the one that is followed, or else what is proposed]
    #[arg(long)]
    plan: Option<String>,
    /// The plan as it was saved with this number [default: the latest]
    #[arg(long, requires = "plan")]
    plan_version: Option<u32>,
    /// Mappings to this standard, or statements about its clauses
    #[arg(long, default_value = "iso27001-2022", value_parser = one_of::<Standard>())]
    standard: Standard,
    /// Write to this file instead of standard output
    #[arg(short, long)]
    output: Option<PathBuf>,
    #[command(flatten)]
    links: LinkArguments,
}

/// Exports. Work items link to the service where its public address is given.
pub(super) fn run(arguments: &Arguments, database: &Path, clock: Clock) -> Result<(), Failure> {
    let cairn = open(database, Missing::Refuse)?;
    let caller = operator(clock);
    let scope = scope(&cairn, &caller, arguments.team.as_deref(), arguments.group.as_deref())?;
    let against = AskedSide {
        scope: match (&arguments.against_team, &arguments.against_group) {
            (Some(team), _) => Some(ScopeId::Team(cairn.team_named(&caller, team)?)),
            (None, Some(group)) => Some(ScopeId::Group(cairn.group_named(&caller, group)?)),
            (None, None) => None,
        },
        period: arguments.against_period.map(Some),
    };
    let selection = Selection { scope, period: arguments.period };
    let plan = arguments.plan.as_deref().map(|name| cairn.plan_named(&caller, selection, name)).transpose()?;
    let request = ExportRequest {
        kind: arguments.kind,
        format: arguments.format.unwrap_or_else(|| arguments.kind.usual_format()),
        selection,
        filter: GapFilter { up_to: arguments.stage.map(StageNumber), ..GapFilter::default() },
        standard: arguments.standard,
        portfolio: PortfolioFilter::default(),
        comparison: ComparisonFilter {
            sides: [AskedSide::default(), against],
            all: arguments.all,
            ..ComparisonFilter::default()
        },
        plan: plan.map(|id| AskedPlan { id, version: arguments.plan_version, part: Some(selection) }),
        links: arguments.links.public_url.as_ref().map(links),
    };
    if let Some(path) = &arguments.output {
        keep_the_database(path, database)?;
    }
    deliver(arguments.output.as_deref(), &cairn.export(&caller, request)?)
}

/// The scope of this name.
pub(super) fn scope(
    cairn: &Cairn,
    caller: &Caller,
    team: Option<&str>,
    group: Option<&str>,
) -> Result<ScopeId, Failure> {
    Ok(match (team, group) {
        (Some(team), _) => ScopeId::Team(cairn.team_named(caller, team)?),
        (None, Some(group)) => ScopeId::Group(cairn.group_named(caller, group)?),
        (None, None) => ScopeId::Organization,
    })
}

/// Writes a result to a file, or else to standard output.
pub(super) fn deliver(output: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match output {
        Some(path) => write_whole(path, bytes),
        None => match std::io::stdout().write_all(bytes) {
            // Whoever reads has had enough, as `head` does.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => Ok(other?),
        },
    }
}

/// Writes a file so that it is there whole or not at all. What is there and no plain file, such as
/// a device or a pipe, is written to and not replaced.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: cannot be written: {error}", path.display());
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let mut file = std::fs::OpenOptions::new().write(true).open(path).map_err(|error| failed(&error))?;
        return Ok(file.write_all(bytes).map_err(|error| failed(&error))?);
    }
    // A link to a file stays a link.
    let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = new_file(folder).map_err(|error| failed(&error))?;
    file.write_all(bytes).map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error.error))?;
    Ok(())
}

/// A new file beside the one it will become, with the permissions that new files usually get.
fn new_file(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cairn-export-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}
