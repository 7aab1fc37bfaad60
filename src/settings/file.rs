//! Defines the keys of the settings file, their types and their defaults.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU16,
    str::FromStr,
    time::{Duration, SystemTime},
};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Unexpected, Visitor},
};

use super::{
    change::Change,
    profile::Profile,
    sent::Sent,
    sites::{self, Hosts, Proxy, Scheme, Site},
    sources::Words,
    whitelist::Whitelisted,
};
use crate::{
    error::ParseError,
    policy::{
        MediaType,
        cookie::{CookiePrefix, SameSite, ScopeAction},
        header::ReferrerPolicy,
    },
    request::HttpUrl,
    syntax::date::days,
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) profile: Profile,
    pub(super) secure_cookie_flag: Option<bool>,
    pub(super) remove_headers: Words,
    pub(super) headers: BTreeMap<String, Option<Sent>>,
    pub(super) csp: BTreeMap<String, Option<Change>>,
    pub(super) csp_report_only: BTreeMap<String, Option<Change>>,
    pub(super) additional_csp: Vec<String>,
    pub(super) cookies: Cookies,
    pub(super) http: Http,
    pub(super) url: Url,
    pub(super) http_security: HttpSecurity,
    pub(super) media: Media,
    pub(super) media_proxy: MediaProxy,
    pub(super) upload: Upload,
    pub(super) s3: S3,
    pub(super) captcha: Captcha,
    pub(super) frontend_headers: BTreeMap<String, Option<String>>,
    pub(super) hosts: Hosts,
    pub(super) proxy: Proxy,
    #[serde(deserialize_with = "sites::read")]
    pub(super) site: Vec<Site>,
}

impl File {
    /// Returns `true` unless the file disables the guard of cookies.
    pub(super) fn secure_cookie_flag(&self) -> bool {
        self.secure_cookie_flag.unwrap_or(true)
    }

    /// Returns the session cookies, which the profile lists if the file does not.
    pub(super) fn cookie_names(&self) -> Vec<String> {
        let default = || self.profile.cookies().iter().map(|name| (*name).to_owned()).collect();
        self.cookies.names.clone().unwrap_or_else(default)
    }

    /// Returns `true` if cookies are guarded: a profile without a session cookie needs a
    /// `secure_cookie_flag` or for a key of `[cookies]`.
    pub(super) fn guards_cookies(&self) -> bool {
        let is_asked = self.secure_cookie_flag.is_some() || self.cookies != Cookies::default();
        self.secure_cookie_flag() && (is_asked || !self.profile.cookies().is_empty())
    }
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "cookies")]
pub(super) struct Cookies {
    /// If the file does not set this key, the profile decides.
    #[serde(deserialize_with = "list")]
    pub(super) names: Option<Vec<String>>,
    pub(super) prefix: Text<CookiePrefix>,
    pub(super) same_site: Option<Text<SameSite>>,
    pub(super) http_only: bool,
    pub(super) domain_attribute: Text<ScopeAction>,
    pub(super) path_attribute: Text<ScopeAction>,
    pub(super) reject_ambiguous: bool,
    pub(super) accept_over_http: bool,
    pub(super) allow_nested_layers: bool,
    pub(super) secure_other_cookies: bool,
    pub(super) secure_other_cookies_except: Vec<String>,
    pub(super) migrate_until: Option<Date>,
    pub(super) legacy_domains: Vec<String>,
    pub(super) reject_duplicates: bool,
    pub(super) plain_on_localhost: bool,
}

impl Default for Cookies {
    fn default() -> Self {
        Self {
            names: None,
            prefix: Text::default(),
            same_site: None,
            http_only: false,
            domain_attribute: Text::default(),
            path_attribute: Text::default(),
            reject_ambiguous: false,
            accept_over_http: false,
            allow_nested_layers: false,
            secure_other_cookies: false,
            secure_other_cookies_except: Vec::new(),
            migrate_until: None,
            legacy_domains: Vec::new(),
            reject_duplicates: true,
            plain_on_localhost: false,
        }
    }
}

