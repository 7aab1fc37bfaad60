//! Tests headers between origins, and what a site deletes in browsers.

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::header,
    response::Html,
    routing::{get, post},
};
use tower_hardening::{
    Hardening, HardeningLayer,
    header::{
        ClearSiteData, ClearSiteDataLayer, CrossOriginEmbedderPolicy, CrossOriginOpenerPolicy,
        CrossOriginResourcePolicy,
    },
};
use tower_http::services::ServeDir;

use crate::{
    browser::Browser,
    rows::Verdict,
    site::Site,
    world::{SITE, STRANGER},
};

const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/files");

/// Returns the picture of a site with this policy, in a page of another site.
async fn is_shown(browser: &Browser<'_>, policy: Hardening) -> Result<bool> {
    let files = Router::new().fallback_service(ServeDir::new(FILES));
    let site = Site::https(browser, SITE, files.layer(HardeningLayer::new(policy))).await?;
    let page = format!(
        "<!doctype html><title>page</title>
         <img src={0} onload=\"document.title = 'shown'\" onerror=\"document.title = 'refused'\">",
        site.url("/red.png")
    );
    let stranger = Router::new().route("/", get(async || Html(page)));
    let stranger = Site::https(browser, STRANGER, stranger).await?;
    browser.open(&stranger.url("/")).await?;
    browser.until("document.title !== 'page'").await?;
    Ok(browser.value("document.title").await? == "shown")
}

pub(crate) async fn resource_policy(browser: &Browser<'_>) -> Result<Verdict> {
    let policy = |policy| Hardening::empty().with(policy);
    ensure!(is_shown(browser, Hardening::empty()).await?, "the control");
    ensure!(
        is_shown(browser, policy(CrossOriginResourcePolicy::CROSS_ORIGIN)).await?,
        "cross-origin"
    );
    for refusing in [CrossOriginResourcePolicy::SAME_ORIGIN, CrossOriginResourcePolicy::SAME_SITE] {
        ensure!(!is_shown(browser, policy(refusing)).await?, "{refusing}: it is shown");
    }
    Ok(Verdict::Kept)
}

pub(crate) async fn cross_origin_isolation(browser: &Browser<'_>) -> Result<Verdict> {
    let app = || Router::new().route("/", get(async || Html("<!doctype html><title>page</title>")));
    let both = Hardening::empty()
        .with(CrossOriginOpenerPolicy::SAME_ORIGIN)
        .with(CrossOriginEmbedderPolicy::REQUIRE_CORP);
    let without = Site::https(browser, SITE, app()).await?;
    let with = Site::https(browser, SITE, app().layer(HardeningLayer::new(both))).await?;
    browser.open(&without.url("/")).await?;
    ensure!(browser.value("crossOriginIsolated").await? == false, "the control");
    browser.open(&with.url("/")).await?;
    ensure!(browser.value("crossOriginIsolated").await? == true, "it is not isolated");
    Ok(Verdict::Kept)
}

/// Opens a site in a new window from a stranger's page, and checks who has a hold on whom.
pub(crate) async fn opener_policy(browser: &Browser<'_>) -> Result<Verdict> {
    let app =
        || Router::new().route("/", get(async || Html("<!doctype html><title>opened</title>")));
    let without = Site::https(browser, SITE, app()).await?;
    let policy = Hardening::empty().with(CrossOriginOpenerPolicy::SAME_ORIGIN);
    let with = Site::https(browser, SITE, app().layer(HardeningLayer::new(policy))).await?;
    let link = |site: &Site| {
        let page =
            format!("<!doctype html><a href={} target=_blank rel=opener>link</a>", site.url("/"));
        get(async || Html(page))
    };
    let stranger = Router::new().route("/without", link(&without)).route("/with", link(&with));
    let stranger = Site::https(browser, STRANGER, stranger).await?;
    for (path, has_opener) in [("/without", true), ("/with", false)] {
        browser.open(&stranger.url(path)).await?;
        let before = browser.follow_into_new_window("a").await?;
        browser.until("document.title === 'opened'").await.context(path)?;
        let found = browser.value("window.opener !== null").await?;
        ensure!(found == has_opener, "{path}: the opener is {found}");
        browser.switch_to(&before).await?;
    }
    Ok(Verdict::Kept)
}

pub(crate) async fn clear_site_data(browser: &Browser<'_>) -> Result<Verdict> {
    let set = async || ([(header::SET_COOKIE, "a=1; Path=/; Secure")], Html("<!doctype html>page"));
    let clear = ClearSiteDataLayer::new(ClearSiteData::logout());
    let app = Router::new()
        .route("/", get(set))
        .route("/stay", post(async || "bye"))
        .route("/leave", post(async || "bye").layer(clear));
    let site = Site::https(browser, SITE, app).await?;
    browser.open(&site.url("/")).await?;
    browser.execute("localStorage.setItem('a', '1')").await?;
    let state = async |path: &str| {
        let post = format!("{{ await (await fetch('{path}', {{ method: 'POST' }})).text() }}");
        browser.awaited(&post).await.context("the form")?;
        browser.value("`${document.cookie} ${localStorage.getItem('a')}`").await
    };
    ensure!(state("/stay").await? == "a=1 1", "the control");
    browser.awaited("{ await (await fetch('/leave', { method: 'POST' })).text() }").await?;
    let left = browser.until("document.cookie === ''").await;
    left.context("the cookie stays")?;
    browser.open(&site.url("/")).await?;
    ensure!(browser.value("localStorage.getItem('a')").await?.is_null(), "the storage stays");
    Ok(Verdict::Kept)
}
