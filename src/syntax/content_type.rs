//! Reads the content type of a response as browsers do.

use http::{HeaderMap, header};

use super::directives::is_token;

/// Returns the type and subtype, as written, if all readers agree about them.
///
/// Browsers use the last valid type of all lines and of all members of a line
/// ([Fetch](https://fetch.spec.whatwg.org/#concept-header-extract-mime-type), "extract a MIME
/// type"); many other readers use the first. Returns `None` if the two can differ: for several
/// types, for no type, and for text that is not a type.
pub(crate) fn essence(headers: &HeaderMap) -> Option<&[u8]> {
    let mut lines = headers.get_all(header::CONTENT_TYPE).iter();
    let value = lines.next().filter(|_| lines.next().is_none())?.as_bytes();
    if !is_one_member(value) {
        return None;
    }
    let essence = value.split(|byte| *byte == b';').next()?.trim_ascii();
    let slash = essence.iter().position(|byte| *byte == b'/')?;
    let is_name = |name: &[u8]| !name.is_empty() && name.iter().copied().all(is_token);
    let valid = is_name(&essence[..slash]) && is_name(&essence[slash + 1..]);
    valid.then_some(essence)
}

/// Returns `true` if no comma separates members: each comma is inside a
/// terminated quoted string.
fn is_one_member(value: &[u8]) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    for byte in value {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return false,
            _ => {}
        }
    }
    !quoted
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn read(lines: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::CONTENT_TYPE, HeaderValue::from_bytes(line).unwrap());
        }
        essence(&headers).map(|essence| String::from_utf8(essence.to_vec()).unwrap())
    }

    #[test]
    fn a_type_is_read_with_its_parameters_left_out() {
        for (text, expected) in [
            (&b"image/png"[..], "image/png"),
            (b" IMAGE/Png\t; charset=utf-8", "IMAGE/Png"),
            (b"video/mp4;codecs=\"avc1.42E01E, mp4a.40.2\"", "video/mp4"),
            (b"video/mp4; a=\"b\\\", text/html\"", "video/mp4"),
            (b"image/png; name=\"\xFC.png\"", "image/png"),
            (b"image/png;", "image/png"),
            (b"image/svg+xml;charset=utf-8", "image/svg+xml"),
        ] {
            assert_eq!(read(&[text]).as_deref(), Some(expected), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn several_types_and_text_that_is_not_a_type_are_none() {
        for text in [
            &b""[..],
            b"image",
            b"image/",
            b"/png",
            b"image/ png",
            b"image /png",
            b"image/png text/html",
            b"image/p\xF1g",
            b"image/(png)",
            b"image/png/x",
            b"image/png, text/html",
            b"text/html, image/png",
            b"image/png,",
            b"image/png;a=\"b\\\\\", text/html",
            b"image/png;a=b\"c, text/html",
            b"image/png;a=\"b",
        ] {
            assert_eq!(read(&[text]), None, "{}", text.escape_ascii());
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[b"image/png", b"text/html"]), None);
        assert_eq!(read(&[b"image/png", b"image/png"]), None);
    }
}
