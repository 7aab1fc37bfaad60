//! Finds the places of keys: a line of the file, a variable, or the default.

use super::{
    Settings,
    error::{Place, key_of, variable},
    explanation::{SettingPlace, SettingSource},
};

/// Represents the path of a key.
pub(super) type Path = Vec<String>;

pub(super) fn path(steps: &[&str]) -> Path {
    steps.iter().map(|step| (*step).to_owned()).collect()
}

/// Returns keys with their places.
pub(super) fn all_sources(settings: &Settings, paths: &[Path]) -> Vec<SettingSource> {
    paths.iter().flat_map(|path| sources(settings, path)).collect()
}

/// Returns a key with its places: a list may have members from the file and from the environment.
fn sources(settings: &Settings, path: &[String]) -> Vec<SettingSource> {
    let source = source(settings, path);
    let is_variable = matches!(source.place, SettingPlace::Variable(_));
    let is_both = settings.tree.has_variable(path) && !is_variable;
    let added = SettingSource {
        place: SettingPlace::Variable(variable(&path.join("."))),
        ..source.clone()
    };
    [source].into_iter().chain(is_both.then_some(added)).collect()
}

/// Returns a key with its place.
fn source(settings: &Settings, path: &[String]) -> SettingSource {
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let place = match settings.tree.is_set(&steps) {
        false => SettingPlace::Default,
        true => match settings.tree.place(path) {
            Place::File => SettingPlace::File,
            Place::Line(line) => SettingPlace::Line(line),
            Place::Environment => {
                // The members of a list have no variable of their own.
                let key = key_of(path);
                SettingPlace::Variable(variable(key.split('[').next().unwrap_or_default()))
            }
        },
    };
    let is_profile = steps == ["profile"];
    let profile = is_profile.then(|| settings.file.profile.as_str());
    SettingSource { key: key_of(path), profile, place }
}
