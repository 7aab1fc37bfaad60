//! Tests each rule that browsers have for the prefixes of cookie names (RFC 6265bis, sections 4.1.3 and 5.6).

use anyhow::{Context, Result, ensure};
use axum::{
    http::{HeaderMap, header},
    response::Html,
    routing::get,
};

use crate::{
    browser::Browser,
    engine::Engine,
    rows::{Verdict, cookies::accounts},
    site::Site,
    world::SITE,
};

/// `Set-Cookie` lines that browsers store.
const STORED: [&str; 7] = [
    "plain=1; Path=/",
    "__Host-good=1; Path=/; Secure",
    "__Host-also-good=1; Path=/; Secure; HttpOnly; SameSite=Lax",
    "__Secure-good=1; Path=/; Secure",
    "__Secure-domain=1; Path=/a; Secure; Domain=example.tld",
    "__Http-good=1; Path=/; Secure; HttpOnly",
    "__Host-Http-good=1; Path=/; Secure; HttpOnly",
];

/// A line whose path is `/` by default, and not by its attribute.
const NO_PATH: &str = "__Host-no-path=1; Secure";

/// Lines that lack what the prefix asks for.
const REFUSED: [&str; 18] = [
    "__Host-insecure=1; Path=/",
    "__Host-domain=1; Path=/; Secure; Domain=example.tld",
    "__Host-path=1; Path=/a; Secure",
    NO_PATH,
    "__HOST-case=1; Path=/",
    "__host-lower-case=1; Path=/; Secure; Domain=example.tld",
    "=__Host-without-a-name=1; Path=/; Secure",
    "__Secure-insecure=1; Path=/",
    "__SECURE-case=1; Path=/",
    "=__Secure-without-a-name=1; Path=/; Secure",
    "__Http-script=1; Path=/; Secure",
    "__Http-insecure=1; Path=/; HttpOnly",
    "__HTTP-case=1; Path=/; Secure",
    "__Host-Http-script=1; Path=/; Secure",
    "__Host-Http-insecure=1; Path=/; HttpOnly",
    "__Host-Http-domain=1; Path=/; Secure; HttpOnly; Domain=example.tld",
    "__Host-Http-path=1; Path=/a; Secure; HttpOnly",
    "__HOST-HTTP-case=1; Path=/; Secure",
];

/// Lines that a script writes: those of the second list ask for `HttpOnly`, which no script can set.
const BY_SCRIPT: [&str; 2] =
    ["__Host-of-a-script=1; Path=/; Secure", "__Secure-of-a-script=1; Path=/; Secure"];
const NOT_BY_SCRIPT: [&str; 3] = [
    "__Http-of-a-script=1; Path=/; Secure",
    "__Host-Http-of-a-script=1; Path=/; Secure",
    "__Http-only-of-a-script=1; Path=/; Secure; HttpOnly",
];

/// Lines of a page over http, which is not secure.
const OVER_HTTP: [&str; 2] =
    ["__Host-over-http=1; Path=/; Secure", "__Secure-over-http=1; Path=/; Secure"];

pub(crate) async fn each_rule(browser: &Browser<'_>) -> Result<Verdict> {
    let plain = Site::http(SITE, accounts().route("/set", set(&[&OVER_HTTP]))).await?;
    browser.open(&plain.url("/set")).await?;
    let site = accounts().route("/set", set(&[&STORED, &REFUSED]));
    let site = Site::https(browser, SITE, site).await?;
    browser.open(&site.url("/set")).await?;
    for line in BY_SCRIPT.into_iter().chain(NOT_BY_SCRIPT) {
        browser.execute(&format!("document.cookie = '{line}'")).await?;
    }
    // Cookies of a path are sent below it alone.
    browser.open(&site.url("/a")).await?;
    let stored = browser.value("document.body.textContent").await?;
    let stored = stored.as_str().context("no text")?;
    let stored: Vec<&str> = stored.split("; ").collect();
    let is_stored = |line: &&str| {
        let pair = line.split(';').next().unwrap_or_default();
        stored.contains(&pair.trim_start_matches('='))
    };
    for line in STORED.iter().chain(&BY_SCRIPT) {
        ensure!(is_stored(line), "not stored: {line}, in {stored:?}");
    }
    let refused = REFUSED.into_iter().chain(NOT_BY_SCRIPT).chain(OVER_HTTP);
    let wrong: Vec<&str> = refused.filter(is_stored).collect();
    if browser.engine == Engine::Webkit {
        ensure!(wrong.contains(&REFUSED[0]) && wrong.contains(&REFUSED[1]), "{wrong:?}");
        return Ok(Verdict::Differs("enforces no prefix"));
    }
    if browser.engine == Engine::Firefox {
        ensure!(wrong == [NO_PATH], "stored against the rules: {wrong:?}");
        return Ok(Verdict::Differs("yes, except that `Path` can be absent on a page below `/`"));
    }
    ensure!(wrong.is_empty(), "stored against the rules: {wrong:?}");
    Ok(Verdict::Kept)
}

/// Returns a page that sets cookies.
fn set(lists: &[&[&'static str]]) -> axum::routing::MethodRouter {
    let lines = lists.concat();
    get(async move || {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::SET_COOKIE, header::HeaderValue::from_static(line));
        }
        (headers, Html("<!doctype html><title>set</title>"))
    })
}
