//! Tests headers that switch features of a page on or off.

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::{Uri, header},
    response::{Html, IntoResponse},
    routing::get,
};
use serde_json::{Value, json};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, HardeningLayer,
    header::{DocumentPolicy, IntegrityPolicy, OriginAgentCluster, PermissionsPolicy},
};

use crate::{
    browser::{Browser, until},
    engine::Engine,
    rows::Verdict,
    site::Site,
    world::{SIBLING, SITE},
};

const PAGE: &str = "<!doctype html><title>page</title><p>text";
const UNKNOWN: Verdict = Verdict::Differs("does not know the header");

/// Serves a page with and without a policy.
async fn pages(browser: &Browser<'_>, policy: Hardening) -> Result<(Site, Site)> {
    let app = || Router::new().route("/", get(async || Html(PAGE)));
    let with = app().layer(HardeningLayer::new(policy));
    let with = Site::https(browser, SITE, with).await?;
    Ok((with, Site::https(browser, SITE, app()).await?))
}

const DENIED: PermissionsPolicy =
    PermissionsPolicy::from_static("camera=(), fullscreen=(), geolocation=(), sync-xhr=()");
const OWN_ALONE: PermissionsPolicy = PermissionsPolicy::from_static(
    "camera=(self), fullscreen=(self), geolocation=(self), sync-xhr=(self)",
);
const FEATURES: &str = "{
    const name = (error) => error.name;
    const request = new XMLHttpRequest();
    request.open('GET', '/', false);
    let answer = 'sent';
    try { request.send() } catch (error) { answer = error.name }
    return {
        camera: await navigator.mediaDevices?.getUserMedia({ video: true }).then(() => 'on', name),
        fullscreen: document.fullscreenEnabled,
        geolocation: document.featurePolicy?.allowsFeature('geolocation'),
        request: answer,
        asynchronous: (await fetch('/')).status,
    };
}";

pub(crate) async fn permissions(browser: &Browser<'_>) -> Result<Verdict> {
    let (with, without) = pages(browser, Hardening::empty().with(DENIED)).await?;
    browser.open(&without.url("/")).await?;
    let control = browser.awaited(FEATURES).await?;
    ensure!(control["request"] == "sent" && control["asynchronous"] == 200, "{control}");
    browser.open(&with.url("/")).await?;
    let found = browser.awaited(FEATURES).await?;
    if browser.engine != Engine::Chromium {
        ensure!(found == control, "the engine knows the header now: {found}, {control}");
        return Ok(UNKNOWN);
    }
    let allowed = json!({
        "camera": "on", "fullscreen": true, "geolocation": true, "request": "sent", "asynchronous": 200,
    });
    ensure!(control == allowed, "the control: {control}");
    let denied = json!({
        "camera": "NotAllowedError", "fullscreen": false, "geolocation": false,
        "request": "NetworkError", "asynchronous": 200,
    });
    ensure!(found == denied, "{found}");
    let (own, _) = pages(browser, Hardening::empty().with(OWN_ALONE)).await?;
    browser.open(&own.url("/")).await?;
    let found = browser.awaited(FEATURES).await?;
    ensure!(found == allowed, "for the site itself: {found}");
    Ok(Verdict::Kept)
}

/// Shows that a page of the parent domain cannot read a page of a sub-domain when both set `document.domain`.
pub(crate) async fn origin_agent_cluster(browser: &Browser<'_>) -> Result<Verdict> {
    const JOIN: &str =
        "<!doctype html><title>page</title><script>document.domain = 'example.tld'</script>";
    const READ: &str =
        "(() => { try { return frames[0].document.title } catch { return 'refused' } })()";
    let app = |cluster| {
        let app = Router::new().route("/", get(async || Html(JOIN)));
        app.layer(HardeningLayer::new(Hardening::empty().with(cluster)))
    };
    let read = async |cluster: OriginAgentCluster| -> Result<Value> {
        let framed = Site::https(browser, SIBLING, app(cluster)).await?;
        let outer = format!("{JOIN}<iframe src={}></iframe>", framed.url("/"));
        let outer = Router::new().route("/", get(async || Html(outer)));
        let outer = outer
            .layer(HardeningLayer::new(Hardening::empty().with(OriginAgentCluster::SITE_KEYED)));
        let outer = Site::https(browser, SITE, outer).await?;
        browser.open(&outer.url("/")).await?;
        browser.value(READ).await
    };
    ensure!(read(OriginAgentCluster::SITE_KEYED).await? == "page", "the control");
    let found = read(OriginAgentCluster::ORIGIN_KEYED).await?;
    if browser.value("typeof originAgentCluster").await? == "undefined" {
        ensure!(found == "page", "the engine knows the header now: {found}");
        return Ok(UNKNOWN);
    }
    ensure!(found == "refused", "the parent domain reads {found}");
    Ok(Verdict::Kept)
}

