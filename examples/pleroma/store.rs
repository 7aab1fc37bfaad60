//! Stores the data of the instance: one SQLite database, in the data directory or in memory.

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
        size INTEGER NOT NULL DEFAULT 0,
        created INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE IF NOT EXISTS status (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account INTEGER NOT NULL REFERENCES account (id),
        content TEXT NOT NULL,
        upload TEXT REFERENCES upload (name),
        created INTEGER NOT NULL DEFAULT (unixepoch()),
        description TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX IF NOT EXISTS status_upload ON status (upload);
";

/// The columns that older databases do not have.
const ADDED: [(&str, &str, &str); 4] = [
    ("account", "used", "INTEGER NOT NULL DEFAULT 0"),
    ("upload", "size", "INTEGER NOT NULL DEFAULT 0"),
    ("upload", "created", "INTEGER NOT NULL DEFAULT 0"),
    ("status", "description", "TEXT NOT NULL DEFAULT ''"),
];

/// The name of the database in the data directory.
const DATABASE: &str = "pleroma.sqlite";

/// The remedies for a database that cannot be read.
const REMEDY: &str = "restore it from a backup, or write another --data";

/// Holds the database; clones share one connection.
#[derive(Clone)]
pub(crate) struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens `pleroma.sqlite` in the directory. Creates both if they are absent.
    pub(crate) fn open(directory: &Path) -> Result<Self, Box<dyn Error>> {
        Self::check(directory)?;
        let file = directory.join(DATABASE);
        let path = file.display();
        files::make_private_directory(directory)?;
        // The database contains the signing key and the password hashes. SQLite's other files get the same mode.
        files::make_private_file(&file)?;
        let store = Connection::open(&file).and_then(Self::new);
        Ok(store.map_err(|error| format!("{path}: {error}; {REMEDY}"))?)
    }

    /// Returns an error if the directory is a file, or contains a broken database or that of another program. Creates
    /// nothing.
    pub(crate) fn check(directory: &Path) -> Result<(), Box<dyn Error>> {
        files::check_directory(directory)?;
        files::check_directory(&directory.join(files::MEDIA))?;
        let file = directory.join(DATABASE);
        if !file.exists() {
            return Ok(());
        }
        let path = file.display();
        check(&file).map_err(|problem| format!("{path}: {problem}").into())
    }

    /// Returns a database that ends with the process.
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

    /// Returns the key that signs cookies, which is created at the first start.
    pub(crate) fn signing_key(&self) -> Result<Key, Box<dyn Error>> {
        with(&self.connection, |database| {
            if let Some(known) = known_key(database)? {
                return Ok(known);
            }
            let key = Key::generate();
            database.execute(
                "INSERT INTO secret (name, value) VALUES ('signing_key', ?1)",
                [key.master()],
            )?;
            Ok(key)
        })
    }

    /// Runs the work on this thread, which may block.
    pub(crate) fn call_here<T>(&self, work: impl FnOnce(&mut Connection) -> T) -> T {
        with(&self.connection, work)
    }

    /// Runs the work on a thread that may block: SQLite waits for the disk.
    pub(crate) async fn call<T, F>(&self, work: F) -> Result<T, Failure>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        Ok(tokio::task::spawn_blocking(move || with(&connection, work)).await??)
    }
}

/// Returns an error if the database is that of another program or cannot be read. Does not change it.
fn check(file: &Path) -> Result<(), String> {
    let broken = |error: &dyn Error| format!("{error}; {REMEDY}");
    let database = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .map_err(|error| broken(&error))?;
    let ours = "SELECT count(*) FROM pragma_table_info('account') WHERE name = 'password_hash'";
    let is_ours = database.query_row(ours, [], |row| row.get::<_, u32>(0));
    if is_ours.map_err(|error| broken(&error))? == 0 {
        let tables = tables(&database).map_err(|error| broken(&error))?;
        return match tables.join(", ") {
            // The database is new.
            none if none.is_empty() => Ok(()),
            tables => {
                let problem = "is the database of another program, with the tables";
                Err(format!("{problem} {tables}; write another --data"))
            }
        };
    }
    let found: String = database
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(|error| broken(&error))?;
    if found != "ok" {
        let found = found.lines().next().unwrap_or_default();
        return Err(format!("is corrupt: {found}; {REMEDY}"));
    }
    let key = known_key(&database);
    key.map(drop).map_err(|error| format!("the signing key: {error}; {REMEDY}"))
}

fn tables(database: &Connection) -> rusqlite::Result<Vec<String>> {
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    database.prepare(names)?.query_map([], |row| row.get(0))?.collect()
}

/// Returns the key that is in the database, if it has one.
fn known_key(database: &Connection) -> Result<Option<Key>, Box<dyn Error>> {
    let sql = "SELECT value FROM secret WHERE name = 'signing_key'";
    let known: Option<Vec<u8>> = database.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(known.map(|bytes| Key::try_from(bytes.as_slice())).transpose()?)
}

/// Returns a name that nobody guesses: 128 random bits in hex.
pub(crate) fn random_name() -> Result<String, getrandom::Error> {
    let bits = u128::from_le_bytes({
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)?;
        bytes
    });
    Ok(format!("{bits:032x}"))
}

/// Takes the lock, also after a panic: the transaction was rolled back, and the connection is still usable.
fn with<T>(connection: &Mutex<Connection>, work: impl FnOnce(&mut Connection) -> T) -> T {
    work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
}
