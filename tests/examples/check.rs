//! Tests `--check`, and settings files that are rejected.

use std::process::Command;
use std::time::Duration;

use crate::guide::GUIDE;
use crate::process::{Directory, Finished, Process, example, run};

const LINTS: &str = "\
note[xss-protection-filter]: x-xss-protection: no current browser has the filter, and older ones could be attacked through it; send '0' or rely on a content-security-policy
note[expect-ct-obsolete]: expect-ct: no browser reads it since Chrome 106, and all browsers require logged certificates anyway; remove it
note[csp-style-unsafe-inline]: content-security-policy, byte 138: 'unsafe-inline' in style-src lets injected styles change the page and read parts of it; use a nonce or hashes\n\
warning[csp-form-action-missing]: content-security-policy: an injected form sends the user's input to any site; add form-action 'self', and each origin that the response to a form redirects to, since Chromium checks redirects too\n";

/// The lints of the release: connections may go to any host, and the guide's.
const RELEASE_LINTS: &str = "\
note[xss-protection-filter]: x-xss-protection: no current browser has the filter, and older ones could be attacked through it; send '0' or rely on a content-security-policy
note[expect-ct-obsolete]: expect-ct: no browser reads it since Chrome 106, and all browsers require logged certificates anyway; remove it
note[permissions-policy-retired]: permissions-policy, byte 0: 'interest-cohort' is a feature that no current browser has; write 'browsing-topics' or remove it
note[csp-style-unsafe-inline]: content-security-policy, byte 138: 'unsafe-inline' in style-src lets injected styles change the page and read parts of it; use a nonce or hashes\n\
warning[csp-connect-anywhere]: content-security-policy, byte 254: 'https:' in connect-src lets script send data to any host; name the hosts\n\
warning[csp-form-action-missing]: content-security-policy: an injected form sends the user's input to any site; add form-action 'self', and each origin that the response to a form redirects to, since Chromium checks redirects too\n";

/// The start's warnings of a site on https without TLS of its own, which `--check` prints as well.
const FIRST_RUN: &str = "\
note[secure-cookie-over-http]: Safari stores no Secure cookie over http, not even on loopback, so that signing in fails there; serve https with --tls-cert and --tls-key, or set 'plain_on_localhost = true' below [cookies]
warning: uploads are on the site's own host: 'upload.base_url' is not set; set it to a URL on another domain\n";

/// The lines of `--check` about the session cookie.
const COOKIE: &str = "note: the session cookie of https://example.tld is sent as __Host-pleroma_key; HttpOnly; \
     SameSite=Lax; Path=/; Max-Age=2592000; Secure";

/// Returns the output of `--check` for the settings.
fn check(settings: &str) -> Finished {
    let directory = Directory::new();
    let config = directory.file("settings.toml", settings);
    run(example("pleroma").args(["--check", "--listen", "127.0.0.1:0"]).arg("--config").arg(config))
}

fn lines(headers: &[(&str, &str)]) -> String {
    headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
}

#[track_caller]
fn assert_prints(finished: &Finished, headers: &[(&str, &str)], lints: &str) {
    assert_prints_with(finished, headers, lints, "");
}

/// Asserts the same for output with notes after the warnings.
#[track_caller]
fn assert_prints_with(finished: &Finished, headers: &[(&str, &str)], lints: &str, notes: &str) {
    assert_eq!(finished.stdout, lines(headers));
    let more = finished.stderr.strip_prefix(lints).unwrap_or(&finished.stderr);
    let more = more.strip_prefix(FIRST_RUN).unwrap_or(more);
    let (_boxes, more) = more.rsplit_once("====\n").unwrap_or(("", more));
    let more = more.strip_prefix(notes).unwrap_or(more);
    let (cookie, sandbox) = more.split_once('\n').unwrap();
    assert_eq!(cookie, COOKIE);
    assert_sandbox(sandbox.lines());
    assert_eq!(finished.status.code(), Some(0));
}

