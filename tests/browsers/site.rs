//! Serves an application on its own port, and collects the violations that pages report.

use std::{
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex},
};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header, header::Entry},
    middleware::{Next, from_fn},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use tokio::{
    task::JoinHandle,
    time::{Duration, sleep},
};

use crate::browser::{Browser, until};

/// A page that violates its own policy.
const SENTINEL: &str = "/sentinel";
const SENTINEL_POLICY: &str = "default-src 'none'; report-uri /violations";
const SENTINEL_PAGE: &str = "<!doctype html><title>sentinel</title><img src=/sentinel.png>";

/// The number of looks for its report before it is opened again, and the time between them.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(crate) struct Site {
    /// The scheme, host and port.
    pub(crate) origin: String,
    log: Log,
    server: JoinHandle<std::io::Result<()>>,
    handle: Handle<SocketAddr>,
}

#[derive(Debug, Clone, Default)]
struct Log {
    reports: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// Serves an application over http at a host's name or address.
    pub(crate) async fn http(host: &str, app: Router) -> Result<Self> {
        let (listener, port) = listen(0)?;
        let (log, handle) = (Log::default(), Handle::new());
        let service = log.watch(app).into_make_service();
        let server = axum_server::from_tcp(listener)?.handle(handle.clone()).serve(service);
        Ok(Self {
            origin: format!("http://{host}:{port}"),
            log,
            server: tokio::spawn(server),
            handle,
        })
    }

    /// Serves an application over https.
    pub(crate) async fn https(browser: &Browser<'_>, host: &str, app: Router) -> Result<Self> {
        Self::https_at(browser, host, 0, app).await
    }

    /// Returns the same at a port; 0 is any free one.
    pub(crate) async fn https_at(
        browser: &Browser<'_>,
        host: &str,
        port: u16,
        app: Router,
    ) -> Result<Self> {
        let (listener, port) = listen(port)?;
        let (log, handle) = (Log::default(), Handle::new());
        let service = log.watch(app).into_make_service();
        let authority = &browser.world.authority;
        let config = RustlsConfig::from_pem_file(&authority.chain, &authority.key).await?;
        let server = axum_server::from_tcp_rustls(listener, config)?;
        let server = server.handle(handle.clone()).serve(service);
        Ok(Self {
            origin: format!("https://{host}:{port}"),
            log,
            server: tokio::spawn(server),
            handle,
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Returns the violations of the policies of all pages so far.
    ///
    /// The browser opens a page whose violation is certain, and its report ends the wait: it shows that this engine
    /// reports, and that the reports of the pages before have arrived.
    pub(crate) async fn violations(&self, browser: &Browser<'_>) -> Result<Vec<String>> {
        let is_sentinel = |report: &String| report.contains(SENTINEL);
        let mut last = String::new();
        let mut visit = self.reports()?.len();
        until("the report of the sentinel", async || {
            // A new URL for each visit: the reports of earlier ones do not end the wait.
            visit += 1;
            last = format!("{SENTINEL}/{visit:05}");
            browser.open(&self.url(&last)).await?;
            // An engine can lose a report of a page, and sends that of the next one.
            for _ in 0..LOOKS {
                if self.reports()?.iter().any(|report| report.contains(&last)) {
                    return Ok(true);
                }
                sleep(PAUSE).await;
            }
            Ok(false)
        })
        .await?;
        Ok(self.reports()?.into_iter().filter(|report| !is_sentinel(report)).collect())
    }

    /// Fails if a page so far violated its policy.
    pub(crate) async fn assert_no_violations(&self, browser: &Browser<'_>) -> Result<()> {
        let violations = self.violations(browser).await?;
        anyhow::ensure!(violations.is_empty(), "violations: {violations:#?}");
        Ok(())
    }

    fn reports(&self) -> Result<Vec<String>> {
        Ok(self.log.reports.lock().ok().context("a poisoned lock")?.clone())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Connections that are kept as well.
        self.handle.shutdown();
        self.server.abort();
    }
}

impl Log {
    /// Puts the witnesses around an application.
    fn watch(&self, app: Router) -> Router {
        let reports = Arc::clone(&self.reports);
        let collect = async move |body: String| {
            if let Ok(mut reports) = reports.lock() {
                reports.push(body);
            }
            StatusCode::NO_CONTENT
        };
        app.layer(from_fn(report))
            .route("/violations", post(collect))
            .route(&format!("{SENTINEL}/{{visit}}"), get(sentinel))
    }
}

/// Lets each policy report its violations. It stays what it is otherwise.
async fn report(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Entry::Occupied(mut policies) =
        response.headers_mut().entry(header::CONTENT_SECURITY_POLICY)
    {
        for policy in policies.iter_mut() {
            let text = [policy.as_bytes(), b"; report-uri /violations"].concat();
            if let Ok(text) = HeaderValue::from_bytes(&text) {
                *policy = text;
            }
        }
    }
    response
}

async fn sentinel() -> impl IntoResponse {
    ([(header::CONTENT_SECURITY_POLICY, SENTINEL_POLICY)], Html(SENTINEL_PAGE))
}

fn listen(port: u16) -> Result<(TcpListener, u16)> {
    let listener = TcpListener::bind(("0.0.0.0", port))?;
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}
