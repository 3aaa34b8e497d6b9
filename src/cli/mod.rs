//! The commands. Results go to standard output and messages to standard error; the exit code is
//! 0 when it was done, 1 when it failed, and 2 when the command line was wrong.

/// Writes a line of a message to standard error. Where nobody reads it any more, that is no reason to stop.
macro_rules! tell {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($words)*);
    }};
}

mod audit;
mod backup;
mod catalog;
mod export;
mod import;
mod preview;
mod printed;
mod report;
mod serve;
mod shell;
mod threat_model;
mod token;
mod user;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::app::{Cairn, Missing, OpenOptions};
use crate::clock::Clock;
use crate::domain::access::{Actor, Caller};
use crate::domain::named::Named;

/// What stands above the options that every command has.
const FOR_ALL: &str = "Options of all commands";

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "cairn", version, about, max_term_width = 100)]
struct Arguments {
    /// The SQLite file with everything that is recorded
    #[arg(long, global = true, help_heading = FOR_ALL, env = "CAIRN_DATABASE", default_value = "cairn.db")]
    database: PathBuf,
    /// What to log: error, warn, info, debug or trace
    #[arg(long, global = true, help_heading = FOR_ALL, env = "CAIRN_LOG", default_value = "info")]
    log: LevelFilter,
    /// How to log: lines for people, or JSON for programs that collect logs
    #[arg(long, global = true, help_heading = FOR_ALL, env = "CAIRN_LOG_FORMAT", default_value = "text")]
    log_format: LogFormat,
    /// What is served where no command is given.
    #[command(flatten)]
    serve: serve::ServeArguments,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What lines of the log look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    /// For people.
    Text,
    /// An object in each line.
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages; this is what happens without a command
    Serve(serve::ServeArguments),
    /// Serve a made-up organization with a history: of two years, and kept nowhere, unless it is said otherwise
    Demo(serve::DemoArguments),
    /// Import files of answers; what a file is is seen from its content
    Import(import::Arguments),
    /// Export answers, levels, gaps, the trend, plans, work items, mappings to other standards and more
    Export(export::Arguments),
    /// Make a report as one HTML file that opens and prints anywhere
    Report(report::Arguments),
    /// Check and compare catalogs, and put one to use
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// Look into threat models of other tools
    #[command(subcommand)]
    ThreatModel(threat_model::Command),
    /// Add and change accounts
    #[command(subcommand)]
    User(user::Command),
    /// Make and revoke tokens for programs
    #[command(subcommand)]
    Token(token::Command),
    /// Check the audit record
    #[command(subcommand)]
    Audit(audit::Command),
    /// Write a copy of the database to a file, also while it is served
    Backup(backup::BackupArguments),
    /// Put a backup in the place of the database, and keep what was there beside it
    Restore(backup::RestoreArguments),
    /// Print what a shell needs to complete commands
    Completions(shell::CompletionArguments),
    /// Print the manual page, or write those of all commands
    Man(shell::ManArguments),
}

impl Command {
    /// Whether its result is for a program, so that what goes wrong is, too.
    fn is_json(&self) -> bool {
        match self {
            Self::Import(arguments) => arguments.printed.is_json(),
            Self::Catalog(command) => command.printed().is_json(),
            Self::ThreatModel(command) => command.printed().is_json(),
            Self::User(command) => command.printed().is_json(),
            Self::Token(command) => command.printed().is_json(),
            Self::Audit(command) => command.printed().is_json(),
            Self::Backup(arguments) => arguments.printed.is_json(),
            Self::Restore(arguments) => arguments.printed.is_json(),
            _ => false,
        }
    }
}

/// What went wrong, in a sentence for the person who typed the command.
type Failure = Box<dyn std::error::Error>;

impl Arguments {
    /// Reads the arguments of the process, or says what is wrong with them and ends it.
    fn of_process() -> Self {
        let matches = Self::command().get_matches();
        let arguments = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        if let Some((command, option)) = matches.subcommand_name().zip(serve::options().find(|option| {
            // Variables are set for every command; an option before the command was meant for it, and would be lost.
            matches.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine)
        })) {
            let option = option.get_long().unwrap_or_default();
            let message = format!("--{option} stands behind the command that it is for: cairn {command} --{option} …");
            Self::command().error(ErrorKind::ArgumentConflict, message).exit()
        }
        arguments
    }
}

