//! Tests the example over https, with the media of its users on a host of their own (FOUND K1, K2).

use std::fs;

use anyhow::{Context, Result, ensure};
use axum::{Router, http::header, routing::get};
use serde_json::Value;

use crate::{
    browser::Browser, engine::Engine, example::Example, nginx::Nginx, rows::Verdict, site::Site,
    world::SIBLING,
};

const SETTINGS: &str = "\
[url]
host = \"example.tld\"
[upload]
base_url = \"https://media.example.net/media\"
[media]
allow = [\"pdf\"]
";

pub(crate) async fn files_of_users(browser: &Browser<'_>) -> Result<Verdict> {
    let _example = Example::start_https(browser.world, SETTINGS).await?;
    browser.open("https://example.tld/").await?;
    register(browser).await?;

    let mut urls = Vec::new();
    for (file, media_type) in [
        ("red.png", "image/png"),
        ("red.jpg", "image/jpeg"),
        ("red.svg", "image/svg+xml"),
        ("red.mp4", "video/mp4"),
        ("red.webm", "video/webm"),
        ("tone.mp3", "audio/mpeg"),
        ("red.pdf", "application/pdf"),
    ] {
        let upload =
            upload(browser, file, media_type).await.with_context(|| format!("upload {file}"))?;
        let name = upload["name"].as_str().context("no name")?;
        let status = format!("new URLSearchParams({{ status: '{file}', media: '{name}' }})");
        send(browser, "statuses", &status).await?;
        urls.push((file, upload["url"].as_str().context("no url")?.to_owned()));
    }

    browser.open("https://example.tld/").await?;
    browser.until("document.querySelectorAll('#timeline img').length === 3").await?;
    browser.until("[...document.querySelectorAll('#timeline img')].every((image) => image.naturalWidth > 0)").await?;
    browser
        .until("document.querySelectorAll('#timeline video, #timeline audio').length === 3")
        .await?;
    browser.play_all().await.context("the timeline")?;
    let errors = browser.errors().await?.unwrap_or_default();
    ensure!(errors.is_empty(), "errors in the console: {errors:#?}");

    for (file, url) in urls {
        browser.open(&url).await?;
        let shown = match file.rsplit_once('.') {
            Some((_, "mp4" | "webm" | "mp3")) => browser.play_all().await,
            _ => browser.until_red(60 * 60).await.map(drop),
        };
        shown.with_context(|| format!("{file} by itself"))?;
        ensure!(
            browser.value("document.documentElement.dataset.ran ?? null").await?.is_null(),
            "a script ran"
        );
    }
    Ok(Verdict::Kept)
}

/// Opens the example by http, with the shipped files of nginx in front of it.
pub(crate) async fn behind_nginx(browser: &Browser<'_>) -> Result<Verdict> {
    let _nginx = Nginx::start(browser.world).await?;
    let settings = format!(
        "{SETTINGS}[media_proxy]\nbase_url = \"https://media.example.net\"\n\
         [proxy]\ntrusted = [\"127.0.0.1\"]\n"
    );
    let example = Example::start_http(browser.world, &settings).await?;
    browser.open("http://example.tld/").await?;
    browser.until("location.href === 'https://example.tld/'").await.context("over https")?;
    register(browser).await?;
    let mut urls = Vec::new();
    for (file, media_type) in [("red.png", "image/png"), ("red.webm", "video/webm")] {
        let upload = upload(browser, file, media_type).await.context(file)?;
        let name = upload["name"].as_str().context("no name")?;
        let status = format!("new URLSearchParams({{ status: '{file}', media: '{name}' }})");
        send(browser, "statuses", &status).await?;
        urls.push(upload["url"].as_str().context("no url")?.to_owned());
    }

    browser.open("https://example.tld/").await?;
    browser.until("document.body.dataset.account === 'alice'").await.context("signed in")?;
    browser.until("document.querySelector('#live').dataset.state === 'live'").await?;
    browser.until("document.querySelector('#timeline img')?.naturalWidth > 0").await?;
    browser.play_all().await?;
    let errors = browser.errors().await?.unwrap_or_default();
    ensure!(errors.is_empty(), "errors in the console: {errors:#?}");
    browser.open(&urls[0]).await?;
    browser.until_red(60 * 60).await.context("a picture of the media host by itself")?;

    drop(example);
    browser.open("https://example.tld/").await?;
    browser.until("document.body.innerText.includes('the server is down')").await?;
    Ok(Verdict::Kept)
}

/// Plants a session cookie from a sibling next to the one of a signed-in person.
pub(crate) async fn session_planted_by_a_sibling(browser: &Browser<'_>) -> Result<Verdict> {
    const PLANTED: &str = "__Host-pleroma_key=planted; Domain=example.tld; Path=/; Secure";
    const SHOWN: &str = "document.querySelector('#timeline') !== null";
    let sibling = Router::new().route("/", get(async || ([(header::SET_COOKIE, PLANTED)], "")));
    let sibling = Site::https(browser, SIBLING, sibling).await?;

    let example = Example::start_https(browser.world, SETTINGS).await?;
    browser.open("https://example.tld/").await?;
    register(browser).await?;
    browser.open(&sibling.url("/")).await?;
    browser.open("https://example.tld/").await?;
    if browser.engine != Engine::Webkit {
        browser.until("document.body.dataset.account === 'alice'").await?;
        return Ok(Verdict::Kept);
    }
    ensure!(browser.value(SHOWN).await? == false, "a request with two sessions gets the page");

    drop(example);
    let lenient = format!("{SETTINGS}[cookies]\nreject_duplicates = false\n");
    let _example = Example::start_https(browser.world, &lenient).await?;
    browser.open("https://example.tld/").await?;
    browser.until(SHOWN).await.context("the control")?;
    Ok(Verdict::Differs("stores the cookie; `[cookies] reject_duplicates` refuses the request"))
}

async fn register(browser: &Browser<'_>) -> Result<()> {
    let account = "new URLSearchParams({ name: 'alice', password: 'correct horse' })";
    send(browser, "accounts", account).await.map(drop)
}

/// Uploads a file as the page does.
async fn upload(browser: &Browser<'_>, file: &str, media_type: &str) -> Result<Value> {
    let bytes = fs::read(format!("{}/files/{file}", env!("CARGO_MANIFEST_DIR")))?;
    let form = format!(
        "(() => {{
            const form = new FormData();
            const bytes = new Uint8Array({bytes:?});
            form.append('file', new File([bytes], '{file}', {{ type: '{media_type}' }}));
            return form;
        }})()"
    );
    send(browser, "media", &form).await
}

/// Sends a form to the example, and returns its answer.
async fn send(browser: &Browser<'_>, to: &str, form: &str) -> Result<Value> {
    let answer = browser
        .awaited(&format!(
            "{{
                const answer = await fetch('/api/v1/{to}', {{ method: 'POST', body: {form} }});
                const text = await answer.text();
                return answer.ok ? JSON.parse(text || 'null') : {{ error: text }};
            }}"
        ))
        .await;
    answer.with_context(|| format!("POST /api/v1/{to}"))
}
