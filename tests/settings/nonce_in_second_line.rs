//! Tests the key that sends a policy in two lines.

use tower_hardening::{Nonce, settings::Settings};

const KEY: &str = "[http_security]\nnonce_in_second_line = true\n";

#[test]
fn the_key_sends_the_nonce_in_a_second_line() {
    let settings: Settings = format!("profile = \"strict\"\n{KEY}").parse().unwrap();
    let nonce = Nonce::from_value("MTIzNDU2Nzg5MDEyMzQ1Njc4").unwrap();
    let headers = settings.hardening().headers_with_nonce(&nonce);
    let lines: Vec<_> = headers
        .iter()
        .filter(|(name, _)| name == "content-security-policy")
        .map(|(_, value)| value.to_str().unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    assert!(!lines[0].contains("nonce-"), "{}", lines[0]);
    assert_eq!(lines[1], "script-src 'self' 'nonce-MTIzNDU2Nzg5MDEyMzQ1Njc4' 'strict-dynamic'");
    assert!(settings.lints().iter().all(|lint| !lint.message().contains("second_line")));
}

#[test]
fn a_policy_that_cannot_be_split_is_an_error_at_the_key() {
    let error = |file: String| file.parse::<Settings>().unwrap_err().to_string();
    assert_eq!(
        error(format!("profile = \"guide\"\n{KEY}")),
        "settings, line 3, http_security.nonce_in_second_line: no directive has 'nonce-{}', so a second line \
         would be empty; add it to script-src, or send the policy in one line"
    );
    let default =
        format!("profile = \"strict\"\n{KEY}[csp.default-src]\nset = [\"'nonce-{{}}'\"]\n");
    assert_eq!(
        error(default),
        "settings, line 3, http_security.nonce_in_second_line: default-src has 'nonce-{}', and a second line with \
         default-src would have to repeat the policy; write the nonce in script-src or style-src"
    );
}

#[test]
fn without_headers_the_key_does_nothing_and_a_lint_says_so() {
    let file = format!("profile = \"strict\"\n{KEY}enabled = false\n");
    let settings: Settings = file.parse().unwrap();
    let lints = settings.lints();
    let ours = |lint: &&tower_hardening::Lint| lint.message().contains("nonce_in_second_line");
    assert_eq!(lints.iter().find(ours).map(|lint| lint.id()), Some("http-security-key-off"));
}
