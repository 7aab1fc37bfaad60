//! Finds the URLs of a style sheet.

/// Represents the purpose of a URL in a style sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Import,
    Font,
    Image,
}

/// Returns the URLs of `@import`, `@font-face` and every other `url()`, with their positions.
pub(super) fn urls(css: &str) -> Vec<(usize, Purpose, String)> {
    let mut found = Vec::new();
    let (mut at, mut rule) = (0, "");
    while at < css.len() {
        let rest = &css[at..];
        if rest.starts_with("/*") {
            at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if let Some(end) = quoted(rest) {
            if rule == "@import" {
                found.push((at, Purpose::Import, unescaped(&rest[1..end - 1])));
                rule = "";
            }
            at += end;
        } else if starts_with(rest, "url(") {
            let end = end_of_url(rest);
            let inside = rest["url(".len()..end].trim_end_matches(')').trim();
            let url = unescaped(inside.trim_matches(['"', '\'']));
            let is_namespace = rule == "@namespace";
            if !is_namespace && !url.is_empty() && !url.starts_with('#') {
                found.push((at, purpose(rule), url));
            }
            at += end;
        } else {
            rule = rule_after(rest, rule);
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

fn purpose(rule: &str) -> Purpose {
    match rule {
        "@import" => Purpose::Import,
        "@font-face" => Purpose::Font,
        _ => Purpose::Image,
    }
}

/// Returns the at-rule in which the text after the next character is.
fn rule_after<'a>(rest: &str, rule: &'a str) -> &'a str {
    let rules = ["@import", "@font-face", "@namespace"];
    match rest.as_bytes().first() {
        Some(b'@') => rules.into_iter().find(|rule| starts_with(rest, rule)).unwrap_or_default(),
        Some(b'}') => "",
        Some(b';') if rule != "@font-face" => "",
        _ => rule,
    }
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

/// Returns the end of a string at the beginning of the text.
fn quoted(text: &str) -> Option<usize> {
    let mut bytes = text.bytes().enumerate();
    let (_, quote) = bytes.next().filter(|(_, byte)| matches!(byte, b'"' | b'\''))?;
    let mut is_escaped = false;
    for (at, byte) in bytes {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            // A string ends with its line.
            b'\n' => return None,
            byte if byte == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Returns the end of `url(…)` at the beginning of the text.
fn end_of_url(text: &str) -> usize {
    let start = "url(".len();
    let inside = &text[start..];
    let space = inside.len() - inside.trim_start().len();
    let string = quoted(&inside[space..]).map_or(0, |end| space + end);
    inside[string..].find(')').map_or(text.len(), |end| start + string + end + 1)
}

/// Removes the backslashes of escapes. An escape by number is rare, and stays.
fn unescaped(text: &str) -> String {
    text.replace("\\\n", "").replace(['\\'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_url_of_a_style_sheet_is_found() {
        let css = "@import 'a.css'; @import url(b.css) screen; /* url(no.png) */\n\
                   @font-face { font-family: x; src: url('f.woff2') format('woff2'), url(g.woff) }\n\
                   p { background: URL( \"i(1).png\" ), url(#local); content: 'url(no.png)' }";
        let found: Vec<(Purpose, String)> =
            urls(css).into_iter().map(|(_, purpose, url)| (purpose, url)).collect();
        let expected = [
            (Purpose::Import, "a.css"),
            (Purpose::Import, "b.css"),
            (Purpose::Font, "f.woff2"),
            (Purpose::Font, "g.woff"),
            (Purpose::Image, "i(1).png"),
        ];
        assert_eq!(found, expected.map(|(purpose, url)| (purpose, url.to_owned())));
    }

    #[test]
    fn an_open_url_ends_with_the_text() {
        assert_eq!(urls("a { b: url(x.png").len(), 1);
        assert!(urls("url(").is_empty() && urls("\"").is_empty());
    }
}
