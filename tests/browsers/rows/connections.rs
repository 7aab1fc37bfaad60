//! Tests requests that a page sends to its own host, and that pages of others send there.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    extract::WebSocketUpgrade,
    response::{Html, Response},
    routing::{get, post},
};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, HardeningLayer, Origin,
    header::{FetchMetadata, FetchMetadataLayer},
};
use tower_http::services::ServeDir;

use crate::{
    browser::Browser,
    rows::Verdict,
    site::Site,
    world::{SITE, STRANGER},
};

const PAGE: &str = "<!doctype html><title>page</title><p>text";

async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| while socket.recv().await.is_some() {})
}

pub(crate) async fn own_socket(browser: &Browser<'_>) -> Result<Verdict> {
    const OPEN: &str = "{
        return await new Promise((done) => {
            // WebKit refuses at once, the others with an event.
            try {
                const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/socket`);
                socket.onopen = () => done('open');
                socket.onerror = socket.onclose = () => done('refused');
            } catch {
                done('refused');
            }
            setTimeout(() => done('nothing'), 20000);
        });
    }";
    const CLOSED: ContentSecurityPolicy = ContentSecurityPolicy::from_static("connect-src 'none'");
    let origin: Origin = format!("https://{SITE}").parse()?;
    let app = |hardening| {
        let app = Router::new().route("/", get(async || Html(PAGE))).route("/socket", get(socket));
        app.layer(HardeningLayer::new(hardening))
    };
    let opens = async |site: Site| {
        browser.open(&site.url("/")).await?;
        browser.awaited(OPEN).await
    };
    let plain: Origin = format!("http://{SITE}").parse()?;
    // Over http first: the presets' Strict-Transport-Security counts from the first visit over https. There `owasp`
    // upgrades a page of a host's name, its WebSocket included.
    for (name, preset) in
        [("recommended", Hardening::recommended()), ("strict", Hardening::strict(&plain))]
    {
        let site = Site::http(SITE, app(preset)).await?;
        let found = opens(site).await?;
        ensure!(found == "open", "ws under {name}: {found}, {:?}", browser.errors().await?);
    }
    for (name, preset) in [
        ("recommended", Hardening::recommended()),
        ("strict", Hardening::strict(&origin)),
        ("owasp", Hardening::owasp()),
    ] {
        let site = Site::https(browser, SITE, app(preset)).await?;
        let found = opens(site).await?;
        ensure!(found == "open", "wss under {name}: {found}");
    }
    let closed = Site::https(browser, SITE, app(Hardening::empty().with(CLOSED))).await?;
    let found = opens(closed).await?;
    ensure!(found == "refused", "the control: {found}");
    Ok(Verdict::Kept)
}

/// Sends the requests of another site's page, and checks which of them the server answers.
pub(crate) async fn fetch_metadata(browser: &Browser<'_>) -> Result<Verdict> {
    const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/files");
    let app = |changes: Arc<Mutex<u32>>| {
        let change = async move || {
            if let Ok(mut changes) = changes.lock() {
                *changes += 1;
            }
            Html("<!doctype html><title>changed</title>")
        };
        Router::new()
            .route("/", get(async || Html("<!doctype html><title>own</title><img src=/red.png>")))
            .route("/change", post(change))
            .fallback_service(ServeDir::new(FILES))
    };
    let (guarded, open) = (Arc::<Mutex<u32>>::default(), Arc::<Mutex<u32>>::default());
    let with = app(Arc::clone(&guarded)).layer(FetchMetadataLayer::new(FetchMetadata::new()));
    let with = Site::https(browser, SITE, with).await?;
    let without = Site::https(browser, SITE, app(Arc::clone(&open))).await?;
    let page = |site: &Site| {
        let origin = site.origin.clone();
        let page = format!(
            "<!doctype html><title>page</title><a href={origin}/>link</a>
             <form method=post action={origin}/change></form>
             <img src={origin}/red.png onload=\"this.dataset.state = 'shown'\" onerror=\"this.dataset.state = 'refused'\">"
        );
        get(async move || Html(page))
    };
    let stranger = Router::new().route("/with", page(&with)).route("/without", page(&without));
    let stranger = Site::https(browser, STRANGER, stranger).await?;

    for (path, picture, changed, changes) in
        [("/without", "shown", true, &open), ("/with", "refused", false, &guarded)]
    {
        browser.open(&stranger.url(path)).await?;
        browser.until("document.images[0].dataset.state").await.context("the picture")?;
        let state = browser.value("document.images[0].dataset.state").await?;
        ensure!(state == picture, "{path}: the picture is {state}");
        browser.execute("document.forms[0].submit()").await?;
        // Chromium shows a page of its own for a 403 without a text.
        const LEFT: &str =
            "['/change', '/'].includes(location.pathname) && document.readyState === 'complete'";
        browser.until(&format!("document.title !== 'page' && {LEFT}")).await.context("the form")?;
        let is_changed = browser.value("document.title === 'changed'").await? == true;
        let sent = *changes.lock().ok().context("a poisoned lock")?;
        ensure!(
            (is_changed, sent) == if changed { (true, 1) } else { (false, 0) },
            "{path}: {sent} changes"
        );
    }
    browser.open(&stranger.url("/with")).await?;
    browser.execute("document.querySelector('a').click()").await?;
    browser.until("document.title === 'own' && document.images[0]?.naturalWidth > 0").await?;
    Ok(Verdict::Kept)
}
