//! `cairn catalog …`.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Failure, open, operator, read_file};
use crate::app::Missing;
use crate::clock::Clock;
use crate::domain::catalog::{Catalog, Content, MAX_LEVEL};
use crate::domain::catalog_change::CatalogChange;
use crate::formats::{self, Source};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read a catalog in the form of DSOMM's model.yaml and print its counts, or all its faults
    Check {
        /// The files, or folders of files, that make up one catalog
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Print what is added, removed, renamed, moved, re-levelled and reworded from one catalog to another
    Diff {
        /// The old catalog: a file or a folder of files
        old: PathBuf,
        /// The new one
        new: PathBuf,
    },
    /// Make new assessments with this catalog. A file that leaves something out, lacks properties or
    /// has few activities is an overlay over the bundled catalog
    Use {
        /// The file: a whole catalog or an overlay
        #[arg(required_unless_present = "bundled")]
        file: Option<PathBuf>,
        /// Go back to the bundled catalog
        #[arg(long, conflicts_with = "file")]
        bundled: bool,
    },
}

pub(super) fn run(command: &Command, database: &Path, clock: Clock) -> Result<(), Failure> {
    match command {
        Command::Check { files } => check(files),
        Command::Diff { old, new } => diff(old, new),
        Command::Use { file, .. } => put_to_use(file.as_deref(), database, clock),
    }
}

fn diff(old: &Path, new: &Path) -> Result<(), Failure> {
    let (old, new) = (content(old)?, content(new)?);
    print!("{}", formats::catalog_change::text(&CatalogChange::between(&old, &new)));
    Ok(())
}

/// The content of a file or folder, as far as it can be read.
fn content(path: &Path) -> Result<Content, Failure> {
    let mut files = Vec::new();
    collect(path, &mut files)?;
    let sources: Vec<_> = files.iter().map(|(name, bytes)| Source { name, bytes }).collect();
    Ok(formats::catalog::read_content(&sources)?)
}

fn put_to_use(file: Option<&Path>, database: &Path, clock: Clock) -> Result<(), Failure> {
    let caller = operator(clock);
    let used = match file {
        None => open(database, Missing::Refuse)?.use_bundled_catalog(&caller)?,
        Some(path) => {
            let (name, bytes) = (path.display().to_string(), read_file(path, formats::catalog::MAX_BYTES)?);
            open(database, Missing::Create)?.use_catalog(&caller, Source { name: &name, bytes: &bytes })?
        }
    };
    for warning in &used.warnings {
        eprintln!("warning: {warning}");
    }
    let (before, now) = (used.before.content(), used.catalog.content());
    print!("{}", formats::catalog_change::text(&CatalogChange::between(&before, &now)));
    if used.left_out > 0 {
        eprintln!(
            "{} of the activities that teams have answered are not in it; those answers stay in their assessments.",
            used.left_out
        );
    }
    eprintln!(
        "New assessments are made with {} ({} activities, version {}, digest {}); those that are there keep theirs.",
        if used.is_overlay { "the bundled catalog under this overlay" } else { "this catalog" },
        used.catalog.len(),
        used.catalog.version().unwrap_or("not given"),
        used.catalog.digest()
    );
    Ok(())
}

fn check(paths: &[PathBuf]) -> Result<(), Failure> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    let sources: Vec<_> = files.iter().map(|(name, bytes)| Source { name, bytes }).collect();
    let reading = formats::catalog::read(&sources)?;
    for warning in &reading.warnings {
        eprintln!("warning: {warning}");
    }
    print!("{}", counts(&reading.value));
    Ok(())
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

fn row(catalog: &Catalog, name: &str, activities: &[crate::domain::catalog::ActivityIndex]) -> String {
    let of_level = |level| activities.iter().filter(|&&index| catalog.activity(index).level == level).count();
    let levels: String = (1..=MAX_LEVEL).map(|level| format!("{:>5}", of_level(level))).collect();
    format!("{name:<52}{levels}{:>6}", activities.len())
}
