//! Makes file names safe for every operating system, with a truthful
//! extension.

/// The longest name, in bytes: the limit of common file systems.
const LONGEST: usize = 255;

/// The longest extension that is kept when a name is cut, in bytes, including
/// its dot.
const LONGEST_EXTENSION: usize = 32;

/// Returns a safe form of the name; `None` if the name is empty.
///
/// Replaces everything that Windows, macOS or Linux rejects, that leaves the folder or the quotes,
/// or that hides the type of the file.
///
/// The function is idempotent: a safe name is returned unchanged.
pub(super) fn safe(name: &str) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    let visible = visible(name);
    // Windows drops these characters, and would use a name other than the one that was checked.
    let trimmed = visible.trim_start_matches(' ').trim_end_matches(is_dropped);
    let kept = match trimmed {
        "" => "_".to_owned(),
        name if is_device(name) => format!("_{name}"),
        name => name.to_owned(),
    };
    Some(shortened(kept))
}

/// Returns the name with runs of blanks collapsed and reserved characters
/// replaced. A run that contains an invisible character becomes one `_`, and is removed at the
/// ends.
fn visible(name: &str) -> String {
    let mut visible = String::with_capacity(name.len());
    let mut gap = None;
    for c in name.chars() {
        if is_ignorable(c) {
            gap = Some('_');
        } else if is_blank(c) {
            gap = gap.or(Some(' '));
        } else {
            visible.extend(gap.take().filter(|_| !visible.is_empty()));
            visible.push(if is_reserved(c) { '_' } else { c });
        }
    }
    visible
}

/// Returns `true` for characters that Windows drops from the end of a name.
fn is_dropped(c: char) -> bool {
    matches!(c, '.' | ' ')
}

/// Returns `true` for characters without a glyph that take up room. Characters
/// that end a line are [reserved](is_reserved) instead.
fn is_blank(c: char) -> bool {
    let line = c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    // Braille's empty pattern, and the musical null notehead.
    c.is_whitespace() && !line || matches!(c, '\u{2800}' | '\u{1D159}')
}

/// Returns `true` for Default_Ignorable_Code_Point of the Unicode database,
/// and for annotation marks. The controls that change the order of other characters (Bidi_Control)
/// are among them.
fn is_ignorable(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

/// Returns `true` for characters that are not safe in a file name.
///
/// These are characters that a file system reserves, that end a quoted string or a line, that
/// browsers decode (`%`), that are not characters, and those that Windows takes for a separator or
/// a dot when it converts a name to an older character set.
fn is_reserved(c: char) -> bool {
    let separator = matches!(
        c,
        '\u{A5}' // In Japan's sets, where the backslash is.
            | '\u{20A9}' // In Korea's.
            | '\u{2024}'
            | '\u{2044}'
            | '\u{2215}'..='\u{2216}'
            | '\u{29F5}'
            | '\u{29F8}'..='\u{29F9}'
            | '\u{FE52}'
            | '\u{FE68}'
            | '\u{FF0E}'..='\u{FF0F}'
            | '\u{FF3C}'
    );
    let code = u32::from(c);
    separator
        || c.is_control()
        || matches!(c, '"' | '*' | '/' | ':' | '<' | '>' | '?' | '\\' | '|' | '%')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FDD0}'..='\u{FDEF}')
        || code & 0xFFFE == 0xFFFE
}

/// Returns `true` for the name of a Windows device, whatever its extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end_matches(' ');
    let named = |device: &str| stem.eq_ignore_ascii_case(device);
    let numbered = |port: &str| {
        let (start, number) = stem.split_at_checked(port.len()).unwrap_or_default();
        let mut number = number.chars();
        let digit = number.next().is_some_and(|c| matches!(c, '0'..='9' | '¹' | '²' | '³'));
        start.eq_ignore_ascii_case(port) && digit && number.next().is_none()
    };
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"].into_iter().any(named)
        || ["COM", "LPT"].into_iter().any(numbered)
}

/// Returns the name, cut before its extension if it is too long.
fn shortened(mut name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let dot = name.rfind('.').filter(|dot| name.len() - dot <= LONGEST_EXTENSION);
    let extension = name.split_off(dot.unwrap_or(name.len()));
    let mut end = LONGEST - extension.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    name.truncate(name.trim_end_matches(is_dropped).len());
    if name.is_empty() && extension.is_empty() { "_".to_owned() } else { name + &extension }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_to_255_bytes_before_its_extension() {
        for (name, length, end) in [
            (format!("{}.tar.gz", "a".repeat(300)), 255, "aa.gz"),
            (format!("{}.pdf", "ü".repeat(300)), 254, "üü.pdf"),
            (format!("{}.jpeg", "𝒳".repeat(300)), 253, "𝒳𝒳.jpeg"),
            ("ü".repeat(300), 254, "üü"),
            (format!("a.{}", "b".repeat(300)), 255, "bb"),
            (format!("CON.{}.txt", "b".repeat(300)), 255, "bb.txt"),
            (format!("{}{}.exe", "a".repeat(240), " .".repeat(30)), 244, "aa.exe"),
            (format!("x{}{}", ".".repeat(300), "y".repeat(40)), 1, "x"),
            (format!("{}{}", ".".repeat(300), "y".repeat(40)), 1, "_"),
            (format!("{}txt", ".".repeat(300)), 4, ".txt"),
        ] {
            let cut = safe(&name).unwrap();
            assert!(cut.len() == length && cut.ends_with(end), "{} {cut}", cut.len());
            assert_eq!(safe(&cut).as_deref(), Some(&*cut));
        }
        let longest = format!("{}.txt", "a".repeat(251));
        assert_eq!(safe(&longest), Some(longest));
    }

    #[test]
    fn only_an_empty_name_is_none() {
        assert_eq!(safe(""), None);
        for nothing in [".", "..", "...", " ", "\u{2800}", "\u{E0001}\u{3164}", " . . "] {
            assert_eq!(safe(nothing).as_deref(), Some("_"), "{nothing:?}");
        }
    }
}