/// Asserts that the lines are those of the guide's systemd settings, each with a result and its evidence.
#[track_caller]
fn assert_sandbox<'a>(lines: impl Iterator<Item = &'a str>) {
    let settings = lines.map(|line| {
        let (setting, found) = line.split_once(": ").unwrap().1.split_once(": ").unwrap();
        let (answer, evidence) = found.split_once(", ").unwrap();
        assert!(line.starts_with("sandbox: ") && !evidence.is_empty(), "{line}");
        assert!(["yes", "no", "unknown"].contains(&answer), "{line}");
        setting
    });
    let guide = [
        "PrivateTmp=true",
        "ProtectHome=true",
        "ProtectSystem=full",
        "PrivateDevices=true",
        "NoNewPrivileges=true",
        "CapabilityBoundingSet=~CAP_SYS_ADMIN",
    ];
    assert_eq!(settings.collect::<Vec<_>>(), guide);
}

#[test]
fn check_prints_the_guide_s_headers_and_nothing_else() {
    assert_prints(&run(example("pleroma").arg("--check")), &GUIDE, LINTS);
    assert_prints(&check(""), &GUIDE, LINTS);
    assert_prints(&check("profile = \"guide\""), &GUIDE, LINTS);
}

#[test]
fn check_prints_what_the_release_sends() {
    let [common @ .., _] = GUIDE;
    let policy = "default-src 'none'; base-uri 'self'; frame-ancestors 'none'; \
         img-src 'self' data: blob: https:; media-src 'self' https:; \
         style-src 'self' 'unsafe-inline'; font-src 'self'; script-src 'self'; \
         connect-src 'self' blob: https://example.tld wss://example.tld https:; \
         manifest-src 'self'; upgrade-insecure-requests";
    let own = [("permissions-policy", "interest-cohort=()"), ("content-security-policy", policy)];
    let expected = [&common[..], &own].concat();
    assert_prints(&check("profile = \"pleroma-2.7\""), &expected, RELEASE_LINTS);
}

#[test]
fn check_prints_the_strict_headers_without_a_lint_and_says_what_a_read_nonce_adds() {
    let policy = |scripts: &str| {
        format!(
            "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; \
             img-src 'self' data:; font-src 'self'; media-src 'self'; \
             connect-src 'self' wss://example.tld; manifest-src 'self'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'; upgrade-insecure-requests"
        )
    };
    let expected = [
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
        ),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("origin-agent-cluster", "?1"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains"),
        ("content-security-policy", &policy("")),
    ];
    let read = format!(
        "note: a page that reads its nonce gets content-security-policy: {}\n",
        policy(" 'nonce-<value>' 'strict-dynamic'")
    );
    assert_prints_with(&check("profile = \"strict\""), &expected, "", &read);
}

/// The page reads its nonce, so a check that printed the other headers alone would not show what browsers get.
#[test]
fn check_says_what_a_read_nonce_changes_in_headers_for_caches_and_in_every_policy() {
    let said = check(
        "profile = \"strict\"\nadditional_csp = [\"script-src 'self' 'nonce-{}'\"]\n[frontend_headers]\n\
         cache-control = \"public, max-age=60\"\ncdn-cache-control = \"max-age=60\"\n\
         surrogate-control = \"max-age=60\"\nexpires = \"Fri, 31 Dec 2038 23:59:59 GMT\"",
    );
    for line in [
        "gets content-security-policy: script-src 'self' 'nonce-<value>'",
        "gets cache-control: private, max-age=60",
        "gets expires: 0",
        "gets no cdn-cache-control",
        "gets no surrogate-control",
    ] {
        let note = format!("note: a page that reads its nonce {line}\n");
        assert_eq!(said.stderr.matches(&note).count(), 1, "{line}: {}", said.stderr);
    }
    assert_eq!(said.stderr.matches("its nonce gets").count(), 6, "{}", said.stderr);
    assert_eq!(said.stderr.matches("warning[cache-header-with-nonce]").count(), 4);
}

