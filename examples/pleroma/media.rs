//! Uploads: kept under random names with clamped types, and served sandboxed.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::extract::{Path as UrlPath, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::{OptionalExtension, params};
use serde::Serialize;
use tower::ServiceExt;
use tower_hardening::{
    header::HttpUrl,
    media::{ContentDisposition, Media, MediaLayer},
    settings::Settings,
};
use tower_http::services::ServeFile;

use crate::app::App;
use crate::failure::Failure;
use crate::media_type::FileType;
use crate::serving::slots::{Full, Slots};
use crate::session::Session;
use crate::store::{Store, random_name};
use crate::{files, range};

/// The most uploads at a time of one account, and of all together: each is in memory until it is complete.
const MOST_EACH: usize = 2;
const MOST: usize = 16;

/// The most that is kept in memory, in bytes, when there is no disk.
const LARGEST_MEMORY: usize = 512 * MEBIBYTE;

const MEBIBYTE: usize = 1024 * 1024;

/// The longest file name that is remembered, in characters.
const LONGEST_FILENAME: usize = 100;

/// Lets caches keep an upload for two weeks. Its name is random, and the file under it never changes.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=1209600");

/// The place of uploads, their URL, and the policy that they are sent under.
#[derive(Clone)]
pub(crate) struct Uploads {
    /// None: the database keeps the bytes too.
    directory: Option<Arc<Path>>,
    base: Arc<str>,
    policy: Media,
    /// The largest file, in MiB.
    limit: usize,
    slots: Slots<i64>,
}

/// An upload, as clients get it.
#[derive(Debug, Serialize)]
pub(crate) struct Attachment {
    name: String,
    url: String,
    content_type: String,
}

impl Uploads {
    /// Opens `media` in the data directory, and removes what a kill left behind there.
    pub(crate) fn open(
        data: Option<&Path>,
        limit: usize,
        settings: &Settings,
        store: &Store,
    ) -> Result<Self, Box<dyn Error>> {
        let directory = data.map(|data| data.join("media"));
        if let Some(directory) = &directory {
            files::make_private_directory(directory)?;
            files::sweep(directory, store)?;
        }
        Ok(Self {
            directory: directory.map(PathBuf::into),
            base: match settings.media_base() {
                Some(base) => base.to_string().trim_end_matches('/').into(),
                None => "/media".into(),
            },
            policy: settings.uploads(),
            limit,
            slots: Slots::new(MOST_EACH, MOST),
        })
    }

    /// The largest file, in bytes.
    pub(crate) fn limit(&self) -> usize {
        self.limit * MEBIBYTE
    }

    /// The refusal of a larger file.
    pub(crate) fn too_large(&self) -> Failure {
        Failure::large_upload(self.limit)
    }

    pub(crate) fn attachment(&self, name: String, content_type: String) -> Attachment {
        Attachment { url: format!("{}/{name}", self.base), name, content_type }
    }
}

/// The uploads below the path, under the policy for files that users made.
pub(crate) fn router(path: &str, app: App) -> Router {
    let path = path.trim_end_matches('/');
    Router::new()
        // The path is a text of the settings: ':' and '*' mean themselves.
        .without_v07_checks()
        .route(&format!("{path}/{{name}}"), get(serve))
        .layer(MediaLayer::new(app.media.policy.clone()))
        .with_state(app)
}

/// Redirects `/media` and `/proxy` of the site's host to the hosts that the settings have for them. The base is that of
/// the settings, and only the rest of the path is the client's.
pub(crate) fn moved<S: Clone + Send + Sync + 'static>(
    uploads: Option<&HttpUrl>,
    proxy: Option<&HttpUrl>,
) -> Router<S> {
    let to = |base: String, prefix: &'static str| {
        let redirect = move |uri: Uri| async move {
            let rest = uri.path_and_query().map_or("", |path| path.as_str());
            let rest = percent_encoded(rest.strip_prefix(prefix).unwrap_or(rest));
            Redirect::temporary(&format!("{base}{rest}"))
        };
        get(redirect)
    };
    let mut router = Router::new();
    if let Some(base) = uploads {
        let base = base.to_string().trim_end_matches('/').to_owned();
        router = router.route("/media/{*file}", to(base, "/media"));
    }
    let proxy = proxy.map(|base| base.to_string().trim_end_matches('/').to_owned());
    if let Some(base) = proxy.or(uploads.map(|base| base.origin().to_string())) {
        router = router.route("/proxy/{*file}", to(base, ""));
    }
    router
}

