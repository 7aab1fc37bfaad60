//! What a response's own headers say of its content and of who may keep it.

#[cfg(feature = "nonce")]
use http::HeaderValue;
use http::{HeaderMap, header};

/// Whether the content type is one that runs nothing, wherever it is loaded.
pub(super) fn is_passive(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
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

/// A shared cache must not hand one reader's nonce to another (RFC 9111 section 5.2.2).
#[cfg(feature = "nonce")]
pub(super) fn make_private(headers: &mut HeaderMap) {
    let said: Vec<String> = headers
        .get_all(header::CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim_ascii().to_owned())
        .filter(|directive| !directive.is_empty())
        .collect();
    let name =
        |directive: &str| directive.split('=').next().unwrap_or_default().to_ascii_lowercase();
    if said
        .iter()
        .any(|directive| matches!(directive.to_ascii_lowercase().as_str(), "private" | "no-store"))
    {
        return;
    }
    let kept =
        said.into_iter().filter(|d| !matches!(name(d).as_str(), "public" | "s-maxage" | "private"));
    let text = std::iter::once("private".to_owned()).chain(kept).collect::<Vec<_>>().join(", ");
    if let Ok(value) = HeaderValue::try_from(text) {
        drop(headers.try_insert(header::CACHE_CONTROL, value));
    }
}
