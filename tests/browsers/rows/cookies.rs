//! Tests cookies of a sibling site, under the name that the guard accepts.

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::{HeaderMap, header},
    response::Html,
    routing::get,
};
use tower_hardening::{HostCookieLayer, HostCookies, cookie::RejectDuplicateCookiesLayer};

use crate::{
    browser::Browser,
    engine::Engine,
    rows::Verdict,
    site::Site,
    world::{SIBLING, SITE},
};

const PLANTED: &str = "__Host-session=planted; Domain=example.tld; Path=/; Secure";

/// Plants a cookie from a sibling, and visits the site after a sign-in.
pub(crate) async fn planted_by_a_sibling(browser: &Browser<'_>) -> Result<Verdict> {
    let sibling = Router::new().route("/", get(async || ([(header::SET_COOKIE, PLANTED)], "")));
    let sibling = Site::https(browser, SIBLING, sibling).await?;
    let guard = HostCookieLayer::new(HostCookies::new(["session"])?);
    let lenient = Site::https(browser, SITE, accounts().layer(guard.clone())).await?;
    let strict = accounts().layer(RejectDuplicateCookiesLayer::new()).layer(guard);
    let strict = Site::https(browser, SITE, strict).await?;

    browser.open(&strict.url("/sign-in")).await?;
    ensure!(seen(browser, &strict).await? == "session=genuine", "the cookie makes no round trip");
    browser.open(&sibling.url("/")).await?;
    let (lenient, strict) = (seen(browser, &lenient).await?, seen(browser, &strict).await?);
    if browser.engine != Engine::Webkit {
        ensure!([&*lenient, &*strict] == ["session=genuine"; 2], "{lenient:?}, {strict:?}");
        return Ok(Verdict::Kept);
    }
    ensure!(lenient.contains("session=planted"), "the control: {lenient:?}");
    ensure!(!strict.contains("session"), "an application behind the layer reads {strict:?}");
    Ok(Verdict::Differs("stores the cookie; `RejectDuplicateCookiesLayer` refuses the request"))
}

/// Signs in, and shows which cookies reach the application.
fn accounts() -> Router {
    let show = async |headers: HeaderMap| {
        let cookies = headers.get_all(header::COOKIE).iter();
        let cookies: Vec<&str> = cookies.filter_map(|line| line.to_str().ok()).collect();
        Html(format!("<!doctype html><title>cookies</title>{}", cookies.join("; ")))
    };
    Router::new()
        .route("/sign-in", get(async || ([(header::SET_COOKIE, "session=genuine; HttpOnly")], "")))
        .route("/", get(show))
}

/// Returns the text of a site's page.
async fn seen(browser: &Browser<'_>, site: &Site) -> Result<String> {
    browser.open(&site.url("/")).await?;
    let text = browser.value("document.body.textContent").await?;
    Ok(text.as_str().context("no text")?.to_owned())
}

/// `Set-Cookie` lines, and `true` for those that browsers store.
const LINES: [(&str, bool); 10] = [
    ("__Host-good=1; Path=/; Secure", true),
    ("__Host-insecure=1; Path=/", false),
    ("__Host-domain=1; Path=/; Secure; Domain=example.tld", false),
    ("__Host-path=1; Path=/a; Secure", false),
    ("__HOST-case=1; Path=/", false),
    ("__Secure-good=1; Path=/; Secure", true),
    ("__Secure-insecure=1; Path=/", false),
    ("plain=1; Path=/", true),
    ("__Http-script=1; Path=/; Secure", false),
    ("__Host-Http-script=1; Path=/; Secure", false),
];

pub(crate) async fn prefixes(browser: &Browser<'_>) -> Result<Verdict> {
    let set = async || {
        let mut headers = HeaderMap::new();
        for (line, _) in LINES {
            headers.append(
                header::SET_COOKIE,
                line.parse().unwrap_or(header::HeaderValue::from_static("")),
            );
        }
        (headers, Html("<!doctype html><title>set</title>"))
    };
    let site = Site::https(browser, SITE, accounts().route("/set", get(set))).await?;
    browser.open(&site.url("/set")).await?;
    let stored = seen(browser, &site).await?;
    let wrong: Vec<&str> = LINES
        .into_iter()
        .filter(|(line, is_stored)| {
            let name = line.split('=').next().unwrap_or_default();
            stored.contains(&format!("{name}=")) != *is_stored
        })
        .map(|(line, _)| line)
        .collect();
    ensure!(stored.contains("plain=1") && stored.contains("__Host-good=1"), "{stored}");
    let is_http = |line: &&str| line.contains("Http-");
    match &wrong[..] {
        [] => Ok(Verdict::Kept),
        lines if lines.iter().all(is_http) => {
            Ok(Verdict::Differs("`__Host-` and `__Secure-` yes; stores `__Http-` without HttpOnly"))
        }
        _ if browser.engine == Engine::Webkit => Ok(Verdict::Differs("enforces no prefix")),
        _ => anyhow::bail!("stored or not against the rules: {wrong:?}"),
    }
}
