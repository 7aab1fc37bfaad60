//! Tests Content-Security-Policy in its other modes.

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderName, StatusCode, header},
    middleware::map_response,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use tower_hardening::{ContentSecurityPolicy, CspLayer, Nonce, csp::MissingNonce};

use crate::{browser::Browser, rows::Verdict, site::Site, world::SITE};

const INLINE: &str = "<!doctype html><title>page</title><script>document.documentElement.dataset.ran = 'yes'</script>";
const RAN: &str = "document.documentElement.dataset.ran === 'yes'";

pub(crate) async fn report_only(browser: &Browser<'_>) -> Result<Verdict> {
    const POLICY: ContentSecurityPolicy =
        ContentSecurityPolicy::from_static("script-src 'none'; report-uri /violations");
    let app = || Router::new().route("/", get(async || Html(INLINE)));
    let enforced = Site::https(browser, SITE, app().layer(CspLayer::new(POLICY))).await?;
    browser.open(&enforced.url("/")).await?;
    ensure!(browser.value(RAN).await? == false, "the control runs");
    let reported = Site::https(browser, SITE, app().layer(CspLayer::report_only(POLICY))).await?;
    browser.open(&reported.url("/")).await?;
    ensure!(browser.value(RAN).await? == true, "a policy that only reports stops a script");
    let violations = reported.violations(browser).await?;
    ensure!(violations.iter().any(|report| report.contains("script-src")), "{violations:?}");
    Ok(Verdict::Kept)
}

/// Checks that a 304 leaves the page with the policy and the nonce that the browser stored.
pub(crate) async fn nonces_and_not_modified(browser: &Browser<'_>) -> Result<Verdict> {
    const POLICY: ContentSecurityPolicy =
        ContentSecurityPolicy::from_static("default-src 'self'; script-src 'nonce-{}'");
    const STORED: [(HeaderName, &str); 2] =
        [(header::ETAG, "\"1\""), (header::CACHE_CONTROL, "no-cache")];
    async fn page(
        State(not_modified): State<Arc<AtomicUsize>>,
        nonce: Result<Nonce, MissingNonce>,
        headers: HeaderMap,
    ) -> Response {
        if headers.contains_key(header::IF_NONE_MATCH) {
            not_modified.fetch_add(1, Ordering::Relaxed);
            return (StatusCode::NOT_MODIFIED, STORED).into_response();
        }
        let nonce = nonce.map(|nonce| nonce.to_string()).unwrap_or_default();
        let script = format!(
            "<script nonce=\"{nonce}\">document.documentElement.dataset.ran = 'yes'</script>"
        );
        (STORED, Html(format!("<!doctype html><title>page</title>{script}"))).into_response()
    }
    let not_modified = Arc::<AtomicUsize>::default();
    let app = Router::new()
        .route("/", get(page))
        .route("/other", get(async || Html("<!doctype html><title>other</title>")))
        .with_state(Arc::clone(&not_modified));
    let site = Site::https(browser, SITE, app.layer(CspLayer::new(POLICY))).await?;
    browser.open(&site.url("/")).await?;
    browser.until(RAN).await.context("the first visit")?;
    browser.open(&site.url("/other")).await?;
    browser.open(&site.url("/")).await?;
    browser.until(RAN).await.context("after a 304")?;
    ensure!(not_modified.load(Ordering::Relaxed) > 0, "the browser asked for no 304");
    browser.execute("document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.documentElement.dataset.attacked = \"yes\"' }))").await?;
    ensure!(
        browser.value("document.documentElement.dataset.attacked ?? null").await?.is_null(),
        "an inline script runs after a 304"
    );
    site.violations(browser).await?;
    Ok(Verdict::Kept)
}

/// Sends a policy in two lines: browsers load what both allow.
pub(crate) async fn two_lines(browser: &Browser<'_>) -> Result<Verdict> {
    const POLICY: ContentSecurityPolicy = ContentSecurityPolicy::from_static(
        "default-src 'none'; script-src 'nonce-{}'; style-src 'self'; img-src 'self'; report-uri /violations",
    );
    const STYLED: &str = "getComputedStyle(document.body).color === 'rgb(1, 2, 3)'";
    async fn page(nonce: Result<Nonce, MissingNonce>) -> Html<String> {
        let nonce = nonce.map(|nonce| nonce.to_string()).unwrap_or_default();
        Html(format!(
            "<!doctype html><title>page</title><link rel=stylesheet href=/style.css>
             <script nonce=\"{nonce}\">document.documentElement.dataset.ran = 'yes'</script>
             <body><script>document.documentElement.dataset.attacked = 'yes'</script>
             <style>body {{ font-weight: 900 }}</style>"
        ))
    }
    let style = async || ([(header::CONTENT_TYPE, "text/css")], "body { color: rgb(1, 2, 3) }");
    let app = || Router::new().route("/", get(page)).route("/style.css", get(style));
    let layer = CspLayer::new(POLICY).nonce_in_second_line()?;
    let lines = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&lines);
    let counted = map_response(move |response: Response| {
        let sent = response.headers().get_all(header::CONTENT_SECURITY_POLICY).iter().count();
        count.fetch_max(sent, Ordering::Relaxed);
        ready(response)
    });
    let with = Site::https(browser, SITE, app().layer(layer).layer(counted)).await?;
    let without = Site::https(browser, SITE, app()).await?;
    let state = async || {
        browser.until(STYLED).await.context("the style of the site")?;
        browser.until(RAN).await.context("the script with the nonce")?;
        let attacked = "document.documentElement.dataset.attacked === 'yes'";
        let heavy = "getComputedStyle(document.body).fontWeight === '900'";
        browser.value(&format!("[{attacked}, {heavy}]")).await
    };
    browser.open(&without.url("/")).await?;
    ensure!(state().await? == serde_json::json!([true, true]), "the control");
    browser.open(&with.url("/")).await?;
    ensure!(state().await? == serde_json::json!([false, false]), "inline code runs");
    ensure!(lines.load(Ordering::Relaxed) == 2, "the policy has not two lines");
    Ok(Verdict::Kept)
}

pub(crate) async fn trusted_types(browser: &Browser<'_>) -> Result<Verdict> {
    const POLICY: ContentSecurityPolicy =
        ContentSecurityPolicy::from_static("require-trusted-types-for 'script'; trusted-types own");
    const WRITE: &str = "(() => {
        try { document.createElement('p').innerHTML = '<b>text</b>' } catch { return 'refused' }
        return 'taken';
    })()";
    let app = || Router::new().route("/", get(async || Html("<!doctype html><title>page</title>")));
    let without = Site::https(browser, SITE, app()).await?;
    let with = Site::https(browser, SITE, app().layer(CspLayer::new(POLICY))).await?;
    browser.open(&without.url("/")).await?;
    ensure!(browser.value(WRITE).await? == "taken", "the control");
    browser.open(&with.url("/")).await?;
    ensure!(browser.value(WRITE).await? == "refused", "a string gets into innerHTML");
    let own = "(() => {
        const policy = trustedTypes.createPolicy('own', { createHTML: (text) => text });
        document.createElement('p').innerHTML = policy.createHTML('<b>text</b>');
        return 'taken';
    })()";
    ensure!(browser.value(own).await? == "taken", "the named policy is refused");
    Ok(Verdict::Kept)
}
