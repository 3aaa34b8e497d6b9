//! `cairn completions` and `cairn man`: what shells and manuals want to know of the commands, made of their
//! definitions.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;

use super::Failure;
use super::export::deliver;

#[derive(Debug, Args)]
pub(super) struct CompletionArguments {
    /// The shell that is to complete commands
    shell: Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArguments {
    /// Write a page for each command into this folder, instead of the first page to standard output
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

pub(super) fn completions(arguments: &CompletionArguments, mut command: Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, &mut command, name, &mut script);
    deliver(None, &script)
}

pub(super) fn man(arguments: &ManArguments, mut command: Command) -> Result<(), Failure> {
    command.build();
    match &arguments.folder {
        None => deliver(None, &page(&command, command.get_name())?),
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            pages(&command, command.get_name(), folder)
        }
    }
}

/// Writes the page of a command and those of the commands below it.
fn pages(command: &Command, name: &str, folder: &Path) -> Result<(), Failure> {
    deliver(Some(&folder.join(format!("{name}.1"))), &page(command, name)?)?;
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        pages(sub, &format!("{name}-{}", sub.get_name()), folder)?;
    }
    Ok(())
}

fn page(command: &Command, name: &str) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let version = env!("CARGO_PKG_VERSION");
    let man = clap_mangen::Man::new(command.clone()).title(name.to_uppercase()).source(format!("cairn {version}"));
    man.manual("Cairn").date("").render(&mut page)?;
    Ok(page)
}
