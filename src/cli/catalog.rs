//! `cairn catalog …`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::printed::{As, with};
use super::{Failure, open, operator, print, read_file};
use crate::app::{CatalogFile, CatalogUse, Error, LeaveOut, Missing, ReadCatalog};
use crate::clock::Clock;
use crate::domain::catalog::{ActivityIndex, Catalog, MAX_LEVEL};
use crate::domain::catalog_change::{CatalogChange, Changed, Placed};
use crate::formats::catalog::Kind;
use crate::formats::{self, Source};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read a catalog, or an overlay over one, and print its counts, or all its faults
    Check {
        /// The files, or folders of files, that make up one catalog or overlay
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        reading: How,
        #[command(flatten)]
        printed: As,
    },
    /// Print what is added, removed, renamed, moved, re-levelled and reworded from one catalog to another
    Diff {
        /// The old catalog, or an overlay: a file or a folder of files
        old: PathBuf,
        /// The new one
        new: PathBuf,
        #[command(flatten)]
        reading: How,
        #[command(flatten)]
        printed: As,
    },
    /// Add the activities of a file that the catalog in use does not have, and change no other
    Add {
        /// The files, or folders of files: a model with activities of your own, such as a generated.yaml
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        printed: As,
    },
    /// Make new assessments with this catalog, or with one that this overlay changes
    Use {
        /// The file, or a folder of files: a whole catalog or an overlay
        #[arg(required_unless_present = "bundled")]
        file: Option<PathBuf>,
        #[command(flatten)]
        reading: How,
        #[command(flatten)]
        printed: As,
        /// Also if activities that teams have answered are left out; their answers stay where they are
        #[arg(long)]
        leave_out_answered: bool,
        /// Go back to the bundled catalog
        #[arg(long, conflicts_with_all = ["file", "whole", "overlay", "over", "leave_out_answered"])]
        bundled: bool,
    },
}

/// How a file is understood. Unless it is said, a file that names its version or has at least 100
/// activities is a whole catalog, and any other is an overlay.
#[derive(Debug, Args)]
pub(super) struct How {
    /// Read it as a whole catalog, however few activities it has
    #[arg(long, conflicts_with = "overlay")]
    whole: bool,
    /// Read it as an overlay, however many activities it has
    #[arg(long)]
    overlay: bool,
    /// The catalog that the overlay changes, if not the bundled one: a file or a folder of files
    #[arg(long, value_name = "CATALOG", conflicts_with = "whole")]
    over: Option<PathBuf>,
}

impl Command {
    /// How the result is printed.
    pub(super) fn printed(&self) -> As {
        match self {
            Self::Check { printed, .. }
            | Self::Diff { printed, .. }
            | Self::Add { printed, .. }
            | Self::Use { printed, .. } => *printed,
        }
    }
}

impl How {
    fn kind(&self) -> Option<Kind> {
        match (self.whole, self.overlay || self.over.is_some()) {
            (true, _) => Some(Kind::Whole),
            (false, true) => Some(Kind::Overlay),
            (false, false) => None,
        }
    }
}

pub(super) fn run(command: &Command, database: &Path, clock: Clock) -> Result<(), Failure> {
    match command {
        Command::Check { files, reading, printed } => check(files, reading, *printed),
        Command::Diff { old, new, reading, printed } => diff(old, new, reading, *printed),
        Command::Add { files, printed } => add(files, *printed, database, clock),
        Command::Use { file, reading, leave_out_answered, printed, .. } => {
            let leave_out = if *leave_out_answered { LeaveOut::Wanted } else { LeaveOut::Refuse };
            put_to_use(file.as_deref(), reading, leave_out, *printed, database, clock)
        }
    }
}

fn check(paths: &[PathBuf], how: &How, printed: As) -> Result<(), Failure> {
    let (catalog, warnings) = sound(read(paths, how.kind(), how.over.as_deref())?, how, printed)?;
    printed.print(
        || with(counts_for_programs(&catalog), [("warnings", warnings.into())]),
        || print(counts(&catalog).trim_end()),
    )
}

fn diff(old: &Path, new: &Path, how: &How, printed: As) -> Result<(), Failure> {
    let (mut contents, mut warnings) = (Vec::new(), Vec::new());
    for path in [old, new] {
        // What an overlay lies over may itself be one of the two, so `--over` alone says nothing of either.
        let kind = if how.whole { Some(Kind::Whole) } else { how.overlay.then_some(Kind::Overlay) };
        let ReadCatalog { kind, built } = read(&[path.to_owned()], kind, how.over.as_deref())?;
        if kind == Kind::Overlay {
            let message = format!("{}: read as an overlay", path.display());
            if printed.is_json() { warnings.push(message) } else { tell!("{message}") }
        }
        // What can be read is compared; an old file with faults is the reason to upgrade.
        if let Err(faults) = built.catalog {
            if built.content.dimensions.is_empty() {
                return Err(faults.into());
            }
            warnings.extend(warn(faults.to_string().lines(), printed));
        }
        contents.push(built.content);
    }
    if let [old, new] = contents.as_slice() {
        let change = CatalogChange::between(old, new);
        printed.print(
            || with(change_for_programs(&change), [("warnings", warnings.into())]),
            || print(formats::catalog_change::text(&change).trim_end()),
        )?;
    }
    Ok(())
}

