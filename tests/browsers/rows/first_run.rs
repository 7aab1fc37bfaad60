//! Tests the README's first command, opened in a browser (FOUND K3).

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::{HeaderName, header},
    response::Html,
    routing::get,
};

use crate::{browser::Browser, example::Example, rows::Verdict, site::Site, world::ADDRESS};

pub(crate) async fn loopback(browser: &Browser<'_>) -> Result<Verdict> {
    let _example = Example::start(browser.world, &[]).await?;
    works(browser, "http://127.0.0.1:4000").await
}

pub(crate) async fn localhost(browser: &Browser<'_>) -> Result<Verdict> {
    let _example = Example::start(browser.world, &[]).await?;
    works(browser, "http://localhost:4000").await
}

pub(crate) async fn other_address(browser: &Browser<'_>) -> Result<Verdict> {
    let listen = ["--listen", "0.0.0.0:4000"];
    let _example = Example::start(browser.world, &listen).await?;
    works(browser, &format!("http://{ADDRESS}:4000")).await
}

pub(crate) async fn ipv6(browser: &Browser<'_>) -> Result<Verdict> {
    let _example = Example::start_at(browser.world, "[::1]:4000").await?;
    works(browser, "http://[::1]:4000").await
}

/// Checks that the style applies, the script ran and shows the form, the live line is connected,
/// and no policy is violated.
async fn works(browser: &Browser<'_>, url: &str) -> Result<Verdict> {
    browser.open(url).await?;
    browser
        .until("getComputedStyle(document.documentElement).colorScheme === 'light dark'")
        .await
        .context("style")?;
    browser.until("document.querySelector('#sign-in').checkVisibility()").await.context("form")?;
    browser
        .until("document.querySelector('#live').textContent.trim() === 'live'")
        .await
        .context("live line")?;
    browser
        .until("[...document.images].every((image) => image.naturalWidth > 0)")
        .await
        .context("picture")?;
    let errors = browser.errors().await?.unwrap_or_default();
    ensure!(errors.is_empty(), "errors in the console: {errors:#?}");
    Ok(Verdict::Kept)
}

/// Returns the control: the directive that the first run had.
pub(crate) async fn upgrade_on_an_address_breaks_a_page(browser: &Browser<'_>) -> Result<Verdict> {
    const PAGE: &str =
        "<!doctype html><title>page</title><link rel=stylesheet href=style.css><p>text";
    const STYLED: &str = "getComputedStyle(document.querySelector('p')).color === 'rgb(1, 2, 3)'";
    const UPGRADE: [(HeaderName, &str); 1] =
        [(header::CONTENT_SECURITY_POLICY, "upgrade-insecure-requests")];
    let style = async || ([(header::CONTENT_TYPE, "text/css")], "p { color: rgb(1, 2, 3) }");
    let app = Router::new()
        .route("/without/", get(async || Html(PAGE)))
        .route("/with/", get(async || (UPGRADE, Html(PAGE))))
        .route("/{directory}/style.css", get(style));
    let site = Site::http(ADDRESS, app).await?;
    browser.open(&site.url("/without/")).await?;
    browser.until(STYLED).await.context("without the upgrade")?;
    browser.open(&site.url("/with/")).await?;
    ensure!(browser.value(STYLED).await? == false, "the style applies in spite of the upgrade");
    Ok(Verdict::Kept)
}
