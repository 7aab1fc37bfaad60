//! Tests guarded names inside other cookies, where some parser finds them.

use tower_hardening::{HostCookies, cookie::CookiePrefix};

use crate::policy::{read, sid};

/// Bytes of a header that are not cookie-octets, every bracket, and the other quote.
fn separators() -> impl Iterator<Item = u8> {
    let bytes = (0x80..=0xFF).chain(b"\t \"',\\()<>[]{}".iter().copied());
    assert_eq!(bytes.clone().count(), 142);
    bytes
}

/// Names that some parser reads as the guarded one, or as one with an unchecked prefix.
const NAMES: [&str; 38] = [
    "sid",
    "SID",
    "sId",
    "__Host-sid",
    "__host-sid",
    "__Secure-sid",
    "__Http-sid",
    "__Host-Http-sid",
    "__Secure-SID",
    "__Host-other",
    "__secure-other",
    "%73id",
    "s%69d",
    "%2573id",
    "%252573id",
    "%u0073id",
    "%5F_Host-sid",
    "__Host%2Dsid",
    "%5f%5fSecure-x",
    "_[Host-sid",
    "[_Host-sid",
    "..Host-sid",
    "+_Host-x",
    "\"sid\"",
    "sid\"",
    "sid%20",
    "%20sid",
    "sid%00",
    "sid%3Dx",
    "x%3Bsid",
    "sid[0]",
    "sid[]",
    "+sid",
    "sid+",
    "$sid",
    "@sid",
    "\u{a0}sid\u{2000}",
    "\u{feff}__Host-sid",
];

/// Asserts that the cookie alone is dropped, and that the genuine one on the same line is kept.
fn assert_dropped(cookie: &[u8]) {
    let shown = cookie.escape_ascii();
    let both = [sid(), sid().reject_ambiguous()];
    for policy in &both {
        assert_eq!(read(policy, &[cookie]), [""; 0], "{shown}");
        let genuine = &b"__Host-sid=good"[..];
        for line in [[cookie, genuine].join(&b"; "[..]), [genuine, cookie].join(&b"; "[..])] {
            assert_eq!(read(policy, &[line]), ["sid=good"], "{shown}");
        }
        assert_eq!(read(policy, &[cookie, genuine]), ["sid=good"], "{shown}");
    }
}

#[test]
fn a_look_alike_after_a_byte_that_ends_a_value_is_dropped() {
    for separator in separators() {
        for name in NAMES {
            for (before, behind) in [
                (&b"theme=dark"[..], &b"=evil"[..]),
                (b"theme=", b" \t= evil"),
                (b"theme= ", b"=evil"),
                (b"theme=a=b", b"="),
                (b"theme=dark x", b"=evil, y=z"),
                (b"=dark", b"=evil"),
                (b"the me=\"dark\"", b"=evil"),
            ] {
                assert_dropped(&[before, &[separator], name.as_bytes(), behind].concat());
            }
        }
    }
}

#[test]
fn a_look_alike_after_bytes_that_a_parser_skips_is_dropped() {
    for skipped in [
        "(", ",", ":", "@", "?", "=", "==", "$", "$$", "\"\"", "[", "\\\\", "{", ",$", "<:=",
        "\u{85}",
    ] {
        for name in ["sid", "__Host-sid", "s%69d"] {
            for value in ["=evil", "=evil x", "==evil"] {
                assert_dropped(format!("{skipped}{name}{value}").as_bytes());
                assert_dropped(format!("t=v {skipped}{name}{value}").as_bytes());
                assert_dropped(format!("t=\"v\"{skipped}{name}{value}").as_bytes());
            }
        }
    }
}

#[test]
fn a_name_directly_after_a_date_or_a_closing_quote_is_dropped() {
    for before in [
        "t=Wed, 09-Jun-2027 10:18:14 GMT",
        "t=Wed, 09 Jun 2027 10:18:14 GMT",
        "Wed, 09 Jun 2027 10:18:14 GMT",
        "t=\"v\"",
        "t=\"\"",
        "t=\"a\\\"b\\\"\"",
    ] {
        for name in ["sid", "SID", "__Secure-sid", "%73id"] {
            assert_dropped(format!("{before}{name}=evil").as_bytes());
        }
    }
}

#[test]
fn a_bare_name_is_dropped_where_a_parser_reads_an_empty_value() {
    for cookie in [
        "t=v sid",
        "t=v\tsid",
        "t=v sid x",
        "t=v,sid",
        "t=v, sid",
        "t=v,sid,x",
        "t=v,sid x",
        "sid x=y",
        "sid,x=y",
        "sid x",
        "x sid",
        "x,sid",
        "t=v __Host-sid",
        "consent=accept sid later",
        "t= sid",
    ] {
        assert_dropped(cookie.as_bytes());
    }
    for cookie in [
        "t=v/sid",
        "t=[sid]",
        "t=v sid/",
        "t=v xsid",
        "t=v sidx",
        "t=v SID x",
        "t=v s%69d",
        "t=v sid,x",
    ] {
        assert_eq!(read(&sid(), &[cookie]), [cookie]);
    }
}

