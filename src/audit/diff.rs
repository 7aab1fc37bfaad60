//! Compares the headers of a response with configured policies.

use std::{borrow::Cow, collections::BTreeSet};

#[cfg(feature = "nonce")]
use http::header::CACHE_CONTROL;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

#[cfg(feature = "nonce")]
use super::difference::NONCE;
use super::{
    difference::HeaderDifference,
    observation::Observation,
    received::{lines, shown},
};
#[cfg(feature = "nonce")]
use crate::policy::csp::Nonce;
use crate::{
    policy::{csp::ContentSecurityPolicy, hardening::Hardening, header::for_each_policy},
    request::Scheme,
};

/// The directive that a layer withholds over http.
const UPGRADE: &str = "upgrade-insecure-requests";

/// Compares the headers that the policies send over https with those that were received.
///
/// The comparison covers the headers that the policies send or remove, and every security header
/// that was received. A nonce in a received policy stands for the nonce of any response. Texts that
/// browsers read as the same are no difference.
pub fn diff(configured: &Hardening, received: &HeaderMap) -> Vec<HeaderDifference> {
    Observation::new(StatusCode::OK, received).diff(configured)
}

impl Observation<'_> {
    /// Compares the headers that the policies send with those of the response, like [`diff`].
    ///
    /// For a response [over http](Self::over_http) the comparison leaves out what a layer withholds
    /// and browsers ignore there, such as `Strict-Transport-Security`.
    ///
    /// ```
    /// use http::{HeaderMap, StatusCode};
    /// use tower_hardening::{Hardening, audit::Observation};
    ///
    /// let hardening = Hardening::recommended();
    /// let mut received: HeaderMap = hardening.headers().into_iter().collect();
    /// received.remove("strict-transport-security");
    /// let observation = Observation::new(StatusCode::OK, &received);
    /// assert_eq!(observation.diff(&hardening).len(), 1);
    /// assert!(observation.over_http().diff(&hardening).is_empty());
    /// ```
    pub fn diff(&self, configured: &Hardening) -> Vec<HeaderDifference> {
        let received = self.headers;
        let mut configured = Cow::Borrowed(configured);
        if self.scheme == Scheme::Http && !has_upgrade(received) {
            withhold_upgrade(configured.to_mut());
        }
        let sent = sent(&configured, received);
        let mut names = names(&configured, &sent);
        if self.scheme == Scheme::Http {
            names.retain(|name| !["strict-transport-security", "expect-ct"].contains(name));
        }
        let differences = names.into_iter().filter_map(|name| {
            let lines_of = sent.iter().filter(|(sent, _)| *sent == name);
            Some(HeaderDifference {
                configured: lines_of
                    .map(|(_, value)| shown(value.as_bytes()).into_owned())
                    .collect(),
                received: lines(received, name).map(Cow::into_owned).collect(),
                name: HeaderName::try_from(name).ok()?,
            })
        });
        differences.filter(|one| !one.is_same()).collect()
    }
}

fn has_upgrade(received: &HeaderMap) -> bool {
    let mut lines = lines(received, ContentSecurityPolicy::HEADER);
    lines.any(|line| line.to_ascii_lowercase().contains(UPGRADE))
}

fn withhold_upgrade(configured: &mut Hardening) {
    let policies = configured.csp.iter_mut().chain(&mut configured.additional_csp);
    policies.for_each(|policy| {
        if let Ok(less) = policy.clone().remove(UPGRADE) {
            *policy = less;
        }
    });
}

/// Returns the configured headers. If the response has a nonce, the policies have one too.
fn sent(configured: &Hardening, received: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    #[cfg(feature = "nonce")]
    if [ContentSecurityPolicy::HEADER, ContentSecurityPolicy::REPORT_ONLY]
        .iter()
        .any(|name| lines(received, name).any(|line| line.contains(NONCE)))
    {
        if let Ok(nonce) = Nonce::from_value("MDEyMzQ1Njc4OTAxMjM0NTY3") {
            let mut sent = configured.headers_with_nonce(&nonce);
            // The nonce adds this header to what is configured.
            sent.retain(|(name, _)| *name != CACHE_CONTROL);
            return sent;
        }
    }
    let _ = received;
    configured.headers()
}

/// Returns the names that are compared.
fn names<'a>(
    configured: &'a Hardening,
    sent: &'a [(HeaderName, HeaderValue)],
) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::from([ContentSecurityPolicy::HEADER]);
    macro_rules! insert {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            names.extend([$($name),+]);
        };
    }
    for_each_policy!(insert);
    // Applications set these for single responses.
    names.retain(|name| !["cache-control", "x-robots-tag"].contains(name));
    names.extend(sent.iter().map(|(name, _)| name.as_str()));
    let removed = configured.remove.iter().flat_map(|remove| remove.names());
    names.extend(removed.map(HeaderName::as_str));
    names
}
