//! What is worth a line in the log: events with feature `tracing`, nothing without it.

use crate::Lint;

/// The application set a cookie that is not sent.
pub(crate) fn cookie_refused(line: &[u8], why: &'static str) {
    warn(name(line), why);
}

/// A guarded cookie is sent with something that is weak, which is looked for with the feature alone.
pub(crate) fn cookie_weak(line: &[u8], lints: impl FnOnce() -> Vec<Lint>) {
    if cfg!(feature = "tracing") {
        lints().iter().for_each(|lint| warn(name(line), lint.message()));
    }
}

/// A cookie of a request is not handed on, since some reader would take it for something else.
pub(crate) fn cookie_dropped(name: &[u8], why: &'static str) {
    warn(shortened(name), why);
}

/// The same for a cookie that is no surprise.
pub(crate) fn cookie_ignored(name: &[u8], why: &'static str) {
    debug(shortened(name), why);
}

/// Guarded cookies are not guarded for requests to localhost.
pub(crate) fn cookies_plain_on_localhost() {
    warn(b"*", "host cookies are not guarded for requests to localhost: for developing only");
}

/// A handler switched the policy for content off.
pub(crate) fn policy_off(reason: &str) {
    warn(reason.as_bytes(), "content-security-policy: switched off for a response");
}

/// A proxy that is not trusted hides the name that browsers use, so that headers for https are left
/// out. Said once, since it holds for every request.
#[cfg(feature = "tracing")]
pub(crate) fn host_hidden_by_proxy(host: &[u8]) {
    use std::sync::atomic::{AtomicBool, Ordering};

    static IS_SAID: AtomicBool = AtomicBool::new(false);
    if !IS_SAID.swap(true, Ordering::Relaxed) {
        warn(
            host,
            "host: a proxy passes on its own address for this server, so that strict-transport-security and upgrade-insecure-requests are not sent; let it pass on Host, or trust it in an IngressLayer",
        );
    }
}

/// A source that came at run time is left out of a policy.
pub(crate) fn source_dropped(source: &str, why: &str) {
    warn(source.as_bytes(), why);
}

/// A change to one response's policy brings a nonce where the policy itself has none.
pub(crate) fn nonce_in_change() {
    warn(
        b"",
        "content-security-policy: a change has a nonce and the layer's policy has none; the source is left out",
    );
}

/// The operating system gave no random bytes for a nonce.
#[cfg(feature = "nonce")]
pub(crate) fn nonce_not_drawn() {
    warn(b"", "nonce: the operating system gave no random bytes; the header has no nonce");
}

/// A nonce was read once the response's head was made.
#[cfg(feature = "nonce")]
pub(crate) fn nonce_too_late() {
    warn(b"", "nonce: the response's head was made before it was read; read it in the handler");
}

/// A cookie's name, without its value.
fn name(line: &[u8]) -> &[u8] {
    line.split(|byte| matches!(byte, b'=' | b';')).next().unwrap_or_default()
}

/// As much of a name as a line of a log has room for: clients choose its length.
fn shortened(name: &[u8]) -> &[u8] {
    name.get(..64).unwrap_or(name)
}

#[cfg(feature = "tracing")]
fn debug(subject: &[u8], message: &str) {
    tracing::debug!(subject = %subject.escape_ascii(), "{message}");
}

#[cfg(not(feature = "tracing"))]
fn debug(_: &[u8], _: &str) {}

#[cfg(feature = "tracing")]
fn warn(subject: &[u8], message: &str) {
    tracing::warn!(subject = %subject.escape_ascii(), "{message}");
}

#[cfg(not(feature = "tracing"))]
fn warn(_: &[u8], _: &str) {}
