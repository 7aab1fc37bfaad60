//! Compiles the other hosts and the trusted proxies of an instance into policies.

use std::collections::HashMap;

use super::{
    error::Fault,
    file::File,
    names,
    sites::{Proxy, ProxyHeader},
};
use crate::request::{ConnectionSource, ForwardingHeaders, Origin, TrustedProxies};

/// Returns the other sites. The `bool` is `true` if the session cookie of the
/// site is guarded.
pub(super) fn others(file: &File, main: &Origin) -> Result<Vec<(Origin, bool)>, Fault> {
    let mut others: Vec<(Origin, bool)> = Vec::new();
    let mut sites = HashMap::from([(main.authority(), main.clone())]);
    for (index, site) in file.site.iter().enumerate() {
        let path = || vec!["site".to_owned(), index.to_string(), "host".to_owned()];
        let origin =
            names::site(site.scheme, &site.host, site.port).map_err(|problem| (path(), problem))?;
        if let Some(other) = sites.insert(origin.authority(), origin.clone()) {
            return Err((path(), format!("duplicate host '{other}'; remove one")));
        }
        others.push((origin, site.secure_cookie_flag.unwrap_or_else(|| file.guards_cookies())));
    }
    Ok(others)
}

/// Returns a source that trusts the configured proxies, if there are any.
pub(super) fn connection_source(proxy: &Proxy) -> Result<Option<ConnectionSource>, Fault> {
    const UNIX_SOCKET: &str = "unix";

    if proxy.trusted.is_empty() {
        return Ok(None);
    }
    let headers = match proxy.header.unwrap_or_default() {
        ProxyHeader::XForwarded => ForwardingHeaders::XForwarded,
        ProxyHeader::Forwarded => ForwardingHeaders::Forwarded,
    };
    let listed = proxy.trusted.iter().enumerate().filter(|(_, text)| *text != UNIX_SOCKET);
    let networks: Vec<(usize, &String)> = listed.collect();
    let proxies = TrustedProxies::networks(networks.iter().map(|(_, text)| text), headers)
        .map_err(|error| {
            // Networks can be wrong only together.
            let is_its = |text: &String| {
                TrustedProxies::networks([text], headers)
                    .is_err_and(|one| one.problem() == error.problem())
            };
            let index = networks.iter().find(|(_, text)| is_its(text));
            let index = index.map(|(index, _)| index.to_string());
            let path = ["proxy", "trusted"].map(str::to_owned).into_iter().chain(index).collect();
            (path, error.problem().to_owned())
        })?;
    let unix_socket = proxy.trusted.iter().any(|network| network == UNIX_SOCKET);
    let proxies = if unix_socket { proxies.and_unix_socket() } else { proxies };
    let proxies = match proxy.scheme_header {
        Some(header) => proxies.with_scheme_header(header),
        None => proxies,
    };
    Ok(Some(ConnectionSource::trusting(proxies)))
}
