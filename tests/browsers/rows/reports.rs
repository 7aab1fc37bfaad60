//! Tests the reports of policies, as a server gets them.

use std::sync::{Arc, Mutex};

use anyhow::{Context, Result, ensure};
use axum::{
    Router,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{Html, IntoResponse},
    routing::{any, get},
};
use serde_json::{Value, json};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, HardeningLayer, csp::EndpointName, header::ReportingEndpoints,
};

use crate::{
    browser::{Browser, until},
    engine::Engine,
    rows::Verdict,
    site::Site,
    world::{SITE, STRANGER},
};

const INLINE: &str =
    "<!doctype html><title>page</title><p>text<script>document.title = 'attacked'</script>";

/// Holds the content types and the bodies of the reports so far.
#[derive(Debug, Clone, Default)]
struct Reports(Arc<Mutex<Vec<(String, String)>>>);

impl Reports {
    /// Returns an endpoint that also takes the reports of other sites.
    fn endpoint(&self) -> axum::routing::MethodRouter {
        const ANY: [(HeaderName, &str); 2] = [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
        ];
        let Self(reports) = self.clone();
        any(async move |headers: HeaderMap, body: String| {
            let content_type =
                headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            // The question of a browser whether it may send a report has no content type.
            if let (Some(content_type), Ok(mut reports)) = (content_type, reports.lock()) {
                reports.push((content_type.to_owned(), body));
            }
            (StatusCode::NO_CONTENT, ANY).into_response()
        })
    }

    fn all(&self) -> Result<Vec<(String, String)>> {
        Ok(self.0.lock().ok().context("a poisoned lock")?.clone())
    }

    /// Opens a page with an inline script without and with a policy, and waits for reports.
    async fn of(&self, browser: &Browser<'_>, policies: Hardening) -> Result<Site> {
        let app = || Router::new().route("/", get(async || Html(INLINE)));
        let without = Site::https(browser, SITE, app()).await?;
        let with = app().layer(HardeningLayer::new(policies)).route("/raw", self.endpoint());
        let with = Site::https(browser, SITE, with).await?;
        browser.open(&without.url("/")).await?;
        browser.until("document.title === 'attacked'").await.context("the control")?;
        ensure!(self.all()?.is_empty(), "a page without a policy reports");
        browser.open(&with.url("/")).await?;
        until("a report", async || Ok(!self.all()?.is_empty())).await?;
        ensure!(browser.value("document.title").await? == "page", "the script runs");
        Ok(with)
    }
}

/// Checks the content type and the members of a report to `report-uri`.
pub(crate) async fn to_a_uri(browser: &Browser<'_>) -> Result<Verdict> {
    const POLICY: ContentSecurityPolicy =
        ContentSecurityPolicy::from_static("script-src 'self'; report-uri /raw");
    let reports = Reports::default();
    let site = reports.of(browser, Hardening::empty().with(POLICY)).await?;
    for (content_type, body) in reports.all()? {
        ensure!(content_type == "application/csp-report", "{content_type}: {body}");
        let report: Value = serde_json::from_str(&body).context(body.clone())?;
        let report = &report["csp-report"];
        ensure!(report["document-uri"] == site.url("/"), "{body}");
        ensure!(report["blocked-uri"] == "inline", "{body}");
        let directive = report["violated-directive"].as_str().context("no directive")?;
        ensure!(directive.starts_with("script-src"), "{body}");
    }
    Ok(Verdict::Kept)
}

/// Checks the same of a report to an endpoint of `Reporting-Endpoints`.
pub(crate) async fn to_an_endpoint(browser: &Browser<'_>) -> Result<Verdict> {
    const POLICY: ContentSecurityPolicy =
        ContentSecurityPolicy::from_static("script-src 'self'; report-to main");
    const MAIN: EndpointName = EndpointName::from_static("main");
    let reports = Reports::default();
    let collector = Router::new().route("/raw", reports.endpoint());
    let collector = Site::https(browser, STRANGER, collector).await?;
    let endpoints = ReportingEndpoints::new(MAIN, &collector.url("/raw"))?;
    let policies = Hardening::empty().with(POLICY).with(endpoints);
    let site = reports.of(browser, policies).await?;
    let is_webkit = browser.engine == Engine::Webkit;
    let expected = if is_webkit { "application/csp-report" } else { "application/reports+json" };
    for (content_type, body) in reports.all()? {
        ensure!(content_type == expected, "{content_type}: {body}");
        let found: Value = serde_json::from_str(&body).context(body.clone())?;
        let all = if is_webkit { json!([found]) } else { found };
        for report in all.as_array().context("no list")? {
            ensure!(report["type"] == "csp-violation", "{body}");
            ensure!(report["url"] == site.url("/"), "{body}");
            ensure!(report["body"]["blockedURL"] == "inline", "{body}");
            ensure!(report["body"]["effectiveDirective"] == "script-src-elem", "{body}");
        }
    }
    Ok(match browser.engine {
        Engine::Webkit => Verdict::Differs("sends each alone, as `application/csp-report`"),
        _ => Verdict::Kept,
    })
}
