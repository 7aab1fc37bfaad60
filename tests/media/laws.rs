//! Tests laws for every response of a service.

use http::{HeaderName, HeaderValue, Response, StatusCode};
use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::media::{ContentDisposition, Media, MediaLayer, ReceivedContentDisposition};

use crate::{
    BODY, lines,
    policies::{LOCKED, PLAYED, RASTER, SVG},
    through,
};

const NAMES: [&str; 9] = [
    "content-type",
    "content-disposition",
    "content-security-policy",
    "cross-origin-resource-policy",
    "set-cookie",
    "link",
    "etag",
    "content-range",
    "x-a",
];

fn value() -> impl Strategy<Value = HeaderValue> {
    let bytes = vec(prop_oneof![Just(b'\t'), 0x20..=0x7Eu8, 0x80..=0xFFu8], 0..40);
    let any = bytes.prop_map(|bytes| HeaderValue::from_bytes(&bytes).unwrap());
    let likely = "(image/(png|svg\\+xml|x-eps)|video/(mp4|x-ms-asf)|text/html|attachment|inline)(; ?(filename\\*?|a)=(\"[a-z\",\\\\;]{0,6}\"|[a-z,]{0,4}|UTF-8''[%A-F0-9]{0,9})){0,2}";
    prop_oneof![any, likely.prop_map(|text| HeaderValue::try_from(text).unwrap())]
}

prop_compose! {
    fn response()(
        status in 100..600u16,
        headers in vec((select(NAMES.to_vec()), value()), 0..12),
    ) -> Response<&'static str> {
        let mut response = Response::new(BODY);
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        for (name, value) in headers {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
        response
    }
}

/// Characters that no name may have.
const NASTY: &str = "\"*/:<>?\\|%\u{0}\u{85}\u{A0}\u{AD}\u{34F}\u{115F}\u{200B}\u{202E}\u{2028}\u{2800}\u{3000}\u{FE0F}\u{FF0F}\u{FFFF}\u{E0001}";

/// Generates names of these characters, of others, of devices, and of characters that are invalid at an end.
fn name() -> impl Strategy<Value = String> {
    let nasty = select(NASTY.chars().collect::<Vec<_>>()).prop_map(String::from);
    let word = select(vec!["con", "LPT1", "com\u{B2}", ".", " ", ".exe", "a", "ü", "𝒳"]);
    let long = (word.clone(), 100..300usize).prop_map(|(word, count)| word.repeat(count));
    let part = prop_oneof![3 => nasty, 6 => word.prop_map(str::to_owned), 1 => long];
    vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn no_response_leaves_as_a_page(response in response(), path in "/[!-~&&[^?#]]{0,20}") {
        for media in [Media::uploads(), Media::proxied()] {
            let layer = MediaLayer::new(media);
            let Ok(path) = http::Uri::try_from(&path) else { continue };
            let sent = through(&layer, path.path(), response.clone());
            prop_assert_eq!((sent.status(), *sent.body()), (response.status(), BODY));
            if sent.status().is_informational() {
                continue;
            }
            let headers = sent.headers();
            let content_type = headers.get("content-type").map(|value| value.as_bytes().to_ascii_lowercase());
            let policy = match content_type.as_deref() {
                None if sent.status() == StatusCode::NOT_MODIFIED => None,
                Some(text) if text.starts_with(b"image/svg+xml") => Some(SVG),
                Some(text) if text.starts_with(b"image/") => Some(RASTER),
                Some(text) if text.starts_with(b"video/") => Some(PLAYED),
                _ => Some(LOCKED),
            };
            prop_assert_eq!(lines(headers, "content-security-policy"), policy.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(lines(headers, "x-content-type-options"), ["nosniff"]);
            let types: Vec<_> = headers.get_all("content-type").iter().collect();
            prop_assert!(types.len() <= 1);
            for content_type in types {
                let known = ["image/png", "image/svg+xml", "video/mp4", "application/octet-stream", "multipart/byteranges", "text/plain"];
                prop_assert!(known.iter().any(|known| content_type.as_bytes().to_ascii_lowercase().starts_with(known.as_bytes())));
            }
            // A second pass changes nothing.
            let again = through(&layer, path.path(), sent.clone());
            prop_assert_eq!(again.headers(), headers);
        }
    }

    #[test]
    fn a_disposition_prints_and_reads_the_same(name in any::<String>(), saved in any::<bool>()) {
        let printed = if saved { ContentDisposition::attachment(&name) } else { ContentDisposition::inline(&name) };
        let received = ReceivedContentDisposition::parse(&printed.to_string()).unwrap();
        prop_assert_eq!(ContentDisposition::from(received), printed.clone());
        prop_assert!(printed.to_string().bytes().all(|byte| matches!(byte, b' '..=b'~')));
    }

    #[test]
    fn a_name_is_safe_and_stays_as_it_is(name in name()) {
        let safe = ContentDisposition::attachment(&name);
        let Some(safe) = safe.filename() else {
            prop_assert_eq!(name, "");
            return Ok(());
        };
        prop_assert!(safe.len() <= 255 && !safe.is_empty());
        prop_assert!(!safe.starts_with(' ') && !safe.ends_with([' ', '.']) && !safe.contains("  "));
        let refused = |c: char| c != ' ' && NASTY.contains(c);
        prop_assert!(!safe.contains(refused), "{:?}", safe);
        let stem = safe.split('.').next().unwrap_or_default().trim_end();
        let device = ["con", "lpt1", "com²"].iter().any(|name| stem.eq_ignore_ascii_case(name));
        prop_assert!(!device, "{:?}", safe);
        let again = ContentDisposition::attachment(safe);
        prop_assert_eq!(again.filename(), Some(safe));
    }

    #[test]
    fn a_received_disposition_is_sent_and_received_as_the_same(text in prop_oneof![any::<String>(), "[a-z;=\"\\\\ *%'-]{0,30}"]) {
        if let Ok(received) = ReceivedContentDisposition::parse(&text) {
            let sent = ContentDisposition::from(received);
            let again = ReceivedContentDisposition::parse(&sent.to_string()).unwrap();
            prop_assert_eq!(again.filename(), sent.filename());
            prop_assert_eq!(ContentDisposition::from(again), sent);
        }
    }
}

#[test]
fn a_full_header_map_causes_no_panic() {
    let mut response = Response::new(BODY);
    for index in 0..24_576 {
        let name = HeaderName::try_from(format!("x-{index}")).unwrap();
        if response.headers_mut().try_insert(name, HeaderValue::from_static("")).is_err() {
            break;
        }
    }
    for media in [Media::uploads(), Media::proxied()] {
        let response = through(&MediaLayer::new(media), "/", response.clone());
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        assert!(response.headers().contains_key("content-security-policy"));
    }
}
