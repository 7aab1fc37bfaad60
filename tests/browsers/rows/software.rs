//! Tests sites that tools of others wrote, as files under `recommended`: `tests/browsers/software` makes them.

use std::{collections::BTreeSet, fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use axum::Router;
use serde_json::Value;
use tokio::time::sleep;
use tower_hardening::{ContentSecurityPolicy, Hardening, HardeningLayer, csp::Source};
use tower_http::services::ServeDir;

use crate::{browser::Browser, rows::Verdict, site::Site, world::SITE};

/// Returns the directives that a page under the policies violates.
async fn violated(
    browser: &Browser<'_>,
    directory: &str,
    path: &str,
    policies: Hardening,
) -> Result<BTreeSet<String>> {
    let files = browser.world.target.join("browsers/software").join(directory);
    ensure!(files.is_dir(), "there is no {}; run tests/browsers/software", files.display());
    let app = Router::new().fallback_service(ServeDir::new(files));
    let site = Site::https(browser, SITE, app.layer(HardeningLayer::new(policies))).await?;
    browser.open(&site.url(path)).await?;
    sleep(Duration::from_millis(500)).await;
    let mut all = BTreeSet::new();
    for report in site.violations(browser).await? {
        let report: Value = serde_json::from_str(&report)?;
        let directive = report["csp-report"]["effective-directive"].as_str();
        let directive = directive.or(report["csp-report"]["violated-directive"].as_str());
        let blocked = report["csp-report"]["blocked-uri"].as_str().unwrap_or_default();
        all.insert(format!("{} {blocked}", directive.context("no directive")?));
    }
    Ok(all)
}

/// Holds a site, the requests that `recommended` stops, and the sources that allow them.
struct Software {
    directory: &'static str,
    page: &'static str,
    stopped: &'static [&'static str],
    remedy: &'static [(&'static str, &'static str)],
}

impl Software {
    /// Returns the policy with the remedy: the sources, and a hash of each inline script.
    fn remedied(&self, files: &Path) -> Result<ContentSecurityPolicy> {
        let recommended = Hardening::recommended();
        let mut policy = recommended.csp().context("no policy")?.to_string();
        let page = fs::read_to_string(files.join(self.directory).join(&self.page[1..]))?;
        let hashes: Vec<String> =
            inline_scripts(&page).map(|script| Source::sha256(script).to_string()).collect();
        let own = [("script-src", hashes.join(" "))];
        let more = self.remedy.iter().map(|(name, sources)| (*name, (*sources).to_owned()));
        for (name, sources) in more.chain(own) {
            let directive = format!("; {name} ");
            policy = match policy.contains(&directive) {
                true => policy.replace(&directive, &format!("{directive}{sources} ")),
                false => format!("{policy}; {name} {sources}"),
            };
        }
        Ok(policy.parse()?)
    }

    async fn run(&self, browser: &Browser<'_>) -> Result<()> {
        let &Self { directory, page, stopped, .. } = self;
        let found = violated(browser, directory, page, Hardening::recommended()).await?;
        let is_known = |found: &str| stopped.iter().any(|known| found.starts_with(known));
        let all_known = found.iter().all(|found| is_known(found));
        ensure!(all_known && found.len() == stopped.len(), "recommended stops {found:?}");
        let remedied = self.remedied(&browser.world.target.join("browsers/software"))?;
        let found =
            violated(browser, directory, page, Hardening::recommended().with(remedied)).await?;
        ensure!(found.is_empty(), "in spite of the remedy: {found:?}");
        Ok(())
    }
}

/// Returns the texts of the scripts that are written in a page.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|part| {
        let (attributes, rest) = part.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=") && !text.is_empty()).then_some(text)
    })
}

const HASHES: Verdict =
    Verdict::Differs("inline scripts are stopped; their hashes in `script-src` let them run");

pub(crate) async fn rustdoc(browser: &Browser<'_>) -> Result<Verdict> {
    let stopped = &["script-src-elem inline"];
    let page = "/library/index.html";
    Software { directory: "rustdoc", page, stopped, remedy: &[] }.run(browser).await?;
    Ok(HASHES)
}

pub(crate) async fn sphinx(browser: &Browser<'_>) -> Result<Verdict> {
    let stopped = &["script-src-elem inline"];
    let page = "/index.html";
    Software { directory: "sphinx", page, stopped, remedy: &[] }.run(browser).await?;
    Ok(HASHES)
}

pub(crate) async fn mkdocs(browser: &Browser<'_>) -> Result<Verdict> {
    let stopped = &["script-src-elem inline", "style-src-elem https://fonts.googleapis.com/"];
    let remedy =
        &[("style-src", "https://fonts.googleapis.com"), ("font-src", "https://fonts.gstatic.com")];
    Software { directory: "mkdocs", page: "/index.html", stopped, remedy }.run(browser).await?;
    Ok(Verdict::Differs(
        "inline scripts and Google's fonts are stopped; hashes, and `font: false` or the two hosts, let it work",
    ))
}

pub(crate) async fn swagger(browser: &Browser<'_>) -> Result<Verdict> {
    let stopped = &["connect-src https://petstore.swagger.io/"];
    let remedy = &[("connect-src", "'self' https://petstore.swagger.io")];
    Software { directory: "swagger", page: "/index.html", stopped, remedy }.run(browser).await?;
    Ok(Verdict::Differs(
        "all but its sample API elsewhere works; a host in `connect-src` allows it",
    ))
}
