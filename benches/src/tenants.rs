//! Defines the contenders whose responses have their own policy, and those with nested layers.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use http::{Response, header};
use tower::{Layer as _, util::MapResponseLayer};
use tower_hardening::{
    Hardening, HardeningLayer, Origin,
    csp::{Addition, CspOverride, Source, SourceDirective},
};

use crate::{
    contender::{Claim, Contender, ours},
    guide::{self, CSP},
    service::{Body, Client, Inner, client},
    traffic::Traffic,
};

const fn with_images(policy: fn() -> String) -> Claim {
    Claim { policy, ..Claim::MIXED }
}

/// A handler that adds one source to its policy.
pub const OVERRIDE: Contender =
    ours("tower-hardening, override", with_images(|| policy_for(1)), |traffic| {
        let change = CspOverride::new().extend(SourceDirective::IMG_SRC, [image(0)]);
        let change = change.expect("an image's source");
        let handler = MapResponseLayer::new(move |mut response: Response<Body>| {
            response.extensions_mut().insert(change.clone());
            response
        });
        client(layer().layer(handler.layer(Inner(traffic))), traffic)
    });

/// Hooks that add this many sources.
pub const ADDED: [Contender; 3] = [
    ours("tower-hardening, 1 source added", with_images(|| policy_for(1)), added::<1>),
    ours("tower-hardening, 100 sources added", with_images(|| policy_for(100)), added::<100>),
    ours("tower-hardening, 1,000 sources added", with_images(|| policy_for(1_000)), added::<1_000>),
];

/// A hook that adds one source, that of each of a thousand tenants in turn.
pub const TENANTS: Contender =
    ours("tower-hardening, 1,000 tenants", with_images(|| policy_with(1..2)), |traffic| {
        let tenants: Vec<Addition> = (0..1_000).map(addition).collect();
        let next = Arc::new(AtomicUsize::new(0));
        let layer = layer().with_sources(move |_| {
            let tenant = next.fetch_add(1, Relaxed) % tenants.len();
            [tenants[tenant].clone()]
        });
        client(layer.layer(Inner(traffic)), traffic)
    });

/// Two nested layers, both with the guide's policies.
pub const NESTED: Contender = ours("tower-hardening, nested", Claim::MIXED, |traffic| {
    client(layer().layer(layer().layer(Inner(traffic))), traffic)
});

/// Two middlewares that set all nine headers.
pub const NESTED_BY_HAND: Contender = ours("by hand, nested", Claim::REPLACING, |traffic| {
    client(by_hand().layer(by_hand().layer(Inner(traffic))), traffic)
});

fn by_hand() -> MapResponseLayer<fn(Response<Body>) -> Response<Body>> {
    MapResponseLayer::new(|mut response| {
        guide::insert_all(response.headers_mut());
        response
    })
}

fn layer() -> HardeningLayer {
    HardeningLayer::new(guide_policies())
}

/// Returns the guide's policies without cookies.
fn guide_policies() -> Hardening {
    Hardening::pleroma(&site()).without(&header::SET_COOKIE)
}

fn site() -> Origin {
    "https://example.tld".parse().expect("an origin")
}

fn host(index: usize) -> String {
    format!("https://t{index}.example")
}

fn image(index: usize) -> Source {
    host(index).parse().expect("a source")
}

fn addition(index: usize) -> Addition {
    Addition::source(SourceDirective::IMG_SRC, image(index))
}

fn added<const COUNT: usize>(traffic: Traffic) -> Box<dyn Client> {
    let additions: Vec<Addition> = (0..COUNT).map(addition).collect();
    client(layer().with_sources(move |_| additions.clone()).layer(Inner(traffic)), traffic)
}

/// Returns the guide's policy with the first `count` sources.
fn policy_for(count: usize) -> String {
    policy_with(0..count)
}

fn policy_with(range: std::ops::Range<usize>) -> String {
    let length = 8192 - CSP.len();
    let mut added = String::new();
    for source in range.map(host) {
        if added.len() + " ".len() + source.len() <= length {
            added = added + " " + &source;
        }
    }
    CSP.replace(
        "img-src 'self' data: blob: https:",
        &format!("img-src 'self' data: blob: https:{added}"),
    )
}

/// Limits the memory of a layer.
pub struct Layer {
    pub name: &'static str,
    pub policies: fn() -> Hardening,
}

pub const LAYERS: [Layer; 2] = [
    Layer { name: "heap: a layer of the guide", policies: guide_policies },
    Layer { name: "heap: a layer of strict", policies: || Hardening::strict(&site()) },
];
