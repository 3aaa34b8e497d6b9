//! What is acknowledged is kept: when the process is killed, when an answer changes, and when
//! somebody goes past the program to the database itself.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::sync::mpsc;

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};

use crate::harness::{Browser, CommandLine, Page, Served, Table, TestApp, activity_ids};

const STATUSES: [&str; 4] = ["not_implemented", "started", "partly_implemented", "fully_implemented"];

/// Answers one activity after the other until the service is gone, and says each time what was acknowledged.
fn answer_on(browser: &Browser, assessment: &str, ids: &[String], round: usize, done: &mpsc::Sender<(String, String)>) {
    for n in 0.. {
        let (id, note) = (&ids[n % ids.len()], format!("{round}.{n}"));
        let status = STATUSES[(n + round) % STATUSES.len()];
        let Ok(page) = browser.send("GET", assessment, &[], None) else { return };
        let mut form = page.form("form.questions");
        form.choose(&format!("status[{id}]"), status);
        form.fill(&format!("note[{id}]"), &note);
        let Ok(page) = browser.try_submit(&form) else { return };
        assert!(page.location().contains("?saved=1"));
        done.send((id.clone(), note)).unwrap();
    }
}

#[test]
fn acknowledged_answers_survive_a_kill() {
    let commands = CommandLine::new();
    let ids = activity_ids()[..7].to_vec();
    let mut acknowledged: HashMap<String, String> = HashMap::new();
    for round in 0..4 {
        let served = commands.serve();
        let team = if round == 0 { served.add_team("Payments") } else { served.team("Payments") };
        let assessment = served.open(team, "2025-Q4");
        let (done, answered) = mpsc::channel();
        let (browser, ids) = (Browser::clone(&served), ids.clone());
        let writer = std::thread::spawn(move || answer_on(&browser, &assessment, &ids, round, &done));
        acknowledged.extend(answered.iter().take(5 + 3 * round));
        // Right while the next answers are under way.
        served.kill();
        writer.join().unwrap();
        acknowledged.extend(answered.try_iter());

        let table = Table::read(&commands.everything());
        let recorded: HashMap<&str, &str> =
            table.rows.iter().map(|row| (table.cell(row, "activity_id"), table.cell(row, "note"))).collect();
        for (id, note) in &acknowledged {
            // At most the one answer that was under way may be recorded without being acknowledged.
            let number = |note: &str| note.split('.').map(|part| part.parse().unwrap()).collect::<Vec<usize>>();
            assert!(number(recorded[id.as_str()]) >= number(note), "{note} of {id} is lost: {recorded:?}");
        }
    }
}

/// How many clients answer at the same time while the service is killed.
const CLIENTS: usize = 4;

