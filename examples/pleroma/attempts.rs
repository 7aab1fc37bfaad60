//! Limits the guesses of passwords and the number of new accounts.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::rate::{Rate, Table};

/// The limit on wrong passwords for one account from one address: ten, then one a minute.
const PAIR: Rate = Rate { at_once: 10, every: Duration::from_secs(60) };

/// The limit on wrong passwords for one account from all addresses that never signed in to it.
const ACCOUNT: Rate = Rate { at_once: 30, every: Duration::from_secs(30) };

/// The limit on wrong passwords from one address, for all accounts together.
const ADDRESS: Rate = Rate { at_once: 60, every: Duration::from_secs(5) };

/// The limit on new accounts from one address.
const ACCOUNTS: Rate = Rate { at_once: 20, every: Duration::from_secs(60) };

/// Represents the recent attempts of each address and each account; clones share them.
#[derive(Clone, Default)]
pub(crate) struct Attempts(Arc<Mutex<Tables>>);

#[derive(Default)]
struct Tables {
    pairs: Table<(String, IpAddr)>,
    accounts: Table<String>,
    addresses: Table<IpAddr>,
    registrations: Table<IpAddr>,
    /// The addresses from which each account signed in. An attacker at another address cannot lock the owner out.
    known: Table<(String, IpAddr)>,
}

/// Holds a guess that counts as wrong, unless it is right.
#[must_use]
pub(crate) struct Guess {
    attempts: Attempts,
    account: String,
    client: IpAddr,
    is_known: bool,
}

impl Attempts {
    /// Counts a guess, or rejects it.
    pub(crate) fn guess(&self, account: &str, client: IpAddr) -> Result<Guess, Failure> {
        // SQLite ignores the case of ASCII letters when it compares names.
        let account = account.to_ascii_lowercase();
        let pair = (account.clone(), client);
        let mut guard = self.lock();
        let tables = &mut *guard;
        let is_known = tables.known.contains(&pair);
        let waits = [
            tables.pairs.wait(&pair, PAIR),
            if is_known { None } else { tables.accounts.wait(&account, ACCOUNT) },
            tables.addresses.wait(&client, ADDRESS),
        ];
        if let Some(wait) = waits.into_iter().flatten().max() {
            drop(guard);
            tracing::warn!(%client, ?account, "a guess is refused: too many wrong passwords");
            return Err(Failure::too_often("too many wrong passwords", wait).told());
        }
        tables.pairs.count(pair, PAIR);
        if !is_known {
            tables.accounts.count(account.clone(), ACCOUNT);
        }
        tables.addresses.count(client, ADDRESS);
        Ok(Guess { attempts: self.clone(), account, client, is_known })
    }

    /// Counts a new account, or rejects it.
    pub(crate) fn registration(&self, client: IpAddr) -> Result<(), Failure> {
        let mut tables = self.lock();
        if let Some(wait) = tables.registrations.wait(&client, ACCOUNTS) {
            drop(tables);
            tracing::warn!(%client, "a registration is refused: too many from this address");
            return Err(Failure::too_often("too many new accounts from this address", wait).told());
        }
        tables.registrations.count(client, ACCOUNTS);
        Ok(())
    }

    /// Records that the account signed in from the address.
    pub(crate) fn know(&self, account: &str, client: IpAddr) {
        let pair = (account.to_ascii_lowercase(), client);
        self.lock().known.insert(pair, Instant::now());
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Guess {
    /// Records a right password: the guess does not count.
    pub(crate) fn was_right(self) {
        self.attempts.know(&self.account, self.client);
        let mut tables = self.attempts.lock();
        tables.addresses.forgive(&self.client, ADDRESS);
        if !self.is_known {
            tables.accounts.forgive(&self.account, ACCOUNT);
        }
        tables.pairs.forgive(&(self.account, self.client), PAIR);
    }

    /// Records a wrong password or an unknown name.
    pub(crate) fn was_wrong(self) {
        let (client, account) = (self.client, self.account);
        tracing::warn!(%client, ?account, "a sign-in failed: wrong name or password");
    }
}
