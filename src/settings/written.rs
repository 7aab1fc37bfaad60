//! Writes policies in the shape of a settings file, and reads them back.

use http::{HeaderName, header};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use super::{Settings, compile, file::File, left_out::meant, profile::Profile, tree::Node};
use crate::policy::{cookie::CookieKey, csp::ContentSecurityPolicy, hardening::Hardening};

/// Holds the keys of a file, in the order in which TOML can have them.
#[derive(Serialize)]
struct Written {
    profile: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    secure_cookie_flag: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    remove_headers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    additional_csp: Vec<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    cookies: Map<CookieKey>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    headers: Map<Line>,
}

/// Represents a table with its order.
struct Map<V>(Vec<(String, V)>);

impl<V> Map<V> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V: Serialize> Serialize for Map<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Line {
    Text(String),
    /// `false`: the header is not sent.
    Off(bool),
}

impl Serialize for Hardening {
    /// Writes the policies in the shape of a settings file: the profile that is nearest, and what
    /// differs from it.
    ///
    /// # Errors
    ///
    /// Returns an error for a policy that no file can hold, such as a directive of
    /// [`dangerous_directive`](ContentSecurityPolicy::dangerous_directive).
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        written(self).map_err(ser::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Hardening {
    /// Reads policies in the shape of a settings file. A key that is not about policies, such as
    /// `http.port`, is an error: those are for [`Settings`].
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Node::deserialize(deserializer)?;
        for path in NOT_POLICIES {
            if tree.is_set(path) {
                let problem = "is not about policies; remove it, or read the whole as Settings";
                return Err(de::Error::custom(format!("{}: {problem}", path.join("."))));
            }
        }
        let settings = Settings::new(tree);
        settings.map(|read| read.hardening()).map_err(|error| de::Error::custom(error.into_part()))
    }
}

/// The keys of a file that a [`Hardening`] has no place for.
const NOT_POLICIES: &[&[&str]] =
    &[&["http"], &["proxy"], &["site"], &["media"], &["hosts"], &["cookies", "reject_duplicates"]];

fn written(hardening: &Hardening) -> Result<Written, String> {
    check(hardening)?;
    let cookies = match &hardening.host_cookies {
        Some(cookies) => {
            cookies.keys().map_err(|(key, problem)| format!("cookies.{key}: {problem}"))?
        }
        None => Vec::new(),
    };
    let candidates = Profile::ALL.iter().filter(|(profile, _)| !profile.needs_url());
    let nearest = candidates
        .filter_map(|(profile, name)| {
            let base = base(*profile)?;
            let same = base.explained() == hardening.explained();
            same.then(|| (lines(&base, hardening), *profile, *name))
        })
        .min_by_key(|(lines, ..)| lines.len());
    let Some((lines, profile, name)) = nearest else {
        return Err("no profile has the explanations of these policies".to_owned());
    };
    let guards = !profile.cookies().is_empty();
    Ok(Written {
        profile: name,
        secure_cookie_flag: (guards && hardening.host_cookies.is_none()).then_some(false),
        remove_headers: hardening
            .remove
            .iter()
            .flat_map(|remove| remove.names())
            .map(HeaderName::to_string)
            .collect(),
        additional_csp: hardening.additional_csp.iter().map(ToString::to_string).collect(),
        cookies: Map(cookies.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        headers: Map(lines),
    })
}

/// Returns the policies of a file with this profile alone.
fn base(profile: Profile) -> Option<Hardening> {
    let file = File { profile, ..File::default() };
    let site = format!("https://{}", file.url.host()).parse().ok()?;
    compile::hardening(&file, &site, None).ok()
}

/// Returns the lines of `[headers]` that turn one into the other.
fn lines(base: &Hardening, wanted: &Hardening) -> Vec<(String, Line)> {
    let mut lines = Vec::new();
    let mut base = base.clone();
    if base.csp != wanted.csp {
        let text = wanted.csp.as_ref().map(ToString::to_string);
        lines.push((header::CONTENT_SECURITY_POLICY, text));
        base.csp.clone_from(&wanted.csp);
    }
    if base.csp_report_only != wanted.csp_report_only {
        let text = wanted.csp_report_only.as_ref().map(ToString::to_string);
        lines.push((header::CONTENT_SECURITY_POLICY_REPORT_ONLY, text));
    }
    let (held, wanted) = (base.slots(), wanted.slots());
    for slot in &wanted {
        if !held.contains(slot) {
            lines.push((slot.name.clone(), Some(slot.text.to_string())));
        }
    }
    for slot in &held {
        if wanted.iter().all(|wanted| wanted.name != slot.name) {
            lines.push((slot.name.clone(), None));
        }
    }
    lines.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
    let line = |(name, text): (HeaderName, Option<String>)| {
        (name.to_string(), text.map_or(Line::Off(false), Line::Text))
    };
    lines.into_iter().map(line).collect()
}

/// Rejects a policy that a file cannot hold.
fn check(hardening: &Hardening) -> Result<(), String> {
    let policies = hardening.csp.iter().chain(&hardening.csp_report_only);
    for policy in policies.chain(&hardening.additional_csp) {
        if policy.is_empty() {
            return Err(
                "content-security-policy: the policy has no directive, and a file cannot hold it; remove it"
                    .to_owned(),
            );
        }
        if let Err(error) = policy.to_string().parse::<ContentSecurityPolicy>() {
            return Err(format!("content-security-policy: a file cannot hold it: {error}"));
        }
    }
    for slot in hardening.slots() {
        let name = slot.name.as_str();
        if let Some(meant) = meant(name) {
            return Err(format!(
                "{name}: a file cannot hold this header, which is taken for a misspelt '{meant}'"
            ));
        }
        let read = Hardening::empty().with_line(name, &slot.text);
        let read = read.map_err(|error| format!("{name}: a file cannot hold it: {error}"))?;
        if !read.slots().contains(&slot) {
            return Err(format!(
                "{name}: a file cannot hold {:?} as it is; write another value",
                slot.text
            ));
        }
    }
    Ok(())
}
