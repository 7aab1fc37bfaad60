//! Sets `Clear-Site-Data`, which deletes what browsers store for a site.

use std::{borrow::Cow, fmt, str::FromStr};

use super::{member::Member, policy::header_policy};
use crate::{
    error::{ParseError, did_you_mean},
    lint::{Lint, Severity},
    syntax::structured::{Bare, Separated, Value, list},
};

const NAME: &str = "clear-site-data";

/// Deletes what browsers store for a site, with `Clear-Site-Data`
/// ([W3C](https://www.w3.org/TR/clear-site-data/)).
///
/// Chrome 61, Firefox 63 and Safari 17 and later read the header, over https only. Send it with the
/// response to a sign-out and nowhere else: it deletes the cookies of the whole site, sub-domains
/// included, also those that the same response sets. So it has a layer and no place in
/// [`Hardening`](crate::Hardening).
///
/// ```
/// use axum::{Router, routing::post};
/// use tower_hardening::{HardeningLayer, header::{ClearSiteData, ClearSiteDataLayer}};
///
/// assert_eq!(ClearSiteData::logout().to_string(), r#""cookies", "storage""#);
///
/// let app: Router = Router::new()
///     .route("/logout", post(async || "bye").layer(ClearSiteDataLayer::new(ClearSiteData::logout())))
///     .layer(HardeningLayer::default());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ClearSiteData(Cow<'static, [SiteData]>);

/// Names a kind of data that [`ClearSiteData`] deletes.
///
/// ```
/// use tower_hardening::header::{ClearSiteData, SiteData};
///
/// let policy = ClearSiteData::only(SiteData::COOKIES);
/// assert_eq!(policy.to_string(), r#""cookies""#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SiteData(&'static str);

impl SiteData {
    /// Cookies and HTTP credentials of the whole site, sub-domains included.
    pub const COOKIES: Self = Self("cookies");

    /// Databases, local storage and service workers of the origin.
    pub const STORAGE: Self = Self("storage");

    /// Cached responses of the origin. Chrome can stop responding for seconds while it deletes
    /// them.
    pub const CACHE: Self = Self("cache");

    /// Client hints that the origin asked for. Chrome 117.
    pub const CLIENT_HINTS: Self = Self("clientHints");

    /// Responses that were loaded ahead of time. Chrome 138.
    pub const PREFETCH_CACHE: Self = Self("prefetchCache");

    /// Pages that were rendered ahead of time. Chrome 138.
    pub const PRERENDER_CACHE: Self = Self("prerenderCache");

    /// Open pages, which are loaded again. Safari 18.3; no other browser has it.
    pub const EXECUTION_CONTEXTS: Self = Self("executionContexts");

    /// Everything, also the kinds of data that browsers add in the future.
    pub const ALL: Self = Self("*");

    const VALUES: [Self; 8] = [
        Self::COOKIES,
        Self::STORAGE,
        Self::CACHE,
        Self::CLIENT_HINTS,
        Self::PREFETCH_CACHE,
        Self::PRERENDER_CACHE,
        Self::EXECUTION_CONTEXTS,
        Self::ALL,
    ];

    /// Returns the text, without quotes.
    pub const fn as_str(&self) -> &'static str {
        self.0
    }
}

impl fmt::Display for SiteData {
    /// Writes the text in double quotes, as browsers compare it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

impl ClearSiteData {
    /// Deletes cookies and storage, as a sign-out needs.
    ///
    /// The cache is kept: private pages are sent with `Cache-Control: no-store` instead.
    pub const fn logout() -> Self {
        Self(Cow::Borrowed(&[SiteData::COOKIES, SiteData::STORAGE]))
    }

    /// Deletes one kind of data.
    pub fn only(data: SiteData) -> Self {
        Self(Cow::Owned(vec![data]))
    }

    /// Also deletes this kind of data.
    pub fn and(mut self, data: SiteData) -> Self {
        if !self.0.contains(&data) {
            self.0.to_mut().push(data);
        }
        self
    }

    /// Returns the kinds of data that are deleted.
    pub fn data(&self) -> &[SiteData] {
        &self.0
    }

    fn text(&self) -> Cow<'static, str> {
        Cow::Owned(Separated(&self.0, ", ").to_string())
    }

    fn members(&self) -> Vec<Member> {
        let member = |data: &SiteData| Member::new(data.to_string().len(), data.to_string());
        self.0.iter().map(member).collect()
    }

    fn lints(&self) -> Vec<Lint> {
        let deletes_cache = self.0.contains(&SiteData::CACHE) || self.0.contains(&SiteData::ALL);
        let slow = deletes_cache.then(|| {
            let problem = "clear-site-data: deleting the cache makes Chrome stop responding for seconds; remove \"cache\", and send private pages with cache-control: no-store";
            Lint::new(Severity::Warning, "clear-site-data-cache", problem)
        });
        slow.into_iter().collect()
    }
}

header_policy!(ClearSiteData, "clear-site-data", existing: IfNotPresent, lines: Joined, browsers: "all, over https", lints: lints, list: members);

impl FromStr for ClearSiteData {
    type Err = ParseError;

    /// Parses a list of kinds, each in double quotes and in the exact letter case.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut data = Vec::new();
        for member in list(NAME, text)? {
            let reject = |problem| Err(ParseError::new(NAME, member.at, problem));
            let kind = match &member.value {
                Value::Bare(Bare::String(kind)) if member.parameters.is_empty() => kind,
                other => {
                    let found = match other {
                        Value::Bare(Bare::Token(token)) => token,
                        _ => "cookies",
                    };
                    return reject(format!(
                        "expected a string; write \"{found}\" in double quotes"
                    ));
                }
            };
            let Some(known) = SiteData::VALUES.into_iter().find(|data| data.0 == kind) else {
                let words = SiteData::VALUES.map(|data| data.0);
                let remedy = did_you_mean(kind, &words, "write one like \"cookies\"");
                return reject(format!("browsers delete nothing for '{kind}'{remedy}"));
            };
            if data.contains(&known) {
                return reject(format!("duplicate kind {known}; write one"));
            }
            data.push(known);
        }
        if data.is_empty() {
            let problem = "there is no kind of data; write \"cookies\", \"storage\"";
            return Err(ParseError::new(NAME, 0, problem));
        }
        Ok(Self(Cow::Owned(data)))
    }
}
