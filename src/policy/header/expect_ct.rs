//! Sets the obsolete `Expect-CT` header, which the Pleroma guide still sends.

use std::{borrow::Cow, str::FromStr, time::Duration};

use super::policy::{header_policy, whole_seconds};
use crate::{
    error::ParseError,
    lint::{Lint, Severity},
    request::HttpUrl,
    syntax::directives::directives,
};

const NAME: &str = "expect-ct";

/// Sets the obsolete `Expect-CT`, which Chrome 61 to 106 read and no browser
/// reads today ([RFC 9163](https://www.rfc-editor.org/rfc/rfc9163#section-2.1)).
///
/// It required the host's certificate to be publicly logged, which browsers now require of all
/// certificates. The Pleroma guide sends it together with `Strict-Transport-Security`; the modern
/// presets do not.
///
/// ```
/// use std::time::Duration;
/// use tower_hardening::ExpectCt;
///
/// const POLICY: ExpectCt = ExpectCt::enforce(Duration::from_secs(2_592_000));
/// assert_eq!(POLICY.to_string(), "enforce, max-age=2592000");
/// let reporting = POLICY.report_uri("https://example.tld/ct")?;
/// assert_eq!(
///     reporting.to_string(),
///     r#"enforce, max-age=2592000, report-uri="https://example.tld/ct""#,
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub struct ExpectCt {
    max_age: u64,
    enforce: bool,
    report_uri: Option<HttpUrl>,
}

impl ExpectCt {
    /// The Pleroma guide's value: thirty days, enforced.
    const GUIDE: Self = Self::enforce(Duration::from_secs(2_592_000));

    /// Makes connections without logged certificates fail, for this duration
    /// in seconds; a fraction of a second counts as one. Zero tells browsers to forget the host.
    pub const fn enforce(max_age: Duration) -> Self {
        Self { max_age: whole_seconds(max_age), enforce: true, report_uri: None }
    }

    /// Only reports connections without logged certificates: see
    /// [`report_uri`](Self::report_uri). The duration is rounded as in
    /// [`enforce`](Self::enforce).
    pub const fn report_only(max_age: Duration) -> Self {
        Self { max_age: whole_seconds(max_age), enforce: false, report_uri: None }
    }

    /// Sets the https URL that failures are reported to.
    pub fn report_uri(self, uri: &str) -> Result<Self, ParseError> {
        let uri: HttpUrl = uri.parse().map_err(|error: ParseError| error.within(NAME, 0))?;
        if uri.origin().scheme() != "https" {
            let problem = format!("'{uri}' is not https; write an https URL");
            return Err(ParseError::new(NAME, 0, problem));
        }
        Ok(Self { report_uri: Some(uri), ..self })
    }

    /// Returns the duration, in seconds.
    pub const fn max_age(&self) -> Duration {
        Duration::from_secs(self.max_age)
    }

    /// Returns `true` if connections without logged certificates fail.
    pub const fn is_enforced(&self) -> bool {
        self.enforce
    }

    fn text(&self) -> Cow<'static, str> {
        if *self == Self::GUIDE {
            return Cow::Borrowed("enforce, max-age=2592000");
        }
        let mut text = String::from(if self.enforce { "enforce, " } else { "" });
        text.push_str(&format!("max-age={}", self.max_age));
        if let Some(uri) = &self.report_uri {
            text.push_str(&format!(", report-uri=\"{uri}\""));
        }
        Cow::Owned(text)
    }

    fn lints(&self) -> Vec<Lint> {
        vec![Lint::new(
            Severity::Note,
            "expect-ct-obsolete",
            "expect-ct: no browser reads it since Chrome 106, and all browsers require logged certificates anyway; remove it",
        )]
    }
}

header_policy!(ExpectCt, "expect-ct", existing: IfNotPresent, lines: Joined, browsers: "none since Chrome 106", lints: lints);

impl FromStr for ExpectCt {
    type Err = ParseError;

    /// Parses the directives of section 2.1, in any order and letter case.
    ///
    /// An unknown directive is an error, since a browser ignores it and a misspelt one with it. A
    /// header of another program is a [`ReceivedExpectCt`](crate::header::ReceivedExpectCt).
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut policy = None;
        let mut enforce = false;
        let mut report_uri = None;
        for directive in directives(NAME, text, b',')? {
            match directive.name.as_str() {
                "max-age" => policy = Some(directive.seconds(NAME)?),
                "enforce" => {
                    directive.bare(NAME)?;
                    enforce = true;
                }
                "report-uri" => report_uri = Some(directive.value.unwrap_or_default()),
                _ => return Err(directive.unknown(NAME, &["enforce", "max-age", "report-uri"])),
            }
        }
        let Some(max_age) = policy else {
            let problem = "there is no max-age; write max-age=2592000";
            return Err(ParseError::new(NAME, 0, problem));
        };
        let policy = Self { max_age, enforce, report_uri: None };
        match report_uri {
            None => Ok(policy),
            Some((uri, start)) => {
                policy.report_uri(&uri).map_err(|error| error.within(NAME, start))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_a_second_is_rounded_up_since_zero_means_forget() {
        let half = Duration::from_millis(500);
        assert_eq!(ExpectCt::enforce(half).to_string(), "enforce, max-age=1");
        assert_eq!(ExpectCt::report_only(half).to_string(), "max-age=1");
        assert_eq!(ExpectCt::enforce(Duration::ZERO).to_string(), "enforce, max-age=0");
        assert_eq!(ExpectCt::enforce(Duration::MAX).max_age(), Duration::from_secs(u64::MAX));
    }

    #[test]
    fn a_misspelt_directive_is_an_error_that_asks_for_the_right_one() {
        for (text, found, meant) in [
            ("enforced, max-age=1", "enforced", "enforce"),
            ("max-age=1, reporturi=\"https://a.example\"", "reporturi", "report-uri"),
            ("max_age=1", "max_age", "max-age"),
        ] {
            let error = text.parse::<ExpectCt>().unwrap_err();
            let problem =
                format!("'{found}' is not a directive of this header; did you mean '{meant}'?");
            assert_eq!(error.problem(), problem);
        }
    }
}
