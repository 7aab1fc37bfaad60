//! Policies that are one header line, without their types.

use std::{str::FromStr, sync::Arc};

use http::{HeaderName, Response};
use tower_hardening::Hardening;

pub(crate) type Through = Arc<dyn Fn(Response<Vec<u8>>) -> Response<Vec<u8>>>;

/// Represents a policy that is one header line, of any type.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) name: HeaderName,
    pub(crate) text: String,
    pub(crate) add_to: Arc<dyn Fn(Hardening) -> Hardening>,
    pub(crate) through: Through,
    pub(crate) overriding: Through,
    pub(crate) print_and_parse: Arc<dyn Fn()>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name, self.text)
    }
}

/// Returns a policy of one header line. The second argument checks it; by default it is read from
/// its own text.
macro_rules! line {
    ($policy:expr) => {
        line!($policy, $crate::line::print_and_parse)
    };
    ($policy:expr, $check:expr) => {{
        let policy = $policy;
        let (added, checked) = (policy.clone(), policy.clone());
        let layer = tower_hardening::header::HeaderLayer::new(policy.clone());
        let overriding = layer.clone().overriding();
        $crate::policy::Any::Line($crate::line::Line {
            name: policy.name().clone(),
            text: policy.to_string(),
            add_to: std::sync::Arc::new(move |all| all.with(added.clone())),
            through: std::sync::Arc::new(move |response| {
                $crate::response::through(&layer, response)
            }),
            overriding: std::sync::Arc::new(move |response| {
                $crate::response::through(&overriding, response)
            }),
            print_and_parse: std::sync::Arc::new(move || $check(&checked)),
        })
    }};
}

pub(crate) use line;

pub(crate) fn print_and_parse<P>(policy: &P)
where
    P: FromStr<Err: std::fmt::Debug> + ToString + PartialEq + std::fmt::Debug,
{
    let text = policy.to_string();
    assert_eq!(&text.parse::<P>().unwrap(), policy);
    assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && text.trim() == text);
    assert!(!text.ends_with([';', ',']));
}
