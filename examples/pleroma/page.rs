//! Serves the page at `/`, filled in for the user.

use axum::extract::{Extension, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use tower_hardening::Nonce;

use crate::app::App;
use crate::failure::Failure;
use crate::session::Session;

const TEMPLATE: &str = include_str!("home.html");

/// Serves the page. Under a policy with nonces its script and stylesheet carry the nonce of this
/// response.
pub(crate) async fn home(
    State(app): State<App>,
    session: Option<Session>,
    nonce: Option<Extension<Nonce>>,
) -> Result<Response, Failure> {
    let nonce = match nonce {
        Some(Extension(nonce)) => format!(r#" nonce="{}""#, nonce.get()?),
        None => String::new(),
    };
    // An account's name contains no character with a meaning in HTML: see `accounts`.
    let account = session.map_or(String::new(), |session| session.name);
    let limit = app.media.limit();
    let page = TEMPLATE
        .replace("{account}", &account)
        .replace("{nonce}", &nonce)
        .replace("{shown_types}", &app.media.shown_types())
        .replace("{upload_limit}", &limit.to_string())
        .replace("{upload_limit_mib}", &(limit / (1024 * 1024)).to_string());
    Ok(([(header::CACHE_CONTROL, "no-store")], Html(page)).into_response())
}
