//! Names the browsers that read a header.

/// The browsers that read each header, as the README's table has them.
const BROWSERS: &[(&str, &str)] = &[
    ("cache-control", "all"),
    ("clear-site-data", "all, over https"),
    ("content-security-policy", "all"),
    ("cross-origin-embedder-policy", "all"),
    ("cross-origin-opener-policy", "all"),
    ("cross-origin-resource-policy", "all"),
    ("document-isolation-policy", "Chromium"),
    ("document-policy", "Chromium"),
    ("expect-ct", "none since Chrome 106"),
    ("integrity-policy", "all, since 2025"),
    ("nel", "Chromium"),
    ("origin-agent-cluster", "Chromium, Firefox"),
    ("permissions-policy", "Chromium"),
    ("referrer-policy", "all"),
    ("report-to", "Chromium, Firefox 149"),
    ("reporting-endpoints", "all"),
    ("strict-transport-security", "all, over https"),
    ("x-content-type-options", "all"),
    ("x-dns-prefetch-control", "Chromium, Firefox"),
    ("x-download-options", "Internet Explorer"),
    ("x-frame-options", "all, where no policy has `frame-ancestors`"),
    ("x-permitted-cross-domain-policies", "Flash, Acrobat"),
    ("x-robots-tag", "search engines"),
    ("x-xss-protection", "none since Safari 15.3"),
];

/// Returns the browsers that read a header. The same browsers read its report-only header.
pub(super) fn browsers(name: &str) -> &'static str {
    let name = name.strip_suffix("-report-only").unwrap_or(name);
    let row = BROWSERS.iter().find(|(known, _)| *known == name);
    row.map_or("not known to this crate", |(_, browsers)| browsers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::left_out::known_headers;

    #[test]
    fn every_header_has_the_browsers_of_the_readme() {
        let readme =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
        for name in known_headers().filter(|name| !name.ends_with("-report-only")) {
            let is_row = |line: &&str| line.starts_with('|') && line.contains(&format!("`{name}"));
            let row = readme.lines().find(is_row).unwrap_or_else(|| panic!("{name}"));
            let column = row.split(" | ").nth(3).unwrap();
            assert_eq!(browsers(name), column, "{name}");
        }
    }
}
