//! Serves parts of files in memory. tower-http serves those on the disk.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_range_header::parse_range_header;

/// Returns the file, or the part of it that `Range` asks for ([RFC
/// 9110](https://www.rfc-editor.org/rfc/rfc9110#section-14)).
///
/// A `Range` that is malformed or asks for several parts is ignored. So is one with `If-Range`, because the files have
/// no validator to compare.
pub(crate) fn respond(file: Bytes, headers: &HeaderMap) -> Response {
    let length = file.len();
    let range = headers.get(header::RANGE).filter(|_| !headers.contains_key(header::IF_RANGE));
    let range = range.and_then(|range| parse_range_header(range.to_str().ok()?).ok());
    let range = range.map(|range| range.validate(length as u64));
    let mut response = match range.as_ref().map(|ranges| ranges.as_deref()) {
        Some(Ok([range])) => {
            let (first, last) = (*range.start() as usize, *range.end() as usize);
            let part = file.slice(first..=last);
            let is = format!("bytes {first}-{last}/{length}");
            (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, is)], part).into_response()
        }
        Some(Err(_)) => {
            let is = format!("bytes */{length}");
            (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, is)]).into_response()
        }
        Some(Ok(_)) | None => file.into_response(),
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}
