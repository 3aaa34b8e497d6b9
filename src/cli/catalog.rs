//! `cairn catalog …`.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Failure, read_file};
use crate::domain::catalog::{Catalog, MAX_LEVEL};
use crate::formats::{self, Source};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read a catalog in the form of DSOMM's model.yaml and print its counts, or all its faults
    Check {
        /// The files, or folders of files, that make up one catalog
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
}

pub(super) fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Check { files } => check(files),
    }
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
