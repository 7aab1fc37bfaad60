//! Decides on what the `sandbox` directive turns off for the whole page (CSP3 section 6.3.2).

use super::{
    destination::Destination,
    evaluation::Verdict,
    load::{Kind, Load},
    policy::Policy,
};

/// Returns the verdict of a `sandbox` that blocks scripts or forms.
///
/// A report-only policy has no sandbox.
pub(super) fn blocked(policy: &Policy<'_>, load: &Load) -> Option<Verdict> {
    policy.policy.get("sandbox")?;
    let needed = match &load.kind {
        Kind::FormAction(_) => "allow-forms",
        Kind::Inline(kind) if kind.is_script() => "allow-scripts",
        Kind::Eval(_) | Kind::WebAssembly => "allow-scripts",
        Kind::Fetch(Destination::Script, _) => "allow-scripts",
        _ => return None,
    };
    (!policy.has("sandbox", needed)).then(|| Verdict::blocked("sandbox", None))
}
