//! Models of cookie readers that do not split at semicolons alone.
//!
//! Each reads a line as loosely as any real reader does, and more loosely in its own way. The fuzz
//! target `cookie_readers` uses them too.

/// Represents a name and a value that a parser finds; `None` for a name without a value.
pub(crate) type Found<'a> = (&'a [u8], Option<&'a [u8]>);

/// Represents a reader of one line, by name.
pub(crate) type Reader = (&'static str, fn(&[u8]) -> Vec<Found<'_>>);

pub(crate) const READERS: [Reader; 8] = [
    ("splits at semicolons", |line| split(line, |_| false)),
    ("splits at blanks", |line| split(line, is_blank)),
    ("splits at commas", |line| split(line, |byte| byte == b',')),
    ("splits at quotes and backslashes", |line| split(line, |byte| b"\"\\".contains(&byte))),
    ("splits at brackets and braces", |line| split(line, |byte| b"()<>[]{}".contains(&byte))),
    ("splits at what is not a cookie-octet", |line| split(line, |byte| !is_octet(byte))),
    ("matches a pattern, one pair after the other", |line| pattern(line, Anchor::Pair)),
    ("matches a pattern anywhere", |line| pattern(line, Anchor::None)),
];

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Returns `true` for a cookie-octet (RFC 6265 section 4.1.1).
fn is_octet(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E)
}

/// Splits at semicolons and other bytes, then at the first `=`; strips every byte that a parser strips.
fn split(line: &[u8], ends: impl Fn(u8) -> bool) -> Vec<Found<'_>> {
    let pieces = line.split(|byte| *byte == b';' || ends(*byte));
    let pieces = pieces.map(|piece| {
        let equals = piece.iter().position(|byte| *byte == b'=');
        match equals {
            Some(at) => (strip(&piece[..at]), Some(strip(&piece[at + 1..]))),
            None => (piece.trim_ascii(), None),
        }
    });
    pieces.filter(|(name, _)| !name.is_empty()).collect()
}

fn strip(mut text: &[u8]) -> &[u8] {
    let stripped = |byte: &u8| matches!(byte, b' ' | b'\t' | b'"' | 0x80..);
    while let [first, rest @ ..] = text {
        if !stripped(first) {
            break;
        }
        text = rest;
    }
    while let [rest @ .., last] = text {
        if !stripped(last) {
            break;
        }
        text = rest;
    }
    text
}

/// Represents the position at which a match may begin.
#[derive(Clone, Copy, PartialEq)]
enum Anchor {
    /// After the previous pair, which ends at a blank or a semicolon; otherwise after the next semicolon.
    Pair,
    /// At any position.
    None,
}

/// Returns the bytes of names and unquoted values.
fn is_legal(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;[]\\=".contains(&byte)
}

fn pattern(line: &[u8], anchor: Anchor) -> Vec<Found<'_>> {
    let run = |at: usize, legal: &dyn Fn(u8) -> bool| {
        let rest = &line[at..];
        at + rest.iter().position(|byte| !legal(*byte)).unwrap_or(rest.len())
    };
    let blanks = |at: usize| run(at, &is_blank);
    let mut found = Vec::new();
    let mut at = 0;
    while at < line.len() {
        let start = blanks(at);
        let name_end =
            run(start, &|byte| is_legal(byte) || (anchor == Anchor::Pair && byte == b','));
        if start == name_end {
            at = match anchor {
                Anchor::None => start + 1,
                Anchor::Pair => run(start, &|byte| byte != b';') + 1,
            };
            continue;
        }
        let name = &line[start..name_end];
        let equals = blanks(name_end);
        if line.get(equals) != Some(&b'=') {
            if anchor == Anchor::Pair
                && matches!(line.get(name_end), None | Some(b' ' | b'\t' | b';'))
            {
                found.push((name, None));
            }
            at = match (anchor, line.get(equals)) {
                (Anchor::None, _) => name_end,
                (_, Some(b';')) => equals + 1,
                _ if equals > name_end => equals,
                _ => run(name_end, &|byte| byte != b';') + 1,
            };
            continue;
        }
        let value = blanks(equals + 1);
        let end = value_end(&line[value..]).map_or_else(
            || {
                run(value, &|byte| {
                    is_legal(byte)
                        || byte == b'='
                        || (anchor == Anchor::Pair && b",[]".contains(&byte))
                })
            },
            |length| value + length,
        );
        let behind = blanks(end);
        let ends = behind > end || matches!(line.get(behind), None | Some(b';'));
        if ends || anchor == Anchor::None {
            found.push((name, Some(strip(&line[value..end]))));
        }
        at = match anchor {
            Anchor::None => end.max(start + 1),
            Anchor::Pair if ends => behind + usize::from(line.get(behind) == Some(&b';')),
            Anchor::Pair => run(end, &|byte| byte != b';') + 1,
        };
    }
    found
}

/// Returns the length of a quoted value, or of a date like `Wed, 09 Jun 2027 10:18:14 GMT`.
fn value_end(value: &[u8]) -> Option<usize> {
    if let [b'"', inside @ ..] = value {
        let mut escaped = false;
        let closing = inside.iter().position(|byte| {
            let closes = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            closes
        });
        return closing.map(|closing| closing + 2);
    }
    let date = value.get(..29)?;
    (date[3] == b',' && date.ends_with(b" GMT")).then_some(29)
}
