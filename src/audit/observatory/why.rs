//! Explains the results that take off points, and those that should.

/// The result, its header, and the problem.
const WHY: &[(&str, &str, &str)] = &[
    (
        "csp-not-implemented",
        "content-security-policy",
        "the header is absent, so an injected script runs; add a policy",
    ),
    (
        "csp-not-implemented-but-reporting-enabled",
        "content-security-policy",
        "browsers only report on the policy, so an injected script runs; send it as content-security-policy too",
    ),
    (
        "csp-header-invalid",
        "content-security-policy",
        "a directive is written twice, 'strict-dynamic' has no nonce or hash, or the policy is empty; correct the policy",
    ),
    (
        "csp-implemented-with-unsafe-inline",
        "content-security-policy",
        "scripts run from the page itself or from every host; name the hosts, or allow scripts by nonce",
    ),
    (
        "csp-implemented-with-insecure-scheme",
        "content-security-policy",
        "a source uses http: or ftp:, so that anybody on the network can replace what it loads; write https:",
    ),
    (
        "csp-implemented-with-unsafe-eval",
        "content-security-policy",
        "'unsafe-eval' turns text into code; remove it",
    ),
    (
        "csp-implemented-with-insecure-scheme-in-passive-content-only",
        "content-security-policy",
        "an image, audio or video source uses http: or ftp:; write https:",
    ),
    (
        "cookies-without-secure-flag-but-protected-by-hsts",
        "set-cookie",
        "the cookie has no Secure; add it",
    ),
    (
        "cookies-session-without-secure-flag-but-protected-by-hsts",
        "set-cookie",
        "the session cookie has no Secure; add it",
    ),
    (
        "cookies-without-secure-flag",
        "set-cookie",
        "the cookie has no Secure, and is sent over http too; add it",
    ),
    (
        "cookies-samesite-flag-invalid",
        "set-cookie",
        "browsers do not accept its SameSite; write Lax or Strict, or None with Secure",
    ),
    (
        "cookies-anticsrf-without-samesite-flag",
        "set-cookie",
        "the cookie against forged requests has no SameSite; write Lax or Strict",
    ),
    (
        "cookies-session-without-httponly-flag",
        "set-cookie",
        "every script of the page can read the session cookie; add HttpOnly",
    ),
    (
        "cookies-session-without-secure-flag",
        "set-cookie",
        "the session cookie has no Secure, and is sent over http too; add it",
    ),
    (
        "cross-origin-resource-sharing-implemented-with-universal-access",
        "access-control-allow-credentials",
        "every site can read responses with the visitor's cookies; name the origins that may",
    ),
    (
        "redirection-off-host-from-http",
        "location",
        "the first redirect leads to another host, so the host that was asked never sends strict-transport-security; redirect to https at the same host first",
    ),
    (
        "redirection-not-to-https-on-initial-redirection",
        "location",
        "the first redirect leads to another http address; redirect to https first",
    ),
    (
        "redirection-not-to-https",
        "location",
        "requests over http end at a page without https; redirect to https",
    ),
    ("redirection-missing", "location", "the page is served over http; redirect to https"),
    (
        "referrer-policy-unsafe",
        "referrer-policy",
        "the policy gives origins or whole addresses to other sites; write strict-origin-when-cross-origin",
    ),
    (
        "referrer-policy-header-invalid",
        "referrer-policy",
        "browsers know no policy of the header; write strict-origin-when-cross-origin",
    ),
    (
        "hsts-implemented-max-age-less-than-six-months",
        "strict-transport-security",
        "browsers forget within six months that the site has https; write max-age=31536000",
    ),
    (
        "hsts-not-implemented",
        "strict-transport-security",
        "the header is absent, so a visitor's next request can go over http; add it",
    ),
    (
        "hsts-header-invalid",
        "strict-transport-security",
        "browsers ignore the header, or it is sent twice; write one line with max-age=31536000",
    ),
    (
        "hsts-not-implemented-no-https",
        "strict-transport-security",
        "the site has no https, without which the header has no effect; serve https, and add the header there",
    ),
    (
        "x-content-type-options-not-implemented",
        "x-content-type-options",
        "the header is absent, so browsers can take a file for a script or a style; write nosniff",
    ),
    (
        "x-content-type-options-header-invalid",
        "x-content-type-options",
        "the value is not nosniff, once; write nosniff",
    ),
    (
        "x-frame-options-allow-from-origin",
        "x-frame-options",
        "no current browser supports ALLOW-FROM, so every site can frame the page; write frame-ancestors in the content-security-policy",
    ),
    (
        "x-frame-options-not-implemented",
        "x-frame-options",
        "every site can frame the page and lead clicks astray; write SAMEORIGIN, or frame-ancestors in the content-security-policy",
    ),
    (
        "x-frame-options-header-invalid",
        "x-frame-options",
        "the value is not DENY or SAMEORIGIN, once; write one of them",
    ),
    (
        "corp-header-invalid",
        "cross-origin-resource-policy",
        "the value is not same-origin, same-site or cross-origin, once; write one of them",
    ),
];

/// Returns the header and the problem of a result, if it is a weakness.
pub(super) fn of(result: &str) -> Option<(&'static str, &'static str)> {
    let row = WHY.iter().find(|(id, ..)| *id == result)?;
    Some((row.1, row.2))
}

#[cfg(test)]
mod tests {
    use super::{super::super::scores::points, WHY, of};

    #[test]
    fn every_result_that_takes_off_points_is_explained() {
        for line in include_str!("../scores.tsv").lines().filter(|line| line.contains("\t-")) {
            let (id, _) = line.split_once('\t').unwrap();
            assert!(of(id).is_some(), "{id}");
        }
        let free = WHY.iter().filter(|(id, ..)| points(id) == 0).map(|(id, ..)| *id);
        assert_eq!(free.collect::<Vec<_>>(), ["x-frame-options-allow-from-origin"]);
    }
}
