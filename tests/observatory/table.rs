//! Explains each difference to the scanner.

/// Describes a result that differs, in one set of headers.
pub(crate) struct Difference {
    pub(crate) set: &'static str,
    pub(crate) ours: &'static str,
    pub(crate) theirs: &'static str,
    pub(crate) reason: &'static str,
}

pub(crate) const DIFFERENCES: &[Difference] = &[
    Difference {
        set: "csp twice",
        ours: "csp-implemented-with-unsafe-inline-in-style-src-only",
        theirs: "csp-implemented-with-unsafe-inline",
        reason: "browsers enforce both lines; the scanner reads them as one line, in which a comma is part of a source",
    },
    Difference {
        set: "sts with words for a number",
        ours: "hsts-header-invalid",
        theirs: "hsts-implemented-max-age-at-least-six-months",
        reason: "browsers ignore a header whose max-age is not a number (RFC 6797 section 6.1.1)",
    },
    Difference {
        set: "sts with blanks around the sign",
        ours: "hsts-implemented-max-age-at-least-six-months",
        theirs: "hsts-header-invalid",
        reason: "browsers allow white space around the sign (RFC 6797 section 6.1)",
    },
    Difference {
        set: "sts with max-age twice",
        ours: "hsts-header-invalid",
        theirs: "hsts-implemented-max-age-at-least-six-months",
        reason: "browsers ignore a header with a directive that is written twice (RFC 6797 section 6.1)",
    },
    Difference {
        set: "cors of everybody with credentials",
        ours: "cross-origin-resource-sharing-implemented-with-universal-access",
        theirs: "cross-origin-resource-sharing-implemented-with-restricted-access",
        reason: "the scanner does not find the Origin of its own request; its documentation takes off 50 points",
    },
    Difference {
        set: "cookie that is deleted",
        ours: "cookies-not-found",
        theirs: "cookies-session-without-secure-flag",
        reason: "a line that deletes a cookie sets none; the scanner's jar keeps it",
    },
];