#[test]
fn check_prints_the_recommended_headers() {
    let golden = include_str!("../golden/recommended.txt");
    let expected: Vec<_> = golden.lines().map(|line| line.split_once(": ").unwrap()).collect();
    let note = "note[csp-style-unsafe-inline]: content-security-policy, byte 168: 'unsafe-inline' in style-src lets injected styles change the page and read parts of it; use a nonce or hashes\n";
    assert_prints(&check("profile = \"recommended\""), &expected, note);
}

#[test]
fn check_warns_of_what_is_off_and_prints_no_header_for_it() {
    let warning = "warning[http-security-off]: http_security.enabled: no security header is sent; remove 'enabled = false'\n";
    assert_prints(&check("[http_security]\nenabled = false"), &[], warning);
}

/// The announcement is made from the headers that are sent.
#[test]
fn check_names_the_cookie_as_it_is_sent_and_warns_of_one_that_is_plain() {
    let warning = "warning: the session cookie is not guarded: 'cookies.names' has no 'pleroma_key'; add it\n";
    for (settings, name, is_warned_of) in [
        ("[cookies]\nnames = [\"other\"]", "pleroma_key; HttpOnly", true),
        ("secure_cookie_flag = false", "pleroma_key; HttpOnly", false),
        ("[cookies]\nprefix = \"__Secure-\"", "__Secure-pleroma_key; HttpOnly", false),
        ("[cookies]\nnames = [\"pleroma*\"]", "__Host-pleroma_key; HttpOnly", false),
    ] {
        let said = check(settings).stderr;
        let sent = format!("note: the session cookie of https://example.tld is sent as {name}");
        assert!(said.contains(&sent), "{settings}: {said}");
        assert_eq!(said.contains(warning), is_warned_of, "{settings}: {said}");
    }
}

/// `--check` under the arguments and the environment, and a start with them that is stopped.
fn checked_and_started(arguments: &[&str], variable: Option<(&str, &str)>) -> [Finished; 2] {
    let command = || {
        let mut command = example("pleroma");
        command.arg("--ephemeral").args(arguments).envs(variable);
        command
    };
    let checked = run(command().arg("--check"));
    let process = Process::spawn(command().env("HARDENING__HTTP__PORT", "0"));
    if checked.status.success() {
        process.wait_for_a_line();
        process.terminate();
    }
    [checked, process.finish(Duration::from_secs(10))]
}

#[test]
fn check_fails_for_whatever_keeps_the_server_from_starting() {
    for (arguments, variable, words) in [
        (&["--assets", "/nonexistent"][..], None, "/nonexistent: has no 'instance.js'"),
        (&["--upload-limit", "4", "--account-limit", "2"], None, "--account-limit 2: is less than"),
        (&[], Some(("RUST_LOG", "wran")), "RUST_LOG: 'wran' is not a level"),
        (
            &["--tls-cert", "/nonexistent", "--tls-key", "/nonexistent"],
            None,
            "/nonexistent: cannot",
        ),
    ] {
        let [checked, started] = checked_and_started(arguments, variable);
        assert!(checked.stderr.starts_with(&format!("error: {words}")), "{}", checked.stderr);
        assert_eq!((checked.stdout.as_str(), checked.status.code()), ("", Some(2)));
        assert_eq!((checked.stderr, Some(2)), (started.stderr, started.status.code()));
    }
}

