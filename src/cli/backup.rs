//! `cairn backup` and `cairn restore`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, count, keep_the_database, open, operator};
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
}

#[derive(Debug, Args)]
pub(super) struct RestoreArguments {
    /// The backup; it stays where it is
    file: PathBuf,
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
    eprintln!("{} is a backup of {}: {}", file.display(), database.display(), what_is_in(content));
    Ok(())
}

pub(super) fn restore(arguments: &RestoreArguments, database: &Path, clock: Clock) -> Result<(), Failure> {
    let restored = Cairn::restore(&operator(clock), &arguments.file, database)?;
    let what = what_is_in(restored.content);
    eprintln!("{} is restored from {}: {what}", database.display(), arguments.file.display());
    if restored.migrated {
        eprintln!("The backup was made by an older version of Cairn; the database has the schema of this version");
    }
    if let Some(kept) = restored.kept {
        eprintln!("What was there before is kept in {}", kept.display());
    }
    eprintln!(
        "Everybody is signed out. Disable and revoke again the accounts and tokens that you did since the backup"
    );
    Ok(())
}

fn what_is_in(content: BackupContent) -> String {
    let [bytes, teams, assessments] = [
        count(content.bytes, "byte", "bytes"),
        count(content.teams, "team", "teams"),
        count(content.assessments, "assessment", "assessments"),
    ];
    format!("{bytes}, {teams}, {assessments}")
}
