//! Evaluates policies: does this policy allow that?

use http::{HeaderMap, HeaderName, header};

use super::{
    evaluated_policy::EvaluatedPolicy,
    evaluation::{EngineDifference, Evaluation, PolicyDecision, Verdict},
    fetch, inline,
    load::{Kind, Load},
    matching::Rules,
    navigation,
    policy::Policy,
    sandbox,
    script_text::{self, TrustedTypes},
    trusted_types, upgrade,
};
use crate::{
    policy::csp::{disposition::Disposition, received::ReceivedPolicy},
    request::Origin,
};

/// Answers whether the policies of a page allow a load, by the algorithms of
/// [CSP Level 3](https://www.w3.org/TR/CSP3/).
///
/// Every enforced policy has to allow the load. Report-only policies only report. In a
/// [`ContentSecurityPolicy`](crate::ContentSecurityPolicy), `'nonce-{}'` allows every nonce, since
/// each response has its own.
///
/// ```
/// use tower_hardening::{ContentSecurityPolicy, csp::{Destination, Evaluator, Load}};
///
/// let policy = ContentSecurityPolicy::from_static("default-src 'self'; script-src 'nonce-{}'");
/// let evaluator = Evaluator::new("https://own.example".parse()?).enforcing(&policy);
/// let script = Load::inline_script("start()");
/// assert_eq!(evaluator.allows(&script).to_string(), "blocked by script-src");
/// let script = script.with_nonce("MTIzNDU2Nzg5MDEyMzQ1Njc4");
/// assert_eq!(evaluator.allows(&script).source(), Some("'nonce-{}'"));
/// let image = Load::fetch(Destination::Image, "https://own.example/logo.png")?;
/// assert_eq!(evaluator.allows(&image).to_string(), "allowed by default-src 'self'");
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Evaluator {
    page: Origin,
    policies: Vec<(EvaluatedPolicy, Disposition)>,
}

impl Evaluator {
    /// Creates an evaluator for a page of this origin, without policies.
    pub fn new(page: Origin) -> Self {
        Self { page, policies: Vec::new() }
    }

    /// Creates an evaluator with the policies of a response's headers: all lines of
    /// `Content-Security-Policy` and of `Content-Security-Policy-Report-Only`.
    pub fn from_headers(page: Origin, headers: &HeaderMap) -> Self {
        let read = |name: HeaderName| {
            let lines = headers.get_all(name).iter();
            lines.flat_map(|line| ReceivedPolicy::parse_list(line.as_bytes())).collect::<Vec<_>>()
        };
        let enforced = read(header::CONTENT_SECURITY_POLICY);
        let evaluator = enforced.into_iter().fold(Self::new(page), Self::enforcing);
        read(header::CONTENT_SECURITY_POLICY_REPORT_ONLY)
            .into_iter()
            .fold(evaluator, Self::reporting)
    }

    /// Adds a policy that the browser enforces.
    pub fn enforcing(mut self, policy: impl Into<EvaluatedPolicy>) -> Self {
        self.policies.push((policy.into(), Disposition::Enforce));
        self
    }

    /// Adds a report-only policy.
    pub fn reporting(mut self, policy: impl Into<EvaluatedPolicy>) -> Self {
        self.policies.push((policy.into(), Disposition::Report));
        self
    }

    /// Decides on a load.
    pub fn allows(&self, load: &Load) -> Evaluation {
        let decisions = self.decisions(load, Rules::Standard);
        let engines = self.decisions(load, Rules::Engines);
        let is_allowed = |decisions: &[PolicyDecision]| {
            decisions.iter().all(|one| one.is_report_only() || one.is_allowed())
        };
        let mut differences = Vec::new();
        let allowed = is_allowed(&decisions);
        if allowed != is_allowed(&engines) {
            differences.push(EngineDifference {
                engines: "Chromium, Firefox and WebKit",
                is_allowed: !allowed,
                reason: reason(load),
            });
        }
        if matches!(load.kind, Kind::FormAction(_)) && !allowed {
            let first = Load { redirects: Vec::new(), ..load.clone() };
            if is_allowed(&self.decisions(&first, Rules::Engines)) {
                differences.push(EngineDifference {
                    engines: "Firefox",
                    is_allowed: true,
                    reason: "it does not check the redirects of a form, which CSP3 section 6.4.1 asks for",
                });
            }
        }
        Evaluation { decisions, differences }
    }

