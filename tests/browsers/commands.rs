//! Defines WebDriver commands of a single engine.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

/// Holds a POST to a path of the session.
#[derive(Debug)]
pub(crate) struct Extension {
    path: &'static str,
    body: Value,
}

impl Extension {
    /// Chromium: returns the messages in the console since the last call.
    pub(crate) fn browser_log() -> Self {
        Self { path: "se/log", body: json!({ "type": "browser" }) }
    }

    /// Chromium: a command of the DevTools protocol.
    pub(crate) fn devtools(command: &str, parameters: Value) -> Self {
        Self { path: "goog/cdp/execute", body: json!({ "cmd": command, "params": parameters }) }
    }

    /// Firefox: scripts run in the page (`content`) or in the browser (`chrome`).
    pub(crate) fn context(name: &str) -> Self {
        Self { path: "moz/context", body: json!({ "context": name }) }
    }
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
