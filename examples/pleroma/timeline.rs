//! The timeline: everybody reads it, accounts post to it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Form, Json};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::failure::Failure;
use crate::media::{Attachment, Uploads};
use crate::session::Session;

/// How many statuses the timeline shows.
const NEWEST: u32 = 40;

/// The longest status, in characters.
const LONGEST_STATUS: usize = 500;

/// One status, as clients get it. The content is text: whoever shows it must not read it as HTML.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    id: i64,
    account: String,
    content: String,
    /// Seconds since 1970.
    created_at: i64,
    media: Option<Attachment>,
}

/// The form of `POST /statuses`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    status: String,
    /// The name of an upload of the same account; empty for none.
    media: String,
}

/// The newest statuses, newest first.
pub(crate) async fn read(State(app): State<App>) -> Result<Json<Vec<Status>>, Failure> {
    let media = app.media.clone();
    let statuses = app.store.call(move |database| newest(database, &media)).await?;
    Ok(Json(statuses))
}

/// Posts a status, and tells everybody who streams.
pub(crate) async fn publish(
    State(app): State<App>,
    session: Session,
    Form(draft): Form<Draft>,
) -> Result<(StatusCode, Json<Status>), Failure> {
    let content = draft.status.trim().to_owned();
    if content.is_empty() || content.chars().count() > LONGEST_STATUS {
        return Err(Failure::bad_request("a status has 1 to 500 characters"));
    }
    let media = app.media.clone();
    let status = app
        .store
        .call(move |database| insert(database, &media, session.account, &content, &draft.media))
        .await?
        .ok_or(Failure::bad_request("this account has no such upload"))?;
    app.stream.send(&status)?;
    Ok((StatusCode::CREATED, Json(status)))
}

const SELECT: &str = "
    SELECT status.id, account.name, status.content, status.created, upload.name, upload.content_type
    FROM status JOIN account ON account.id = status.account LEFT JOIN upload ON upload.name = status.upload";

fn newest(database: &Connection, media: &Uploads) -> rusqlite::Result<Vec<Status>> {
    database
        .prepare_cached(&format!("{SELECT} ORDER BY status.id DESC LIMIT ?1"))?
        .query_map([NEWEST], |row| status(row, media))?
        .collect()
}

/// The new status; none when the upload is not this account's.
fn insert(
    database: &mut Connection,
    media: &Uploads,
    account: i64,
    content: &str,
    upload: &str,
) -> rusqlite::Result<Option<Status>> {
    let change = database.transaction()?;
    let upload = Some(upload).filter(|name| !name.is_empty());
    if let Some(name) = upload {
        let own = "SELECT 1 FROM upload WHERE name = ?1 AND account = ?2";
        let found = change.query_row(own, params![name, account], |_| Ok(()));
        if found.optional()?.is_none() {
            return Ok(None);
        }
    }
    change.execute(
        "INSERT INTO status (account, content, upload) VALUES (?1, ?2, ?3)",
        params![account, content, upload],
    )?;
    let inserted = change.query_row(
        &format!("{SELECT} WHERE status.id = ?1"),
        [change.last_insert_rowid()],
        |row| status(row, media),
    )?;
    change.commit()?;
    Ok(Some(inserted))
}

fn status(row: &Row<'_>, media: &Uploads) -> rusqlite::Result<Status> {
    let upload: Option<String> = row.get(4)?;
    let attachment = match upload {
        Some(name) => Some(media.attachment(name, row.get(5)?)),
        None => None,
    };
    Ok(Status {
        id: row.get(0)?,
        account: row.get(1)?,
        content: row.get(2)?,
        created_at: row.get(3)?,
        media: attachment,
    })
}
