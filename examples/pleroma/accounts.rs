//! Manages accounts: registration, sign-in and sign-out.

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::SignedCookieJar;
use rusqlite::{Connection, OptionalExtension, params};
use serde::Deserialize;

use crate::app::App;
use crate::client::Client;
use crate::failure::Failure;
use crate::form::Fields;
use crate::session::{self, NewSession};

const SHORTEST_PASSWORD: usize = 8;
const LONGEST_PASSWORD: usize = 128;
const LONGEST_NAME: usize = 30;

const WRONG: Failure = Failure::new(StatusCode::UNAUTHORIZED, "wrong name or password");

/// Holds the form of both `POST /accounts` and `POST /sign_in`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

/// Creates an account and signs in to it.
pub(crate) async fn register(
    State(app): State<App>,
    Client(client): Client,
    jar: SignedCookieJar,
    Fields(Credentials { name, password }): Fields<Credentials>,
) -> Result<(StatusCode, SignedCookieJar), Failure> {
    check_name(&name)?;
    if password.len() < SHORTEST_PASSWORD || password.len() > LONGEST_PASSWORD {
        return Err(Failure::bad_request("a password has 8 to 128 bytes"));
    }
    app.attempts.registration(client)?;
    let hash = app.hashing.hash(password).await?;
    let known_as = name.clone();
    let session = NewSession::after(&jar)?;
    let make = move |database: &mut Connection| {
        // The account and the session are stored together or not at all. On a full disk, only the commit shows whether
        // they are.
        let change = database.transaction()?;
        let account = change
            .query_row(
                "INSERT INTO account (name, password_hash) VALUES (?1, ?2)
                 ON CONFLICT DO NOTHING RETURNING id",
                params![name, hash],
                |row| row.get(0),
            )
            .optional()?;
        let Some(account) = account else { return Ok(None) };
        session.keep(&change, account)?;
        change.commit()?;
        Ok(Some(session.cookie()))
    };
    let cookie = app.store.call(make).await?.ok_or(Failure::bad_request("this name is taken"))?;
    app.attempts.know(&known_as, client);
    Ok((StatusCode::CREATED, jar.add(cookie)))
}

/// Starts a session for a client with the right password.
pub(crate) async fn sign_in(
    State(app): State<App>,
    Client(client): Client,
    jar: SignedCookieJar,
    Fields(Credentials { name, password }): Fields<Credentials>,
) -> Result<(StatusCode, SignedCookieJar), Failure> {
    // No account has a name that is not valid, so all such names share one entry.
    let guess = app.attempts.guess(check_name(&name).map_or("", |()| &name), client)?;
    if password.len() > LONGEST_PASSWORD {
        guess.was_wrong();
        return Err(WRONG.told());
    }
    let known: Option<(i64, String)> = app
        .store
        .call(move |database| {
            database
                .query_row("SELECT id, password_hash FROM account WHERE name = ?1", [name], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()
        })
        .await?;
    let Some(account) = app.hashing.verify(known, password).await? else {
        guess.was_wrong();
        return Err(WRONG.told());
    };
    guess.was_right();
    let jar = session::start(&app, jar, account).await?;
    Ok((StatusCode::NO_CONTENT, jar))
}

/// Ends the session, if there is one.
pub(crate) async fn sign_out(
    State(app): State<App>,
    jar: SignedCookieJar,
) -> Result<(StatusCode, SignedCookieJar), Failure> {
    let jar = session::end(&app, jar).await?;
    Ok((StatusCode::NO_CONTENT, jar))
}

/// Accepts a name whose characters are safe anywhere in a page.
fn check_name(name: &str) -> Result<(), Failure> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(plain) {
        return Err(Failure::bad_request("a name has 1 to 30 letters a-z, digits or underscores"));
    }
    Ok(())
}
