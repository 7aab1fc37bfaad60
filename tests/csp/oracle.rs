//! Compares with the crate `content-security-policy`, which a browser engine uses.

use content_security_policy::{
    CheckResult, CspList, Destination, Initiator, Origin, ParserMetadata, PolicyDisposition,
    PolicySource, Request, Url, url::Host,
};
use tower_hardening::{ContentSecurityPolicy, csp::Source};

use super::browser::Read;

fn list(text: &str) -> CspList {
    CspList::parse(text, PolicySource::Header, PolicyDisposition::Enforce)
}

/// Returns the policies that the crate reads in a header's line.
pub(crate) fn read(text: &str) -> Vec<Read> {
    let policies = list(text).0.into_iter();
    let policy = |policy: content_security_policy::Policy| {
        policy.directive_set.into_iter().map(|one| (one.name, one.value)).collect()
    };
    policies.map(policy).collect()
}

/// Returns `true` if a page of `https://own.example` under the policy loads an image.
fn loads(policy: &ContentSecurityPolicy, url: &str) -> bool {
    let own = Host::Domain("own.example".to_owned());
    let request = Request {
        url: Url::parse(url).unwrap(),
        current_url: Url::parse(url).unwrap(),
        origin: Origin::Tuple("https".to_owned(), own, 443),
        redirect_count: 0,
        destination: Destination::Image,
        initiator: Initiator::None,
        nonce: String::new(),
        integrity_metadata: String::new(),
        parser_metadata: ParserMetadata::None,
    };
    list(&policy.to_string()).should_request_be_blocked(&request).0 == CheckResult::Allowed
}

#[test]
fn a_source_allows_exactly_what_its_author_means() {
    for (source, allowed, blocked) in [
        ("a.example", "https://a.example/x", "https://b.example/x"),
        ("https://a.example", "https://a.example/x", "http://a.example/x"),
        ("*.a.example", "https://b.a.example/x", "https://a.example/x"),
        ("https://a.example:8443", "https://a.example:8443/x", "https://a.example/x"),
        ("https://*:8443", "https://any.example:8443/x", "https://any.example/x"),
        ("a.example:*", "https://a.example:1/x", "https://b.example:1/x"),
        ("a.example/img/", "https://a.example/img/x", "https://a.example/x"),
        ("a.example/x", "https://a.example/x", "https://a.example/xy"),
        ("a.example/a%3Bb%2Cc", "https://a.example/a%3Bb%2Cc", "https://a.example/a"),
    ] {
        let policy = ContentSecurityPolicy::NONE.img_src([Source::host(source).unwrap()]).unwrap();
        assert!(loads(&policy, allowed), "{policy}: {allowed}");
        assert!(!loads(&policy, blocked), "{policy}: {blocked}");
    }
}

#[test]
fn an_extended_policy_loads_the_old_and_the_added_sources() {
    let policies = [
        ContentSecurityPolicy::from_static("default-src a.example"),
        ContentSecurityPolicy::from_static("img-src a.example; default-src 'none'"),
        // No directive limits images: all are allowed, before and after.
        ContentSecurityPolicy::from_static("frame-ancestors 'none'; script-src b.example"),
        ContentSecurityPolicy::from_static("default-src a.example 'unsafe-inline' 'nonce-{}'"),
    ];
    for policy in policies {
        let more = policy
            .clone()
            .extend(
                tower_hardening::csp::SourceDirective::IMG_SRC,
                [Source::host("more.example").unwrap()],
            )
            .unwrap();
        for url in ["https://a.example/", "https://other.example/"] {
            assert_eq!(loads(&policy, url), loads(&more, url), "{more}: {url}");
        }
        assert!(loads(&more, "https://more.example/"), "{more}");
    }
}
