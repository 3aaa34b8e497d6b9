//! Cairn as a process of its own on a copy of a reference database, and what the system knows about it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use cairn::clock;
use cairn::domain::period::Period;

use super::client::{Visitor, get, post};

/// Who is let in on each database that is served.
pub(crate) const NAME: &str = "Load Driver";
const PASSWORD: &str = "four horses eat blue snow";

/// The program under test.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CAIRN_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A database of the demo with so many teams and quarters. It is made by the program once for each quarter of the
/// calendar and each state of the schema, and kept in the target folder.
pub(crate) fn reference(teams: u32, quarters: u32) -> PathBuf {
    let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).unwrap();
    let schema = migrations.map(|entry| entry.unwrap().file_name()).max().unwrap().into_string().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let present = Period::containing(clock::now());
    let path = folder.join(format!("reference-{teams}x{quarters}-{present}-{schema}.db"));
    if !path.exists() {
        let began = Instant::now();
        let unfinished = path.with_extension("unfinished");
        remove(&unfinished);
        let size = ["--teams".to_owned(), teams.to_string(), "--quarters".to_owned(), quarters.to_string()];
        let mut command = program();
        command.arg("demo").args(size).arg("--keep").arg(&unfinished).args(["--listen", "127.0.0.1:0"]);
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines().map(Result::unwrap);
        let last =
            lines.inspect(|line| eprintln!("{line}")).find(|line| line.contains("serves a made-up organization"));
        assert!(last.is_some(), "the demo could not be made");
        signal(&child, "-TERM");
        assert!(child.wait().unwrap().success());
        // Those of other quarters and schemas are of no use any more.
        let size = format!("reference-{teams}x{quarters}-");
        let made = unfinished.file_name().unwrap().to_str().unwrap();
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if name.starts_with(&size) && name != made {
                std::fs::remove_file(entry.path()).unwrap();
            }
        }
        std::fs::rename(&unfinished, &path).unwrap();
        eprintln!("{teams} teams x {quarters} quarters: made in {:.0} s", began.elapsed().as_secs_f64());
    }
    path
}

/// Removes a database with what belongs to it.
pub(crate) fn remove(path: &Path) {
    for ending in ["", "-wal", "-shm", "-server.lock", "-command.lock"] {
        let mut file = path.as_os_str().to_owned();
        file.push(ending);
        // Most of them are not there.
        let _ = std::fs::remove_file(file);
    }
}

pub(crate) fn signal(child: &Child, signal: &str) {
    let done = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}

/// A folder with a copy of a reference database that may be changed, which goes away with it.
pub(crate) struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    /// A copy into which somebody can sign in.
    pub(crate) fn of(reference: &Path) -> Self {
        // Beside it, where there is room for it, and not in a memory file system.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let copy = Self { folder };
        std::fs::copy(reference, copy.database()).unwrap();
        let mut command = program();
        command.args(["user", "add", NAME, "--role", "administrator", "--password-stdin", "--database"]);
        let mut child = command.arg(copy.database()).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        copy
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("cairn.db")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Serves it.
    pub(crate) fn serve(&self) -> Service {
        Service::start(program(), &self.database(), &self.folder.path().join("log"))
    }

    /// Runs a command on it and gives what it prints.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let mut command = program();
        command.args(arguments).arg("--database").arg(self.database());
        let output = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A running service. It is killed when this goes.
pub(crate) struct Service {
    child: Child,
    pub(crate) address: SocketAddr,
    /// When it was started.
    pub(crate) began: Instant,
}

impl Service {
    /// Starts a program that becomes the service, logging to a file as in production, and does not wait for it.
    pub(crate) fn start(mut command: Command, database: &Path, log: &Path) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        command.args(["serve", "--listen", &address.to_string()]).arg("--database").arg(database);
        let log = File::options().create(true).append(true).open(log).unwrap();
        let began = Instant::now();
        let child = command.stderr(log).spawn().unwrap();
        Self { child, address, began }
    }

    /// Waits until it answers, and gives how long that took since it was started.
    pub(crate) fn wait(&mut self, request: &[u8]) -> Duration {
        while TcpStream::connect(self.address).is_err() {
            assert!(self.child.try_wait().unwrap().is_none(), "the service does not start; see its log");
            std::thread::sleep(Duration::from_micros(200));
        }
        let mut visitor = Visitor::new(self.address);
        assert_eq!(visitor.must(request).status, 200);
        self.began.elapsed()
    }

    /// Waits until it answers and signs in. What comes back is the cookie of the session.
    pub(crate) fn sign_in(&mut self) -> String {
        self.wait(&get("/healthz", ""));
        let form = post("/sign-in", "", "text/html", &[("name", NAME), ("password", PASSWORD)]);
        let mut visitor = Visitor::new(self.address);
        let answer = visitor.must(&form);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookie = answer.header("set-cookie").unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(self.address)
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        signal(&self.child, "-TERM");
        assert!(self.child.wait().unwrap().success());
    }

    fn end(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end();
    }
}

/// Resident memory of a process: now, and at most so far, in bytes.
pub(crate) fn memory(process: u32) -> (u64, u64) {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// How much time of processors a process has used so far; the system counts in hundredths of a second.
pub(crate) fn processor_time(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name of the program, in parentheses, may have spaces in it.
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|field| field.parse::<u64>().ok()).unwrap_or_default();
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}
