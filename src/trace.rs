//! Emits events with feature `tracing`, and does nothing without it.

use crate::lint::Lint;

/// Reports a cookie that the application set and that is not sent.
pub(crate) fn cookie_refused(line: &[u8], why: &'static str) {
    warn(name(line), why);
}

/// Reports the weaknesses of a guarded cookie that is sent.
///
/// The cookie is checked only with feature `tracing`.
pub(crate) fn cookie_weak(line: &[u8], lints: impl FnOnce() -> Vec<Lint>) {
    if cfg!(feature = "tracing") {
        lints().iter().for_each(|lint| warn(name(line), lint.message()));
    }
}

/// Reports a request's cookie that is dropped because it is ambiguous.
///
/// Another parser could take it for a different cookie.
pub(crate) fn cookie_dropped(name: &[u8], why: &'static str) {
    warn(shortened(name), why);
}

/// Reports, at debug level, a cookie that is expected to be dropped.
pub(crate) fn cookie_ignored(name: &[u8], why: &'static str) {
    debug(shortened(name), why);
}

/// Reports that cookies are not guarded for requests to localhost.
pub(crate) fn cookies_plain_on_localhost() {
    warn(
        b"*",
        "host cookies: not guarded for requests to localhost; use this for development only",
    );
}

/// Reports that a handler disabled a header of a response.
pub(crate) fn header_off(name: &str, reason: &str) {
    if cfg!(feature = "tracing") {
        warn(reason.as_bytes(), &format!("{name}: disabled for a response"));
    }
}

/// Reports a request of another site that a fetch metadata policy rejects.
pub(crate) fn request_of_another_site(path: &str, is_enforced: bool) {
    let what = match is_enforced {
        true => "fetch metadata: rejected a request of another site",
        false => "fetch metadata: would reject a request of another site",
    };
    warn(shortened(path.as_bytes()), what);
}

/// Reports that an untrusted proxy hides the host name that browsers use.
///
/// Headers for https are left out in this case. The event is emitted once, since the cause is the
/// same for every request.
#[cfg(feature = "tracing")]
pub(crate) fn host_hidden_by_proxy(host: &[u8]) {
    use std::sync::atomic::{AtomicBool, Ordering};

    static IS_SAID: AtomicBool = AtomicBool::new(false);
    if !IS_SAID.swap(true, Ordering::Relaxed) {
        warn(
            host,
            "host: a proxy sends the address of this server in place of the site's name, so that strict-transport-security and upgrade-insecure-requests are not sent; configure it to pass Host on, or trust it in a ConnectionInfoLayer",
        );
    }
}

/// Reports a header of the application that made room for a policy.
pub(crate) fn header_dropped(name: &str) {
    error(
        shortened(name.as_bytes()),
        "headers: the response has too many headers; this one is removed for a policy",
    );
}

/// Reports that the server does not tell from which address a request came, so
/// that no proxy can be trusted.
pub(crate) fn peer_unknown() {
    error(
        b"",
        "connection: the address of the peer is unknown, so that no proxy is trusted and its headers are ignored; insert a Transport into each request, or, with axum and feature 'axum', serve with into_make_service_with_connect_info::<SocketAddr>()",
    );
}

/// Reports that a source supplied at run time is left out of a policy.
pub(crate) fn source_dropped(source: &str, why: &str) {
    warn(source.as_bytes(), why);
}

/// Reports a member that a response adds to a header and that is left out of it.
pub(crate) fn addition_dropped(member: &str) {
    warn(
        shortened(member.as_bytes()),
        "headers: the header would be longer than 8192 bytes; an added member is left out",
    );
}

/// Reports that the content policy of a response is relaxed for development.
pub(crate) fn policy_relaxed() {
    warn(b"", "content-security-policy: relaxed for hot reload on this machine");
}

/// Reports a nonce in a change to a policy that has no nonce itself.
pub(crate) fn nonce_in_change(name: &str) {
    if cfg!(feature = "tracing") {
        let what = format!(
            "{name}: an override has a nonce and the layer's policy has none; the nonce is left out"
        );
        warn(b"", &what);
    }
}

/// Reports that the operating system returned no random bytes for a nonce.
#[cfg(feature = "nonce")]
pub(crate) fn nonce_not_drawn() {
    warn(b"", "nonce: the operating system returned no random bytes; the header has no nonce");
}

/// Reports that a nonce was read after the response's head was complete.
#[cfg(feature = "nonce")]
pub(crate) fn nonce_too_late() {
    warn(
        b"",
        "nonce: the response's head was complete before the nonce was read; read it in the handler",
    );
}

/// Reports that new settings are in force.
#[cfg(feature = "reload")]
pub(crate) fn settings_reloaded() {
    #[cfg(feature = "tracing")]
    tracing::info!("settings: reloaded");
}

/// Reports that new settings were rejected.
#[cfg(feature = "reload")]
#[cfg_attr(not(feature = "tracing"), expect(unused_variables, reason = "only events read them"))]
pub(crate) fn reload_failed(error: &dyn std::fmt::Display) {
    #[cfg(feature = "tracing")]
    tracing::error!(%error, "settings: the reload failed; the previous settings stay in force");
}

/// Returns a cookie's name, without its value.
fn name(line: &[u8]) -> &[u8] {
    line.split(|byte| matches!(byte, b'=' | b';')).next().unwrap_or_default()
}

/// Shortens a name for the log, because clients choose its length.
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
fn error(subject: &[u8], message: &str) {
    tracing::error!(subject = %subject.escape_ascii(), "{message}");
}

#[cfg(not(feature = "tracing"))]
fn error(_: &[u8], _: &str) {}

#[cfg(feature = "tracing")]
fn warn(subject: &[u8], message: &str) {
    tracing::warn!(subject = %subject.escape_ascii(), "{message}");
}

#[cfg(not(feature = "tracing"))]
fn warn(_: &[u8], _: &str) {}
