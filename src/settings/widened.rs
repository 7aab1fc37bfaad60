//! Finds URLs of media that allow more than they show.

use super::{file::File, whitelist::Whitelisted};

/// Holds a lint's id, the key, and the problem.
type Widened = (&'static str, String, String);

/// Returns the URLs whose whole origin is allowed, and the hosts that are also allowed over http.
pub(super) fn widened(file: &File) -> Vec<Widened> {
    let mut found = Vec::new();
    whitelist(&file.media_proxy.whitelist, &mut found);
    paths(file, &mut found);
    found
}

/// Reports entries that allow more than they show.
fn whitelist(entries: &[Whitelisted], found: &mut Vec<Widened>) {
    for (index, entry) in entries.iter().enumerate() {
        if let Some(host) = &entry.bare {
            let key = format!("media_proxy.whitelist[{index}]");
            let problem = format!(
                "'{host}' has no scheme, so that a page on http loads it over http; write 'https://{host}'"
            );
            found.push(("media-whitelist-without-scheme", key, problem));
        }
        if let Some(url) = &entry.narrower {
            let key = format!("media_proxy.whitelist[{index}]");
            let problem = format!(
                "'{url}' allows every path of '{0}', since only the origin counts; write '{0}'",
                entry.source
            );
            found.push(("media-whitelist-widened", key, problem));
        }
    }
}

/// Reports URLs with a path, since only the origin counts.
fn paths(file: &File, found: &mut Vec<Widened>) {
    let urls = [
        ("s3.public_endpoint", &file.s3.public_endpoint),
        ("captcha.endpoint", &file.captcha.endpoint),
    ];
    for (key, url) in urls {
        if let Some(url) = url.as_ref().filter(|url| !matches!(url.path(), "" | "/")) {
            let problem = format!(
                "'{url}' allows every path of '{0}', since only the origin counts; write '{0}'",
                url.origin()
            );
            found.push(("media-base-widened", key.to_owned(), problem));
        }
    }
}
