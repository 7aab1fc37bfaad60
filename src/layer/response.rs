//! Classifies a response's content by its own headers.

use http::HeaderMap;

use crate::syntax::content_type::essence;

/// Returns `true` if content of this type runs nothing, wherever it is loaded.
///
/// Returns `false` if clients can interpret the type differently.
pub(super) fn is_passive(headers: &HeaderMap) -> bool {
    let essence = essence(headers).unwrap_or_default().to_ascii_lowercase();
    match std::str::from_utf8(&essence).unwrap_or_default().split_once('/') {
        Some(("image", kind)) => !kind.ends_with("xml"),
        Some(("audio" | "video" | "font", _)) => true,
        Some(("application", kind)) => {
            kind == "json" || kind == "octet-stream" || kind.ends_with("+json")
        }
        Some(("text", kind)) => matches!(kind, "plain" | "css" | "csv"),
        _ => false,
    }
}
