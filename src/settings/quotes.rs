//! Explains a text that is not one word of a policy, or that lacks its single quotes.

use crate::{error::shown, policy::csp::is_unquoted_keyword};

/// Returns the problem of a text that is not a word of this directive.
pub(super) fn word_problem(directive: &str, word: &str) -> Option<String> {
    if word.is_empty() {
        return Some("the text is empty; write a source like 'https://cdn.example'".to_owned());
    }
    if let Some(inner) = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Some(format!("'{}' has double quotes of its own; write {inner}", shown(word)));
    }
    let separates = |byte: &u8| byte.is_ascii_whitespace() || b",;".contains(byte);
    match word.bytes().find(|byte| separates(byte)) {
        Some(b';') => Some(
            "';' ends the directive; write the next directive as a table of its own".to_owned(),
        ),
        Some(_) => {
            let found = shown(word);
            Some(format!("'{found}' is more than one word; write a text of its own for each"))
        }
        None => missing_quotes(directive, word),
    }
}

/// Returns the problem of a keyword without its quotes, in a list of this directive.
///
/// TOML and shells have quotes of their own around a text, so the remedy shows both.
fn missing_quotes(directive: &str, word: &str) -> Option<String> {
    let lower = word.to_ascii_lowercase();
    let is_missing = match directive {
        "require-trusted-types-for" => lower == "script",
        "webrtc" => matches!(lower.as_str(), "allow" | "block"),
        "trusted-types" => matches!(lower.as_str(), "none" | "allow-duplicates"),
        "sandbox" | "report-to" | "report-uri" => false,
        _ => is_unquoted_keyword(lower.as_bytes(), 0, word.len()),
    };
    // The letter case of a nonce or a hash has a meaning.
    let is_value =
        ["nonce-", "sha256-", "sha384-", "sha512-"].iter().any(|start| lower.starts_with(start));
    let meant = if is_value { word } else { &lower };
    is_missing.then(|| {
        format!(
            "the keyword {word} has no single quotes; write \"'{meant}'\", with the single quotes inside the double quotes"
        )
    })
}
