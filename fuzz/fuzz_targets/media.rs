//! Responses of other servers behind a media proxy: none of their headers turns a file into a page.
//!
//! The input is a status in two bytes, the types that are allowed in one, then lines: the path, and from there on a
//! content type and a disposition in turn.
#![no_main]

#[path = "../../tests/support/fixed.rs"]
mod fixed;
#[path = "../../tests/support/now.rs"]
mod now;

use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
use libfuzzer_sys::fuzz_target;
use tower_hardening::media::{
    ContentDisposition, Media, MediaLayer, MediaType, ReceivedContentDisposition,
};
use tower_layer::Layer;
use tower_service::Service;

use self::{fixed::Fixed, now::now};

const LOCKED: &str = "default-src 'none'; sandbox";

/// The types that are shown: those of every kind, then those that are allowed one by one.
const SHOWN: [(&str, Option<MediaType>, &str); 8] = [
    ("image/svg+xml", None, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ("image/", None, "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"),
    (
        "application/pdf",
        Some(MediaType::Pdf),
        "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    ),
    ("text/plain", Some(MediaType::PlainText), TEXT),
    ("text/vtt", Some(MediaType::WebVtt), TEXT),
    ("application/", Some(MediaType::HlsPlaylist), PLAYED),
    ("audio/", None, PLAYED),
    ("video/", None, PLAYED),
];
const TEXT: &str = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox";
const PLAYED: &str =
    "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin";

fn through(media: &Media, path: &Uri, status: StatusCode, headers: HeaderMap) -> HeaderMap {
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    let mut service = MediaLayer::new(media.clone()).layer(Fixed(response));
    let mut request = Request::new(());
    *request.uri_mut() = path.clone();
    now(service.call(request)).unwrap().into_parts().0.headers
}

/// Asserts that Windows, macOS and Linux can keep the name, and that nothing in it is hidden.
fn assert_safe(name: &str) {
    assert!(!name.is_empty() && name.len() <= 255, "{name:?}");
    assert!(!name.starts_with(' ') && !name.ends_with([' ', '.']), "{name:?}");
    assert!(!name.contains("  "), "{name:?}");
    let refused = |c: char| {
        let blank = c != ' ' && c.is_whitespace();
        let unseen = matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}');
        blank || unseen || c.is_control() || "\"*/:<>?\\|%".contains(c)
    };
    assert!(!name.contains(refused), "{name:?}");
    let stem = name.split('.').next().unwrap().trim_end().to_ascii_uppercase();
    let numbered = |port: &str| {
        stem.strip_prefix(port).is_some_and(|rest| {
            let mut rest = rest.chars();
            rest.next().is_some_and(|c| c.is_ascii_digit() || "¹²³".contains(c))
                && rest.next().is_none()
        })
    };
    assert!(!["CON", "PRN", "AUX", "NUL"].contains(&&*stem), "{name:?}");
    assert!(!numbered("COM") && !numbered("LPT"), "{name:?}");
}

fuzz_target!(|input: &[u8]| {
    let Some((&[high, low, allowed], input)) = input.split_first_chunk::<3>() else { return };
    let status = StatusCode::from_u16(200 + u16::from_be_bytes([high, low]) % 400).unwrap();
    let kinds = [MediaType::Pdf, MediaType::PlainText, MediaType::WebVtt, MediaType::HlsPlaylist];
    let chosen = kinds.into_iter().enumerate().filter(|(bit, _)| allowed & 1 << bit != 0);
    let media = chosen.fold(Media::proxied(), |media, (_, kind)| media.allow(kind));
    let mut lines = input.split(|byte| *byte == b'\n');
    let Ok(path) = Uri::try_from(lines.next().unwrap_or_default()) else { return };
    let mut headers = HeaderMap::new();
    for (index, line) in lines.enumerate() {
        let Ok(value) = HeaderValue::from_bytes(line) else { return };
        let names = [header::CONTENT_TYPE, header::CONTENT_DISPOSITION];
        headers.append(&names[index % 2], value);
    }
    let sent = through(&media, &path, status, headers);
    assert!(sent.get_all(header::CONTENT_TYPE).iter().count() <= 1);
    let essence = sent.get(header::CONTENT_TYPE).map(|value| {
        let essence = value.as_bytes().split(|byte| *byte == b';').next().unwrap();
        String::from_utf8(essence.trim_ascii().to_ascii_lowercase()).unwrap()
    });
    let policy = sent.get(header::CONTENT_SECURITY_POLICY).map(|value| value.to_str().unwrap());
    let kept = match essence.as_deref() {
        None => {
            let unmodified = status == StatusCode::NOT_MODIFIED;
            assert!(unmodified || status == StatusCode::NO_CONTENT);
            assert_eq!(policy, (!unmodified).then_some(LOCKED));
            true
        }
        Some("application/octet-stream" | "multipart/byteranges") => {
            assert_eq!(policy, Some(LOCKED));
            false
        }
        Some("text/plain") if status.as_u16() >= 400 && !media.allows(MediaType::PlainText) => {
            assert_eq!(policy, Some(LOCKED));
            true
        }
        Some(essence) => {
            assert!(!essence.ends_with("xml") || essence == "image/svg+xml", "{essence}");
            let playlist = essence.contains("mpegurl");
            assert!(!playlist || media.allows(MediaType::HlsPlaylist), "{essence}");
            let found = SHOWN.iter().find(|(start, kind, _)| {
                essence.starts_with(start) && kind.is_none_or(|kind| media.allows(kind))
            });
            assert_eq!(policy, Some(found.unwrap_or_else(|| panic!("{essence}")).2));
            true
        }
    };
    // The name is safe, is read and printed as the same, and what is not shown is saved.
    let disposition = sent.get(header::CONTENT_DISPOSITION);
    let said = disposition.map(|value| {
        let received = ReceivedContentDisposition::parse(value.to_str().unwrap()).unwrap();
        ContentDisposition::from(received)
    });
    assert_eq!(said.as_ref().map(ContentDisposition::value).as_ref(), disposition);
    said.iter().filter_map(ContentDisposition::filename).for_each(assert_safe);
    assert!(kept || said.is_some_and(|said| said.is_attachment()));
    assert_eq!(through(&media, &path, status, sent.clone()), sent);
});
