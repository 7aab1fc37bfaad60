//! Sends a download with its file name in `Content-Disposition`, never as a
//! page.

use std::fmt::{self, Write as _};

use http::HeaderValue;

use super::file_name::safe;

/// Builds a `Content-Disposition` with a file name from an untrusted source
/// ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266),
/// [RFC 8187](https://www.rfc-editor.org/rfc/rfc8187)).
///
/// The name is made safe to use on Windows, macOS and Linux:
///
/// - Separators, reserved characters (`"*/:<>?\|`), `%` and control characters are replaced by
///   `_`. So are invisible characters (Default_Ignorable_Code_Point, which includes all characters
///   that change the order of others): a run of these becomes one `_`, and is removed at the ends.
/// - A run of blanks becomes one space; blanks at the ends and dots at the end are removed.
///   `photo.jpg          .exe` therefore cannot hide its extension.
/// - The name of a Windows device gets a `_` in front: `_CON.txt`.
/// - A name of more than 255 bytes is cut before its extension. An empty name is left out; a name
///   that becomes empty, such as `..`, is sent as `_`.
///
/// A non-ASCII name is sent as `filename*`, and as `filename` with `_` for each non-ASCII
/// character.
///
/// A header that another program sent is a
/// [`ReceivedContentDisposition`](crate::media::ReceivedContentDisposition).
///
/// ```
/// use tower_hardening::media::ContentDisposition;
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
#[must_use]
pub struct ContentDisposition {
    attachment: bool,
    /// The file name, which is never empty, and [safe].
    filename: Option<String>,
}

impl ContentDisposition {
    /// Makes browsers save the file under this name instead of showing it.
    pub fn attachment(filename: &str) -> Self {
        Self { attachment: true, filename: safe(filename) }
    }

    /// Lets browsers show the file, and suggests this name if the user saves
    /// it.
    pub fn inline(filename: &str) -> Self {
        Self { attachment: false, filename: safe(filename) }
    }

    /// Returns `true` if browsers save the file instead of showing it.
    pub fn is_attachment(&self) -> bool {
        self.attachment
    }

    /// Returns the name that the file is saved under, made safe.
    pub fn filename(&self) -> Option<&str> {
        self.filename.as_deref()
    }

    /// Changes the kind to `attachment`, and keeps the name.
    pub(super) fn into_attachment(self) -> Self {
        Self { attachment: true, ..self }
    }

    /// Returns the header's value.
    pub fn value(&self) -> HeaderValue {
        if self.attachment && self.filename.is_none() {
            return HeaderValue::from_static("attachment");
        }
        HeaderValue::try_from(self.to_string()).expect("every byte is quoted or encoded")
    }
}

impl fmt::Display for ContentDisposition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.attachment { "attachment" } else { "inline" })?;
        let Some(filename) = &self.filename else {
            return Ok(());
        };
        let ascii: String = filename.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
        write!(f, "; filename=\"{ascii}\"")?;
        if ascii == *filename {
            return Ok(());
        }
        f.write_str("; filename*=UTF-8''")?;
        for byte in filename.bytes() {
            match byte {
                b'-' | b'.' | b'_' | b'~' => f.write_char(byte.into())?,
                _ if byte.is_ascii_alphanumeric() => f.write_char(byte.into())?,
                _ => write!(f, "%{byte:02X}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bidi_Control of the Unicode database (UAX 9 section 2), and the
    /// characters that end a line.
    #[test]
    fn no_character_turns_the_order_of_others_around_or_ends_the_line() {
        let marks = ['\u{61C}', '\u{200E}', '\u{200F}', '\u{2028}', '\u{2029}', '\u{85}'];
        for c in marks.into_iter().chain('\u{202A}'..='\u{202E}').chain('\u{2066}'..='\u{2069}') {
            let name = ContentDisposition::attachment(&format!("a{c}gpj.exe"));
            assert_eq!(name.filename(), Some("a_gpj.exe"), "{c:?}");
        }
    }

    #[test]
    fn a_long_name_is_shortened_and_an_empty_one_is_left_out() {
        let long = ContentDisposition::attachment(&format!("{}.pdf", "ü".repeat(1000)));
        assert_eq!(long.filename(), Some(&*format!("{}.pdf", "ü".repeat(125))));
        assert_eq!(ContentDisposition::inline("").to_string(), "inline");
    }
}
