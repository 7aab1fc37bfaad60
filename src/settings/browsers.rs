//! Names the browsers that read a header.

use crate::policy::{
    csp::ContentSecurityPolicy,
    header::{self, for_each_header},
};

/// Returns the browsers that read a header. A report-only header is read where the header is.
pub(super) fn browsers(name: &str) -> &'static str {
    let name = name.strip_suffix("-report-only").unwrap_or(name);
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(
                if name == $name {
                    return header::$policy::BROWSERS;
                }
            )+
        };
    }
    for_each_header!(row);
    match name {
        ContentSecurityPolicy::HEADER => ContentSecurityPolicy::BROWSERS,
        _ => "not known to this crate",
    }
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
