//! Opening a database file: checks before anything is touched, settings of every connection, migrations.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Pool};
use diesel::{Connection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query, sql_types};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::condition::Tally;
use super::lock::Lock;
use super::writer::Writer;
use super::{Error, Holder, Store};

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!();

/// “Carn”: the mark in the header of our files, set by the first migration.
const APPLICATION_ID: u32 = 0x4361_726e;

/// What to do when there is no file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Make one.
    Create,
    /// It is an error.
    Refuse,
}

/// How to open a database.
#[derive(Debug, Clone, Copy)]
pub struct OpenOptions {
    /// What to do when there is no file.
    pub missing: Missing,
    /// How long to wait for a lock of another program.
    pub patience: Duration,
    /// How many readers may work at the same time.
    pub readers: u32,
    /// Who holds the database open, for those who must wait until it is closed.
    pub holder: Holder,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { missing: Missing::Create, patience: Duration::from_secs(5), readers: 8, holder: Holder::Command }
    }
}

impl Store {
    /// Opens a database file and brings its schema up to date. A file that is not ours, newer or
    /// damaged is left as it is.
    pub fn open(path: &Path, options: OpenOptions) -> Result<Self, Error> {
        // What is refused is refused before there is a lock beside it; what is opened is what is there with the lock.
        inspect(path, options.missing)?;
        let lock = Lock::share(path, options.holder, options.patience)?;
        inspect(path, options.missing)?;
        create_for_its_owner(path, options.missing)?;
        let connector = Connector::new(path, options.patience)?;
        refuse_foreign_tables(&mut connector.establish()?, path)?;
        let mut writer = connector.connect()?;
        migrate(&mut writer, path)?;
        let readers = Pool::builder()
            .max_size(options.readers)
            .min_idle(Some(1))
            // A file does not go away like a server; what is wrong with it the next query says.
            .test_on_check_out(false)
            .connection_timeout(options.patience)
            .connection_customizer(Box::new(connector.clone()))
            .build(ConnectionManager::<SqliteConnection>::new(&connector.url))
            .map_err(|error| Error::classify(&error.to_string()))?;
        let writer = Writer::new(writer, options.patience);
        Ok(Self { readers, writer, connector, tally: Tally::default(), _lock: lock })
    }
}

/// Makes a file that is missing, readable by its owner only, as SQLite makes the log and its index then.
fn create_for_its_owner(path: &Path, missing: Missing) -> Result<(), Error> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match (missing, path.exists()) {
        (Missing::Create, false) => options.open(path).map(drop).map_err(|error| unopenable(path, error)),
        _ => Ok(()),
    }
}

pub(super) fn unopenable(path: &Path, reason: impl ToString) -> Error {
    Error::Unopenable { path: path.to_owned(), reason: reason.to_string() }
}

/// Looks at the file without SQLite, which would begin to repair, create or convert it.
pub(super) fn inspect(path: &Path, missing: Missing) -> Result<(), Error> {
    let metadata = match std::fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return match missing {
                Missing::Create => Ok(()),
                Missing::Refuse => Err(Error::Missing(path.to_owned())),
            };
        }
        Err(error) => return Err(unopenable(path, error)),
    };
    if !metadata.is_file() {
        return Err(unopenable(path, "it is not a file"));
    }
    if metadata.len() == 0 {
        // Made by `touch` or `mktemp`; SQLite takes it as a new database, and so do we.
        return Ok(());
    }
    let header = header(path).map_err(|error| unopenable(path, error))?;
    if !header.starts_with(MAGIC) {
        return Err(Error::Foreign(path.to_owned()));
    }
    let number = |at| number(&header, at);
    let (Some(application), Some(pages), Some(page_size)) = (number(MARK), number(28), number(16)) else {
        return Err(Error::Damaged("the file ends inside its header".to_owned()));
    };
    // 0: a file that SQLite has begun and our first migration has not reached.
    if application != APPLICATION_ID && application != 0 {
        return Err(Error::Foreign(path.to_owned()));
    }
    // The page size is the upper half of these four bytes; 1 stands for 65536.
    let page_size = match u64::from(page_size >> 16) {
        1 => 65_536,
        size => size,
    };
    // While there is a write-ahead log the file may rightly be shorter than the header says.
    if !has_log(path) && metadata.len() < u64::from(pages) * page_size {
        return Err(Error::Damaged(format!("{} has lost its end", path.display())));
    }
    Ok(())
}

