//! Tests faults of other projects. The name of each test begins with the number of the advisory.

use http::Request;
use tower_hardening::{Hardening, HostCookies, Origin, cookie::SameSite};

use crate::{
    browser::{self, Jar},
    exchange::Apply,
    policy::{read, sent, sid},
};

const NOTHING: [&str; 0] = [];

/// Returns both policies: the stricter one must not let more through.
fn both() -> [HostCookies; 2] {
    [sid(), sid().reject_ambiguous()]
}

fn assert_dropped(lines: &[&str]) {
    for policy in both() {
        for line in lines {
            assert_eq!(read(&policy, &[line]), NOTHING, "{line:?}");
            let neighbours = format!("a=1; {line}; b=2");
            assert_eq!(read(&policy, &[neighbours]), ["a=1; b=2"], "{line:?}");
        }
    }
}

#[test]
fn adv_063_a_name_that_gains_a_prefix_when_it_is_decoded_is_dropped() {
    assert_dropped(&[
        "__%48ost-sid=evil",
        "__%48ost-other=evil",
        "%5F%5FHost-x=evil",
        "%5f_Secure-x=evil",
        "__%2548ost-x=evil",
        "%25255F_Http-x=evil",
        "__Host%2DHttp-x=evil",
        "__Hos%74-sid =evil",
        "%20__hOST-x=evil",
    ]);
    // Names that already begin with it belong to others, and are kept.
    assert_eq!(read(&sid(), &["__Host-x=1; __Secure-%41=2"]), ["__Host-x=1; __Secure-%41=2"]);
}

#[test]
fn adv_064_the_good_cookie_is_read_next_to_forged_ones_in_either_order() {
    // `no_stack_reads_a_forged_spelling` tests this over sockets for each stack.
    for forged in ["__%48ost-sid=evil", "%5F%5FHost-sid=evil", "si%64=evil", "sid=evil"] {
        for line in [format!("{forged}; __Host-sid=good"), format!("__Host-sid=good; {forged}")] {
            for policy in both() {
                let read = read(&policy, &[&line]);
                assert_eq!(read, ["sid=good"]);
                let mut jar = cookie::CookieJar::new();
                for cookie in cookie::Cookie::split_parse_encoded(read[0].clone()) {
                    jar.add_original(cookie.unwrap());
                }
                assert_eq!(jar.get("sid").map(cookie::Cookie::value), Some("good"));
                assert_eq!(jar.get("__Host-sid"), None);
            }
        }
    }
}

#[test]
fn adv_065_a_name_that_some_reader_trims_into_a_guarded_one_is_dropped_and_others_are_not() {
    for byte in 0x80..=0xFFu8 {
        let line = [b"a=1; x", &[byte][..], b"=2; ", &[byte], b"sid=evil; b=3"].concat();
        let unrelated = format!("a=1; x{}=2; b=3", char::from(byte));
        assert_eq!(read(&sid(), &[&line]), [unrelated], "{byte:#x}");
        assert_eq!(read(&sid().reject_ambiguous(), &[&line]), ["a=1; b=3"], "{byte:#x}");
    }
    for byte in (b' '..=b'~').filter(|byte| !b"=; ".contains(byte)) {
        let token = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let line = format!("x{}y=1", byte as char);
        // After a quote without a closing one, parsers lose the cookies that follow.
        let expected = if byte == b'"' { vec![] } else { vec![line.clone()] };
        assert_eq!(read(&sid(), &[&line]), expected, "{line}");
        let expected = if token { vec![line.clone()] } else { vec![] };
        assert_eq!(read(&sid().reject_ambiguous(), &[&line]), expected, "{line}");
    }
}

#[test]
fn adv_066_one_malformed_pair_costs_no_other_its_line() {
    for bad in [&b"a=\xFC"[..], b"\xFF=1", b"a=\xE2\x82\xAC", b"\x80"] {
        for line in [[b"__Host-sid=1; ", bad].concat(), [bad, b"; __Host-sid=1"].concat()] {
            for policy in both() {
                assert_eq!(read(&policy, &[&line]), ["sid=1"]);
            }
        }
    }
}