fn add(paths: &[PathBuf], printed: As, database: &Path, clock: Clock) -> Result<(), Failure> {
    let mut files = Vec::new();
    for path in paths {
        gather(path, &mut files)?;
    }
    let sources = sources(&files);
    if !database.exists() {
        // It is made only when the files are good, which a try in a database that is thrown away tells.
        let folder = tempfile::tempdir()?;
        open(&folder.path().join("trial.db"), Missing::Create)?.add_activities(&operator(clock), &sources)?;
    }
    let (used, warnings) = open(database, Missing::Create)?.add_activities(&operator(clock), &sources)?;
    let warnings = warn(&warnings, printed);
    say(&used, "the catalog with these activities", warnings, printed)
}

fn put_to_use(
    file: Option<&Path>,
    how: &How,
    leave_out: LeaveOut,
    printed: As,
    database: &Path,
    clock: Clock,
) -> Result<(), Failure> {
    let caller = operator(clock);
    let (used, what, warnings) = match file {
        None => {
            let used = open(database, Missing::Refuse)?.use_bundled_catalog(&caller)?;
            (used, "the bundled catalog".to_owned(), Vec::new())
        }
        Some(path) => {
            let read = read(&[path.to_owned()], how.kind(), how.over.as_deref())?;
            let what = match (read.kind, &how.over) {
                (Kind::Whole, _) => "this catalog".to_owned(),
                (Kind::Overlay, None) => "the bundled catalog under this overlay".to_owned(),
                (Kind::Overlay, Some(over)) => format!("{} under this overlay", over.display()),
            };
            let kind = read.kind;
            let (catalog, warnings) = sound(read, how, printed)?;
            let used = open(database, Missing::Create)?.use_catalog(&caller, &catalog, kind, leave_out);
            (used.map_err(how_to_leave_out)?, what, warnings)
        }
    };
    say(&used, &what, warnings, printed)
}

/// Says what changed, and with what assessments are made from now on.
fn say(used: &CatalogUse, what: &str, warnings: Vec<String>, printed: As) -> Result<(), Failure> {
    let (before, now) = (used.before.content(), used.catalog.content());
    let change = CatalogChange::between(&before, &now);
    if printed.is_json() {
        let more =
            [("catalog", about(&used.catalog)), ("left_out", used.left_out.into()), ("warnings", warnings.into())];
        return print(&format!("{:#}", with(change_for_programs(&change), more)));
    }
    print(formats::catalog_change::text(&change).trim_end())?;
    if used.left_out > 0 {
        tell!(
            "{} of the activities that teams have answered are not in it; those answers stay in their assessments.",
            used.left_out
        );
    }
    tell!(
        "New assessments are made with {what} ({} activities, version {}, digest {}); those that are there keep theirs.",
        used.catalog.len(),
        used.catalog.version().unwrap_or("not given"),
        used.catalog.digest()
    );
    Ok(())
}

/// Adds the option that would allow it.
fn how_to_leave_out(error: Error) -> Failure {
    match error {
        Error::Refused(message) => format!("{message}, with --leave-out-answered.").into(),
        other => other.into(),
    }
}

/// Reads the files of one catalog or overlay.
fn read(paths: &[PathBuf], kind: Option<Kind>, over: Option<&Path>) -> Result<ReadCatalog, Failure> {
    let (mut files, mut under) = (Vec::new(), Vec::new());
    for path in paths {
        gather(path, &mut files)?;
    }
    if let Some(path) = over {
        gather(path, &mut under)?;
    }
    Ok(CatalogFile { sources: sources(&files), kind, over: sources(&under) }.read()?)
}

fn sources(files: &[(String, Vec<u8>)]) -> Vec<Source<'_>> {
    files.iter().map(|(name, bytes)| Source { name, bytes }).collect()
}

/// Warns people at once. Programs get the warnings in the result, as what is on standard error is to be JSON, too.
fn warn(warnings: impl IntoIterator<Item = impl ToString>, printed: As) -> Vec<String> {
    let warnings: Vec<String> = warnings.into_iter().map(|warning| warning.to_string()).collect();
    if !printed.is_json() {
        warnings.iter().for_each(|warning| tell!("warning: {warning}"));
    }
    warnings
}

