//! `cairn threat-model …`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::printed::As;
use super::{Failure, count, print, read_file};
use crate::domain::named::Named as _;
use crate::domain::threat_model::category::Stride;
use crate::domain::threat_model::format::Inspection;
use crate::domain::threat_model::words::{ElementKind, ThreatStatus};
use crate::formats::{self, Source};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Read a threat model of any of the tools that are known, and print what is in it; nothing is kept
    Inspect {
        /// The file; what it is is seen from its content
        file: PathBuf,
        #[command(flatten)]
        printed: As,
    },
}

impl Command {
    /// How the result is printed.
    pub(super) fn printed(&self) -> As {
        let Self::Inspect { printed, .. } = self;
        *printed
    }
}

pub(super) fn run(command: &Command) -> Result<(), Failure> {
    match command {
        Command::Inspect { file, printed } => inspect(file, *printed),
    }
}

fn inspect(file: &Path, printed: As) -> Result<(), Failure> {
    let bytes = read_file(file, formats::threat_model::MAX_BYTES)?;
    let name = file.display().to_string();
    let reading = formats::threat_model::read(Source { name: &name, bytes: &bytes })?;
    let inspection = Inspection::new(&reading.value, reading.warnings);
    printed.print(|| json!(inspection), || print(text(&inspection).trim_end()))
}

/// What is in a threat model, in lines.
fn text(inspection: &Inspection) -> String {
    let title = if inspection.title.is_empty() { "(without a title)" } else { inspection.title.as_str() };
    let mut lines = vec![format!("{title}, of {}", inspection.format.title())];
    lines.push(format!("{}{}", part("elements"), total(inspection.elements.values().sum())));
    for (kind, n) in counted::<ElementKind>(&inspection.elements) {
        lines.push(row(kind.title(), n));
    }
    lines.push(format!("{}{}", part("threats"), total(inspection.threats)));
    for (status, n) in counted::<ThreatStatus>(&inspection.status) {
        lines.push(row(status.name(), n));
    }
    if inspection.threats > 0 {
        lines.push(format!("{}{}", part("with a mitigation"), total(inspection.with_mitigation)));
        lines.push("by STRIDE".to_owned());
        for kind in Stride::ALL {
            if let Some(&n) = inspection.stride.get(&kind.letter().to_string()) {
                lines.push(row(kind.title(), n));
            }
        }
        if let Some(&n) = inspection.stride.get("none") {
            lines.push(row("of no kind of it", n));
        }
    }
    let warnings = u64::try_from(inspection.warnings.len()).unwrap_or(u64::MAX);
    if warnings > 0 {
        lines.push(count(warnings, "warning", "warnings"));
        lines.extend(inspection.warnings.iter().map(|warning| format!("  {warning}")));
    }
    lines.join("\n")
}

/// The values of a vocabulary that are there, in its order.
fn counted<T: crate::domain::named::Named>(counts: &BTreeMap<&'static str, usize>) -> Vec<(T, usize)> {
    T::NAMED.iter().filter_map(|&(name, value)| counts.get(name).map(|&n| (value, n))).collect()
}

fn part(name: &str) -> String {
    format!("{name:<26}")
}

fn total(n: usize) -> String {
    format!("{n:>6}")
}

fn row(name: &str, n: usize) -> String {
    format!("  {name:<24}{n:>6}")
}
