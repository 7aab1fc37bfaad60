//! Tests lints of weak settings, and the headers of a site without https or without a domain.

use tower_hardening::{Severity, settings::Settings};

use crate::headers;

#[test]
fn weak_settings_are_valid_and_warned_about() {
    for (file, id, message) in [
        (
            "secure_cookie_flag = false",
            "secure-cookie-flag-off",
            "secure_cookie_flag: a sibling domain or anybody on the network can plant the session cookie; remove 'secure_cookie_flag = false'",
        ),
        (
            "[http_security]\nsts = false",
            "sts-off",
            "http_security.sts: an attacker on the network can keep a browser on http; remove 'sts = false'",
        ),
        (
            "[http_security]\nsts_max_age = 0",
            "sts-max-age-zero",
            "strict-transport-security: max-age=0 makes browsers accept http again; write max-age=31536000, unless https ends here",
        ),
        (
            "[http_security]\nenabled = false",
            "http-security-off",
            "http_security.enabled: no security header is sent; remove 'enabled = false'",
        ),
        (
            "[upload]\nbase_url = \"https://example.tld/media\"",
            "media-shares-host",
            "upload.base_url: 'example.tld' is the site's own host, where an unfiltered file becomes a page of the site; use another domain",
        ),
        (
            "[media_proxy]\nbase_url = \"https://Example.tld:8443\"",
            "media-shares-host",
            "media_proxy.base_url: 'example.tld' is the site's own host, where an unfiltered file becomes a page of the site; use another domain",
        ),
        (
            "[media_proxy]\nenabled = true",
            "media-shares-host",
            "media_proxy.base_url: not set, so that proxied files are on the site's own host, where an unfiltered file becomes a page of the site; write a URL on another domain",
        ),
        (
            "[media]\nallow = [\"text\", \"pdf\"]",
            "pdf-shares-host",
            "media.allow[1]: a PDF is shown without a sandbox, and uploads are on the site's own host; set upload.base_url to a URL on another domain",
        ),
        (
            "[url]\nscheme = \"http\"",
            "sts-without-https",
            "http_security.sts: this header and expect-ct are not sent, since the site is on http; set url.scheme to 'https'",
        ),
        (
            "[url]\nhost = \"127.0.0.1\"",
            "sts-for-address",
            "http_security.sts: this header and expect-ct are not sent, since browsers ignore it for an IP address, and apply it to every port of localhost; set url.host to a domain",
        ),
        (
            "[url]\nscheme = \"http\"",
            "host-cookie-without-https",
            "secure_cookie_flag: browsers refuse the session cookie, since the site is on http; set url.scheme to 'https'",
        ),
        (
            "[http_security]\nreport_uri = \"http://r.example/csp\"",
            "report-uri-insecure",
            "http_security.report_uri: reports are sent unencrypted, and browsers ignore such an endpoint, so that report-uri is sent without report-to; write 'https://…'",
        ),
        (
            "[url]\nscheme = \"http\"\n[frontend_headers]\nexpect-ct = \"max-age=0\"",
            "sts-without-https",
            "http_security.sts: this header and expect-ct are not sent, since the site is on http; set url.scheme to 'https'",
        ),
        (
            "[http_security]\nsts = false\n[url]\nhost = \"localhost\"\n[frontend_headers]\nstrict-transport-security = \"max-age=1\"",
            "sts-for-address",
            "frontend_headers.strict-transport-security: not sent, since browsers ignore it for an IP address, and apply it to every port of localhost; set url.host to a domain",
        ),
        (
            "[frontend_headers]\nX-Frame-Options = \"ALLOWALL\"",
            "frontend-header-built-in",
            "frontend_headers.X-Frame-Options: not sent, since the policy has this header; remove it",
        ),
        (
            "[media_proxy]\nenabled = true\nwhitelist = [\"https://a.example\", \"cdn.example\"]",
            "media-whitelist-without-scheme",
            "media_proxy.whitelist[1]: 'cdn.example' has no scheme, so that a page on http loads it over http; write 'https://cdn.example'",
        ),
    ] {
        let lints = Settings::from_toml(file).unwrap().lints();
        let lint = lints.iter().find(|lint| lint.id() == id).unwrap();
        assert_eq!((lint.message(), lint.severity()), (message, Severity::Warning));
        assert_eq!(lint.to_string(), format!("warning[{id}]: {message}"));
    }
    let warnings = Settings::default().lints();
    let ids: Vec<_> = warnings.iter().map(|lint| lint.id()).collect();
    let guide = [
        "xss-protection-filter",
        "expect-ct-obsolete",
        "csp-style-unsafe-inline",
        "csp-form-action-missing",
    ];
    assert_eq!(ids, guide);
}

