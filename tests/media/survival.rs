//! The policy of a file is sent unchanged by every outer layer.

use http::{HeaderMap, Response, StatusCode};
use tower::layer::util::Stack;
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, ReferrerLayer, ReferrerPolicy,
    csp::{Addition, CspOverride, RequestHead, Source, SourceDirective},
    header::{
        CrossOriginOpenerPolicy, CrossOriginOpenerPolicyLayer, CrossOriginResourcePolicy,
        StaticHeader,
    },
    media::{Media, MediaLayer},
};

use crate::{answer, lines, through};

/// Returns the policies of outer layers that would remove the sandbox.
fn site() -> Hardening {
    Hardening::strict(&"https://example.tld".parse().unwrap())
        .with(ContentSecurityPolicy::from_static("script-src *"))
        .with(StaticHeader::from_static("content-disposition", "inline"))
        .with(CrossOriginOpenerPolicy::SAME_ORIGIN)
        .with(CrossOriginResourcePolicy::SAME_ORIGIN)
}

#[track_caller]
fn assert_sandboxed(headers: &HeaderMap) {
    for (name, value) in [
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("cross-origin-opener-policy", "unsafe-none"),
        ("content-disposition", "attachment; filename=\"a.html\""),
    ] {
        assert_eq!(lines(headers, name), [value]);
    }
}

fn page() -> Response<&'static str> {
    answer(
        StatusCode::OK,
        &[("content-type", "text/html"), ("content-security-policy", "img-src *")],
    )
}

/// Returns a media layer inside another layer.
fn within<L>(outer: L) -> Stack<MediaLayer, L> {
    Stack::new(MediaLayer::new(Media::uploads()), outer)
}

#[test]
fn the_composite_leaves_it_alone_even_when_it_overrides() {
    for composite in [HardeningLayer::new(site()), HardeningLayer::new(site()).overriding()] {
        let response = through(&within(composite), "/media/a.html", page());
        assert_sandboxed(response.headers());
        // The composite adds headers that are not about the file.
        assert_eq!(lines(response.headers(), "x-frame-options"), ["DENY"]);
        assert!(response.headers().contains_key("strict-transport-security"));
    }
}

#[test]
fn the_guide_s_composite_sends_its_other_eight_headers() {
    let guide = Hardening::pleroma(&"https://example.tld".parse().unwrap());
    for composite in
        [HardeningLayer::new(guide.clone()), HardeningLayer::new(guide.clone()).overriding()]
    {
        let response = through(&within(composite), "/media/a.html", page());
        assert_sandboxed(response.headers());
        for (name, value) in guide.headers() {
            if name != "content-security-policy" {
                assert_eq!(lines(response.headers(), name.as_str()), [value.to_str().unwrap()]);
            }
        }
    }
}

#[cfg(feature = "nonce")]
#[test]
fn a_policy_that_varies_leaves_it_alone_as_well() {
    let nonces = ContentSecurityPolicy::from_static("script-src 'nonce-{}'");
    for csp in [CspLayer::new(nonces.clone()), CspLayer::new(nonces.clone()).overriding()] {
        for status in [StatusCode::OK, StatusCode::NOT_MODIFIED] {
            let mut page = page();
            *page.status_mut() = status;
            assert_sandboxed(through(&within(csp.clone()), "/media/a.html", page).headers());
        }
    }
    let hardening = site().with(nonces);
    for composite in
        [HardeningLayer::new(hardening.clone()), HardeningLayer::new(hardening).overriding()]
    {
        let asked = |_: &RequestHead<'_>| {
            let script = Source::host("https://a.example").unwrap();
            [Addition::source(SourceDirective::SCRIPT_SRC, script)]
        };
        let composite = composite.with_sources(asked);
        assert_sandboxed(through(&within(composite), "/media/a.html", page()).headers());
    }
}

#[test]
fn layers_of_one_header_leave_it_alone_even_when_they_override() {
    let same_origin = CrossOriginOpenerPolicy::SAME_ORIGIN;
    let csp = CspLayer::new(ContentSecurityPolicy::from_static("script-src *")).overriding();
    let response = through(&within(csp), "/media/a.html", page());
    assert_sandboxed(response.headers());
    let header = CrossOriginOpenerPolicyLayer::new(same_origin).overriding();
    assert_sandboxed(through(&within(header), "/media/a.html", page()).headers());
    let referrer = ReferrerLayer::new(ReferrerPolicy::ORIGIN).overriding();
    let said =
        answer(StatusCode::OK, &[("content-type", "text/html"), ("referrer-policy", "unsafe-url")]);
    let response = through(&within(referrer), "/media/a.html", said);
    assert_sandboxed(response.headers());
    assert_eq!(lines(response.headers(), "referrer-policy"), ["origin"]);
}

/// A browser enforces every line on a file.
#[test]
fn an_additional_policy_is_sent_in_addition() {
    let additional = ContentSecurityPolicy::from_static("img-src 'none'");
    for composite in [
        HardeningLayer::new(site().with_additional_csp(additional.clone())),
        HardeningLayer::new(site().with_additional_csp(additional.clone())).overriding(),
    ] {
        let response = through(&within(composite), "/media/a.html", page());
        let expected = ["default-src 'none'; sandbox", "img-src 'none'"];
        assert_eq!(lines(response.headers(), "content-security-policy"), expected);
    }
}

#[test]
fn a_handler_cannot_switch_it_off() {
    let mut page = page();
    let reason = "a test of what does nothing here";
    page.extensions_mut().insert(CspOverride::new().disable(reason));
    for composite in [HardeningLayer::new(site()), HardeningLayer::new(site()).overriding()] {
        assert_sandboxed(through(&within(composite), "/media/a.html", page.clone()).headers());
    }
}

/// Headers of other servers alone do not mark a response as decided.
#[test]
fn without_the_layer_an_overriding_composite_replaces_equal_headers() {
    let forged =
        answer(StatusCode::OK, &[("content-security-policy", "default-src 'none'; sandbox")]);
    let response = through(&HardeningLayer::new(site()).overriding(), "/", forged);
    assert_eq!(lines(response.headers(), "content-security-policy"), ["script-src *"]);
}
