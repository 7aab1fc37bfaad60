//! Lints policies that are sent together.

use http::header;

use super::{lint_report_only::SUFFIX, value::Hardening};
use crate::{
    lint::{Lint, Severity},
    policy::{RemoveHeaders, csp::ContentSecurityPolicy, header::FrameOptions},
};

impl Hardening {
    /// Returns the weaknesses of the policies, alone and in combination.
    ///
    /// Lints that a preset's documentation and [`requirements`](Self::requirements) already explain
    /// are omitted: [`strict`](Self::strict) omits `csp-form-action-redirect` and
    /// `opener-policy-pop-ups`, and [`recommended`](Self::recommended) omits the first.
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        for slot in &self.headers {
            let is_watched = slot.name.as_str().ends_with(SUFFIX);
            lints.extend(slot.lints.iter().cloned().map(|lint| match is_watched {
                true => lint.for_header(slot.name.as_str()),
                false => lint,
            }));
        }
        lints.extend(self.open());
        lints.extend(self.watched());
        if let Some(cookies) = &self.host_cookies {
            lints.extend(cookies.lints());
        }
        lints.extend(self.remove.iter().flat_map(RemoveHeaders::lints));
        lints.extend(self.reporting());
        lints.extend(self.endpoints());
        lints.extend(self.mute());
        lints.extend(self.isolation());
        lints.extend(self.cross_origin());
        lints.extend(self.framing());
        lints.extend(self.sign_in());
        lints.retain(|lint| !self.explained.contains(&lint.id()));
        lints
    }

    /// Lints a contradiction between `X-Frame-Options` and `frame-ancestors`.
    fn framing(&self) -> Option<Lint> {
        let slots = self.slots();
        let sent = slots.iter().find(|slot| slot.name == header::X_FRAME_OPTIONS)?;
        let csp = self.csp.as_ref()?;
        if FrameOptions::cannot_match(csp) {
            let problem = format!(
                "x-frame-options: {:?} blocks frames that frame-ancestors allows, in browsers that do not support frame-ancestors; remove it",
                sent.text
            );
            return Some(Lint::new(Severity::Warning, "frame-options-with-list", problem));
        }
        let wanted = FrameOptions::from_frame_ancestors(csp)
            .filter(|wanted| sent.text != wanted.as_str())?;
        let problem = format!(
            "x-frame-options: {:?} is overruled by frame-ancestors, which is equivalent to {wanted}; send that",
            sent.text
        );
        Some(Lint::new(Severity::Error, "frame-options-disagree", problem))
    }

    /// Lints policies that stop a sign-in at another origin.
    fn sign_in(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        if self.keeps_forms() {
            let problem = "content-security-policy: with form-action 'self' Chromium also blocks a form whose response redirects to another origin, as an OAuth consent does; add that origin to form-action";
            lints.push(Lint::new(Severity::Note, "csp-form-action-redirect", problem));
        }
        if self.cuts_pop_ups() {
            let problem = "cross-origin-opener-policy: a sign-in or payment in a pop-up window of another origin cannot report back to the page; write same-origin-allow-popups, or sign in by redirect";
            lints.push(Lint::new(Severity::Note, "opener-policy-pop-ups", problem));
        }
        lints
    }

    /// Returns `true` if forms may be sent to the page's own origin only.
    pub(super) fn keeps_forms(&self) -> bool {
        let is_self = |value: &str| value.eq_ignore_ascii_case("'self'");
        let mut actions = self.enforced().into_iter().filter_map(|csp| csp.get("form-action"));
        actions.any(|actions| actions.values().next().is_some() && actions.values().all(is_self))
    }

    /// Returns `true` if a page has no access to windows that it opens at another origin.
    pub(super) fn cuts_pop_ups(&self) -> bool {
        let policy = self.text_of("cross-origin-opener-policy").split(';').next();
        policy.is_some_and(|policy| {
            ["same-origin", "noopener-allow-popups"].contains(&policy.trim_ascii())
        })
    }

    /// Returns the text of a header with one value; empty if it is not set.
    pub(crate) fn text_of(&self, name: &str) -> &str {
        self.headers.iter().find(|slot| slot.name == name).map_or("", |slot| &slot.text)
    }

    /// Lints the enforced policies. A directive that is missing from one of them may be in another.
    fn open(&self) -> Vec<Lint> {
        let policies: Vec<Vec<Lint>> =
            self.enforced().iter().map(|policy| policy.lints()).collect();
        let of_all = |id: &str| policies.iter().all(|one| one.iter().any(|lint| lint.id() == id));
        let mut lints = policies.concat();
        lints.retain(|lint| !lint.id().ends_with("-missing") || of_all(lint.id()));
        lints
    }

    /// Lints reports for which browsers know no recipient.
    fn reporting(&self) -> Vec<Lint> {
        let mut lints = Vec::new();
        let watched = self.csp_report_only.as_ref();
        if watched
            .is_some_and(|csp| csp.get("report-uri").or_else(|| csp.get("report-to")).is_none())
        {
            let problem = "content-security-policy-report-only: without report-uri and report-to the policy has no effect; add them";
            lints.push(Lint::new(Severity::Error, "csp-report-only-without-reports", problem));
        }
        for ignored in ["sandbox", "upgrade-insecure-requests"] {
            if watched.is_some_and(|csp| csp.get(ignored).is_some()) {
                let problem = format!(
                    "content-security-policy-report-only: {ignored} has no effect in this header; remove it"
                );
                lints.push(Lint::new(Severity::Note, "csp-report-only-without-effect", problem));
            }
        }
        let defined = self.defined("reporting-endpoints");
        let astray = |csp: &ContentSecurityPolicy| {
            let endpoint = csp.get("report-to");
            endpoint.is_some_and(|endpoint| endpoint.values().any(|name| !defined.contains(name)))
        };
        for (header, is_astray) in [
            ("content-security-policy", self.enforced().into_iter().any(astray)),
            ("content-security-policy-report-only", watched.is_some_and(astray)),
        ] {
            if is_astray {
                let problem = format!(
                    "{header}: report-to names an endpoint that no reporting-endpoints header defines, and makes browsers skip report-uri; add that header"
                );
                lints.push(Lint::new(Severity::Error, "csp-endpoint-missing", problem));
            }
        }
        lints
    }
}
