//! Holds the answer of an evaluator.

use std::fmt;

use crate::policy::csp::disposition::Disposition;

/// Represents the answer to whether policies allow a load: the decision of each policy, and the
/// engines of browsers that decide differently from CSP3.
///
/// `Display` writes one line.
///
/// ```
/// use tower_hardening::csp::{Destination, Evaluator, Load, ReceivedPolicy};
///
/// let policy = ReceivedPolicy::parse_list(b"default-src 'self'; img-src https://192.0.2.1").remove(0);
/// let evaluator = Evaluator::new("https://own.example".parse()?).enforcing(policy);
/// let image = Load::fetch(Destination::Image, "https://192.0.2.1/logo.png")?;
/// let answer = evaluator.allows(&image);
/// assert!(!answer.is_allowed() && answer.differences()[0].is_allowed());
/// assert!(answer.to_string().starts_with("blocked by img-src (Chromium, Firefox and WebKit allow it: "));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    pub(super) decisions: Vec<PolicyDecision>,
    pub(super) differences: Vec<EngineDifference>,
}

/// Represents the decision of one policy on a load.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::{Evaluator, Load}};
///
/// let policy = ContentSecurityPolicy::from_static("script-src 'self'");
/// let evaluator = Evaluator::new("https://own.example".parse()?).reporting(&policy);
/// let answer = evaluator.allows(&Load::eval());
/// assert!(answer.is_allowed());
/// let decision = &answer.decisions()[0];
/// assert!(decision.is_report_only() && !decision.is_allowed());
/// assert_eq!(decision.directive(), Some("script-src"));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDecision {
    pub(super) policy: usize,
    pub(super) disposition: Disposition,
    pub(super) verdict: Verdict,
}

/// Holds the decision of one policy, with the directive and the source that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) is_allowed: bool,
    pub(super) directive: Option<String>,
    pub(super) source: Option<String>,
}

/// Represents engines of browsers that decide differently from the text of CSP3.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::{Evaluator, Load}};
///
/// let policy = ContentSecurityPolicy::from_static("form-action 'self'");
/// let evaluator = Evaluator::new("https://own.example".parse()?).enforcing(&policy);
/// let form = Load::form_action("https://own.example/pay")?.redirected_to("https://bank.example/")?;
/// let answer = evaluator.allows(&form);
/// assert!(!answer.is_allowed());
/// let difference = &answer.differences()[0];
/// assert_eq!((difference.engines(), difference.is_allowed()), ("Firefox", true));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineDifference {
    pub(super) engines: &'static str,
    pub(super) is_allowed: bool,
    pub(super) reason: &'static str,
}

impl Evaluation {
    /// Returns `true` if CSP3 allows the load: every enforced policy allows it. Report-only policies
    /// block nothing.
    pub fn is_allowed(&self) -> bool {
        self.enforced().all(PolicyDecision::is_allowed)
    }

    /// Returns the directive that decided. It is in the first enforced policy that blocks the load, or
    /// else in the first that has a directive for it. Returns `None` if no directive limits the load.
    pub fn directive(&self) -> Option<&str> {
        self.deciding().and_then(PolicyDecision::directive)
    }

    /// Returns the source that decided, as the policy has it: the one that allows the load, or one
    /// that turns off another source. Returns `None` if no source matches.
    pub fn source(&self) -> Option<&str> {
        self.deciding().and_then(PolicyDecision::source)
    }

    /// Returns the decision of each policy, in the order in which the policies were added.
    pub fn decisions(&self) -> &[PolicyDecision] {
        &self.decisions
    }

    /// Returns the decisions of report-only policies that the load violates.
    pub fn reported(&self) -> impl Iterator<Item = &PolicyDecision> {
        self.decisions.iter().filter(|one| one.is_report_only() && !one.is_allowed())
    }

    /// Returns the engines that decide differently. The list is empty if all follow CSP3.
    pub fn differences(&self) -> &[EngineDifference] {
        &self.differences
    }

    fn enforced(&self) -> impl Iterator<Item = &PolicyDecision> {
        self.decisions.iter().filter(|one| !one.is_report_only())
    }

    fn deciding(&self) -> Option<&PolicyDecision> {
        self.enforced()
            .find(|one| !one.is_allowed())
            .or_else(|| self.enforced().find(|one| one.verdict.directive.is_some()))
    }
}

impl PolicyDecision {
    /// Returns `true` if the policy allows the load.
    pub fn is_allowed(&self) -> bool {
        self.verdict.is_allowed
    }

    /// Returns `true` if the policy is report-only: a violation is reported, and nothing is blocked.
    pub fn is_report_only(&self) -> bool {
        self.disposition == Disposition::Report
    }

    /// Returns the position of the policy among all policies of the evaluator, from 0.
    pub fn policy(&self) -> usize {
        self.policy
    }

    /// Returns the directive that decided. Returns `None` if no directive limits the load.
    pub fn directive(&self) -> Option<&str> {
        self.verdict.directive.as_deref()
    }

    /// Returns the source that decided, if one did.
    pub fn source(&self) -> Option<&str> {
        self.verdict.source.as_deref()
    }
}

impl EngineDifference {
    /// Returns the names of the engines.
    pub fn engines(&self) -> &str {
        self.engines
    }

    /// Returns `true` if these engines allow the load.
    pub fn is_allowed(&self) -> bool {
        self.is_allowed
    }

    /// Returns the rule of the engines, with the clause of CSP3 that says otherwise.
    pub fn reason(&self) -> &str {
        self.reason
    }
}

impl Verdict {
    pub(super) fn allowed(directive: &str, source: Option<&str>) -> Self {
        Self { is_allowed: true, ..Self::blocked(directive, source) }
    }

    pub(super) fn blocked(directive: &str, source: Option<&str>) -> Self {
        let (directive, source) = (Some(directive.to_owned()), source.map(str::to_owned));
        Self { is_allowed: false, directive, source }
    }

    /// Returns the verdict on a load that no directive limits.
    pub(super) fn unlimited() -> Self {
        Self { is_allowed: true, directive: None, source: None }
    }
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_allowed() { "allowed" } else { "blocked" })?;
        match self.directive() {
            Some(directive) => write!(f, " by {directive}")?,
            None => f.write_str(", since no directive limits it")?,
        }
        if let Some(source) = self.source() {
            write!(f, " {source}")?;
        }
        for difference in &self.differences {
            let verb = if difference.is_allowed { "allow" } else { "block" };
            let end = if difference.engines.contains(' ') { "" } else { "s" };
            write!(f, " ({} {verb}{end} it: {})", difference.engines, difference.reason)?;
        }
        Ok(())
    }
}
