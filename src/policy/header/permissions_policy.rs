//! Sets `Permissions-Policy`, which controls the browser features of a page.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    hash::{Hash, Hasher},
    str::FromStr,
};

use super::{
    allowlist::Allowlist,
    member::Member,
    permissions_feature::{FeatureStatus, NAMES, PermissionsFeature, status, successor},
    permissions_grammar::{TWICE, fault, has_repeats},
    policy::header_policy,
};
use crate::{
    error::{ParseError, nearest},
    lint::{Lint, Severity},
    policy::csp::EndpointName,
    syntax::structured::{self, Bare, Separated, Value, dictionary, value::Entry},
};

const NAME: &str = "permissions-policy";

/// Controls which browser features a page and its frames may use, with
/// `Permissions-Policy` ([W3C Permissions Policy](https://www.w3.org/TR/permissions-policy/)).
///
/// Chrome 88 and later read the header; Firefox and Safari do not. Any valid value is accepted:
/// features in lower case, each once, with `*`, `self` or a list in parentheses of `self`, `*` and
/// quoted origins, and with `;report-to=endpoint`. One syntax error makes a browser drop the whole
/// header, so this type rejects it. A feature that is not in the registry has a lint.
///
/// A frame of another origin also needs the feature in its `allow` attribute.
///
/// ```
/// use tower_hardening::header::{Allowlist, PermissionsFeature as Feature, PermissionsPolicy};
///
/// const POLICY: PermissionsPolicy =
///     PermissionsPolicy::from_static(r#"camera=(), fullscreen=(self "https://x.example")"#);
///
/// let built = PermissionsPolicy::deny([Feature::CAMERA])
///     .with(Feature::FULLSCREEN, Allowlist::SELF.and(&"https://x.example".parse()?)?);
/// assert_eq!(built, POLICY);
/// let error = "camera=(); usb=()".parse::<PermissionsPolicy>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "permissions-policy, byte 9: ';' does not begin another feature; separate features with ','",
/// );
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct PermissionsPolicy(Cow<'static, str>);

impl PermissionsPolicy {
    /// Creates a policy from a literal.
    ///
    /// # Panics
    ///
    /// Panics on a value that `FromStr` rejects: in a `const`, this is a compile error.
    pub const fn from_static(text: &'static str) -> Self {
        if let Some((_, problem)) = fault(text.as_bytes()) {
            panic!("{}", problem);
        }
        if has_repeats(text.as_bytes()) {
            panic!("{}", TWICE);
        }
        Self(Cow::Borrowed(text))
    }

    /// Allows a feature to some pages.
    pub fn new(feature: PermissionsFeature, allowed: Allowlist) -> Self {
        Self(Cow::Owned(format!("{feature}={allowed}")))
    }

    /// Forbids these features to every page: at least one, since there is no empty policy.
    ///
    /// A repeated feature is listed once.
    pub fn deny<const N: usize>(features: [PermissionsFeature; N]) -> Self {
        const { assert!(N > 0, "a policy without a feature is not sent") };
        let mut members: Vec<String> = Vec::new();
        for feature in features {
            let member = format!("{feature}={}", Allowlist::NONE);
            if !members.contains(&member) {
                members.push(member);
            }
        }
        Self(Cow::Owned(members.join(", ")))
    }

    /// Allows a feature to some pages. Replaces the previous entry for this feature.
    pub fn with(self, feature: PermissionsFeature, allowed: Allowlist) -> Self {
        let entry = format!("{feature}={allowed}");
        let mut entries: Vec<String> = Vec::new();
        let mut place = None;
        for member in dictionary(NAME, &self.0).unwrap_or_default() {
            if member.key == feature.as_str() {
                place = Some(entries.len());
            }
            entries.push(member.to_string());
        }
        match place {
            Some(place) => entries[place] = entry,
            None => entries.push(entry),
        }
        Self(Cow::Owned(entries.join(", ")))
    }

    /// Returns the entry for a feature: its allow-list and parameter.
    pub fn get(&self, feature: &PermissionsFeature) -> Option<String> {
        let members = dictionary(NAME, &self.0).unwrap_or_default();
        let member = members.into_iter().find(|member| member.key == feature.as_str())?;
        Some(member.value.to_string())
    }

    fn text(&self) -> Cow<'static, str> {
        let members = dictionary(NAME, &self.0).unwrap_or_default();
        let canonical = Separated(&members, ", ").to_string();
        match &self.0 {
            Cow::Borrowed(text) if *text == canonical => Cow::Borrowed(text),
            _ => Cow::Owned(canonical),
        }
    }

    fn members(&self) -> Vec<Member> {
        let members = dictionary(NAME, &self.0).unwrap_or_default();
        members.iter().map(|member| Member::new(member.key.len(), member.to_string())).collect()
    }

    fn endpoints(&self) -> Vec<EndpointName> {
        let members = dictionary(NAME, &self.0).unwrap_or_default();
        let parameters = members.iter().flat_map(|member| &member.value.parameters);
        let names = parameters.filter_map(|parameter| match &parameter.value {
            Bare::Token(name) => name.parse().ok(),
            _ => None,
        });
        names.collect()
    }

    fn lints(&self) -> Vec<Lint> {
        let text = self.text();
        let members = dictionary(NAME, &text).unwrap_or_default();
        let lints = members.iter().flat_map(|member| [feature_lint(member), list_lint(member)]);
        lints.flatten().collect()
    }
}

