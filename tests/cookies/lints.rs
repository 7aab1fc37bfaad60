//! Tests lints of the application's lines: returned on request, and logged when a line is sent.

use http::HeaderValue;
use tower_hardening::{
    Hardening, HostCookies,
    cookie::{SameSite, ScopeAction},
};

use crate::policy::sid;

fn ids(policy: &HostCookies, line: &str) -> Vec<&'static str> {
    let lints = policy.lint_set_cookie(&HeaderValue::from_str(line).unwrap());
    lints.iter().map(|lint| lint.id()).collect()
}

#[test]
fn a_weak_line_is_linted() {
    let days = |days: u64| format!("sid=1; HttpOnly; Max-Age={}", days * 86_400);
    let lines: [(&str, &[&str]); 12] = [
        ("sid=1; HttpOnly", &[]),
        ("sid=1; HttpOnly; SameSite=Strict; Partitioned", &[]),
        ("sid=1", &["cookie-without-http-only"]),
        ("sid=1; HttpOnly; samesite=NONE", &["cookie-same-site-none"]),
        ("sid=1; HttpOnly; SameSite", &["cookie-same-site-unknown"]),
        ("sid=1; HttpOnly; SameSite=Lax; SameSite=any", &["cookie-same-site-unknown"]),
        (&days(400), &[]),
        (&days(401), &["cookie-outlives-browsers"]),
        ("sid=1; HttpOnly; Expires=Thu, 01 Jan 2099 00:00:00 GMT", &["cookie-outlives-browsers"]),
        ("__Host-sid=1; HttpOnly", &["cookie-set-with-prefix"]),
        ("sid=; Max-Age=0; SameSite=None", &[]),
        ("other=1; SameSite=None", &[]),
    ];
    for (line, expected) in lines {
        assert_eq!(ids(&sid(), line), expected, "{line}");
    }
    for value in ["a b", "a,b", "{\"a\":1}", "\"a", "a\\", "\u{fc}"] {
        let line = format!("sid={value}; HttpOnly");
        let ids = |policy: HostCookies| {
            let lints = policy.lint_set_cookie(&HeaderValue::from_bytes(line.as_bytes()).unwrap());
            lints.iter().map(|lint| lint.id()).collect::<Vec<_>>()
        };
        assert_eq!(ids(sid()), ["cookie-value-ambiguous"], "{line}");
        // The line also signs the user out with every request.
        assert_eq!(ids(sid().reject_ambiguous()), ["cookie-value-dropped"], "{line}");
        let read = crate::policy::read(&sid().reject_ambiguous(), &[format!("__Host-sid={value}")]);
        assert_eq!(read, [""; 0], "{line}");
    }
    assert_eq!(ids(&sid().reject_ambiguous(), "sid=\"a=b+/\"; HttpOnly"), [""; 0]);
    // The lints are those of the sent line, with the attributes that the policy adds.
    assert_eq!(ids(&sid().http_only(), "sid=1"), [""; 0]);
    assert_eq!(
        ids(&sid().http_only().same_site(SameSite::None), "sid=1"),
        ["cookie-same-site-none"]
    );
    let value = "v".repeat(4096 - "__Host-sid".len());
    assert_eq!(ids(&sid(), &format!("sid={value}; HttpOnly")), [""; 0]);
    assert_eq!(ids(&sid(), &format!("sid={value}v; HttpOnly")), ["cookie-too-long"]);
    let policy = sid().domain_attribute(ScopeAction::Drop);
    assert_eq!(ids(&policy, "sid=1; Domain=a.example"), [""; 0], "it is not sent");
}

#[test]
fn a_lint_names_the_cookie_and_the_remedy() {
    let lints = sid().lint_set_cookie(&HeaderValue::from_static("sid=secret"));
    assert_eq!(
        lints[0].to_string(),
        "warning[cookie-without-http-only]: cookie 'sid': every script of the page can read it; add HttpOnly",
    );
    assert!(lints.iter().all(|lint| !lint.to_string().contains("secret")));
}

#[test]
fn a_policy_that_downgrades_cookies_to_secure_is_linted() {
    let ids = |policy: HostCookies| {
        let lints = Hardening::empty().with(policy).lints();
        lints.iter().any(|lint| lint.id() == "cookies-keep-as-secure")
    };
    assert!(ids(sid().domain_attribute(ScopeAction::DowngradeToSecure)));
    assert!(ids(sid().path_attribute(ScopeAction::DowngradeToSecure)));
    assert!(!ids(sid().domain_attribute(ScopeAction::PassThrough)));
}

