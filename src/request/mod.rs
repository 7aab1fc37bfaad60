//! Describes a request: its scheme, its host and its peer, and the hosts that a server accepts.

mod allowed_hosts;
mod answer;
mod connection_info;
mod connection_source;
mod forwarded;
mod head;
mod host;
mod host_name;
mod https_redirect;
mod local_host;
#[cfg(feature = "proxy")]
mod network_width;
#[cfg(feature = "proxy")]
mod networks;
mod node;
mod origin;
mod path_segments;
mod scheme_header;
mod site_map;
mod transport;
mod trusted_proxies;
#[cfg(feature = "html")]
mod web_reference;
mod web_url;
mod x_forwarded;

pub use allowed_hosts::AllowedHosts;
pub(crate) use answer::Answer;
pub use connection_info::{ConnectionInfo, Scheme};
pub use connection_source::ConnectionSource;
pub(crate) use head::{RequestParts, ResponseParts};
pub use host::Host;
pub use https_redirect::HttpsRedirect;
pub(crate) use local_host::names_local_host;
pub use origin::{HttpUrl, Origin};
pub use scheme_header::SchemeHeader;
pub(crate) use site_map::SiteMap;
pub use transport::Transport;
pub use trusted_proxies::{ForwardingHeaders, TrustedProxies};
pub(crate) use web_url::{WebUrl, default_port};
