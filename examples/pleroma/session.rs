//! Manages sessions: a signed cookie names a row, so that a sign-out ends the session on the server and not only in the
//! browser.

use std::time::Duration;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::{StatusCode, request::Parts};
use axum_extra::extract::SignedCookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use rusqlite::{Connection, OptionalExtension, params};

use crate::app::App;
use crate::failure::Failure;
use crate::store::random_name;

/// The application's name for the cookie. On the wire it is `__Host-pleroma_key`.
pub(crate) const COOKIE: &str = "pleroma_key";

/// The lifetime of a session, in seconds: 30 days.
const LIFETIME: u32 = 30 * 24 * 60 * 60;

/// The most sessions of one account at a time.
const MOST_OF_ACCOUNT: u32 = 32;

/// Identifies the account that sent the request. As an extractor, it rejects other requests with 401.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) account: i64,
    pub(crate) name: String,
}

impl FromRequestParts<App> for Session {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        find(parts, app).await?.ok_or(Failure::new(StatusCode::UNAUTHORIZED, "sign in first"))
    }
}

impl OptionalFromRequestParts<App> for Session {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Failure> {
        find(parts, app).await
    }
}

async fn find(parts: &Parts, app: &App) -> Result<Option<Session>, Failure> {
    let jar = SignedCookieJar::from_headers(&parts.headers, app.key.clone());
    let Some(id) = id(&jar) else {
        return Ok(None);
    };
    app.store
        .call(move |database| {
            database
                .query_row(
                    "SELECT account.id, account.name
                     FROM session JOIN account ON account.id = session.account
                     WHERE session.id = ?1 AND session.expires > unixepoch()",
                    [id],
                    |row| Ok(Session { account: row.get(0)?, name: row.get(1)? }),
                )
                .optional()
        })
        .await
}

/// Holds a session that begins under a new id, so that a planted id has no value.
pub(crate) struct NewSession {
    old: Option<String>,
    new: String,
}

impl NewSession {
    /// Returns a new session that replaces the browser's session, if there is one.
    pub(crate) fn after(jar: &SignedCookieJar) -> Result<Self, Failure> {
        Ok(Self { old: id(jar), new: random_name()? })
    }

    /// Ends the browser's session, and stores the new one.
    pub(crate) fn keep(&self, database: &Connection, account: i64) -> rusqlite::Result<()> {
        let end = "DELETE FROM session WHERE id = ?1 OR expires <= unixepoch()";
        database.execute(end, [&self.old])?;
        // The oldest sessions make room, so that repeated sign-ins do not fill the disk.
        let others = "DELETE FROM session WHERE account = ?1 AND id NOT IN
            (SELECT id FROM session WHERE account = ?1 ORDER BY expires DESC, rowid DESC LIMIT ?2)";
        database.execute(others, params![account, MOST_OF_ACCOUNT - 1])?;
        let begin = "INSERT INTO session (id, account, expires) VALUES (?1, ?2, unixepoch() + ?3)";
        database.execute(begin, params![self.new, account, LIFETIME])?;
        Ok(())
    }

    /// Returns the cookie of the session, which is already stored.
    pub(crate) fn cookie(self) -> Cookie<'static> {
        cookie(self.new)
    }
}

/// Ends the browser's session, if any, and starts a new one.
pub(crate) async fn start(
    app: &App,
    jar: SignedCookieJar,
    account: i64,
) -> Result<SignedCookieJar, Failure> {
    let session = NewSession::after(&jar)?;
    let keep = move |database: &mut Connection| {
        let change = database.transaction()?;
        session.keep(&change, account)?;
        change.commit()?;
        Ok(session.cookie())
    };
    Ok(jar.add(app.store.call(keep).await?))
}

/// Ends the browser's session, on the server and in the browser.
pub(crate) async fn end(app: &App, jar: SignedCookieJar) -> Result<SignedCookieJar, Failure> {
    if let Some(id) = id(&jar) {
        app.store
            .call(move |database| database.execute("DELETE FROM session WHERE id = ?1", [id]))
            .await?;
    }
    Ok(jar.remove(Cookie::build(COOKIE).path("/")))
}

/// Returns the cookie as the application sets it, without its signature.
pub(crate) fn cookie(id: String) -> Cookie<'static> {
    let lifetime = Duration::from_secs(LIFETIME.into()).try_into().unwrap_or_default();
    let cookie = Cookie::build((COOKIE, id)).path("/").http_only(true);
    cookie.same_site(SameSite::Lax).max_age(lifetime).build()
}

fn id(jar: &SignedCookieJar) -> Option<String> {
    jar.get(COOKIE).map(|cookie| cookie.value().to_owned())
}
