//! Ranges of files ([RFC 9110](https://www.rfc-editor.org/rfc/rfc9110#section-14)): one part of a file, in memory or on
//! the disk.

use std::path::PathBuf;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use axum::response::{IntoResponse, Response};
use tower::ServiceExt;
use tower_http::services::ServeFile;

/// Names the part of a file that a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Whole,
    /// The first and the last byte.
    Bytes(u64, u64),
    /// No byte of the file.
    Nothing,
}

impl Part {
    /// Returns the part of a file of this length.
    ///
    /// A `Range` that is malformed, names another unit, or asks for several parts is ignored, and so is that of every
    /// method except GET.
    fn asked_for(method: &Method, headers: &HeaderMap, length: u64) -> Self {
        if method != Method::GET {
            return Self::Whole;
        }
        let mut lines = headers.get_all(header::RANGE).iter();
        let (Some(line), None) = (lines.next(), lines.next()) else { return Self::Whole };
        line.to_str().ok().and_then(|line| Self::read(line, length)).unwrap_or(Self::Whole)
    }

    /// Reads one range of bytes; `None` if it is ignored.
    fn read(line: &str, length: u64) -> Option<Self> {
        let (unit, set) = line.split_once('=')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        // A list may have empty members.
        let mut members = set.split(',').map(str::trim).filter(|member| !member.is_empty());
        let (range, None) = (members.next()?, members.next()) else { return None };
        let (first, last) = range.split_once('-')?;
        let part = match (first, last) {
            ("", suffix) => {
                let suffix = number(suffix)?.min(length);
                (suffix > 0).then(|| (length - suffix, length - 1))
            }
            (first, "") => Some((number(first)?, u64::MAX)),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                // A range that ends before it begins is malformed.
                (first <= last).then_some(())?;
                Some((first, last))
            }
        };
        let part = part.filter(|(first, _)| *first < length);
        Some(part.map_or(Self::Nothing, |(first, last)| Self::Bytes(first, last.min(length - 1))))
    }

    /// Returns the `Range` that asks for the same part in the plainest form, or `None` for the whole file.
    fn plainest(self, length: u64) -> Option<HeaderValue> {
        let range = match self {
            Self::Whole => return None,
            Self::Bytes(first, u64::MAX) => format!("bytes={first}-"),
            Self::Bytes(first, last) => format!("bytes={first}-{last}"),
            Self::Nothing => format!("bytes={length}-"),
        };
        HeaderValue::try_from(range).ok()
    }
}

/// Returns a file in memory, or its part. With `If-Range` it is the whole file: there is nothing to compare that with.
pub(crate) fn from_memory(file: Bytes, method: &Method, headers: &HeaderMap) -> Response {
    let length = file.len();
    let part = match headers.contains_key(header::IF_RANGE) {
        true => Part::Whole,
        false => Part::asked_for(method, headers, length as u64),
    };
    let mut response = match part {
        Part::Whole => file.into_response(),
        Part::Bytes(first, last) => {
            let is = format!("bytes {first}-{last}/{length}");
            let part = file.slice(first as usize..=last as usize);
            (StatusCode::PARTIAL_CONTENT, [(header::CONTENT_RANGE, is)], part).into_response()
        }
        Part::Nothing => {
            let is = format!("bytes */{length}");
            (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, is)]).into_response()
        }
    };
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response
}

/// Returns a file of this length on the disk, or its part.
///
/// tower-http answers a malformed `Range` with a 416, and ignores `If-Range`.
pub(crate) async fn from_disk(path: PathBuf, mut parts: Parts, length: u64) -> Response {
    let range = Part::asked_for(&parts.method, &parts.headers, length).plainest(length);
    parts.headers.remove(header::RANGE);
    let whole = Request::from_parts(parts.clone(), Body::empty());
    let file = ServeFile::new(path);
    if let Some(range) = range {
        let mut request = Request::from_parts(parts.clone(), Body::empty());
        request.headers_mut().insert(header::RANGE, range);
        let response = file.clone().oneshot(request).await.into_response();
        if is_of_same_file(&parts.headers, response.headers()) {
            return response;
        }
    }
    file.oneshot(whole).await.into_response()
}

/// Returns `true` unless `If-Range` names another version of the file than the response has.
fn is_of_same_file(asked: &HeaderMap, sent: &HeaderMap) -> bool {
    asked.get_all(header::IF_RANGE).iter().all(|known| {
        let is_weak = known.as_bytes().starts_with(b"W/");
        let is = |name| sent.get(name) == Some(known);
        !is_weak && (is(header::ETAG) || is(header::LAST_MODIFIED))
    })
}

/// Leaves only a `Range` that tower-http reads as RFC 9110 does, for a file of unknown length: not the last bytes, and
/// none with `If-Range`.
pub(crate) fn keep_plain(mut request: Request) -> Request {
    let method = request.method().clone();
    let headers = request.headers_mut();
    let of_end = |range: &HeaderValue| range.to_str().is_ok_and(|range| range.contains("=-"));
    let is_plain =
        !headers.contains_key(header::IF_RANGE) && !headers.get(header::RANGE).is_some_and(of_end);
    let part = if is_plain { Part::asked_for(&method, headers, u64::MAX) } else { Part::Whole };
    headers.remove(header::RANGE);
    let part = match part {
        Part::Bytes(first, last) if last == u64::MAX - 1 => Part::Bytes(first, u64::MAX),
        part => part,
    };
    if let Some(range) = part.plainest(u64::MAX) {
        headers.insert(header::RANGE, range);
    }
    request
}

/// Reads a number of any length; more than `u64` holds is beyond every file.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}
