//! Tests a response's own policy, from the composite and from the layers of its policies.

use http::{HeaderMap, Request, Response, StatusCode};
use tower::layer::util::Stack;
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer, Nonce, ReferrerLayer,
    ReferrerPolicy,
    csp::{Addition, CspOverride, FrameAncestor, Source, SourceDirective},
};

use super::service::ask;

const POLICIES: [ContentSecurityPolicy; 4] = [
    ContentSecurityPolicy::from_static("default-src 'self'; img-src 'self'"),
    ContentSecurityPolicy::from_static(
        "script-src 'self' 'nonce-{}' 'strict-dynamic'; style-src 'nonce-{}'; img-src data:",
    ),
    ContentSecurityPolicy::from_static("img-src 'self'; upgrade-insecure-requests"),
    ContentSecurityPolicy::EMPTY,
];

/// The response's own headers, each there or not.
const OWN: [(&str, &str); 6] = [
    ("content-type", "text/html"),
    ("cache-control", "public, max-age=60"),
    ("cdn-cache-control", "max-age=60"),
    ("content-security-policy", "img-src own.example"),
    ("referrer-policy", "no-referrer"),
    ("vary", "accept"),
];

fn changes() -> Vec<Option<CspOverride>> {
    let map: Source = "https://tiles.example".parse().unwrap();
    let new = CspOverride::new;
    vec![
        None,
        Some(new()),
        Some(new().extend(SourceDirective::IMG_SRC, [map.clone()]).unwrap()),
        Some(new().extend(SourceDirective::FONT_SRC, [map]).unwrap().remove("img-src").unwrap()),
        Some(new().replace(POLICIES[1].clone())),
        Some(new().replace(ContentSecurityPolicy::from_static("frame-ancestors a.example"))),
        Some(new().remove("img-src").unwrap().remove("default-src").unwrap()),
        Some(new().disable("a test")),
    ]
}

/// Returns the lines of a response in order of their names, with its nonce as `N`.
fn lines(response: &Response<String>) -> Vec<(String, String)> {
    let line = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        let value = value.to_str().unwrap();
        let nonce = response.body();
        let value = if nonce.is_empty() { value.to_owned() } else { value.replace(nonce, "N") };
        (name.to_string(), value)
    };
    let mut lines: Vec<_> = response.headers().iter().map(line).collect();
    lines.sort();
    lines
}

fn own(chosen: usize) -> HeaderMap {
    let lines = OWN.iter().enumerate().filter(|(index, _)| chosen & (1 << index) != 0);
    let mut headers: HeaderMap =
        lines.map(|(_, (name, value))| (name.parse().unwrap(), value.parse().unwrap())).collect();
    // With more headers than a prepared map has room for, and one of them twice.
    if chosen & (1 << OWN.len()) != 0 {
        for name in ["etag", "server", "link", "set-cookie", "set-cookie"] {
            headers.append(name, "a=1".parse().unwrap());
        }
    }
    headers
}

#[test]
fn a_response_s_own_policy_is_the_same_from_the_composite_and_from_its_layers() {
    let source = Addition::source(SourceDirective::IMG_SRC, "a.example".parse().unwrap());
    let partner = Addition::frame_ancestor(FrameAncestor::host("b.example").unwrap());
    let hooks = [vec![], vec![source], vec![partner]];
    for ((policy, change), hook) in POLICIES.iter().flat_map(|policy| {
        let hooks = &hooks;
        changes().into_iter().flat_map(move |change| {
            hooks.iter().map(move |hook| ((policy.clone(), change.clone()), hook.clone()))
        })
    }) {
        let added = hook.clone();
        let csp = CspLayer::new(policy.clone()).with_sources(move |_| added.clone());
        let one = Stack::new(csp, ReferrerLayer::new(ReferrerPolicy::SAME_ORIGIN));
        let all = Hardening::empty().with(policy.clone()).with(ReferrerPolicy::SAME_ORIGIN);
        let mut all = HardeningLayer::new(all);
        if !hook.is_empty() {
            let added = hook.clone();
            all = all.with_sources(move |_| added.clone());
        }
        for bits in 0..1 << (OWN.len() + 3) {
            let (reads, is_unmodified) = (bits & 1 == 0, bits & 2 == 0);
            let change = change.clone();
            let answer = move |request: Request<()>| {
                let nonce = request.extensions().get::<Nonce>().filter(|_| reads);
                let text = nonce.map(|nonce| nonce.get().unwrap().to_owned());
                let mut response = Response::new(text.unwrap_or_default());
                *response.headers_mut() = own(bits >> 2);
                if is_unmodified {
                    *response.status_mut() = StatusCode::NOT_MODIFIED;
                }
                if let Some(change) = &change {
                    response.extensions_mut().insert(change.clone());
                }
                response
            };
            let expected = ask(&one, answer.clone());
            let composite = ask(&all, answer);
            assert_eq!(lines(&composite), lines(&expected), "{policy}, {hook:?}, {bits:#b}");
        }
    }
}
