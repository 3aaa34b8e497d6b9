//! Databases of earlier releases, kept in `tests/releases` with what those releases exported: all of it is still
//! there after an upgrade, and goes on.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::harness::{ADMINISTRATOR, CommandLine, activity_ids};

/// What is exported and says the same on every day, but for [`AGE`].
const EXPORTS: [&str; 8] = ["answers", "evidence", "teams", "levels", "trend", "threats", "mitigations", "audit"];

/// The column that counts the days since a threat was found.
const AGE: &str = "age_days";

/// Pages on which all kinds of records are shown.
const PAGES: [&str; 14] = [
    "/",
    "/assessments",
    "/gaps",
    "/evidence",
    "/trend",
    "/heatmap",
    "/portfolio",
    "/roadmap",
    "/roadmap/plans",
    "/threat-models",
    "/teams",
    "/settings",
    "/admin/tokens",
    "/admin/audit",
];

fn releases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/releases")
}

/// Keeps a database of this version and what it exports, when a release is made.
fn keep(folder: &Path) {
    let commands = CommandLine::new();
    commands.demo(&["--teams", "3", "--quarters", "3", "--keep", "cairn.db"]).stop();
    let add = ["user", "add", ADMINISTRATOR.0, "--role", "administrator", "--password-stdin"];
    commands.run_reading(&add, |mut input| input.write_all(ADMINISTRATOR.1.as_bytes()).unwrap()).expect_done();
    commands.run(&["token", "create", "pipeline", "--scope", "propose"]).expect_done();
    std::fs::create_dir_all(folder).unwrap();
    for kind in EXPORTS {
        std::fs::write(folder.join(kind).with_extension("csv"), commands.export(&[kind]).expect_done()).unwrap();
    }
    open(&commands).batch_execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let mut packed = GzEncoder::new(File::create(folder.join("cairn.db.gz")).unwrap(), Compression::best());
    std::io::copy(&mut File::open(commands.database()).unwrap(), &mut packed).unwrap();
    packed.finish().unwrap();
}

fn unpack(folder: &Path) -> CommandLine {
    let commands = CommandLine::new();
    let mut packed = GzDecoder::new(File::open(folder.join("cairn.db.gz")).unwrap());
    std::io::copy(&mut packed, &mut File::create(commands.database()).unwrap()).unwrap();
    commands
}

fn open(commands: &CommandLine) -> SqliteConnection {
    SqliteConnection::establish(commands.database().to_str().unwrap()).unwrap()
}

/// The rows of a table, of those columns that an earlier table had. Later releases may add some.
fn rows(table: &str, columns: &csv::StringRecord) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let found = reader.headers().unwrap().clone();
    let place = |column: &str| found.iter().position(|name| name == column).unwrap_or_else(|| panic!("no {column}"));
    let places: Vec<usize> = columns.iter().filter(|column| *column != AGE).map(place).collect();
    reader.records().map(|row| row.unwrap()).map(|row| places.iter().map(|&i| row[i].to_owned()).collect()).collect()
}

#[derive(QueryableByName)]
struct Definition {
    #[diesel(sql_type = sql_types::Text)]
    sql: String,
}

/// How a database is built.
fn schema(commands: &CommandLine) -> BTreeSet<String> {
    let all = sql_query("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").load::<Definition>(&mut open(commands));
    all.unwrap().into_iter().map(|definition| definition.sql).collect()
}

/// Uses the database of a release as somebody would who has upgraded.
fn upgrade(folder: &Path) {
    let commands = unpack(folder);
    for kind in EXPORTS {
        let before = std::fs::read_to_string(folder.join(kind).with_extension("csv")).unwrap();
        let columns = csv::Reader::from_reader(before.as_bytes()).headers().unwrap().clone();
        let (before, after) = (rows(&before, &columns), rows(&commands.export(&[kind]).expect_done(), &columns));
        assert!(!before.is_empty() && before == after, "{kind} of {} came out different", folder.display());
    }
    let fresh = CommandLine::with_answers("team,period,activity_id,status\n");
    assert_eq!(schema(&commands), schema(&fresh), "it is built as a new one is");
    let served = commands.serve();
    for path in PAGES {
        served.visit(path);
    }
    let assessment = served.open(served.add_team("A team that is new"), "2026-Q4");
    served.answer(&assessment, &[(&activity_ids()[0], "fully_implemented")]);
    served.hand_in(&assessment);
    served.stop();
    assert!(commands.everything().contains("A team that is new,2026-Q4"));
    commands.run(&["audit", "verify"]).expect_done();
}

#[test]
fn what_earlier_releases_recorded_is_all_there() {
    let this = releases().join(env!("CARGO_PKG_VERSION"));
    if std::env::var_os("CAIRN_BLESS").is_some() && !this.exists() {
        keep(&this);
    }
    assert!(this.exists(), "CAIRN_BLESS=1 keeps a database of this version in {}", this.display());
    for entry in std::fs::read_dir(releases()).unwrap() {
        upgrade(&entry.unwrap().path());
    }
}
