//! Keeps sessions in `__Host-` cookies: `session` in the application, `__Host-session` on the wire.
//!
//! Run `cargo run --example session`, then GET `http://127.0.0.1:3000/`, and POST to `/in/alice` and `/out`. Browsers
//! keep such a cookie over https; Chrome and Firefox also from `http://localhost:3000/`.

use axum::{
    Router,
    extract::Path,
    routing::{get, post},
};
use tower_hardening::{Hardening, HardeningLayer, HostCookies, Origin};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer, cookie::SameSite, session::Error};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site: Origin = "https://example.tld".parse()?;
    let cookies = HostCookies::new(["session"])?.http_only();
    // The default of tower-sessions is Strict, with which a user who follows a link from another site is signed out.
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_name("session")
        .with_same_site(SameSite::Lax);

    let app = Router::new()
        .route("/", get(async |session: Session| or_error(count(session).await)))
        .route("/in/{user}", post(async |session, user| or_error(sign_in(session, user).await)))
        .route("/out", post(async |session: Session| or_error(sign_out(session).await)))
        .layer(sessions)
        // This layer is outside the session layer, which reads and sets the plain name.
        .layer(HardeningLayer::new(Hardening::pleroma(&site).with(cookies)));

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".into());
    let bound = tokio::net::TcpListener::bind(&address).await;
    let listener = bound.map_err(|error| format!("{address}: {error}; pass another address"))?;
    println!("listening on http://{}", listener.local_addr()?);
    Ok(axum::serve(listener, app).await?)
}

async fn count(session: Session) -> Result<String, Error> {
    let visits: usize = session.get("visits").await?.unwrap_or(0) + 1;
    session.insert("visits", visits).await?;
    let user: Option<String> = session.get("user").await?;
    Ok(format!("visit {visits} of {}", user.as_deref().unwrap_or("nobody")))
}

async fn sign_in(session: Session, Path(user): Path<String>) -> Result<String, Error> {
    // Create a new session id, so that an attacker who knows the old one is not signed in.
    session.cycle_id().await?;
    session.insert("user", &user).await?;
    Ok(format!("hello, {user}"))
}

async fn sign_out(session: Session) -> Result<String, Error> {
    session.flush().await?;
    Ok("bye".to_owned())
}

fn or_error(answer: Result<String, Error>) -> (http::StatusCode, String) {
    match answer {
        Ok(text) => (http::StatusCode::OK, text),
        Err(error) => (http::StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
    }
}