/// Keeps the file of a multipart form's `file` field.
pub(crate) async fn upload(
    State(app): State<App>,
    session: Session,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Attachment>), Failure> {
    let _slot = app.media.slots.take(session.account).map_err(|full| {
        tracing::warn!(account = session.name, ?full, "an upload is refused: too many at a time");
        match full {
            Full::Each => Failure::new(
                StatusCode::TOO_MANY_REQUESTS,
                "other uploads of this account are under way; try again after them",
            ),
            Full::All => Failure::BUSY,
        }
    })?;
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

    let attachment = app.media.attachment(name.clone(), media_type.name.to_owned());
    let upload = Upload { name, account: session.account, filename, media_type, bytes };
    // From here on it runs to its end, even if the client is gone: there is both a file and a row, or neither.
    tokio::task::spawn_blocking(move || upload.keep(&app)).await??;
    Ok((StatusCode::CREATED, Json(attachment)))
}

/// An upload that is complete.
struct Upload {
    name: String,
    account: i64,
    filename: String,
    media_type: FileType,
    bytes: Bytes,
}

impl Upload {
    fn keep(self, app: &App) -> Result<(), Failure> {
        // The file comes first: a row promises that it is there.
        let (file, in_database) = match &app.media.directory {
            Some(directory) => {
                let file = files::write(directory, &self.name, &self.bytes).map_err(not_kept)?;
                (Some(file), None)
            }
            None => (None, Some(&self.bytes[..])),
        };
        app.store.call_here(|database| {
            let used = "SELECT coalesce(sum(length(bytes)), 0) FROM upload";
            let used: i64 = database.query_row(used, [], |row| row.get(0))?;
            let used = usize::try_from(used).unwrap_or(usize::MAX);
            if in_database.is_some_and(|bytes| used.saturating_add(bytes.len()) > LARGEST_MEMORY) {
                return Err(Failure::NO_ROOM);
            }
            database.execute(
                "INSERT INTO upload (name, account, filename, content_type, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![self.name, self.account, self.filename, self.media_type.name, in_database],
            )?;
            Ok(())
        })?;
        if let Some(file) = file {
            file.keep();
        }
        Ok(())
    }
}

/// The disk is full, or does not work.
fn not_kept(error: io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            tracing::error!(%error, "an upload is refused");
            Failure::NO_ROOM
        }
        _ => error.into(),
    }
}

/// An upload; whatever is not shown is for saving only.
async fn serve(
    State(app): State<App>,
    UrlPath(name): UrlPath<String>,
    request: Request,
) -> Result<Response, Failure> {
    let wanted = name.clone();
    let known: Option<(String, String, Option<Vec<u8>>)> = app
        .store
        .call(move |database| {
            database
                .query_row(
                    "SELECT filename, content_type, bytes FROM upload WHERE name = ?1",
                    [wanted],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
                )
                .optional()
        })
        .await?;
    let (filename, content_type, bytes) = known.ok_or(Failure::NOT_FOUND)?;

    // Only a name that the database knows gets here, so that it cannot lead out of the directory.
    let mut response = match (&app.media.directory, bytes) {
        (Some(directory), None) => {
            ServeFile::new(directory.join(name)).oneshot(request).await.into_response()
        }
        (_, bytes) => range::respond(bytes.unwrap_or_default().into(), request.headers()),
    };
    // What failed may be well in a moment: no cache is told to keep it.
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

/// The client broke the form off or made it too large; neither is an error of ours.
fn unreadable(uploads: &Uploads, error: MultipartError) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => uploads.too_large(),
        _ => Failure::bad_request("the form is broken"),
    }
}

/// The path with what a URL cannot have in percent-encoding ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2)).
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(byte.into()),
            _ if b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte) => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
