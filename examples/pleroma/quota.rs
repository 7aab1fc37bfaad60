//! Limits the files and texts that one account and all accounts together may store.

use rusqlite::Connection;

use crate::args::Limits;
use crate::failure::Failure;
use crate::removal;
use crate::store::Store;

/// The size of a post in the database without its text, in bytes.
const AROUND_A_POST: usize = 200;

/// Sums the bytes that each account stores. Files that an administrator or a start removed are not counted.
const RECOUNT: &str = "
    UPDATE account SET used =
        (SELECT coalesce(sum(size), 0) FROM upload WHERE upload.account = account.id) +
        (SELECT coalesce(sum(length(CAST(content || description AS BLOB)) + ?1), 0) FROM status WHERE status.account = account.id)";

/// Names the limit that has no room.
enum Lacking {
    Own,
    All,
}

/// Holds the two limits, in MiB.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quota {
    account: usize,
    all: usize,
}

impl Quota {
    /// Counts the stored bytes.
    pub(crate) fn open(limits: Limits, store: &Store) -> rusqlite::Result<Self> {
        store.call_here(|database| {
            database.execute(RECOUNT, [i64::try_from(AROUND_A_POST).unwrap_or_default()])
        })?;
        Ok(Self { account: limits.account, all: limits.all })
    }

    /// Removes uploads that have been without a post for a day, if there is no other room. Returns the names of their
    /// files.
    pub(crate) fn make_room(
        &self,
        database: &mut Connection,
        account: i64,
        bytes: usize,
    ) -> Result<Vec<String>, Failure> {
        if self.lacks(database, account, bytes)?.is_none() {
            return Ok(Vec::new());
        }
        let change = database.transaction()?;
        let removed = removal::expire(&change)?;
        change.commit()?;
        Ok(removed)
    }

    /// Returns the rejection, with its event, if the account or all accounts together have no room for this many bytes.
    pub(crate) fn check(
        &self,
        database: &Connection,
        account: i64,
        bytes: usize,
    ) -> Result<(), Failure> {
        match self.lacks(database, account, bytes)? {
            None => Ok(()),
            Some(Lacking::Own) => {
                let problem = "a post or an upload is refused: its account is full";
                tracing::warn!(account, bytes, "{problem}");
                Err(Failure::full_account(self.account))
            }
            Some(Lacking::All) => {
                let problem = "a post or an upload is refused: all storage is used";
                tracing::error!(account, bytes, "{problem}");
                Err(Failure::FULL)
            }
        }
    }

    /// Returns the limit that this many additional bytes would exceed.
    fn lacks(
        &self,
        database: &Connection,
        account: i64,
        bytes: usize,
    ) -> rusqlite::Result<Option<Lacking>> {
        let used =
            "SELECT (SELECT used FROM account WHERE id = ?1), (SELECT sum(used) FROM account)";
        let (own, all): (i64, i64) =
            database.query_row(used, [account], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let is_above = |used: i64, limit: usize| {
            let used = usize::try_from(used).unwrap_or(usize::MAX);
            used.saturating_add(bytes) > limit.saturating_mul(1024 * 1024)
        };
        Ok(match () {
            () if is_above(own, self.account) => Some(Lacking::Own),
            () if is_above(all, self.all) => Some(Lacking::All),
            () => None,
        })
    }

    /// Counts bytes in the transaction that stores them, or rejects them.
    pub(crate) fn take(
        &self,
        database: &Connection,
        account: i64,
        bytes: usize,
    ) -> Result<(), Failure> {
        self.check(database, account, bytes)?;
        let take = "UPDATE account SET used = used + ?2 WHERE id = ?1";
        database.execute(take, (account, i64::try_from(bytes)?))?;
        Ok(())
    }

    /// Returns the same for a post with these texts.
    pub(crate) fn take_post(
        &self,
        database: &Connection,
        account: i64,
        text: &str,
        description: &str,
    ) -> Result<(), Failure> {
        self.take(database, account, of_post(text, description))
    }
}

/// Returns the bytes of a post with these texts.
pub(crate) fn of_post(text: &str, description: &str) -> usize {
    text.len() + description.len() + AROUND_A_POST
}

/// Subtracts bytes in the transaction that removes them.
pub(crate) fn give_back(database: &Connection, account: i64, bytes: i64) -> Result<(), Failure> {
    let give = "UPDATE account SET used = max(0, used - ?2) WHERE id = ?1";
    database.execute(give, (account, bytes))?;
    Ok(())
}

/// Returns the bytes of a post with texts of this length.
pub(crate) fn give_back_post(
    database: &Connection,
    account: i64,
    bytes: i64,
) -> Result<(), Failure> {
    give_back(database, account, bytes + i64::try_from(AROUND_A_POST)?)
}