/// How every file of SQLite begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

/// Where in the header our mark is.
const MARK: usize = 68;

fn header(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut header = Vec::new();
    File::open(path)?.take(100).read_to_end(&mut header)?;
    Ok(header)
}

fn number(header: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?))
}

/// Whether a file is a database of SQLite, of whatever program.
pub(super) fn is_sqlite(path: &Path) -> bool {
    header(path).is_ok_and(|header| header.starts_with(MAGIC))
}

/// Whether a file has the mark that our first migration sets.
pub(super) fn has_mark(path: &Path) -> bool {
    header(path).is_ok_and(|header| number(&header, MARK) == Some(APPLICATION_ID))
}

fn has_log(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

/// The file whose name is that of the database and something more.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Makes connections, each with the settings that all of them must have.
#[derive(Debug, Clone)]
pub(super) struct Connector {
    url: String,
    patience: Duration,
}

impl Connector {
    pub(super) fn new(path: &Path, patience: Duration) -> Result<Self, Error> {
        let name = path.to_str().ok_or_else(|| unopenable(path, "its path is not Unicode"))?;
        // SQLite would take these for something other than a file name.
        let url = if name.starts_with("file:") || name == ":memory:" { format!("./{name}") } else { name.to_owned() };
        Ok(Self { url, patience })
    }

    /// A database that is nowhere but in memory.
    pub(super) fn memory() -> Result<SqliteConnection, Error> {
        let name = ":memory:";
        SqliteConnection::establish(name).map_err(|error| unopenable(Path::new(name), error))
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        Path::new(&self.url)
    }

    /// The file, as SQLite takes it.
    pub(super) fn name(&self) -> &str {
        &self.url
    }

    pub(super) fn connect(&self) -> Result<SqliteConnection, Error> {
        let mut connection = self.establish()?;
        self.configure(&mut connection)?;
        Ok(connection)
    }

    /// A connection that waits for others, and has written nothing to the file yet.
    pub(super) fn establish(&self) -> Result<SqliteConnection, Error> {
        let mut connection =
            SqliteConnection::establish(&self.url).map_err(|error| unopenable(Path::new(&self.url), error))?;
        self.be_patient(&mut connection)?;
        Ok(connection)
    }

    fn be_patient(&self, connection: &mut SqliteConnection) -> Result<(), diesel::result::Error> {
        connection.batch_execute(&format!("PRAGMA busy_timeout = {}", self.patience.as_millis()))
    }

    /// Does something with a connection that does not wait for others meanwhile.
    pub(super) fn without_patience<T>(
        &self,
        connection: &mut SqliteConnection,
        work: impl FnOnce(&mut SqliteConnection) -> T,
    ) -> Result<T, Error> {
        connection.batch_execute("PRAGMA busy_timeout = 0")?;
        let result = work(connection);
        self.be_patient(connection)?;
        Ok(result)
    }

    /// The order matters: without patience even setting the journal mode fails while another
    /// program writes.
    fn configure(&self, connection: &mut SqliteConnection) -> Result<(), diesel::result::Error> {
        self.be_patient(connection)?;
        connection.batch_execute(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA recursive_triggers = ON;",
        )
    }
}

impl CustomizeConnection<SqliteConnection, diesel::r2d2::Error> for Connector {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), diesel::r2d2::Error> {
        self.configure(connection).map_err(diesel::r2d2::Error::QueryError)
    }
}

#[derive(QueryableByName)]
pub(super) struct Count {
    #[diesel(sql_type = sql_types::BigInt)]
    pub(super) count: i64,
}

/// A file without our mark that already has tables belongs to somebody else.
pub(super) fn refuse_foreign_tables(connection: &mut SqliteConnection, path: &Path) -> Result<(), Error> {
    let query =
        "SELECT (SELECT count(*) FROM sqlite_master) AS count FROM pragma_application_id WHERE application_id = 0";
    let foreign = sql_query(query).load::<Count>(connection)?;
    match foreign.first() {
        Some(tables) if tables.count > 0 => Err(Error::Foreign(path.to_owned())),
        _ => Ok(()),
    }
}

