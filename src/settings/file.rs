//! The keys of the settings file, their types and their defaults.

use std::{
    collections::BTreeMap,
    fmt,
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU16,
    time::Duration,
};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

use crate::{HttpUrl, ParseError, ReferrerPolicy};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) profile: Profile,
    pub(super) secure_cookie_flag: Switch<true>,
    pub(super) http: Http,
    pub(super) url: Url,
    pub(super) http_security: HttpSecurity,
    pub(super) media_proxy: MediaProxy,
    pub(super) upload: Upload,
    pub(super) s3: S3,
    pub(super) captcha: Captcha,
    pub(super) frontend_headers: BTreeMap<String, Value>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) enum Profile {
    #[default]
    #[serde(rename = "guide")]
    Guide,
    #[serde(rename = "pleroma-2.7")]
    Pleroma27,
    #[serde(rename = "strict")]
    Strict,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
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
#[serde(deny_unknown_fields, default)]
pub(super) struct Url {
    pub(super) scheme: Scheme,
    pub(super) host: String,
    pub(super) port: Option<NonZeroU16>,
}

impl Default for Url {
    fn default() -> Self {
        Self { scheme: Scheme::Https, host: "example.tld".to_owned(), port: None }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scheme {
    Http,
    Https,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HttpSecurity {
    pub(super) enabled: bool,
    pub(super) sts: bool,
    #[serde(deserialize_with = "seconds")]
    pub(super) sts_max_age: Duration,
    #[serde(deserialize_with = "seconds")]
    pub(super) ct_max_age: Duration,
    #[serde(deserialize_with = "text")]
    pub(super) referrer_policy: ReferrerPolicy,
    pub(super) report_uri: Option<HttpUrl>,
    pub(super) allow_unsafe_eval: bool,
}

impl Default for HttpSecurity {
    fn default() -> Self {
        Self {
            enabled: true,
            sts: true,
            sts_max_age: Duration::from_secs(31_536_000),
            ct_max_age: Duration::from_secs(2_592_000),
            referrer_policy: ReferrerPolicy::SAME_ORIGIN,
            report_uri: None,
            allow_unsafe_eval: false,
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MediaProxy {
    pub(super) enabled: bool,
    pub(super) base_url: Option<HttpUrl>,
    pub(super) whitelist: Vec<HttpUrl>,
    pub(super) redirect_on_failure: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Upload {
    pub(super) base_url: Option<HttpUrl>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct S3 {
    pub(super) public_endpoint: Option<HttpUrl>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Captcha {
    pub(super) endpoint: Option<HttpUrl>,
}

/// A switch that is `DEFAULT` where the file does not set it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Switch<const DEFAULT: bool>(pub(super) bool);

impl<const DEFAULT: bool> Default for Switch<DEFAULT> {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

/// A policy, with the problem alone for an error: the key says which header it is.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ReferrerPolicy, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|error: ParseError| D::Error::custom(error.problem()))
}

fn ip<'de, D: Deserializer<'de>>(deserializer: D) -> Result<IpAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    let problem = || format!("'{text}' is not an IP address; write one like 127.0.0.1");
    text.parse().map_err(|_| D::Error::custom(problem()))
}

/// A header's value: a text, or what the environment takes for a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "a text")]
pub(super) enum Value {
    Text(String),
    Number(i64),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    struct Seconds;

    impl Visitor<'_> for Seconds {
        type Value = Duration;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number of seconds, like 31536000")
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<Duration, E> {
            let seconds = u64::try_from(number).map_err(|_| {
                E::custom(format_args!(
                    "'{number}' is negative; write a number of seconds, like 31536000"
                ))
            })?;
            Ok(Duration::from_secs(seconds))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
            Err(E::custom(format_args!(
                "'{text}' is not a number; write a number of seconds, like 31536000"
            )))
        }
    }

    deserializer.deserialize_any(Seconds)
}
