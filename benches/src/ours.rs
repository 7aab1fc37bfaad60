//! Defines the contenders of this crate: its layers as applications use them.

use std::time::Duration;

use http::header;
use tower::Layer;
use tower_hardening::{
    ContentSecurityPolicy, ContentTypeOptions, ContentTypeOptionsLayer, CspLayer, ExpectCt,
    ExpectCtLayer, FrameOptions, FrameOptionsLayer, Hardening, HardeningLayer, HostCookieLayer,
    HostCookies, ReferrerLayer, ReferrerPolicy, StrictTransportSecurity, StsLayer,
    csp::{Source, SourceDirective},
    header::{
        DownloadOptions, DownloadOptionsLayer, PermittedCrossDomainPolicies,
        PermittedCrossDomainPoliciesLayer, XssProtection, XssProtectionLayer,
    },
};

use crate::{
    contender::{self, Claim, Contender},
    guide::{CSP, CT_MAX_AGE, STS_MAX_AGE},
    service::{Inner, client},
};

pub const COMPOSITE: Contender = Contender {
    name: "tower-hardening",
    around: |traffic| {
        let hardening = preset().without(&header::SET_COOKIE);
        client(HardeningLayer::new(hardening).layer(Inner(traffic)), traffic)
    },
    claim: Claim::MIXED,
    cannot: "",
};

pub const STACK: Contender = Contender {
    name: "tower-hardening, nine layers",
    around: |traffic| {
        let service = XssProtectionLayer::new(XssProtection::BLOCK).layer(Inner(traffic));
        let service = PermittedCrossDomainPoliciesLayer::new(PermittedCrossDomainPolicies::NONE)
            .layer(service);
        let service = FrameOptionsLayer::new(FrameOptions::DENY).layer(service);
        let service = ContentTypeOptionsLayer::new(ContentTypeOptions::NOSNIFF).layer(service);
        let service = DownloadOptionsLayer::new(DownloadOptions::NOOPEN).layer(service);
        let service = CspLayer::new(csp()).layer(service);
        let sts = StrictTransportSecurity::new(Duration::from_secs(STS_MAX_AGE));
        let service = StsLayer::new(sts.include_subdomains()).layer(service);
        let expect_ct = ExpectCt::enforce(Duration::from_secs(CT_MAX_AGE));
        let service = ExpectCtLayer::new(expect_ct).layer(service);
        client(ReferrerLayer::new(ReferrerPolicy::SAME_ORIGIN).layer(service), traffic)
    },
    claim: Claim::MIXED,
    cannot: "",
};

pub const NONCES: Contender = Contender {
    name: "tower-hardening, nonces",
    around: |traffic| {
        let csp = csp().extend(SourceDirective::SCRIPT_SRC, [Source::NONCE]).expect("a nonce");
        let hardening = preset().without(&header::SET_COOKIE).with(csp);
        client(HardeningLayer::new(hardening).layer(Inner(traffic)), traffic)
    },
    claim: Claim { nonce: contender::Nonce::WhenRead, ..Claim::MIXED },
    cannot: "",
};

/// Sends the nonce in a second line.
pub const NONCES_IN_SECOND_LINE: Contender = Contender {
    name: "tower-hardening, nonces in a second line",
    around: |traffic| {
        let csp = csp().extend(SourceDirective::SCRIPT_SRC, [Source::NONCE]).expect("a nonce");
        let hardening = preset().without(&header::SET_COOKIE).with(csp);
        let hardening = hardening.nonce_in_second_line().expect("a policy with a nonce");
        client(HardeningLayer::new(hardening).layer(Inner(traffic)), traffic)
    },
    claim: Claim {
        two_lines: Some(|| {
            let open = "script-src * about: blob: data: filesystem: 'unsafe-inline' 'unsafe-eval'";
            [CSP.replace("script-src 'self'", open), "script-src 'self'".to_owned()]
        }),
        ..NONCES.claim
    },
    cannot: "",
};

pub const PRESET: Contender = Contender {
    name: "tower-hardening, cookies",
    around: |traffic| client(HardeningLayer::new(preset()).layer(Inner(traffic)), traffic),
    claim: Claim { cookies: true, ..Claim::MIXED },
    cannot: "",
};

pub const COOKIES: Contender = Contender {
    name: "tower-hardening, cookies alone",
    around: |traffic| {
        let cookies = HostCookies::new(["pleroma_key"]).expect("a token");
        client(HostCookieLayer::new(cookies).layer(Inner(traffic)), traffic)
    },
    claim: Claim { cookies: true, ..Claim::NOTHING },
    cannot: "",
};

fn preset() -> Hardening {
    Hardening::pleroma(&"https://example.tld".parse().expect("an origin"))
}

fn csp() -> ContentSecurityPolicy {
    CSP.parse().expect("the guide's policy")
}
