//! Tests how a URL matches a list of sources.

use tower_hardening::{
    ContentSecurityPolicy,
    csp::{Destination::*, Evaluator},
};

use super::{assert_answer, fetch, held_to, page};

/// Sources, each with a URL, and whether the source allows it.
const MATCHES: &[(&str, &str, bool)] = &[
    ("*", "https://any.example:8443/x", true),
    ("*", "http://any.example/x", true),
    ("*", "data:image/png,1", false),
    ("*", "blob:https://own.example/1", false),
    ("data:", "data:image/png,1", true),
    ("http:", "https://any.example/", true),
    ("https:", "http://any.example/", false),
    ("any.example", "https://any.example/x", true),
    ("any.example", "http://any.example/x", false),
    ("ANY.example", "https://any.EXAMPLE/x", true),
    ("http://any.example", "https://any.example/", true),
    ("https://any.example", "http://any.example/", false),
    ("*.any.example", "https://a.b.any.example/", true),
    ("*.any.example", "https://any.example/", false),
    ("*.any.example", "https://notany.example/", false),
    ("any.example:8443", "https://any.example:8443/", true),
    ("any.example:8443", "https://any.example/", false),
    ("any.example:443", "https://any.example/", true),
    ("any.example:*", "https://any.example:1/", true),
    ("any.example", "https://any.example:8443/", false),
    ("any.example/img/", "https://any.example/img/a/b.png", true),
    ("any.example/img", "https://any.example/img/a.png", false),
    ("any.example/img", "https://any.example/img", true),
    ("any.example/Img", "https://any.example/img", false),
    ("any.example/a%62", "https://any.example/%61b", true),
    ("any.example/", "https://any.example/img", true),
    ("'self'", "https://own.example/", true),
    ("'SELF'", "https://own.example:443/", true),
    ("'self'", "https://own.example:8443/", false),
    ("'self'", "http://own.example/", false),
    ("'self'", "blob:https://own.example/1", false),
    ("'none'", "https://own.example/", false),
    ("'none' any.example", "https://any.example/", true),
    ("self", "https://own.example/", false),
    ("any.example?x", "https://any.example/?x", false),
    ("*any.example", "https://many.example/", false),
    ("", "https://own.example/", false),
];

#[test]
fn a_url_matches_a_source_as_csp3_says() {
    for (source, url, is_allowed) in MATCHES {
        let answer = held_to(&format!("img-src {source}")).allows(&fetch(Image, url));
        assert_eq!(answer.is_allowed(), *is_allowed, "{source}: {url}");
        assert_eq!(answer.directive(), Some("img-src"));
        let decided = if source.starts_with("'none' ") { "any.example" } else { *source };
        assert_eq!(answer.source(), is_allowed.then_some(decided), "{source}: {url}");
    }
}

#[test]
fn a_path_does_not_count_after_a_redirect() {
    let load =
        fetch(Image, "https://own.example/go").redirected_to("https://cdn.example/b").unwrap();
    assert_answer("img-src 'self' cdn.example/a", &load, "allowed by img-src 'self'");
    assert_answer("img-src 'self' cdn2.example/a", &load, "blocked by img-src");
    assert_answer("img-src cdn.example", &load, "blocked by img-src");
}

#[test]
fn an_address_matches_in_engines_and_not_in_csp3() {
    for (source, url) in [
        ("https://192.0.2.1", "https://192.0.2.1/"),
        ("https://127.0.0.1:8443", "https://127.0.0.1:8443/"),
        ("https://*", "https://192.0.2.1/"),
        ("https://*", "https://[2001:db8::1]/"),
    ] {
        let answer = held_to(&format!("img-src {source}")).allows(&fetch(Image, url));
        assert!(!answer.is_allowed(), "{source}");
        assert!(answer.differences()[0].is_allowed(), "{source}");
        assert!(answer.differences()[0].reason().contains("6.7.2.10"), "{answer}");
    }
    let answer = held_to("img-src https:").allows(&fetch(Image, "https://192.0.2.1/"));
    assert!(answer.is_allowed() && answer.differences().is_empty());
    let own = Evaluator::new(page("https://[2001:db8::1]"));
    let own = own.enforcing(&ContentSecurityPolicy::from_static("img-src 'self'"));
    assert!(own.allows(&fetch(Image, "https://[2001:DB8:0::1]/")).is_allowed());
}

#[test]
fn an_upgraded_port_and_a_websocket_have_both_answers() {
    let answer = held_to("img-src http://a.example:80").allows(&fetch(Image, "https://a.example/"));
    assert!(!answer.is_allowed() && answer.differences()[0].is_allowed());
    let answer = held_to("connect-src https:").allows(&fetch(Connect, "wss://a.example/"));
    assert!(answer.is_allowed() && !answer.differences()[0].is_allowed());
    for list in ["'self'", "wss://own.example", "own.example", "wss:", "*"] {
        let answer = held_to(&format!("connect-src {list}"));
        let answer = answer.allows(&fetch(Connect, "wss://own.example/socket"));
        assert!(answer.is_allowed() && answer.differences().is_empty(), "{list}: {answer}");
    }
}
