//! The JSON Schema accepts what the reader accepts.

use serde_json::{Value, json};
use tower_hardening::{Hardening, settings::Settings};

use crate::any_site::EXAMPLE;

/// Returns the path of the first value that the schema rejects.
fn rejected(root: &Value, schema: &Value, value: &Value, path: &str) -> Option<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let definition = root.pointer(reference.trim_start_matches('#')).unwrap();
        return rejected(root, definition, value, path);
    }
    let bad = || Some(path.to_owned());
    if let Some(any) = schema["anyOf"].as_array() {
        let fits = |schema: &Value| rejected(root, schema, value, path).is_none();
        return if any.iter().any(fits) { None } else { bad() };
    }
    if let Some(words) = schema["enum"].as_array() {
        return if words.contains(value) { None } else { bad() };
    }
    if let Some(only) = schema.get("const") {
        return if only == value { None } else { bad() };
    }
    match schema["type"].as_str() {
        None => None,
        Some("boolean") => {
            if value.is_boolean() {
                None
            } else {
                bad()
            }
        }
        Some("string") => {
            if value.is_string() {
                None
            } else {
                bad()
            }
        }
        Some("integer") => {
            let within = |number: i64| {
                number >= schema["minimum"].as_i64().unwrap_or(i64::MIN)
                    && number <= schema["maximum"].as_i64().unwrap_or(i64::MAX)
            };
            if value.as_i64().is_some_and(within) { None } else { bad() }
        }
        Some("array") => {
            let Some(members) = value.as_array() else { return bad() };
            members.iter().enumerate().find_map(|(index, member)| {
                rejected(root, &schema["items"], member, &format!("{path}[{index}]"))
            })
        }
        Some("object") => {
            let Some(members) = value.as_object() else { return bad() };
            members.iter().find_map(|(key, member)| {
                let path = format!("{path}.{key}");
                let own = schema["properties"].get(key);
                match own.or_else(|| schema.get("additionalProperties")) {
                    Some(Value::Bool(false)) => Some(path),
                    Some(schema) => rejected(root, schema, member, &path),
                    None => None,
                }
            })
        }
        Some(other) => panic!("the schema has the type {other}"),
    }
}

fn check(text: &str) -> Option<String> {
    let schema = include_str!("../../examples/pleroma/hardening.schema.json");
    let schema: Value = serde_json::from_str(schema).unwrap();
    let value: toml::Table = text.parse().unwrap();
    rejected(&schema, &schema, &json!(value), "")
}

#[test]
fn the_schema_accepts_the_shipped_file_the_example_and_what_a_hardening_is_written_as() {
    let shipped = include_str!("../../examples/pleroma/hardening.toml");
    assert!(shipped.starts_with("#:schema ./hardening.schema.json\n"));
    let written = toml::to_string(&Hardening::owasp()).unwrap();
    for text in [shipped, EXAMPLE, &written] {
        Settings::from_toml(text).unwrap();
        assert_eq!(check(text), None, "{text}");
    }
}

#[test]
fn the_schema_rejects_what_the_reader_rejects() {
    for (text, path) in [
        ("colour = 1", ".colour"),
        ("profile = \"giude\"", ".profile"),
        ("[http]\nprot = 1", ".http.prot"),
        ("[http]\nport = 70000", ".http.port"),
        ("[csp.scirpt-src]\nadd = []", ".csp.scirpt-src"),
        ("[csp.img-src]\nad = []", ".csp.img-src"),
        ("[csp]\nimg-src = true", ".csp.img-src"),
        ("[headers]\nx-frame-options = true", ".headers.x-frame-options"),
        ("remove_headers = \"server\"", ".remove_headers"),
        ("[media]\nallow = [\"html\"]", ".media.allow[0]"),
        ("[[site]]\nhots = \"a\"", ".site[0].hots"),
    ] {
        Settings::from_toml(text).unwrap_err();
        assert_eq!(check(text).as_deref(), Some(path));
    }
}
