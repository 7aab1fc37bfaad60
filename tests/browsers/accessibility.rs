//! Checks pages with axe-core, which `tests/browsers/install` fetches from npm.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::browser::Browser;

/// A picture for the timeline.
pub(crate) const PICTURE: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/pleroma/static/icon.svg");

/// Fails if axe-core finds something in the page, by the rules of WCAG 2.2 AA and its own best practices.
pub(crate) async fn check(browser: &Browser<'_>) -> Result<()> {
    let file = browser.world.target.join("browsers/axe/node_modules/axe-core/axe.min.js");
    let axe = fs::read_to_string(&file);
    let axe = axe.with_context(|| format!("{}; run tests/browsers/install", file.display()))?;
    browser.execute(&format!("if (!window.axe) {{ {axe} }}")).await?;
    let found = browser.awaited("{ return (await axe.run(document)).violations }").await?;
    let found = found.as_array().context("no list")?;
    let of = |value: &Value| {
        let nodes = value["nodes"].as_array().map_or(&[][..], Vec::as_slice);
        let nodes: Vec<_> = nodes
            .iter()
            .map(|node| format!("{}: {}", node["html"], node["failureSummary"]))
            .collect();
        format!("{}: {}", value["id"], nodes.join("; "))
    };
    ensure!(found.is_empty(), "axe-core: {:#?}", found.iter().map(of).collect::<Vec<_>>());
    Ok(())
}
