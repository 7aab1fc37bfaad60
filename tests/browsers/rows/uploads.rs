//! Tests files of users that a page takes for code.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    extract::Path,
    http::{StatusCode, header},
    response::{Html, IntoResponse},
    routing::get,
};
use tokio::time::sleep;
use tower_hardening::media::{Media, MediaLayer};

use crate::{browser::Browser, rows::Verdict, site::Site, world::SITE};

const ATTACK: &str =
    "self.document ? document.documentElement.dataset.attacked = 'yes' : self.postMessage?.('ran')";
const ATTACKED: &str = "document.documentElement.dataset.attacked === 'yes'
    || getComputedStyle(document.documentElement).getPropertyValue('--attacked').trim() === 'yes'";

/// Returns the uploads: name, content type as the uploader says it, and text.
fn upload(name: &str) -> Option<(&'static str, String)> {
    let (media_type, text) = match name {
        "attack.js" => ("text/javascript", ATTACK.to_owned()),
        // Valid as a picture by its first bytes, and as a script.
        "attack.gif" => ("image/gif", format!("GIF89a = 1; {ATTACK}")),
        "attack.css" => ("text/css", ":root { --attacked: yes }".to_owned()),
        "attack.html" => ("text/html", format!("<!doctype html><script>parent.{PLAIN}</script>")),
        "attack.xhtml" => (
            "application/xhtml+xml",
            format!(
                "<html xmlns='http://www.w3.org/1999/xhtml'><script>parent.{PLAIN}</script></html>"
            ),
        ),
        "attack.svg" => (
            "image/svg+xml",
            format!(
                "<svg xmlns='http://www.w3.org/2000/svg'><script>parent.{PLAIN}</script></svg>"
            ),
        ),
        _ => return None,
    };
    Some((media_type, text))
}

const PLAIN: &str = "document.documentElement.dataset.attacked = 'yes'";

/// The pages that take an upload for what it is not. Engines run no GIF as a script, with or without the layer.
const PAGES: [(&str, &str); 8] = [
    ("script", "<script src=/media/attack.js></script>"),
    ("module", "<script type=module src=/media/attack.js></script>"),
    ("worker", "<script>new Worker('/media/attack.js').onmessage = () => { ATTACK }</script>"),
    (
        "service-worker",
        "<script>navigator.serviceWorker.register('/media/attack.js').then(() => { ATTACK })</script>",
    ),
    ("style", "<link rel=stylesheet href=/media/attack.css>"),
    ("html", "<iframe src=/media/attack.html></iframe>"),
    ("xhtml", "<iframe src=/media/attack.xhtml></iframe>"),
    ("svg", "<iframe src=/media/attack.svg></iframe>"),
];

fn app(media: Router) -> Router {
    let page = async |Path(name): Path<String>| {
        let body = PAGES.into_iter().find(|(known, _)| *known == name).map_or("", |(_, body)| body);
        Html(format!("<!doctype html><title>page</title>{}", body.replace("ATTACK", PLAIN)))
    };
    Router::new().route("/page/{name}", get(page)).merge(media)
}

pub(crate) async fn taken_for_code(browser: &Browser<'_>) -> Result<Verdict> {
    let media = || {
        let file = async |Path(name): Path<String>| match upload(&name) {
            Some((media_type, text)) => {
                ([(header::CONTENT_TYPE, media_type)], text).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        };
        Router::new().route("/media/{name}", get(file))
    };
    let with = app(media().layer(MediaLayer::new(Media::uploads())));
    let with = Site::https(browser, SITE, with).await?;
    let without = Site::https(browser, SITE, app(media())).await?;
    for (name, _) in PAGES {
        let path = format!("/page/{name}");
        browser.open(&without.url(&path)).await?;
        browser.until(ATTACKED).await.with_context(|| format!("{name}: the control"))?;
        browser.open(&with.url(&path)).await?;
        sleep(Duration::from_millis(300)).await;
        ensure!(browser.value(ATTACKED).await? == false, "{name}: it runs");
    }
    browser.open(&with.url("/page/script")).await?;
    browser.execute("document.head.append(Object.assign(document.createElement('script'), { src: '/media/attack.gif' }))").await?;
    sleep(Duration::from_millis(300)).await;
    ensure!(browser.value(ATTACKED).await? == false, "a GIF runs");
    Ok(Verdict::Kept)
}
