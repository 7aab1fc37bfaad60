//! Finds headers for caches that a page with a nonce does not send.

use http::header;

use super::{Settings, file::File};
use crate::policy::cache_control::{EXPIRED, is_for_shared_caches, to_private};

/// Returns the keys of headers that a page does not send, or sends with another value, if it reads its nonce, each with
/// the problem.
pub(super) fn caches(settings: &Settings) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let policies = settings.sites.default_host();
    if !cfg!(feature = "nonce") || !policies.has_nonce() {
        return found;
    }
    let File { headers, frontend_headers, .. } = &settings.file;
    let keys = headers.keys().map(|key| ("headers", key));
    let keys: Vec<_> =
        keys.chain(frontend_headers.keys().map(|key| ("frontend_headers", key))).collect();
    for (name, value) in policies.headers() {
        let is_named = |(_, key): &&(_, &String)| key.eq_ignore_ascii_case(name.as_str());
        let Some((table, key)) = keys.iter().find(is_named) else { continue };
        let sent = match &name {
            name if is_for_shared_caches(name) => None,
            &header::EXPIRES => Some(EXPIRED),
            &header::CACHE_CONTROL => Some(to_private(&value)),
            _ => continue,
        };
        let does = match sent {
            Some(sent) if sent == value => continue,
            Some(sent) => format!("sends '{}' instead", String::from_utf8_lossy(sent.as_bytes())),
            None => "does not send it".to_owned(),
        };
        let problem = format!(
            "a page that reads its nonce {does}, since shared caches must not keep a nonce; remove it, or set it in the responses without a nonce"
        );
        found.push((format!("{table}.{key}"), problem));
    }
    found
}
