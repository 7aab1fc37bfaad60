//! Reads a `Content-Disposition` that another program sent, as browsers read it.

use super::content_disposition::ContentDisposition;
use crate::{
    error::ParseError,
    syntax::{
        directives::{Directive, parameters},
        percent,
    },
};

/// The header's name in errors.
const HEADER: &str = "content-disposition";

/// Represents a `Content-Disposition` header that another program sent, as browsers read it
/// ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)).
///
/// It uses the name of `filename*` if both parameters are present, and reads an unknown disposition
/// type as `attachment` (section 4.2). Convert it to a [`ContentDisposition`] to send it: that makes
/// the name safe.
///
/// ```
/// use tower_hardening::media::{ContentDisposition, ReceivedContentDisposition};
///
/// let text = r#"INLINE; filename="a.gif"; filename*=utf-8'en'..%2F%e2%82%ac.gif"#;
/// let received = ReceivedContentDisposition::parse(text)?;
/// assert_eq!((received.is_attachment(), received.filename()), (false, Some("../€.gif")));
/// assert_eq!(ContentDisposition::from(received).filename(), Some(".._€.gif"));
/// # Ok::<(), tower_hardening::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedContentDisposition {
    is_attachment: bool,
    filename: Option<String>,
}

impl ReceivedContentDisposition {
    /// Reads the value of the header.
    ///
    /// # Errors
    ///
    /// Returns an error for a value that browsers ignore.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut directives = parameters(HEADER, text)?.into_iter();
        let Some(kind) = directives.next().filter(|kind| kind.value.is_none()) else {
            let problem = "the disposition type is missing; write 'attachment' or 'inline' first";
            return Err(ParseError::new(HEADER, 0, problem));
        };
        let (mut plain, mut extended) = (None, None);
        for Directive { name, value, .. } in directives {
            let value = value.map(|(value, _)| value);
            match name.as_str() {
                "filename" => plain = value,
                "filename*" => extended = value.as_deref().and_then(extended_value),
                _ => {}
            }
        }
        let filename = extended.or(plain).filter(|name| !name.is_empty());
        Ok(Self { is_attachment: kind.name != "inline", filename })
    }

    /// Returns `true` if browsers save the file instead of showing it.
    pub fn is_attachment(&self) -> bool {
        self.is_attachment
    }

    /// Returns the file name as it was sent. It can contain any character, such as `/`.
    pub fn filename(&self) -> Option<&str> {
        self.filename.as_deref()
    }
}

impl From<ReceivedContentDisposition> for ContentDisposition {
    /// Makes the name safe.
    fn from(received: ReceivedContentDisposition) -> Self {
        let filename = received.filename().unwrap_or_default();
        match received.is_attachment {
            true => Self::attachment(filename),
            false => Self::inline(filename),
        }
    }
}

/// Decodes the text of `UTF-8'language'percent-encoded` (RFC 8187 section
/// 3.2.1). UTF-8 is the only supported charset.
fn extended_value(text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '\'');
    let utf_8 = parts.next()?.eq_ignore_ascii_case("utf-8");
    let encoded = parts.nth(1).filter(|_| utf_8)?;
    String::from_utf8(percent::decoded(encoded)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(bool, Option<String>)> {
        let read = ContentDisposition::from(ReceivedContentDisposition::parse(text).ok()?);
        Some((read.is_attachment(), read.filename().map(str::to_owned)))
    }

    #[test]
    fn values_of_other_servers_are_read_as_browsers_read_them() {
        let name = |text: &str| Some(text.to_owned());
        for (text, expected) in [
            ("attachment", Some((true, None))),
            ("inline", Some((false, None))),
            (" Inline ;", Some((false, None))),
            ("form-data; name=a", Some((true, None))),
            ("attachment; filename=\"a b.txt\"", Some((true, name("a b.txt")))),
            ("attachment;FILENAME = a.txt ;x=\"y;z\"", Some((true, name("a.txt")))),
            ("inline; filename=\"a\\\"b\\\\c\"", Some((false, name("a_b_c")))),
            ("inline; filename=\"../../etc/passwd\"", Some((false, name(".._.._etc_passwd")))),
            ("inline; filename*=UTF-8''%C3%BC.gif", Some((false, name("ü.gif")))),
            ("inline; filename=b; filename*=utf-8'de'%c3%bc", Some((false, name("ü")))),
            ("inline; filename=b; filename*=ISO-8859-1''%FC", Some((false, name("b")))),
            ("inline; filename=b; filename*=UTF-8''%FC", Some((false, name("b")))),
            ("inline; filename*=UTF-8''%", Some((false, name("_")))),
            ("inline; filename=", Some((false, None))),
            ("attachment; filename", Some((true, None))),
            ("", None),
            ("\"attachment\"", None),
            ("attachment, inline", None),
            ("attachment; filename=\"a", None),
            ("attachment; filename=\"a\"b", None),
            ("attachment; filename=a; FILENAME=b", None),
            ("attachment; filename=a b", None),
            ("filename=a", None),
            ("attachment; a b=c", None),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn an_error_says_where_and_what_to_write() {
        for (text, error) in [
            (
                "",
                "content-disposition, byte 0: the disposition type is missing; write 'attachment' or 'inline' first",
            ),
            (
                "inline; filename=\"a",
                "content-disposition, byte 17: the quoted string has no closing quote; add one",
            ),
            (
                "inline; filename=a b",
                "content-disposition, byte 19: 'b' does not end a directive; write ';'",
            ),
        ] {
            assert_eq!(ReceivedContentDisposition::parse(text).unwrap_err().to_string(), error);
        }
    }
}
