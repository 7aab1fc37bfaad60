//! Defines errors that tell what was found, where, and what to write instead.

use std::{borrow::Cow, fmt};

/// Reports that a policy's text is invalid.
///
/// `Display` writes one line: the header, the byte where parsing stopped, what was found there and
/// what to write instead.
///
/// ```
/// use tower_hardening::ReferrerPolicy;
///
/// let error = "sameorigin".parse::<ReferrerPolicy>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "referrer-policy, byte 0: 'sameorigin' is not a policy; did you mean 'same-origin'?",
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    subject: Cow<'static, str>,
    offset: usize,
    problem: Cow<'static, str>,
}

impl ParseError {
    pub(crate) fn new(
        subject: impl Into<Cow<'static, str>>,
        offset: usize,
        problem: impl Into<Cow<'static, str>>,
    ) -> Self {
        let problem = problem.into();
        let is_one_line = !problem.contains(char::is_control);
        let problem = if is_one_line { problem } else { shown(&problem).into() };
        Self { subject: subject.into(), offset, problem }
    }

    /// Returns the header, in lower case, or the kind of value.
    ///
    /// The kind is that of the value being parsed, such as `origin`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Returns the start of the problem, in bytes from the start of the text.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Describes what was found and what to write instead.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    /// Converts an error in a part of a text to an error in the whole text.
    ///
    /// The part begins at `start`.
    pub(crate) fn within(mut self, subject: &'static str, start: usize) -> Self {
        self.subject = Cow::Borrowed(subject);
        self.offset += start;
        self
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, byte {}: {}", self.subject, self.offset, self.problem)
    }
}

impl std::error::Error for ParseError {}

/// Writes text as its author wrote it, with its quotes and backslashes. Only
/// characters that cannot be seen, or that would break the line, are escaped.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '\'' | '\\' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    shown
}

/// Returns the candidate nearest to `word`, if `word` is likely a misspelling.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    candidates
        .iter()
        .filter_map(|candidate| Some((near(word.as_bytes(), candidate.as_bytes())?, *candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns `; did you mean '…'?` if a candidate is near, else `otherwise`.
pub(crate) fn did_you_mean(word: &str, candidates: &[&str], otherwise: &str) -> String {
    match nearest(word, candidates) {
        Some(candidate) => format!("; did you mean '{candidate}'?"),
        None => format!("; {otherwise}"),
    }
}

/// Returns the Levenshtein distance in bytes, ignoring ASCII case.
///
/// Returns `None` if the distance is too large for a misspelling.
pub(crate) const fn near(word: &[u8], candidate: &[u8]) -> Option<usize> {
    let mut row = [0; 64];
    let (length, limit) = (candidate.len(), 1 + candidate.len() / 4);
    if length >= row.len() || word.len().abs_diff(length) > limit {
        return None;
    }
    let mut j = 0;
    while j <= length {
        row[j] = j;
        j += 1;
    }
    let mut i = 0;
    while i < word.len() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        j = 0;
        while j < length {
            let differs = !word[i].eq_ignore_ascii_case(&candidate[j]);
            let substituted = diagonal + differs as usize;
            diagonal = row[j + 1];
            row[j + 1] = least(substituted, least(row[j], diagonal) + 1);
            j += 1;
        }
        i += 1;
    }
    if row[length] <= limit { Some(row[length]) } else { None }
}

const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_shown_as_it_was_written_but_for_control_characters() {
        assert_eq!(shown(r#"host = "a\b" # 'ü'"#), r#"host = "a\b" # 'ü'"#);
        assert_eq!(shown("a\r\n\0\u{9b}\u{a0}"), r"a\r\n\0\u{9b}\u{a0}");
    }

    #[test]
    fn an_error_is_one_line_whatever_the_text() {
        let error = ParseError::new("nel", 0, "'a\nb\u{1b}[1m' is not a value").to_string();
        assert_eq!(error, r"nel, byte 0: 'a\nb\u{1b}[1m' is not a value");
    }

    #[test]
    fn a_misspelling_finds_a_candidate_and_another_word_finds_none() {
        let names = ["same-origin", "origin", "no-referrer"];
        assert_eq!(nearest("sameorigin", &names), Some("same-origin"));
        assert_eq!(nearest("Orgin", &names), Some("origin"));
        assert_eq!(nearest("everything", &names), None);
        assert_eq!(nearest(&"x".repeat(1 << 20), &names), None);
    }
}