#[test]
fn an_address_and_localhost_get_no_transport_headers() {
    let hosts =
        ["localhost", "a.localhost", "127.0.0.1", "192.0.2.1", "LOCALHOST", "127.1", "[::1]"];
    for host in hosts {
        for profile in ["guide", "pleroma-2.7", "strict"] {
            let file = format!("profile = \"{profile}\"\n[url]\nhost = \"{host}\"");
            let sent = headers(&Settings::from_toml(&file).unwrap().hardening());
            assert!(!sent.contains_key("strict-transport-security"), "{profile} {host}");
            assert!(!sent.contains_key("expect-ct"), "{profile} {host}");
        }
    }
    let named = Settings::from_toml("[url]\nhost = \"localhost.example\"").unwrap();
    assert!(headers(&named.hardening()).contains_key("strict-transport-security"));
}

#[test]
fn a_site_on_http_that_browsers_trust_may_have_a_secure_cookie() {
    for host in ["localhost", "a.localhost", "127.0.0.2", "abc.onion", "abc.i2p"] {
        let file = format!("[url]\nscheme = \"http\"\nhost = \"{host}\"");
        let lints = Settings::from_toml(&file).unwrap().lints();
        assert!(lints.iter().all(|lint| lint.id() != "host-cookie-without-https"), "{host}");
    }
    let off = "secure_cookie_flag = false\n[url]\nscheme = \"http\"";
    let lints = Settings::from_toml(off).unwrap().lints();
    assert!(lints.iter().all(|lint| lint.id() != "host-cookie-without-https"));
}

#[test]
fn every_setting_without_effect_has_a_lint() {
    let sts = "not sent, since http_security.sts is false; remove one of the two";
    let proxy = "this key does nothing, since media_proxy.enabled is false; write 'true'";
    let release = "since the release allows https: alone while the media proxy is off";
    for (file, key, problem) in [
        ("cookies.names = [\"a\"]\nsecure_cookie_flag = false", "cookies", "these keys do nothing"),
        ("cookies.migrate_until = 2020-01-01", "cookies.migrate_until", "the date is past"),
        (
            "http_security.sts = false\nhttp_security.sts_max_age = 1",
            "http_security.sts_max_age",
            sts,
        ),
        (
            "http_security.sts = false\nhttp_security.ct_max_age = 1",
            "http_security.ct_max_age",
            sts,
        ),
        (
            "profile = \"recommended\"\nhttp_security.ct_max_age = 1",
            "http_security.ct_max_age",
            "this profile never sends expect-ct",
        ),
        ("media_proxy.whitelist = [\"https://a.example\"]", "media_proxy.whitelist", proxy),
        ("media_proxy.redirect_on_failure = true", "media_proxy.redirect_on_failure", proxy),
        (
            "profile = \"pleroma-2.7\"\nmedia_proxy.enabled = true\nmedia_proxy.redirect_on_failure = true\nmedia_proxy.whitelist = [\"https://a.example\"]",
            "media_proxy.whitelist",
            "not listed, since the release allows https: with redirect_on_failure",
        ),
        (
            "profile = \"pleroma-2.7\"\nupload.base_url = \"http://a.example\"",
            "upload.base_url",
            release,
        ),
        (
            "profile = \"pleroma-2.7\"\ns3.public_endpoint = \"http://a.example\"",
            "s3.public_endpoint",
            release,
        ),
        (
            "profile = \"pleroma-2.7\"\ncaptcha.endpoint = \"https://a.example\"",
            "captcha.endpoint",
            "the release allows images and requests of the captcha, and no script",
        ),
        (
            "http_security.enabled = false\nfrontend_headers.x-a = \"1\"",
            "frontend_headers",
            "not sent, since http_security.enabled is false",
        ),
    ] {
        let lints = Settings::from_toml(file).unwrap().lints();
        let message = |lint: &&tower_hardening::Lint| {
            lint.header() == key && lint.message().contains(problem)
        };
        assert!(lints.iter().any(|lint| message(&lint)), "{file}: {lints:?}");
    }
}

