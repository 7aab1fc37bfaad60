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
    if !headers.contains_key(header::CACHE_CONTROL) {
        drop(headers.try_insert(header::CACHE_CONTROL, HeaderValue::from_static("private")));
        return;
    }
    let lines = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|line| line.to_str().ok());
    let said: Vec<&str> = lines
        .flat_map(|line| line.split(','))
        .map(str::trim_ascii)
        .filter(|said| !said.is_empty())
        .collect();
    let shared = |said: &&str| {
        let name = said.split('=').next().unwrap_or_default().trim_ascii();
        name.eq_ignore_ascii_case("public") || name.eq_ignore_ascii_case("s-maxage")
    };
    let is = |said: &str, word: &str| said.eq_ignore_ascii_case(word);
    let private = said.iter().any(|said| is(said, "private") || is(said, "no-store"));
    if private && !said.iter().any(shared) {
        return;
    }
    // `private="a-field"` would hold for that field alone.
    let whole =
        |said: &&str| is(said, "private") || !said.to_ascii_lowercase().starts_with("private");
    let first = (!private).then_some("private");
    let kept = said.iter().copied().filter(|said| !shared(said) && whole(said));
    let text = first.into_iter().chain(kept).collect::<Vec<_>>().join(", ");
    if let Ok(value) = HeaderValue::try_from(text) {
        drop(headers.try_insert(header::CACHE_CONTROL, value));
    }
}