/// The catalog that was read, with its warnings; or its faults. What is missing may be so only because
/// the file was not understood as it was meant, so then it is said how it was.
fn sound(read: ReadCatalog, how: &How, printed: As) -> Result<(Catalog, Vec<String>), Failure> {
    let ReadCatalog { kind, built } = read;
    let warnings = warn(&built.warnings, printed);
    let catalog = built.catalog.map_err(|faults| -> Failure {
        let lacks = faults.iter().any(|fault| fault.message.contains(" is missing") || fault.message.contains("leave"));
        match kind {
            _ if how.kind().is_some() || !lacks => faults.into(),
            Kind::Whole => {
                format!("{faults}\nThis was read as a whole catalog; if it is an overlay, add --overlay.").into()
            }
            Kind::Overlay => {
                format!("{faults}\nThis was read as an overlay; if it is a whole catalog, add --whole.").into()
            }
        }
    })?;
    Ok((catalog, warnings))
}

/// Collects what makes up a catalog, and does not take a folder without files for one.
fn gather(path: &Path, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    let before = files.len();
    collect(path, files)?;
    if files.len() == before { Err(format!("{}: there is no YAML file in it", path.display()).into()) } else { Ok(()) }
}

/// The file itself, or all YAML files in and below a folder, in the order of their paths.
fn collect(path: &Path, files: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    if !path.is_dir() {
        files.push((path.display().to_string(), read_file(path, formats::catalog::MAX_BYTES)?));
        return Ok(());
    }
    let failed = |error: std::io::Error| format!("{}: cannot be read: {error}", path.display());
    let entries: Result<Vec<_>, _> = std::fs::read_dir(path).map_err(failed)?.collect();
    let mut entries: Vec<PathBuf> = entries.map_err(failed)?.into_iter().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        // A link may lead back to where we are.
        if entry.is_symlink() {
            continue;
        }
        let is_yaml = entry.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if entry.is_dir() || is_yaml {
            collect(&entry, files)?;
        }
    }
    Ok(())
}

/// What tells a catalog from others, for programs.
fn about(catalog: &Catalog) -> Value {
    json!({
        "version": catalog.version(),
        "digest": catalog.digest().to_string(),
        "activities": catalog.len(),
    })
}

/// How many activities there are of each level in each part, for programs.
fn counts_for_programs(catalog: &Catalog) -> Value {
    let levels = |activities: &[ActivityIndex]| -> Value {
        (1..=MAX_LEVEL)
            .map(|level| activities.iter().filter(|&&index| catalog.activity(index).level == level).count())
            .collect()
    };
    let dimensions = catalog.dimensions().iter().map(|dimension| {
        let sub_dimensions: Vec<Value> = dimension
            .sub_dimensions
            .iter()
            .map(
                |sub| json!({ "name": sub.name, "activities_by_level": levels(&sub.activities().collect::<Vec<_>>()) }),
            )
            .collect();
        json!({ "name": dimension.name, "sub_dimensions": sub_dimensions })
    });
    with(about(catalog), [("dimensions", dimensions.collect())])
}

/// What differs between two catalogs, for programs: the ids and names of activities.
fn change_for_programs(change: &CatalogChange<'_>) -> Value {
    let placed = |placed: &Placed<'_>| json!({ "id": placed.activity.id.0, "name": placed.activity.name });
    let kept = |condition: fn(&Changed<'_>) -> bool| -> Value {
        change.kept_and(condition).map(|changed| placed(&changed.new)).collect()
    };
    json!({
        "added": change.added.iter().map(placed).collect::<Vec<_>>(),
        "removed": change.removed.iter().map(placed).collect::<Vec<_>>(),
        "renamed": kept(|changed| changed.is_renamed()),
        "moved": kept(|changed| changed.is_moved()),
        "relevelled": kept(|changed| changed.is_relevelled()),
        "reworded": kept(|changed| changed.is_reworded()),
        "otherwise_changed": kept(|changed| !changed.otherwise().is_empty()),
    })
}

/// Counts by dimension, sub-dimension and level, aligned for reading.
fn counts(catalog: &Catalog) -> String {
    let mut lines = vec![format!(
        "{} activities in {} dimensions, version {}, digest {}",
        catalog.len(),
        catalog.dimensions().len(),
        catalog.version().unwrap_or("not given"),
        catalog.digest()
    )];
    lines.push(format!("{:<50}{}", "", "level 1    2    3    4    5   all"));
    for dimension in catalog.dimensions() {
        let all: Vec<_> = dimension.sub_dimensions.iter().flat_map(|sub| sub.activities()).collect();
        lines.push(row(catalog, &dimension.name, &all));
        for sub in &dimension.sub_dimensions {
            lines.push(row(catalog, &format!("  {}", sub.name), &sub.activities().collect::<Vec<_>>()));
        }
    }
    lines.join("\n") + "\n"
}

fn row(catalog: &Catalog, name: &str, activities: &[ActivityIndex]) -> String {
    let of_level = |level| activities.iter().filter(|&&index| catalog.activity(index).level == level).count();
    let levels: String = (1..=MAX_LEVEL).map(|level| format!("{:>5}", of_level(level))).collect();
    format!("{name:<52}{levels}{:>6}", activities.len())
}
