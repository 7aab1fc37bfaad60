//! What is worth a line in the log: events with feature `tracing`, nothing without it.

/// The application set a cookie that is not sent.
pub(crate) fn cookie_refused(line: &[u8], why: &'static str) {
    warn(name(line), why);
}

/// A cookie is so long that browsers do not store it.
pub(crate) fn cookie_too_long(line: &[u8]) {
    warn(name(line), "the cookie is longer than 4096 bytes, and browsers do not store it");
}

/// Guarded cookies are not guarded for requests to localhost.
pub(crate) fn cookies_plain_on_localhost() {
    warn(b"*", "host cookies are not guarded for requests to localhost: for developing only");
}

/// A cookie's name, without its value.
fn name(line: &[u8]) -> &[u8] {
    line.split(|byte| matches!(byte, b'=' | b';')).next().unwrap_or_default()
}

#[cfg(feature = "tracing")]
fn warn(cookie: &[u8], message: &'static str) {
    tracing::warn!(cookie = %cookie.escape_ascii(), "{message}");
}

#[cfg(not(feature = "tracing"))]
fn warn(_: &[u8], _: &'static str) {}
