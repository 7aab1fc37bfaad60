//! Stores uploads under random names and known content types, and serves them in a sandbox.

use std::collections::BTreeSet;
use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::extract::{Path as UrlPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use tower_hardening::{
    media::{ContentDisposition, Media, MediaLayer},
    settings::Settings,
};

use crate::app::App;
use crate::client::Client;
use crate::failure::Failure;
use crate::media_type::FileType;
use crate::serving::slots::{Full, Slots};
use crate::session::Session;
use crate::store::{Store, random_name};
use crate::{files, range};

/// The maximum number of simultaneous uploads of one account, of one address, and in total. Each upload is in memory
/// until it is complete.
const MOST_EACH: usize = 2;
const MOST_OF_ADDRESS: usize = 4;
const MOST: usize = 16;

const OTHERS_OF_ACCOUNT: Failure = Failure::new(
    StatusCode::TOO_MANY_REQUESTS,
    "other uploads of this account are under way; try again after them",
);
const OTHERS_OF_ADDRESS: Failure = Failure::new(
    StatusCode::TOO_MANY_REQUESTS,
    "other uploads from this address are under way; try again after them",
);

const MEBIBYTE: usize = 1024 * 1024;

/// The longest file name that is stored, in characters.
const LONGEST_FILENAME: usize = 100;

/// Lets caches keep an upload for two weeks. Its name is random, and the file under it never changes.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=1209600");

/// Holds the place of uploads, their URL, and the policy for their responses.
#[derive(Clone)]
pub(crate) struct Uploads {
    /// `None` if the database also stores the bytes.
    directory: Option<Arc<Path>>,
    base: Arc<str>,
    policy: Media,
    /// The largest file, in MiB.
    limit: usize,
    slots: Slots<i64>,
    slots_of_addresses: Slots<IpAddr>,
}

/// Holds an upload, as clients receive it.
#[derive(Debug, Serialize)]
pub(crate) struct Attachment {
    name: String,
    url: String,
    content_type: String,
    filename: String,
    /// The description for people who cannot see it.
    description: String,
}

impl Uploads {
    /// Opens `media` in the data directory, and removes the files that a kill left there.
    pub(crate) fn open(
        data: Option<&Path>,
        limit: usize,
        settings: &Settings,
        store: &Store,
    ) -> Result<Self, Box<dyn Error>> {
        let directory = data.map(|data| data.join(files::MEDIA));
        if let Some(directory) = &directory {
            files::make_private_directory(directory)?;
            files::sweep(directory, store)?;
        }
        Ok(Self {
            directory: directory.map(PathBuf::into),
            base: base(settings),
            policy: settings.uploads(),
            limit,
            slots: Slots::new(MOST_EACH, MOST),
            slots_of_addresses: Slots::new(MOST_OF_ADDRESS, MOST),
        })
    }

    /// Returns the same files with the URL and the policy of other settings.
    pub(crate) fn under(self, settings: &Settings) -> Self {
        Self { base: base(settings), policy: settings.uploads(), ..self }
    }

    /// Returns the largest file, in bytes.
    pub(crate) fn limit(&self) -> usize {
        self.limit * MEBIBYTE
    }

    /// Returns the rejection of a larger file.
    pub(crate) fn too_large(&self) -> Failure {
        Failure::large_upload(self.limit)
    }

    /// Returns the content types that the page shows, separated by spaces.
    pub(crate) fn shown_types(&self) -> String {
        FileType::shown(&self.policy)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Removes the files of uploads whose rows were removed, on a thread that may block.
    pub(crate) fn remove_files(&self, names: &[String]) {
        let Some(directory) = &self.directory else { return };
        for name in names {
            if let Err(error) = std::fs::remove_file(directory.join(name)) {
                tracing::warn!(%error, "the file of an upload is not removed; the next start removes it");
            }
        }
    }

    pub(crate) fn attachment(
        &self,
        name: String,
        content_type: String,
        filename: String,
        description: String,
    ) -> Attachment {
        let url = format!("{}/{name}", self.base);
        Attachment { name, url, content_type, filename, description }
    }
}

/// Returns the URL below which the uploads are.
fn base(settings: &Settings) -> Arc<str> {
    match settings.media_base() {
        Some(base) => base.to_string().trim_end_matches('/').into(),
        None => "/media".into(),
    }
}

/// Serves the uploads below the path, under the policy for files of users.
pub(crate) fn router(path: &str, app: App) -> Router {
    let path = path.trim_end_matches('/');
    Router::new()
        // The path is text from the settings, in which ':' and '*' have no special meaning.
        .without_v07_checks()
        .route(&format!("{path}/{{name}}"), get(serve))
        .layer(MediaLayer::new(app.media.policy.clone()))
        .with_state(app)
}

/// Stores the file of the field `file` in a multipart form.
pub(crate) async fn upload(
    State(app): State<App>,
    session: Session,
    Client(client): Client,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Attachment>), Failure> {
    let refused = |full: Full, other: Failure| {
        tracing::warn!(%client, account = session.name, ?full, "an upload is refused: too many at a time");
        if full == Full::All { Failure::BUSY } else { other }
    };
    let slot = app.media.slots.take(session.account);
    let _slot = slot.map_err(|full| refused(full, OTHERS_OF_ACCOUNT))?;
    // One person can have many accounts, but only a few addresses.
    let slot = app.media.slots_of_addresses.take(client);
    let _slot_of_address = slot.map_err(|full| refused(full, OTHERS_OF_ADDRESS))?;
    let not_a_form = Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send multipart/form-data");
    let mut form = form.map_err(|_| not_a_form)?;
    let unreadable = |error: MultipartError| unreadable(&app.media, error);
    let file = loop {
        match form.next_field().await.map_err(unreadable)? {
            Some(field) if field.name() == Some("file") => break field,
            Some(_) => {}
            None => return Err(Failure::bad_request("the field \"file\" is missing")),
        }
    };
    let filename = filename(&file);
    let declared = file.content_type().map(str::to_owned);
    let bytes = file.bytes().await.map_err(unreadable)?;
    if bytes.is_empty() {
        return Err(Failure::bad_request("the file is empty"));
    }
    if bytes.len() > app.media.limit() {
        return Err(app.media.too_large());
    }
    let media_type = FileType::of(&bytes, declared.as_deref(), &app.media.policy);
    let name = format!("{}.{}", random_name()?, media_type.extension);

    let content_type = media_type.name.to_owned();
    let attachment =
        app.media.attachment(name.clone(), content_type, filename.clone(), String::new());
    let upload = Upload { name, account: session.account, filename, media_type, bytes };
    // From here on it runs to the end, even if the client disconnects: a file and a row are stored, or neither.
    tokio::task::spawn_blocking(move || upload.keep(&app)).await??;
    Ok((StatusCode::CREATED, Json(attachment)))
}

/// Holds an upload that is complete.
struct Upload {
    name: String,
    account: i64,
    filename: String,
    media_type: FileType,
    bytes: Bytes,
}

impl Upload {
    fn keep(self, app: &App) -> Result<(), Failure> {
        let size = self.bytes.len();
        let removed =
            app.store.call_here(|database| app.quota.make_room(database, self.account, size))?;
        app.media.remove_files(&removed);
        // For an account without room, nothing is written.
        app.store.call_here(|database| app.quota.check(database, self.account, size))?;
        // The file is written first, because a row refers to an existing file.
        let (file, in_database) = match &app.media.directory {
            Some(directory) => {
                let file = files::write(directory, &self.name, &self.bytes).map_err(not_kept)?;
                (Some(file), None)
            }
            None => (None, Some(&self.bytes[..])),
        };
        app.store.call_here(|database| {
            let length = i64::try_from(size)?;
            let change = database.transaction()?;
            app.quota.take(&change, self.account, size)?;
            change.execute(
                "INSERT INTO upload (name, account, filename, content_type, bytes, size, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, unixepoch())",
                params![self.name, self.account, self.filename, self.media_type.name, in_database, length],
            )?;
            Ok::<_, Failure>(change.commit()?)
        })?;
        if let Some(file) = file {
            file.keep();
        }
        Ok(())
    }
}

/// Returns the response for a disk that is full or fails.
fn not_kept(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            tracing::error!(%error, "an upload is refused");
            Failure::NO_ROOM
        }
        _ => error.into(),
    }
}

