//! Reads the URLs of a `srcset` attribute.

/// Returns the URLs of the candidates
/// ([HTML](https://html.spec.whatwg.org/#parse-a-srcset-attribute)).
pub(super) fn urls(srcset: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return found;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let url = &rest[..end];
        rest = &rest[end..];
        found.push(url.trim_end_matches(','));
        if !url.ends_with(',') {
            // The descriptors end at a comma outside of parentheses.
            let mut depth = 0_usize;
            let end = rest.find(|c| {
                match c {
                    '(' => depth += 1,
                    ')' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                c == ',' && depth == 0
            });
            rest = &rest[end.unwrap_or(rest.len())..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_candidate_has_a_url() {
        assert_eq!(urls("a.png 1x, b.png 2x"), ["a.png", "b.png"]);
        assert_eq!(urls(" a.png, b,c.png 100w , "), ["a.png", "b,c.png"]);
        assert_eq!(urls("data:image/png,1 1x"), ["data:image/png,1"]);
        assert!(urls(" , ").is_empty());
    }
}
