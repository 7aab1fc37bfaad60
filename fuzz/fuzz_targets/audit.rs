//! Audits of any response: nothing makes an audit panic, and each finding is one line with its fixes.
//!
//! The input is lines of a name, a colon, and a value. The first byte selects facts about the server.
#![no_main]

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use tower_hardening::{
    Hardening,
    audit::{Grade, Observation, Redirection, diff},
};

fuzz_target!(|input: &[u8]| {
    let Some((facts, lines)) = input.split_first() else { return };
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let end = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let (name, value) = line.split_at(end);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
        {
            headers.append(name, value);
        }
    }
    let mut observation = Observation::new(StatusCode::OK, &headers);
    if facts & 1 != 0 {
        observation = observation.over_http();
    }
    if facts & 2 != 0 {
        observation = observation.redirection(Redirection::Missing);
    }
    if facts & 4 != 0 {
        observation = observation.preflight("https://a.example", &headers);
    }
    let audit = observation.audit();
    assert_eq!(audit, observation.audit());
    assert!((audit.grade() == Grade::APlus) == (audit.score() >= 100));
    for finding in audit.findings() {
        assert_eq!(finding.to_string().lines().count(), 3, "{finding}");
        assert!(finding.points() <= 0 && !finding.api().is_empty(), "{finding}");
    }
    for hardening in [Hardening::recommended(), Hardening::api(), Hardening::empty()] {
        for difference in diff(&hardening, &headers) {
            assert_ne!(difference.configured(), difference.received(), "{difference}");
            assert!(!difference.to_string().ends_with(':'), "{difference}");
        }
        let sent: HeaderMap = hardening.headers().into_iter().collect();
        assert!(diff(&hardening, &sent).is_empty());
    }
});