#[test]
fn same_site_strict_is_linted_since_oauth_loses_its_state() {
    let told = |policy: HostCookies| {
        let lints = Hardening::empty().with(policy).lints();
        lints.iter().any(|lint| lint.id() == "cookies-same-site-strict")
    };
    assert!(told(sid().same_site(SameSite::Strict)));
    assert!(!told(sid().same_site(SameSite::Lax)) && !told(sid()));
    let names = ["oauth_state", "__Host-state", "OIDC.nonce", "pkce-verifier", "saml_request"];
    for name in names {
        let policy = HostCookies::new([name.trim_start_matches("__Host-")]).unwrap().http_only();
        let told = |line: String| ids(&policy, &line).contains(&"cookie-same-site-strict-state");
        assert!(told(format!("{name}=1; SameSite=Strict")), "{name}");
        assert!(!told(format!("{name}=1; SameSite=Lax")) && !told(format!("{name}=1")), "{name}");
        for value in ["a b", "a,b", "{\"a\":1}", "\"a", "a\\", "\u{fc}"] {
            let line = format!("sid={value}; HttpOnly");
            let ids = |policy: HostCookies| {
                let lints =
                    policy.lint_set_cookie(&HeaderValue::from_bytes(line.as_bytes()).unwrap());
                lints.iter().map(|lint| lint.id()).collect::<Vec<_>>()
            };
            assert_eq!(ids(sid()), ["cookie-value-ambiguous"], "{line}");
            // The line also signs the user out with every request.
            assert_eq!(ids(sid().reject_ambiguous()), ["cookie-value-dropped"], "{line}");
            let read =
                crate::policy::read(&sid().reject_ambiguous(), &[format!("__Host-sid={value}")]);
            assert_eq!(read, [""; 0], "{line}");
        }
        assert_eq!(ids(&sid().reject_ambiguous(), "sid=\"a=b+/\"; HttpOnly"), [""; 0]);
        // The lints are those of the sent line, with the attributes that the policy adds.
        let adds = policy.clone().same_site(SameSite::Strict);
        assert!(ids(&adds, &format!("{name}=1")).contains(&"cookie-same-site-strict-state"));
    }
}

#[cfg(feature = "tracing")]
mod logged {
    use tower_hardening::{Hardening, HostCookies, Origin, cookie::ScopeAction};

    use crate::{
        logged::logged,
        policy::{read, sent, sid},
    };

    #[test]
    fn a_weak_line_is_logged_when_it_is_sent_without_its_value() {
        for (line, expected) in [
            ("sid=secret", "every script of the page can read it"),
            ("sid=secret; HttpOnly; SameSite=None", "SameSite=None sends it with every request"),
            ("sid=secret; HttpOnly; Max-Age=99999999", "browsers keep it for 400 days at most"),
            ("__Host-sid=secret; HttpOnly", "the application sets the name with its prefix"),
        ] {
            let log = logged(|| drop(sent(&sid(), &[line])));
            assert!(log.contains(expected) && !log.contains("secret"), "{line}: {log}");
        }
        let long = format!("sid={}; HttpOnly", "v".repeat(5000));
        assert!(logged(|| drop(sent(&sid(), &[&long]))).contains("browsers do not store it"));
        let refusing = sid().path_attribute(ScopeAction::Drop);
        let log = logged(|| drop(sent(&refusing, &["sid=secret; Path=/x"])));
        assert!(
            log.contains("the prefix allows neither a Domain") && !log.contains("secret"),
            "{log}"
        );
        assert_eq!(logged(|| drop(sent(&sid(), &["sid=1; HttpOnly", "other=1"]))), "");
    }

    #[test]
    fn a_dropped_cookie_is_logged_with_its_name_and_without_its_value() {
        for (line, name, why) in [
            ("theme=dark sid=secret", "subject=theme\n", "find a guarded cookie in this one"),
            ("dark,sid=secret", "subject=dark,sid\n", "read the cookie's name as a guarded one"),
            ("t=__Host-sid=secret", "subject=t\n", "find a guarded cookie in this one"),
            ("SID=secret", "subject=SID\n", "read the cookie's name as a guarded one"),
            ("__Secure-sid=secret", "subject=__Secure-sid\n", "read the cookie's name"),
            ("$Version=secret", "subject=$Version\n", "older rules"),
            ("a=\"secret", "subject=a\n", "closing"),
            ("a=\"x\"secret", "subject=a\n", "closing"),
            ("a=secret\u{fc}; __Host-sid=1", "subject=a\n", "non-ASCII"),
        ] {
            let log = logged(|| drop(read(&sid(), &[line])));
            assert!(
                log.contains("WARN") && log.contains(name) && log.contains(why),
                "{line}: {log}"
            );
            assert!(!log.contains("secret"), "{line}: {log}");
        }
        for line in ["cart[1]=x; a=b c; n\u{e4}me=1; plain", "__Host-sid=1; a=1"] {
            assert_eq!(logged(|| drop(read(&sid(), &[line]))), "");
        }
        // Expected drops are logged below the level of a warning.
        assert_eq!(logged(|| drop(read(&sid(), &["sid=1; __Host-sid=2"]))), "");
        assert_eq!(logged(|| drop(read(&sid().reject_ambiguous(), &["a=b c"]))), "");
        let log = logged(|| drop(read(&sid(), &[format!("{}SID[]=1", "[".repeat(4000))])));
        assert!(log.len() < 400, "{log}");
    }

    #[test]
    fn plain_cookies_on_localhost_are_logged_and_no_preset_has_them() {
        let log = logged(|| drop(sid().dangerous_plain_on_localhost()));
        assert!(
            log.contains("WARN") && log.contains("not guarded for requests to localhost"),
            "{log}"
        );
        let site: Origin = "https://example.tld".parse().unwrap();
        let presets = [
            Hardening::pleroma(&site),
            Hardening::pleroma_2_7(&site),
            Hardening::strict(&site),
            Hardening::api(),
            Hardening::media(),
        ];
        for preset in presets {
            let policy = preset.host_cookies().cloned();
            assert!(policy.is_none_or(|policy: HostCookies| {
                policy.clone().dangerous_plain_on_localhost() != policy
            }));
        }
    }
}