/// Returns the key and the message of each lint with this id.
pub(crate) fn told(file: &str, id: &str) -> Vec<String> {
    let settings: Settings = file.parse().unwrap();
    let lints = settings.lints();
    let told = lints.iter().filter(|lint| lint.id() == id);
    told.map(|lint| lint.message().to_owned()).collect()
}

#[test]
fn a_legacy_domain_that_does_not_cover_a_site_has_a_lint() {
    let migration = |host: &str, domains: &str| {
        format!(
            "[url]\nhost = \"{host}\"\n[cookies]\nmigrate_until = 2999-01-01\nlegacy_domains = [{domains}]"
        )
    };
    let told =
        |host: &str, domains: &str| told(&migration(host, domains), "legacy-domain-foreign").len();
    assert_eq!(told("a.example.tld", "'example.tld', '.Example.TLD', 'a.example.tld'"), 0);
    assert_eq!(told("localhost", "'localhost'"), 0);
    for foreign in ["other.example", "ample.tld", "b.a.example.tld", "b.example.tld", "tld"] {
        assert_eq!(told("a.example.tld", &format!("'{foreign}'")), 1, "{foreign}");
    }
    let other = format!(
        "{}\n[[site]]\nscheme = \"https\"\nhost = \"b.other.example\"",
        migration("a.example.tld", "'other.example'")
    );
    assert_eq!(self::told(&other, "legacy-domain-foreign"), [""; 0]);
    assert_eq!(
        self::told(&migration("a.tld", "'x.tld', 'tld'"), "legacy-domain-foreign"),
        [
            "cookies.legacy_domains[0]: browsers ignore cookies of 'x.tld' from the site's host 'a.tld'; write that host or a domain above it",
            "cookies.legacy_domains[1]: browsers keep no cookie of 'tld', below which anybody gets a host; write the site's host or a domain above it",
        ]
    );
}

#[test]
fn a_key_that_another_one_overrules_has_a_lint() {
    for (file, id, start) in [
        (
            "media_proxy.base_url = \"https://m.example\"",
            "media-proxy-off",
            "media_proxy.base_url: ",
        ),
        (
            "media_proxy = { enabled = true, redirect_on_failure = true, whitelist = [\"https://a.example\"] }",
            "media-whitelist-unlisted",
            "media_proxy.whitelist: ",
        ),
        (
            "profile = \"strict\"\nmedia_proxy = { enabled = true, redirect_on_failure = true, whitelist = [\"https://a.example\"] }",
            "media-whitelist-unlisted",
            "media_proxy.whitelist: ",
        ),
        (
            "cookies = { prefix = \"__Http-\", http_only = false }",
            "http-only-ignored",
            "cookies.http_only: guarded cookies are HttpOnly despite 'false'",
        ),
        (
            "cookies = { prefix = \"__Host-Http-\", http_only = false }",
            "http-only-ignored",
            "cookies.http_only: ",
        ),
        (
            "media_proxy = { enabled = true, whitelist = [\"https://a.example/x\"] }",
            "media-whitelist-widened",
            "media_proxy.whitelist[0]: 'https://a.example/x' allows every path of 'https://a.example', since only the origin counts; write 'https://a.example'",
        ),
        (
            "captcha.endpoint = \"https://c.example/path/x\"",
            "media-base-widened",
            "captcha.endpoint: 'https://c.example/path/x' allows every path of 'https://c.example', since only the origin counts; write 'https://c.example'",
        ),
        (
            "s3.public_endpoint = \"https://s3.example/bucket\"",
            "media-base-widened",
            "s3.public_endpoint: ",
        ),
        (
            "media_proxy = { enabled = true, whitelist = [\"https://b.example/\", \"https://a.example?x\"] }",
            "media-whitelist-widened",
            "media_proxy.whitelist[1]: ",
        ),
    ] {
        let told = told(file, id);
        assert!(told.len() == 1 && told[0].starts_with(start), "{file}: {told:?}");
    }
    for (file, id) in [
        ("media_proxy = { enabled = true, base_url = \"https://m.example\" }", "media-proxy-off"),
        ("captcha.endpoint = \"https://c.example/\"", "media-base-widened"),
        ("media_proxy = { enabled = true, base_url = \"https://m.example\" }", "media-shares-host"),
        ("cookies = { prefix = \"__Http-\", http_only = true }", "http-only-ignored"),
        ("cookies = { prefix = \"__Http-\" }", "http-only-ignored"),
        ("cookies = { http_only = false }", "http-only-ignored"),
        (
            "media_proxy = { enabled = true, whitelist = [\"https://a.example\"] }",
            "media-whitelist-widened",
        ),
    ] {
        assert_eq!(told(file, id), [""; 0], "{file}");
    }
}

