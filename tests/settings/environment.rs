//! Tests variables of the environment, in a process of their own.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use tower_hardening::settings::Settings;

use crate::headers;

/// The name of the test that the other processes run.
const CHILD: &str = "environment::prints_the_settings_of_its_environment";

/// Reads settings with these variables. Returns the headers that are sent, or the error.
fn read(file: &str, variables: &[(&str, &str)]) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD, "--exact", "--nocapture", "--test-threads=1"])
        .env("SETTINGS_FILE", file)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"").unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let (_, rest) = output.split_once("BEGIN\n").unwrap();
    rest.split_once("END\n").unwrap().0.to_owned()
}

/// Does nothing unless `read` starts it.
#[test]
fn prints_the_settings_of_its_environment() {
    let Ok(file) = std::env::var("SETTINGS_FILE") else { return };
    let settings = Settings::from_toml(&file).unwrap().with_environment();
    println!("BEGIN");
    match settings {
        Ok(settings) => {
            let ids = ["cookies-none-guarded", "setting-repeated"];
            let lints = settings.lints();
            let told = lints.iter().filter(|lint| ids.contains(&lint.id()));
            told.for_each(|lint| println!("{}", lint.message()));
            let sent = headers(&settings.hardening());
            sent.iter().for_each(|(name, value)| println!("{name}: {value}"));
        }
        Err(error) => println!("{error}"),
    }
    println!("END");
}

#[test]
fn sources_of_a_variable_are_separated_by_blanks_or_commas() {
    let file = "profile = \"empty\"\n[headers]\ncontent-security-policy = \"default-src 'self'\"";
    let hash = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";
    for value in [
        format!("https://js.example {hash}"),
        format!("https://js.example,{hash}"),
        format!(" https://js.example ,  {hash}, "),
    ] {
        assert_eq!(
            read(file, &[("HARDENING__CSP__SCRIPT_SRC__ADD", &value)]),
            format!(
                "content-security-policy: default-src 'self'; script-src 'self' https://js.example {hash}\n"
            ),
        );
    }
}

#[test]
fn every_kind_of_key_can_be_set_by_a_variable() {
    let sent = read(
        "profile = \"guide\"\n[headers]\nx-own = \"file\"",
        &[
            ("HARDENING__PROFILE", "empty"),
            ("HARDENING__HEADERS__X_OWN", "environment"),
            ("HARDENING__HEADERS__X_FRAME_OPTIONS", "false"),
            ("HARDENING__HEADERS__REFERRER_POLICY", "no-referrer"),
            ("HARDENING__CSP__DEFAULT_SRC__SET", "'self'"),
            ("HARDENING__CSP__FRAME_ANCESTORS__SET", "'none'"),
            ("HARDENING__CSP__IMG_SRC__ADD", "data:"),
            ("HARDENING__CSP__DEFAULT_SRC__REMOVE", ""),
            ("HARDENING__CSP__UPGRADE_INSECURE_REQUESTS", "false"),
            ("HARDENING__CSP_REPORT_ONLY__REPORT_URI__SET", "/csp"),
            ("HARDENING__REMOVE_HEADERS", "server, x-powered-by"),
        ],
    );
    assert_eq!(
        sent,
        "content-security-policy: default-src 'self'; img-src 'self' data:; frame-ancestors 'none'\n\
         content-security-policy-report-only: report-uri /csp\n\
         referrer-policy: no-referrer\n\
         x-own: environment\n"
    );
}

#[test]
fn edits_of_the_environment_come_after_those_of_the_file() {
    let file = "profile = \"empty\"\n[headers]\ncontent-security-policy = \"default-src 'self'; img-src data:\"\n\
                [csp.img-src]\nadd = [\"https://a.example\"]\nremove = [\"data:\"]";
    for (variables, sources) in [
        (&[][..], "https://a.example"),
        (&[("ADD", "https://b.example")], "https://a.example https://b.example"),
        (&[("ADD", "data:")], "data: https://a.example"),
        (&[("REMOVE", "https://a.example")], "'none'"),
        (&[("SET", "blob:")], "blob:"),
        (&[("SET", "blob:"), ("ADD", "'self'")], "blob: 'self'"),
        // An empty variable unsets the key of the file.
        (&[("ADD", "")], "'none'"),
    ] {
        let named: Vec<_> = variables
            .iter()
            .map(|(verb, value)| (format!("HARDENING__CSP__IMG_SRC__{verb}"), *value))
            .collect();
        let named: Vec<_> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        assert_eq!(
            read(file, &named),
            format!("content-security-policy: default-src 'self'; img-src {sources}\n"),
            "{variables:?}"
        );
    }
    let error = read(file, &[("HARDENING__CSP__IMG_SRC__ADD", "https://b.example http")]);
    assert!(error.starts_with("environment, HARDENING__CSP__IMG_SRC__ADD: 'http'"), "{error}");
}

#[test]
fn an_empty_variable_empties_the_list_of_cookies() {
    let names = |value| {
        read("profile = \"empty\"\ncookies.names = ['a']", &[("HARDENING__COOKIES__NAMES", value)])
    };
    let none = "cookies.names: the list is empty, so that no cookie is guarded; write the names of the session cookies\n";
    assert_eq!((names(""), names(" "), names("b")), (none.into(), none.into(), String::new()));
}

