//! Reads a content policy as the Observatory does.

use std::collections::BTreeMap;

/// Directives that may be written twice.
const REPEATABLE: [&str; 2] = ["report-to", "report-uri"];

/// The shortest text that can be a policy, in bytes.
const SHORTEST: usize = 6;

/// Holds one policy.
pub(super) struct Policy {
    /// The sources of each directive, in lower case.
    directives: BTreeMap<String, Vec<String>>,
    /// `true` if an address for reports is written twice.
    pub(super) has_repeat: bool,
}

impl Policy {
    /// Reads the policies of a line. Returns `None` for a line that the Observatory rejects: it is
    /// empty, or a directive is written twice.
    pub(super) fn read_line(line: &str) -> Option<Vec<Self>> {
        if line.trim().len() < SHORTEST {
            return None;
        }
        let mut policies: Vec<Self> = line.split(',').map(Self::read).collect::<Option<_>>()?;
        policies.retain(|policy| !policy.directives.is_empty());
        Some(policies)
    }

    fn read(text: &str) -> Option<Self> {
        let mut policy = Self { directives: BTreeMap::new(), has_repeat: false };
        for directive in text.split(';') {
            let mut words = directive.split_whitespace().map(str::to_lowercase);
            let Some(name) = words.next() else { continue };
            let mut sources: Vec<String> = words.collect();
            if sources.is_empty() && name.ends_with("-src") {
                sources.push("'none'".to_owned());
            }
            if policy.directives.contains_key(&name) {
                if !REPEATABLE.contains(&name.as_str()) {
                    return None;
                }
                policy.has_repeat = true;
            }
            policy.directives.insert(name, sources);
        }
        policy.remove_ignored();
        Some(policy)
    }

    /// Removes the sources that browsers ignore next to a nonce, a hash or `'strict-dynamic'`.
    fn remove_ignored(&mut self) {
        for name in ["script-src", "style-src"] {
            let name = if self.has(name) { name } else { "default-src" };
            let Some(sources) = self.directives.get_mut(name) else { continue };
            if is_by_nonce(sources) {
                sources.retain(|source| source != "'unsafe-inline'");
            }
        }
        let name = if self.has("script-src") { "script-src" } else { "default-src" };
        let Some(sources) = self.directives.get_mut(name) else { return };
        if is_by_nonce(sources) && sources.iter().any(|source| source == "'strict-dynamic'") {
            let is_ignored = |source: &str| {
                ["ftp:", "http:", "https:", "*"].iter().any(|start| source.starts_with(start))
                    || source == "'self'"
            };
            sources.retain(|source| !is_ignored(source));
        }
    }

    /// Returns `true` if the policy has the directive.
    pub(super) fn has(&self, name: &str) -> bool {
        self.directives.contains_key(name)
    }

    /// Returns the sources of a directive or of `default-src`. Without them, everything is allowed.
    pub(super) fn sources(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.directives.get(name).or_else(|| self.directives.get("default-src"));
        let is_open = found.is_none();
        found.into_iter().flatten().map(String::as_str).chain(is_open.then_some("*"))
    }

    /// Returns the sources of everything but images, audio and video.
    pub(super) fn active(&self) -> impl Iterator<Item = &str> {
        let active = self
            .directives
            .iter()
            .filter(|(name, _)| !["img-src", "media-src"].contains(&name.as_str()));
        active.flat_map(|(_, sources)| sources).map(String::as_str)
    }

    /// Returns `true` if scripts need a nonce or a hash.
    pub(super) fn has_script_nonce(&self) -> bool {
        self.sources("script-src").any(is_nonce)
    }
}

fn is_by_nonce(sources: &[String]) -> bool {
    sources.iter().any(|source| is_nonce(source))
}

fn is_nonce(source: &str) -> bool {
    ["'nonce-", "'sha256-", "'sha384-", "'sha512-"].iter().any(|start| source.starts_with(start))
}
