//! Reports to systemd, if present: the start, the watchdog, and the stop.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use sd_notify::NotifyState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tower_hardening::Origin;

use crate::serve::reachable;

/// The first byte of a TLS alert, which a TLS server sends to a client without TLS.
const TLS_ALERT: u8 = 0x15;

/// Holds a request that only a working server answers.
pub(crate) struct Probe {
    addresses: Vec<SocketAddr>,
    tls: bool,
    request: String,
}

impl Probe {
    /// Returns a request that reads from the database, and whose response has no body.
    pub(crate) fn new(addresses: Vec<SocketAddr>, tls: bool, site: &Origin) -> Self {
        let site = site.to_string();
        let (_, host) = site.split_once("://").unwrap_or_default();
        let request =
            format!("HEAD /api/v1/timeline HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        Self { addresses, tls, request }
    }

    async fn ask(&self) -> io::Result<()> {
        for address in &self.addresses {
            let mut stream = TcpStream::connect(reachable(*address)).await?;
            stream.write_all(self.request.as_bytes()).await?;
            let mut answer = [0; b"HTTP/1.1 2".len()];
            let answer = &mut answer[..if self.tls { 1 } else { 10 }];
            stream.read_exact(answer).await?;
            let good = match &*answer {
                [first] => *first == TLS_ALERT,
                [version @ .., class] => version == b"HTTP/1.1 " && *class != b'5',
                [] => false,
            };
            if !good {
                let answer = answer.escape_ascii();
                return Err(io::Error::other(format!("{address} answers '{answer}'")));
            }
        }
        Ok(())
    }
}

/// Represents a service that was reported to systemd as started.
pub(crate) struct Up {
    watch: Option<JoinHandle<()>>,
}

impl Up {
    /// Reports the end of the start. Then repeats the request for the watchdog, if systemd asks for it.
    pub(crate) fn report(probe: Probe) -> Self {
        tell(NotifyState::Ready);
        let watch = sd_notify::watchdog_enabled().map(|limit| tokio::spawn(watch(probe, limit)));
        Self { watch }
    }

    /// Reports that the process is stopping, and ends the requests for the watchdog.
    pub(crate) fn report_stopping(self) {
        if let Some(watch) = self.watch {
            watch.abort();
        }
        tell(NotifyState::Stopping);
    }
}

/// If a service sends nothing within the limit, systemd stops it and starts it again.
async fn watch(probe: Probe, limit: Duration) {
    // A response may take as long as the pause before the request. Both together are half of the limit.
    let patience = limit / 4;
    let mut pauses = interval(patience);
    pauses.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pauses.tick().await;
        match timeout(patience, probe.ask()).await.unwrap_or_else(|late| Err(late.into())) {
            Ok(()) => tell(NotifyState::Watchdog),
            Err(error) => tracing::warn!(%error, "the server does not answer its own request"),
        }
    }
}

/// Reports that a reload begins.
pub(crate) fn notify_reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell_all(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "systemd cannot be notified of the reload"),
    }
}

/// Reports the end of a reload and its result.
pub(crate) fn notify_reloaded(outcome: &str) {
    tell_all(&[NotifyState::Ready, NotifyState::Status(outcome)]);
}

fn tell(state: NotifyState<'_>) {
    tell_all(&[state]);
}

/// Does nothing if systemd did not ask for reports.
fn tell_all(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "systemd cannot be notified");
    }
}
