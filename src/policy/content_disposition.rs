//! `Content-Disposition`: a download keeps its name and is never shown as a page.

use std::fmt;

use http::HeaderValue;

/// `Content-Disposition` with a file name that somebody else chose
/// ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266), [RFC 8187](https://www.rfc-editor.org/rfc/rfc8187)).
///
/// A name that is not plain ASCII goes in `filename*` as well; quotes, slashes and control
/// characters cannot break out.
///
/// ```
/// use tower_hardening::ContentDisposition;
///
/// let plain = ContentDisposition::attachment("notes.html");
/// assert_eq!(plain.to_string(), r#"attachment; filename="notes.html""#);
/// let hostile = ContentDisposition::attachment("a\"; x=\r\nü.html");
/// assert_eq!(
///     hostile.to_string(),
///     r#"attachment; filename="a_; x=___.html"; filename*=UTF-8''a_%3B%20x%3D__%C3%BC.html"#,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentDisposition {
    kind: &'static str,
    filename: String,
}

impl ContentDisposition {
    /// To be saved under that name, not shown.
    pub fn attachment(filename: &str) -> Self {
        Self { kind: "attachment", filename: safe(filename) }
    }

    /// To be shown, and saved under that name if the user saves it.
    pub fn inline(filename: &str) -> Self {
        Self { kind: "inline", filename: safe(filename) }
    }

    /// The header's value.
    pub fn value(&self) -> HeaderValue {
        HeaderValue::try_from(self.to_string()).expect("every byte is quoted or encoded")
    }
}

impl fmt::Display for ContentDisposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ascii: String =
            self.filename.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
        write!(f, "{}; filename=\"{ascii}\"", self.kind)?;
        if ascii == self.filename {
            return Ok(());
        }
        f.write_str("; filename*=UTF-8''")?;
        for byte in self.filename.bytes() {
            match byte {
                b'-' | b'.' | b'_' | b'~' => write!(f, "{}", byte as char)?,
                _ if byte.is_ascii_alphanumeric() => write!(f, "{}", byte as char)?,
                _ => write!(f, "%{byte:02X}")?,
            }
        }
        Ok(())
    }
}

/// The name without what could leave its quotes or its folder, or show it in another order.
fn safe(filename: &str) -> String {
    let unseen = |c: char| matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    let replaced = |c: char| c.is_control() || unseen(c) || matches!(c, '"' | '\\' | '/' | '%');
    filename.chars().map(|c| if replaced(c) { '_' } else { c }).collect()
}
