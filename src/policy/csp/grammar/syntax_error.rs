//! Describes a syntax error in a policy's text, before its message is written.

/// Holds a syntax error: the bytes from `start` to `end`.
#[derive(Clone, Copy)]
pub(in crate::policy::csp) struct SyntaxError {
    pub(in crate::policy::csp) start: usize,
    pub(in crate::policy::csp) end: usize,
    /// The problem and the remedy. They follow the quoted bytes in the
    /// message.
    pub(in crate::policy::csp) problem: &'static str,
    /// The table that is searched for a similar word.
    pub(in crate::policy::csp) words: Words,
}

/// Represents the table in which a misspelt word is looked up.
#[derive(Clone, Copy)]
pub(in crate::policy::csp) enum Words {
    /// The text is not a misspelt word.
    None,
    Directives,
    Keywords,
    SandboxTokens,
}

/// Returns a syntax error that is not a misspelling.
pub(in crate::policy::csp) const fn wrong(
    start: usize,
    end: usize,
    problem: &'static str,
) -> Option<SyntaxError> {
    Some(SyntaxError { start, end, problem, words: Words::None })
}

/// Returns the error for a word that is not in the table. The remedy in
/// `problem` applies if no word in the table is similar.
pub(in crate::policy::csp) const fn unknown(
    start: usize,
    end: usize,
    words: Words,
    problem: &'static str,
) -> Option<SyntaxError> {
    Some(SyntaxError { start, end, problem, words })
}