#[test]
fn a_key_of_headers_that_are_not_sent_has_a_lint() {
    let off = "[http_security]\nenabled = false\nsts_max_age = 5\nreferrer_policy = \"origin\"\nreport_uri = \"https://r.example/\"";
    let keys = told(off, "http-security-key-off");
    let keys: Vec<&str> = keys.iter().map(|told| told.split(':').next().unwrap()).collect();
    assert_eq!(
        keys,
        ["http_security.sts_max_age", "http_security.referrer_policy", "http_security.report_uri"]
    );
    assert_eq!(told("[http_security]\nsts_max_age = 5", "http-security-key-off"), [""; 0]);
    let empty = "profile = \"empty\"\n[captcha]\nendpoint = \"https://c.example\"";
    assert_eq!(told(empty, "csp-key-off").len(), 1);
    assert_eq!(told("[captcha]\nendpoint = \"https://c.example\"", "csp-key-off"), [""; 0]);
}

#[test]
fn a_redirect_that_the_policy_blocks_has_a_lint() {
    let file = |profile: &str| {
        format!(
            "profile = \"{profile}\"\nmedia_proxy = {{ enabled = true, redirect_on_failure = true }}"
        )
    };
    let id = "media-redirect-blocked";
    assert_eq!(told(&file("guide"), id), [""; 0]);
    assert_eq!(told(&file("pleroma-2.7"), id), [""; 0]);
    // Images alone may come from every https host.
    assert_eq!(told(&file("recommended"), id).len(), 1);
}

#[test]
fn a_query_that_no_policy_can_have_is_an_error_in_every_url() {
    for (table, key) in [
        ("upload", "base_url"),
        ("media_proxy", "base_url"),
        ("s3", "public_endpoint"),
        ("captcha", "endpoint"),
    ] {
        for (rest, problem) in [
            ("/x?y=1", "'?y=1' is not allowed in this URL; remove it"),
            ("/x#y", "'#' is not allowed in this URL; remove the fragment"),
        ] {
            let error =
                Settings::from_toml(&format!("[{table}]\n{key} = \"https://a.example{rest}\""));
            let error = error.unwrap_err().to_string();
            assert_eq!(error, format!("settings, line 2, {table}.{key}: {problem}"));
        }
    }
}

#[test]
fn a_header_of_the_frontend_that_contradicts_itself_has_a_lint() {
    let line = |name: &str, value: &str| format!("[frontend_headers]\n{name} = \"{value}\"");
    let cache = "cache-control-contradiction";
    for (value, count) in [
        ("no-store, public", 1),
        ("no-store, max-age=600", 1),
        ("public, private", 1),
        ("private, s-maxage=60", 1),
        ("no-cache, max-age=600", 1),
        ("no-cache, immutable", 1),
        ("must-revalidate, stale-while-revalidate=60", 1),
        ("immutable", 1),
        ("max-age=0, immutable", 1),
        ("no-store, no-cache, must-revalidate, private, max-age=0", 0),
        ("public, max-age=31536000, immutable", 0),
        ("private, max-age=60", 0),
        ("private=\\\"set-cookie\\\", public", 0),
        ("no-cache", 0),
    ] {
        assert_eq!(told(&line("cache-control", value), cache).len(), count, "{value}");
    }
    for (value, count) in [
        ("all, noindex", 1),
        ("none, nofollow", 1),
        ("nosnippet, max-snippet:50", 1),
        ("googlebot: all, noindex", 1),
        ("googlebot: all, bingbot: noindex", 0),
        ("noindex, nofollow, noarchive", 0),
    ] {
        assert_eq!(
            told(&line("x-robots-tag", value), "robots-contradiction").len(),
            count,
            "{value}"
        );
    }
    let origin = line("access-control-allow-origin", "null");
    assert_eq!(told(&origin, "cors-null-origin").len(), 1);
    let any = line("access-control-allow-origin", "*");
    let with = |more: &str| told(&format!("{any}\n{more}"), "cors-credentials-any").len();
    assert_eq!(with("access-control-allow-credentials = \"true\""), 1);
    assert_eq!(with("access-control-max-age = \"60\""), 0);
}

