//! Tests whole policies that are chosen per request from a cache of the caller.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use http::Request;
use tower_hardening::{
    ContentSecurityPolicy, FrameOptions, Hardening, HardeningLayer, Nonce, ReferrerPolicy,
    csp::CspOverride, hosts::TenantLayer,
};

use crate::ask::{ask, ask_for, request};

type Cache = Arc<Mutex<HashMap<String, HardeningLayer>>>;

fn tenant(policy: &str, referrer: ReferrerPolicy) -> HardeningLayer {
    let csp: ContentSecurityPolicy = policy.parse().unwrap();
    HardeningLayer::new(Hardening::empty().with(csp).with(referrer))
}

fn layer(cache: &Cache) -> TenantLayer {
    let cache = Arc::clone(cache);
    let default = HardeningLayer::new(Hardening::empty().with(FrameOptions::DENY));
    TenantLayer::new(default, move |request| {
        let host = request.headers().get("host")?.to_str().ok()?;
        cache.try_lock().ok()?.get(host).cloned()
    })
}

fn from(host: &str) -> Request<()> {
    request([("host", host)])
}

#[test]
fn each_tenant_gets_its_whole_policy_and_others_the_default() {
    let cache = Cache::default();
    let layer = layer(&cache);
    let red =
        tenant("default-src 'self'; frame-ancestors https://a.example", ReferrerPolicy::ORIGIN);
    cache.lock().unwrap().insert("red.example".into(), red);
    let sent = ask(&layer, from("red.example"));
    assert_eq!(
        sent.headers()["content-security-policy"],
        "default-src 'self'; frame-ancestors https://a.example"
    );
    assert_eq!(sent.headers()["referrer-policy"], "origin");
    assert_eq!(sent.headers().len(), 2);
    for host in ["blue.example", "red.example.evil", "*"] {
        let sent = ask(&layer, from(host));
        assert_eq!(sent.headers()["x-frame-options"], "DENY", "{host}");
        assert_eq!(sent.headers().len(), 1);
    }
    // A change in the cache is in the next response.
    let blue = tenant("img-src 'none'", ReferrerPolicy::NO_REFERRER);
    cache.lock().unwrap().insert("red.example".into(), blue);
    let sent = ask(&layer, from("red.example"));
    assert_eq!(sent.headers()["content-security-policy"], "img-src 'none'");
    cache.lock().unwrap().clear();
    assert!(!ask(&layer, from("red.example")).headers().contains_key("referrer-policy"));
}

#[test]
fn a_tenant_s_layer_is_chosen_once_for_the_request_and_its_response() {
    let cache = Cache::default();
    let first = tenant("img-src 'self'", ReferrerPolicy::ORIGIN);
    cache.lock().unwrap().insert("red.example".into(), first);
    let inside = Arc::clone(&cache);
    let sent = ask_for(&layer(&cache), from("red.example"), move |_, _| {
        inside.lock().unwrap().clear();
    });
    assert_eq!(sent.headers()["content-security-policy"], "img-src 'self'");
}

#[test]
fn a_tenant_s_policy_has_its_own_nonce_and_the_handler_s_changes() {
    let cache = Cache::default();
    let nonces = tenant("script-src 'nonce-{}'", ReferrerPolicy::ORIGIN);
    cache.lock().unwrap().insert("red.example".into(), nonces);
    let layer = layer(&cache);
    let sent = ask_for(&layer, from("red.example"), |request, response| {
        let nonce = Nonce::from_extensions(request.extensions()).unwrap().get().unwrap();
        response.headers_mut().insert("x-nonce", nonce.parse().unwrap());
    });
    let nonce = sent.headers()["x-nonce"].to_str().unwrap();
    let policy = format!("script-src 'nonce-{nonce}'");
    assert_eq!(sent.headers()["content-security-policy"], policy);
    assert_eq!(sent.headers()["cache-control"], "private");
    let sent = ask_for(&layer, from("red.example"), |request, response| {
        assert!(Nonce::from_extensions(request.extensions()).is_some());
        let off = CspOverride::new().disable("a page of another team");
        response.extensions_mut().insert(off);
    });
    assert!(!sent.headers().contains_key("content-security-policy"));
}