/// Answers one activity over and over, as the script of the page does, until the service is gone. Says each time
/// which answer was acknowledged, as what revision.
pub(crate) fn save_on(
    browser: &Browser,
    assessment: &str,
    id: &str,
    round: usize,
    done: &mpsc::Sender<(String, String, i64)>,
) {
    let mut seen = String::new();
    for n in 0.. {
        let note = format!("{round}.{n}");
        let fields = [
            (format!("status[{id}]"), STATUSES[n % STATUSES.len()].to_owned()),
            (format!("note[{id}]"), note.clone()),
            (format!("seen[{id}]"), seen.clone()),
            ("touched".to_owned(), "1".to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let Ok(page) = browser.try_save(&format!("{assessment}/answers"), &fields) else { return };
        let answer = page.json();
        if page.status == 409 {
            // What the round before could not acknowledge was recorded; from now on it is seen.
            seen = answer["conflicts"][0]["revision"].to_string();
            continue;
        }
        assert_eq!(page.status, 200, "{answer}");
        let revision = &answer["answers"][id];
        seen = revision.to_string();
        if done.send((id.to_owned(), note, revision.as_i64().unwrap())).is_err() {
            return;
        }
    }
}

#[derive(QueryableByName)]
pub(crate) struct Note {
    #[diesel(sql_type = sql_types::BigInt)]
    pub(crate) id: i64,
    #[diesel(sql_type = sql_types::Text)]
    pub(crate) note: String,
}

#[derive(QueryableByName)]
struct Integrity {
    #[diesel(sql_type = sql_types::Text)]
    integrity_check: String,
}

pub(crate) fn assert_is_sound(database: &mut SqliteConnection) {
    let found: Vec<Integrity> = sql_query("PRAGMA integrity_check").load(database).unwrap();
    assert_eq!(found.iter().map(|row| row.integrity_check.as_str()).collect::<Vec<_>>(), ["ok"]);
    let broken: Vec<Note> =
        sql_query("SELECT rowid AS id, \"table\" AS note FROM pragma_foreign_key_check").load(database).unwrap();
    assert!(broken.is_empty());
    let teams: Vec<Note> = sql_query("SELECT id, name AS note FROM teams").load(database).unwrap();
    assert!(!teams.is_empty(), "this is not the database that was served");
}

#[test]
fn two_hundred_kills_lose_no_acknowledged_answer() {
    let commands = CommandLine::new();
    let ids = activity_ids()[..CLIENTS].to_vec();
    let mut everything: Vec<(String, i64)> = Vec::new();
    let mut assessment = String::new();
    for round in 0..200 {
        let served = commands.serve();
        if round == 0 {
            assessment = served.open(served.add_team("Payments"), "2025-Q4");
        }
        let (done, answered) = mpsc::channel();
        let mut acknowledged = Vec::new();
        std::thread::scope(|scope| {
            for id in &ids {
                let (browser, assessment, done) = (Browser::clone(&served), &assessment, done.clone());
                scope.spawn(move || save_on(&browser, assessment, id, round, &done));
            }
            drop(done);
            // While the next answers are under way, each time at another moment.
            acknowledged.extend(answered.iter().take(1 + round * 3 % 7));
            served.kill();
            acknowledged.extend(answered.iter());
        });
        let mut database = SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap();
        let kept: Vec<Note> = sql_query("SELECT id, note FROM answers WHERE id >= (SELECT max(id) - 200 FROM answers)")
            .load(&mut database)
            .unwrap();
        let kept: HashMap<i64, String> = kept.into_iter().map(|row| (row.id, row.note)).collect();
        assert!(!acknowledged.is_empty());
        for (id, note, revision) in acknowledged {
            assert_eq!(kept.get(&revision), Some(&note), "{note} of {id} is lost in round {round}");
            everything.push((note, revision));
        }
        assert_is_sound(&mut database);
    }
    // In the end all of them are there, as they were when each was acknowledged.
    let mut database = SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap();
    let kept: Vec<Note> = sql_query("SELECT id, note FROM answers").load(&mut database).unwrap();
    let kept: HashMap<i64, String> = kept.into_iter().map(|row| (row.id, row.note)).collect();
    for (note, revision) in &everything {
        assert_eq!(kept.get(revision), Some(note));
    }
    assert!(kept.len() - everything.len() <= 200 * CLIENTS, "only what was under way may be there unacknowledged");
    commands.serve().visit(&assessment);
}

/// How many clients save at the same moment, so that they share commits.
const MANY: usize = 40;

#[test]
fn what_many_save_at_once_survives_kills() {
    let commands = CommandLine::new();
    let ids = activity_ids()[..MANY].to_vec();
    let mut assessment = String::new();
    for round in 0..10 {
        let served = commands.serve();
        if round == 0 {
            assessment = served.open(served.add_team("Payments"), "2025-Q4");
        }
        let (done, answered) = mpsc::channel();
        let mut acknowledged = Vec::new();
        std::thread::scope(|scope| {
            for id in &ids {
                let (browser, assessment, done) = (Browser::clone(&served), &assessment, done.clone());
                scope.spawn(move || save_on(&browser, assessment, id, round, &done));
            }
            drop(done);
            acknowledged.extend(answered.iter().take(MANY + round * 37 % 50));
            served.kill();
            acknowledged.extend(answered.iter());
        });
        let mut database = SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap();
        let kept: Vec<Note> = sql_query("SELECT id, note FROM answers").load(&mut database).unwrap();
        let kept: HashMap<i64, String> = kept.into_iter().map(|row| (row.id, row.note)).collect();
        for (id, note, revision) in acknowledged {
            assert_eq!(kept.get(&revision), Some(&note), "{note} of {id} is lost in round {round}");
        }
        assert_is_sound(&mut database);
    }
    // Each answer was saved with its record, or neither.
    commands.run(&["audit", "verify"]).expect_done();
    commands.serve().visit(&assessment);
}

/// A refusal because of the database, as a page and as an answer to the script.
fn assert_refused(page: &Page, message: &str) {
    assert_eq!((page.status, page.header("retry-after")), (503, "5"), "{}", page.words("main"));
    let words = page.words("main");
    assert!(words.contains(message) && words.contains("Nothing was changed"), "{words}");
    assert!(words.contains(page.header("x-request-id")), "{words}");
    assert!(!words.contains("SQL") && !words.contains("cairn.db"), "{words}");
}

/// How often the service says that its database failed, for this reason.
fn failures(browser: &Browser, reason: &str) -> u64 {
    let page = browser.visit("/metrics");
    let start = format!("cairn_database_failures_total{{reason=\"{reason}\"}} ");
    page.text().lines().find_map(|line| line.strip_prefix(&start)).unwrap().parse().unwrap()
}

/// Breaks the database of a service, sees that changes are refused and reading goes on, mends it, and sees that the
/// service has recovered. `word` is what is said about readiness.
fn break_and_mend(served: &Browser, word: &str, message: &str, breaks: impl FnOnce(), mends: impl FnOnce()) {
    let (assessment, id) = (served.open(served.add_team("Payments"), "2025-Q4"), activity_ids()[0].clone());
    served.answer(&assessment, &[(&id, "started")]);
    let before = served.visit("/export/answers.csv").text().to_owned();
    // Longer than any space that may be left in a page of the file system.
    let note = "x".repeat(9_000);
    let mut form = served.visit(&assessment).form("form.questions");
    form.choose(&format!("status[{id}]"), "fully_implemented");
    form.fill(&format!("note[{id}]"), &note);

    breaks();
    for _ in 0..3 {
        assert_refused(&served.submit(&form), message);
        assert_refused(&served.post("/teams", &[("name", "New"), ("description", "")]), message);
    }
    // Those who wait for a lock are told that there are too many.
    if word != "busy" {
        std::thread::scope(|scope| {
            for n in 0..12 {
                let name = format!("Team {n}");
                scope.spawn(move || {
                    assert_refused(&served.post("/teams", &[("name", &name), ("description", "")]), message)
                });
            }
        });
    }
    assert_eq!(served.visit("/export/answers.csv").text(), before, "nothing is half-written");
    assert_eq!(served.visit("/teams").texts("tbody th a"), ["Payments"]);
    let ready = served.get("/readyz");
    assert_eq!((ready.status, ready.text()), (503, word));
    served.visit("/healthz");
    assert!(failures(served, word) >= 7);

    mends();
    assert_eq!(served.visit("/readyz").text(), "ready");
    assert!(served.submit(&form).location().contains("?saved=1"));
    let after = served.visit("/export/answers.csv").text().to_owned();
    assert!(after.contains(&note) && after != before);
}

/// Fills the rest of a file system with a file.
fn fill_up(path: &str) {
    let mut file = File::create(path).unwrap();
    for size in [65_536, 4_096, 1] {
        while file.write_all(&vec![b'x'; size]).is_ok() {}
    }
}

/// Whether a program does what it is asked; otherwise says that a test is skipped.
fn can(program: &str, arguments: &[&str]) -> bool {
    let done = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    if !done {
        eprintln!("skipped: {program} {} does not work here", arguments.join(" "));
    }
    done
}

#[test]
fn a_full_disk_is_said_and_survived() {
    // A small file system of its own, which only the service sees and which goes away with it.
    let commands = CommandLine::new();
    std::fs::create_dir(commands.path("disk")).unwrap();
    let mount = "mount -t tmpfs -o size=4m tmpfs \"$PWD/disk\"";
    let disk = commands.path("disk");
    let try_mount = format!("mount -t tmpfs -o size=4m tmpfs {}", disk.display());
    if !can("unshare", &["--user", "--map-root-user", "--mount", "sh", "-c", &try_mount]) {
        return;
    }
    let script = format!("{mount} && exec \"$0\" \"$@\"");
    let served = commands.serve_through(
        &["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", &script],
        &["--listen", "127.0.0.1:0", "--log", "off", "--database", "disk/cairn.db"],
    );
    let inside = format!("/proc/{}/root{}", served.process(), disk.display());
    let filler = format!("{inside}/filler");
    let mend = || std::fs::remove_file(&filler).unwrap();
    break_and_mend(&served, "full", "The disk is full", || fill_up(&filler), mend);
    // SQLite would look for its real path, which is another file out here.
    for ending in ["", "-wal"] {
        std::fs::copy(format!("{inside}/cairn.db{ending}"), commands.path(&format!("copy.db{ending}"))).unwrap();
    }
    assert_is_sound(&mut SqliteConnection::establish(commands.path("copy.db").to_str().unwrap()).unwrap());
}

/// Sets how large a file the service may write, in bytes.
fn limit_files(served: &Served, limit: &str) {
    let set = ["--pid", &served.process().to_string(), &format!("--fsize={limit}:")];
    assert!(Command::new("prlimit").args(set).status().unwrap().success());
}

#[test]
fn a_disk_that_fails_is_said_and_survived() {
    if !can("prlimit", &["--version"]) {
        return;
    }
    let commands = CommandLine::new();
    let ignoring = ["sh", "-c", "trap '' XFSZ; exec \"$0\" \"$@\""];
    let served = commands.serve_through(&ignoring, &["--listen", "127.0.0.1:0", "--log", "off"]);
    // No file may grow, or be written at all beyond its first bytes.
    let broken = || limit_files(&served, "100");
    break_and_mend(&served, "disk", "The disk could not be read or written", broken, || {
        limit_files(&served, "unlimited")
    });
    assert_is_sound(&mut SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap());
}

#[test]
fn a_lock_of_another_program_is_said_and_survived() {
    let app = TestApp::impatient();
    let mut other = open(&app);
    other.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    let other = std::cell::RefCell::new(other);
    let say = |sql: &str| other.borrow_mut().batch_execute(sql).unwrap();
    break_and_mend(
        &app,
        "busy",
        "The database is locked by another program",
        || say("BEGIN IMMEDIATE"),
        || say("ROLLBACK"),
    );

    // Many at once are all answered, and none of them waits for all others in turn.
    say("BEGIN IMMEDIATE");
    std::thread::scope(|scope| {
        for n in 0..20 {
            let app = &app;
            scope.spawn(move || {
                let page = app.post("/teams", &[("name", &format!("Team {n}")), ("description", "")]);
                assert_eq!(page.status, 503, "{}", page.words("main"));
            });
        }
    });
    say("ROLLBACK");
    app.add_team("Web");
    assert_eq!(app.visit("/teams").texts("tbody th a"), ["Payments", "Web"]);
    assert_is_sound(&mut open(&app));
}

#[test]
fn a_file_that_must_not_be_written_is_said_and_survived() {
    let commands = CommandLine::new();
    let first = commands.serve();
    first.add_team("Payments");
    first.signal("-TERM");
    first.wait();
    // Even root may not write it without this capability.
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let program: &[&str] = match is_root {
        true => &["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"],
        false => &["env"],
    };
    if !can(program[0], &[&program[1..], &["true"]].concat()) {
        return;
    }
    let before = std::fs::read(commands.database()).unwrap();
    let set = |writable: bool| {
        // SQLite makes the log and its index as the database is.
        for name in ["cairn.db", "cairn.db-wal", "cairn.db-shm"] {
            let Ok(file) = std::fs::metadata(commands.path(name)) else { continue };
            let mut permissions = file.permissions();
            permissions.set_readonly(!writable);
            std::fs::set_permissions(commands.path(name), permissions).unwrap();
        }
    };
    set(false);
    let served = commands.serve_through(program, &["--listen", "127.0.0.1:0", "--log", "off"]);
    let message = "The database cannot be written: the file or its folder is read-only";
    for _ in 0..3 {
        assert_refused(&served.post("/teams", &[("name", "New"), ("description", "")]), message);
    }
    assert_eq!(served.visit("/teams").texts("tbody th a"), ["Payments"]);
    let ready = served.get("/readyz");
    assert_eq!((ready.status, ready.text()), (503, "read-only"));
    assert_eq!(failures(&served, "read-only"), 4);
    assert!(std::fs::read(commands.database()).unwrap() == before);
    // A file that was opened for reading only stays so until the service is started again.
    served.kill();
    set(true);
    let served = commands.serve();
    assert_eq!(served.visit("/readyz").text(), "ready");
    served.add_team("Web");
    assert_eq!(served.visit("/teams").texts("tbody th a"), ["Payments", "Web"]);
    assert_is_sound(&mut SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap());
}

#[derive(QueryableByName)]
struct Recorded {
    #[diesel(sql_type = sql_types::Text)]
    status: String,
    #[diesel(sql_type = sql_types::Bool)]
    superseded: bool,
}

fn open(app: &TestApp) -> SqliteConnection {
    SqliteConnection::establish(app.database().to_str().unwrap()).unwrap()
}

fn answers(database: &mut SqliteConnection) -> Vec<(String, bool)> {
    let query = "SELECT status, superseded_at IS NOT NULL AS superseded FROM answers ORDER BY id";
    let rows: Vec<Recorded> = sql_query(query).load(database).unwrap();
    rows.into_iter().map(|row| (row.status, row.superseded)).collect()
}

/// A service with one activity that was answered three times, and the address of its assessment.
fn answered_three_times() -> (TestApp, String) {
    let app = TestApp::new();
    let assessment = app.open(app.add_team("Payments"), "2026-Q4");
    let id = &activity_ids()[0];
    for status in &STATUSES[1..] {
        app.answer(&assessment, &[(id, status)]);
    }
    (app, assessment)
}

#[test]
fn a_change_adds_a_row_and_keeps_the_one_before() {
    let (app, _) = answered_three_times();
    let kept = answers(&mut open(&app));
    let expected = [("started", true), ("partly_implemented", true), ("fully_implemented", false)];
    assert_eq!(kept, expected.map(|(status, superseded)| (status.to_owned(), superseded)));
}

#[test]
fn the_database_itself_refuses_to_change_the_past() {
    let (app, assessment) = answered_three_times();
    let mut database = open(&app);
    let before = answers(&mut database);
    let refused = |database: &mut SqliteConnection, sql: &str| {
        let error = database.batch_execute(sql).unwrap_err().to_string();
        assert!(error.contains("append-only") || error.contains("is submitted"), "{sql}: {error}");
    };
    for sql in [
        "DELETE FROM answers",
        "DELETE FROM answers WHERE superseded_at IS NOT NULL",
        "UPDATE answers SET status = 'started'",
        "UPDATE answers SET note = 'better'",
        "UPDATE answers SET answered_by = 'somebody else'",
        "UPDATE answers SET inherited_from = 1",
        "UPDATE answers SET since = '2026-10-01', superseded_at = '2026-12-01' WHERE superseded_at IS NULL",
        "UPDATE answers SET superseded_at = NULL",
        "UPDATE answers SET superseded_at = '2020-01-01' WHERE superseded_at IS NOT NULL",
    ] {
        refused(&mut database, sql);
    }
    app.hand_in(&assessment);
    for sql in [
        "UPDATE answers SET superseded_at = '2026-12-01' WHERE superseded_at IS NULL",
        "INSERT INTO answers (assessment_id, activity, status, not_applicable_reason, note, answered_at, answered_by, superseded_at)
         SELECT assessment_id, activity, 'started', '', '', answered_at, answered_by, answered_at FROM answers LIMIT 1",
    ] {
        refused(&mut database, sql);
    }
    assert_eq!(answers(&mut database), before);
}
