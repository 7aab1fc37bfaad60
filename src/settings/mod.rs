//! Reads the settings file: the guide's own names, in TOML.

use std::net::SocketAddr;
#[cfg(feature = "reload")]
use std::sync::{Arc, Mutex};

use crate::{
    policy::{Media, VirtualHosts, hardening::Hardening},
    request::{AllowedHosts, ConnectionSource, HttpUrl, HttpsRedirect, Origin},
};

mod answered;
mod assemble;
mod browsers;
mod caches;
mod change;
mod compile;
mod conflicts;
mod directives;
mod environment;
mod error;
mod explain;
mod explanation;
mod file;
mod foreign;
mod frontend;
mod gates;
mod headers;
mod hosts;
mod idle;
mod ignored;
mod keys;
mod left_out;
mod lints;
mod media;
mod names;
mod overlay;
mod places;
mod profile;
mod quotes;
mod read;
#[cfg(test)]
mod reference;
#[cfg(feature = "reload")]
mod reload;
#[cfg(feature = "reload")]
mod reload_error;
mod repeats;
#[cfg(test)]
mod schema;
mod sent;
mod set_by;
mod site_lints;
mod sites;
mod sources;
mod tree;
mod values;
mod weakened;
mod whitelist;
mod widened;
mod written;

pub use error::SettingsError;
pub use explanation::{ExplainedHeader, Explanation, SettingPlace, SettingSource};
#[cfg(feature = "reload")]
pub use reload_error::ReloadError;

#[cfg(feature = "reload")]
pub use crate::policy::Current;

/// Configures an instance, in TOML and with the guide's own names.
///
/// Every key is optional, and the defaults are the guide's recommendations. An unknown key or an
/// invalid value is an error that names the key, the value and the remedy.
///
/// `docs/settings.md` lists all keys with their defaults, and `hardening.schema.json`, next to the
/// file of the example `pleroma`, makes editors complete them:
///
/// ```toml
/// profile = "owasp"
/// remove_headers = ["server", "x-powered-by"]
/// [csp.script-src]
/// add = ["https://js.stripe.com"]        # or set = […], remove = […]
/// [headers]
/// cross-origin-opener-policy = "same-origin-allow-popups"
/// x-frame-options = false                # not sent
/// ```
///
/// The profile comes first, then the file, then the environment. Two keys that set the same, such as
/// `headers.referrer-policy` and `http_security.referrer_policy`, are an error that names both.
///
/// Under `guide` a media base on http is allowed by name, since `https:` does not cover it.
/// `pleroma-2.7` sends the headers of that release. `recommended` and `strict` allow every base by
/// name.
///
/// ```
/// use tower_hardening::settings::Settings;
///
/// let settings = Settings::from_toml("[url]\nhost = \"social.example\"")?;
/// assert_eq!(settings.site().to_string(), "https://social.example");
/// assert_eq!(settings.hardening().headers().len(), 9);
///
/// let error = Settings::from_toml("[http]\nprot = 4000").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "settings, line 2, http.prot: unknown key; did you mean 'port'?",
/// );
/// # Ok::<(), tower_hardening::settings::SettingsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    file: file::File,
    /// The file as it was read. The environment is applied on top of it.
    tree: tree::Node,
    site: Origin,
    sites: VirtualHosts,
    connection_source: Option<ConnectionSource>,
    gates: gates::Gates,
    left_out: Vec<left_out::LeftOut>,
    near_misses: Vec<environment::NearMiss>,
}

impl Settings {
    /// Returns the site as browsers see it.
    pub fn site(&self) -> &Origin {
        &self.site
    }

    /// Returns the address to listen on.
    pub fn listen(&self) -> SocketAddr {
        SocketAddr::new(self.file.http.ip, self.file.http.port)
    }

    /// Returns the origin of uploaded media, if it is not the site itself.
    pub fn media_base(&self) -> Option<&HttpUrl> {
        self.file.upload.base_url.as_ref()
    }

    /// Returns the base URL of proxied media, the parent of `/proxy`, if it is not the site itself.
    pub fn media_proxy_base(&self) -> Option<&HttpUrl> {
        self.file.media_proxy.base_url.as_ref()
    }

