//! Tests that the JSON Schema and the reference page are those of the table of keys.
//!
//! `UPDATE_SETTINGS=1 cargo test --all-features --lib settings::reference` rewrites both.

use std::{fmt::Write, fs, path::PathBuf};

use serde_json::{Value, json};

use super::{
    Settings,
    error::variable,
    schema::{Kind, keys, schema, sites},
};
use crate::policy::{
    MediaType,
    cookie::{CookiePrefix, SameSite, ScopeAction},
};

const INTRODUCTION: &str = "\
# Settings

<!-- Generated from the table of keys: `UPDATE_SETTINGS=1 cargo test --all-features --lib settings::reference`. -->

The keys of the settings file, in TOML. Every key is optional. An unknown key or an invalid value is an error that names
the key, the value, the line and the remedy. `hardening.schema.json` next to `examples/pleroma/hardening.toml` is the JSON
Schema; an editor with Taplo completes and checks the file if it begins with `#:schema ./hardening.schema.json`.

The profile comes first, then the file, then the environment: `HARDENING__HTTP__PORT` sets `http.port`. A variable separates
the members of a list with commas, and sources and names of headers with blanks too. An empty variable empties a list, and
unsets a key without a default. The edits of a directive come after those of the file: `ADD` and `REMOVE` keep the file's
sources, and `SET` replaces them; to `ADD` to a directive that the file sets to `false` is an error. Headers and directives have `_` in place of `-`:
`HARDENING__CSP__SCRIPT_SRC__ADD=\"https://js.example 'sha256-…'\"`, `HARDENING__HEADERS__X_FRAME_OPTIONS=false`.

Two keys that set the same, such as `headers.referrer-policy` and `http_security.referrer_policy`, are an error that names
both.

```toml
profile = \"owasp\"
remove_headers = [\"server\", \"x-powered-by\"]
[csp.script-src]
add = [\"https://js.stripe.com\"]        # or set = […], remove = […]
[csp_report_only.script-src]
set = [\"'self'\"]
[csp_report_only.report-uri]
set = [\"https://reports.example/csp\"]
[headers]
cross-origin-opener-policy = \"same-origin-allow-popups\"
x-frame-options = false                # not sent
```

- `set` replaces the sources of a directive; an empty list is `'none'`.
- `add` adds sources. A directive that is absent starts from its fallback, such as `default-src`.
- `remove` takes sources out. A source that is not there is an error.
- All three are applied in this order, and a fallback before the directives that start from it.

A `[[site]]` can have tables of its own, which come after those of the root. No variable sets them:

```toml
[[site]]
scheme = \"http\"
host = \"example.onion\"
[site.headers]
referrer-policy = \"no-referrer\"       # in place of the root's
[site.csp.img-src]
remove = [\"https:\"]
```
";

/// Returns the reference page, from the schema.
fn page(schema: &Value) -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut table = "";
    page.push_str("\n| key | value | default | |\n|---|---|---|---|\n");
    for key in keys() {
        let (section, name) = key.path.split_once('.').unwrap_or(("", key.path));
        let of = match section {
            "" => &schema["properties"][name],
            section => &schema["properties"][section]["properties"][name],
        };
        if section != table && !section.is_empty() {
            let _ = write!(
                page,
                "\n## `[{section}]`\n\n| key | value | default | |\n|---|---|---|---|\n"
            );
        } else if section != table {
            page.push_str("\n## Tables and lists of tables\n\n| key | value | default | |\n|---|---|---|---|\n");
        }
        table = section;
        let default = of.get("default").map_or(String::new(), |default| format!("`{default}`"));
        let doc = of["description"].as_str().unwrap();
        let _ = writeln!(page, "| `{name}` | {} | {default} | {doc} |", key.kind.shown());
    }
    page.push_str("\nA `[[site]]` has these keys:\n\n| key | |\n|---|---|\n");
    for (name, of) in sites()["items"]["properties"].as_object().unwrap() {
        let _ = writeln!(page, "| `{name}` | {} |", of["description"].as_str().unwrap());
    }
    page
}

#[track_caller]
fn assert_checked_in(path: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE_SETTINGS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let held = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        held == text,
        "{} is not that of the code; run UPDATE_SETTINGS=1 cargo test --all-features --lib settings::reference",
        path.display()
    );
}

#[test]
fn the_schema_and_the_reference_page_are_those_of_the_code() {
    let schema = schema();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    assert_checked_in("examples/pleroma/hardening.schema.json", &text);
    assert_checked_in("docs/settings.md", &page(&schema));
}

#[test]
fn the_example_of_the_reference_page_is_a_settings_file() {
    let (_, rest) = INTRODUCTION.split_once("```toml\n").unwrap();
    Settings::from_toml(rest.split_once("```").unwrap().0).unwrap();
}

/// Returns a file with one key.
fn file(path: &str, value: &Value) -> String {
    let value = value.to_string();
    match path.split_once('.') {
        None => format!("{path} = {value}\n"),
        Some((table, name)) => format!("[{table}]\n{name} = {value}\n"),
    }
}

#[test]
fn a_default_of_the_table_is_what_a_file_without_the_key_has() {
    let none = Settings::default();
    for key in keys() {
        let Some(default) = key.default else { continue };
        let read = Settings::from_toml(&file(key.path, &default)).unwrap();
        assert_eq!(read.hardening(), none.hardening(), "{}", key.path);
        assert_eq!(read.listen(), none.listen(), "{}", key.path);
        assert_eq!(read.connection_source(), none.connection_source(), "{}", key.path);
        assert_eq!(read.uploads(), none.uploads(), "{}", key.path);
        assert_eq!(read.allowed_hosts(), none.allowed_hosts(), "{}", key.path);
    }
}

#[test]
fn the_words_of_a_key_are_those_that_the_file_takes() {
    for key in keys().iter().filter(|key| !key.kind.words().is_empty()) {
        for word in key.kind.words() {
            let value = if key.kind == Kind::Media { json!([word]) } else { json!(word) };
            // A profile may need the site.
            let site = if key.kind == Kind::Profile { "[url]\nhost = \"a.example\"" } else { "" };
            Settings::from_toml(&(file(key.path, &value) + site)).unwrap();
        }
        let value = if key.kind == Kind::Media { json!(["qqqqqq"]) } else { json!("qqqqqq") };
        let error = Settings::from_toml(&file(key.path, &value)).unwrap_err();
        assert!(error.key().starts_with(key.path), "{error}");
    }
    for word in Kind::Prefix.words() {
        assert_eq!(word.parse::<CookiePrefix>().unwrap().as_str(), word);
    }
    for word in Kind::SameSite.words() {
        assert_eq!(word.parse::<SameSite>().unwrap().as_str(), word);
    }
    for word in Kind::Scope.words() {
        assert_eq!(word.parse::<ScopeAction>().unwrap().as_str(), word);
    }
    for word in Kind::Media.words() {
        assert_eq!(word.parse::<MediaType>().unwrap().to_string(), word);
    }
}

#[test]
fn every_key_that_is_not_a_table_has_a_variable() {
    for key in keys() {
        let name = variable(key.path);
        assert!(name.starts_with("HARDENING__") && !name.contains(['.', '-']), "{name}");
    }
}
