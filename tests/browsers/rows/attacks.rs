//! Tests attacks that `recommended` stops. Each succeeds without it, in the same page on the same host.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    extract::{Path, Request, State},
    http::{HeaderName, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{any, get},
};
use tokio::time::{Duration, sleep};
use tower_hardening::{Hardening, HardeningLayer};

use crate::{
    browser::{Browser, until},
    engine::Engine,
    rows::Verdict,
    site::Site,
    world::{SITE, STRANGER},
};

/// The time that an attack has after the page has loaded.
const ENOUGH: Duration = Duration::from_millis(300);

/// The script of the site itself: it does as a careless script would, by the last part of the path.
const VECTORS: &str = include_str!("../site/vectors.js");

/// Somebody else's site, which notes what reaches it.
struct Stranger {
    site: Site,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Stranger {
    async fn start(browser: &Browser<'_>) -> Result<Self> {
        let seen = Arc::<Mutex<Vec<String>>>::default();
        const ANY: [(HeaderName, &str); 1] = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
        let script = async || ([(header::CONTENT_TYPE, "text/javascript")], ATTACK);
        let style = async || ([(header::CONTENT_TYPE, "text/css")], ":root { --attacked: yes }");
        let app = Router::new()
            .route("/attack.js", get(async move || (ANY, script().await)))
            .route("/attack.css", get(style))
            .route("/hit/{name}", any(async || (ANY, Html("<!doctype html><p>hit"))))
            .layer(from_fn_with_state(Arc::clone(&seen), note));
        Ok(Self { site: Site::https(browser, STRANGER, app).await?, seen })
    }

    fn was_hit(&self, name: &str) -> Result<bool> {
        let seen = self.seen.lock().ok().context("a poisoned lock")?;
        Ok(seen.iter().any(|path| path == &format!("/hit/{name}")))
    }

    fn forget(&self) -> Result<()> {
        self.seen.lock().ok().context("a poisoned lock")?.clear();
        Ok(())
    }
}

async fn note(
    State(seen): State<Arc<Mutex<Vec<String>>>>,
    request: Request,
    next: Next,
) -> Response {
    if let Ok(mut seen) = seen.lock() {
        seen.push(request.uri().path().to_owned());
    }
    next.run(request).await
}

/// The trace of a script that ran.
const ATTACK: &str = "document.documentElement.dataset.attacked = 'yes'";
const ATTACKED: &str = "document.documentElement.dataset.attacked === 'yes'
    || getComputedStyle(document.documentElement).getPropertyValue('--attacked').trim() === 'yes'";

/// The names of the vectors, and what an attacker or a careless author writes into the page.
const SCRIPTS: [(&str, &str); 15] = [
    ("inline", "<script>ATTACK</script>"),
    ("handler", "<img src=/nothing onerror=\"ATTACK\">"),
    ("srcdoc", "<iframe srcdoc=\"<script>parent.ATTACK</script>\"></iframe>"),
    ("javascript", "<a href=\"javascript:void(ATTACK)\">link</a>"),
    ("base", "<base href=STRANGER/><script src=attack.js></script>"),
    ("eval", ""),
    ("function", ""),
    ("timer", ""),
    ("external", "<script src=STRANGER/attack.js></script>"),
    ("module", "<script type=module src=STRANGER/attack.js></script>"),
    ("data", "<script src=\"data:text/javascript,ATTACK\"></script>"),
    ("blob", ""),
    ("worker", ""),
    ("style", "<link rel=stylesheet href=STRANGER/attack.css>"),
    ("markup", ""),
];

const REQUESTS: [(&str, &str); 11] = [
    ("fetch", ""),
    ("beacon", ""),
    ("ping", "<a href=#here ping=STRANGER/hit/ping>link</a>"),
    ("socket", ""),
    ("sibling", ""),
    ("form", "<form method=post action=STRANGER/hit/form></form>"),
    ("redirect", "<form method=post action=/redirect></form>"),
    ("frame", "<iframe src=STRANGER/hit/frame></iframe>"),
    ("object", "<object data=STRANGER/hit/object></object>"),
    (
        "font",
        "<style>@font-face { font-family: f; src: url(STRANGER/hit/font) } p { font-family: f }</style><p>text",
    ),
    ("film", "<video src=STRANGER/hit/film></video>"),
];

/// The requests that `owasp` stops as well.
const MORE: [(&str, &str); 2] = [
    ("prefetch", "<link rel=prefetch href=STRANGER/hit/prefetch>"),
    ("image", "<img src=STRANGER/hit/image>"),
];

/// Serves the page of each vector, the site's script, and a form's answer that leads elsewhere.
fn app(stranger: &str) -> Router {
    let (pages, scripts, to) = (stranger.to_owned(), stranger.to_owned(), stranger.to_owned());
    let page = async move |Path(name): Path<String>| {
        let all = SCRIPTS.iter().chain(&REQUESTS).chain(&MORE);
        let body = all.into_iter().find(|(known, _)| *known == name).map_or("", |(_, body)| body);
        let body = body.replace("ATTACK", ATTACK).replace("STRANGER", &pages);
        Html(format!(
            "<!doctype html><title>{name}</title><script src=/vectors.js defer></script>{body}"
        ))
    };
    let vectors = async move || {
        let script = VECTORS.replace("STRANGER", &scripts).replace("ATTACK", ATTACK);
        ([(header::CONTENT_TYPE, "text/javascript")], script)
    };
    Router::new()
        .route("/page/{name}", get(page))
        .route("/vectors.js", get(vectors))
        .route("/redirect", any(async move || Redirect::temporary(&format!("{to}/hit/redirect"))))
        .fallback(async || StatusCode::NOT_FOUND.into_response())
}

async fn sites(browser: &Browser<'_>, stranger: &Stranger) -> Result<(Site, Site)> {
    sites_with(browser, stranger, Hardening::recommended()).await
}

async fn sites_with(
    browser: &Browser<'_>,
    stranger: &Stranger,
    policies: Hardening,
) -> Result<(Site, Site)> {
    let app = || app(&stranger.site.origin);
    let with = app().layer(HardeningLayer::new(policies));
    let with = Site::https(browser, SITE, with).await?;
    Ok((with, Site::https(browser, SITE, app()).await?))
}

async fn open(browser: &Browser<'_>, site: &Site, name: &str) -> Result<()> {
    browser.open(&site.url(&format!("/page/{name}"))).await
}

pub(crate) async fn scripts(browser: &Browser<'_>) -> Result<Verdict> {
    let stranger = Stranger::start(browser).await?;
    let (with, without) = sites(browser, &stranger).await?;
    for (name, _) in SCRIPTS {
        open(browser, &without, name).await?;
        browser.until(ATTACKED).await.with_context(|| format!("{name}: the control"))?;
        open(browser, &with, name).await?;
        browser.until("document.documentElement.dataset.ready === 'yes'").await.context(name)?;
        sleep(ENOUGH).await;
        ensure!(browser.value(ATTACKED).await? == false, "{name}: it succeeds");
    }
    Ok(Verdict::Kept)
}

pub(crate) async fn requests(browser: &Browser<'_>) -> Result<Verdict> {
    let stranger = Stranger::start(browser).await?;
    let (with, without) = sites(browser, &stranger).await?;
    let mut reached = Vec::new();
    for (name, _) in REQUESTS {
        stranger.forget()?;
        open(browser, &without, name).await?;
        until("the control", async || stranger.was_hit(name)).await.context(name)?;
        stranger.forget()?;
        open(browser, &with, name).await?;
        if name == "redirect" && browser.engine == Engine::Firefox {
            until("the redirect", async || stranger.was_hit(name))
                .await
                .context("it is checked")?;
            continue;
        }
        sleep(ENOUGH).await;
        if stranger.was_hit(name)? {
            reached.push(name);
        }
    }
    ensure!(reached.is_empty(), "these get out: {reached:?}");
    Ok(match browser.engine {
        Engine::Firefox => {
            Verdict::Differs("yes, except that the answer of a form can redirect elsewhere")
        }
        _ => Verdict::Kept,
    })
}

/// Tries `owasp`. `recommended` allows images of every https site; Chromium then allows a prefetch too.
pub(crate) async fn prefetch(browser: &Browser<'_>) -> Result<Verdict> {
    let stranger = Stranger::start(browser).await?;
    let (with, without) = sites_with(browser, &stranger, Hardening::owasp()).await?;
    open(browser, &without, "prefetch").await?;
    if browser.engine == Engine::Webkit {
        sleep(ENOUGH).await;
        ensure!(!stranger.was_hit("prefetch")?, "the engine prefetches now");
        return Ok(Verdict::Differs("never prefetches"));
    }
    until("the control", async || stranger.was_hit("prefetch")).await?;
    stranger.forget()?;
    open(browser, &with, "prefetch").await?;
    sleep(ENOUGH).await;
    ensure!(!stranger.was_hit("prefetch")?, "it gets out");
    Ok(Verdict::Kept)
}

/// Tries `owasp`. `recommended` allows images of every https site.
pub(crate) async fn image(browser: &Browser<'_>) -> Result<Verdict> {
    let stranger = Stranger::start(browser).await?;
    let (with, without) = sites_with(browser, &stranger, Hardening::owasp()).await?;
    open(browser, &without, "image").await?;
    until("the control", async || stranger.was_hit("image")).await?;
    stranger.forget()?;
    open(browser, &with, "image").await?;
    sleep(ENOUGH).await;
    ensure!(!stranger.was_hit("image")?, "it gets out");
    Ok(Verdict::Kept)
}
