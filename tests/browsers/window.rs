//! Controls windows: their number, their size and their colours.

use std::fs;

use anyhow::{Context, Result, ensure};
use fantoccini::{Locator, wd::WindowHandle};
use serde_json::json;
use tokio::time::{Duration, sleep};

use crate::{
    browser::{Browser, until},
    commands::Extension,
    engine::Engine,
};

impl Browser<'_> {
    /// Opens another window, goes there, and returns the window of before.
    pub(crate) async fn new_window(&self) -> Result<WindowHandle> {
        let before = self.client.window().await?;
        let new = self.client.new_window(false).await?;
        self.client.switch_to_window(new.handle).await?;
        Ok(before)
    }

    /// Clicks a link that opens a window, goes there, and returns the window of before.
    pub(crate) async fn follow_into_new_window(&self, selector: &str) -> Result<WindowHandle> {
        let (before, all) = (self.client.window().await?, self.client.windows().await?);
        self.client.find(Locator::Css(selector)).await?.click().await?;
        let mut opened = None;
        until("a new window", async || {
            let now = self.client.windows().await?;
            opened = now.into_iter().find(|window| !all.contains(window));
            Ok(opened.is_some())
        })
        .await?;
        self.client.switch_to_window(opened.context("no window")?).await?;
        Ok(before)
    }

    /// Goes to a window, and returns the one of before.
    pub(crate) async fn switch_to(&self, window: &WindowHandle) -> Result<WindowHandle> {
        let before = self.client.window().await?;
        self.client.switch_to_window(window.clone()).await?;
        Ok(before)
    }

    /// Makes the page that many CSS pixels wide, or as narrow as the engine can.
    pub(crate) async fn resize(&self, width: u32) -> Result<()> {
        match self.engine {
            Engine::Chromium => {
                let metrics = json!({ "width": width, "height": 768, "deviceScaleFactor": 1, "mobile": false });
                let command = Extension::devtools("Emulation.setDeviceMetricsOverride", metrics);
                self.client.issue_cmd(command).await?;
            }
            Engine::Firefox | Engine::Webkit => self.client.set_window_size(width, 768).await?,
        }
        let widest = if width < 500 { 640 } else { width };
        until("the page is as wide as the window", async || {
            let now = self.value("innerWidth").await?;
            Ok(now.as_u64().is_some_and(|now| now <= widest.into()))
        })
        .await?;
        // A page follows its window with the next frame.
        sleep(Duration::from_millis(300)).await;
        Ok(())
    }

    /// Lets pages be dark, or light. WebKitGTK has no command for it.
    pub(crate) async fn prefer_dark(&self, dark: bool) -> Result<()> {
        match self.engine {
            Engine::Chromium => {
                let value = if dark { "dark" } else { "light" };
                let media =
                    json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
                self.client
                    .issue_cmd(Extension::devtools("Emulation.setEmulatedMedia", media))
                    .await?;
            }
            Engine::Firefox => {
                let value = u8::from(!dark);
                let name = "layout.css.prefers-color-scheme.content-override";
                self.in_firefox(&format!("Services.prefs.setIntPref('{name}', {value})")).await?;
            }
            Engine::Webkit => {
                ensure!(!dark, "WebKitGTK has no command for dark pages");
                return Ok(());
            }
        }
        self.until(&format!("matchMedia('(prefers-color-scheme: dark)').matches === {dark}")).await
    }

    async fn in_firefox(&self, script: &str) -> Result<()> {
        self.client.issue_cmd(Extension::context("chrome")).await?;
        let done = self.execute(script).await;
        self.client.issue_cmd(Extension::context("content")).await?;
        done.map(drop)
    }

    /// Keeps a picture of the window, below the target directory.
    pub(crate) async fn keep_picture(&self, name: &str) -> Result<()> {
        let directory = self.world.target.join("browsers/pictures");
        fs::create_dir_all(&directory)?;
        let file = directory.join(format!("{}-{name}.png", self.engine));
        let picture = self.client.screenshot().await?;
        fs::write(&file, picture).with_context(|| file.display().to_string())
    }
}
