//! Runs the same small application on each common stack.

use axum::{Router, extract::Path, response::IntoResponse, routing::get};
use axum_extra::extract::{CookieJar, PrivateCookieJar, SignedCookieJar};
use cookie::{Cookie, Key, time::Duration};
use http::{HeaderMap, header};
use tower_cookies::{CookieManagerLayer, Cookies};
use tower_sessions::{MemoryStore, Session, SessionManagerLayer};

/// The first part of each application's paths, before `/in/{user}`, `/out` and `/read`.
pub(crate) const STACKS: &[&str] = &[
    "/jar",
    "/signed",
    "/private",
    "/tower-cookies",
    "/sessions",
    "/raw",
    #[cfg(feature = "headers")]
    "/headers",
];

/// The names that an application could read: the guarded name, and the name on the wire.
const NAMES: [&str; 2] = ["sid", "__Host-sid"];

/// Returns all applications, without a layer.
pub(crate) fn all() -> Router {
    let router = Router::new()
        .nest("/jar", jar())
        .nest("/signed", signed())
        .nest("/private", private())
        .nest("/tower-cookies", tower_cookies())
        .nest("/sessions", sessions())
        .nest("/raw", raw());
    #[cfg(feature = "headers")]
    let router = router.nest("/headers", headers());
    router
}

/// Returns the session cookie, with weak attributes.
fn session(user: String) -> Cookie<'static> {
    Cookie::build(("sid", user)).path("/app").http_only(true).build()
}

/// Returns the line that deletes the cookie, without `Secure` and `Path=/`.
fn nothing() -> Cookie<'static> {
    Cookie::build(("sid", "")).path("/app").build()
}

/// Returns the user that the application finds under each name.
fn report(who: impl Fn(&str) -> Option<String>) -> String {
    NAMES.iter().filter_map(|name| who(name)).collect::<Vec<_>>().join(" and ")
}

fn jar() -> Router {
    let read =
        async |jar: CookieJar| report(|name| jar.get(name).map(|cookie| cookie.value().to_owned()));
    Router::new()
        .route("/in/{user}", get(async |jar: CookieJar, Path(user)| (jar.add(session(user)), "")))
        .route("/out", get(async |jar: CookieJar| (jar.remove(nothing()), "")))
        .route("/read", get(read))
}

fn signed() -> Router {
    type Jar = SignedCookieJar;
    let read =
        async |jar: Jar| report(|name| jar.get(name).map(|cookie| cookie.value().to_owned()));
    Router::new()
        .route("/in/{user}", get(async |jar: Jar, Path(user)| (jar.add(session(user)), "")))
        .route("/out", get(async |jar: Jar| (jar.remove(nothing()), "")))
        .route("/read", get(read))
        .with_state(Key::from(&[7; 64]))
}

fn private() -> Router {
    type Jar = PrivateCookieJar;
    let read =
        async |jar: Jar| report(|name| jar.get(name).map(|cookie| cookie.value().to_owned()));
    Router::new()
        .route("/in/{user}", get(async |jar: Jar, Path(user)| (jar.add(session(user)), "")))
        .route("/out", get(async |jar: Jar| (jar.remove(nothing()), "")))
        .route("/read", get(read))
        .with_state(Key::from(&[7; 64]))
}

fn tower_cookies() -> Router {
    let read =
        async |jar: Cookies| report(|name| jar.get(name).map(|cookie| cookie.value().to_owned()));
    Router::new()
        .route("/in/{user}", get(async |jar: Cookies, Path(user)| jar.add(session(user))))
        .route("/out", get(async |jar: Cookies| jar.remove(nothing())))
        .route("/read", get(read))
        .layer(CookieManagerLayer::new())
}

fn sessions() -> Router {
    let enter = async |session: Session, Path(user): Path<String>| {
        session.insert("user", user).await.unwrap();
    };
    let read =
        async |session: Session| session.get::<String>("user").await.unwrap().unwrap_or_default();
    let layer = SessionManagerLayer::new(MemoryStore::default()).with_name("sid");
    Router::new()
        .route("/in/{user}", get(enter))
        .route("/out", get(async |session: Session| session.flush().await.unwrap()))
        .route("/read", get(read))
        .layer(layer.with_path("/app").with_secure(false))
}

fn raw() -> Router {
    let read = async |headers: HeaderMap| {
        let lines = headers.get_all(header::COOKIE).iter();
        let text = lines.map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned());
        let text = text.collect::<Vec<_>>().join("; ");
        let cookies: Vec<_> = Cookie::split_parse_encoded(text).flatten().collect();
        // No attacker's cookie may be present, whether the parser uses the first or the last one.
        let all = |name: &str| {
            let ours = cookies.iter().filter(|cookie| cookie.name() == name);
            let values: Vec<_> = ours.map(|cookie| cookie.value().to_owned()).collect();
            Some(values.join(",")).filter(|_| !values.is_empty())
        };
        report(all)
    };
    setters().route("/read", get(read))
}

/// Sets the cookie without a library.
fn setters() -> Router {
    let set = |cookie: Cookie<'_>| [(header::SET_COOKIE, cookie.encoded().to_string())];
    let enter = async move |Path(user)| set(session(user)).into_response();
    let leave = async move || {
        let mut cookie = nothing();
        cookie.set_max_age(Duration::ZERO);
        set(cookie).into_response()
    };
    Router::new().route("/in/{user}", get(enter)).route("/out", get(leave))
}

#[cfg(feature = "headers")]
fn headers() -> Router {
    use headers::HeaderMapExt;
    let read = async |headers: HeaderMap| {
        let cookies = headers.typed_get::<headers::Cookie>();
        report(|name| Some(cookies.as_ref()?.get(name)?.to_owned()))
    };
    setters().route("/read", get(read))
}
