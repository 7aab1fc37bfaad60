//! Reads the other hosts of an instance, and the proxies in front of it.

use std::{collections::BTreeMap, fmt, num::NonZeroU16};

use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};

use super::{change::Change, sent::Sent};
use crate::request::SchemeHeader;

/// Holds the table of trusted proxies.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "proxy")]
pub(super) struct Proxy {
    pub(super) trusted: Vec<String>,
    pub(super) header: Option<ProxyHeader>,
    pub(super) scheme_header: Option<SchemeHeader>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ProxyHeader {
    #[default]
    XForwarded,
    Forwarded,
}

/// Holds the hosts that are answered, and the redirect to https.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename = "hosts")]
pub(super) struct Hosts {
    pub(super) allowed: Vec<String>,
    pub(super) https_redirect: bool,
    pub(super) redirect_exempt_paths: Vec<String>,
}

/// Holds one more host of the instance.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename = "[site]")]
pub(super) struct Site {
    pub(super) scheme: Scheme,
    pub(super) host: String,
    pub(super) port: Option<NonZeroU16>,
    pub(super) secure_cookie_flag: Option<bool>,
    // These come after the tables of the same names at the root.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Option<Sent>>,
    #[serde(default)]
    pub(super) csp: BTreeMap<String, Option<Change>>,
    #[serde(default)]
    pub(super) csp_report_only: BTreeMap<String, Option<Change>>,
}

pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Site>, D::Error> {
    struct Tables;

    impl<'de> Visitor<'de> for Tables {
        type Value = Vec<Site>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("'[[site]]', and its keys below it")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut tables: A) -> Result<Vec<Site>, A::Error> {
            let mut sites = Vec::new();
            while let Some(site) = tables.next_element()? {
                sites.push(site);
            }
            Ok(sites)
        }
    }

    deserializer.deserialize_seq(Tables)
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}