#[test]
fn a_source_that_a_variable_repeats_has_a_lint() {
    let add = [("HARDENING__CSP__IMG_SRC__ADD", "https://A.example")];
    let told =
        read("profile = \"empty\"\n[csp.img-src]\nset = []\nadd = ['https://a.example']", &add);
    let lint =
        "csp.img-src.add[1]: 'https://a.example' repeats csp.img-src.add[0]; remove one of them\n";
    assert!(told.starts_with(lint), "{told}");
}

#[test]
fn two_spellings_of_one_variable_are_an_error() {
    let both = [("HARDENING__URL__HOST", "a.example"), ("hardening__url__host", "b.example")];
    let problem = "two spellings of this variable are set; remove one\n";
    assert_eq!(read("", &both), format!("environment, HARDENING__URL__HOST: {problem}"));
}

#[test]
fn a_bad_variable_is_an_error_with_its_name() {
    for (name, value, message) in [
        (
            "HARDENING__CSP__SCRIPT_SRC__ADD",
            "https://js.example unsafe-inline",
            "HARDENING__CSP__SCRIPT_SRC__ADD: the keyword unsafe-inline has no single quotes; write \"'unsafe-inline'\", with the single quotes inside the double quotes",
        ),
        (
            "HARDENING__CSP__SCRIPT_SRC",
            "'self'",
            "HARDENING__CSP__SCRIPT_SRC: found the text ''self''; write false, or the sources in a variable that ends in '__ADD', '__SET' or '__REMOVE'",
        ),
        (
            "HARDENING__CSP_REPORT_ONLY__SCRIPT_SRC_ELEM_ADD",
            "'self'",
            "HARDENING__CSP_REPORT_ONLY__SCRIPT_SRC_ELEM_ADD: this variable sets nothing; did you mean 'HARDENING__CSP_REPORT_ONLY__SCRIPT_SRC_ELEM__ADD'?",
        ),
        (
            "HARDENING__CSP__IMG_SRC__SET",
            "\"'self'\"",
            "HARDENING__CSP__IMG_SRC__SET: '\"'self'\"' has double quotes of its own; write 'self'",
        ),
        (
            "HARDENING__CSP__SCIRPT_SRC__ADD",
            "'self'",
            "HARDENING__CSP__SCIRPT_SRC: 'scirpt-src' is not a directive; did you mean 'script-src'?",
        ),
        (
            "HARDENING__HEADERS__X_FRAME_OPTIONS",
            "ALLOW",
            "HARDENING__HEADERS__X_FRAME_OPTIONS: 'ALLOW' is not a value of this header; write one of 'DENY', 'SAMEORIGIN'",
        ),
        (
            "HARDENING__CSP__IMG_SRC",
            "data:",
            "HARDENING__CSP__IMG_SRC: found the text 'data:'; write false, or the sources in a variable that ends in '__ADD', '__SET' or '__REMOVE'",
        ),
        (
            "HARDENING__REMOVE_HEADERS",
            "server content-type",
            "HARDENING__REMOVE_HEADERS: a response cannot be read without 'content-type'; remove it from the list",
        ),
        (
            "HARDENING__PROFILE",
            "akkoma",
            "HARDENING__PROFILE: 'akkoma' names the site in its policy; write 'host = \"…\"' with the site's domain below [url]",
        ),
        (
            "HARDENING__CSP",
            "data:",
            "HARDENING__CSP: found the text 'data:'; write one variable for each key of the table",
        ),
    ] {
        assert_eq!(read("", &[(name, value)]), format!("environment, {message}\n"));
    }
    let both = read(
        "[http_security]\nreferrer_policy = \"origin\"",
        &[("HARDENING__HEADERS__REFERRER_POLICY", "no-referrer")],
    );
    assert_eq!(
        both,
        "environment, HARDENING__HEADERS__REFERRER_POLICY: http_security.referrer_policy sets this header too; remove one of the two\n"
    );
}

#[test]
fn an_edit_of_a_directive_that_the_file_removes_is_an_error_that_names_both() {
    let file = "profile = \"recommended\"\n[csp]\nimg-src = false";
    for verb in ["ADD", "REMOVE"] {
        let name = format!("HARDENING__CSP__IMG_SRC__{verb}");
        assert_eq!(
            read(file, &[(&name, "https://a.example")]),
            format!(
                "environment, {name}: csp.img-src is false in the file, so that there is no directive to edit; write HARDENING__CSP__IMG_SRC__SET with all its sources, or remove one of the two\n"
            )
        );
        assert!(!read(file, &[(&name, "")]).contains("environment"));
    }
    let set = read(file, &[("HARDENING__CSP__IMG_SRC__SET", "https://a.example")]);
    assert!(set.contains("img-src https://a.example"), "{set}");
    // `false` of a variable removes what the file edits.
    let file = "profile = \"recommended\"\n[csp.img-src]\nadd = [\"https://a.example\"]";
    let off = read(file, &[("HARDENING__CSP__IMG_SRC", "false")]);
    assert!(!off.contains("img-src") && off.contains("font-src"), "{off}");
}
