//! Sets `Strict-Transport-Security`, which makes browsers use https only.

use std::{borrow::Cow, str::FromStr, time::Duration};

use super::policy::{header_policy, whole_seconds};
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
    syntax::directives::directives,
};

const NAME: &str = "strict-transport-security";

/// The directives of the header, as they are printed.
const DIRECTIVES: [&str; 3] = ["max-age", "includeSubDomains", "preload"];

/// A year in seconds: the minimum that browsers' preload lists require.
const YEAR: u64 = 31_536_000;

/// Makes a browser use only https for the host, for `max-age` seconds, by
/// `Strict-Transport-Security` ([RFC 6797](https://www.rfc-editor.org/rfc/rfc6797#section-6.1)).
///
/// The policy applies to every port of the host. A browser reads only the first line, and only over
/// https; a layer of this policy replaces the header of the response. Start with a short time,
/// along [`ROLLOUT`](Self::ROLLOUT), and revoke the policy with [`REMOVE`](Self::REMOVE).
///
/// ```
/// use std::time::Duration;
/// use tower_hardening::StrictTransportSecurity;
///
/// const POLICY: StrictTransportSecurity =
///     StrictTransportSecurity::new(Duration::from_secs(31_536_000)).include_subdomains();
/// assert_eq!(POLICY.to_string(), "max-age=31536000; includeSubDomains");
/// assert_eq!("max-age=31536000; includeSubDomains".parse(), Ok(POLICY));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct StrictTransportSecurity {
    max_age: u64,
    include_subdomains: bool,
    preload: bool,
}

impl StrictTransportSecurity {
    /// The Pleroma guide's value: a year, subdomains included.
    const GUIDE: Self = Self::new(Duration::from_secs(YEAR)).include_subdomains();

    /// The steps of a gradual rollout: five minutes, a week, a month, two
    /// years. Check for breakage before each next step. Each step may add
    /// [`include_subdomains`](Self::include_subdomains).
    pub const ROLLOUT: [Self; 4] = [
        Self::new(Duration::from_secs(300)),
        Self::new(Duration::from_secs(604_800)),
        Self::new(Duration::from_secs(2_592_000)),
        Self::new(Duration::from_secs(2 * YEAR)),
    ];

    /// Tells browsers to forget the host: a `max-age` of zero.
    pub const REMOVE: Self = Self::new(Duration::ZERO);

    /// Creates a policy with this duration in seconds; a fraction of a second
    /// counts as one. Zero tells browsers to forget the host.
    pub const fn new(max_age: Duration) -> Self {
        Self { max_age: whole_seconds(max_age), include_subdomains: false, preload: false }
    }

    /// Includes every subdomain.
    pub const fn include_subdomains(self) -> Self {
        Self { include_subdomains: true, ..self }
    }

    /// Requests inclusion in the lists that browsers ship, and so includes
    /// subdomains and lasts for at least a year. Removal from those lists takes months; their
    /// maintainers advise against preloading.
    pub const fn preload(self) -> Self {
        let max_age = if self.max_age < YEAR { YEAR } else { self.max_age };
        Self { max_age, include_subdomains: true, preload: true }
    }

    /// Returns the duration, in seconds.
    pub const fn max_age(&self) -> Duration {
        Duration::from_secs(self.max_age)
    }

    /// Returns `true` if subdomains are included.
    pub const fn includes_subdomains(&self) -> bool {
        self.include_subdomains
    }

    /// Returns `true` if the policy requests preloading.
    pub const fn is_preload(&self) -> bool {
        self.preload
    }

