//! Whole policies, made of the public parts only.
//!
//! | | Pleroma's guide | strict | api | media |
//! |---|---|---|---|---|
//! | for | fidelity | pages of today | JSON and the like | what users uploaded, by a service that answers nothing else |
//! | scripts | own files | those with a nonce | none | none |
//! | obsolete headers | yes, as the guide says | none | none | none |

mod api;
mod media;
mod pleroma;
mod strict;

use crate::{ContentSecurityPolicy, Origin, ParseError, Source, SourceDirective};

/// The policy for a site: with its WebSockets, and, where it is on https, with the resources of http
/// asked for by https.
fn for_site(
    csp: ContentSecurityPolicy,
    site: &Origin,
) -> Result<ContentSecurityPolicy, ParseError> {
    let csp = csp.extend(SourceDirective::CONNECT_SRC, [Source::websocket(site)])?;
    if site.is_secure() { csp.upgrade_insecure_requests() } else { Ok(csp) }
}

/// Why [`for_site`] does not fail with the policies here.
const ROOM: &str = "a host has 253 bytes at most, for which there is room";

/// Whether `Strict-Transport-Security` is for the site: not for one on http, and not for an address
/// or localhost, where it would bind every other server of the machine (RFC 6797 section 8.1.1).
fn takes_sts(site: &Origin) -> bool {
    let host = site.host();
    let local = host == "localhost" || host.ends_with(".localhost");
    site.is_secure() && !local && host.parse::<std::net::IpAddr>().is_err()
}
