//! Finds values that a list of the settings has twice.

use std::collections::{BTreeMap, HashMap};

use super::{change::Change, directives::spelling, file::File, sources::Words};

/// Returns the key and the problem of the second of two equal values in each list. Names are
/// compared without letter case.
pub(super) fn repeats(file: &File) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let cookies = &file.cookies;
    let allowed = file.media.allow.iter().map(|kind| kind.0.to_string());
    let whitelist = file.media_proxy.whitelist.iter().map(|entry| entry.source.to_string());
    list("media.allow", allowed, &mut found);
    list("media_proxy.whitelist", whitelist, &mut found);
    list("remove_headers", lower(&file.remove_headers.0), &mut found);
    list("hosts.allowed", lower(&file.hosts.allowed), &mut found);
    list(
        "hosts.redirect_exempt_paths",
        file.hosts.redirect_exempt_paths.iter().cloned(),
        &mut found,
    );
    list("proxy.trusted", lower(&file.proxy.trusted), &mut found);
    list("cookies.legacy_domains", lower(&cookies.legacy_domains), &mut found);
    let exceptions = cookies.secure_other_cookies_except.iter().cloned();
    list("cookies.secure_other_cookies_except", exceptions, &mut found);
    list("additional_csp", file.additional_csp.iter().cloned(), &mut found);
    edits("csp", &file.csp, &mut found);
    edits("csp_report_only", &file.csp_report_only, &mut found);
    found
}

/// Reports the sources that an edit of a directive has twice.
fn edits(
    table: &str,
    changes: &BTreeMap<String, Option<Change>>,
    found: &mut Vec<(String, String)>,
) {
    for (name, change) in changes {
        let Some(Change::Edit(edit)) = change else { continue };
        for (verb, words) in [("set", &edit.set), ("add", &edit.add), ("remove", &edit.remove)] {
            let words = words.iter().flat_map(|Words(words)| words);
            let compared =
                words.map(|word| match EXACT.contains(&name.to_ascii_lowercase().as_str()) {
                    true => word.clone(),
                    false => spelling(word),
                });
            list(&format!("{table}.{name}.{verb}"), compared, found);
        }
    }
}

/// The directives whose words are not sources, and differ by letter case.
const EXACT: [&str; 3] = ["report-to", "report-uri", "trusted-types"];

fn lower(texts: &[String]) -> impl Iterator<Item = String> + '_ {
    texts.iter().map(|text| text.to_ascii_lowercase())
}

fn list(key: &str, values: impl Iterator<Item = String>, found: &mut Vec<(String, String)>) {
    let mut first: HashMap<String, usize> = HashMap::new();
    for (index, value) in values.enumerate() {
        let problem = first
            .get(&value)
            .map(|at| format!("'{value}' repeats {key}[{at}]; remove one of them"));
        match problem {
            Some(problem) => found.push((format!("{key}[{index}]"), problem)),
            None => drop(first.insert(value, index)),
        }
    }
}
