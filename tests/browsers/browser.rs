//! Controls a browser with a new profile, for the actions of the rows.

use std::{
    net::TcpListener,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;
use tokio::{net::TcpStream, time::sleep};

use crate::{
    commands::Extension, engine::Engine, picture::Picture, process::Process, world::World,
};

/// The longest wait for something that a page does.
const PATIENCE: Duration = Duration::from_secs(20);

/// The time between two looks.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(crate) struct Browser<'a> {
    pub(crate) world: &'a World,
    pub(crate) engine: Engine,
    pub(crate) client: Client,
    _driver: Process,
}

impl<'a> Browser<'a> {
    pub(crate) async fn start(world: &'a World, engine: Engine) -> Result<Self> {
        let home = world.new_directory()?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = engine.driver(&home, port);
        let driver = Process::start(&mut command, &home.join("driver.log"))?;
        until("the driver listens", async || {
            Ok(TcpStream::connect(("127.0.0.1", port)).await.is_ok())
        })
        .await?;

        let Value::Object(capabilities) = engine.capabilities(world, &home)? else {
            bail!("no object")
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .with_context(|| format!("{engine} does not start: {}", driver.log()))?;
        Ok(Self { world, engine, client, _driver: driver })
    }

    /// Returns the version that the browser reports.
    pub(crate) fn version(&self) -> String {
        let version = self.client.capabilities().and_then(|all| all.get("browserVersion"));
        version.and_then(Value::as_str).unwrap_or("unknown").to_owned()
    }

    /// Ends the session. A driver that does not answer is killed with the browser.
    pub(crate) async fn close(self) {
        let _closed = tokio::time::timeout(Duration::from_secs(5), self.client.close()).await;
    }

    /// Opens a URL, and waits for the page's load event.
    pub(crate) async fn open(&self, url: &str) -> Result<()> {
        self.client.goto(url).await.with_context(|| format!("open {url}"))
    }

    /// Returns the value of an expression in the page.
    pub(crate) async fn value(&self, expression: &str) -> Result<Value> {
        self.execute(&format!("return {expression}")).await
    }

    /// Runs a script in the page.
    pub(crate) async fn execute(&self, script: &str) -> Result<Value> {
        self.client.execute(script, Vec::new()).await.with_context(|| script.to_owned())
    }

    /// Returns the value of an asynchronous expression in the page.
    pub(crate) async fn awaited(&self, expression: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[0];
             (async () => {expression})().then(done, (error) => done({{ error: String(error) }}))"
        );
        let value = self.client.execute_async(&script, Vec::new()).await;
        let value = value.with_context(|| expression.to_owned())?;
        ensure!(value.get("error").is_none(), "{expression}: {value}");
        Ok(value)
    }

    /// Waits until an expression in the page is true.
    pub(crate) async fn until(&self, expression: &str) -> Result<()> {
        until(expression, async || {
            Ok(self.value(&format!("!!({expression})")).await? == Value::Bool(true))
        })
        .await
    }

    /// Types text into a field, as keys.
    pub(crate) async fn write(&self, selector: &str, text: &str) -> Result<()> {
        let field = self.client.find(Locator::Css(selector)).await.context(selector.to_owned())?;
        field.send_keys(text).await.with_context(|| format!("type into {selector}"))
    }

    /// Waits until a form of the example takes the next click.
    pub(crate) async fn until_idle(&self, form: &str) -> Result<()> {
        self.until(&format!("!document.querySelector('{form} [aria-busy]')")).await?;
        sleep(Duration::from_millis(500)).await;
        Ok(())
    }

    pub(crate) async fn picture(&self) -> Result<Picture> {
        Picture::decode(&self.client.screenshot().await?)
    }

    /// Waits until the window shows at least this many red pixels.
    pub(crate) async fn until_red(&self, pixels: usize) -> Result<Picture> {
        let mut last = None;
        until("red pixels in the window", async || {
            let picture = self.picture().await?;
            let enough = picture.red().is_some_and(|red| red.pixels >= pixels);
            last = Some(picture);
            Ok(enough)
        })
        .await?;
        last.context("no picture")
    }

    /// Starts every video and sound of the page, muted.
    pub(crate) async fn play_all(&self) -> Result<()> {
        let all = "[...document.querySelectorAll('video, audio')]";
        self.until(&format!("{all}.length > 0")).await?;
        self.execute(&format!("{all}.forEach((one) => {{ one.muted = true; one.play() }})"))
            .await?;
        self.until(&format!("{all}.every((one) => one.currentTime > 0)")).await
    }

    /// Returns the errors in the browser's console since the last call; `None` for WebKitGTK, which
    /// tells nothing of it.
    pub(crate) async fn errors(&self) -> Result<Option<Vec<String>>> {
        let lines = match self.engine {
            Engine::Chromium => {
                let log = self.client.issue_cmd(Extension::browser_log()).await?;
                let severe = |entry: &&Value| entry["level"] == "SEVERE";
                let entries = log.as_array().context("the log is not a list")?;
                entries.iter().filter(severe).map(|entry| text(&entry["message"])).collect()
            }
            Engine::Firefox => {
                self.client.issue_cmd(Extension::context("chrome")).await?;
                let log = self.execute(FIREFOX_ERRORS).await;
                self.client.issue_cmd(Extension::context("content")).await?;
                log?.as_array().context("the log is not a list")?.iter().map(text).collect()
            }
            Engine::Webkit => return Ok(None),
        };
        Ok(Some(lines))
    }
}

/// Returns the errors of pages, without those of the browser's own scripts.
const FIREFOX_ERRORS: &str = r#"
    const lines = Services.console.getMessageArray().map((message) => String(message.message ?? message));
    Services.console.reset();
    return lines.filter((line) => /Content-Security-Policy|\[JavaScript Error.*"https?:/.test(line));
"#;

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Waits until a condition holds.
pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    let start = Instant::now();
    loop {
        let outcome = holds().await;
        match outcome {
            Ok(true) => return Ok(()),
            _ if start.elapsed() < PATIENCE => sleep(PAUSE).await,
            Ok(false) => bail!("not so within {PATIENCE:?}: {what}"),
            Err(error) => return Err(error.context(what.to_owned())),
        }
    }
}
