//! The settings file: the guide's own names, in TOML.

use std::net::SocketAddr;

use crate::{Hardening, HttpUrl, Ingress, Lint, Media, Origin, Sites};
#[cfg(doc)]
use crate::{HostCookies, MediaType, ScopeConflict};

mod compile;
mod error;
mod file;
mod frontend;
mod lints;
mod read;
mod sites;
mod tree;
mod values;

pub use error::SettingsError;

/// The settings file: the guide's own names, in TOML.
///
/// Every key is optional, and the defaults are what the guide recommends. An unknown key and a bad
/// value are errors that name the key, the value and the remedy.
///
/// | key | default | |
/// |---|---|---|
/// | `profile` | `guide` | or `pleroma-2.7`, what that release sends; `recommended`, which fits most sites and needs no `[url]`; `strict`, scripts by nonce (feature `nonce`) |
/// | `secure_cookie_flag` | `true` | `pleroma_key` goes as `__Host-pleroma_key` |
/// | `cookies.names` | `["pleroma_key"]` | which ones; `"name*"` is all that begin so |
/// | `cookies.prefix` | `__Host-` | or `__Secure-`, `__Http-`, `__Host-Http-` |
/// | `cookies.same_site`, `.http_only` | none, `false` | what is added where the application gives none |
/// | `cookies.on_domain`, `.on_path` | `mend` | or `keep-as-secure`, `leave`, `refuse`: see [`ScopeConflict`] |
/// | `cookies.strict` | `false` | see [`HostCookies::strict`] |
/// | `cookies.secure_others`, `.except` | `false`, `[]` | what all other cookies get |
/// | `cookies.migrate_until`, `.old_domains` | none, `[]` | a date until which plain names are believed |
/// | `cookies.reject_duplicates` | `true` | see [`reject_duplicate_cookies`](Self::reject_duplicate_cookies) |
/// | `cookies.plain_on_localhost` | `false` | for developing only |
/// | `http.ip`, `http.port` | `127.0.0.1`, `4000` | where to listen |
/// | `url.scheme`, `url.host`, `url.port` | `https`, `example.tld`, the scheme's | the site as browsers see it |
/// | `http_security.enabled` | `true` | `false` sends no header |
/// | `http_security.sts` | `true` | `Strict-Transport-Security` and `Expect-CT`, for a domain on https |
/// | `http_security.sts_max_age` | `31536000`; `63072000` | seconds; under `strict`. `recommended` leaves sub-domains out |
/// | `http_security.ct_max_age` | `2592000`; none | seconds; `recommended` and `strict` never send it |
/// | `http_security.referrer_policy` | `same-origin`; `strict-origin-when-cross-origin` | ; under `recommended` and `strict` |
/// | `http_security.report_uri` | none | where browsers report violations to |
/// | `http_security.allow_unsafe_eval` | `false` | lets scripts compile WebAssembly |
/// | `media.allow` | `[]` | types of files that are shown, not saved: `pdf`, `text`, `webvtt`, `hls`; see [`MediaType`] |
/// | `media_proxy.enabled`, `.base_url`, `.whitelist`, `.redirect_on_failure` | `false`, none, `[]`, `false` | where proxied media come from |
/// | `upload.base_url`, `s3.public_endpoint`, `captcha.endpoint` | none | where those come from |
/// | `proxy.trusted` | `[]` | networks (`127.0.0.0/8`) and `unix`, for a Unix socket, whose headers are believed |
/// | `proxy.header` | `x-forwarded` | or `forwarded`: the headers that they set |
/// | `[[site]]`: `scheme`, `host`, `port`, `secure_cookie_flag` | none | one more host, like an onion service, with policies of its own |
/// | `frontend_headers` | `{}` | more headers, which never override one that the policies send |
///
/// Under `guide` a media base on http is allowed by name, since `https:` does not cover it;
/// `pleroma-2.7` sends what that release does. `recommended` and `strict` allow every base by name.
///
/// ```
/// use tower_hardening::Settings;
///
/// let settings = Settings::from_toml("[url]\nhost = \"social.example\"")?;
/// assert_eq!(settings.site().to_string(), "https://social.example");
/// assert_eq!(settings.hardening().headers().len(), 9);
///
/// let error = Settings::from_toml("[http]\nprot = 4000").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "settings, line 2, http.prot: there is no such key; did you mean 'port'?",
/// );
/// # Ok::<(), tower_hardening::SettingsError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    file: file::File,
    /// The file as it was read, for the environment to be laid over.
    tree: tree::Node,
    site: Origin,
    sites: Sites,
    ingress: Option<Ingress>,
    left_out: Vec<frontend::LeftOut>,
}

impl Settings {
    /// The site as browsers see it.
    pub fn site(&self) -> &Origin {
        &self.site
    }

    /// Where to listen.
    pub fn listen(&self) -> SocketAddr {
        SocketAddr::new(self.file.http.ip, self.file.http.port)
    }

    /// Where uploaded media are served from, if not from the site itself.
    pub fn media_base(&self) -> Option<&HttpUrl> {
        self.file.upload.base_url.as_ref()
    }

    /// Where proxied media are served from, if not from the site itself: what `/proxy` is below.
    pub fn media_proxy_base(&self) -> Option<&HttpUrl> {
        self.file.media_proxy.base_url.as_ref()
    }

    /// The policy for uploaded files, with the types of `media.allow`: for a
    /// [`MediaLayer`](crate::MediaLayer).
    pub fn uploads(&self) -> Media {
        self.with_allowed(Media::uploads())
    }

    /// The policy for files of other servers, with the types of `media.allow`.
    pub fn proxied(&self) -> Media {
        self.with_allowed(Media::proxied())
    }

    fn with_allowed(&self, media: Media) -> Media {
        self.file.media.allow.iter().fold(media, |media, kind| media.allow(kind.0))
    }

    /// Returns `true` if a request with two guarded cookies of one name is to be rejected, by a
    /// [`DuplicateCookieLayer`](crate::DuplicateCookieLayer) inside of the layer that guards them.
    ///
    /// Some engines do not enforce prefixes, so that a sibling domain can set a second cookie of the
    /// guarded name. Set this to `false` for an application with `Partitioned` session cookies.
    pub fn reject_duplicate_cookies(&self) -> bool {
        self.file.cookies.reject_duplicates
    }

    /// Whether headers are sent at all.
    pub fn http_security(&self) -> bool {
        self.file.http_security.enabled
    }

    /// The policies that the settings amount to.
    pub fn hardening(&self) -> Hardening {
        self.sites.main().clone()
    }

    /// The same, and those of the other sites: `[[site]]`.
    pub fn sites(&self) -> Sites {
        self.sites.clone()
    }

    /// How requests get in, where a proxy is trusted to tell: for an
    /// [`IngressLayer`](crate::IngressLayer). Without one nothing is known of them, and all is sent.
    pub fn ingress(&self) -> Option<Ingress> {
        self.ingress.clone()
    }

    /// What is weak about the settings, and about the policies that they amount to.
    pub fn lints(&self) -> Vec<Lint> {
        lints::lints(self)
    }
}
