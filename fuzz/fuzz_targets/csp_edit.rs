//! Fuzzes edits of a policy: each edit changes its own directive only, and what is printed is what
//! was meant.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_hardening::{
    ContentSecurityPolicy,
    csp::{Source, SourceDirective},
};

mod browser;

const DIRECTIVES: [SourceDirective; 8] = [
    SourceDirective::DEFAULT_SRC,
    SourceDirective::SCRIPT_SRC,
    SourceDirective::SCRIPT_SRC_ELEM,
    SourceDirective::STYLE_SRC,
    SourceDirective::IMG_SRC,
    SourceDirective::FRAME_SRC,
    SourceDirective::WORKER_SRC,
    SourceDirective::BASE_URI,
];

const SOURCES: [Source; 6] = [
    Source::SELF,
    Source::NONCE,
    Source::UNSAFE_INLINE,
    Source::STRICT_DYNAMIC,
    Source::DATA,
    Source::ANY,
];

// A policy, a line end, and two bytes for each edit.
fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (text, edits) = input.split_at(end);
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(mut policy) = text.parse::<ContentSecurityPolicy>() else { return };
    for edit in edits.get(1..).unwrap_or_default().chunks_exact(2).take(16) {
        let directive = DIRECTIVES[usize::from(edit[0] % 8)];
        let source = SOURCES[usize::from(edit[1] % 6)].clone();
        let before = browser::directives(&policy);
        let edited = match edit[0] >> 6 {
            0 => policy.clone().set(directive, [source.clone()]),
            1 => policy.clone().remove(directive.name()),
            _ => policy.clone().extend(directive, [source.clone()]),
        };
        policy = match edited {
            Ok(edited) => edited,
            // A source without effect is rejected, as in text; all these are short.
            Err(error) => {
                let written = format!("{} {source}", directive.name());
                let refused = written.parse::<ContentSecurityPolicy>().is_err();
                assert!(
                    refused || source == Source::NONCE || policy.to_string().len() > 4096,
                    "{error}"
                );
                continue;
            }
        };
        let after = browser::directives(&policy);
        let others = |read: browser::Read| -> browser::Read {
            read.into_iter().filter(|(name, _)| name != directive.name()).collect()
        };
        assert_eq!(others(before), others(after.clone()));
        let seen: Vec<_> = (!after.is_empty()).then_some(after).into_iter().collect();
        assert_eq!(browser::read(policy.to_string().as_bytes()), seen);
        // Every policy that can be built is read back from its text; the empty one has none.
        let read = policy.to_string().parse();
        assert_eq!(read.ok(), Some(policy.clone()).filter(|policy| !policy.is_empty()));
    }
});
