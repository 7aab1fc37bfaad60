//! Laws for whatever a service answers.

use http::{HeaderName, HeaderValue, Response, StatusCode};
use proptest::{collection::vec, prelude::*, sample::select};
use tower_hardening::{ContentDisposition, Media, MediaLayer};

use crate::{BODY, lines, through};

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
    let likely = "(image/(png|svg\\+xml)|text/html|attachment|inline)(; ?(filename\\*?|a)=(\"[a-z\",\\\\;]{0,6}\"|[a-z,]{0,4}|UTF-8''[%A-F0-9]{0,9})){0,2}";
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

proptest! {
    #[test]
    fn no_answer_gets_out_as_a_page(response in response(), path in "/[!-~&&[^?#]]{0,20}") {
        for media in [Media::uploads(), Media::proxied()] {
            let layer = MediaLayer::new(media);
            let Ok(path) = http::Uri::try_from(&path) else { continue };
            let sent = through(&layer, path.path(), response.clone());
            prop_assert_eq!((sent.status(), *sent.body()), (response.status(), BODY));
            if sent.status().is_informational() {
                continue;
            }
            let headers = sent.headers();
            prop_assert_eq!(lines(headers, "content-security-policy"), ["default-src 'none'; sandbox"]);
            prop_assert_eq!(lines(headers, "x-content-type-options"), ["nosniff"]);
            let types: Vec<_> = headers.get_all("content-type").iter().collect();
            prop_assert!(types.len() <= 1);
            for content_type in types {
                let known = ["image/", "audio/", "video/", "application/octet-stream", "multipart/byteranges", "text/plain"];
                prop_assert!(known.iter().any(|known| content_type.to_str().unwrap().to_ascii_lowercase().starts_with(known)));
            }
            // And is the same when it comes through again.
            let again = through(&layer, path.path(), sent.clone());
            prop_assert_eq!(again.headers(), headers);
        }
    }

    #[test]
    fn a_disposition_prints_and_reads_the_same(name in any::<String>(), saved in any::<bool>()) {
        let printed = if saved { ContentDisposition::attachment(&name) } else { ContentDisposition::inline(&name) };
        prop_assert_eq!(printed.to_string().parse(), Ok(printed.clone()));
        prop_assert!(printed.to_string().bytes().all(|byte| matches!(byte, b' '..=b'~')));
    }

    #[test]
    fn what_is_read_of_a_disposition_prints_as_what_is_read(text in prop_oneof![any::<String>(), "[a-z;=\"\\\\ *%'-]{0,30}"]) {
        if let Ok(read) = text.parse::<ContentDisposition>() {
            prop_assert_eq!(read.to_string().parse(), Ok(read));
        }
    }
}

#[test]
fn a_map_that_is_full_makes_nothing_panic() {
    let mut response = Response::new(BODY);
    for index in 0..24_576 {
        let name = HeaderName::try_from(format!("x-{index}")).unwrap();
        if response.headers_mut().try_insert(name, HeaderValue::from_static("")).is_err() {
            break;
        }
    }
    for media in [Media::uploads(), Media::proxied()] {
        through(&MediaLayer::new(media), "/", response.clone());
    }
}
