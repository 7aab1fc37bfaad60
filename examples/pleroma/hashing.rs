//! Hashes a few passwords at a time, because argon2 needs 19 MiB for each.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::Semaphore;

use crate::failure::Failure;

/// The number of passwords that are hashed at the same time.
const AT_A_TIME: usize = 4;

/// The number of passwords that may wait for their turn. Others are rejected immediately.
const WAITING: usize = 64;

/// Holds the turns for hashing. A turn begins after the password was received, so a slow client cannot occupy one.
#[derive(Clone)]
pub(crate) struct Hashing {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Hashing {
    pub(crate) fn new() -> Self {
        let places = Arc::new(Semaphore::new(AT_A_TIME + WAITING));
        Self { turns: Arc::new(Semaphore::new(AT_A_TIME)), places }
    }

    pub(crate) async fn hash(&self, password: String) -> Result<String, Failure> {
        self.run(move || hash(&password)).await
    }

    /// Returns the account, if the password is right. An unknown name also costs a hash, so the time does not reveal
    /// whether the account exists.
    pub(crate) async fn verify(
        &self,
        known: Option<(i64, String)>,
        password: String,
    ) -> Result<Option<i64>, Failure> {
        self.run(move || verified(known, &password)).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Failure> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            tracing::warn!("a sign-in or registration is refused: too many wait for hashing");
            return Err(Failure::BUSY.told());
        };
        let turn = Arc::clone(&self.turns).acquire_owned().await?;
        // Both are held until the hashing ends, even if the client has disconnected.
        let work = move || {
            let done = work();
            drop((turn, place));
            done
        };
        Ok(tokio::task::spawn_blocking(work).await??)
    }
}

fn hash(password: &str) -> Result<String, Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

fn verified(known: Option<(i64, String)>, password: &str) -> Result<Option<i64>, Error> {
    let Some((account, stored)) = known else {
        hash(password)?;
        return Ok(None);
    };
    let stored = PasswordHash::new(&stored)?;
    let matches = Argon2::default().verify_password(password.as_bytes(), &stored);
    Ok(matches.is_ok().then_some(account))
}