    fn text(&self) -> Cow<'static, str> {
        if *self == Self::GUIDE {
            return Cow::Borrowed("max-age=31536000; includeSubDomains");
        }
        let subdomains = if self.include_subdomains { "; includeSubDomains" } else { "" };
        let preload = if self.preload { "; preload" } else { "" };
        Cow::Owned(format!("max-age={}{subdomains}{preload}", self.max_age))
    }

    fn lints(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        if self.max_age > 10 * YEAR {
            lints.push(Lint::new(
                Severity::Warning,
                "sts-max-age-long",
                format!(
                    "{NAME}: max-age={} is over ten years; write two years, which is 63072000",
                    self.max_age
                ),
            ));
        }
        if self.max_age == 0 {
            lints.push(Lint::new(
                Severity::Warning,
                "sts-max-age-zero",
                format!("{NAME}: max-age=0 makes browsers accept http again; write max-age=31536000, unless https ends here"),
            ));
        } else if self.max_age < YEAR / 2 {
            lints.push(Lint::new(
                Severity::Note,
                "sts-max-age-short",
                format!(
                    "{NAME}: max-age={} protects a browser for less than half a year after each visit; write max-age=31536000 once https works",
                    self.max_age
                ),
            ));
        }
        if self.preload {
            lints.push(Lint::new(
                Severity::Note,
                "sts-preload",
                format!("{NAME}: preload adds every sub-domain to lists in browsers, and a removal takes months; remove it, as the maintainers of the lists recommend"),
            ));
        }
        lints
    }
}

header_policy!(StrictTransportSecurity, "strict-transport-security", existing: Override, lines: Single, browsers: "all, over https", lints: lints);

impl FromStr for StrictTransportSecurity {
    type Err = ParseError;

    /// Parses the directives of section 6.1, in any order and letter case. A
    /// number too large becomes the maximum.
    ///
    /// An unknown directive is an error, since a browser ignores it and a misspelt one with it.
    /// `preload` without the conditions of the preload lists is an error too. A header of another
    /// program is a
    /// [`ReceivedStrictTransportSecurity`](crate::header::ReceivedStrictTransportSecurity).
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut max_age = None;
        let mut include_subdomains = false;
        let mut preload = None;
        for directive in directives(NAME, text, b';')? {
            match directive.name.as_str() {
                "max-age" => max_age = Some(directive.seconds(NAME)?),
                "includesubdomains" => {
                    directive.bare(NAME)?;
                    include_subdomains = true;
                }
                "preload" => {
                    directive.bare(NAME)?;
                    preload = Some(directive.offset);
                }
                _ => return Err(directive.unknown(NAME, &DIRECTIVES)),
            }
        }
        let Some(max_age) = max_age else {
            let problem = "there is no max-age; write max-age=31536000";
            return Err(ParseError::new(NAME, 0, problem));
        };
        if let Some(offset) = preload.filter(|_| max_age < YEAR || !include_subdomains) {
            let remedy =
                format!("write 'max-age={}; includeSubDomains; preload'", max_age.max(YEAR));
            let problem = format!("preload needs includeSubDomains and a year; {remedy}");
            return Err(ParseError::new(NAME, offset, problem));
        }
        Ok(Self { max_age, include_subdomains, preload: preload.is_some() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<StrictTransportSecurity>().unwrap_err().to_string()
    }

    #[test]
    fn a_misspelt_directive_is_an_error_that_asks_for_the_right_one() {
        for (text, at, found, meant) in [
            ("max-age=1; includeSubDomain", 11, "includesubdomain", "includeSubDomains"),
            ("max-age=1; include-subdomains", 11, "include-subdomains", "includeSubDomains"),
            ("max-age=1;include_sub_domains", 10, "include_sub_domains", "includeSubDomains"),
            ("maxage=1", 0, "maxage", "max-age"),
            ("max_age=1", 0, "max_age", "max-age"),
            ("max-age=1; includeSubDomains; preloaded", 30, "preloaded", "preload"),
        ] {
            assert_eq!(
                error(text),
                format!(
                    "{NAME}, byte {at}: '{found}' is not a directive of this header; did you mean '{meant}'?"
                )
            );
        }
        assert_eq!(
            error("max-age=1; x=\"1\""),
            format!(
                "{NAME}, byte 11: 'x' is not a directive of this header; write one of 'max-age', 'includeSubDomains', 'preload'"
            )
        );
    }
}
