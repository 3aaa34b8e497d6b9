//! The process is killed and the disk is full while many save: what was acknowledged is kept, and all goes on.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use cairn::clock;
use cairn::domain::period::Period;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};

use super::Size;
use super::client::{get, plain};
use super::figures::{megabytes, shown, table};
use super::overload::{rush, tell};
use super::savers::{Fate, Saver, lost, lost_in, places};
use super::service::{Copy, Service, program};

/// How many save at the same time, at most.
const PEOPLE: usize = 64;

/// How much room the file system has beside the database.
const ROOM: u64 = 64 * 1024 * 1024;

pub(crate) fn run(reference: &Path, size: &Size) {
    kills(&Copy::of(reference), size);
    full_disk(&Copy::of(reference), size);
}

#[derive(QueryableByName)]
struct Integrity {
    #[diesel(sql_type = sql_types::Text)]
    integrity_check: String,
}

fn assert_is_sound(database: &Path) {
    let mut database = SqliteConnection::establish(database.to_str().unwrap()).unwrap();
    let found: Vec<Integrity> = sql_query("PRAGMA integrity_check").load(&mut database).unwrap();
    assert_eq!(found.iter().map(|row| row.integrity_check.as_str()).collect::<Vec<_>>(), ["ok"]);
}

fn savers(copy: &Copy, size: &Size) -> Vec<Saver> {
    places(copy, size.crowd.min(PEOPLE)).into_iter().map(Saver::new).collect()
}

/// Kills the service under load, several times, and looks each time for everything that was acknowledged.
fn kills(copy: &Copy, size: &Size) {
    let mut savers = savers(copy, size);
    let mut rows = Vec::new();
    for n in 1..=size.kills {
        let mut service = copy.serve();
        let cookie = service.sign_in();
        let over = AtomicBool::new(false);
        let process = service.process();
        let (back, fates) = rush(&service, &cookie, savers, &over, || {
            std::thread::sleep(size.rush / 10);
            // The people go on for a moment and find nobody there.
            assert!(Command::new("kill").args(["-KILL", &process.to_string()]).status().unwrap().success());
            std::thread::sleep(Duration::from_millis(50));
        });
        savers = back;
        service.kill();
        let mut again = copy.serve();
        let took = again.wait(&get("/healthz", ""));
        again.kill();
        let (acknowledged, lost) = lost_in(copy, &savers);
        assert!(lost.is_empty(), "{lost:?}");
        let in_round = fates.get(&Fate::Acknowledged).map_or(0, Vec::len);
        rows.push(vec![
            n.to_string(),
            in_round.to_string(),
            acknowledged.to_string(),
            lost.len().to_string(),
            shown(took),
        ]);
    }
    let title = format!("Killed under load, with {} people who save", savers.len());
    table(&title, &["kill", "acknowledged before it", "in all", "lost", "started again in"], &rows);
    let began = Instant::now();
    assert_is_sound(&copy.database());
    let checked = began.elapsed();
    copy.run(&["audit", "verify"]);
    let verified = began.elapsed() - checked;
    copy.run(&["backup", copy.folder().join("backup.db").to_str().unwrap()]);
    println!("\nThe database is sound ({}), the audit record is (verified in {})", shown(checked), shown(verified));
}

/// Fills the disk under load and makes room again. It is a file system in memory that only the service sees.
fn full_disk(copy: &Copy, size: &Size) {
    let bytes = std::fs::metadata(copy.database()).unwrap().len();
    let disk = copy.folder().join("disk");
    std::fs::create_dir(&disk).unwrap();
    let script = format!(
        "mount -t tmpfs -o size={} tmpfs {disk} && cp {database} {disk}/cairn.db && exec \"$0\" \"$@\"",
        bytes + ROOM,
        disk = disk.display(),
        database = copy.database().display()
    );
    let apart = ["--user", "--map-root-user", "--mount", "sh", "-c"];
    let can = Command::new("unshare").args(apart).arg(format!("mount -t tmpfs tmpfs {}", disk.display())).output();
    if !can.is_ok_and(|output| output.status.success()) {
        println!("\nFull disk: skipped, since no file system of its own can be made here");
        return;
    }
    let savers = savers(copy, size);
    let mut command = Command::new("unshare");
    command.args(apart).arg(script).arg(program().get_program());
    let mut service = Service::start(command, &disk.join("cairn.db"), &copy.folder().join("log"));
    let cookie = service.sign_in();
    let inside =
        Path::new("/proc").join(service.process().to_string()).join("root").join(disk.strip_prefix("/").unwrap());
    let over = AtomicBool::new(false);
    let phase = size.rush / 5;
    let mut savers = savers;
    for title in ["Before the disk is full", "While it is full", "After there is room again"] {
        let filler = inside.join("filler");
        match title {
            "While it is full" => {
                let mut file = File::create(&filler).unwrap();
                for size in [1 << 20, 65_536, 4_096, 1] {
                    while file.write_all(&vec![b'x'; size]).is_ok() {}
                }
            }
            "After there is room again" => std::fs::remove_file(&filler).unwrap(),
            _ => {}
        }
        over.store(false, Ordering::Relaxed);
        let (mut read, began) = (0, Instant::now());
        let (back, fates) = rush(&service, &cookie, savers, &over, || {
            let mut visitor = service.visitor();
            while began.elapsed() < phase {
                assert_eq!(visitor.must(&get("/trend", &cookie)).status, 200, "reading goes on");
                read += 1;
            }
        });
        savers = back;
        tell(title, &fates, began.elapsed());
        println!("\nMeanwhile {read} pages were read");
        if title != "While it is full" {
            assert!(fates.contains_key(&Fate::Acknowledged), "{title}: nothing was saved");
        }
    }
    // SQLite would look for the file where the link into the other file system points to, outside of it. So what is
    // recorded is asked for, and what is written is looked at in a copy.
    let period = Period::containing(clock::now());
    let csv = service.visitor().must(&plain(&format!("/export/answers.csv?period={period}"), &cookie)).text();
    let (acknowledged, lost) = lost(&savers, &csv);
    for file in ["cairn.db", "cairn.db-wal"] {
        std::fs::copy(inside.join(file), copy.folder().join(format!("from-disk-{file}"))).unwrap();
    }
    service.kill();
    assert_is_sound(&copy.folder().join("from-disk-cairn.db"));
    println!(
        "{acknowledged} saves were acknowledged; answers lost: {}; the database of {} is sound",
        lost.len(),
        megabytes(bytes)
    );
    assert!(lost.is_empty(), "{lost:?}");
}
