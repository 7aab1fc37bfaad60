//! A literal that would panic in a `const` does not compile, with the message of the run-time error.

use std::{collections::BTreeMap, env, fs, path::Path, process::Command};

use serde_json::Value;
use tower_hardening::{
    ContentSecurityPolicy,
    csp::{EndpointName, TrustedTypesPolicy},
};

/// The type of each constant, and a text that it rejects.
const CASES: &[(&str, &str)] = &[
    ("ContentSecurityPolicy", "script-src 'nonce-r4nd0m'"),
    ("ContentSecurityPolicy", "script-src 'NONCE-{}{}' 'self'"),
    ("ContentSecurityPolicy", "img-src 'nonce-{}'"),
    ("ContentSecurityPolicy", "default-src self"),
    ("ContentSecurityPolicy", "scrpt-src 'self'"),
    ("ContentSecurityPolicy", "default-src 'self' script-src 'self'"),
    ("ContentSecurityPolicy", "default-src 'none' 'self'"),
    ("ContentSecurityPolicy", "img-src 'self'; IMG-SRC *"),
    ("ContentSecurityPolicy", "img-src a, img-src b"),
    ("ContentSecurityPolicy", "img-src https://a.example/?x"),
    ("ContentSecurityPolicy", "img-src 'self'; report-to"),
    ("ContentSecurityPolicy", "img-src m\u{fc}nchen.example"),
    ("ContentSecurityPolicy", ""),
    ("EndpointName", "Csp"),
    ("TrustedTypesPolicy", "a b"),
];

/// Returns the compiler's messages for each file, and for a file without an error.
fn compile() -> BTreeMap<String, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-fail");
    let files = package.join("src/bin");
    // Files of an earlier run would be compiled too.
    let _ = fs::remove_dir_all(&files);
    fs::create_dir_all(&files).unwrap();
    let manifest = format!(
        "[package]\nname = \"cases\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         tower-hardening = {{ path = {root:?} }}\n"
    );
    fs::write(package.join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("Cargo.lock"), package.join("Cargo.lock")).unwrap();
    let file = |name: &str, kind: &str, text: &str| {
        let path = match kind {
            "ContentSecurityPolicy" => kind.to_owned(),
            _ => format!("csp::{kind}"),
        };
        let text = format!(
            "const VALUE: tower_hardening::{path} = tower_hardening::{path}::from_static({text:?});\n\
             fn main() {{ drop(VALUE); }}\n"
        );
        fs::write(files.join(name).with_extension("rs"), text).unwrap();
    };
    file("good", "ContentSecurityPolicy", "script-src 'nonce-{}'; img-src 'self'");
    for (index, (kind, text)) in CASES.iter().enumerate() {
        file(&format!("case{index}"), kind, text);
    }
    let check = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["check", "--bins", "--keep-going", "--offline", "--message-format", "json"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        .output()
        .unwrap();
    let log = String::from_utf8_lossy(&check.stderr);
    let mut said: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8(check.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(line).unwrap();
        let target = message["target"]["name"].as_str().unwrap_or_default().to_owned();
        if message["reason"] == "compiler-artifact" {
            said.entry(target).or_default();
        } else if message["message"]["level"] == "error" && !message["message"]["code"].is_null() {
            let code = message["message"]["code"]["code"].as_str().unwrap();
            let rendered = message["message"]["rendered"].as_str().unwrap();
            said.entry(target).or_default().push(format!("{code}: {rendered}"));
        }
    }
    assert!(said.contains_key("tower_hardening"), "{log}");
    said
}

#[test]
fn a_literal_that_is_rejected_at_run_time_does_not_compile_and_the_message_says_why() {
    let said = compile();
    assert_eq!(said["good"], [] as [&str; 0]);
    for (index, (kind, text)) in CASES.iter().enumerate() {
        let error = match *kind {
            "ContentSecurityPolicy" => text.parse::<ContentSecurityPolicy>().unwrap_err(),
            "EndpointName" => text.parse::<EndpointName>().unwrap_err(),
            _ => text.parse::<TrustedTypesPolicy>().unwrap_err(),
        };
        // The constants of names report the expected form only, not the text found.
        let expected = match *kind {
            "ContentSecurityPolicy" => format!("byte {}: ", error.offset()),
            _ => error.problem().split_once("' ").unwrap().1.to_owned(),
        };
        let said = &said[&format!("case{index}")];
        let [said] = &said[..] else { panic!("{text:?}: {said:?}") };
        assert!(said.starts_with("E0080: ") && said.contains(&expected), "{text:?}: {said}");
        let remedy = error.problem().rsplit_once("; ").unwrap().1;
        assert!(said.contains(remedy), "{text:?}: {said}");
    }
}