/// Represents the start of a day in UTC.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Date(pub(super) SystemTime);

impl<'de> Deserialize<'de> for Date {
    /// Reads a TOML date, or the text of one.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Day;

        impl<'de> Visitor<'de> for Day {
            type Value = SystemTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a date like 2027-01-31")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<SystemTime, D::Error> {
                deserializer.deserialize_str(self)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<SystemTime, E> {
                let date = text.trim().parse::<toml::value::Datetime>().ok();
                let date = date.filter(|date| date.time.is_none()).and_then(|date| date.date);
                let date = date.filter(|date| date.year >= 1970);
                let date = date.ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))?;
                let days = days(date.year.into(), date.month.into(), date.day.into());
                Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(days.unsigned_abs() * 24 * 60 * 60))
            }
        }

        deserializer.deserialize_newtype_struct("Date", Day).map(Self)
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "http")]
pub(super) struct Http {
    #[serde(deserialize_with = "ip")]
    pub(super) ip: IpAddr,
    pub(super) port: u16,
}

impl Default for Http {
    fn default() -> Self {
        Self { ip: Ipv4Addr::LOCALHOST.into(), port: 4000 }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "url")]
pub(super) struct Url {
    pub(super) scheme: Scheme,
    pub(super) host: Option<String>,
    pub(super) port: Option<NonZeroU16>,
}

impl Url {
    /// Returns the host, which is the guide's if the file does not set it.
    pub(super) fn host(&self) -> &str {
        self.host.as_deref().unwrap_or("example.tld")
    }
}

impl Default for Url {
    fn default() -> Self {
        Self { scheme: Scheme::Https, host: None, port: None }
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "http_security")]
pub(super) struct HttpSecurity {
    pub(super) enabled: bool,
    pub(super) sts: bool,
    // If the file does not set these three keys, the profile decides.
    pub(super) sts_max_age: Option<Seconds>,
    pub(super) ct_max_age: Option<Seconds>,
    pub(super) referrer_policy: Option<Text<ReferrerPolicy>>,
    pub(super) report_uri: Option<HttpUrl>,
    pub(super) allow_unsafe_eval: bool,
    pub(super) nonce_in_second_line: bool,
}

impl Default for HttpSecurity {
    fn default() -> Self {
        Self {
            enabled: true,
            sts: true,
            sts_max_age: None,
            ct_max_age: None,
            referrer_policy: None,
            report_uri: None,
            allow_unsafe_eval: false,
            nonce_in_second_line: false,
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "media")]
pub(super) struct Media {
    pub(super) allow: Vec<Text<MediaType>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "media_proxy")]
pub(super) struct MediaProxy {
    pub(super) enabled: bool,
    pub(super) base_url: Option<HttpUrl>,
    pub(super) whitelist: Vec<Whitelisted>,
    pub(super) redirect_on_failure: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "upload")]
pub(super) struct Upload {
    pub(super) base_url: Option<HttpUrl>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "s3")]
pub(super) struct S3 {
    pub(super) public_endpoint: Option<HttpUrl>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "captcha")]
pub(super) struct Captcha {
    pub(super) endpoint: Option<HttpUrl>,
}

/// Reads a value from text.
///
/// The error describes the problem only, because the key names the value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Text<T>(pub(super) T);

impl<'de, T: FromStr<Err = ParseError>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|error: ParseError| D::Error::custom(error.problem()))
    }
}

/// Reads a list, which an empty variable of the environment empties: it does not unset the key.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    Vec::deserialize(deserializer).map(Some)
}

fn ip<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    let problem = || format!("'{text}' is not an IP address; write one like 127.0.0.1");
    text.parse().map_err(|_| D::Error::custom(problem()))
}

/// Reads a duration in seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seconds(pub(super) Duration);

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number;

        impl Visitor<'_> for Number {
            type Value = u64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seconds, like 31536000")
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
                let negative = |_| E::invalid_value(Unexpected::Signed(number), &self);
                u64::try_from(number).map_err(negative)
            }
        }

        deserializer.deserialize_u64(Number).map(Duration::from_secs).map(Self)
    }
}
