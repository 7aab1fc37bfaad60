//! Tests the laws that every header of the table obeys, and that the table has every header.

use std::{collections::BTreeSet, convert::Infallible, fmt, fs, future::ready, path::Path};

use futures_util::FutureExt;
use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    layer::HeaderLayer,
    policy::{
        hardening::Hardening,
        header::{self, HeaderPolicy, for_each_header, for_each_policy},
    },
};

/// Holds one row: the file, the policy, its layer, the header's name and a value of it.
struct Row {
    place: &'static str,
    module: &'static str,
    policy: &'static str,
    layer: &'static str,
    name: &'static str,
    sample: &'static str,
    check: fn(&Self),
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    macro_rules! row {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(rows.push(Row {
                place: stringify!($place),
                module: stringify!($module),
                policy: stringify!($policy),
                layer: stringify!($layer),
                name: $name,
                sample: $sample,
                check: |row| check($sample.parse::<header::$policy>().unwrap(), row),
            });)+
        };
    }
    for_each_header!(row);
    rows
}

fn check<P: HeaderPolicy + fmt::Display>(policy: P, row: &Row) {
    assert_eq!(policy.name(), row.name, "{} has the name of its row", row.policy);
    assert_eq!(policy.to_string(), row.sample, "{} prints what it read", row.policy);
    assert_eq!(policy.value(), row.sample, "{} has the value that it prints", row.policy);

    let service = tower::service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(()))));
    let mut service = HeaderLayer::new(policy.clone()).layer(service);
    let response = service.call(Request::new(())).now_or_never().expect("a layer waits").unwrap();
    assert_eq!(response.headers()[policy.name()], row.sample, "{}", row.layer);

    let name = policy.name();
    let readme = read("README.md");
    let is_row = |line: &&str| line.starts_with('|') && line.contains(&format!("`{}`", row.policy));
    let line = readme.lines().find(is_row).unwrap_or_default();
    let has_name = line.contains(&format!("`{name}"));
    assert!(has_name, "the README's table has no row for {name} and {}: {line}", row.policy);
    assert!(line.contains(row.layer), "the README's row does not name {}: {line}", row.layer);
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn every_header_prints_what_it_reads_is_sent_by_its_layer_and_is_in_the_readme() {
    for row in rows() {
        (row.check)(&row);
    }
}

#[test]
fn every_policy_has_a_place_in_a_hardening() {
    macro_rules! policies {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(
                let policy = $sample.parse::<header::$policy>().unwrap();
                let name = policy.name().clone();
                let headers = Hardening::empty().with(policy).headers();
                assert!(headers.contains(&(name, $sample.parse().unwrap())), stringify!($policy));
            )+
        };
    }
    for_each_policy!(policies);
}

#[test]
fn every_file_of_a_header_has_a_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/policy/header");
    let rows = rows();
    let listed: BTreeSet<&str> = rows.iter().map(|row| row.module).collect();
    let mut declared = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let calls = |name: &str| text.lines().any(|line| line.starts_with(name));
        if calls("header_policy!(") || calls("keyword_policy! {") || calls("token_policy! {") {
            declared.insert(path.file_stem().unwrap().to_str().unwrap().to_owned());
        }
    }
    let declared: BTreeSet<&str> = declared.iter().map(String::as_str).collect();
    assert_eq!(declared, listed);
}

#[test]
fn a_name_in_the_table_is_that_of_its_policy() {
    macro_rules! names {
        ([$place:path] $($module:ident::$policy:ident => $layer:ident = $name:literal: $sample:literal,)+) => {
            $(assert_eq!($name, header::$policy::HEADER);)+
        };
    }
    for_each_header!(names);
}

#[test]
fn the_snapshot_of_the_api_has_every_policy_and_layer_where_the_table_says() {
    let api = read("tests/public-api/public-api.txt");
    for row in rows() {
        let place: String = row.place.split_whitespace().collect();
        assert!(api.contains(&format!("pub struct {place}::{}", row.policy)), "{}", row.policy);
        assert!(api.contains(&format!("pub type {place}::{} =", row.layer)), "{}", row.layer);
    }
}
