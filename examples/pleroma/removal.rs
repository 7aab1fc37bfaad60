//! Removal of posts and uploads, by the account that made them: a full account makes room.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, params};

use crate::app::App;
use crate::failure::Failure;
use crate::quota;
use crate::session::Session;

const IN_USE: Failure = Failure::new(StatusCode::CONFLICT, "a post has this file; delete the post");

/// Removes a post, with its file if no other post has it, and tells everybody who streams.
pub(crate) async fn remove_status(
    State(app): State<App>,
    session: Session,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    let id: i64 = id.parse().map_err(|_| Failure::NOT_FOUND)?;
    let account = session.account;
    let file = app.store.call(move |database| Ok(status(database, account, id))).await??;
    if let Some(name) = file {
        app.media.remove_file(name).await;
    }
    app.stream.send_removal(id);
    Ok(StatusCode::NO_CONTENT)
}

/// Removes an upload that no post has.
pub(crate) async fn remove_upload(
    State(app): State<App>,
    session: Session,
    Path(name): Path<String>,
) -> Result<StatusCode, Failure> {
    let account = session.account;
    let row = name.clone();
    app.store.call(move |database| Ok(upload(database, account, &row))).await??;
    app.media.remove_file(name).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Returns the name of the file that goes with the post, if there is one.
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

fn is_in_use(database: &Connection, name: &str) -> rusqlite::Result<bool> {
    let count = "SELECT count(*) FROM status WHERE upload = ?1";
    database.query_row(count, [name], |row| Ok(row.get::<_, u32>(0)? > 0))
}

/// Removes the file after the row: a start removes a file without one.
fn remove_row(database: &Connection, account: i64, name: &str) -> Result<(), Failure> {
    let size = "DELETE FROM upload WHERE name = ?1 RETURNING size";
    let size = database.query_row(size, [name], |row| row.get(0))?;
    quota::give_back(database, account, size)
}
