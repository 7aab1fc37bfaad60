//! Defines the contenders with layers for requests and files, and with policies of other sizes.

use std::{
    collections::HashMap,
    convert::Infallible,
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use http::{HeaderValue, Request, Response, header};
use tower::{Layer, Service};
use tower_hardening::{
    ContentSecurityPolicy, Hardening, HardeningLayer, HostCookieLayer, HostCookies, Origin,
    connection::{ConnectionInfoLayer, ForwardingHeaders, TrustedProxies},
    cookie::RejectDuplicateCookiesLayer,
    csp::Source,
    hosts::{
        AllowedHosts, AllowedHostsLayer, HttpsRedirect, HttpsRedirectLayer, VirtualHosts,
        VirtualHostsLayer,
    },
    media::{Media, MediaLayer},
    settings::{ReloadHandle, Settings},
};

use crate::{
    contender::{Claim, Contender, Headers, Lack, ours},
    guide::{self, CSP},
    service::{Body, Client, Inner, client},
    traffic::Traffic,
};

const IN_CLEAR_TEXT: &[Lack] = &[
    Lack { header: "strict-transport-security", says: None },
    Lack { header: "expect-ct", says: None },
];

const TENANT: Claim = Claim { policy: || policy_for("tenant-0.example"), ..Claim::MIXED };
const CLEAR: Claim = Claim {
    policy: || CSP.replace("; upgrade-insecure-requests", ""),
    lacks: IN_CLEAR_TEXT,
    removes: &["strict-transport-security"],
    ..Claim::MIXED
};

/// The number of virtual hosts, in the order of the contenders.
pub const COUNTS: [u32; 3] = [1, 1_000, 10_000];

/// Virtual hosts, each with the guide's policy. The request names the last one.
pub const HOSTS: [Contender; 3] = [
    ours("tower-hardening, 1 host", TENANT, hosts::<1>),
    ours("tower-hardening, 1,000 hosts", TENANT, hosts::<1_000>),
    ours("tower-hardening, 10,000 hosts", TENANT, hosts::<10_000>),
];

/// Applications that look the policy up in a hash map and insert nine headers.
pub const HOSTS_BY_HAND: [Contender; 3] = [
    ours("by hand, 1 host", BY_HAND_TENANT, hosts_by_hand::<1>),
    ours("by hand, 1,000 hosts", BY_HAND_TENANT, hosts_by_hand::<1_000>),
    ours("by hand, 10,000 hosts", BY_HAND_TENANT, hosts_by_hand::<10_000>),
];

const BY_HAND_TENANT: Claim = Claim { policy: TENANT.policy, ..Claim::REPLACING };

/// Layers with this many trusted networks.
pub const NETWORKS: [Contender; 2] = [
    ours("tower-hardening, 1 network", Claim::NOTHING, networks::<1>),
    ours("tower-hardening, 10,000 networks", Claim::NOTHING, networks::<10_000>),
];

/// A layer that a reload can replace.
pub const RELOADABLE: Contender = ours("tower-hardening, reloadable", Claim::MIXED, |traffic| {
    let build = |_: &Settings| Ok(HardeningLayer::new(policies("example.tld")));
    let settings = Settings::from_toml("").expect("settings");
    let handle = ReloadHandle::new(&settings, build).expect("a layer");
    client(handle.current().layer(Inner(traffic)), traffic)
});

pub const CLEAR_TEXT: Contender = ours("tower-hardening, clear text", CLEAR, |traffic| {
    let service = HardeningLayer::new(policies("example.tld")).layer(Inner(traffic));
    client(ConnectionInfoLayer::assume_http().layer(service), traffic)
});

/// A layer whose requests have an unknown scheme and an address as their host.
pub const UNNAMED: Contender = ours("tower-hardening, an address", CLEAR, |traffic| {
    client(HardeningLayer::new(policies("example.tld")).layer(Inner(traffic)), traffic)
});

/// Claims the headers of a picture that a media layer sends.
pub(crate) const PICTURE: Claim = Claim {
    headers: Headers::These(&[
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("cross-origin-opener-policy", "unsafe-none"),
        (
            "content-security-policy",
            "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox",
        ),
    ]),
    ..Claim::NOTHING
};

pub const FILES: Contender = ours("tower-hardening, media", PICTURE, files);

/// A file that browsers save and do not show.
pub const SAVED: Contender = ours(
    "tower-hardening, media that is saved",
    Claim {
        headers: Headers::These(&[
            ("content-type", "application/octet-stream"),
            ("content-disposition", "attachment"),
            ("x-content-type-options", "nosniff"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("cross-origin-opener-policy", "unsafe-none"),
            ("content-security-policy", "default-src 'none'; sandbox"),
        ]),
        ..Claim::NOTHING
    },
    files,
);

fn files(traffic: Traffic) -> Box<dyn Client> {
    client(MediaLayer::new(Media::uploads()).layer(Inner(traffic)), traffic)
}

pub const ALLOWED: Contender = ours("tower-hardening, allowed hosts", Claim::NOTHING, |traffic| {
    client(allowing("tenant-0.example").layer(Inner(traffic)), traffic)
});

pub const REFUSED: Contender = ours(
    "tower-hardening, a host that is not allowed",
    Claim { headers: Headers::Answer(&[]), ..Claim::NOTHING },
    |traffic| client(allowing("tenant-1.example").layer(Inner(traffic)), traffic),
);

pub const NOT_REDIRECTED: Contender =
    ours("tower-hardening, https redirect over https", Claim::NOTHING, |traffic| {
        let service = redirect().layer(Inner(traffic));
        client(ConnectionInfoLayer::assume_https().layer(service), traffic)
    });

pub const REDIRECTED: Contender = ours(
    "tower-hardening, https redirect over http",
    Claim {
        headers: Headers::Answer(&[("location", "https://tenant-0.example/")]),
        ..Claim::NOTHING
    },
    |traffic| {
        let service = redirect().layer(Inner(traffic));
        client(ConnectionInfoLayer::assume_http().layer(service), traffic)
    },
);

pub const DUPLICATES: Contender = ours(
    "tower-hardening, duplicate cookies",
    Claim { cookies: true, ..Claim::NOTHING },
    |traffic| {
        let cookies = HostCookies::new(["pleroma_key"]).expect("a token");
        let service = RejectDuplicateCookiesLayer::new().layer(Inner(traffic));
        client(HostCookieLayer::new(cookies).layer(service), traffic)
    },
);

/// Policies with this many sources.
pub const SOURCES: [Contender; 2] = [
    ours(
        "tower-hardening, 1 source",
        Claim { policy: || sources(1).to_string(), ..Claim::MIXED },
        with_sources::<1>,
    ),
    ours(
        "tower-hardening, 100 sources",
        Claim { policy: || sources(100).to_string(), ..Claim::MIXED },
        with_sources::<100>,
    ),
];

/// Returns the guide's policy for a tenant.
fn policy_for(host: &str) -> String {
    CSP.replace("example.tld", host)
}

fn policies(host: &str) -> Hardening {
    let site = Origin::new("https", host, None).expect("a host");
    Hardening::pleroma(&site).without(&header::SET_COOKIE)
}

fn tenant(index: usize) -> String {
    format!("tenant-{index}.example")
}

/// Creates a layer with `count` sites. The last one is `tenant-0.example`.
pub fn virtual_hosts(count: usize) -> VirtualHostsLayer {
    let main = VirtualHosts::new(policies("example.tld"));
    VirtualHostsLayer::new((0..count).rev().map(tenant).fold(main, |sites, host| {
        let site = Origin::new("https", &host, None).expect("a host");
        sites.with(&site, policies(&host))
    }))
}

fn hosts<const COUNT: usize>(traffic: Traffic) -> Box<dyn Client> {
    client(virtual_hosts(COUNT).layer(Inner(traffic)), traffic)
}

fn hosts_by_hand<const COUNT: usize>(traffic: Traffic) -> Box<dyn Client> {
    let policy = |host: String| {
        let policy = HeaderValue::try_from(policy_for(&host)).expect("ASCII");
        (host, policy)
    };
    let policies = (0..COUNT).map(tenant).map(policy).collect();
    client(ByHand { inner: Inner(traffic), policies: Arc::new(policies) }, traffic)
}

/// Looks up the policy of a site, as an application without a middleware does.
#[derive(Clone)]
struct ByHand {
    inner: Inner,
    policies: Arc<HashMap<String, HeaderValue>>,
}

impl Service<Request<()>> for ByHand {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let policy = host.and_then(|host| self.policies.get(host)).cloned();
        let policy = policy.unwrap_or(HeaderValue::from_static(CSP));
        let Ok(mut response) = self.inner.call(request).into_inner();
        guide::insert_all_with(policy, response.headers_mut());
        ready(Ok(response))
    }
}

fn networks<const COUNT: usize>(traffic: Traffic) -> Box<dyn Client> {
    let network = |index: usize| format!("10.{}.{}.0/25", index / 256, index % 256);
    let networks = (0..COUNT).map(network);
    let proxies = TrustedProxies::networks(networks, ForwardingHeaders::XForwarded);
    let layer = ConnectionInfoLayer::trusting(proxies.expect("networks"));
    client(layer.layer(Inner(traffic)), traffic)
}

fn allowing(host: &str) -> AllowedHostsLayer {
    let hosts = ["example.tld", "*.media.example.tld", host];
    AllowedHostsLayer::new(AllowedHosts::new(hosts).expect("hosts"))
}

fn redirect() -> HttpsRedirectLayer {
    let site: Origin = "https://tenant-0.example".parse().expect("a site");
    HttpsRedirectLayer::new(HttpsRedirect::to_site(&site).expect("a site on https"))
}

fn sources(count: usize) -> ContentSecurityPolicy {
    let source = |index| format!("https://images-{index}.example").parse().expect("a source");
    let sources: Vec<Source> = (0..count).map(source).collect();
    ContentSecurityPolicy::EMPTY.img_src(sources).expect("a policy")
}

fn with_sources<const COUNT: usize>(traffic: Traffic) -> Box<dyn Client> {
    let hardening = policies("example.tld").with(sources(COUNT));
    client(HardeningLayer::new(hardening).layer(Inner(traffic)), traffic)
}