/// Runs the command that the arguments of the process ask for.
pub fn main(clock: Clock) -> ExitCode {
    let arguments = Arguments::of_process();
    log(arguments.log, arguments.log_format);
    let (database, format) = (arguments.database.as_path(), arguments.log_format);
    let is_json = arguments.command.as_ref().is_some_and(Command::is_json);
    let result = match arguments.command.unwrap_or(Command::Serve(arguments.serve)) {
        Command::Serve(wanted) => serve::serve(wanted, database, format, clock),
        Command::Demo(wanted) => serve::demo(&wanted, format, clock),
        Command::Import(wanted) => import::run(&wanted, database, clock),
        Command::Export(wanted) => export::run(&wanted, database, clock),
        Command::Report(wanted) => report::run(&wanted, database, clock),
        Command::Catalog(command) => catalog::run(&command, database, clock),
        Command::ThreatModel(command) => threat_model::run(&command),
        Command::User(command) => user::run(&command, database, clock),
        Command::Token(command) => token::run(&command, database, clock),
        Command::Audit(command) => audit::run(&command, database, clock),
        Command::Backup(wanted) => backup::back_up(&wanted, database, clock),
        Command::Restore(wanted) => backup::restore(&wanted, database, clock),
        Command::Completions(wanted) => shell::completions(&wanted, Arguments::command()),
        Command::Man(wanted) => shell::man(&wanted, Arguments::command()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if is_json => {
            tell!("{}", serde_json::json!({ "message": failure.to_string() }));
            ExitCode::FAILURE
        }
        Err(failure) => {
            say(format, &failure.to_string(), |message| tracing::error!("{message}"));
            ExitCode::FAILURE
        }
    }
}

/// Starts logging to standard error. What the server library says about itself is only of
/// interest when something is wrong.
fn log(level: LevelFilter, format: LogFormat) {
    let targets = Targets::new().with_default(level).with_target("actix_server", level.min(LevelFilter::WARN));
    let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(terminal)
        .with_target(false)
        // It would say that nobody reads standard error, on standard error.
        .log_internal_errors(false);
    let lines = match format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    tracing_subscriber::registry().with(lines).with(targets).init();
}

/// A number of things, in words.
fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Says something to whoever started the program. Where a program reads the log, that is a line of it too.
fn say(format: LogFormat, message: &str, log: impl FnOnce(&str)) {
    match format {
        LogFormat::Text => tell!("{message}"),
        LogFormat::Json => log(message),
    }
}

/// Opens the database for a command.
fn open(database: &Path, missing: Missing) -> Result<Cairn, Failure> {
    Ok(Cairn::open(database, OpenOptions { missing, ..OpenOptions::default() })?)
}

/// Whoever can run commands on the database file is its operator.
fn operator(clock: Clock) -> Caller {
    Caller { actor: Actor::operator(), at: clock(), from: String::new() }
}

/// Refuses to write over the database or the files that belong to it.
fn keep_the_database(output: &Path, database: &Path) -> Result<(), Failure> {
    let Ok(output) = output.canonicalize() else { return Ok(()) };
    let belongs = ["", "-wal", "-shm", "-journal", "-server.lock", "-command.lock"].iter().any(|ending| {
        let mut file = database.as_os_str().to_owned();
        file.push(ending);
        PathBuf::from(file).canonicalize().is_ok_and(|file| file == output)
    });
    if belongs { Err(format!("{} is the database; choose another file", output.display()).into()) } else { Ok(()) }
}

/// Prints a line of a result. Whoever reads may have had enough, as `head` does.
fn print(line: &str) -> Result<(), Failure> {
    use std::io::Write;
    match writeln!(std::io::stdout(), "{line}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Reads a file that a person named, but no more than a reader would take.
fn read_file(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    use std::io::Read;
    let failed = |error: std::io::Error| format!("{}: cannot be read: {error}", path.display());
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    // One byte more than the limit, so that the reader sees that it is exceeded.
    file.take(limit as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Takes one of the values of a type by its word, and lists the words in the help.
fn one_of<T: Named + Send + Sync>() -> impl TypedValueParser<Value = T> {
    PossibleValuesParser::new(T::NAMED.iter().map(|(name, _)| *name))
        .try_map(|name: String| T::from_name(&name).ok_or("unknown"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }
}
