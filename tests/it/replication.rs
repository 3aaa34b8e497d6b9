//! A replicator streams the database to another place while it is served, as `docs/operations.md` describes it. The
//! machine is lost, and another one goes on.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;

use diesel::{Connection, RunQueryDsl, SqliteConnection, sql_query};

use crate::durability::{Note, assert_is_sound, save_on};
use crate::harness::{Browser, CommandLine, activity_ids};

/// Litestream, as `tests/tools` fetches it.
fn litestream() -> Command {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let program = target.join("tools/python/bin/litestream");
    assert!(program.exists(), "run tests/tools once, which fetches {}", program.display());
    Command::new(program)
}

/// Litestream at work beside a service. It is killed when this goes.
struct Replicator {
    child: Child,
    /// Kept open, so that the process can go on writing.
    _messages: BufReader<ChildStdout>,
    socket: PathBuf,
    database: PathBuf,
}

impl Replicator {
    fn start(commands: &CommandLine, replica: &Path) -> Self {
        let (socket, database) = (commands.path("litestream.sock"), commands.database());
        let settings = format!(
            "socket: {{enabled: true, path: {}}}\ndbs:\n  - path: {}\n    replica: {{type: file, path: {}}}\n",
            socket.display(),
            database.display(),
            replica.display()
        );
        commands.write("litestream.yml", settings);
        let mut command = litestream();
        command.args(["replicate", "-config"]).arg(commands.path("litestream.yml"));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut messages = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        while !line.contains("replicating to") {
            line.clear();
            assert!(messages.read_line(&mut line).unwrap() > 0, "it has ended");
        }
        Self { child, _messages: messages, socket, database }
    }

    /// Waits until everything that was recorded before is in the other place, too.
    fn catch_up(&self) {
        let mut command = litestream();
        command.args(["sync", "-wait", "-socket"]).arg(&self.socket).arg(&self.database);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Replicator {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn another_machine_goes_on_with_what_was_replicated() {
    let (first, replica, second) = (CommandLine::new(), tempfile::tempdir().unwrap(), CommandLine::new());
    let served = first.serve();
    let assessment = served.open(served.add_team("Payments"), "2025-Q4");
    let replicator = Replicator::start(&first, replica.path());
    let (done, answered) = mpsc::channel();
    let ids = activity_ids();
    let mut replicated = Vec::new();
    std::thread::scope(|scope| {
        for id in &ids[..3] {
            let (browser, assessment, done) = (Browser::clone(&served), &assessment, done.clone());
            scope.spawn(move || save_on(&browser, assessment, id, 0, &done));
        }
        drop(done);
        for _ in 0..3 {
            replicated.extend(answered.iter().take(20));
            replicator.catch_up();
        }
        // The machine is lost while answers are under way, with its disk.
        served.kill();
        drop(replicator);
        answered.iter().for_each(drop);
    });
    drop(first);

    let mut command = litestream();
    command.args(["restore", "-integrity-check", "full", "-o"]).arg(second.path("received.db"));
    let output = command.arg(format!("file://{}", replica.path().display())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = second.run(&["restore", "received.db"]);
    assert!(said.stderr.contains("1 team, 1 assessment") || said.stdout.contains("1 team, 1 assessment"), "{said:?}");
    let verified = second.run(&["audit", "verify"]);
    assert!(verified.stderr.contains("The record is sound"), "{verified:?}");
    second.serve().visit(&assessment);
    let mut database = SqliteConnection::establish(second.database().to_str().unwrap()).unwrap();
    assert_is_sound(&mut database);
    let kept: Vec<Note> = sql_query("SELECT id, note FROM answers").load(&mut database).unwrap();
    let kept: HashMap<i64, String> = kept.into_iter().map(|row| (row.id, row.note)).collect();
    for (id, note, revision) in replicated {
        assert_eq!(kept.get(&revision), Some(&note), "{note} of {id} is lost");
    }
}
