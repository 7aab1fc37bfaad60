//! Whole policies, made of the public parts only.
//!
//! | | recommended | strict | Pleroma's guide | api | media |
//! |---|---|---|---|---|---|
//! | for | most sites | pages written for it | fidelity | JSON | what users uploaded, by a service that answers nothing else |
//! | scripts | own files | those with a nonce; own files where it is not read | own files | none | none |
//! | obsolete headers | none | none | yes, as the guide says | none | none |
//!
//! A preset sends the same whatever the features; `strict` exists with feature `nonce` alone.

mod api;
mod media;
mod pleroma;
mod recommended;
#[cfg(feature = "nonce")]
mod strict;

use crate::{ContentSecurityPolicy, Origin, ParseError, Source, SourceDirective};

/// The policy for a site: with its WebSockets, and, where it is on https, with the resources of http
/// asked for by https.
fn for_site(
    csp: ContentSecurityPolicy,
    site: &Origin,
) -> Result<ContentSecurityPolicy, ParseError> {
    let websocket = sources_of(site).map(|[_, websocket]| websocket);
    let csp = csp.extend(SourceDirective::CONNECT_SRC, websocket)?;
    if site.is_secure() { csp.upgrade_insecure_requests() } else { Ok(csp) }
}

/// The reason that [`for_site`] does not fail with the policies here.
const ROOM: &str = "a host has 253 bytes at most, for which there is room";

/// The site itself and its WebSockets, for a policy that names them. `None` at an IPv6 address, which
/// no policy can name; `'self'` covers both there.
pub(crate) fn sources_of(site: &Origin) -> Option<[Source; 2]> {
    let is_ipv6 = site.address().is_some_and(|address| address.is_ipv6());
    (!is_ipv6).then(|| [site.into(), Source::websocket(site)])
}
