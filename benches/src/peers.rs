//! Defines the contenders from published crates, each set up as close to the guide as possible.

use std::{collections::HashMap, time::Duration};

use http::{HeaderName, HeaderValue, header};
use tower::Layer;

use crate::{
    contender::{Claim, Contender, Lack, Nonce},
    guide::{self, CROSS_DOMAIN, CSP, CT_MAX_AGE, DOWNLOAD_OPTIONS, EXPECT_CT, GUIDE, STS_MAX_AGE},
    service::{Inner, client},
};

/// Creates one `SetResponseHeaderLayer` for each header: with `$leaving` for the headers that the
/// guide's layers keep, and with `$replacing` for all others.
macro_rules! tower_http {
    ($traffic:ident, $replacing:ident, $leaving:ident) => {{
        use tower_http::set_header::SetResponseHeaderLayer as Set;
        let value = |index: usize| HeaderValue::from_static(GUIDE[index].1);
        let service = Set::$leaving(header::X_XSS_PROTECTION, value(0)).layer(Inner($traffic));
        let service = Set::$leaving(CROSS_DOMAIN, value(1)).layer(service);
        let service = Set::$leaving(header::X_FRAME_OPTIONS, value(2)).layer(service);
        let service = Set::$replacing(header::X_CONTENT_TYPE_OPTIONS, value(3)).layer(service);
        let service = Set::$leaving(DOWNLOAD_OPTIONS, value(4)).layer(service);
        let service = Set::$leaving(header::CONTENT_SECURITY_POLICY, value(5)).layer(service);
        let service = Set::$replacing(header::STRICT_TRANSPORT_SECURITY, value(6)).layer(service);
        let service = Set::$leaving(EXPECT_CT, value(7)).layer(service);
        client(Set::$leaving(header::REFERRER_POLICY, value(8)).layer(service), $traffic)
    }};
}

pub const TOWER_HTTP: Contender = Contender {
    name: "tower-http 0.7.1, nine layers",
    around: |traffic| tower_http!(traffic, overriding, overriding),
    claim: Claim::REPLACING,
    cannot: "replaces all or leaves all, layer by layer; values are anybody's text; no cookies, no nonces.",
};

pub const TOWER_HTTP_MIXED: Contender = Contender {
    name: "tower-http 0.7.1, nine layers, two replacing",
    around: |traffic| tower_http!(traffic, overriding, if_not_present),
    claim: Claim::MIXED,
    cannot: "",
};

pub const TOWER_HELMET: Contender = Contender {
    name: "tower-helmet 0.3.0",
    around: |traffic| client(tower_helmet().layer(Inner(traffic)), traffic),
    claim: Claim {
        lacks: &[Lack { header: "x-xss-protection", says: Some("0") }],
        ..Claim::REPLACING
    },
    cannot: "replaces all; spells `includeSubdomains`, and puts directives in the order of a hash map; no cookies, no nonces.",
};

pub const AXUM_HELMET: Contender = Contender {
    name: "axum-helmet 1.0.2",
    around: |traffic| client(axum_helmet().layer(Inner(traffic)), traffic),
    claim: Claim::REPLACING,
    cannot: "replaces all; has no type for `Expect-CT`, which is given as text; no cookies, no nonces.",
};

pub const AXUM_SECURITY: Contender = Contender {
    name: "axum-security 0.0.2",
    around: |traffic| client(axum_security().layer(Inner(traffic)), traffic),
    claim: Claim::REPLACING,
    cannot: "replaces all; its policy for content has no `media-src` and no `manifest-src`, so that it is given as text, and so are three more headers; no nonces.",
};

const FIVE_OF_NINE: Claim = Claim {
    lacks: &[
        Lack { header: "x-xss-protection", says: None },
        Lack { header: "x-permitted-cross-domain-policies", says: None },
        Lack { header: "x-download-options", says: None },
        Lack { header: "expect-ct", says: None },
    ],
    ..Claim::REPLACING
};

pub const HTTP_SECURITY_HEADERS: Contender = Contender {
    name: "http-security-headers 0.5.0",
    around: |traffic| client(http_security_headers(false).layer(Inner(traffic)), traffic),
    claim: FIVE_OF_NINE,
    cannot: "sends five of the nine, and sorts directives by name; replaces all or leaves all; no cookies.",
};

