//! A syntax error in a policy's text, before it is put into words.

/// A syntax error: the bytes from `start` to `end`.
#[derive(Clone, Copy)]
pub(in crate::policy::csp) struct SyntaxError {
    pub(in crate::policy::csp) start: usize,
    pub(in crate::policy::csp) end: usize,
    /// The problem and what to write instead; it follows the bytes in quotes.
    pub(in crate::policy::csp) problem: &'static str,
    /// The words of which the nearest was probably meant.
    pub(in crate::policy::csp) words: Words,
}

/// The table in which a misspelt word is looked up.
#[derive(Clone, Copy)]
pub(in crate::policy::csp) enum Words {
    /// The text is not a misspelt word.
    None,
    Directives,
    Keywords,
    SandboxTokens,
}

/// A syntax error that is not a misspelling.
pub(in crate::policy::csp) const fn wrong(
    start: usize,
    end: usize,
    problem: &'static str,
) -> Option<SyntaxError> {
    Some(SyntaxError { start, end, problem, words: Words::None })
}

/// A word that is not in the table; the problem's remedy is for words that are not near to one.
pub(in crate::policy::csp) const fn unknown(
    start: usize,
    end: usize,
    words: Words,
    problem: &'static str,
) -> Option<SyntaxError> {
    Some(SyntaxError { start, end, problem, words })
}
