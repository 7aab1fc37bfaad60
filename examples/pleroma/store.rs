//! What the instance remembers: one SQLite database, in the data directory or in memory.

use std::error::Error;
use std::fs::DirBuilder;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum_extra::extract::cookie::Key;
use rusqlite::{Connection, OptionalExtension};

use crate::failure::Failure;

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
        password_hash TEXT NOT NULL
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
        bytes BLOB
    );
    CREATE TABLE IF NOT EXISTS status (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account INTEGER NOT NULL REFERENCES account (id),
        content TEXT NOT NULL,
        upload TEXT REFERENCES upload (name),
        created INTEGER NOT NULL DEFAULT (unixepoch())
    );
";

/// The database; clones share one connection.
#[derive(Clone)]
pub(crate) struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens `pleroma.sqlite` in the directory, and makes both if need be.
    pub(crate) fn open(directory: &Path) -> Result<Self, Box<dyn Error>> {
        let mut builder = DirBuilder::new();
        // The database has the signing key and the password hashes: nobody else's business.
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder
            .recursive(true)
            .create(directory)
            .map_err(|error| format!("{}: {error}", directory.display()))?;
        Ok(Self::new(Connection::open(directory.join("pleroma.sqlite"))?)?)
    }

    /// A database that ends with the process.
    pub(crate) fn in_memory() -> rusqlite::Result<Self> {
        Self::new(Connection::open_in_memory()?)
    }

    fn new(connection: Connection) -> rusqlite::Result<Self> {
        connection.execute_batch(SCHEMA)?;
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