#[test]
fn adv_067_names_that_are_mangled_into_a_prefix_are_dropped() {
    assert_dropped(&[
        "..Host-x=evil",
        "_[Host-x=evil",
        "[[Host-x=evil",
        "_.Host-sid=evil",
        "._Secure-x=evil",
        "..host-sid=evil",
        "%2E%2EHost-x=evil",
        "_%5BHost-sid=evil",
        "_+Host-x=evil",
        "_ Host-x=evil",
    ]);
    // Browsers also strip this space, so the prefix was checked.
    assert_eq!(read(&sid(), &[" __Host-sid=1"]), ["sid=1"]);
}

#[test]
fn adv_068_a_cookie_without_a_name_is_dropped_when_strict_or_if_it_imitates_another() {
    assert_dropped(&[
        "=__Host-sid=evil",
        "=__Host-x=evil",
        "= __Secure-x=evil",
        "==__Host-sid=evil",
        "__Host-sid",
        "sid",
        "%5F_Host-x",
        "a=__Host-sid=evil",
        "a=__Http-x",
        "a=\"__Host-sid=evil\"",
    ]);
    let harmless = "consent; =plain; a=1";
    assert_eq!(read(&sid(), &[harmless]), [harmless]);
    assert_eq!(read(&sid().reject_ambiguous(), &[harmless]), ["a=1"]);
    for line in ["=__Host-x=bad", "__Host-x", " = __Secure-x=bad; Path=/", "__http-x; Secure"] {
        for policy in both() {
            assert_eq!(sent(&policy, &[line, "a=1"]), ["a=1"], "{line}");
        }
    }
    assert_eq!(sent(&sid().reject_ambiguous(), &["bare", "=value", "a=1"]), ["a=1"]);
}

#[test]
fn adv_069_spaces_and_tabs_are_all_that_is_stripped_around_a_name() {
    assert_eq!(read(&sid(), &["\t __Host-sid \t=\t 1 \t; a=1"]), ["sid \t=\t 1; a=1"]);
    for blank in ["\u{A0}", "\u{2000}", "\u{3000}", "\u{FEFF}", "\u{200B}", "%C2%A0", "%A0", "%0B"]
    {
        for policy in both() {
            for name in ["sid", "__Host-sid"] {
                let lines = [format!("{blank}{name}=evil"), format!("{name}{blank}=evil")];
                assert_eq!(read(&policy, &lines), NOTHING, "{lines:?}");
            }
        }
    }
}

#[test]
fn adv_070_attributes_with_a_dollar_are_dropped_and_quotes_and_commas_delimit_nothing() {
    for policy in both() {
        let read = |line: &str| read(&policy, &[line]);
        // The browser has checked this prefix: a dollar before it has no effect.
        assert_eq!(read("$Version=1; __Host-sid=1; $Path=/; $Domain=a.example"), ["sid=1"]);
        assert_eq!(read("$Version=1, __Host-sid=evil"), NOTHING);
        assert_eq!(read("$version=\"1\"; sid=evil"), NOTHING);
        assert_eq!(read("$a=1; b=2"), ["b=2"]);
        // It has an effect on some parsers, which find a guarded name after it.
        assert_eq!(read("b=2, __Host-sid=evil"), NOTHING);
        assert_eq!(read("\u{2000}__Host-sid=evil; \u{85}sid=evil; \u{A0}sid=evil"), NOTHING);
        assert_eq!(read("sid=\"a; __Host-sid=1; b\""), ["sid=1"]);
    }
}

#[test]
fn adv_071_a_lone_quote_is_dropped_and_never_joins_two_pairs() {
    for policy in both() {
        assert_eq!(read(&policy, &["a=\"x; __Host-sid=secret; b=y\""]), ["sid=secret"]);
        for bad in
            ["a=\"", "a=\"x", "a=x\"", "a=x\"y", "a=\"\"\"", "a=\"x\\\"", "a=\"x\"y\"\"", "\"a=1"]
        {
            assert_eq!(read(&policy, &[format!("{bad}; b=2")]), ["b=2"], "{bad}");
        }
        assert_eq!(read(&policy, &["a=\"x\"; b=\"\""]), ["a=\"x\"; b=\"\""]);
    }
    for pair in ["a=\"x\\\"\\\"\"", "a=x\\", "a={\"b\":\"c\"}", "a=W/\"1\""] {
        assert_eq!(read(&sid(), &[pair]), [pair], "{pair}");
        assert_eq!(read(&sid().reject_ambiguous(), &[pair]), NOTHING, "{pair}");
    }
}

