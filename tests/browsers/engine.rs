//! Describes the three engines: their drivers, and their start.

use std::{fmt, fs, path::Path, process::Command};

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde_json::{Value, json};

use crate::world::{DISPLAY, World};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    Webkit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    /// Returns the name of the product.
    pub(crate) fn full_name(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox ESR",
            Self::Webkit => "WebKitGTK",
        }
    }

    /// Returns the driver's command. Everything that it writes goes into the home directory.
    pub(crate) fn driver(self, home: &Path, port: u16) -> Command {
        let mut command = match self {
            Self::Chromium => Command::new("chromedriver"),
            // In Firefox, only scripts of the browser can read the console.
            Self::Firefox => {
                let mut command = Command::new("geckodriver");
                command.args(["--allow-system-access", "--log", "fatal"]);
                command
            }
            Self::Webkit => {
                let mut command = Command::new("dbus-run-session");
                command.args(["--", "WebKitWebDriver"]);
                command
            }
        };
        command
            .arg(format!("--port={port}"))
            .env("HOME", home)
            .env("TMPDIR", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("DISPLAY", DISPLAY)
            .env("GDK_BACKEND", "x11")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("NO_AT_BRIDGE", "1")
            // The namespaces of this run do not allow those of WebKit's own sandbox.
            .env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
        command
    }

    /// Returns the capabilities of a session with an empty profile that trusts the run's authority.
    pub(crate) fn capabilities(self, world: &World, home: &Path) -> Result<Value> {
        Ok(match self {
            Self::Chromium => {
                world.authority.copy_database(&home.join(".pki/nssdb"))?;
                let data = format!("--user-data-dir={}", home.join("profile").display());
                json!({
                    "goog:loggingPrefs": { "browser": "ALL" },
                    "goog:chromeOptions": { "args": [
                        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                        "--no-first-run", "--disable-background-networking",
                        "--disable-component-update", "--disable-sync",
                        // Allow media to play without a click.
                        "--autoplay-policy=no-user-gesture-required",
                        // A camera, and a person who allows it.
                        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
                        // Send reports at once, and not within a minute.
                        "--short-reporting-delay",
                        "--window-size=1024,768", data,
                    ] },
                })
            }
            Self::Firefox => {
                let profile = home.join("profile");
                world.authority.copy_database(&profile)?;
                json!({ "moz:firefoxOptions": {
                    "args": ["-headless", "-profile", profile],
                    // It sends the pings of links only if told to.
                    "prefs": { "media.autoplay.default": 0, "browser.send_pings": true },
                } })
            }
            Self::Webkit => json!({
                "webkitgtk:browserOptions": { "binary": mini_browser()?, "args": ["--automation"] },
            }),
        })
    }
}

/// WebKitGTK's own browser, as Debian packages it.
fn mini_browser() -> Result<String> {
    let libraries = format!("/usr/lib/{}-linux-gnu", std::env::consts::ARCH);
    let directories = fs::read_dir(&libraries)?.flatten().map(|entry| entry.path());
    let found = directories
        .filter(|path| path.to_string_lossy().contains("webkit2gtk-4"))
        .map(|path| path.join("MiniBrowser"))
        .find(|path| path.is_file());
    Ok(found.context("there is no MiniBrowser; run tests/browsers/install")?.display().to_string())
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        })
    }
}
