//! Tests presets in front of pages as people write them (FOUND K3).

use anyhow::{Context, Result, ensure};
use askama::Template;
use axum::{
    Router,
    extract::{Query, WebSocketUpgrade, ws::Message},
    response::{Html, Redirect, Response},
    routing::{get, post},
};
use tower_hardening::{Hardening, HardeningLayer, Nonce, csp::MissingNonce};
use tower_http::services::{ServeDir, ServeFile};

use crate::{
    browser::Browser,
    rows::Verdict,
    site::Site,
    world::{SITE, STRANGER},
};

/// The text that an attacker writes into a page, and the trace that it leaves where it runs.
const INJECTED: &str = "<script>document.documentElement.dataset.attacked = 'yes'</script>";
const ATTACKED: &str = "document.documentElement.dataset.attacked === 'yes'";

const READY: &str = "document.documentElement.dataset.ready === 'yes'";
const PICTURES: &str = "[...document.images].every((image) => image.naturalWidth > 0)";

/// The files of all pages here.
const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/site");

pub(crate) async fn recommended_before_a_directory(browser: &Browser<'_>) -> Result<Verdict> {
    let app = || Router::new().fallback_service(ServeDir::new(FILES));
    let sites = Sites::start(browser, app, Hardening::recommended()).await?;

    browser.open(&sites.with.url("/")).await?;
    browser.until(READY).await?;
    browser.until("document.documentElement.dataset.module === 'yes'").await?;
    styled(browser, &[".styled", "#block", "#attribute"]).await?;
    browser.until(PICTURES).await?;
    browser.until("frames[0].document.title === 'framed'").await?;
    submit(browser).await?;
    sites.with.assert_no_violations(browser).await?;
    sites.assert_attack_fails(browser, "/injected.html").await
}

pub(crate) async fn recommended_before_a_template(browser: &Browser<'_>) -> Result<Verdict> {
    let pictures = Router::new().fallback_service(ServeDir::new(FILES));
    let elsewhere = Site::https(browser, STRANGER, pictures).await?;
    let page = |elsewhere| {
        async move |Query(Comment { comment })| {
            Html(Page { elsewhere, comment }.render().unwrap_or_default())
        }
    };
    let app = || templates(get(page(elsewhere.origin.clone())));
    let sites = Sites::start(browser, app, Hardening::recommended()).await?;

    browser.open(&sites.with.url("/")).await?;
    browser.until(READY).await?;
    styled(browser, &[".styled", "#attribute"]).await?;
    browser.until(PICTURES).await?;
    submit(browser).await?;
    sites.with.assert_no_violations(browser).await?;
    sites.assert_attack_fails(browser, &format!("/?comment={INJECTED}")).await
}

pub(crate) async fn recommended_before_one_page(browser: &Browser<'_>) -> Result<Verdict> {
    let every_path = || ServeDir::new(FILES).fallback(ServeFile::new(format!("{FILES}/app.html")));
    let app = || Router::new().route("/socket", get(socket)).fallback_service(every_path());
    let sites = Sites::start(browser, app, Hardening::recommended()).await?;

    browser.open(&sites.with.url("/users/1")).await?;
    browser.until(READY).await?;
    browser.execute("document.querySelector('a').click()").await?;
    browser.until("document.querySelector('h1').textContent === '/users/2'").await?;
    styled(browser, &[".styled", "#attribute"]).await?;
    browser.until(PICTURES).await?;
    sites.with.assert_no_violations(browser).await?;
    sites.assert_attack_fails(browser, "/injected.html").await
}

pub(crate) async fn strict_before_a_template(browser: &Browser<'_>) -> Result<Verdict> {
    async fn page(
        nonce: Result<Nonce, MissingNonce>,
        Query(Comment { comment }): Query<Comment>,
    ) -> Html<String> {
        let nonce = nonce.map(|nonce| nonce.to_string()).unwrap_or_default();
        Html(PageWithNonces { nonce, comment }.render().unwrap_or_default())
    }
    let origin = format!("https://{SITE}").parse()?;
    let sites = Sites::start(browser, || templates(get(page)), Hardening::strict(&origin)).await?;

    browser.open(&sites.with.url("/")).await?;
    browser.until(READY).await?;
    browser.until("document.documentElement.dataset.inline === 'yes'").await?;
    styled(browser, &[".styled"]).await?;
    browser.until(PICTURES).await?;
    submit(browser).await?;
    sites.with.assert_no_violations(browser).await?;
    sites.assert_attack_fails(browser, &format!("/?comment={INJECTED}")).await
}

/// Holds the same application with and without the preset.
struct Sites {
    with: Site,
    without: Site,
}

impl Sites {
    async fn start(
        browser: &Browser<'_>,
        app: impl Fn() -> Router,
        preset: Hardening,
    ) -> Result<Self> {
        let with = Site::https(browser, SITE, app().layer(HardeningLayer::new(preset))).await?;
        let without = Site::https(browser, SITE, app()).await?;
        Ok(Self { with, without })
    }

    async fn assert_attack_fails(&self, browser: &Browser<'_>, path: &str) -> Result<Verdict> {
        browser.open(&self.without.url(path)).await?;
        browser.until(ATTACKED).await.context("the control")?;
        browser.open(&self.with.url(path)).await?;
        browser.until(READY).await?;
        ensure!(browser.value(ATTACKED).await? == false, "the injected script ran");
        let violations = self.with.violations(browser).await?;
        ensure!(!violations.is_empty(), "the engine reports nothing");
        Ok(Verdict::Kept)
    }
}

/// Holds the text of a comment, which a careless page writes out as it is.
#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct Comment {
    comment: String,
}

#[derive(Template)]
#[template(path = "recommended.html")]
struct Page {
    elsewhere: String,
    comment: String,
}

#[derive(Template)]
#[template(path = "nonces.html")]
struct PageWithNonces {
    nonce: String,
    comment: String,
}

/// Serves a page, the answer to its form, and its files.
fn templates(page: axum::routing::MethodRouter) -> Router {
    Router::new()
        .route("/", page)
        .route("/greet", post(async || Redirect::to("/hello.html")))
        .fallback_service(ServeDir::new(FILES))
}

async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(async |mut socket| {
        let _sent = socket.send(Message::text("ye")).await;
        while socket.recv().await.is_some() {}
    })
}

async fn submit(browser: &Browser<'_>) -> Result<()> {
    browser.execute("document.forms[0].requestSubmit()").await?;
    browser.until("document.title === 'hello'").await
}

/// Waits until the style applies to each of the elements.
async fn styled(browser: &Browser<'_>, selectors: &[&str]) -> Result<()> {
    for selector in selectors {
        let colour = format!("getComputedStyle(document.querySelector('{selector}')).color");
        browser.until(&format!("{colour} === 'rgb(1, 2, 3)'")).await?;
    }
    Ok(())
}