#[test]
fn a_default_that_is_written_as_a_rule_for_crawlers_is_not_taken_for_its_opposite() {
    for (value, word) in [("index, noindex", "index"), ("noarchive, Follow", "follow")] {
        let file = format!("[frontend_headers]\nx-robots-tag = \"{value}\"");
        let error = Settings::from_toml(&file).unwrap_err().to_string();
        let problem = format!("'{word}' is the default and not a rule; leave it out");
        assert!(error.ends_with(&problem), "{error}");
    }
}

#[test]
fn a_misspelt_header_without_a_type_has_a_lint() {
    for (name, meant) in [
        ("access-control-alow-origin", "access-control-allow-origin"),
        ("acces-control-allow-methods", "access-control-allow-methods"),
        ("service-worker-alowed", "service-worker-allowed"),
        ("content-langauge", "content-language"),
        ("timing-allow-origins", "timing-allow-origin"),
        ("surogate-control", "surrogate-control"),
    ] {
        let file = format!("[frontend_headers]\n{name} = \"x\"");
        let settings = match file.parse::<Settings>() {
            Ok(settings) => settings,
            Err(error) => panic!("{error}"),
        };
        let lints = settings.lints();
        let lint = lints.iter().find(|lint| lint.id() == "frontend-header-misspelt").unwrap();
        assert_eq!(
            lint.message(),
            format!(
                "frontend_headers.{name}: browsers do not know this header; did you mean '{meant}'?"
            )
        );
    }
    for name in [
        "link",
        "vary",
        "x-clacks-overhead",
        "content-language",
        "server-timing",
        "x-request-id",
        "surrogate-key",
        "vari",
        "lint",
    ] {
        let file = format!("[frontend_headers]\n{name} = \"x\"");
        assert_eq!(told(&file, "frontend-header-misspelt"), [""; 0], "{name}");
    }
}

#[test]
fn a_migration_that_is_over_is_not_called_a_migration() {
    let settings: Settings = "cookies.migrate_until = 2020-01-01".parse().unwrap();
    let ids: Vec<_> = settings.lints().iter().map(|lint| lint.id()).collect();
    assert!(ids.contains(&"migration-over"), "{ids:?}");
    assert!(!ids.contains(&"cookies-migrating"), "{ids:?}");
}

#[test]
fn a_further_site_that_is_weaker_has_lints_of_its_own() {
    let file = "[[site]]\nscheme = \"https\"\nhost = \"10.0.0.1\"\nsecure_cookie_flag = false";
    let settings: Settings = file.parse().unwrap();
    let lints = settings.lints();
    let message = |id: &str| {
        let lint = lints.iter().find(|lint| lint.id() == id);
        lint.map(|lint| lint.message().split(';').next().unwrap().to_owned())
    };
    let flag = "site[0].secure_cookie_flag: a sibling domain or anybody on the network can plant the session cookie";
    assert_eq!(message("secure-cookie-flag-off").as_deref(), Some(flag));
    let sts = message("sts-for-address").unwrap();
    assert!(
        sts.starts_with("site[0]: strict-transport-security and expect-ct are not sent"),
        "{sts}"
    );
    for (site, remedy) in [
        ("scheme = 'https'\nhost = '10.0.0.1'", "; set site[0].host to a domain"),
        ("scheme = 'http'\nhost = 'b.example'", "; set site[0].scheme to 'https'"),
    ] {
        let settings: Settings = format!("[[site]]\n{site}").parse().unwrap();
        let lints = settings.lints();
        assert!(lints.iter().any(|lint| lint.message().ends_with(remedy)), "{remedy}");
        assert!(!lints.iter().any(|lint| lint.message().contains("url.")), "{remedy}");
    }
}
