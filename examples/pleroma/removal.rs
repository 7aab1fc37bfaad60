//! Removes posts and uploads of an account, so that a full account can make room.

use axum::extract::State;
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, params};

use crate::app::App;
use crate::failure::Failure;
use crate::files;
use crate::form::Named;
use crate::quota;
use crate::session::Session;

const IN_USE: Failure = Failure::new(StatusCode::CONFLICT, "a post has this file; delete the post");

/// Removes a post, with its file if no other post has it, and tells every open stream.
pub(crate) async fn remove_status(
    State(app): State<App>,
    session: Session,
    Named(id): Named,
) -> Result<StatusCode, Failure> {
    let id: i64 = id.parse().map_err(|_| Failure::NOT_FOUND)?;
    let account = session.account;
    let media = app.media.clone();
    let remove = move |database: &mut Connection| {
        let file = status(database, account, id)?;
        media.remove_files(file.as_slice());
        Ok::<_, Failure>(())
    };
    app.store.call(move |database| Ok(remove(database))).await??;
    app.stream.send_removal(id);
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an upload without a post.
pub(crate) async fn remove_upload(
    State(app): State<App>,
    session: Session,
    Named(name): Named,
) -> Result<StatusCode, Failure> {
    let (account, media) = (session.account, app.media.clone());
    let remove = move |database: &mut Connection| {
        upload(database, account, &name)?;
        media.remove_files(&[name]);
        Ok::<_, Failure>(())
    };
    app.store.call(move |database| Ok(remove(database))).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the name of the file that is removed with the post, if there is one.
fn status(database: &mut Connection, account: i64, id: i64) -> Result<Option<String>, Failure> {
    let change = database.transaction()?;
    let own = "SELECT upload, length(CAST(content || description AS BLOB)) FROM status WHERE id = ?1 AND account = ?2";
    let (file, bytes): (Option<String>, i64) = change
        .query_row(own, [id, account], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(Failure::NOT_FOUND)?;
    change.execute("DELETE FROM status WHERE id = ?1", [id])?;
    quota::give_back_post(&change, account, bytes)?;
    let mut removed = None;
    if let Some(name) = file {
        removed = (!is_in_use(&change, &name)?).then_some(name);
    }
    if let Some(name) = &removed {
        remove_row(&change, account, name)?;
    }
    change.commit()?;
    Ok(removed)
}

fn upload(database: &mut Connection, account: i64, name: &str) -> Result<(), Failure> {
    let change = database.transaction()?;
    let own = "SELECT 1 FROM upload WHERE name = ?1 AND account = ?2";
    let found = change.query_row(own, params![name, account], |_| Ok(()));
    found.optional()?.ok_or(Failure::NOT_FOUND)?;
    if is_in_use(&change, name)? {
        return Err(IN_USE);
    }
    remove_row(&change, account, name)?;
    Ok(change.commit()?)
}

/// Removes the rows of uploads that have been without a post for a day. Returns the names of their files.
pub(crate) fn expire(database: &Connection) -> Result<Vec<String>, Failure> {
    let old = "SELECT account, name FROM upload WHERE created < unixepoch() - ?1
        AND NOT EXISTS (SELECT 1 FROM status WHERE status.upload = upload.name)";
    let age = i64::try_from(files::KEPT_WITHOUT_POST.as_secs())?;
    let mut old = database.prepare(old)?;
    let old = old.query_map([age], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let old: Vec<(i64, String)> = old.collect::<Result<_, _>>()?;
    for (account, name) in &old {
        remove_row(database, *account, name)?;
    }
    if !old.is_empty() {
        tracing::info!(removed = old.len(), "uploads make room: no post has had them for a day");
    }
    Ok(old.into_iter().map(|(_, name)| name).collect())
}

fn is_in_use(database: &Connection, name: &str) -> rusqlite::Result<bool> {
    let count = "SELECT count(*) FROM status WHERE upload = ?1";
    database.query_row(count, [name], |row| Ok(row.get::<_, u32>(0)? > 0))
}

/// Removes the file after the row. A start removes a file without a row.
fn remove_row(database: &Connection, account: i64, name: &str) -> Result<(), Failure> {
    let size = "DELETE FROM upload WHERE name = ?1 RETURNING size";
    let size = database.query_row(size, [name], |row| row.get(0))?;
    quota::give_back(database, account, size)
}
