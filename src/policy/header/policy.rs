//! Defines the traits and the macro of policies that are one header line.

use std::{borrow::Cow, time::Duration};

use http::{HeaderName, HeaderValue};

use super::member::Member;
use crate::{lint::Lint, policy::csp::EndpointName};

/// Implements the traits shared by all policies that are one line of text.
///
/// For example
/// `header_policy!(ReferrerPolicy, "referrer-policy", existing: IfNotPresent, lines: Joined, browsers: "all", lints: lints)`
/// gives `ReferrerPolicy` its [`HeaderPolicy`], `Display`, `TryFrom<&str>`, `headers::Header` and serde
/// implementations, from its own `FromStr` and `text`. `lints` names the function that returns its
/// lints, `names_endpoints` and `defines_endpoints` those that return the endpoints that it sends
/// reports to and that it declares; `report_only` is the name of the header that browsers report on
/// and do not enforce; `list` names the function that returns the members of a
/// [`ListPolicy`](crate::header::ListPolicy), which are its text when they are joined by `", "`.
macro_rules! header_policy {
    (
        $policy:ty, $name:literal, existing: $existing:ident, lines: $lines:ident,
        browsers: $browsers:literal
        $(, lints: $lints:ident)? $(, names_endpoints: $named:ident)?
        $(, defines_endpoints: $defined:ident)? $(, report_only: $report_only:literal)?
        $(, list: $members:ident)?
    ) => {
        impl $policy {
            /// The header's name, for tables.
            pub(crate) const HEADER: &'static str = $name;

            /// The name of the report-only header; empty if there is none.
            pub(crate) const REPORT_ONLY: &'static str = concat!("" $(, $report_only)?);

            /// The browsers that read the header, as the README's table has them.
            #[cfg(any(test, feature = "settings"))]
            pub(crate) const BROWSERS: &'static str = $browsers;
        }

        impl $crate::policy::header::sealed::Sealed for $policy {}

        impl $crate::policy::header::HeaderPolicy for $policy {
            const DEFAULT_MODE: $crate::policy::header::InsertMode = $crate::policy::header::InsertMode::$existing;

            fn name(&self) -> &http::HeaderName {
                static NAME: http::HeaderName = http::HeaderName::from_static($name);
                &NAME
            }

            fn text(&self) -> std::borrow::Cow<'static, str> {
                Self::text(self)
            }

            $(fn lints(&self) -> Vec<$crate::lint::Lint> {
                Self::$lints(self)
            })?

            $(fn named_endpoints(&self) -> Vec<$crate::policy::csp::EndpointName> {
                Self::$named(self)
            })?

            $(fn defined_endpoints(&self) -> Vec<$crate::policy::csp::EndpointName> {
                Self::$defined(self)
            })?

            $(fn members(&self) -> Vec<$crate::policy::header::Member> {
                Self::$members(self)
            })?
        }

        $crate::policy::header::list_policy!($policy $(, $members)?);

        $(impl $crate::policy::header::ReportOnly for $policy {
            fn report_only_name(&self) -> &http::HeaderName {
                static NAME: http::HeaderName = http::HeaderName::from_static($report_only);
                &NAME
            }
        })?

        impl std::fmt::Display for $policy {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.text())
            }
        }

        impl TryFrom<&str> for $policy {
            type Error = $crate::error::ParseError;

            fn try_from(text: &str) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        #[cfg(feature = "headers")]
        impl headers::Header for $policy {
            fn name() -> &'static http::HeaderName {
                static NAME: http::HeaderName = http::HeaderName::from_static($name);
                &NAME
            }

            fn decode<'i, I: Iterator<Item = &'i http::HeaderValue>>(
                values: &mut I,
            ) -> Result<Self, headers::Error> {
                let text = $crate::policy::header::Lines::$lines.read(values);
                text.and_then(|text| text.parse().ok()).ok_or_else(headers::Error::invalid)
            }

            fn encode<E: Extend<http::HeaderValue>>(&self, values: &mut E) {
                let value = $crate::policy::header::HeaderPolicy::value(self);
                // A policy without text is not sent.
                values.extend(Some(value).filter(|value| !value.is_empty()));
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $policy {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text = self.text();
                // Fails here and not in the reader, if no reader accepts the text.
                let _: Self = text.parse().map_err(serde::ser::Error::custom)?;
                serializer.serialize_str(&text)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $policy {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Marks a policy with members as a [`ListPolicy`](crate::header::ListPolicy). For example
/// `list_policy!(ClearSiteData, members)`.
macro_rules! list_policy {
    ($policy:ty) => {};
    ($policy:ty, $members:ident) => {
        impl $crate::policy::header::ListPolicy for $policy {}
    };
}

/// Describes a policy that is one header line.
///
/// The trait is sealed: for a header without a type in this crate use [`StaticHeader`](crate::header::StaticHeader).
///
/// ```
/// use tower_hardening::{FrameOptions, header::HeaderPolicy};
///
/// assert_eq!(FrameOptions::DENY.name(), "x-frame-options");
/// assert_eq!(FrameOptions::DENY.value(), "DENY");
/// ```
pub trait HeaderPolicy: sealed::Sealed + Clone {
    /// The default mode of this policy's layer for a header that the response
    /// already has.
    const DEFAULT_MODE: InsertMode;

    /// Returns the header's name.
    fn name(&self) -> &HeaderName;

    #[doc(hidden)]
    fn text(&self) -> Cow<'static, str>;

    /// Returns the header's value.
    fn value(&self) -> HeaderValue {
        to_value(self.text())
    }

    /// Returns the weaknesses of this policy.
    fn lints(&self) -> Vec<Lint> {
        Vec::new()
    }

    #[doc(hidden)]
    fn named_endpoints(&self) -> Vec<EndpointName> {
        Vec::new()
    }

    #[doc(hidden)]
    fn defined_endpoints(&self) -> Vec<EndpointName> {
        Vec::new()
    }

    #[doc(hidden)]
    fn members(&self) -> Vec<Member> {
        Vec::new()
    }
}

/// Represents a policy that can also be sent under a report-only name, which browsers report on and
/// do not enforce.
///
/// Sealed like [`HeaderPolicy`]. See [`HeaderLayer::report_only`](crate::header::HeaderLayer::report_only)
/// and [`Hardening::with_report_only`](crate::Hardening::with_report_only).
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, Hardening};
///
/// let trial = ContentSecurityPolicy::from_static("script-src 'self'; report-uri /csp");
/// let policies = Hardening::recommended().with_report_only(trial);
/// let (name, value) = policies.headers().pop().unwrap();
/// assert_eq!(name, "content-security-policy-report-only");
/// assert_eq!(value, "script-src 'self'; report-uri /csp");
/// ```
pub trait ReportOnly: HeaderPolicy {
    /// Returns the name of the report-only header.
    fn report_only_name(&self) -> &HeaderName;
}

/// Describes a policy that is a list of members, such as features or endpoints.
///
/// [`HeaderOverride::extend`](crate::header::HeaderOverride::extend) adds the members of one such
/// policy to that of a layer. A policy with one value has no such operation, and three lists have
/// none either, since an added member would mean something else than its author intends: replace them.
///
/// - `RobotsTag`: a rule counts for the crawler that is named before it, so a rule at the end could
///   count for one crawler alone.
/// - `IntegrityPolicy`: a member has one value, so added destinations would take the place of those
///   that are blocked.
/// - `ReferrerPolicy`: a browser uses the last value that it knows, so an added one replaces the others.
///
/// The trait is sealed.
///
/// ```
/// use tower_hardening::{csp::EndpointName, header::{HeaderOverride, ReportingEndpoints}};
///
/// let editor = ReportingEndpoints::new(EndpointName::from_static("editor"), "/reports/editor")?;
/// let change = HeaderOverride::new().extend(&editor);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
pub trait ListPolicy: HeaderPolicy {}

/// Creates a value for many responses; a value from a literal is never
/// reference-counted.
pub(crate) fn to_value(text: Cow<'static, str>) -> HeaderValue {
    match text {
        Cow::Borrowed(text) => HeaderValue::from_static(text),
        Cow::Owned(text) => HeaderValue::try_from(text).expect("a policy's text is visible ASCII"),
    }
}

/// Returns a duration in seconds, rounded up: a zero would make browsers
/// forget the policy.
pub(super) const fn whole_seconds(duration: Duration) -> u64 {
    let part = (duration.subsec_nanos() > 0) as u64;
    duration.as_secs().saturating_add(part)
}

/// Sets how to handle a header that the response already has.
///
/// ```
/// use tower_hardening::{ContentTypeOptions, ReferrerPolicy, header::{HeaderPolicy, InsertMode}};
///
/// assert_eq!(ReferrerPolicy::DEFAULT_MODE, InsertMode::IfNotPresent);
/// assert_eq!(ContentTypeOptions::DEFAULT_MODE, InsertMode::Override);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InsertMode {
    /// Preserves the header of the application.
    IfNotPresent,
    /// Replaces all lines of the header by the policy.
    Override,
    /// Adds the policy as another line, unless an identical line exists.
    Append,
}

/// Selects how several lines of one header are read as one text.
#[cfg(feature = "headers")]
pub(crate) enum Lines {
    /// A second line is an error.
    Single,
    /// A browser reads all lines as one list.
    Joined,
}

#[cfg(feature = "headers")]
impl Lines {
    pub(crate) fn read<'i>(
        self,
        values: &mut impl Iterator<Item = &'i HeaderValue>,
    ) -> Option<Cow<'i, str>> {
        let first = values.next()?.to_str().ok()?;
        match self {
            Self::Single => values.next().is_none().then_some(first.into()),
            Self::Joined => values.try_fold(Cow::Borrowed(first), |mut text, value| {
                text.to_mut().push_str(", ");
                text.to_mut().push_str(value.to_str().ok()?);
                Some(text)
            }),
        }
    }
}

pub(crate) mod sealed {
    /// Seals [`HeaderPolicy`](crate::header::HeaderPolicy) and
    /// `Policy`, so that this crate can extend them.
    #[expect(unnameable_types, reason = "it seals the other traits")]
    pub trait Sealed {}
}

pub(crate) use {header_policy, list_policy};
