//! Decides on text and bytes that become script: `eval` and WebAssembly (CSP3 section 4.4).

use super::{evaluation::Verdict, load::EvalText, policy::Policy, trusted_types};

/// Represents the enforced policies' rule on plain strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TrustedTypes {
    Required,
    Optional,
}

/// Decides on `eval`. Trusted Types may be required by another policy.
pub(super) fn eval(policy: &Policy<'_>, text: EvalText, types: TrustedTypes) -> Verdict {
    if text == EvalText::Plain {
        let sink = trusted_types::sink(policy);
        if !sink.is_allowed {
            return sink;
        }
    }
    let trusted = match types {
        TrustedTypes::Required => &["'unsafe-eval'", "'trusted-types-eval'"][..],
        TrustedTypes::Optional => &["'unsafe-eval'"],
    };
    keyword_of_script(policy, trusted)
}

/// Decides on the compilation of WebAssembly.
pub(super) fn web_assembly(policy: &Policy<'_>) -> Verdict {
    keyword_of_script(policy, &["'unsafe-eval'", "'wasm-unsafe-eval'"])
}

fn keyword_of_script(policy: &Policy<'_>, keywords: &[&str]) -> Verdict {
    let Some(limit) = policy.limit("script-src") else { return Verdict::unlimited() };
    match keywords.iter().find_map(|keyword| limit.list.keyword(keyword)) {
        None => Verdict::blocked(limit.directive, None),
        source => Verdict::allowed(limit.directive, source),
    }
}
