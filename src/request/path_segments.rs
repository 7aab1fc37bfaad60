//! Resolves the dot segments of a path.

/// Returns the path of a URL of a site: with a leading `/`, and without `.` and `..`, also where they
/// are percent-encoded ([URL](https://url.spec.whatwg.org/#path-state)).
pub(super) fn normal_path(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        match dots(segment) {
            Some(count) => {
                if count == 2 {
                    kept.pop();
                }
                // A path that ends in a dot segment is a folder.
                if is_last {
                    kept.push("");
                }
            }
            None => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// Returns the number of dots of a dot segment.
fn dots(segment: &str) -> Option<usize> {
    let plain = match segment.len() {
        0 => return None,
        1..=6 => segment.to_ascii_lowercase().replace("%2e", "."),
        _ => return None,
    };
    match plain.as_str() {
        "." => Some(1),
        ".." => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_segments_are_resolved() {
        for (path, expected) in [
            ("", "/"),
            ("/a/b/", "/a/b/"),
            ("/a/../../b", "/b"),
            ("/a/.", "/a/"),
            ("/a/..", "/"),
            ("/a/%2e%2E/b", "/b"),
            ("/a//b", "/a//b"),
            ("/...", "/..."),
        ] {
            assert_eq!(normal_path(path), expected, "{path}");
        }
    }
}