#[test]
fn check_warns_of_what_the_start_warns_of() {
    for (arguments, variable, words) in [
        (&[][..], None, "warning: uploads are on the site's own host"),
        (&["--listen", "0.0.0.0:0"], None, "REACHABLE FROM OUTSIDE THIS MACHINE"),
        (&[], Some(("HARDENING__HTTP__IP", "0.0.0.0")), "REACHABLE FROM OUTSIDE THIS MACHINE"),
        (&[], Some(("HARDENING__HTTP_SECURITY__ENABLED", "false")), "NO SECURITY HEADERS"),
    ] {
        let [checked, started] = checked_and_started(arguments, variable);
        assert_eq!(checked.status.code(), Some(0), "{}", checked.stderr);
        assert!(checked.stderr.contains(words), "{words}: {}", checked.stderr);
        // The port is that of the settings, and a start on port 0 has another.
        let is_port = |line: &&str| !line.contains("This listens on");
        let warnings = started.stderr.lines().filter(is_port);
        let first = checked.stderr.lines().filter(is_port).take(warnings.clone().count());
        assert!(warnings.clone().eq(first), "{}\n{}", checked.stderr, started.stderr);
    }
}

/// The server that runs may be the one whose settings are checked.
#[test]
fn check_warns_of_an_address_at_which_a_start_would_fail() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (address, problem) in [
        (taken.as_str(), "stop the program that listens there, or write another --listen"),
        ("192.0.2.1:4000", "write an address of this machine as --listen"),
    ] {
        let [checked, started] = [
            run(example("pleroma").args(["--check", "--ephemeral", "--listen", address])),
            run(example("pleroma").args(["--ephemeral", "--listen", address])),
        ];
        let [told] = checked
            .stderr
            .lines()
            .filter(|line| line.contains("a start fails"))
            .collect::<Vec<_>>()[..]
        else {
            panic!("{}", checked.stderr)
        };
        assert!(told.ends_with(problem), "{told}");
        let error =
            started.stderr.trim_end().replacen("error: ", "warning: a start fails now: ", 1);
        assert_eq!(
            (told, checked.status.code(), started.status.code()),
            (&*error, Some(0), Some(2))
        );
    }
    let free = run(example("pleroma").args(["--check", "--ephemeral", "--listen", "127.0.0.1:0"]));
    assert!(!free.stderr.contains("a start fails"), "{}", free.stderr);
}

#[test]
fn check_leaves_nothing_behind() {
    let directory = Directory::new();
    run(example("pleroma").arg("--check").current_dir(directory.path()));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

/// Asserts that the settings are rejected with these words, with and without `--check`.
#[track_caller]
fn assert_refused(settings: &str, expected: &str) {
    let directory = Directory::new();
    let config = directory.file("bad.toml", settings);
    let serve = ["--listen", "127.0.0.1:0", "--ephemeral"];
    for arguments in [&["--check"][..], &serve] {
        let finished = run(example("pleroma").args(arguments).arg("--config").arg(&config));
        assert_eq!(finished.stderr, format!("error: {}{expected}\n", config.display()));
        assert_eq!(finished.stdout, "");
        assert_eq!(finished.status.code(), Some(2));
    }
}

#[test]
fn a_bad_file_is_refused_with_its_line_and_key() {
    assert_refused(
        "[http]\nport = 4000\nprot = 4001",
        ", line 3, http.prot: unknown key; did you mean 'port'?",
    );
    assert_refused(
        "profile = \"strickt\"",
        ", line 1, profile: unknown value 'strickt'; did you mean 'strict'?",
    );
    assert_refused(
        "[http_security]\nsts = true\nsts_max_age = -1",
        ", line 3, http_security.sts_max_age: found the number -1; write a number of seconds, like 31536000",
    );
}

#[test]
fn a_missing_file_is_refused() {
    let directory = Directory::new();
    let config = directory.path().join("missing.toml");
    let finished = run(pleroma_with(&config).arg("--check"));
    let expected = format!("error: {}: cannot be read: ", config.display());
    assert!(finished.stderr.starts_with(&expected), "{}", finished.stderr);
    assert_eq!(finished.stderr.lines().count(), 1);
    assert_eq!((finished.stdout.as_str(), finished.status.code()), ("", Some(2)));
}

fn pleroma_with(config: &std::path::Path) -> Command {
    let mut command = example("pleroma");
    command.arg("--config").arg(config);
    command
}
