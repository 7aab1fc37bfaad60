//! Fuzzes the reader of settings: no panic, errors of one line, and policies that are written and
//! read back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_hardening::{Hardening, settings::Settings};

fuzz_target!(|text: &str| {
    let settings = match Settings::from_toml(text) {
        Ok(settings) => settings,
        Err(error) => {
            let shown = error.to_string();
            assert!(!shown.contains(['\n', '\r']), "{shown:?}");
            assert!(error.line().is_none_or(|line| line <= text.split('\n').count()), "{shown}");
            return;
        }
    };
    let hardening = settings.hardening();
    for lint in settings.lints() {
        assert!(!lint.to_string().contains('\n'), "{lint}");
    }
    let explanation = settings.explain();
    let own = explanation.headers().iter().filter(|header| header.site() == settings.site());
    assert_eq!(own.count(), hardening.headers().len());
    assert!(explanation.headers().iter().all(|header| !header.set_by().is_empty()));
    // Policies from a file can be written as a file.
    let written = serde_json::to_string(&hardening);
    let Ok(written) = written else {
        return assert!(text.contains("frontend_headers"), "{written:?}");
    };
    let read: Hardening = serde_json::from_str(&written).expect("it was written");
    assert_eq!(read, hardening, "{written}");
});
