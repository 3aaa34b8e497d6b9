//! `cairn import`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::printed::As;
use super::{Failure, count, open, operator, preview, print, read_file};
use crate::app::{ImportInto, ImportOptions, ImportSummary, Missing, ThreatModelImport};
use crate::clock::Clock;
use crate::domain::import::{Fate, Subject};
use crate::formats::{self, Source};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The files: answers, evidence, teams and those of the DSOMM application, of which all are imported or
    /// none, or threat models; which it is is seen from the content
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The team that threat models are of
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
    /// Submit the assessments that the files speak of
    #[arg(long)]
    submit: bool,
    /// Pass over answers to activities that the catalog does not have, with a warning for each
    #[arg(long)]
    skip_unknown: bool,
    /// Say what would happen, but change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    pub(super) printed: As,
}

pub(super) fn run(arguments: &Arguments, database: &Path, clock: Clock) -> Result<(), Failure> {
    let mut files = Vec::new();
    for path in &arguments.files {
        files.push((path.display().to_string(), read_file(path, formats::incoming::MAX_BYTES)?));
    }
    let sources: Vec<_> = files.iter().map(|(name, bytes)| Source { name, bytes }).collect();
    let is_threat_model = |source: &Source<'_>| {
        !formats::incoming::is_known(source.bytes) && formats::threat_model::is_threat_model(source.bytes)
    };
    if sources.iter().all(is_threat_model) {
        return import_threat_models(arguments, database, clock, &sources);
    }
    if arguments.team.is_some() {
        return Err(team_is_for_threat_models(&sources, is_threat_model).into());
    }
    let options =
        ImportOptions { submit: arguments.submit, skip_unknown: arguments.skip_unknown, dry_run: arguments.dry_run };
    let summary = if database.exists() {
        open(database, Missing::Refuse)?.import(&operator(clock), &sources, options)?
    } else {
        import_first(database, &sources, options, clock)?
    };
    if arguments.printed.is_json() {
        return print(&format!("{:#}", in_json(&summary, options)));
    }
    for warning in &summary.warnings {
        tell!("warning: {warning}");
    }
    for team in &summary.teams_added {
        tell!("new team: {team}");
    }
    if options.dry_run {
        print(&preview::of_files(&summary.changes))?;
    }
    tell!("{}", sentence(&summary, options));
    Ok(())
}

/// Why `--team` is refused: what other files say is of the teams that they name.
fn team_is_for_threat_models(sources: &[Source<'_>], is_threat_model: impl Fn(&Source<'_>) -> bool) -> String {
    let others: Vec<&str> =
        sources.iter().filter(|source| !is_threat_model(source)).map(|source| source.name).collect();
    format!(
        "--team says whose threat models are, and {} no threat model; answers, evidence and teams are of the teams \
         that the file names, so leave --team out",
        if let [one] = others.as_slice() { format!("{one} is") } else { format!("{} are", others.join(", ")) }
    )
}

/// Imports threat models one by one, each of which is a revision of its own, after all were found to be readable.
fn import_threat_models(
    arguments: &Arguments,
    database: &Path,
    clock: Clock,
    sources: &[Source<'_>],
) -> Result<(), Failure> {
    let Some(team) = arguments.team.clone() else {
        // What only begins like one, as pages of the web do, is better told what it is.
        for source in sources {
            formats::threat_model::read(*source)?;
        }
        return Err("these are threat models: say with --team NAME whose they are".into());
    };
    let (cairn, into) = (open(database, Missing::Refuse)?, ImportInto::TeamNamed(team));
    for source in sources {
        cairn.look_at_threat_model(&operator(clock), *source, &into)?;
    }
    let mut done = Vec::new();
    for source in sources {
        let import = if arguments.dry_run {
            cairn.look_at_threat_model(&operator(clock), *source, &into)?
        } else {
            cairn.import_threat_model(&operator(clock), *source, &into)?
        };
        if arguments.printed.is_json() {
            done.push(json!({
                "dry_run": arguments.dry_run,
                "id": import.id,
                "changed": import.is_change,
                "changes": import.changes.map(|changes| changes.summary()),
                "file": import.inspection,
            }));
        } else {
            say(&import, arguments.dry_run)?;
        }
    }
    if arguments.printed.is_json() { print(&format!("{:#}", Value::Array(done))) } else { Ok(()) }
}

/// Says what became of a threat model.
fn say(import: &ThreatModelImport, dry_run: bool) -> Result<(), Failure> {
    for warning in &import.inspection.warnings {
        tell!("warning: {warning}");
    }
    let did = match &import.changes {
        None => "a new threat model".to_owned(),
        Some(_) if !import.is_change => "nothing changed".to_owned(),
        Some(changes) => format!("another revision: {}", changes.summary()),
    };
    if dry_run {
        print(&preview::of_threat_model(import))?;
    }
    let prefix = if dry_run { "This would be done: " } else { "" };
    tell!("{prefix}“{}” from {}: {did}", import.inspection.title, import.inspection.format.title());
    Ok(())
}

/// Imports into a database that is not there yet. It is made only when the files are good, which a
/// try in a database that is thrown away tells.
fn import_first(
    database: &Path,
    sources: &[Source<'_>],
    options: ImportOptions,
    clock: Clock,
) -> Result<ImportSummary, Failure> {
    let folder = tempfile::tempdir()?;
    let trial = open(&folder.path().join("trial.db"), Missing::Create)?;
    let summary = trial.import(&operator(clock), sources, ImportOptions { dry_run: true, ..options })?;
    if options.dry_run {
        return Ok(summary);
    }
    Ok(open(database, Missing::Create)?.import(&operator(clock), sources, options)?)
}

/// What an import did, for programs: what the interface answers, too.
fn in_json(summary: &ImportSummary, options: ImportOptions) -> Value {
    json!({
        "dry_run": options.dry_run,
        "recorded": summary.recorded,
        "unchanged": summary.unchanged,
        "opened": summary.opened,
        "submitted": summary.submitted,
        "teams_added": summary.teams_added,
        "warnings": summary.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "counts": summary.changes.counts(),
        "changes": summary.changes.kept().collect::<Vec<_>>(),
    })
}

fn sentence(summary: &ImportSummary, options: ImportOptions) -> String {
    let count = |n: usize, one, many| count(n as u64, one, many);
    let of = |subject, fate| summary.changes.count(subject, fate);
    let mut did = vec![
        count(summary.teams_added.len(), "team added", "teams added"),
        count(summary.opened, "assessment opened", "assessments opened"),
        count(summary.recorded, "answer recorded", "answers recorded"),
        count(summary.unchanged, "row unchanged", "rows unchanged"),
        count(summary.submitted, "assessment submitted", "assessments submitted"),
    ];
    // What most files do not speak of is told only where they do.
    for (number, one, many) in [
        (of(Subject::Team, Fate::Changed), "team changed", "teams changed"),
        (of(Subject::Group, Fate::New), "group added", "groups added"),
        (of(Subject::Evidence, Fate::New), "piece of evidence added", "pieces of evidence added"),
        (of(Subject::Evidence, Fate::Changed), "piece of evidence changed", "pieces of evidence changed"),
        (of(Subject::Evidence, Fate::Same), "piece of evidence unchanged", "pieces of evidence unchanged"),
        (of(Subject::Scale, Fate::Changed), "progress scale changed", "progress scales changed"),
    ] {
        if number > 0 {
            did.push(count(number, one, many));
        }
    }
    let prefix = if options.dry_run { "This would be done: " } else { "" };
    format!("{prefix}{}", did.join(", "))
}