#[test]
fn cookies_that_fool_no_parser_arrive_unchanged() {
    for cookie in [
        "t={\"sid\":1}",
        "t=[\"sid\",\"other\"]",
        "mail=sid@example.org",
        "t=sid=1",
        "t==sid=1",
        "t=a=b=sid=1",
        "t=x&sid=1",
        "t=https://a.example/?sid=1",
        "t=xsid=1, ysid=2",
        "t=a b=c, d=e",
        "t=my resid=5",
        "t=(phpsid=1)",
        "t=foo %20sid%3D5",
        "t=%20sid%3D5",
        "t=%7B%22sid%22%3A1%7D",
        "t=/path sid/x=1",
        "t=GMTsid=1",
        "t=1GMTsid=1 x",
        "t='sid'=1",
        "sidebar=open sid2=1",
        "theme = dark",
        "theme=dark; consent; _ga=GA1.2.3 4",
        "t=\"a b, c\"",
        "t=\"\"",
        "t=\\",
    ] {
        assert_eq!(read(&sid(), &[cookie]), [cookie]);
        let line = format!("{cookie}; __Host-sid=good");
        assert_eq!(read(&sid(), &[line]), [format!("{cookie}; sid=good")]);
    }
}

#[test]
fn every_guarded_name_is_protected_and_every_name_that_a_star_matches() {
    let policy = HostCookies::new(["sid", "app_*", "a.b"]).unwrap();
    for planted in [
        "t=v sid=1",
        "t=v app_=1",
        "t=v app_x=1",
        "t=v app.x=1",
        "t=v,APP_x =1",
        "t=v __Secure-app_x=1",
        "t=v %61pp_x=1",
        "t=v a_b=1",
        "t=v a.b=1",
        "t=v,app_x",
        "t=v [app_x[0]=1",
        "t=v a b=1",
        "t=\"v\"$app_x=1",
    ] {
        assert_eq!(read(&policy, &[planted]), [""; 0], "{planted}");
    }
    for fine in ["t=v app=1", "t=v xapp_=1", "t=v ab=1"] {
        assert_eq!(read(&policy, &[fine]), [fine]);
    }
}

#[test]
fn a_guarded_name_under_another_prefix_is_dropped_and_the_policys_own_is_not() {
    for (prefix, own) in [
        (CookiePrefix::Host, "__Host-"),
        (CookiePrefix::Secure, "__Secure-"),
        (CookiePrefix::Http, "__Http-"),
        (CookiePrefix::HostHttp, "__Host-Http-"),
    ] {
        let policy = HostCookies::new(["sid", "app_*"]).unwrap().prefix(prefix);
        for other in ["__Host-", "__Secure-", "__Http-", "__Host-Http-"] {
            let line = format!("{other}sid=1; {other}app_x=2; {other}x=3");
            let rest = format!("{other}x=3");
            let expected = if own == other { format!("sid=1; app_x=2; {rest}") } else { rest };
            assert_eq!(read(&policy, &[line]), [expected], "{prefix}");
        }
    }
}

#[test]
fn a_name_that_is_split_over_two_lines_or_cookies_is_not_guarded() {
    for lines in [
        &["t=v s", "id=evil"][..],
        &["t=v sid", "=evil"],
        &["t=v,sid", "=evil; x=1"],
        &["t=\"v; sid=evil\"", "x=\"; sid=evil; y=\""],
        &["t=\"v", "sid=evil\""],
    ] {
        let joined = read(&sid(), lines).join("; ");
        assert!(!joined.contains("sid"), "{lines:?}: {joined}");
        let all = [lines, &["__Host-sid=good"]].concat();
        let joined = read(&sid(), &all).join("; ");
        assert_eq!(joined.matches("sid").count(), 1, "{lines:?}: {joined}");
    }
}

#[test]
fn lines_that_a_proxy_joined_by_commas_pass_on_the_genuine_cookie_only() {
    assert_eq!(read(&sid(), &["__Host-sid=good; a=1, sid=evil; b=2"]), ["sid=good; b=2"]);
    assert_eq!(read(&sid(), &["a=1, __Host-sid=evil; __Host-sid=good"]), ["sid=good"]);
}

#[test]
fn the_genuine_value_keeps_its_bytes() {
    for value in ["a b", "x sid=y", "{\"sid\": 1}", "\"open", "a,sid=b", "\"x\" sid=y", "\\", "sid"]
    {
        assert_eq!(read(&sid(), &[format!("__Host-sid={value}")]), [format!("sid={value}")]);
    }
}
