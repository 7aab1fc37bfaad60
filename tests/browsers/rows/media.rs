//! Tests files of users under the guide, opened by themselves and inside a page.

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::{HeaderName, header},
    middleware::map_response,
    response::{Html, Response},
    routing::get,
};
use tower_hardening::{
    Hardening, HardeningLayer,
    media::{Media, MediaLayer, MediaType},
};
use tower_http::services::ServeDir;

use crate::{
    browser::Browser,
    rows::Verdict,
    site::Site,
    world::{MEDIA, SITE},
};

/// The pixels of a file's 64 by 64, without those at a blurred edge.
const MOST: usize = 60 * 60;

fn files() -> Router {
    Router::new().fallback_service(ServeDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/files")))
}

/// Puts the guide around an application.
fn under_the_guide(app: Router, host: &str) -> Result<Router> {
    let origin = format!("https://{host}").parse()?;
    Ok(app.layer(HardeningLayer::new(Hardening::pleroma(&origin))))
}

/// Serves the files as uploads of users, on a host of their own.
async fn uploads(browser: &Browser<'_>, media: Media) -> Result<Site> {
    let app = under_the_guide(files().layer(MediaLayer::new(media)), MEDIA)?;
    Site::https(browser, MEDIA, app).await
}

/// Serves a page under the guide.
async fn page(browser: &Browser<'_>, body: String) -> Result<Site> {
    let page = format!("<!doctype html><title>page</title>{body}");
    let app = Router::new().route("/", get(async || Html(page)));
    Site::https(browser, SITE, under_the_guide(app, SITE)?).await
}

pub(crate) async fn pictures_by_themselves(browser: &Browser<'_>) -> Result<Verdict> {
    let site = uploads(browser, Media::uploads()).await?;
    for kind in ["png", "jpg", "gif", "webp", "avif"] {
        browser.open(&site.url(&format!("/red.{kind}"))).await?;
        let picture = browser.until_red(MOST).await.context(kind)?;
        ensure!(picture.is_centred(), "{kind}: not in the middle");
    }
    site.assert_no_violations(browser).await?;
    Ok(Verdict::Kept)
}

pub(crate) async fn films_and_sounds_by_themselves(browser: &Browser<'_>) -> Result<Verdict> {
    let site = uploads(browser, Media::uploads()).await?;
    for file in ["red.mp4", "red.webm", "tone.mp3"] {
        browser.open(&site.url(&format!("/{file}"))).await?;
        browser.play_all().await.context(file)?;
    }
    Ok(Verdict::Kept)
}

pub(crate) async fn svg_by_itself(browser: &Browser<'_>) -> Result<Verdict> {
    const RAN: &str = "document.documentElement.dataset.ran === 'yes'";
    let with = uploads(browser, Media::uploads()).await?;
    let without = Site::https(browser, MEDIA, files()).await?;
    browser.open(&without.url("/red.svg")).await?;
    browser.until(RAN).await.context("the control")?;
    browser.open(&with.url("/red.svg")).await?;
    browser.until_red(MOST).await?;
    ensure!(browser.value(RAN).await? == false, "the script ran");
    Ok(Verdict::Kept)
}

pub(crate) async fn pdf_by_itself(browser: &Browser<'_>) -> Result<Verdict> {
    let site = uploads(browser, Media::uploads().allow(MediaType::Pdf)).await?;
    browser.open(&site.url("/red.pdf")).await?;
    browser.until_red(MOST).await?;
    site.assert_no_violations(browser).await?;
    Ok(Verdict::Kept)
}

pub(crate) async fn text_by_itself(browser: &Browser<'_>) -> Result<Verdict> {
    let site = uploads(browser, Media::uploads().allow(MediaType::PlainText)).await?;
    browser.open(&site.url("/page.txt")).await?;
    browser.until("document.body.innerText.startsWith('<script>')").await?;
    site.assert_no_violations(browser).await?;
    Ok(Verdict::Kept)
}

pub(crate) async fn inside_a_page(browser: &Browser<'_>) -> Result<Verdict> {
    let media = uploads(browser, Media::uploads()).await?;
    let url = |file| media.url(&format!("/{file}"));
    let pictures = ["red.png", "red.jpg", "red.gif", "red.webp", "red.avif", "red.svg"];
    let pictures = pictures.map(|file| format!("<img src={}>", url(file))).concat();
    let films = ["red.mp4", "red.webm"].map(|file| format!("<video src={}></video>", url(file)));
    let sound = format!("<audio src={}></audio>", url("tone.mp3"));
    let site = page(browser, format!("{pictures}{}{sound}", films.concat())).await?;

    browser.open(&site.url("/")).await?;
    browser.until("[...document.images].every((image) => image.naturalWidth > 0)").await?;
    browser.play_all().await?;
    site.assert_no_violations(browser).await?;
    Ok(Verdict::Kept)
}

pub(crate) async fn captions_inside_a_page(browser: &Browser<'_>) -> Result<Verdict> {
    const ANY_ORIGIN: [(HeaderName, &str); 1] = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    let media = Media::uploads().allow(MediaType::WebVtt);
    let app = files()
        .layer(MediaLayer::new(media))
        .layer(map_response(async |response: Response| (ANY_ORIGIN, response)));
    let media = Site::https(browser, MEDIA, under_the_guide(app, MEDIA)?).await?;
    let captions = format!("<track default src={}>", media.url("/captions.vtt"));
    let film = format!("<video crossorigin src={}>{captions}</video>", media.url("/red.webm"));
    let site = page(browser, film).await?;

    browser.open(&site.url("/")).await?;
    browser.execute("document.querySelector('track').track.mode = 'showing'").await?;
    browser.until("document.querySelector('track').track.cues?.length === 1").await?;
    site.assert_no_violations(browser).await?;
    Ok(Verdict::Kept)
}
