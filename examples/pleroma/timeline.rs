//! Serves the timeline. Everybody can read it, and accounts post to it.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::failure::Failure;
use crate::form::Fields;
use crate::media::{Attachment, Uploads};
use crate::quota::{self, Quota};
use crate::session::Session;

/// The number of statuses that the timeline shows.
const NEWEST: u32 = 40;

/// The longest status, in characters.
const LONGEST_STATUS: usize = 500;

/// Holds one status, as clients receive it. The content is text: a client must not interpret it as HTML.
#[derive(Debug, Serialize)]
pub(crate) struct Status {
    id: i64,
    account: String,
    content: String,
    /// Seconds since 1970.
    created_at: i64,
    media: Option<Attachment>,
}

/// Holds the form of `POST /statuses`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Draft {
    status: String,
    /// The name of an upload of the same account, or an empty text.
    media: String,
    /// The description for people who cannot see the upload.
    description: String,
}

/// Holds the query of `GET /timeline`.
#[derive(Debug, Deserialize)]
pub(crate) struct Before {
    /// The upper limit of the ids in the response.
    before: Option<i64>,
}

/// Returns the newest statuses, newest first, or the newest before a given one.
pub(crate) async fn read(
    State(app): State<App>,
    query: Result<Query<Before>, QueryRejection>,
) -> Result<Json<Vec<Status>>, Failure> {
    let number = Failure::bad_request("'before' is the number of a status");
    let before = query.map_err(|_| number)?.before.unwrap_or(i64::MAX);
    let media = app.media.clone();
    let statuses = app.store.call(move |database| newest(database, &media, before)).await?;
    Ok(Json(statuses))
}

/// Posts a status, and sends it to every open stream.
pub(crate) async fn publish(
    State(app): State<App>,
    session: Session,
    Fields(draft): Fields<Draft>,
) -> Result<(StatusCode, Json<Status>), Failure> {
    let content = draft.status.trim().to_owned();
    let is_long = |text: &str| text.chars().count() > LONGEST_STATUS;
    if is_long(&content) || (content.is_empty() && draft.media.is_empty()) {
        return Err(Failure::bad_request(
            "a status has 1 to 500 characters; with a file, it can have none",
        ));
    }
    if is_long(&draft.description) {
        return Err(Failure::bad_request("a description has at most 500 characters"));
    }
    let draft = Draft { status: content, ..draft };
    let (media, quota) = (app.media.clone(), app.quota);
    let insert = move |database: &mut Connection| {
        let bytes = quota::of_post(&draft.status, &draft.description);
        media.remove_files(&quota.make_room(database, session.account, bytes)?);
        insert(database, &media, quota, session.account, &draft)
    };
    let status = app.store.call(move |database| Ok(insert(database))).await??;
    app.stream.send(&status)?;
    Ok((StatusCode::CREATED, Json(status)))
}

const SELECT: &str = "
    SELECT status.id, account.name, status.content, status.created,
        upload.name, upload.content_type, upload.filename, status.description
    FROM status JOIN account ON account.id = status.account LEFT JOIN upload ON upload.name = status.upload";

fn newest(database: &Connection, media: &Uploads, before: i64) -> rusqlite::Result<Vec<Status>> {
    database
        .prepare_cached(&format!("{SELECT} WHERE status.id < ?2 ORDER BY status.id DESC LIMIT ?1"))?
        .query_map((NEWEST, before), |row| status(row, media))?
        .collect()
}

/// Returns the new status, unless the upload is not this account's or the account is full.
fn insert(
    database: &mut Connection,
    media: &Uploads,
    quota: Quota,
    account: i64,
    draft: &Draft,
) -> Result<Status, Failure> {
    let change = database.transaction()?;
    let upload = Some(&draft.media).filter(|name| !name.is_empty());
    if let Some(name) = upload {
        let own = "SELECT 1 FROM upload WHERE name = ?1 AND account = ?2";
        let found = change.query_row(own, params![name, account], |_| Ok(()));
        found.optional()?.ok_or(Failure::bad_request("this account has no such upload"))?;
    }
    quota.take_post(&change, account, &draft.status, &draft.description)?;
    change.execute(
        "INSERT INTO status (account, content, upload, description) VALUES (?1, ?2, ?3, ?4)",
        params![account, draft.status, upload, draft.description],
    )?;
    let inserted = change.query_row(
        &format!("{SELECT} WHERE status.id = ?1"),
        [change.last_insert_rowid()],
        |row| status(row, media),
    )?;
    change.commit()?;
    Ok(inserted)
}

fn status(row: &Row<'_>, media: &Uploads) -> rusqlite::Result<Status> {
    let upload: Option<String> = row.get(4)?;
    let attachment = match upload {
        Some(name) => Some(media.attachment(name, row.get(5)?, row.get(6)?, row.get(7)?)),
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
