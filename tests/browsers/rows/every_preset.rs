//! Tests every preset in front of a directory of files, a page of a template and a single-page application.
//!
//! The pages are written for `recommended`. Each preset says, by its violations, which parts of them it stops.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use axum::{Router, response::Html, routing::get};
use serde_json::Value;
use tokio::time::{Duration, sleep};
use tower_hardening::{Hardening, HardeningLayer, Origin};
use tower_http::services::{ServeDir, ServeFile};

use crate::{browser::Browser, rows::Verdict, site::Site, world::SITE};

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/site");
const ATTACKED: &str = "document.documentElement.dataset.attacked === 'yes'";
/// A page of a template.
const TEMPLATE: &str =
    "<!doctype html><html lang=en><title>page</title><link rel=icon href=/red.png>
    <link rel=stylesheet href=/style.css><script src=/page.js defer></script>
    <h1 class=styled>A page</h1><p style=\"color: rgb(1, 2, 3)\">text</p><img src=/red.png alt=\"\">
    <form action=/hello.html><button>Send</button></form>";
const COMMENT: &str = "<script>document.documentElement.dataset.attacked = 'yes'</script>";

fn app() -> Router {
    let page = ServeDir::new(FILES).fallback(ServeFile::new(format!("{FILES}/app.html")));
    Router::new()
        .route("/template", get(async || Html(TEMPLATE)))
        .route("/comment", get(async || Html(format!("{TEMPLATE}{COMMENT}"))))
        .fallback_service(page)
}

/// Returns the directives that stop something in the three pages.
async fn stopped(browser: &Browser<'_>, preset: Hardening) -> Result<Vec<String>> {
    let with = Site::https(browser, SITE, app().layer(HardeningLayer::new(preset))).await?;
    let without = Site::https(browser, SITE, app()).await?;
    browser.open(&without.url("/comment")).await?;
    browser.until(ATTACKED).await.context("the control")?;
    browser.open(&with.url("/comment")).await?;
    sleep(Duration::from_millis(300)).await;
    ensure!(browser.value(ATTACKED).await? == false, "the injected script runs");

    let before = with.violations(browser).await?.len();
    ensure!(before > 0, "the engine reports nothing");
    for path in ["/", "/template", "/users/1"] {
        browser.open(&with.url(path)).await?;
        sleep(Duration::from_millis(500)).await;
    }
    let mut found = BTreeMap::new();
    for report in &with.violations(browser).await?[before..] {
        let report: Value = serde_json::from_str(report)?;
        let report = &report["csp-report"];
        let directive = report["effective-directive"].as_str();
        let directive = directive.or(report["violated-directive"].as_str());
        let directive = directive.context("no directive")?.split(' ').next().unwrap_or_default();
        *found.entry(directive.to_owned()).or_insert(0) += 1;
    }
    Ok(found.into_keys().collect())
}

fn site() -> Result<Origin> {
    Ok(format!("https://{SITE}").parse()?)
}

/// Fails unless exactly these directives stop something.
async fn stops(browser: &Browser<'_>, preset: Hardening, expected: &[&str]) -> Result<()> {
    let found = stopped(browser, preset).await?;
    ensure!(found == expected, "it stops {found:?}, not {expected:?}");
    Ok(())
}

pub(crate) async fn recommended(browser: &Browser<'_>) -> Result<Verdict> {
    stops(browser, Hardening::recommended(), &[]).await?;
    Ok(Verdict::Kept)
}

/// The texts name the parts of the pages that are stopped.
const FRAMES: Verdict = Verdict::Differs("frames are stopped");
const FRAMES_AND_STYLES: Verdict = Verdict::Differs(
    "inline styles and frames are stopped; style sheets, scripts and pictures of the site work",
);
const ALL: Verdict = Verdict::Differs("everything is stopped: it is not for pages");

pub(crate) async fn owasp(browser: &Browser<'_>) -> Result<Verdict> {
    stops(
        browser,
        Hardening::owasp(),
        &["frame-ancestors", "img-src", "style-src-attr", "style-src-elem"],
    )
    .await?;
    Ok(Verdict::Differs(
        "inline styles, `data:` pictures and frames are stopped; files of the site work",
    ))
}

pub(crate) async fn strict(browser: &Browser<'_>) -> Result<Verdict> {
    stops(browser, Hardening::strict(&site()?), &["frame-src", "style-src-attr", "style-src-elem"])
        .await?;
    Ok(FRAMES_AND_STYLES)
}

pub(crate) async fn pleroma(browser: &Browser<'_>) -> Result<Verdict> {
    stops(browser, Hardening::pleroma(&site()?), &["frame-src"]).await?;
    Ok(FRAMES)
}

pub(crate) async fn pleroma_modern(browser: &Browser<'_>) -> Result<Verdict> {
    stops(
        browser,
        Hardening::pleroma_modern(&site()?),
        &["frame-src", "style-src-attr", "style-src-elem"],
    )
    .await?;
    Ok(FRAMES_AND_STYLES)
}

pub(crate) async fn akkoma(browser: &Browser<'_>) -> Result<Verdict> {
    stops(browser, Hardening::akkoma(&site()?), &["frame-src", "style-src-attr", "style-src-elem"])
        .await?;
    Ok(FRAMES_AND_STYLES)
}

pub(crate) async fn api(browser: &Browser<'_>) -> Result<Verdict> {
    stops(
        browser,
        Hardening::api(),
        &["frame-src", "img-src", "script-src-elem", "style-src-attr", "style-src-elem"],
    )
    .await?;
    Ok(ALL)
}

pub(crate) async fn media(browser: &Browser<'_>) -> Result<Verdict> {
    stops(
        browser,
        Hardening::media(),
        &["frame-src", "img-src", "style-src-attr", "style-src-elem"],
    )
    .await?;
    Ok(ALL)
}