pub const HTTP_SECURITY_HEADERS_NONCES: Contender = Contender {
    name: "http-security-headers 0.5.0, nonces",
    around: |traffic| client(http_security_headers(true).layer(Inner(traffic)), traffic),
    claim: Claim { nonce: Nonce::Always, ..FIVE_OF_NINE },
    cannot: "the same; makes a nonce for every response, read or not.",
};

fn tower_helmet() -> tower_helmet::HelmetLayer {
    use tower_helmet::header::*;
    let mut directives = HashMap::new();
    for directive in CSP.split("; ") {
        let mut words = directive.split(' ');
        directives.insert(words.next().unwrap_or_default(), words.collect::<Vec<_>>());
    }
    let mut layer = tower_helmet::HelmetLayer::blank();
    layer
        .enable(XXSSProtection)
        .enable(XPermittedCrossDomainPolicies::None)
        .enable(XFrameOptions::Deny)
        .enable(XContentTypeOptions)
        .enable(XDownloadOptions)
        .enable(ContentSecurityPolicy { use_defaults: false, directives, report_only: false })
        .enable(StrictTransportSecurity {
            max_age: Duration::from_secs(STS_MAX_AGE),
            include_subdomains: true,
            preload: false,
        })
        .enable(ExpectCt {
            max_age: Duration::from_secs(CT_MAX_AGE),
            enforce: true,
            report_uri: None,
        })
        .enable(ReferrerPolicy(vec![ReferrerPolicyValue::SameOrigin]));
    layer
}

fn axum_helmet() -> axum_helmet::HelmetLayer {
    use axum_helmet::*;
    let csp = ContentSecurityPolicy::new()
        .default_src(vec!["'none'"])
        .base_uri(vec!["'self'"])
        .frame_ancestors(vec!["'none'"])
        .img_src(vec!["'self'", "data:", "blob:", "https:"])
        .media_src(vec!["'self'", "https:"])
        .style_src(vec!["'self'", "'unsafe-inline'"])
        .font_src(vec!["'self'"])
        .script_src(vec!["'self'"])
        .connect_src(vec!["'self'", "wss://example.tld"])
        .manifest_src(vec!["'self'"])
        .upgrade_insecure_requests();
    Helmet::new()
        .add(XXSSProtection::on().mode_block())
        .add(XPermittedCrossDomainPolicies::none())
        .add(XFrameOptions::deny())
        .add(XContentTypeOptions::nosniff())
        .add(XDownloadOptions::noopen())
        .add(csp)
        .add(StrictTransportSecurity::new().max_age(STS_MAX_AGE as u32).include_sub_domains())
        .add(("expect-ct", guide::GUIDE[7].1.to_owned()))
        .add(ReferrerPolicy::same_origin())
        .into_layer()
        .expect("valid headers")
}

/// Holds a header that axum-security has no type for.
struct Raw(HeaderName, &'static str);

impl axum_security::headers::IntoSecurityHeader for Raw {
    fn into_header(self) -> (HeaderName, HeaderValue) {
        (self.0, HeaderValue::from_static(self.1))
    }
}

fn axum_security() -> axum_security::headers::SecurityHeaders {
    use axum_security::headers::*;
    let sts = StrictTransportSecurity::builder().max_age_seconds(STS_MAX_AGE).include_subdomains();
    SecurityHeaders::new()
        .add(Raw(header::X_XSS_PROTECTION, "1; mode=block"))
        .add(Raw(CROSS_DOMAIN, "none"))
        .add(FrameOptions::DENY)
        .add(ContentTypeOptions::NO_SNIFF)
        .add(Raw(DOWNLOAD_OPTIONS, "noopen"))
        .add(Raw(header::CONTENT_SECURITY_POLICY, CSP))
        .add(sts)
        .add(Raw(EXPECT_CT, "enforce, max-age=2592000"))
        .add(ReferrerPolicy::SAME_ORIGIN)
}

fn http_security_headers(nonces: bool) -> http_security_headers::SecurityHeadersLayer {
    use http_security_headers::*;
    let csp = ContentSecurityPolicy::parse(CSP).expect("the guide's policy");
    let csp = if nonces { csp.nonce_for(["script-src"]) } else { csp };
    let headers = SecurityHeaders::builder()
        .content_security_policy(csp)
        .strict_transport_security(Duration::from_secs(STS_MAX_AGE), true, false)
        .x_frame_options_deny()
        .x_content_type_options_nosniff()
        .referrer_policy(ReferrerPolicy::SameOrigin)
        .build()
        .expect("valid headers");
    SecurityHeadersLayer::new(headers)
}
