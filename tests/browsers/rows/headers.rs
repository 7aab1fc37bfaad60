//! Tests single headers, each with the control without it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{Html, IntoResponse},
    routing::get,
};
use tokio::time::sleep;
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, FrameOptions, Hardening, HardeningLayer,
    ReferrerPolicy, StrictTransportSecurity,
};

use crate::{
    browser::Browser,
    engine::Engine,
    rows::Verdict,
    site::Site,
    world::{SITE, STRANGER},
};

const FRAMED: &str =
    "<!doctype html><title>framed</title><script>parent.postMessage('shown', '*')</script>";

const SHOWN: &str = "document.title === 'shown'";

/// Returns a page that shows a URL in a frame.
fn outer(url: &str) -> axum::routing::MethodRouter {
    let page = format!(
        "<!doctype html><script>onmessage = () => {{ document.title = 'shown' }}</script>
         <iframe src=\"{url}\"></iframe>"
    );
    get(async || Html(page))
}

/// Fails if a page shows its frame against the expectation.
async fn assert_framing(browser: &Browser<'_>, url: &str, is_allowed: bool) -> Result<()> {
    browser.open(url).await?;
    if is_allowed {
        return browser.until(SHOWN).await;
    }
    sleep(Duration::from_millis(300)).await;
    ensure!(browser.value(SHOWN).await? == false, "{url}: the frame is shown");
    Ok(())
}

/// Shows a site in frames of a stranger and of the site itself.
pub(crate) async fn framing(browser: &Browser<'_>) -> Result<Verdict> {
    let ancestors = |text: &str| text.parse::<ContentSecurityPolicy>();
    for (name, policy, by_itself) in [
        ("X-Frame-Options: DENY", Hardening::empty().with(FrameOptions::DENY), false),
        ("X-Frame-Options: SAMEORIGIN", Hardening::empty().with(FrameOptions::SAMEORIGIN), true),
        ("'none'", Hardening::empty().with(ancestors("frame-ancestors 'none'")?), false),
        ("'self'", Hardening::empty().with(ancestors("frame-ancestors 'self'")?), true),
    ] {
        // Scripts are allowed here, so that the page could tell.
        let app =
            || Router::new().route("/", get(async || Html(FRAMED))).route("/outer", outer("/"));
        let without = Site::https(browser, SITE, app()).await?;
        let with = Site::https(browser, SITE, app().layer(HardeningLayer::new(policy))).await?;
        let stranger = Router::new()
            .route("/without", outer(&without.url("/")))
            .route("/with", outer(&with.url("/")));
        let stranger = Site::https(browser, STRANGER, stranger).await?;
        assert_framing(browser, &stranger.url("/without"), true).await.context("the control")?;
        assert_framing(browser, &without.url("/outer"), true).await.context("the own control")?;
        assert_framing(browser, &stranger.url("/with"), false).await.context(name)?;
        assert_framing(browser, &with.url("/outer"), by_itself).await.context(name)?;
    }
    Ok(Verdict::Kept)
}

pub(crate) async fn types_are_not_guessed(browser: &Browser<'_>) -> Result<Verdict> {
    // Pages without a document type take a text of their own site as a style.
    const PAGE: &str =
        "<link rel=stylesheet href=style.txt><script src=script.txt></script><p>text";
    const SCRIPT: &str = "document.documentElement.dataset.ran === 'yes'";
    const STYLE: &str = "getComputedStyle(document.querySelector('p')).color === 'rgb(1, 2, 3)'";
    let typed = |text: &'static str| async move || ([(header::CONTENT_TYPE, "text/plain")], text);
    let app = || {
        Router::new()
            .route("/", get(async || Html(PAGE)))
            .route("/script.txt", get(typed("document.documentElement.dataset.ran = 'yes'")))
            .route("/style.txt", get(typed("p { color: rgb(1, 2, 3) }")))
    };
    let without = Site::https(browser, SITE, app()).await?;
    browser.open(&without.url("/")).await?;
    browser.until(SCRIPT).await.context("the control")?;
    browser.until(STYLE).await.context("the control of the style")?;
    let with =
        app().layer(HardeningLayer::new(Hardening::empty().with(ContentTypeOptions::NOSNIFF)));
    let with = Site::https(browser, SITE, with).await?;
    browser.open(&with.url("/")).await?;
    sleep(Duration::from_millis(300)).await;
    ensure!(browser.value(SCRIPT).await? == false, "a text runs as a script");
    ensure!(browser.value(STYLE).await? == false, "a text applies as a style");
    Ok(Verdict::Kept)
}

