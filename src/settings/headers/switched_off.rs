//! Finds keys of `[headers]` that switch off or weaken a header that protects pages.

use http::HeaderName;

use crate::{
    policy::{RemoveHeaders, hardening::Hardening},
    settings::left_out::LeftOut,
};

/// The values that browsers read as no protection at all.
const WEAKEST: &[(&str, &str)] = &[
    ("cross-origin-embedder-policy", "unsafe-none"),
    ("cross-origin-opener-policy", "unsafe-none"),
    ("cross-origin-resource-policy", "cross-origin"),
    ("document-isolation-policy", "none"),
    ("origin-agent-cluster", "?0"),
    ("referrer-policy", "unsafe-url"),
];

/// Holds a lint whose key is not known yet.
pub(super) struct Weakening {
    id: &'static str,
    problem: String,
}

impl Weakening {
    pub(super) fn at(self, key: String) -> LeftOut {
        LeftOut { key, id: self.id, problem: self.problem }
    }
}

/// Returns the lint of a header that is not sent any more.
///
/// `hardening` has the policies without this key. `X-Frame-Options` protects nothing where a policy
/// has `frame-ancestors`.
pub(super) fn off(name: &str, hardening: &Hardening) -> Option<Weakening> {
    let is_implied = || {
        let csp = hardening.csp();
        name == "x-frame-options" && csp.is_some_and(|csp| csp.get("frame-ancestors").is_some())
    };
    if !RemoveHeaders::protects(name) || is_implied() {
        return None;
    }
    let value = value_of(name, hardening)?;
    let problem = match name {
        "strict-transport-security" => {
            "an attacker on the network can keep a browser on http; remove this key".to_owned()
        }
        _ => format!(
            "pages lose the protection of '{value}', which is sent without this key; remove it"
        ),
    };
    Some(Weakening { id: "header-off", problem })
}

/// Returns the lint of a value that takes the place of a stricter one.
pub(super) fn weaker(name: &str, value: &str, hardening: &Hardening) -> Option<Weakening> {
    let is_weakest = WEAKEST
        .iter()
        .any(|(header, weakest)| *header == name && value.trim().eq_ignore_ascii_case(weakest));
    let stricter = is_weakest.then(|| value_of(name, hardening)).flatten()?;
    (stricter != value).then(|| {
        let problem = format!(
            "this value switches off the protection of '{stricter}', which is sent without this key; remove it"
        );
        Weakening { id: "header-weaker", problem }
    })
}

/// Returns the value that the policies send, shortened for a message.
fn value_of(name: &str, hardening: &Hardening) -> Option<String> {
    const LONGEST: usize = 60;
    let header = HeaderName::try_from(name).ok()?;
    let headers = hardening.headers();
    let (_, value) = headers.iter().find(|(sent, _)| *sent == header)?;
    let text = value.to_str().ok()?;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => Some(format!("{}…", &text[..end])),
        None => Some(text.to_owned()),
    }
}
