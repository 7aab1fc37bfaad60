//! Reads settings from a file and from the environment.

use std::{
    fs::File as OpenFile,
    io::{self, Read},
    path::Path,
    str::FromStr,
};

use serde::Deserialize;
use serde_path_to_error::Segment;

use super::{
    Settings,
    assemble::Shared,
    compile, conflicts,
    environment::Variables,
    error::{Fault, Place, Problem, SettingsError, key_of},
    file::File,
    gates::Gates,
    hosts,
    left_out::LeftOut,
    names, overlay,
    tree::Node,
};
use crate::{
    policy::VirtualHosts,
    request::{HttpUrl, Origin},
};

/// The size of the largest settings file, in bytes.
const LARGEST: u64 = 8 << 20;

impl Settings {
    /// Reads the text of a settings file.
    pub fn from_toml(text: &str) -> Result<Self, SettingsError> {
        Self::new(Node::from_toml(text)?)
    }

    /// Reads a settings file, and overrides its values from the environment:
    /// see [`with_environment`](Self::with_environment).
    pub fn load(path: impl AsRef<Path>) -> Result<Self, SettingsError> {
        let path = path.as_ref();
        let unreadable =
            |error| SettingsError::new(Place::File, "", format!("cannot be read: {error}"));
        bytes(path)
            .map_err(unreadable)
            .and_then(utf8)
            .and_then(|text| Self::from_toml(&text)?.with_environment())
            .map_err(|error| error.in_file(path))
    }

    /// Overrides the settings with the variables of the environment:
    /// `HARDENING__HTTP__PORT` for `http.port`. Members of a list are separated by commas, and sources
    /// and names of headers also by blanks. `HARDENING__CSP__SCRIPT_SRC__ADD` adds to the sources of the
    /// file, and `…__SET` replaces them. An empty variable empties a list, and unsets a key without a default or with the profile's default.
    ///
    /// A variable whose name resembles one of these, such as `HARDENING_HTTP_PORT`, sets nothing and
    /// gives a [lint](Self::lints).
    pub fn with_environment(self) -> Result<Self, SettingsError> {
        let Variables { values, near_misses } = Variables::read()?;
        if values.is_empty() {
            return Ok(Self { near_misses, ..self });
        }
        let mut tree = self.tree;
        overlay::apply(&mut tree, &values)?;
        Ok(Self { near_misses, ..Self::new(tree)? })
    }

    /// Reads the tree, checks its values, and builds the policies of each host.
    pub(super) fn new(tree: Node) -> Result<Self, SettingsError> {
        let file: File = serde_path_to_error::deserialize(&tree)
            .map_err(|error| refused(&tree, error.path(), error.inner()))?;
        let located =
            |(path, problem): Fault| SettingsError::new(tree.place(&path), key_of(&path), problem);
        check(&file, &tree).map_err(located)?;
        let site = main_site(&file).map_err(located)?;
        let mut left_out = Vec::new();
        let others = hosts::others(&file, &site).map_err(located)?;
        let sites = virtual_hosts(&file, &site, &others, &mut left_out).map_err(located)?;
        let origins: Vec<Origin> = others.into_iter().map(|(origin, _)| origin).collect();
        let gates = Gates::new(&file, &site, &origins).map_err(located)?;
        let connection_source = hosts::connection_source(&file.proxy).map_err(located)?;
        let near_misses = Vec::new();
        Ok(Self { file, tree, site, sites, connection_source, gates, left_out, near_misses })
    }
}

/// Checks combinations of values, which the type of one key cannot check.
fn check(file: &File, tree: &Node) -> Result<(), Fault> {
    if file.profile.needs_url() && file.url.host.is_none() {
        let problem = format!(
            "'{}' names the site in its policy; write 'host = \"…\"' with the site's domain below [url]",
            file.profile.as_str()
        );
        return Err((vec!["profile".to_owned()], problem));
    }
    if let Some(fault) = conflicts::find(file, tree) {
        return Err(fault);
    }
    let bases = [
        (["upload", "base_url"], &file.upload.base_url),
        (["media_proxy", "base_url"], &file.media_proxy.base_url),
        (["s3", "public_endpoint"], &file.s3.public_endpoint),
        (["captcha", "endpoint"], &file.captcha.endpoint),
    ];
    for (path, base) in bases {
        if let Some(query) = base.as_ref().and_then(HttpUrl::query) {
            let problem = format!("'?{query}' is not allowed in this URL; remove it");
            return Err((path.map(str::to_owned).to_vec(), problem));
        }
    }
    Ok(())
}

fn main_site(file: &File) -> Result<Origin, Fault> {
    names::site(file.url.scheme, file.url.host(), file.url.port)
        .map_err(|problem| (vec!["url".to_owned(), "host".to_owned()], problem))
}

/// Returns the policies of the main site and of the others. Adds the headers that are not sent,
/// although the file has them.
fn virtual_hosts(
    file: &File,
    site: &Origin,
    others: &[(Origin, bool)],
    left_out: &mut Vec<LeftOut>,
) -> Result<VirtualHosts, Fault> {
    let cookies = compile::cookies(file.cookie_names(), &file.cookies)
        .map_err(|(key, problem)| (vec!["cookies".to_owned(), key.to_owned()], problem))?;
    let cookies = |is_guarded| Some(&cookies).filter(|_| is_guarded).cloned();
    let main = cookies(file.guards_cookies());
    let mut shared = Shared::new(file)?;
    let main = shared.main_site(site, main, left_out)?;
    let mut sites = VirtualHosts::new(main);
    for (index, (other, is_guarded)) in others.iter().enumerate() {
        let cookies = cookies(*is_guarded);
        let policies = shared.other_site(index, other, cookies, left_out)?;
        sites = sites.with(other, policies);
    }
    Ok(sites)
}

/// Returns the text of a file, or the error for the line that is not UTF-8.
/// Reads a file of at most [`LARGEST`] bytes.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    OpenFile::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LARGEST {
        true => Err(io::Error::other("it has more than 8 MiB; name a settings file")),
        false => Ok(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> Result<String, SettingsError> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let (before, after) = error.as_bytes().split_at(valid);
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let found = after.first().copied().unwrap_or_default();
        let problem = format!("the byte 0x{found:02X} is not UTF-8; save the file as UTF-8");
        SettingsError::new(Place::Line(line), "", problem)
    })
}

/// Returns the error for the value at a path.
fn refused(tree: &Node, path: &serde_path_to_error::Path, problem: &Problem) -> SettingsError {
    let mut steps = Vec::new();
    let mut key = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                steps.push(index.to_string());
                key += &format!("[{index}]");
            }
            Segment::Map { key: name } => {
                steps.push(name.clone());
                key += if key.is_empty() { "" } else { "." };
                key += name;
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    SettingsError::new(tree.place(&steps), key, problem.to_string())
}

impl Default for Settings {
    /// Returns the guide's settings, for `https://example.tld`.
    fn default() -> Self {
        Self::from_toml("").expect("every key has a default")
    }
}

impl FromStr for Settings {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        Self::from_toml(text)
    }
}

impl<'de> Deserialize<'de> for Settings {
    /// Reads the settings as part of a larger file, in any self-describing
    /// format. A null is a key that is not set.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Node::deserialize(deserializer)?;
        Self::new(tree).map_err(|error| serde::de::Error::custom(error.into_part()))
    }
}
