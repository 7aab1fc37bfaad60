//! Reads the settings file: the guide's own names, in TOML.

use std::net::SocketAddr;

use crate::{
    policy::{Media, VirtualHosts, hardening::Hardening},
    request::{ConnectionSource, HttpUrl, Origin},
};
#[cfg(doc)]
use crate::{
    policy::{
        MediaType,
        cookie::{HostCookies, ScopeAction},
    },
    request::SchemeHeader,
};

mod assemble;
mod browsers;
mod change;
mod compile;
mod conflicts;
mod directives;
mod environment;
mod error;
mod explain;
mod explanation;
mod file;
mod frontend;
mod headers;
mod hosts;
mod ignored;
mod left_out;
mod lints;
mod media;
mod profile;
mod read;
mod sent;
mod sites;
mod sources;
mod tree;
mod values;
mod whitelist;
mod written;

pub use error::SettingsError;
pub use explanation::{ExplainedHeader, Explanation, SettingPlace, SettingSource};

/// The settings of an instance: the guide's own names, in TOML.
///
/// Every key is optional, and the defaults are the guide's recommendations. An unknown key or an
/// invalid value is an error that names the key, the value and the remedy.
///
/// | key | default | |
/// |---|---|---|
/// | `profile` | `guide` | the policies that the other keys change: also `recommended` for most sites, `strict`, `api`, `owasp`, `pleroma-2.7`, `pleroma-modern`, `akkoma`, and `empty` without a policy; `pleroma-modern` and `akkoma` need a `[url]`, and `strict`, `pleroma-modern` and `akkoma` the feature `nonce` |
/// | `headers.<name>` | the profile's | the value of a header in its own syntax, or `false`: it is not sent |
/// | `csp.<directive>.set`, `.add`, `.remove` | the profile's | sources of the `Content-Security-Policy`; `csp.<directive> = false` removes the directive |
/// | `csp_report_only.<directive>.set`, `.add`, `.remove` | none | sources of the policy that browsers only report on |
/// | `additional_csp` | `[]` | policies that browsers enforce in addition to the first |
/// | `remove_headers` | `[]` | headers of the application that are removed, such as `server` |
/// | `secure_cookie_flag` | `true` | sends `pleroma_key` as `__Host-pleroma_key` |
/// | `cookies.names` | `["pleroma_key"]`; none under `api`, `owasp` and `empty` | the cookies with a prefix; `"name*"` is every name with this beginning |
/// | `cookies.prefix` | `__Host-` | or `__Secure-`, `__Http-`, `__Host-Http-` |
/// | `cookies.same_site`, `.http_only` | none, `false` | added if the application does not set them |
/// | `cookies.domain_attribute`, `.path_attribute` | `rewrite` | or `downgrade`, `pass-through`, `drop`: see [`ScopeAction`] |
/// | `cookies.reject_ambiguous` | `false` | see [`HostCookies::reject_ambiguous`] |
/// | `cookies.accept_over_http`, `.allow_nested_layers` | `false` | see [`HostCookies::accept_over_http`], [`HostCookies::allow_nested_layers`] |
/// | `cookies.secure_other_cookies`, `.secure_other_cookies_except` | `false`, `[]` | adds `Secure` to all other cookies, and `HttpOnly` and `SameSite=Lax` unless excepted |
/// | `cookies.migrate_until`, `.legacy_domains` | none, `[]` | a date until which unprefixed names are accepted |
/// | `cookies.reject_duplicates` | `true` | see [`reject_duplicate_cookies`](Self::reject_duplicate_cookies) |
/// | `cookies.plain_on_localhost` | `false` | for development only |
/// | `http.ip`, `http.port` | `127.0.0.1`, `4000` | the address to listen on |
/// | `url.scheme`, `url.host`, `url.port` | `https`, `example.tld`, the scheme's | the site as browsers see it |
/// | `http_security.enabled` | `true` | `false` sends no header |
/// | `http_security.sts` | `true` | `Strict-Transport-Security` and `Expect-CT`, for a domain on https |
/// | `http_security.sts_max_age` | `31536000`; `63072000` under `strict` | in seconds; `recommended` excludes sub-domains |
/// | `http_security.ct_max_age` | `2592000`; none | in seconds; `recommended` and `strict` never send it |
/// | `http_security.referrer_policy` | `same-origin`; `strict-origin-when-cross-origin` under `recommended` and `strict` | |
/// | `http_security.report_uri` | none | the URL to which browsers report violations; `report-to` is sent for an https URL alone |
/// | `http_security.allow_unsafe_eval` | `false` | allows scripts to compile WebAssembly |
/// | `media.allow` | `[]` | types of files that are shown, not saved: `pdf`, `text`, `webvtt`, `hls`; see [`MediaType`] |
/// | `media_proxy.enabled`, `.base_url`, `.whitelist`, `.redirect_on_failure` | `false`, none, `[]`, `false` | the source of proxied media, and origins or hosts that are not proxied |
/// | `upload.base_url`, `s3.public_endpoint` | none | the sources of uploads |
/// | `captcha.endpoint` | none | the origin of a captcha, which may run scripts, open frames, style the page and connect (`pleroma-2.7`: images and connections alone) |
/// | `proxy.trusted` | `[]` | trusted proxies: networks (`127.0.0.0/8`), and `unix` for a Unix socket |
/// | `proxy.header` | `x-forwarded` | or `forwarded`: the headers that the trusted proxies set |
/// | `proxy.scheme_header` | none | the header with the browser's scheme, in place of that family's: see [`SchemeHeader`] |
/// | `[[site]]`: `scheme`, `host`, `port`, `secure_cookie_flag` | none | one more host with its own policies, such as an onion service |
/// | `frontend_headers` | `{}` | more headers, which never override one that the policies send |
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

    /// Returns the base URL of proxied media, if it is not the site itself:
    /// the parent of `/proxy`.
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
}