type Feature<'a> = Entry<'a, structured::value::Member<'a>>;

/// Lints a feature that no browser has.
fn feature_lint(member: &Feature<'_>) -> Option<Lint> {
    let feature = member.key;
    let (severity, id, problem) = match (status(feature), successor(feature)) {
        (FeatureStatus::Unknown, _) => {
            let remedy = match nearest(feature, NAMES) {
                Some(known) => format!("did you mean '{known}'?"),
                None => "remove it, unless it is newer than this crate".to_owned(),
            };
            let problem = format!("is not a registered feature; {remedy}");
            (Severity::Warning, "permissions-policy-unknown", problem)
        }
        (FeatureStatus::Retired, successor) => {
            let remedy = match successor {
                Some(successor) => format!("write '{successor}' or remove it"),
                None => "remove it".to_owned(),
            };
            let problem = format!("is a feature that no current browser has; {remedy}");
            (Severity::Note, "permissions-policy-retired", problem)
        }
        _ => return None,
    };
    let lint = Lint::new(severity, id, format!("{NAME}: '{feature}' {problem}"));
    Some(lint.in_directive(feature.to_owned()).at(member.at))
}

/// Lints a list that names everybody and somebody, or somebody twice.
fn list_lint(member: &Feature<'_>) -> Option<Lint> {
    let Value::List(items) = &member.value.value else { return None };
    let mut seen = BTreeSet::new();
    let repeat = items.iter().find(|item| !seen.insert(item.to_string()));
    let has_all = items.len() > 1 && items.iter().any(|item| item.value == Bare::Token("*"));
    let (at, problem) = match repeat {
        _ if has_all => (member.value.at, "allows everybody by '*'; write '*' alone".to_owned()),
        Some(repeat) => (repeat.at, format!("names {repeat} twice; write it once")),
        None => return None,
    };
    let problem = format!("{NAME}: the list of '{}' {problem}", member.key);
    let lint = Lint::new(Severity::Note, "permissions-policy-redundant", problem);
    Some(lint.in_directive(member.key.to_owned()).at(at))
}

header_policy!(PermissionsPolicy, "permissions-policy", existing: IfNotPresent, lines: Joined, browsers: "Chromium", lints: lints, names_endpoints: endpoints, report_only: "permissions-policy-report-only", list: members);

impl FromStr for PermissionsPolicy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if let Some((offset, problem)) = fault(text.as_bytes()) {
            return Err(ParseError::new(NAME, offset, problem));
        }
        let members = dictionary(NAME, text)?;
        let mut seen = BTreeSet::new();
        if let Some(repeat) = members.iter().find(|member| !seen.insert(member.key)) {
            return Err(ParseError::new(NAME, repeat.at, format!("'{}' {TWICE}", repeat.key)));
        }
        Ok(Self(Cow::Owned(Separated(&members, ", ").to_string())))
    }
}

impl PartialEq for PermissionsPolicy {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Eq for PermissionsPolicy {}

impl Hash for PermissionsPolicy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text().hash(state);
    }
}
