//! Creates the JSON Schema from the table of keys, for the tests that compare it with the file.

use serde_json::{Map, Value, json};

use super::{keys::settings_keys, left_out::known_headers, profile::Profile};
use crate::policy::csp::directive_names;

/// Represents the type of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Profile,
    Switch,
    Text,
    Url,
    Date,
    Port,
    SitePort,
    Seconds,
    List,
    Media,
    Prefix,
    SameSite,
    Scope,
    Scheme,
    ProxyHeader,
    Headers,
    Directives,
    Strings,
    Sites,
}

pub(super) struct Key {
    pub(super) path: &'static str,
    pub(super) kind: Kind,
    pub(super) default: Option<Value>,
    pub(super) doc: &'static str,
}

pub(super) fn keys() -> Vec<Key> {
    macro_rules! rows {
        ($($path:literal, $kind:ident, $default:literal, $doc:literal;)+) => {
            vec![$(Key {
                path: $path,
                kind: Kind::$kind,
                default: serde_json::from_str($default).ok(),
                doc: $doc,
            },)+]
        };
    }
    settings_keys!(rows)
}

impl Kind {
    /// Returns the words that are the only values.
    pub(super) fn words(self) -> Vec<&'static str> {
        match self {
            Self::Profile => Profile::ALL.iter().map(|(_, name)| *name).collect(),
            Self::Prefix => vec!["__Host-", "__Secure-", "__Http-", "__Host-Http-"],
            Self::SameSite => vec!["Strict", "Lax", "None"],
            Self::Scope => vec!["rewrite", "downgrade", "pass-through", "drop"],
            Self::Scheme => vec!["https", "http"],
            Self::ProxyHeader => vec!["x-forwarded", "forwarded"],
            Self::Media => vec!["pdf", "text", "webvtt", "hls"],
            _ => Vec::new(),
        }
    }

    fn schema(self) -> Value {
        let words = self.words();
        match self {
            Self::Switch => json!({"type": "boolean"}),
            Self::Text => json!({"type": "string"}),
            Self::Url => json!({"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"}),
            // TOML has dates of its own, which validators see as text or as an object.
            Self::Date => json!({}),
            Self::Port => json!({"type": "integer", "minimum": 0, "maximum": 65535}),
            Self::SitePort => json!({"type": "integer", "minimum": 1, "maximum": 65535}),
            Self::Seconds => json!({"type": "integer", "minimum": 0}),
            Self::List => json!({"type": "array", "items": {"type": "string"}}),
            Self::Media => json!({"type": "array", "items": {"enum": words}}),
            Self::Headers => headers(),
            Self::Directives => directives(),
            // Its letter case has no meaning; an editor completes the usual one.
            Self::SameSite => json!({"anyOf": [
                {"enum": words},
                {"type": "string", "pattern": "^([Ss][Tt][Rr][Ii][Cc][Tt]|[Ll][Aa][Xx]|[Nn][Oo][Nn][Ee])$"},
            ]}),
            Self::Strings => json!({"type": "object", "additionalProperties": {"type": "string"}}),
            Self::Sites => sites(),
            _ => json!({"enum": words}),
        }
    }

    /// Returns the type in words, for the reference page.
    pub(super) fn shown(self) -> String {
        let words = self.words();
        let quoted: Vec<String> = words.iter().map(|word| format!("`\"{word}\"`")).collect();
        match self {
            Self::Switch => "`true` or `false`".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Url => "URL".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Port | Self::SitePort => "port".to_owned(),
            Self::Seconds => "seconds".to_owned(),
            Self::List => "list of texts".to_owned(),
            Self::Media => format!("list of {}", quoted.join(", ")),
            Self::Headers | Self::Directives | Self::Strings => "table".to_owned(),
            Self::Sites => "list of tables".to_owned(),
            _ => quoted.join(", "),
        }
    }
}

fn headers() -> Value {
    let value = json!({"$ref": "#/definitions/header"});
    let typed: Map<String, Value> =
        known_headers().map(|name| (name.to_owned(), value.clone())).collect();
    json!({"type": "object", "properties": typed, "additionalProperties": value})
}

fn directives() -> Value {
    let change = json!({"$ref": "#/definitions/directive"});
    let all: Map<String, Value> =
        directive_names().map(|name| (name.to_owned(), change.clone())).collect();
    json!({"type": "object", "properties": all, "additionalProperties": false})
}

fn described(mut schema: Value, doc: &str) -> Value {
    schema["description"] = json!(doc);
    schema
}

/// Returns what several keys have in common.
fn definitions() -> Value {
    let words = json!({"type": "array", "items": {"type": "string"}});
    let header = json!({"anyOf": [{"type": "string"}, {"const": false}]});
    let change = json!({"anyOf": [
        {
            "type": "object",
            "properties": {"set": words, "add": words, "remove": words},
            "additionalProperties": false,
        },
        {"const": false},
    ]});
    json!({"header": header, "directive": change})
}

pub(super) fn sites() -> Value {
    json!({"type": "array", "items": {
        "type": "object",
        "properties": {
            "scheme": {"enum": ["http", "https"], "description": "The scheme of the host."},
            "host": {"type": "string", "description": "The host."},
            "port": {"type": "integer", "minimum": 1, "maximum": 65535, "description": "The port; by default that of the scheme."},
            "secure_cookie_flag": {"type": "boolean", "description": "Guards the session cookies; by default the value of the root."},
            "headers": described(headers(), "Headers of this site, as `[headers]` has them: `[site.headers]` below the `[[site]]`. They come after those of the root."),
            "csp": described(directives(), "Edits of this site's `Content-Security-Policy`, such as `[site.csp.img-src]`. They come after those of the root."),
            "csp_report_only": described(directives(), "The same for the policy that browsers report on and do not enforce."),
        },
        "required": ["scheme", "host"],
        "additionalProperties": false,
    }})
}

/// Returns the JSON Schema of the file.
pub(super) fn schema() -> Value {
    let mut root = Map::new();
    for key in keys() {
        let mut schema = key.kind.schema();
        schema["description"] = json!(key.doc);
        if let Some(default) = key.default {
            schema["default"] = default;
        }
        match key.path.split_once('.') {
            None => drop(root.insert(key.path.to_owned(), schema)),
            Some((table, name)) => {
                let table = root.entry(table).or_insert_with(
                    || json!({"type": "object", "properties": {}, "additionalProperties": false}),
                );
                table["properties"][name] = schema;
            }
        }
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "The settings file of tower-hardening",
        "type": "object",
        "properties": root,
        "additionalProperties": false,
        "definitions": definitions(),
    })
}
