//! Changes the headers of one response, as decided by the handler of the request.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use http::{HeaderName, HeaderValue, header};

use super::header::{FixedPolicy, HeaderPolicy, ListPolicy, Member, Places, ReportOnly};
use crate::{error::ParseError, trace};

/// Changes the headers that layers add to one response. A handler inserts it into
/// the response's extensions.
///
/// A header that the handler itself sets is usually kept, so three things need an override: another
/// value for a header that layers replace, further members of a list, and no header at all. The
/// order of the calls does not matter: a header is replaced, then extended, then disabled. Layers
/// without a policy for a header do not send it. A request cannot contain an override. For
/// `Content-Security-Policy`, enforced or report-only, use [`CspOverride`](crate::csp::CspOverride).
///
/// ```
/// use http::header::X_FRAME_OPTIONS;
/// use tower_hardening::header::{CrossOriginOpenerPolicy, HeaderOverride, PermissionsPolicy};
///
/// const CAMERA: PermissionsPolicy = PermissionsPolicy::from_static("camera=(self)");
/// let change = HeaderOverride::new()
///     .replace(&CrossOriginOpenerPolicy::UNSAFE_NONE)
///     .extend(&CAMERA)
///     .disable(&X_FRAME_OPTIONS, "partners show this page in frames")?;
/// let mut response = http::Response::new("signed in");
/// response.extensions_mut().insert(change);
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct HeaderOverride(Arc<Vec<(HeaderName, Change)>>);

/// Describes the change of one header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Change {
    replacement: Option<Replacement>,
    /// The members that are added to a list, at most one for each key.
    additions: Vec<Member>,
    disabled: Option<Cow<'static, str>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Replacement {
    value: HeaderValue,
    /// The places of its members, if it is a list.
    places: Option<Places>,
    /// The value with the additions.
    extended: HeaderValue,
}

/// Specifies how a layer treats its header.
pub(crate) enum Decision<'a> {
    /// Adds its own value.
    Own,
    /// Adds its own value with these members.
    Extended(&'a [Member]),
    /// Adds this value, and removes the lines that the response has.
    Other(&'a HeaderValue),
    /// Adds nothing.
    Nothing,
}

impl HeaderOverride {
    /// Creates an override that changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends this policy in the place of the layers' policy for the same header, and of a line that
    /// the response has.
    pub fn replace<P: FixedPolicy>(self, policy: &P) -> Self {
        self.replace_as(policy.name(), policy)
    }

    /// Sends this policy instead of the layers' report-only policy.
    pub fn replace_report_only<P: FixedPolicy + ReportOnly>(self, policy: &P) -> Self {
        self.replace_as(policy.report_only_name(), policy)
    }

    /// Adds the members of this policy to the layers' policy for the same header.
    ///
    /// A member with the name of another takes its place: a feature, an endpoint or a directive has
    /// one value. A header of the response itself is kept. A member that would make the header
    /// longer than 8192 bytes is left out, with an event (feature `tracing`).
    pub fn extend<P: ListPolicy>(self, policy: &P) -> Self {
        self.extend_as(policy.name(), policy)
    }

    /// Adds the members of this policy to the layers' report-only policy: see
    /// [`extend`](Self::extend).
    pub fn extend_report_only<P: ListPolicy + ReportOnly>(self, policy: &P) -> Self {
        self.extend_as(policy.report_only_name(), policy)
    }

    /// Makes layers not send the header. The reason is logged (feature `tracing`).
    ///
    /// A line that the application itself set is kept: remove it there.
    ///
    /// # Errors
    ///
    /// Returns an error for `Content-Security-Policy`, its report-only header and `Set-Cookie`.
    pub fn disable(
        mut self,
        name: &HeaderName,
        reason: impl Into<Cow<'static, str>>,
    ) -> Result<Self, ParseError> {
        check_disabled(name)?;
        self.change(name, |change| change.disabled = Some(reason.into()));
        Ok(self)
    }

    fn replace_as(mut self, name: &HeaderName, policy: &impl HeaderPolicy) -> Self {
        let (value, places) = (policy.value(), Places::new(&policy.members()));
        self.change(name, |change| {
            change.replacement = Some(Replacement { extended: value.clone(), value, places });
        });
        self
    }

    fn extend_as(mut self, name: &HeaderName, policy: &impl HeaderPolicy) -> Self {
        self.change(name, |change| {
            let known = change.additions.iter().enumerate();
            let places: HashMap<String, usize> =
                known.map(|(place, member)| (member.key().to_owned(), place)).collect();
            for member in policy.members() {
                match places.get(member.key()) {
                    Some(place) => change.additions[*place] = member,
                    None => change.additions.push(member),
                }
            }
        });
        self
    }

    /// Edits the change of this header.
    fn change(&mut self, name: &HeaderName, edit: impl FnOnce(&mut Change)) {
        let changes = Arc::make_mut(&mut self.0);
        let place = changes.iter().position(|(known, _)| known == name);
        let place = place.unwrap_or_else(|| {
            changes.push((name.clone(), Change::default()));
            changes.len() - 1
        });
        let change = &mut changes[place].1;
        edit(change);
        if let Some(Replacement { value, places: Some(places), extended }) = &mut change.replacement
        {
            *extended = places.extend(value, &change.additions);
        }
    }

    /// Adds the changes of an outer override, for headers that this override does not change.
    pub(crate) fn over(mut self, outer: &Self) -> Self {
        let is_new = |name: &HeaderName| !self.0.iter().any(|(known, _)| known == name);
        let added = outer.0.iter().filter(|(name, _)| is_new(name));
        let added: Vec<_> = added.cloned().collect();
        Arc::make_mut(&mut self.0).extend(added);
        self
    }

    /// Returns `true` if the value of this header is replaced.
    pub(crate) fn replaces(&self, name: &HeaderName) -> bool {
        let change = self.0.iter().find(|(known, _)| known == name);
        change.is_some_and(|(_, change)| change.disabled.is_none() && change.replacement.is_some())
    }

    /// Returns what a layer does with its header of this name.
    pub(crate) fn decide(&self, name: &HeaderName) -> Decision<'_> {
        let Some((_, change)) = self.0.iter().find(|(known, _)| known == name) else {
            return Decision::Own;
        };
        match (&change.disabled, &change.replacement) {
            (Some(reason), _) => {
                trace::header_off(name.as_str(), reason);
                Decision::Nothing
            }
            (None, Some(replacement)) => Decision::Other(&replacement.extended),
            (None, None) => Decision::Extended(&change.additions),
        }
    }
}

/// Rejects the headers that an override of this type cannot disable.
fn check_disabled(name: &HeaderName) -> Result<(), ParseError> {
    let problem = match *name {
        header::CONTENT_SECURITY_POLICY => {
            "a handler changes this header by another type; use CspOverride"
        }
        header::CONTENT_SECURITY_POLICY_REPORT_ONLY => {
            "a handler changes this header by another type; use CspOverride and its verbs in _report_only"
        }
        header::SET_COOKIE => "a handler cannot change this header; remove it from the override",
        _ => return Ok(()),
    };
    Err(ParseError::new(name.as_str().to_owned(), 0, problem))
}
