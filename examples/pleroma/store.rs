//! The data of the instance: one SQLite database, in the data directory or in memory.

use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum_extra::extract::cookie::Key;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use crate::failure::Failure;
use crate::files;

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    PRAGMA foreign_keys = ON;
    CREATE TABLE IF NOT EXISTS secret (
        name TEXT PRIMARY KEY,
        value BLOB NOT NULL
    );
    CREATE TABLE IF NOT EXISTS account (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        password_hash TEXT NOT NULL,
        used INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE IF NOT EXISTS session (
        id TEXT PRIMARY KEY,
        account INTEGER NOT NULL REFERENCES account (id),
        expires INTEGER NOT NULL
    );
    CREATE TABLE IF NOT EXISTS upload (
        name TEXT PRIMARY KEY,
        account INTEGER NOT NULL REFERENCES account (id),
        filename TEXT NOT NULL,
        content_type TEXT NOT NULL,
        bytes BLOB,
        size INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE IF NOT EXISTS status (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account INTEGER NOT NULL REFERENCES account (id),
        content TEXT NOT NULL,
        upload TEXT REFERENCES upload (name),
        created INTEGER NOT NULL DEFAULT (unixepoch()),
        description TEXT NOT NULL DEFAULT ''
    );
";

/// The columns that databases of before do not have.
const ADDED: [(&str, &str, &str); 3] = [
    ("account", "used", "INTEGER NOT NULL DEFAULT 0"),
    ("upload", "size", "INTEGER NOT NULL DEFAULT 0"),
    ("status", "description", "TEXT NOT NULL DEFAULT ''"),
];

/// The ways out of a database that cannot be read.
const REMEDY: &str = "restore it from a backup, or write another --data";

/// The database; clones share one connection.
#[derive(Clone)]
pub(crate) struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens `pleroma.sqlite` in the directory, and makes both if need be.
    pub(crate) fn open(directory: &Path) -> Result<Self, Box<dyn Error>> {
        let file = directory.join("pleroma.sqlite");
        let path = file.display();
        if file.exists() {
            // Nothing is changed of what may be another program's.
            let tables =
                foreign_tables(&file).map_err(|error| format!("{path}: {error}; {REMEDY}"))?;
            if !tables.is_empty() {
                let tables = tables.join(", ");
                let problem = "is the database of another program, with the tables";
                return Err(format!("{path}: {problem} {tables}; write another --data").into());
            }
        }
        files::make_private_directory(directory)?;
        // The database has the signing key and the password hashes. What SQLite puts next to it gets the same mode.
        files::make_private_file(&file)?;
        let store = Connection::open(&file).and_then(Self::new);
        let store = store.map_err(|error| format!("{path}: {error}; {REMEDY}"))?;
        let found: String = store.call_here(|database| {
            database.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        })?;
        if found != "ok" {
            let found = found.lines().next().unwrap_or_default();
            return Err(format!("{path}: is corrupt: {found}; {REMEDY}").into());
        }
        store
            .signing_key()
            .map_err(|error| format!("{path}: the signing key: {error}; {REMEDY}"))?;
        Ok(store)
    }

    /// A database that ends with the process.
    pub(crate) fn in_memory() -> rusqlite::Result<Self> {
        Self::new(Connection::open_in_memory()?)
    }

    fn new(connection: Connection) -> rusqlite::Result<Self> {
        connection.execute_batch(SCHEMA)?;
        for (table, column, kind) in ADDED {
            let count = "SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2";
            if connection.query_row(count, [table, column], |row| row.get::<_, u32>(0))? == 0 {
                connection
                    .execute_batch(&format!("ALTER TABLE {table} ADD COLUMN {column} {kind}"))?;
            }
        }
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// The key that signs cookies, made at the first start.
    pub(crate) fn signing_key(&self) -> Result<Key, Box<dyn Error>> {
        with(&self.connection, |database| {
            let known: Option<Vec<u8>> = database
                .query_row("SELECT value FROM secret WHERE name = 'signing_key'", [], |row| {
                    row.get(0)
                })
                .optional()?;
            if let Some(bytes) = known {
                return Ok(Key::try_from(bytes.as_slice())?);
            }
            let key = Key::generate();
            database.execute(
                "INSERT INTO secret (name, value) VALUES ('signing_key', ?1)",
                [key.master()],
            )?;
            Ok(key)
        })
    }

    /// Runs the work here, for those who may block.
    pub(crate) fn call_here<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> T {
        with(&self.connection, work)
    }

    /// Runs the work where it may block: SQLite waits for the disk, and the runtime must not.
    pub(crate) async fn call<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        Ok(tokio::task::spawn_blocking(move || with(&connection, work)).await??)
    }
}

/// The names of the tables, if they are another program's: there are some, and none has our passwords.
fn foreign_tables(file: &Path) -> rusqlite::Result<Vec<String>> {
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let ours = "SELECT count(*) FROM pragma_table_info('account') WHERE name = 'password_hash'";
    if database.query_row(ours, [], |row| row.get::<_, u32>(0))? > 0 {
        return Ok(Vec::new());
    }
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    database.prepare(names)?.query_map([], |row| row.get(0))?.collect()
}

/// A name that nobody guesses: 128 random bits in hex.
pub(crate) fn random_name() -> Result<String, getrandom::Error> {
    let bits = u128::from_le_bytes({
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        bytes
    });
    Ok(format!("{bits:032x}"))
}

/// A panic while the lock was held has rolled its transaction back: the connection is still good.
fn with<T>(connection: &Mutex<Connection>, work: impl FnOnce(&mut Connection) -> T) -> T {
    work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
}
