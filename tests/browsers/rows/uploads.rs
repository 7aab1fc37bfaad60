//! Tests files of users that a page takes for code.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    extract::Path,
    http::{HeaderName, StatusCode, header},
    middleware::map_response,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use tokio::time::sleep;
use tower_hardening::media::{Media, MediaLayer};

use crate::{
    browser::Browser,
    rows::Verdict,
    site::Site,
    world::{MEDIA, SITE},
};

const ATTACK: &str =
    "self.document ? document.documentElement.dataset.attacked = 'yes' : self.postMessage?.('ran')";
const ATTACKED: &str = "document.documentElement.dataset.attacked === 'yes'
    || getComputedStyle(document.documentElement).getPropertyValue('--attacked').trim() === 'yes'";

/// Returns the media type of an upload, as the uploader says it, and its text.
fn upload(name: &str) -> Option<(&'static str, String)> {
    // A page reads the script of its own host, and gets messages of another.
    let script = |name: &str| match name.starts_with("tell") {
        true => "parent.postMessage('ran', '*')".to_owned(),
        false => format!("parent.{PLAIN}"),
    };
    let (media_type, text) = match name {
        "attack.js" => ("text/javascript", ATTACK.to_owned()),
        // Valid as a picture by its first bytes, and as a script.
        "attack.gif" => ("image/gif", format!("GIF89a = 1; {ATTACK}")),
        "attack.css" => ("text/css", ":root { --attacked: yes }".to_owned()),
        "attack.html" | "tell.html" => {
            ("text/html", format!("<!doctype html><script>{}</script>", script(name)))
        }
        "attack.xhtml" | "tell.xhtml" => (
            "application/xhtml+xml",
            format!(
                "<html xmlns='http://www.w3.org/1999/xhtml'><script>{}</script></html>",
                script(name)
            ),
        ),
        "attack.svg" | "tell.svg" => (
            "image/svg+xml",
            format!(
                "<svg xmlns='http://www.w3.org/2000/svg'><script>{}</script></svg>",
                script(name)
            ),
        ),
        _ => return None,
    };
    Some((media_type, text))
}

const PLAIN: &str = "document.documentElement.dataset.attacked = 'yes'";

/// The pages that take an upload for what it is not. Engines run no GIF as a script, with or without the layer.
const PAGES: [(&str, &str); 11] = [
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
    ("object", "<object data=/media/attack.html></object>"),
    ("object-svg", "<object data=/media/attack.svg type=image/svg+xml></object>"),
    ("embed", "<embed src=/media/attack.svg type=image/svg+xml>"),
];

/// The pages that take an upload of another host for what it is not. Engines run no worker of another host.
const PAGES_OF_ANOTHER_HOST: [(&str, &str); 8] = [
    ("script", "<script src=MEDIA/media/attack.js></script>"),
    ("module", "<script type=module src=MEDIA/media/attack.js></script>"),
    ("style", "<link rel=stylesheet href=MEDIA/media/attack.css>"),
    ("html", "<iframe src=MEDIA/media/tell.html></iframe>"),
    ("xhtml", "<iframe src=MEDIA/media/tell.xhtml></iframe>"),
    ("svg", "<iframe src=MEDIA/media/tell.svg></iframe>"),
    ("object", "<object data=MEDIA/media/tell.html></object>"),
    ("embed", "<embed src=MEDIA/media/tell.svg type=image/svg+xml>"),
];

fn app(media: Router) -> Router {
    let page = async |Path(name): Path<String>| {
        let body = PAGES.into_iter().find(|(known, _)| *known == name).map_or("", |(_, body)| body);
        Html(format!("<!doctype html><title>page</title>{}", body.replace("ATTACK", PLAIN)))
    };
    Router::new().route("/page/{name}", get(page)).merge(media)
}

/// Serves the uploads, as their users named and declared them.
fn media() -> Router {
    let file = async |Path(name): Path<String>| match upload(&name) {
        Some((media_type, text)) => ([(header::CONTENT_TYPE, media_type)], text).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    };
    Router::new().route("/media/{name}", get(file))
}

/// Tries the uploads of a media host in pages of the site.
pub(crate) async fn of_a_media_host(browser: &Browser<'_>) -> Result<Verdict> {
    // Modules and style sheets of another host are loaded with CORS, or without its answer.
    const ANY: [(HeaderName, &str); 1] = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    let open = map_response(async |response: Response| (ANY, response));
    let with = media().layer(MediaLayer::new(Media::uploads())).layer(open.clone());
    let with = Site::https(browser, MEDIA, with).await?;
    let without = Site::https(browser, MEDIA, media().layer(open)).await?;
    let page = |host: &Site| {
        let host = host.origin.clone();
        get(async move |Path(name): Path<String>| {
            let mut pages = PAGES_OF_ANOTHER_HOST.into_iter();
            let body = pages.find(|(known, _)| *known == name).map_or("", |(_, body)| body);
            let listen = format!("<script>onmessage = () => {{ {PLAIN} }}</script>");
            Html(format!(
                "<!doctype html><title>page</title>{listen}{}",
                body.replace("MEDIA", &host)
            ))
        })
    };
    let site =
        Router::new().route("/with/{name}", page(&with)).route("/without/{name}", page(&without));
    let site = Site::https(browser, SITE, site).await?;
    for (name, _) in PAGES_OF_ANOTHER_HOST {
        browser.open(&site.url(&format!("/without/{name}"))).await?;
        browser.until(ATTACKED).await.with_context(|| format!("{name}: the control"))?;
        browser.open(&site.url(&format!("/with/{name}"))).await?;
        sleep(Duration::from_millis(300)).await;
        ensure!(browser.value(ATTACKED).await? == false, "{name}: it runs");
    }
    Ok(Verdict::Kept)
}

pub(crate) async fn taken_for_code(browser: &Browser<'_>) -> Result<Verdict> {
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