#[test]
fn adv_072_other_cases_are_dropped_in_requests_and_rewritten_in_responses() {
    assert_dropped(&["__host-sid=evil", "__HOST-sid=evil", "__Host-SID=evil", "SID=evil"]);
    // This also applies to a cookie that is not guarded: browsers have not checked a prefix.
    assert_dropped(&["__host-x=evil", "__SECURE-x=evil", "__http-x=evil"]);
    for line in ["__host-sid=1", "__HOST-sid=1; Domain=a.example; Path=/app"] {
        assert_eq!(sent(&sid(), &[line]), ["__Host-sid=1; Path=/; Secure"], "{line}");
    }
}

#[test]
fn adv_073_of_duplicates_the_first_is_kept_instead_of_none_by_section_18() {
    // A browser with partitioned cookies may send two. Dropping both would sign the user out.
    for policy in both() {
        assert_eq!(read(&policy, &["__Host-sid=1; __Host-sid=2; a=1"]), ["sid=1; a=1"]);
        assert_eq!(
            read(&policy, &["__Host-sid=1", "a=1; __Host-sid=2", "__Host-sid=3"]),
            ["sid=1", "a=1"]
        );
        assert_eq!(
            read(&policy, &["sid=evil; __Host-sid=1; sid=evil; __HOST-sid=evil"]),
            ["sid=1"]
        );
    }
    let policy = HostCookies::new(["app_*"]).unwrap();
    assert_eq!(
        read(&policy, &["__Host-app_a=1; __Host-app_b=2; __Host-app_a=3", "__Host-app_b=4"]),
        ["app_a=1; app_b=2"]
    );
}

#[test]
fn adv_074_nothing_that_is_configured_adds_an_attribute_and_no_line_grows_wider() {
    for bad in ["a;b", "a; Path=/", "a\r\nb", "a=b", "a b", "a\0", "a,b", "a\"", "", "\u{e4}"] {
        assert!(HostCookies::new([bad]).is_err(), "{bad:?}");
        assert!(sid().legacy_domain(bad).is_err() || bad == "\u{e4}", "{bad:?}");
    }
    assert!(sid().legacy_domain("a.example; Path=/").is_err());
    // An invalid name is not corrected to a guarded one.
    for line in ["si d=1; Domain=a.example", "sid,x=1", "sid", "\"sid\"=1"] {
        assert_eq!(sent(&sid(), &[line]), [line]);
    }
    let rewritten = sent(&sid(), &["sid=1; Domain=a.example; Domain; Path; Secure="]).remove(0);
    let stored = browser::store(rewritten.as_bytes(), true, "b.a.example").unwrap();
    assert_eq!((stored.domain, stored.path.as_deref()), (None, Some(&b"/"[..])));
}

#[test]
fn adv_075_near_misses_of_a_prefix_are_errors_with_the_remedy() {
    for (near, prefix) in [
        ("Host__sid", "__Host-"),
        ("__host_sid", "__Host-"),
        ("_Host-sid", "__Host-"),
        ("__Host_sid", "__Host-"),
        ("__Hostsid", "__Host-"),
        ("__Host", "__Host-"),
        ("-Host-sid", "__Host-"),
        ("Secure__sid", "__Secure-"),
        ("__Securesid", "__Secure-"),
        ("_http-sid", "__Http-"),
        ("__HostHttp-sid", "__Host-Http-"),
        ("__HostHttpsid", "__Host-Http-"),
        ("__hosthttp-sid", "__Host-Http-"),
        ("HostHttp__sid", "__Host-Http-"),
        ("__HttpHost-sid", "__Host-Http-"),
    ] {
        let error = HostCookies::new([near]).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "host cookies, byte 0: '{near}' nearly begins with '{prefix}', which the policy adds; \
                 write the name alone"
            )
        );
    }
    for covering in ["_*", "__*", "__H*", "__sec*"] {
        let error = HostCookies::new([covering]).unwrap_err().to_string();
        assert_eq!(
            error,
            format!(
                "host cookies, byte 0: '{covering}' matches the prefixes themselves; write more of the name"
            )
        );
    }
    for fine in
        ["host", "hostname", "__hostname", "host_id", "secure", "http_sid", "_x", "_", "_x*"]
    {
        assert!(HostCookies::new([fine]).is_ok(), "{fine}");
    }
}