/// Shows that a browser uses https after one visit. The server speaks https only, so a request over http gets no page.
pub(crate) async fn https_after_one_visit(browser: &Browser<'_>) -> Result<Verdict> {
    let app = async |headers: HeaderMap| {
        let sts = if headers.contains_key(header::COOKIE) { FORGET } else { REMEMBER };
        ([(header::STRICT_TRANSPORT_SECURITY, sts)], Html("<!doctype html><title>page</title>"))
    };
    let remember = StrictTransportSecurity::new(Duration::from_secs(600));
    ensure!(remember.to_string() == REMEMBER.to_str()?, "{remember}");
    let site = Site::https(browser, SITE, Router::new().route("/", get(app))).await?;
    let plain = site.url("/").replace("https:", "http:");
    let by_http = async || match browser.open(&plain).await {
        Ok(()) => {
            browser.value("location.protocol === 'https:' && document.title === 'page'").await
        }
        Err(_) => Ok(false.into()),
    };
    ensure!(by_http().await? == false, "the control: http leads to https before a visit");
    browser.open(&site.url("/")).await?;
    ensure!(by_http().await? == true, "http after a visit");
    browser.execute("document.cookie = 'forget=1; Secure; Path=/'").await?;
    browser.open(&site.url("/")).await?;
    ensure!(by_http().await? == false, "http after max-age=0");
    Ok(Verdict::Kept)
}

const REMEMBER: HeaderValue = HeaderValue::from_static("max-age=600");
const FORGET: HeaderValue = HeaderValue::from_static("max-age=0");

/// Returns the referrers that a stranger and the site itself get, of the page `/secret`.
async fn referrers(browser: &Browser<'_>, policy: Option<ReferrerPolicy>) -> Result<[String; 2]> {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let log = |seen: &Arc<Mutex<Vec<String>>>| {
        let seen = Arc::clone(seen);
        async move |headers: HeaderMap| {
            let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
            if let Ok(mut seen) = seen.lock() {
                seen.push(referrer.unwrap_or("").to_owned());
            }
            const ANY: [(HeaderName, &str); 1] = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
            (ANY, "").into_response()
        }
    };
    let stranger = Router::new().route("/log", get(log(&seen)));
    let stranger = Site::https(browser, STRANGER, stranger).await?;
    let page = async || Html("<!doctype html><title>secret</title>");
    let mut app = Router::new().route("/secret", get(page)).route("/log", get(log(&seen)));
    if let Some(policy) = policy {
        app = app.layer(HardeningLayer::new(Hardening::empty().with(policy)));
    }
    let site = Site::https(browser, SITE, app).await?;
    browser.open(&site.url("/secret")).await?;
    let fetch = format!("{{ await fetch('{}'); await fetch('/log') }}", stranger.url("/log"));
    browser.awaited(&fetch).await?;
    let seen = seen.lock().ok().context("a poisoned lock")?.clone();
    let seen = seen.iter().map(|url| url.replace(&site.origin, "")).collect::<Vec<_>>();
    seen.try_into().ok().context("not two requests")
}

pub(crate) async fn referrer(browser: &Browser<'_>) -> Result<Verdict> {
    let without = referrers(browser, Some(ReferrerPolicy::UNSAFE_URL)).await?;
    // The others tell other sites the origin at most.
    let most = if browser.engine == Engine::Chromium { "/secret" } else { "/" };
    ensure!(without == [most, "/secret"], "the control: {without:?}");
    let guide = referrers(browser, Some(ReferrerPolicy::SAME_ORIGIN)).await?;
    ensure!(guide == ["", "/secret"], "same-origin: {guide:?}");
    let default = referrers(browser, Some(ReferrerPolicy::STRICT_ORIGIN_WHEN_CROSS_ORIGIN)).await?;
    ensure!(default == ["/", "/secret"], "strict-origin-when-cross-origin: {default:?}");
    Ok(Verdict::Kept)
}
