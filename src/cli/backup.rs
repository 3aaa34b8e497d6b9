//! `cairn backup` and `cairn restore`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::printed::{As, with};
use super::{Failure, count, keep_the_database, open, operator, print};
use crate::app::{Cairn, Existing, Missing};
use crate::clock::Clock;
use crate::domain::backup::BackupContent;

#[derive(Debug, Args)]
pub(super) struct BackupArguments {
    /// The file to write
    file: PathBuf,
    /// Replace the file if it is there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    pub(super) printed: As,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The backup; it stays where it is
    file: PathBuf,
    #[command(flatten)]
    pub(super) printed: As,
}

pub(super) fn back_up(arguments: &BackupArguments, database: &Path, clock: Clock) -> Result<(), Failure> {
    let file = arguments.file.as_path();
    keep_the_database(file, database)?;
    if !arguments.force && file.symlink_metadata().is_ok() {
        return Err(
            format!("{} exists already; choose another name, or replace it with --force", file.display()).into()
        );
    }
    let existing = if arguments.force { Existing::Replace } else { Existing::Refuse };
    let content = open(database, Missing::Refuse)?.back_up(&operator(clock), file, existing)?;
    let message = format!("{} is a backup of {}: {}", file.display(), database.display(), what_is_in(content));
    arguments.printed.say(|| in_json(file, content), &message)
}

pub(super) fn restore(arguments: &RestoreArguments, database: &Path, clock: Clock) -> Result<(), Failure> {
    let restored = Cairn::restore(&operator(clock), &arguments.file, database)?;
    if arguments.printed.is_json() {
        let kept = restored.kept.map(|kept| kept.display().to_string());
        let more = [("migrated", restored.migrated.into()), ("kept", kept.into())];
        return print(&format!("{:#}", with(in_json(database, restored.content), more)));
    }
    let what = what_is_in(restored.content);
    tell!("{} is restored from {}: {what}", database.display(), arguments.file.display());
    if restored.migrated {
        tell!("The backup was made by an older version of Cairn; the database has the schema of this version");
    }
    if let Some(kept) = restored.kept {
        tell!("What was there before is kept in {}", kept.display());
    }
    tell!("Everybody is signed out. Disable and revoke again the accounts and tokens that you did since the backup");
    Ok(())
}

/// What a file holds, for programs.
fn in_json(file: &Path, content: BackupContent) -> serde_json::Value {
    let BackupContent { bytes, teams, assessments } = content;
    json!({ "file": file.display().to_string(), "bytes": bytes, "teams": teams, "assessments": assessments })
}

fn what_is_in(content: BackupContent) -> String {
    let [bytes, teams, assessments] = [
        count(content.bytes, "byte", "bytes"),
        count(content.teams, "team", "teams"),
        count(content.assessments, "assessment", "assessments"),
    ];
    format!("{bytes}, {teams}, {assessments}")
}