    /// Returns the policy for uploaded files, with the types of `media.allow`,
    /// for a [`MediaLayer`](crate::media::MediaLayer).
    pub fn uploads(&self) -> Media {
        self.with_allowed(Media::uploads())
    }

    /// Returns the policy for files of other servers, with the types of
    /// `media.allow`.
    pub fn proxied(&self) -> Media {
        self.with_allowed(Media::proxied())
    }

    fn with_allowed(&self, media: Media) -> Media {
        self.file.media.allow.iter().fold(media, |media, kind| media.allow(kind.0))
    }

    /// Returns `true` if a request with two guarded cookies of one name is
    /// rejected. A [`RejectDuplicateCookiesLayer`](crate::cookie::RejectDuplicateCookiesLayer) inside the layer that
    /// guards the cookies does this.
    ///
    /// Some engines do not enforce prefixes, so a sibling domain can set a second cookie of the
    /// guarded name. Set this to `false` for an application with `Partitioned` session cookies.
    pub fn reject_duplicate_cookies(&self) -> bool {
        self.file.cookies.reject_duplicates
    }

    /// Returns `true` if headers are sent.
    pub fn http_security(&self) -> bool {
        self.file.http_security.enabled
    }

    /// Returns the policies that the settings define.
    pub fn hardening(&self) -> Hardening {
        self.sites.default_host().clone()
    }

    /// Returns the policies of the main site and of the other sites
    /// (`[[site]]`).
    pub fn virtual_hosts(&self) -> VirtualHosts {
        self.sites.clone()
    }

    /// Returns the source of the scheme, host and peer of requests, for a
    /// [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer), if a proxy is trusted. Without a `ConnectionInfoLayer` the
    /// scheme of a request is unknown and every header is sent.
    pub fn connection_source(&self) -> Option<ConnectionSource> {
        self.connection_source.clone()
    }

    /// Returns the hosts of `hosts.allowed`, of the sites, and of uploaded and proxied files, for an
    /// [`AllowedHostsLayer`](crate::hosts::AllowedHostsLayer); `None` if the list is empty, so that
    /// every host is answered.
    pub fn allowed_hosts(&self) -> Option<AllowedHosts> {
        self.gates.allowed.clone()
    }

    /// Returns the redirect of `hosts.https_redirect`, for an
    /// [`HttpsRedirectLayer`](crate::hosts::HttpsRedirectLayer) inside a
    /// [`ConnectionInfoLayer`](crate::connection::ConnectionInfoLayer).
    pub fn https_redirect(&self) -> Option<HttpsRedirect> {
        self.gates.redirect.clone()
    }
}

/// Replaces what was built from settings, while requests use it.
///
/// The value is a layer of this crate, or a whole service that a server loads for each request.
/// A reload builds the next value completely and then replaces the current one in one step: a
/// response is either wholly from the old settings or wholly from the new ones. If the settings are
/// invalid or the value cannot be built, the current value stays, and an error and an event (feature
/// `tracing`) tell why.
///
/// A reload does not change the address to listen on, since the server is already bound to it, and
/// nothing outside of the value, such as a data directory that the application has opened.
///
/// ```no_run
/// use axum::Router;
/// use tower_hardening::{hosts::VirtualHostsLayer, settings::{ReloadHandle, Settings}};
///
/// let settings = Settings::load("hardening.toml")?;
/// let build = |settings: &Settings| Ok(VirtualHostsLayer::new(settings.virtual_hosts()));
/// let handle = ReloadHandle::new(&settings, build)?;
/// let app: Router = Router::new().layer(handle.current());
/// // On a signal:
/// handle.load("hardening.toml")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[cfg(feature = "reload")]
pub struct ReloadHandle<T> {
    shared: Arc<Reloading<T>>,
}

#[cfg(feature = "reload")]
struct Reloading<T> {
    current: Current<T>,
    build: Box<BuildFrom<T>>,
    /// The address of the first settings.
    listen: SocketAddr,
    /// Held during a reload, so that the file that was read last is the one in force. Requests do
    /// not use it.
    reloading: Mutex<()>,
}

/// Creates the value from settings.
#[cfg(feature = "reload")]
type BuildFrom<T> =
    dyn Fn(&Settings) -> Result<T, Box<dyn std::error::Error + Send + Sync>> + Send + Sync;
