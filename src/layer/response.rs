//! What a response's own headers say of its content.

use http::HeaderMap;

use crate::policy::content_type::essence;

/// Returns `true` if the content type is one that runs nothing, wherever it is loaded. Where readers
/// can differ about the type, it is not.
pub(super) fn is_passive(headers: &HeaderMap) -> bool {
    let essence = essence(headers).unwrap_or_default().to_ascii_lowercase();
    match essence.split_once('/') {
        Some(("image", kind)) => !kind.ends_with("xml"),
        Some(("audio" | "video" | "font", _)) => true,
        Some(("application", kind)) => {
            kind == "json" || kind == "octet-stream" || kind.ends_with("+json")
        }
        Some(("text", kind)) => matches!(kind, "plain" | "css" | "csv"),
        _ => false,
    }
}
