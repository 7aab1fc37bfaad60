//! Tests `--check --explain`, as text and as JSON.

use serde_json::{Value, json};

use crate::process::{Directory, Finished, example, run};

const SETTINGS: &str = "profile = \"api\"\n[headers]\nx-own = \"1\"\nstrict-transport-security = false\n[csp.img-src]\nadd = [\"data:\"]\n";

fn explain(more: &[&str], variable: (&str, &str)) -> Finished {
    let directory = Directory::new();
    let config = directory.file("settings.toml", SETTINGS);
    let mut command = example("pleroma");
    command.args(["--check", "--explain"]).args(more).arg("--config").arg(config);
    run(command.env(variable.0, variable.1))
}

#[test]
fn explain_prints_the_settings_behind_each_header() {
    let finished = explain(&[], ("HARDENING__CSP__IMG_SRC__ADD", "https://img.example"));
    assert_eq!(finished.stdout, EXPLAINED);
    assert!(finished.stderr.contains("sandbox: "), "{}", finished.stderr);
    assert_eq!(finished.status.code(), Some(0));
}

#[test]
fn explain_prints_the_same_as_json() {
    let finished = explain(&["--json"], ("HARDENING__HEADERS__X_OWN", "2"));
    let printed: Value = serde_json::from_str(&finished.stdout).unwrap();
    let headers = printed["headers"].as_array().unwrap();
    let own = headers.iter().find(|header| header["name"] == "x-own").unwrap();
    let variable = "HARDENING__HEADERS__X_OWN";
    let set_by = json!([{"key": "headers.x-own", "from": "environment", "variable": variable}]);
    assert_eq!((&own["value"], &own["set_by"]), (&json!("2"), &set_by));
}

#[test]
fn explain_without_check_and_json_without_explain_are_refused() {
    for arguments in [&["--explain"][..], &["--check", "--json"]] {
        let finished = run(example("pleroma").args(arguments));
        assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
    }
}

const EXPLAINED: &str = "\
# https://example.tld
x-content-type-options: nosniff
  set by: profile = \"api\" (line 1)
  changed by: headers.x-content-type-options
  browsers: all
referrer-policy: no-referrer
  set by: profile = \"api\" (line 1)
  changed by: http_security.referrer_policy
  browsers: all
cross-origin-resource-policy: same-origin
  set by: profile = \"api\" (line 1)
  changed by: headers.cross-origin-resource-policy
  browsers: all
x-own: 1
  set by: headers.x-own (line 3)
  changed by: headers.x-own
  browsers: not known to this crate
x-frame-options: DENY
  set by: profile = \"api\" (line 1)
  changed by: csp.frame-ancestors
  browsers: all, where no policy has `frame-ancestors`
content-security-policy: default-src 'none'; form-action 'none'; frame-ancestors 'none'; img-src data: https://img.example
  set by: profile = \"api\" (line 1)
  set by: csp.img-src.add (line 6)
  set by: csp.img-src.add (environment, HARDENING__CSP__IMG_SRC__ADD)
  changed by: csp.<directive>
  browsers: all

# https://example.tld, the application's headers
content-disposition: attachment, for each file of users except images, audio, video, which have a policy by their type
  set by: media.allow (default)
  changed by: media.allow
  browsers: all
";