    fn decisions(&self, load: &Load, rules: Rules) -> Vec<PolicyDecision> {
        let upgraded = self.is_upgrading().then(|| upgrade::upgraded(load));
        let types = self.trusted_types();
        let policies = self.policies.iter().enumerate();
        let decide =
            |(position, (policy, disposition)): (usize, &(EvaluatedPolicy, Disposition))| {
                let policy = Policy { policy, page: &self.page, rules };
                // Report-only policies see the URL before it is upgraded.
                let load = match disposition {
                    Disposition::Enforce => upgraded.as_ref().unwrap_or(load),
                    Disposition::Report => load,
                };
                let sandbox = match disposition {
                    Disposition::Enforce => sandbox::blocked(&policy, load),
                    Disposition::Report => None,
                };
                let verdict = sandbox.unwrap_or_else(|| decide(&policy, load, types));
                PolicyDecision { policy: position, disposition: *disposition, verdict }
            };
        policies.map(decide).collect()
    }

    fn enforced(&self) -> impl Iterator<Item = &EvaluatedPolicy> {
        let enforced = |(_, disposition): &&(_, Disposition)| *disposition == Disposition::Enforce;
        self.policies.iter().filter(enforced).map(|(policy, _)| policy)
    }

    fn is_upgrading(&self) -> bool {
        self.enforced().any(|policy| policy.get("upgrade-insecure-requests").is_some())
    }

    fn trusted_types(&self) -> TrustedTypes {
        let policy = |policy| Policy { policy, page: &self.page, rules: Rules::Standard };
        match self.enforced().any(|one| !trusted_types::sink(&policy(one)).is_allowed) {
            true => TrustedTypes::Required,
            false => TrustedTypes::Optional,
        }
    }
}

fn decide(policy: &Policy<'_>, load: &Load, types: TrustedTypes) -> Verdict {
    match &load.kind {
        Kind::Fetch(destination, url) => fetch::fetch(policy, *destination, url, load),
        Kind::Inline(kind) => inline::inline(policy, *kind, load),
        Kind::Eval(text) => script_text::eval(policy, *text, types),
        Kind::WebAssembly => script_text::web_assembly(policy),
        Kind::Base(url) => navigation::base(policy, url),
        Kind::FormAction(url) => navigation::form_action(policy, url, load),
        Kind::FramedBy(ancestors) => navigation::framed_by(policy, ancestors),
        Kind::TrustedTypesPolicy(name, used) => trusted_types::create(policy, name, *used),
        Kind::TrustedTypesSink => trusted_types::sink(policy),
    }
}

/// Explains why engines decide on a load differently from CSP3.
fn reason(load: &Load) -> &'static str {
    let urls = match &load.kind {
        Kind::Fetch(_, url) | Kind::Base(url) | Kind::FormAction(url) => vec![url],
        Kind::FramedBy(ancestors) => ancestors.iter().collect(),
        _ => Vec::new(),
    };
    let mut urls = urls.into_iter().chain(&load.redirects);
    if urls.clone().any(|url| url.address().is_some()) {
        "they match an IP address as they match a name, and CSP3 section 6.7.2.10 matches names only"
    } else if urls.any(|url| matches!(url.scheme(), "ws" | "wss")) {
        "they compare the scheme of a WebSocket, which the Fetch standard changes to http or https"
    } else {
        "they also match port 443 to a source with port 80, and CSP3 section 6.7.2.11 does not"
    }
}
