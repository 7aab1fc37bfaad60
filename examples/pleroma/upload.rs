//! Stores uploads under random names and known content types.

use std::io;
use std::net::IpAddr;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use rusqlite::params;

use crate::app::App;
use crate::client::Client;
use crate::failure::Failure;
use crate::files;
use crate::media::{Attachment, Uploads};
use crate::media_type::FileType;
use crate::serving::slots::{Full, Slot};
use crate::session::Session;
use crate::store::random_name;

const OTHERS_OF_ACCOUNT: Failure = Failure::new(
    StatusCode::TOO_MANY_REQUESTS,
    "other uploads of this account are under way; try again after them",
);
const OTHERS_OF_ADDRESS: Failure = Failure::new(
    StatusCode::TOO_MANY_REQUESTS,
    "other uploads from this address are under way; try again after them",
);

/// The longest file name that is stored, in characters.
const LONGEST_FILENAME: usize = 100;

/// Stores the file of the field `file` in a multipart form.
pub(crate) async fn upload(
    State(app): State<App>,
    session: Session,
    Client(client): Client,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<Attachment>), Failure> {
    let _slots = slots(&app.media, &session, client)?;
    let not_a_form = Failure::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send multipart/form-data");
    let File { filename, declared, bytes } =
        File::read(form.map_err(|_| not_a_form)?, &app.media).await?;
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

/// Takes the slots of an account and of an address: one person can have many accounts, but only a few addresses.
fn slots(
    uploads: &Uploads,
    session: &Session,
    client: IpAddr,
) -> Result<(Slot<i64>, Slot<IpAddr>), Failure> {
    let refused = |full: Full, other: Failure| {
        tracing::warn!(%client, account = session.name, ?full, "an upload is refused: too many at a time");
        if full == Full::All { Failure::BUSY } else { other }
    };
    let of_account = uploads.slots.take(session.account);
    let of_account = of_account.map_err(|full| refused(full, OTHERS_OF_ACCOUNT))?;
    let of_address = uploads.slots_of_addresses.take(client);
    let of_address = of_address.map_err(|full| refused(full, OTHERS_OF_ADDRESS))?;
    Ok((of_account, of_address))
}

/// Holds a file as the form has it.
struct File {
    filename: String,
    declared: Option<String>,
    bytes: Bytes,
}

impl File {
    async fn read(mut form: Multipart, uploads: &Uploads) -> Result<Self, Failure> {
        let unreadable = |error: MultipartError| unreadable(uploads, error);
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
        if bytes.len() > uploads.limit() {
            return Err(uploads.too_large());
        }
        // A second file would be lost without a word.
        while let Some(field) = form.next_field().await.map_err(unreadable)? {
            if field.name() == Some("file") {
                return Err(Failure::bad_request("the form has two files; send each by itself"));
            }
        }
        Ok(Self { filename, declared, bytes })
    }
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
