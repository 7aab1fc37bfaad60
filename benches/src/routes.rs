//! This crate's layers for routes and tenants, and what removes headers or judges a request.

use std::collections::HashMap;

use http::{HeaderName, Response, header};
use tower::{Layer, util::MapResponseLayer};
use tower_hardening::{
    Hardening, HardeningLayer,
    header::{
        CrossOriginOpenerPolicy, FetchMetadata, FetchMetadataLayer, HeaderOverride,
        PermissionsPolicy, RemoveHeaders, RemoveHeadersLayer,
    },
    hosts::TenantLayer,
    media::{Media, MediaLayer},
};

use crate::{
    contender::{Claim, Contender, Headers, ours},
    deployed::PICTURE,
    service::{Body, Client, Inner, client},
    traffic::Traffic,
};

fn guide() -> Hardening {
    let site = "https://example.tld".parse().expect("an origin");
    Hardening::pleroma(&site).without(&header::SET_COOKIE)
}

/// The guide's headers and another one.
pub const ONE_MORE: Contender = ours(
    "tower-hardening, ten headers",
    Claim { adds: &[("cross-origin-opener-policy", "same-origin")], ..Claim::MIXED },
    |traffic| {
        let hardening = guide().with(CrossOriginOpenerPolicy::SAME_ORIGIN);
        client(HardeningLayer::new(hardening).layer(Inner(traffic)), traffic)
    },
);

/// A hook finds the layer of a tenant.
pub const CHOSEN: Contender =
    ours("tower-hardening, a layer of a tenant", Claim::MIXED, |traffic| {
        let layer = HardeningLayer::new(guide());
        let tenants = HashMap::from([("tenant-0.example", layer)]);
        let layer = TenantLayer::new(HardeningLayer::default(), move |request| {
            let host = request.headers().get(header::HOST)?.to_str().ok()?;
            tenants.get(host).cloned()
        });
        client(layer.layer(Inner(traffic)), traffic)
    });

/// The handler allows one more feature.
pub const EXTENDED: Contender = ours(
    "tower-hardening, a list extended",
    Claim { adds: &[("permissions-policy", "camera=(), geolocation=(self)")], ..Claim::MIXED },
    |traffic| {
        let camera: PermissionsPolicy = "camera=()".parse().expect("a policy");
        let more: PermissionsPolicy = "geolocation=(self)".parse().expect("a policy");
        let change = HeaderOverride::new().extend(&more);
        let handler = MapResponseLayer::new(move |mut response: Response<Body>| {
            response.extensions_mut().insert(change.clone());
            response
        });
        let layer = HardeningLayer::new(guide().with(camera));
        client(layer.layer(handler.layer(Inner(traffic))), traffic)
    },
);

const REMOVED: &[&str] = &["server"];

/// The guide's headers, without those that name the server.
pub const REMOVES: Contender = ours(
    "tower-hardening, headers removed",
    Claim { removes: REMOVED, ..Claim::MIXED },
    |traffic| {
        let layer = HardeningLayer::new(guide().with(RemoveHeaders::server()));
        client(layer.layer(Inner(traffic)), traffic)
    },
);

/// The same, with the 87 names of OWASP.
pub const REMOVES_OWASP: Contender = ours(
    "tower-hardening, headers of OWASP removed",
    Claim { removes: RemoveHeaders::OWASP, ..Claim::MIXED },
    |traffic| {
        let layer = HardeningLayer::new(guide().with(RemoveHeaders::owasp()));
        client(layer.layer(Inner(traffic)), traffic)
    },
);

pub const REMOVES_ALONE: Contender = ours(
    "tower-hardening, a layer that removes",
    Claim { removes: REMOVED, ..Claim::NOTHING },
    |traffic| {
        let layer = RemoveHeadersLayer::new(RemoveHeaders::server());
        client(layer.layer(Inner(traffic)), traffic)
    },
);

const VARY: &str = "sec-fetch-site, sec-fetch-mode, sec-fetch-dest";

pub const FETCH_METADATA: Contender = ours(
    "tower-hardening, Fetch Metadata",
    Claim { headers: Headers::Appending(&[("vary", VARY)]), ..Claim::NOTHING },
    fetch_metadata,
);

pub const FORBIDDEN: Contender = ours(
    "tower-hardening, Fetch Metadata refuses",
    Claim { headers: Headers::Answer(&[("vary", VARY)]), ..Claim::NOTHING },
    fetch_metadata,
);

fn fetch_metadata(traffic: Traffic) -> Box<dyn Client> {
    client(FetchMetadataLayer::new(FetchMetadata::new()).layer(Inner(traffic)), traffic)
}

/// The headers that a media proxy passes on, by its documentation.
const KEPT: &[HeaderName] = &[
    header::CONTENT_TYPE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::CONTENT_RANGE,
    header::ACCEPT_RANGES,
    header::ETAG,
    header::LAST_MODIFIED,
    header::DATE,
    header::AGE,
    header::EXPIRES,
    header::CACHE_CONTROL,
    header::VARY,
    header::RETRY_AFTER,
    header::ALLOW,
];

/// A picture through a media proxy.
pub const PROXIED_FILE: Contender =
    ours("tower-hardening, media of others", Claim { keeps: Some(KEPT), ..PICTURE }, |traffic| {
        client(MediaLayer::new(Media::proxied()).layer(Inner(traffic)), traffic)
    });
