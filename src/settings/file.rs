//! The keys of the settings file, their types and their defaults.

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
    de::{Error, Visitor},
};

use crate::{CookiePrefix, HttpUrl, ParseError, ReferrerPolicy, SameSite};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) profile: Profile,
    pub(super) secure_cookie_flag: Switch<true>,
    pub(super) cookies: Cookies,
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
pub(super) struct Cookies {
    pub(super) names: Vec<String>,
    pub(super) prefix: Text<CookiePrefix>,
    pub(super) same_site: Option<Text<SameSite>>,
    pub(super) http_only: bool,
    pub(super) refuse_conflicts: bool,
    pub(super) strict: bool,
    pub(super) secure_others: bool,
    pub(super) except: Vec<String>,
    pub(super) migrate_until: Option<Date>,
    pub(super) old_domains: Vec<String>,
    pub(super) plain_on_localhost: bool,
}

impl Default for Cookies {
    fn default() -> Self {
        Self {
            names: vec!["pleroma_key".to_owned()],
            prefix: Text::default(),
            same_site: None,
            http_only: false,
            refuse_conflicts: false,
            strict: false,
            secure_others: false,
            except: Vec::new(),
            migrate_until: None,
            old_domains: Vec::new(),
            plain_on_localhost: false,
        }
    }
}

/// The start of a day, UTC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Date(pub(super) SystemTime);

impl<'de> Deserialize<'de> for Date {
    /// A date of TOML, or its text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => text,
            other => other.to_string(),
        };
        let problem =
            || D::Error::custom(format_args!("'{text}' is not a date; write one like 2027-01-31"));
        let date = text.parse::<toml::value::Datetime>().ok().filter(|date| date.time.is_none());
        let date =
            date.and_then(|date| date.date).filter(|date| date.year >= 1970).ok_or_else(problem)?;
        let day = Duration::from_secs(24 * 60 * 60);
        Ok(Self(SystemTime::UNIX_EPOCH + day * days(date)))
    }
}

/// Days from 1970-01-01, in the proleptic Gregorian calendar.
fn days(date: toml::value::Date) -> u32 {
    let leap = |year: u32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let year = u32::from(date.year);
    let years: u32 = (1970..year).map(|year| 365 + u32::from(leap(year))).sum();
    let months = [31, 28 + u32::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    years + months[..usize::from(date.month) - 1].iter().sum::<u32>() + u32::from(date.day) - 1
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
    pub(super) referrer_policy: Text<ReferrerPolicy>,
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
            referrer_policy: Text(ReferrerPolicy::SAME_ORIGIN),
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

/// What is read from text, with the problem alone for an error: the key says what it is.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text<T>(pub(super) T);

impl<'de, T: FromStr<Err = ParseError>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self).map_err(|error: ParseError| D::Error::custom(error.problem()))
    }
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