pub(crate) async fn document_policy(browser: &Browser<'_>) -> Result<Verdict> {
    const PROFILE: &str = "(() => {
        try { new Profiler({ sampleInterval: 10, maxBufferSize: 10 }) } catch (error) { return error.name }
        return 'on';
    })()";
    let policy: DocumentPolicy = "js-profiling".parse()?;
    let (with, without) = pages(browser, Hardening::empty().with(policy)).await?;
    browser.open(&without.url("/")).await?;
    let control = browser.value(PROFILE).await?;
    browser.open(&with.url("/")).await?;
    let found = browser.value(PROFILE).await?;
    if browser.engine != Engine::Chromium {
        ensure!(control == "ReferenceError" && found == control, "{control}, {found}");
        return Ok(UNKNOWN);
    }
    ensure!(control == "NotAllowedError", "the control: {control}");
    ensure!(found == "on", "the profiler: {found}");
    Ok(Verdict::Kept)
}

/// Loads a script without a hash, which an attacker could have replaced, and one with its hash.
pub(crate) async fn integrity_policy(browser: &Browser<'_>) -> Result<Verdict> {
    const SCRIPT: &str = "document.documentElement.dataset.known = 'yes'";
    const ATTACK: &str = "document.documentElement.dataset.attacked = 'yes'";
    const ATTACKED: &str = "document.documentElement.dataset.attacked === 'yes'";
    let hash = tower_hardening::csp::Source::sha256(SCRIPT).to_string();
    let page = format!(
        "<!doctype html><title>page</title><script src=/attack.js></script>
         <script src=/known.js integrity=\"{}\" crossorigin></script>",
        hash.trim_matches('\'')
    );
    let script =
        |text: &'static str| get(async move || ([(header::CONTENT_TYPE, "text/javascript")], text));
    let app = || {
        let page = page.clone();
        Router::new()
            .route("/", get(async move || Html(page)))
            .route("/attack.js", script(ATTACK))
            .route("/known.js", script(SCRIPT))
    };
    let without = Site::https(browser, SITE, app()).await?;
    let with = app().layer(HardeningLayer::new(Hardening::empty().with(IntegrityPolicy::SCRIPTS)));
    let with = Site::https(browser, SITE, with).await?;
    browser.open(&without.url("/")).await?;
    browser.until(ATTACKED).await.context("the control")?;
    browser.open(&with.url("/")).await?;
    browser
        .until("document.documentElement.dataset.known === 'yes'")
        .await
        .context("with a hash")?;
    ensure!(browser.value(ATTACKED).await? == false, "a script without a hash runs");
    Ok(Verdict::Kept)
}

/// Loads a script of an `http:` URL. The port speaks https only, so it runs only if the browser changes the scheme.
pub(crate) async fn mixed_content(browser: &Browser<'_>) -> Result<Verdict> {
    const RAN: &str = "document.documentElement.dataset.ran === 'yes'";
    const UPGRADE: ContentSecurityPolicy =
        ContentSecurityPolicy::from_static("upgrade-insecure-requests");
    let app = |policy: Hardening| {
        // HTTP/2 requests have no `Host` header.
        let page = async |uri: Uri| {
            let host = uri.authority().map_or("none", |authority| authority.as_str());
            let script = format!("http://{host}/script.js");
            Html(format!("<!doctype html><title>page</title><script src={script}></script>"))
        };
        let script = "document.documentElement.dataset.ran = 'yes'";
        let script =
            async move || ([(header::CONTENT_TYPE, "text/javascript")], script).into_response();
        let app = Router::new().route("/", get(page)).route("/script.js", get(script));
        app.layer(HardeningLayer::new(policy))
    };
    let without = Site::https(browser, SITE, app(Hardening::empty())).await?;
    let with = Site::https(browser, SITE, app(Hardening::empty().with(UPGRADE))).await?;
    browser.open(&without.url("/")).await?;
    ensure!(browser.value(RAN).await? == false, "the control: a mixed script runs");
    let script = browser.value("document.scripts[0].src").await?;
    ensure!(script == without.url("/script.js").replace("https:", "http:"), "{script}");
    browser.open(&with.url("/")).await?;
    until("the script runs over https", async || Ok(browser.value(RAN).await? == true)).await?;
    Ok(Verdict::Kept)
}
