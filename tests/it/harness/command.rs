//! The program, run in a folder of its own, and as a service that can be killed.

use std::io::{BufRead, BufReader, Read};
use std::ops::Deref;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdin, Command, Stdio};
use std::sync::Mutex;

use tempfile::TempDir;

use super::Browser;
use super::session::{is_open, signed_in};

/// A folder to run commands in.
pub(crate) struct CommandLine {
    folder: TempDir,
    session: Mutex<Option<String>>,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// What it printed, if it was done.
    pub(crate) fn expect_done(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        self.stdout
    }

    /// Its message, if it failed as commands fail: with one, and without a result.
    pub(crate) fn expect_failure(self) -> String {
        assert_eq!(self.code, Some(1), "{}{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "");
        for inside in ["panicked", "RUST_BACKTRACE", "SELECT ", "INSERT "] {
            assert!(!self.stderr.contains(inside), "{}", self.stderr);
        }
        self.stderr
    }
}

impl CommandLine {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), session: Mutex::default() }
    }

    /// A folder whose database has these answers, submitted.
    pub(crate) fn with_answers(csv: &str) -> Self {
        let commands = Self::new();
        commands.fill(csv);
        commands
    }

    /// Imports answers into the database and submits them.
    pub(crate) fn fill(&self, csv: &str) {
        self.write("answers.csv", csv);
        self.run(&["import", "--submit", "answers.csv"]).expect_done();
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The database that commands take when they are not told another.
    pub(crate) fn database(&self) -> PathBuf {
        self.path("cairn.db")
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    /// Reads a file from the folder.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// The names of all files in the folder that have something in them. SQLite may leave an empty log and
    /// its index behind; a log with content would be a part of the database that a copy could miss.
    /// A lock that a process left behind when it ended says nothing: who holds it matters.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap());
        let mut names: Vec<_> = entries
            .map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().len()))
            .filter(|(name, length)| !(name.ends_with("-shm") || name.ends_with("-wal") && *length == 0))
            .filter(|(name, _)| !name.ends_with(".lock"))
            .map(|(name, _)| name)
            .collect();
        names.sort();
        names
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, &[])
    }

    /// Runs a command with variables of the environment.
    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let output = self.command(arguments).envs(variables.iter().copied()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Output { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Runs a command whose standard error nobody reads any more, and returns its exit code.
    pub(crate) fn run_unheard(&self, arguments: &[&str]) -> Option<i32> {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        self.command(arguments).stdout(Stdio::null()).stderr(writer).status().unwrap().code()
    }

    /// Runs a command and gives it something to read.
    pub(crate) fn run_reading(&self, arguments: &[&str], give: impl FnOnce(ChildStdin)) -> Output {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        give(child.stdin.take().unwrap());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Output { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Everything that is recorded, for comparing before and after.
    pub(crate) fn everything(&self) -> String {
        self.export(&["answers"]).expect_done()
    }

    /// Exports from the database of the folder.
    pub(crate) fn export(&self, arguments: &[&str]) -> Output {
        self.run(&[&["export"], arguments].concat())
    }

    /// Starts the service on the database of the folder, on a port that is free.
    pub(crate) fn serve(&self) -> Served {
        self.serve_at("http://127.0.0.1:0")
    }

    /// Starts the service again where it was, so that whoever looks at its pages finds it again.
    pub(crate) fn serve_at(&self, base: &str) -> Served {
        self.start(&[], &["--listen", base.trim_start_matches("http://"), "--log", "error"], &[])
    }

    /// Starts the service with more arguments, on a port that is free.
    pub(crate) fn serve_with(&self, arguments: &[&str]) -> Served {
        self.start(&[], &[&["--listen", "127.0.0.1:0"], arguments].concat(), &[])
    }

    /// Starts the service with variables of the environment, on a port that is free.
    pub(crate) fn serve_where(&self, variables: &[(&str, &str)]) -> Served {
        self.start(&[], &["--listen", "127.0.0.1:0"], variables)
    }

    /// Starts the service by a program that becomes it, like `sh -c 'exec "$0" "$@"'`.
    pub(crate) fn serve_through(&self, program: &[&str], arguments: &[&str]) -> Served {
        self.start(program, arguments, &[])
    }

    /// A session of the administrator in the database of the folder: the last one, if it is still open.
    fn session(&self) -> String {
        let mut kept = self.session.lock().unwrap();
        let is_open = kept.as_ref().filter(|session| is_open(&self.database(), session)).cloned();
        let session = is_open.unwrap_or_else(|| signed_in(&self.database()));
        *kept = Some(session.clone());
        session
    }

    fn start(&self, program: &[&str], arguments: &[&str], variables: &[(&str, &str)]) -> Served {
        // Done before and beside the service, so that it has nothing to log or to count; but for a database
        // that only the service may see.
        let session = (!arguments.contains(&"--database")).then(|| self.session());
        let mut command = self.command_through(program);
        command.envs(variables.iter().copied());
        let command = command.arg("serve").args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut messages = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        messages.read_line(&mut line).unwrap();
        let address =
            line.split("Cairn keeps its records in ").nth(1).and_then(|rest| rest.split(" and serves ").nth(1));
        let address = address.unwrap_or_else(|| panic!("{line}")).trim_end();
        let browser = Browser::new(address.split('"').next().unwrap_or_default());
        match session {
            Some(session) => browser.resume(&session),
            None => {
                // Two more lines say how to become the first administrator.
                messages.read_line(&mut line).unwrap();
                messages.read_line(&mut line).unwrap();
                browser.set_up(line.trim().rsplit_once("/set-up/").unwrap_or_else(|| panic!("{line}")).1);
            }
        }
        Served { browser, child, messages }
    }

    /// Starts the demo with these options, on a port that is free.
    pub(crate) fn demo(&self, arguments: &[&str]) -> Served {
        let mut command = self.command(&["demo", "--listen", "127.0.0.1:0", "--log", "error"]);
        command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut messages = BufReader::new(child.stderr.take().unwrap());
        let mut said = String::new();
        let address = loop {
            let before = said.len();
            assert!(messages.read_line(&mut said).unwrap() > 0, "{said}");
            if let Some((_, rest)) = said.get(before..).unwrap().split_once("serves a made-up organization on ") {
                break rest.split(';').next().unwrap().to_owned();
            }
        };
        Served { browser: Browser::new(&address), child, messages }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.prepared(env!("CARGO_BIN_EXE_cairn"));
        command.args(arguments);
        command
    }

    fn command_through(&self, program: &[&str]) -> Command {
        match program {
            [] => self.command(&[]),
            [program, before @ ..] => {
                let mut command = self.prepared(program);
                command.args(before).arg(env!("CARGO_BIN_EXE_cairn"));
                command
            }
        }
    }

    /// A program in the folder, without the variables of whoever runs the tests.
    fn prepared(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CAIRN_")) {
            command.env_remove(name);
        }
        command
    }
}

/// The service as a process of its own. It is killed, never asked to stop, when this goes.
pub(crate) struct Served {
    browser: Browser,
    child: Child,
    /// Kept open, so that the process can go on writing.
    messages: BufReader<ChildStderr>,
}

impl Served {
    /// Kills the process at once, as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Waits for the next line that the process writes, after the one with its address.
    pub(crate) fn message(&mut self) -> String {
        let mut line = String::new();
        self.messages.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Asks the process to stop, as `kill` and service managers do, and waits until it has.
    pub(crate) fn stop(mut self) {
        // While it starts it would be ended as any process, so it must answer first.
        self.browser.visit("/");
        self.signal("-TERM");
        let ended = self.child.wait().unwrap();
        assert!(ended.success(), "{ended}");
    }

    /// Stops the process where it is: it takes connections and answers nothing.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on.
    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits until it has ended by itself, and gives its exit code and the rest of what it said.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.messages.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), said)
    }

    /// Sends a signal like `-TERM`.
    pub(crate) fn signal(&self, signal: &str) {
        let done = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    fn end(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
    }
}

impl Deref for Served {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}
