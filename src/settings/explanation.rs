//! Defines the explanation of a service's headers, and prints it.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::request::Origin;

/// Represents the headers that settings send, each with the settings behind it.
///
/// `Display` prints each header with its value on a page that reads a nonce, the keys that set it, the key that changes it, and the browsers
/// that read it. `Serialize` writes the same, for programs.
///
/// ```
/// use tower_hardening::settings::Settings;
///
/// let settings = Settings::from_toml("profile = \"api\"\n[headers]\nx-own = \"1\"")?;
/// let explanation = settings.explain();
/// let own = explanation.headers().iter().find(|header| header.name() == "x-own").unwrap();
/// assert_eq!(own.set_by()[0].to_string(), "headers.x-own (line 3)");
/// # Ok::<(), tower_hardening::settings::SettingsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    pub(super) headers: Vec<ExplainedHeader>,
    pub(super) changes: Vec<ExplainedHeader>,
}

impl Explanation {
    /// Returns the headers of the main site, then those of each other site.
    pub fn headers(&self) -> &[ExplainedHeader] {
        &self.headers
    }

    /// Returns what the settings change about headers of the application, with a sentence in place of
    /// a value: the names of cookies, headers that are removed, the cache of a page with a nonce, and
    /// the files of users behind [`Settings::uploads`](super::Settings::uploads).
    pub fn changes(&self) -> &[ExplainedHeader] {
        &self.changes
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut blank = "";
        for (headers, what) in [(&self.headers, ""), (&self.changes, ", the application's headers")]
        {
            let mut site = None;
            for header in headers {
                if site != Some(&header.site) {
                    writeln!(f, "{blank}# {}{what}", header.site)?;
                    (site, blank) = (Some(&header.site), "\n");
                }
                write!(f, "{header}")?;
            }
        }
        Ok(())
    }
}

/// Represents a header that settings send, and the settings behind it.
///
/// ```
/// use tower_hardening::settings::Settings;
///
/// let explanation = Settings::from_toml("profile = \"api\"")?.explain();
/// let header = &explanation.headers()[0];
/// assert_eq!((header.name(), header.value()), ("x-content-type-options", "nosniff"));
/// assert_eq!((header.browsers(), header.changed_by()), ("all", "headers.x-content-type-options"));
/// # Ok::<(), tower_hardening::settings::SettingsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedHeader {
    #[serde(serialize_with = "text")]
    pub(super) site: Origin,
    pub(super) name: String,
    pub(super) value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) with_nonce: Option<String>,
    pub(super) set_by: Vec<SettingSource>,
    pub(super) changed_by: String,
    pub(super) browsers: &'static str,
}

fn text<S: Serializer>(site: &Origin, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(site)
}

impl ExplainedHeader {
    /// Returns the site whose responses have the header.
    pub fn site(&self) -> &Origin {
        &self.site
    }

    /// Returns the header's name, in lower case.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value on a response whose nonce was not read.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the value on a page that reads its nonce, with `'nonce-{}'` in the place of each nonce;
    /// `None` for a value without one.
    pub fn with_nonce(&self) -> Option<&str> {
        self.with_nonce.as_deref()
    }

    /// Returns the settings that the value comes from, in the order in which they are applied.
    pub fn set_by(&self) -> &[SettingSource] {
        &self.set_by
    }

    /// Returns the key of the file that changes the header.
    pub fn changed_by(&self) -> &str {
        &self.changed_by
    }

    /// Returns the browsers that read the header.
    pub fn browsers(&self) -> &'static str {
        self.browsers
    }
}

impl fmt::Display for ExplainedHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}", self.name, self.value)?;
        if let Some(value) = &self.with_nonce {
            writeln!(f, "  with its nonce: {value}")?;
        }
        for source in &self.set_by {
            writeln!(f, "  set by: {source}")?;
        }
        writeln!(f, "  changed by: {}", self.changed_by)?;
        writeln!(f, "  browsers: {}", self.browsers)
    }
}

/// Represents a setting, and its place.
///
/// ```
/// use tower_hardening::settings::{SettingPlace, Settings};
///
/// let explanation = Settings::from_toml("\nprofile = \"api\"")?.explain();
/// let source = &explanation.headers()[0].set_by()[0];
/// assert_eq!((source.key(), source.place()), ("profile", &SettingPlace::Line(2)));
/// assert_eq!(source.to_string(), "profile = \"api\" (line 2)");
/// # Ok::<(), tower_hardening::settings::SettingsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingSource {
    pub(super) key: String,
    /// The value of `profile`.
    pub(super) profile: Option<&'static str>,
    pub(super) place: SettingPlace,
}

/// Represents the place of a setting.
///
/// ```
/// use tower_hardening::settings::{SettingPlace, Settings};
///
/// let explanation = Settings::default().explain();
/// assert_eq!(explanation.headers()[0].set_by()[0].place(), &SettingPlace::Default);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingPlace {
    /// The key is not set, and has this value by default.
    Default,
    /// A file without lines, such as a larger file that contains the settings.
    File,
    /// A line of the file, counted from 1.
    Line(usize),
    /// A variable of the environment.
    Variable(String),
}

impl SettingSource {
    /// Returns the key, from the root of the file.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the place of the value.
    pub fn place(&self) -> &SettingPlace {
        &self.place
    }
}

impl fmt::Display for SettingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if let Some(profile) = self.profile {
            write!(f, " = \"{profile}\"")?;
        }
        match &self.place {
            SettingPlace::Default => f.write_str(" (default)"),
            SettingPlace::File => f.write_str(" (file)"),
            SettingPlace::Line(line) => write!(f, " (line {line})"),
            SettingPlace::Variable(name) => write!(f, " (environment, {name})"),
        }
    }
}

impl Serialize for SettingSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("key", &self.key)?;
        if let Some(profile) = self.profile {
            map.serialize_entry("value", profile)?;
        }
        match &self.place {
            SettingPlace::Default => map.serialize_entry("from", "default")?,
            SettingPlace::File => map.serialize_entry("from", "file")?,
            SettingPlace::Line(line) => {
                map.serialize_entry("from", "file")?;
                map.serialize_entry("line", line)?;
            }
            SettingPlace::Variable(name) => {
                map.serialize_entry("from", "environment")?;
                map.serialize_entry("variable", name)?;
            }
        }
        map.end()
    }
}
