//! Reads one source expression of a received policy by the grammar of CSP3.

use crate::{
    policy::csp::grammar::tables::{ALGORITHMS, NONCE},
    syntax::scan::is_scheme,
};

/// Represents a source expression (CSP3 section 2.3.1). A word that the grammar does not have, and a
/// keyword other than `'self'`, is [`Other`](Self::Other): it matches no URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expression<'a> {
    /// `*`
    Any,
    /// `'self'`
    Own,
    /// `https:`
    Scheme(&'a str),
    Host(HostSource<'a>),
    Nonce(&'a str),
    /// The placeholder of a policy that gets a new nonce for each response.
    AnyNonce,
    Hash(Hash<'a>),
    Other,
}

/// Holds the parts of a `host-source`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HostSource<'a> {
    pub(super) scheme: Option<&'a str>,
    pub(super) host: &'a str,
    pub(super) port: Option<&'a str>,
    pub(super) path: &'a str,
}

/// Holds the parts of a `hash-source`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hash<'a> {
    pub(super) algorithm: &'a str,
    pub(super) value: &'a str,
}

impl PartialEq for Hash<'_> {
    /// Compares as CSP3 section 6.7.2.4 does: the algorithm in any letter case.
    fn eq(&self, other: &Self) -> bool {
        self.algorithm.eq_ignore_ascii_case(other.algorithm) && self.value == other.value
    }
}

impl Eq for Hash<'_> {}

impl<'a> Expression<'a> {
    pub(super) fn read(word: &'a str) -> Self {
        if word == "*" {
            return Self::Any;
        }
        if word.eq_ignore_ascii_case("'self'") {
            return Self::Own;
        }
        if let Some(quoted) = word.strip_prefix('\'') {
            return quoted.strip_suffix('\'').map_or(Self::Other, Self::quoted);
        }
        match word.strip_suffix(':').filter(|scheme| is_scheme(scheme)) {
            Some(scheme) => Self::Scheme(scheme),
            None => HostSource::read(word).map_or(Self::Other, Self::Host),
        }
    }

    fn quoted(word: &'a str) -> Self {
        if let Some(value) = strip_prefix(word, "nonce-") {
            return if is_base64(value) { Self::Nonce(value) } else { Self::Other };
        }
        Hash::read(word).map_or(Self::Other, Self::Hash)
    }

    /// Reads a word of a policy of this crate, in which `'nonce-{}'` represents each response's own
    /// nonce.
    pub(super) fn read_with_placeholder(word: &'a str) -> Self {
        if word == NONCE { Self::AnyNonce } else { Self::read(word) }
    }

    pub(super) fn is_nonce_or_hash(&self) -> bool {
        matches!(self, Self::Nonce(_) | Self::AnyNonce | Self::Hash(_))
    }
}

impl<'a> Hash<'a> {
    /// Reads `sha256-…`, `sha384-…` or `sha512-…`.
    pub(super) fn read(word: &'a str) -> Option<Self> {
        let (algorithm, value) = word.split_once('-')?;
        let is_known = ALGORITHMS.iter().any(|(name, _)| name.eq_ignore_ascii_case(algorithm));
        (is_known && is_base64(value)).then_some(Self { algorithm, value })
    }
}

impl<'a> HostSource<'a> {
    fn read(word: &'a str) -> Option<Self> {
        let (scheme, rest) = match word.split_once("://") {
            Some((scheme, rest)) => (Some(scheme).filter(|scheme| is_scheme(scheme))?.into(), rest),
            None => (None, word),
        };
        let (place, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        };
        let is_port =
            port.is_none_or(|port| port == "*" || !port.is_empty() && is_all_digits(port));
        (is_host(host) && is_port && is_path(path)).then_some(Self { scheme, host, port, path })
    }
}

fn strip_prefix<'a>(word: &'a str, prefix: &str) -> Option<&'a str> {
    let start = word.get(..prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then(|| &word[prefix.len()..])
}

fn is_all_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns `true` for base64 or base64url, with at most two padding characters.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let is_digit = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_');
    !digits.is_empty() && text.len() - digits.len() <= 2 && digits.bytes().all(is_digit)
}

fn is_host(host: &str) -> bool {
    if host == "*" {
        return true;
    }
    let labels = host.strip_prefix("*.").unwrap_or(host);
    let labels = labels.strip_suffix('.').unwrap_or(labels);
    let is_label = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    labels.split('.').all(is_label)
}

/// Returns `true` for nothing, and for a `path-absolute` (RFC 3986 section 3.3).
fn is_path(path: &str) -> bool {
    let bytes = path.as_bytes();
    let hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let is_byte = |(at, byte): (usize, &u8)| match byte {
        b'%' => hex(at + 1) && hex(at + 2),
        byte => byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(byte),
    };
    !path.starts_with("//") && bytes.iter().enumerate().all(is_byte)
}
