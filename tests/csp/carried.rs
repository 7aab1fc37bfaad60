//! A handler has a nonce exactly if a header contains it, in every stack of layers.

use http::{HeaderMap, Request, Response};
use tower::{Layer, ServiceExt, util::BoxCloneService};
use tower_hardening::{
    ContentSecurityPolicy, CspLayer, Hardening, HardeningLayer,
    media::{Media, MediaLayer},
};

use super::service::{Handler, call};

type Service = BoxCloneService<Request<()>, Response<String>, std::convert::Infallible>;

/// Defines the kinds of layers, and the list of all.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)+) => {
        /// Represents a layer of a stack.
        #[derive(Clone, Copy, Debug)]
        enum Kind {
            $($(#[$doc])* $kind,)+
        }

        use Kind::*;

        const KINDS: &[Kind] = &[$($kind),+];
    };
}

kinds! {
    Static,
    Nonce,
    StaticAppended,
    NonceAppended,
    StaticOverriding,
    NonceOverriding,
    StaticReportOnly,
    NonceReportOnly,
    NonceReportOnlyOverriding,
    StaticReportOnlyOverriding,
    /// All policies at once. The report-only policy has a nonce.
    AllWithReportOnly,
    /// All policies at once. The appended policy has a nonce.
    AllWithAppended,
    AllOverridingWithAppended,
    AllWithoutPolicy,
    Empty,
}

/// Returns a policy that names its layer, and its sort.
fn policy(sort: &str, level: usize) -> ContentSecurityPolicy {
    let nonce = if sort == "nonce" { " 'nonce-{}'" } else { "" };
    format!("style-src {sort}.l{level}.example{nonce}").parse().unwrap()
}

fn wrap(inner: Service, kind: Kind, level: usize) -> Service {
    let (fixed, nonce) = (policy("static", level), policy("nonce", level));
    let all = Hardening::empty().with(fixed.clone());
    let layer = match kind {
        Static => CspLayer::new(fixed),
        Nonce => CspLayer::new(nonce),
        StaticAppended => CspLayer::new(fixed).appending(),
        NonceAppended => CspLayer::new(nonce).appending(),
        StaticOverriding => CspLayer::new(fixed).overriding(),
        NonceOverriding => CspLayer::new(nonce).overriding(),
        StaticReportOnly => CspLayer::report_only(fixed),
        NonceReportOnly => CspLayer::report_only(nonce),
        NonceReportOnlyOverriding => CspLayer::report_only(nonce).overriding(),
        StaticReportOnlyOverriding => CspLayer::report_only(fixed).overriding(),
        Empty => CspLayer::new(ContentSecurityPolicy::EMPTY),
        AllWithReportOnly => {
            return HardeningLayer::new(all.with_report_only(nonce)).layer(inner).boxed_clone();
        }
        AllWithAppended => {
            return HardeningLayer::new(all.with_additional_csp(nonce)).layer(inner).boxed_clone();
        }
        AllOverridingWithAppended => {
            let layer = HardeningLayer::new(all.with_additional_csp(nonce)).overriding();
            return layer.layer(inner).boxed_clone();
        }
        AllWithoutPolicy => {
            return HardeningLayer::new(Hardening::empty()).layer(inner).boxed_clone();
        }
    };
    layer.layer(inner).boxed_clone()
}

/// Returns the body and the headers of a handler that reads its nonce, if it has one.
fn answer(stack: &[Kind], handler: Service) -> (String, HeaderMap) {
    let levels = stack.iter().enumerate();
    let mut service = levels.fold(handler, |inner, (level, kind)| wrap(inner, *kind, level));
    let response = call(&mut service, Request::new(()));
    (response.body().clone(), response.headers().clone())
}

fn page() -> Service {
    let page = |request: Request<()>| {
        let nonce = tower_hardening::Nonce::from_extensions(request.extensions());
        Response::new(nonce.map_or_else(String::new, |nonce| nonce.get().unwrap().to_owned()))
    };
    Handler::new(page).boxed_clone()
}

/// Returns `true` if a line is that of a policy with a nonce.
fn has_place_for_nonce(headers: &HeaderMap) -> bool {
    headers.values().any(|line| line.to_str().unwrap().contains("nonce.l"))
}

#[test]
fn a_handler_has_a_nonce_exactly_if_a_header_contains_it() {
    let (mut hidden, mut read) = (0, 0);
    for &one in KINDS {
        for &two in KINDS {
            for &three in KINDS {
                let stack = [one, two, three];
                let (nonce, headers) = answer(&stack, page());
                assert_eq!(!nonce.is_empty(), has_place_for_nonce(&headers), "{stack:?}");
                let sent = format!("{headers:?}");
                assert_eq!(sent.contains("nonce-"), !nonce.is_empty(), "{stack:?}: {sent}");
                assert!(sent.contains(&nonce), "{stack:?}: {sent}");
                let has_layer = stack.iter().any(|kind| format!("{kind:?}").contains("Nonce"));
                hidden += usize::from(has_layer && nonce.is_empty());
                read += usize::from(!nonce.is_empty());
            }
        }
    }
    assert!(hidden > 100 && read > 1000, "{hidden} {read}");
}

#[test]
fn a_file_under_a_media_layer_has_no_nonce_of_a_policy_that_its_own_replaces() {
    let files = || MediaLayer::new(Media::uploads()).layer(page()).boxed_clone();
    for kind in [Nonce, NonceOverriding] {
        let (nonce, headers) = answer(&[kind], files());
        assert_eq!(nonce, "", "{headers:?}");
    }
    let (nonce, headers) = answer(&[NonceAppended], files());
    assert!(!nonce.is_empty() && format!("{headers:?}").contains(&nonce), "{headers:?}");
}

#[test]
fn a_nonce_from_outside_stays_under_a_policy_without_nonces() {
    let given = tower_hardening::Nonce::from_value("MTIzNDU2Nzg5MDEyMzQ1Njc4").unwrap();
    let mut request = Request::new(());
    request.extensions_mut().insert(given);
    let mut service = wrap(page(), Static, 0);
    assert_eq!(call(&mut service, request).body(), "MTIzNDU2Nzg5MDEyMzQ1Njc4");
}

#[test]
fn a_second_attempt_outside_of_a_policy_without_nonces_has_no_nonce_either() {
    let inner = std::sync::Mutex::new(wrap(page(), Static, 0));
    let retry = Handler::new(move |request: Request<()>| {
        assert_eq!(call(&mut *inner.lock().unwrap(), request.clone()).body(), "");
        // Code between the layers has the nonce, and can send an error page with it.
        assert!(tower_hardening::Nonce::from_extensions(request.extensions()).is_some());
        call(&mut *inner.lock().unwrap(), request)
    });
    let response = call(&mut wrap(retry.boxed_clone(), Nonce, 1), Request::new(()));
    assert_eq!(response.body(), "");
    assert_eq!(response.headers()["content-security-policy"], "style-src static.l0.example");
}
