//! Fuzzes the strict reader: one policy that a browser reads the same, or an error with its place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_hardening::{
    ContentSecurityPolicy,
    csp::{EndpointName, FrameAncestor, Source, TrustedTypesPolicy},
};

mod browser;

fuzz_target!(|text: &str| {
    match text.parse::<ContentSecurityPolicy>() {
        Ok(policy) => {
            let seen = browser::read(policy.to_string().as_bytes());
            assert_eq!(seen, [browser::directives(&policy)]);
            // The words that were written are printed, except for letter case and repeats.
            let words = |read: &[browser::Read]| -> std::collections::BTreeSet<String> {
                let values = read.iter().flatten().flat_map(|(name, values)| {
                    values.iter().map(move |value| format!("{name} {value}").to_lowercase())
                });
                values.collect()
            };
            assert_eq!(words(&browser::read(text.as_bytes())), words(&seen));
            assert_eq!(policy.to_string().parse(), Ok(policy));
        }
        Err(error) => {
            assert!(text.is_char_boundary(error.offset()));
            assert!(!error.to_string().contains('\n'));
        }
    }
    let none = ContentSecurityPolicy::NONE;
    let policies = [
        Source::host(text).and_then(|source| none.clone().img_src([source])),
        text.parse().and_then(|source: Source| none.clone().script_src([source])),
        FrameAncestor::host(text).and_then(|ancestor| none.clone().frame_ancestors([ancestor])),
        text.parse().and_then(|name: EndpointName| none.clone().report_to(name)),
        text.parse().and_then(|name: TrustedTypesPolicy| none.clone().trusted_types([name])),
        none.clone().report_uri(text),
        none.clone().set_text("img-src", text).and_then(|policy| {
            // Several sources are fine in a text.
            let one = policy.get("img-src").is_some_and(|images| images.values().count() == 1);
            if one { Ok(policy) } else { none.clone().img_src([]) }
        }),
    ];
    for policy in policies.into_iter().flatten() {
        let [seen] = &browser::read(policy.to_string().as_bytes())[..] else { panic!("{policy}") };
        // `frame-ancestors` is there already.
        assert!(seen.len() <= 5 && seen.len() >= 4, "{policy}");
        let one = |name: &str| matches!(name, "default-src" | "base-uri" | "form-action");
        for (name, values) in seen {
            assert!(values.len() == 1 && (!one(name) || values[0] == "'none'"), "{policy}");
        }
    }
    if let Ok(policy) = none.clone().dangerous_directive("x-custom", text) {
        let [seen] = &browser::read(policy.to_string().as_bytes())[..] else { panic!("{policy}") };
        assert_eq!(seen.len(), 5);
    }
});
