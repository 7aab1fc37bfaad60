//! From settings to policies.

use super::{
    Settings,
    file::{File, Profile},
};
use crate::{
    ContentSecurityPolicy, EndpointName, ExpectCt, FixedHeader, Hardening, HttpUrl, Source,
    SourceDirective, StrictTransportSecurity,
};

/// The name of the endpoint that browsers report to.
const ENDPOINT: &str = "csp-endpoint";

/// How long a browser may keep the endpoint, in seconds: Pleroma's 126 days.
const ENDPOINT_MAX_AGE: u32 = 10_886_400;

pub(super) fn hardening(settings: &Settings) -> Hardening {
    let Settings { file, site, .. } = settings;
    let mut hardening = Hardening::new();
    if file.http_security.enabled {
        hardening = match file.profile {
            Profile::Guide => Hardening::pleroma(site),
            Profile::Pleroma27 => Hardening::pleroma_2_7(site),
            Profile::Strict => Hardening::strict(site),
        };
        hardening = headers(settings, hardening);
    }
    hardening.host_cookies = Some(settings.cookies.clone()).filter(|_| file.secure_cookie_flag.0);
    hardening
}

fn headers(settings: &Settings, mut hardening: Hardening) -> Hardening {
    let security = &settings.file.http_security;
    if let Some(csp) = hardening.csp.take() {
        hardening = hardening.with(content(settings, csp));
    }
    if security.sts && settings.site.is_secure() {
        let sts = StrictTransportSecurity::max_age(security.sts_max_age).include_subdomains();
        hardening = hardening.with(sts);
        if settings.file.profile != Profile::Strict {
            hardening = hardening.with(ExpectCt::enforce(security.ct_max_age));
        }
    } else {
        hardening = hardening
            .without(&http::header::STRICT_TRANSPORT_SECURITY)
            .without(&http::HeaderName::from_static("expect-ct"));
    }
    hardening = hardening.with(security.referrer_policy.0);
    if let Some(uri) = &security.report_uri {
        for header in endpoint(uri) {
            hardening = hardening.with(header);
        }
    }
    for header in &settings.frontend_headers {
        let sent =
            hardening.headers.iter().any(|slot| slot.name == *crate::HeaderPolicy::name(header));
        if !sent {
            hardening = hardening.with(header.clone());
        }
    }
    hardening
}

fn content(settings: &Settings, csp: ContentSecurityPolicy) -> ContentSecurityPolicy {
    let File { profile, http_security, media_proxy, .. } = &settings.file;
    let media = media(&settings.file);
    let listed = media_proxy.enabled && !media_proxy.redirect_on_failure;
    let mut csp = match profile {
        Profile::Pleroma27 if listed => {
            let site = &settings.site;
            let images = [Source::SELF, Source::DATA, Source::BLOB];
            let connect = [Source::SELF, Source::BLOB, site.into(), Source::websocket(site)];
            csp.replace(SourceDirective::IMG_SRC, images.into_iter().chain(media.clone()))
                .replace(
                    SourceDirective::MEDIA_SRC,
                    [Source::SELF].into_iter().chain(media.clone()),
                )
                .replace(SourceDirective::CONNECT_SRC, connect.into_iter().chain(media))
        }
        // `https:` is there, and covers what is on https.
        Profile::Guide | Profile::Pleroma27 => allow_media(
            csp,
            media.into_iter().filter(|source| source.as_str().starts_with("http:")),
        ),
        Profile::Strict => allow_media(csp, media.into_iter()),
    };
    if http_security.allow_unsafe_eval {
        csp = csp.extend(SourceDirective::SCRIPT_SRC, [Source::WASM_UNSAFE_EVAL]);
    }
    match &http_security.report_uri {
        Some(uri) => {
            let csp = csp.report_uri(&uri.to_string()).expect("such a URL has no ';' and no ','");
            csp.report_to(EndpointName::from_static(ENDPOINT))
        }
        None => csp,
    }
}

fn allow_media(
    csp: ContentSecurityPolicy,
    media: impl Iterator<Item = Source>,
) -> ContentSecurityPolicy {
    let media: Vec<Source> = media.collect();
    if media.is_empty() {
        return csp;
    }
    csp.extend(SourceDirective::IMG_SRC, media.clone()).extend(SourceDirective::MEDIA_SRC, media)
}

/// Where media come from: what the release lists in the place of `https:`.
fn media(file: &File) -> Vec<Source> {
    let proxy = file.media_proxy.enabled.then_some(&file.media_proxy);
    let whitelist = proxy.into_iter().flat_map(|proxy| &proxy.whitelist);
    let bases = [
        proxy.and_then(|proxy| proxy.base_url.as_ref()),
        file.upload.base_url.as_ref(),
        file.s3.public_endpoint.as_ref(),
        file.captcha.endpoint.as_ref(),
    ];
    let all = bases.into_iter().flatten().chain(whitelist);
    all.map(|url| Source::from(url.origin())).collect()
}

/// `Reporting-Endpoints`, which `report-to` looks at, and `Report-To`, which older Chromes do.
fn endpoint(uri: &HttpUrl) -> [FixedHeader; 2] {
    let current = format!("{ENDPOINT}=\"{uri}\"");
    let legacy = format!(
        r#"{{"endpoints":[{{"url":"{uri}"}}],"group":"{ENDPOINT}","max_age":{ENDPOINT_MAX_AGE}}}"#
    );
    [("reporting-endpoints", current), ("report-to", legacy)].map(|(name, value)| {
        FixedHeader::new(name, &value).expect("a URL is visible ASCII without quotes")
    })
}
