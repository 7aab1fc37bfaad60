//! Tests cookies of a sibling site, under the name that the guard accepts.

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::{HeaderMap, header},
    response::{AppendHeaders, Html},
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

/// Signs in to a site with two guarded cookies, has both planted, and signs out of one of them.
pub(crate) async fn two_sessions(browser: &Browser<'_>) -> Result<Verdict> {
    let two = |lines: [&'static str; 2]| {
        get(async move || {
            (AppendHeaders(lines.map(|line| (header::SET_COOKIE, line))), Html("<!doctype html>"))
        })
    };
    const BOTH: [&str; 2] =
        ["session=genuine; HttpOnly", "remember=genuine; HttpOnly; Max-Age=600"];
    const PLANTED: [&str; 2] = [
        "session=planted; Domain=example.tld; Path=/",
        "remember=planted; Domain=example.tld; Path=/",
    ];
    let sibling = Router::new().route("/", two(PLANTED));
    let sibling = Site::https(browser, SIBLING, sibling).await?;
    let app = accounts()
        .route("/both", two(BOTH))
        .route("/leave", get(async || ([(header::SET_COOKIE, "session=; Max-Age=0")], "")));
    let guard = HostCookieLayer::new(HostCookies::new(["session", "remember"])?);
    let site = Site::https(browser, SITE, app.clone().layer(guard)).await?;
    let without = Site::https(browser, SITE, app).await?;

    let cookies = async |site| {
        let text = seen(browser, site).await?;
        let mut cookies: Vec<String> = text.split("; ").map(str::to_owned).collect();
        cookies.sort();
        Ok::<_, anyhow::Error>(cookies)
    };
    browser.open(&sibling.url("/")).await?;
    ensure!(cookies(&without).await? == ["remember=planted", "session=planted"], "the control");
    browser.open(&site.url("/both")).await?;
    let both = cookies(&site).await?;
    ensure!(both == ["remember=genuine", "session=genuine"], "{both:?}");
    browser.open(&site.url("/leave")).await?;
    let one = cookies(&site).await?;
    ensure!(one == ["remember=genuine"], "after a sign-out: {one:?}");
    Ok(Verdict::Kept)
}

/// Signs in, and shows which cookies reach the application.
pub(super) fn accounts() -> Router {
    let show = async |headers: HeaderMap| {
        let cookies = headers.get_all(header::COOKIE).iter();
        let cookies: Vec<&str> = cookies.filter_map(|line| line.to_str().ok()).collect();
        Html(format!("<!doctype html><title>cookies</title>{}", cookies.join("; ")))
    };
    Router::new()
        .route("/sign-in", get(async || ([(header::SET_COOKIE, "session=genuine; HttpOnly")], "")))
        .route("/", get(show))
        .route("/a", get(show))
}

/// Returns the text of a site's page.
async fn seen(browser: &Browser<'_>, site: &Site) -> Result<String> {
    browser.open(&site.url("/")).await?;
    let text = browser.value("document.body.textContent").await?;
    Ok(text.as_str().context("no text")?.to_owned())
}
