//! Counts what presets stop in a site of a tool, and tries remedies.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use axum::Router;
use serde_json::Value;
use tokio::time::{Duration, sleep};
use tower_hardening::{ContentSecurityPolicy, Hardening, HardeningLayer, csp::Source};
use tower_http::services::ServeDir;

use crate::{browser::Browser, forward::forward, site::Site, world::SITE};

/// The time that a page has for its parts after the load event.
const ENOUGH: Duration = Duration::from_secs(1);

/// Holds a directive, and the sources that are added to it.
pub(super) type Remedy = (&'static str, &'static str);

/// Describes a site of a tool, and what each preset stops in it.
pub(super) struct Software {
    /// The name of its directory, or none for a server at port 8001.
    pub(super) directory: Option<&'static str>,
    pub(super) page: &'static str,
    /// An expression that is true when the page works.
    pub(super) works: &'static str,
    /// The directives that `recommended`, `owasp` and `strict` stop something by.
    pub(super) stopped: [&'static [&'static str]; 3],
    /// The directives and sources that let the page work under each preset, next to a hash of each inline script.
    pub(super) remedies: [&'static [Remedy]; 3],
}

impl Software {
    pub(super) async fn run(&self, browser: &Browser<'_>) -> Result<()> {
        let site = format!("https://{SITE}").parse()?;
        let presets = [Hardening::recommended(), Hardening::owasp(), Hardening::strict(&site)];
        let (mut stopped, mut left) = (Vec::new(), Vec::new());
        for (preset, remedy) in presets.into_iter().zip(self.remedies) {
            let (_site, directives) = self.stopped_by(browser, preset.clone()).await?;
            if directives.is_empty() {
                browser.until(self.works).await.context("without a violation")?;
            }
            stopped.push(directives);
            let policy = remedied(browser, &preset, remedy).await?;
            let (_site, directives) = self.stopped_by(browser, preset.with(policy)).await?;
            left.push(directives);
            browser
                .until(self.works)
                .await
                .with_context(|| format!("with {remedy:?}: {left:?}"))?;
        }
        ensure!(stopped == self.stopped, "the presets stop {stopped:?}");
        ensure!(left.iter().all(Vec::is_empty), "in spite of the remedies: {left:?}");
        Ok(())
    }

    fn app(&self, browser: &Browser<'_>) -> Router {
        match self.directory {
            Some(name) => {
                let directory = browser.world.target.join("browsers/software").join(name);
                Router::new().fallback_service(ServeDir::new(directory))
            }
            None => Router::new().fallback(forward),
        }
    }

    /// Opens the page under a preset, and returns the site with the page and the directives of its violations.
    async fn stopped_by(
        &self,
        browser: &Browser<'_>,
        preset: Hardening,
    ) -> Result<(Site, Vec<String>)> {
        let app = self.app(browser).layer(HardeningLayer::new(preset));
        let site = Site::https(browser, SITE, app).await?;
        // The violations end with those of another page, to which the row returns.
        browser.open(&site.url(self.page)).await?;
        sleep(ENOUGH).await;
        let mut found = BTreeSet::new();
        for report in site.violations(browser).await? {
            let report: Value = serde_json::from_str(&report)?;
            let report = &report["csp-report"];
            let directive = report["effective-directive"].as_str();
            let directive = directive.or(report["violated-directive"].as_str());
            let directive = directive.context("no directive")?;
            found.insert(directive.to_owned());
        }
        browser.open(&site.url(self.page)).await?;
        Ok((site, found.into_iter().collect()))
    }
}

/// Returns a preset's policy with more sources, and with scripts of the site and those that are in the page.
async fn remedied(
    browser: &Browser<'_>,
    preset: &Hardening,
    remedy: &[Remedy],
) -> Result<ContentSecurityPolicy> {
    const INLINE: &str =
        "[...document.scripts].filter((script) => !script.src).map((script) => script.textContent)";
    let scripts = browser.value(INLINE).await?;
    let scripts = scripts.as_array().context("no list")?.iter().filter_map(Value::as_str);
    let hashes: Vec<String> = scripts.map(|text| Source::sha256(text).to_string()).collect();
    let own = format!("'self' {}", hashes.join(" "));
    let policy = preset.csp().context("no policy")?.to_string();
    let mut directives: BTreeMap<&str, String> = policy
        .split("; ")
        .map(|directive| directive.split_once(' ').unwrap_or((directive, "")))
        .map(|(name, sources)| (name, sources.to_owned()))
        .collect();
    // Neither a nonce nor 'strict-dynamic' fits pages that are files.
    directives.insert("script-src", own);
    for (name, sources) in remedy {
        let default = directives.get("default-src").cloned().unwrap_or_default();
        let list = directives.entry(name).or_insert(default);
        *list = format!("{} {sources}", list.replace("'none'", ""));
    }
    let policy = directives.iter().map(|(name, sources)| format!("{name} {}", sources.trim()));
    Ok(policy.collect::<Vec<_>>().join("; ").parse()?)
}
