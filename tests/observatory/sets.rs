//! Lists sets of headers: defaults of other projects, and sets made for one rule each.

/// Selects the answer of the server over http.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Http {
    Redirect,
    Page,
    Off,
}

/// Holds a set of headers, with its name.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    pub(crate) headers: &'static [&'static str],
    pub(crate) http: Http,
}

const fn set(name: &'static str, headers: &'static [&'static str]) -> Set {
    Set { name, headers, http: Http::Redirect }
}

/// The origin that the scanner sends in its preflight request.
pub(crate) const ORIGIN: &str = "https://http-observatory.security.mozilla.org";

pub(crate) const SETS: &[Set] = &[
    set(
        "helmet",
        &[
            "content-security-policy: default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "origin-agent-cluster: ?1",
            "referrer-policy: no-referrer",
            "strict-transport-security: max-age=31536000; includeSubDomains",
            "x-content-type-options: nosniff",
            "x-dns-prefetch-control: off",
            "x-download-options: noopen",
            "x-frame-options: SAMEORIGIN",
            "x-permitted-cross-domain-policies: none",
            "x-xss-protection: 0",
        ],
    ),
    set(
        "secure_headers",
        &[
            "content-security-policy: default-src https:; form-action 'self'; img-src https: data: 'self'; object-src 'none'; script-src https:; style-src 'self' 'unsafe-inline' https:",
            "strict-transport-security: max-age=631138519",
            "x-content-type-options: nosniff",
            "x-download-options: noopen",
            "x-frame-options: sameorigin",
            "x-permitted-cross-domain-policies: none",
            "x-xss-protection: 0",
        ],
    ),
    set("nothing", &[]),
    Set { name: "a page over http", headers: &[], http: Http::Page },
    Set {
        name: "no http",
        headers: &["strict-transport-security: max-age=31536000"],
        http: Http::Off,
    },
    // Content-Security-Policy.
    set("csp of nothing", &["content-security-policy: default-src 'none'"]),
    set(
        "csp with a nonce",
        &[
            "content-security-policy: script-src 'nonce-abc' 'strict-dynamic' https: 'unsafe-inline'; object-src 'none'; style-src 'self'",
        ],
    ),
    set(
        "csp with strict-dynamic alone",
        &["content-security-policy: script-src 'strict-dynamic'; object-src 'none'"],
    ),
    set(
        "csp with inline styles",
        &["content-security-policy: default-src 'self'; style-src 'unsafe-inline'"],
    ),
    set(
        "csp with inline scripts",
        &["content-security-policy: default-src 'self' 'unsafe-inline'"],
    ),
    set(
        "csp with a nonce in default-src",
        &["content-security-policy: default-src 'nonce-abc' 'unsafe-inline'"],
    ),
    set("csp without object-src", &["content-security-policy: script-src 'self'"]),
    set("csp with eval", &["content-security-policy: default-src 'self' 'unsafe-eval'"]),
    set(
        "csp with http scripts",
        &["content-security-policy: default-src 'self'; script-src http://a.example"],
    ),
    set(
        "csp with http images",
        &["content-security-policy: default-src 'self'; img-src http://a.example"],
    ),
    set(
        "csp with http reports",
        &["content-security-policy: default-src 'self'; report-uri http://a.example/"],
    ),
    set("csp with every host", &["content-security-policy: default-src *"]),
    set("csp with data scripts", &["content-security-policy: script-src data:; object-src 'none'"]),
    set(
        "csp with a directive twice",
        &["content-security-policy: default-src 'self'; default-src *"],
    ),
    set(
        "csp with report-uri twice",
        &["content-security-policy: default-src 'self'; report-uri /a; report-uri /b"],
    ),
    set("csp that is short", &["content-security-policy: a"]),
    set(
        "csp in capitals",
        &["content-security-policy: DEFAULT-SRC 'NONE'; FRAME-ANCESTORS 'none'"],
    ),
    set("csp with an empty list", &["content-security-policy: default-src; frame-ancestors"]),
    set("csp that is only reported", &["content-security-policy-report-only: default-src 'self'"]),
    set(
        "csp twice",
        &[
            "content-security-policy: script-src 'self'",
            "content-security-policy: object-src 'none'; frame-ancestors 'none'",
        ],
    ),
    // Single headers.
    set("frames by allow-from", &["x-frame-options: ALLOW-FROM https://a.example"]),
    set("frames denied", &["x-frame-options: deny"]),
    set("frames twice", &["x-frame-options: DENY", "x-frame-options: DENY"]),
    set("frames misspelt", &["x-frame-options: SAME-ORIGIN"]),
    set("nosniff twice", &["x-content-type-options: nosniff", "x-content-type-options: nosniff"]),
    set("nosniff in capitals", &["x-content-type-options: NOSNIFF"]),
    set("sts of a minute", &["strict-transport-security: max-age=60"]),
    set("sts of 180 days", &["strict-transport-security: max-age=15552000"]),
    set("sts without max-age", &["strict-transport-security: includeSubDomains; preload"]),
    set(
        "sts twice",
        &[
            "strict-transport-security: max-age=31536000",
            "strict-transport-security: max-age=31536000",
        ],
    ),
    set("sts in quotes", &["strict-transport-security: max-age=\"31536000\"; includeSubDomains"]),
    set("sts with words for a number", &["strict-transport-security: max-age=long"]),
    set("sts with blanks around the sign", &["strict-transport-security: max-age = 31536000"]),
    set(
        "sts with max-age twice",
        &["strict-transport-security: max-age=31536000; max-age=31536000"],
    ),
    set(
        "referrer of an old browser",
        &["referrer-policy: no-referrer, strict-origin-when-cross-origin"],
    ),
    set("referrer unsafe", &["referrer-policy: unsafe-url"]),
    set("referrer misspelt", &["referrer-policy: same_origin"]),
    set("referrer with an unknown last word", &["referrer-policy: same-origin, something-new"]),
    set("resources of a site", &["cross-origin-resource-policy: same-site"]),
    set("resources of all", &["cross-origin-resource-policy: cross-origin"]),
    set("resources misspelt", &["cross-origin-resource-policy: self"]),
    // CORS.
    set("cors of all", &["access-control-allow-origin: *"]),
    set(
        "cors of one site",
        &[
            "access-control-allow-origin: https://a.example",
            "access-control-allow-credentials: true",
        ],
    ),
    set(
        "cors of everybody with credentials",
        &[
            "access-control-allow-origin: https://http-observatory.security.mozilla.org",
            "access-control-allow-credentials: true",
        ],
    ),
    // Cookies.
    set(
        "cookie that is good",
        &["set-cookie: __Host-session=1; Path=/; Secure; HttpOnly; SameSite=Lax"],
    ),
    set("cookie without same-site", &["set-cookie: session=1; Secure; HttpOnly"]),
    set("cookie without secure", &["set-cookie: a=1; SameSite=Lax"]),
    set(
        "cookie without secure, with sts",
        &["set-cookie: a=1", "strict-transport-security: max-age=31536000"],
    ),
    set("session without secure", &["set-cookie: PHPSESSID=1; HttpOnly"]),
    set(
        "session without secure, with sts",
        &["set-cookie: login=1; HttpOnly", "strict-transport-security: max-age=31536000"],
    ),
    set("session without http-only", &["set-cookie: sessionid=1; Secure; SameSite=Lax"]),
    set("csrf token without same-site", &["set-cookie: csrftoken=1; Secure"]),
    set("same-site misspelt", &["set-cookie: a=1; Secure; SameSite=Laks"]),
    set("same-site none without secure", &["set-cookie: a=1; SameSite=None"]),
    set("two cookies", &["set-cookie: a=1; Secure; SameSite=Lax", "set-cookie: session=1; Secure"]),
    set("cookie of a load balancer", &["set-cookie: heroku-session-affinity=1"]),
    set("cookie that breaks its prefix", &["set-cookie: __Host-a=1; Path=/"]),
    set(
        "cookie that is replaced",
        &["set-cookie: session=1", "set-cookie: session=2; Secure; HttpOnly; SameSite=Lax"],
    ),
    set("cookie that is deleted", &["set-cookie: session=; Max-Age=0"]),
];