/// Brings the schema up to date. A newer one is refused.
#[expect(clippy::disallowed_methods, reason = "two processes that start at once must not both migrate")]
pub(super) fn migrate(connection: &mut SqliteConnection, path: &Path) -> Result<(), Error> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| Error::classify(&error.to_string());
    let known: Vec<String> = diesel::migration::MigrationSource::<diesel::sqlite::Sqlite>::migrations(&MIGRATIONS)
        .map_err(failed)?
        .iter()
        .map(|migration| migration.name().version().to_string())
        .collect();
    connection.immediate_transaction(|connection| {
        let applied = connection.applied_migrations().map_err(failed)?;
        if let Some(unknown) = applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
            return Err(Error::Newer { path: path.to_owned(), schema: unknown });
        }
        connection.run_pending_migrations(MIGRATIONS).map_err(failed)?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(connection: &mut SqliteConnection) -> Vec<String> {
        #[derive(QueryableByName)]
        struct Definition {
            #[diesel(sql_type = sql_types::Text)]
            sql: String,
        }
        let query = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name";
        sql_query(query).load::<Definition>(connection).unwrap().into_iter().map(|row| row.sql).collect()
    }

    #[test]
    fn migrations_go_up_and_down_and_up_again() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        connection.run_pending_migrations(MIGRATIONS).unwrap();
        let up = schema(&mut connection);
        assert!(up.len() > 10);
        connection.revert_all_migrations(MIGRATIONS).unwrap();
        assert_eq!(schema(&mut connection), Vec::<String>::new());
        connection.run_pending_migrations(MIGRATIONS).unwrap();
        assert_eq!(schema(&mut connection), up);
    }

    /// What keeps an acknowledged change through a crash of the program or a loss of power.
    #[test]
    fn every_connection_waits_for_the_disk() {
        #[derive(QueryableByName)]
        struct Pragmas {
            #[diesel(sql_type = sql_types::Text)]
            journal_mode: String,
            #[diesel(sql_type = sql_types::BigInt)]
            synchronous: i64,
            #[diesel(sql_type = sql_types::BigInt)]
            foreign_keys: i64,
            #[diesel(sql_type = sql_types::BigInt)]
            timeout: i64,
        }
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("cairn.db"), OpenOptions::default()).unwrap();
        let mut reader = store.readers.get().unwrap();
        let check = |connection: &mut SqliteConnection| {
            let query =
                "SELECT * FROM pragma_journal_mode, pragma_synchronous, pragma_foreign_keys, pragma_busy_timeout";
            let pragmas = sql_query(query).get_result::<Pragmas>(connection).unwrap();
            let found = (pragmas.journal_mode.as_str(), pragmas.synchronous, pragmas.foreign_keys, pragmas.timeout);
            assert_eq!(found, ("wal", 2, 1, 5000));
        };
        check(&mut reader);
        store.writer.with(&store.connector, check).unwrap();
    }

    #[test]
    fn the_schema_of_diesel_is_that_of_the_migrations() {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        connection.run_pending_migrations(MIGRATIONS).unwrap();
        #[derive(QueryableByName)]
        struct Column {
            #[diesel(sql_type = sql_types::Text)]
            table_name: String,
            #[diesel(sql_type = sql_types::Text)]
            column_name: String,
            #[diesel(sql_type = sql_types::Bool)]
            required: bool,
        }
        let query = "SELECT m.name AS table_name, c.name AS column_name, c.\"notnull\" AS required
            FROM sqlite_master m JOIN pragma_table_info(m.name) c
            WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%'";
        let mut in_migrations: Vec<_> = sql_query(query)
            .load::<Column>(&mut connection)
            .unwrap()
            .into_iter()
            .map(|c| (c.table_name, c.column_name, c.required))
            .collect();
        let mut in_diesel = Vec::new();
        let mut table = String::new();
        for line in include_str!("schema.rs").lines().map(str::trim) {
            if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
                table = name.to_owned();
            } else if let Some((column, kind)) = line.split_once(" -> ").filter(|_| line.ends_with(',')) {
                in_diesel.push((table.clone(), column.to_owned(), !kind.starts_with("Nullable")));
            }
        }
        in_migrations.sort();
        in_diesel.sort();
        assert_eq!(in_diesel, in_migrations);
    }
}