#[test]
fn adv_076_attributes_are_looked_for_behind_the_first_semicolon_only() {
    let policy = HostCookies::new(["secure", "sid"]).unwrap().http_only().secure_other_cookies();
    for (line, expected) in [
        ("secure=1", "__Host-secure=1; Path=/; Secure; HttpOnly"),
        ("sid=a, httponly, secure", "__Host-sid=a, httponly, secure; Path=/; Secure; HttpOnly"),
        ("sid=\"; Secure", "__Host-sid=\"; Secure; Path=/; HttpOnly"),
        ("a=b, httponly; X, Secure", "a=b, httponly; X, Secure; Secure; HttpOnly; SameSite=Lax"),
        ("samesite=1", "samesite=1; Secure; HttpOnly; SameSite=Lax"),
        ("httponly=Secure", "httponly=Secure; Secure; HttpOnly; SameSite=Lax"),
    ] {
        assert_eq!(sent(&policy, &[line]), [expected], "{line}");
    }
}

#[test]
fn adv_077_each_attribute_is_there_once_and_the_stricter_one_stays() {
    let policy = sid().same_site(SameSite::Lax).http_only();
    for (line, expected) in [
        ("sid=1; SameSite=Strict", "__Host-sid=1; SameSite=Strict; Path=/; Secure; HttpOnly"),
        (
            "sid=1; samesite=strict; HTTPONLY",
            "__Host-sid=1; samesite=strict; HTTPONLY; Path=/; Secure",
        ),
        ("sid=1; SameSite=None", "__Host-sid=1; SameSite=None; Path=/; Secure; HttpOnly"),
        (
            "sid=1; Secure; Secure; Path=/; Path=/; HttpOnly; HttpOnly; SameSite=Lax; SameSite=Strict",
            "__Host-sid=1; Secure; Path=/; HttpOnly; SameSite=Strict",
        ),
    ] {
        assert_eq!(sent(&policy, &[line]), [expected], "{line}");
        // A second layer does not add a second attribute.
        assert_eq!(sent(&policy, &[expected]), [expected]);
    }
}

#[test]
fn adv_078_each_preset_sends_the_cookie_as_it_says() {
    let site: Origin = "https://example.tld".parse().unwrap();
    let set = "pleroma_key=1; HttpOnly";
    let guarded = "__Host-pleroma_key=1; HttpOnly; Path=/; Secure";
    for (hardening, expected) in [
        (Hardening::pleroma(&site), guarded),
        (Hardening::pleroma_2_7(&site), guarded),
        // This works for any application, which names its own cookies.
        (Hardening::strict(&site), set),
        (Hardening::api(), set),
        (Hardening::media(), set),
    ] {
        let line = match hardening.host_cookies() {
            Some(policy) => sent(policy, &[set]).remove(0),
            None => set.to_owned(),
        };
        assert_eq!(line, expected);
    }
}

#[test]
fn adv_079_removals_conform_so_that_browsers_obey_them() {
    for removal in [
        "sid=; Max-Age=0",
        "sid=; Max-Age=-1; Path=/app; Domain=a.example",
        "sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "sid=deleted; expires=Thu, 01-Jan-70 00:00:01 GMT; path=/",
        "__Host-sid=; Max-Age=0",
        "__HOST-sid=; Max-Age=0; Domain=a.example",
    ] {
        let mut jar = Jar::default();
        assert!(jar.receive(sent(&sid(), &["sid=1"])[0].as_bytes()));
        assert_eq!(jar.line(), b"__Host-sid=1");
        assert!(jar.receive(sent(&sid(), &[removal])[0].as_bytes()), "{removal}");
        assert_eq!(jar.line(), b"", "{removal}");
    }
    // Only a partitioned line deletes a partitioned cookie.
    let removal = sent(&sid(), &["sid=; Max-Age=0; Partitioned"]).remove(0);
    assert!(removal.contains("; Partitioned"), "{removal}");
}

#[test]
fn adv_080_is_not_about_cookies_alone_and_no_other_header_is_touched_here() {
    // A separate layer protects caches.
    let mut headers = http::HeaderMap::new();
    headers.insert("set-cookie", "sid=1".parse().unwrap());
    headers.insert("cache-control", "public".parse().unwrap());
    sid().on_response(sid().idle(), &mut headers);
    assert_eq!((headers.len(), &headers["cache-control"]), (2, &"public".parse().unwrap()));
    let mut request = Request::new(());
    request.headers_mut().insert("x-cookie", "sid=evil".parse().unwrap());
    sid().on_request(&mut request);
    assert_eq!(request.headers()["x-cookie"], "sid=evil");
}