/// Serves an upload. Browsers save a file whose type is not shown.
async fn serve(
    State(app): State<App>,
    UrlPath(name): UrlPath<String>,
    request: Request,
) -> Result<Response, Failure> {
    let wanted = name.clone();
    let known: Option<(String, String, Option<Vec<u8>>, i64)> = app
        .store
        .call(move |database| {
            database
                .query_row(
                    "SELECT filename, content_type, bytes, size FROM upload WHERE name = ?1",
                    [wanted],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
                )
                .optional()
        })
        .await?;
    let (filename, content_type, bytes, size) = known.ok_or(Failure::NOT_FOUND)?;

    // The name is in the database, so it cannot lead out of the directory.
    let mut response = match (&app.media.directory, bytes) {
        (Some(directory), None) => {
            let size = u64::try_from(size)?;
            range::from_disk(directory.join(name), request.into_parts().0, size).await
        }
        (_, bytes) => range::from_memory(bytes.unwrap_or_default().into(), request.headers()),
    };
    // The failure may be temporary, so caches must not store it.
    let failed = match response.status() {
        StatusCode::NOT_FOUND => return Err(Failure::NOT_FOUND),
        StatusCode::RANGE_NOT_SATISFIABLE => true,
        status if status.is_client_error() || status.is_server_error() => return Ok(response),
        _ => false,
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::try_from(&content_type)?);
    if !failed {
        headers.insert(header::CACHE_CONTROL, CACHED);
    }
    if !FileType::is_shown(&content_type, &app.media.policy) {
        let attachment = ContentDisposition::attachment(&filename);
        headers.insert(header::CONTENT_DISPOSITION, attachment.value());
    }
    Ok(response)
}

fn filename(file: &Field<'_>) -> String {
    let given = file.file_name().unwrap_or("upload");
    given.chars().take(LONGEST_FILENAME).collect()
}

/// Returns the response for a form that is incomplete or too large. Neither is an error of the server.
fn unreadable(uploads: &Uploads, error: MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => uploads.too_large(),
        _ => Failure::bad_request("the form is broken"),
    }
}
