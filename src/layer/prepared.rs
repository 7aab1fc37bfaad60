//! Prepares the headers of all policies of a layer, for responses whose nonce was read or not.

use http::header;

use super::csp_line::CspLine;
use crate::{
    layer::engine::prepared_headers::{PreparedHeader, PreparedHeaders},
    policy::{
        cache_control::{EXPIRED, PRIVATE, is_for_shared_caches, to_private},
        header::InsertMode,
    },
};

/// Holds all headers that are added to a response at once.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    /// The headers of a response whose nonce was not read.
    pub(super) usual: PreparedHeaders,
    /// The headers of a response whose nonce was read, with `Cache-Control`.
    ///
    /// Each policy with a nonce is replaced by its value with that nonce. `None` if no policy has a
    /// nonce.
    pub(super) private: Option<PreparedHeaders>,
}

impl Prepared {
    pub(super) fn new(headers: &[PreparedHeader], csp: &[CspLine]) -> Self {
        let policies = csp.iter().filter(|csp| !csp.header.appends()).filter_map(CspLine::prepared);
        // Policies first: own values take their places among the first entries of a prepared map.
        let usual: Vec<_> = policies.chain(headers.iter().cloned()).collect();
        let private = csp.iter().any(CspLine::has_nonce).then(|| private_headers(usual.clone()));
        Self { private: private.map(PreparedHeaders::new), usual: PreparedHeaders::new(usual) }
    }
}

/// Keeps a response with these headers out of shared caches.
fn private_headers(mut headers: Vec<PreparedHeader>) -> Vec<PreparedHeader> {
    headers.retain(|line| !is_for_shared_caches(&line.name));
    headers.iter_mut().filter(|line| line.name == header::EXPIRES).for_each(|line| {
        line.value = EXPIRED;
    });
    match headers.iter_mut().find(|line| line.name == header::CACHE_CONTROL) {
        Some(line) => line.value = to_private(&line.value),
        None => {
            let (name, existing) = (header::CACHE_CONTROL, InsertMode::IfNotPresent);
            headers.push(PreparedHeader::new(name, PRIVATE.into(), existing));
        }
    }
    headers
}
