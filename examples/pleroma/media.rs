//! Serves uploads in a sandbox, under the content types that are known.

use std::collections::BTreeSet;
use std::error::Error;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get;
use rusqlite::OptionalExtension;
use serde::Serialize;
use tower_hardening::{
    media::{ContentDisposition, Media, MediaLayer},
    settings::Settings,
};

use crate::app::App;
use crate::failure::Failure;
use crate::form::Named;
use crate::media_type::FileType;
use crate::serving::slots::Slots;
use crate::store::Store;
use crate::{files, range};

/// The maximum number of simultaneous uploads of one account, of one address, and in total. Each upload is in memory
/// until it is complete.
const MOST_EACH: usize = 2;
const MOST_OF_ADDRESS: usize = 4;
const MOST: usize = 16;

const MEBIBYTE: usize = 1024 * 1024;

/// Lets caches keep an upload for two weeks. Its name is random, and the file under it never changes.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=1209600");

/// Holds the place of uploads, their URL, and the policy for their responses.
#[derive(Clone)]
pub(crate) struct Uploads {
    /// `None` if the database also stores the bytes.
    pub(super) directory: Option<Arc<Path>>,
    base: Arc<str>,
    pub(super) policy: Media,
    /// The largest file, in MiB.
    limit: usize,
    pub(super) slots: Slots<i64>,
    pub(super) slots_of_addresses: Slots<IpAddr>,
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

/// Serves an upload. Browsers save a file whose type is not shown.
async fn serve(
    State(app): State<App>,
    Named(name): Named,
    request: Request,
) -> Result<Response, Failure> {
    let Row { filename, content_type, bytes, size } =
        Row::read(&app, name.clone()).await?.ok_or(Failure::NOT_FOUND)?;
    // The name is in the database, so it cannot lead out of the directory.
    let mut response = match (&app.media.directory, bytes) {
        (Some(directory), None) => {
            let size = u64::try_from(size)?;
            range::from_disk(directory.join(name), request.into_parts().0, size).await
        }
        (_, bytes) => {
            let bytes = bytes.unwrap_or_default().into();
            range::from_memory(bytes, request.method(), request.headers())
        }
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

/// Holds what the database knows of an upload.
struct Row {
    filename: String,
    content_type: String,
    /// The bytes, if there is no directory for files.
    bytes: Option<Vec<u8>>,
    size: i64,
}

impl Row {
    async fn read(app: &App, name: String) -> Result<Option<Self>, Failure> {
        let query = "SELECT filename, content_type, bytes, size FROM upload WHERE name = ?1";
        let row = app.store.call(move |database| {
            database
                .query_row(query, [name], |row| {
                    let (filename, content_type) = (row.get(0)?, row.get(1)?);
                    Ok(Self { filename, content_type, bytes: row.get(2)?, size: row.get(3)? })
                })
                .optional()
        });
        row.await
    }
}
