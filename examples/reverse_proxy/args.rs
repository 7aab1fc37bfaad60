//! Reads the command line: the address, the upstream, the site, and additional headers to pass on.

use std::net::SocketAddr;

use hyper::{header::HeaderName, http::uri::Authority};
use tower_hardening::Origin;

const USAGE: &str = "usage: reverse_proxy [ADDRESS [UPSTREAM [SITE [HEADER]...]]]
for example: reverse_proxy 127.0.0.1:3000 127.0.0.1:8000 https://example.tld";

pub(crate) struct Args {
    pub(crate) address: SocketAddr,
    pub(crate) upstream: Authority,
    pub(crate) site: Origin,
    pub(crate) more_headers: Vec<HeaderName>,
}

impl Args {
    /// Reads the arguments, which all have a default. Returns an error that names an invalid one.
    pub(crate) fn read(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut next = |default: &str| args.next().unwrap_or_else(|| default.into());
        let wrong = |text: &str, error: &dyn std::fmt::Display, remedy: &str| {
            format!("'{text}': {error}; {remedy}\n{USAGE}")
        };
        let address = next("127.0.0.1:3000");
        let remedy = "write an address and a port to listen on, like 127.0.0.1:3000";
        let address = address.parse().map_err(|error| wrong(&address, &error, remedy))?;
        let upstream = next("127.0.0.1:8000");
        let remedy = "write the upstream's address and port, like 127.0.0.1:8000";
        let upstream = upstream.parse().map_err(|error| wrong(&upstream, &error, remedy))?;
        let site = next("https://example.tld");
        let remedy = "write the site's origin, like https://example.tld";
        let site = site.parse().map_err(|error| wrong(&site, &error, remedy))?;
        let remedy = "write the names of request headers";
        let more_headers = args
            .map(|name| name.parse().map_err(|error| wrong(&name, &error, remedy)))
            .collect::<Result<_, _>>()?;
        Ok(Self { address, upstream, site, more_headers })
    }
}
