//! Cookies that are not guarded are passed on unchanged, unless a parser would lose a guarded one.

use crate::policy::{read, sid};

#[test]
fn a_name_that_is_not_a_token_and_a_non_ascii_value_are_passed_on() {
    for cookie in [
        "cart[1]=x",
        "a:b=1",
        "a b=1",
        "a=\u{fc}",
        "n\u{e4}me=1",
        "(a)=1",
        "{}=1",
        "a@b=1",
        "a,b=c",
        "\u{2713}",
        "a=b c",
        "a=b, c",
        "a={\"b\":1}",
        "=plain",
        "plain",
        "a[b][c]=1",
        "cart[sid]=1",
        "a[sid][SID]=1",
        "\u{540d}=\u{592a}",
    ] {
        let shown: String = cookie.bytes().map(char::from).collect();
        assert_eq!(read(&sid(), &[cookie]), [shown.as_str()]);
        let line = format!("x=1; {cookie}; y=2");
        assert_eq!(read(&sid(), &[line]), [format!("x=1; {shown}; y=2")]);
    }
}

#[test]
fn a_non_ascii_byte_does_not_remove_the_line_of_a_guarded_cookie() {
    // Some parsers reject all lines for it. Without a guarded cookie it is passed on.
    for cookie in ["a=\u{fc}", "n\u{e4}me=1", "\u{2713}", "a=\"\u{fc}\"", "=\u{fc}", "a b=\u{fc}"] {
        for lines in [
            &[&*format!("{cookie}; b=1; __Host-sid=good")][..],
            &[&*format!("__Host-sid=good; {cookie}; b=1")],
            &[&*format!("{cookie}; b=1"), "__Host-sid=good"],
            &["__Host-sid=good", &*format!("b=1; {cookie}")],
        ] {
            let read = read(&sid(), lines).join("; ");
            assert!(read == "sid=good; b=1" || read == "b=1; sid=good", "{lines:?}: {read}");
        }
        assert_eq!(read(&sid(), &[cookie, "__Host-sid=good"]), ["sid=good"]);
    }
    // The application's own bytes are kept.
    assert_eq!(read(&sid(), &["__Host-sid=\u{fc}; a=\u{fc}"]), ["sid=\u{c3}\u{bc}"]);
}

#[test]
fn a_quote_without_a_closing_one_is_dropped_since_parsers_lose_the_next_cookies() {
    for cookie in [
        "a=\"",
        "a=\"b",
        "a=b\"",
        "a=\"b\\\"",
        "a=\"b\"c",
        "a=\"b\" c",
        "\"",
        "a\"b",
        "a\"=1",
        "=\"x",
    ] {
        assert_eq!(read(&sid(), &[cookie]), [""; 0], "{cookie}");
        let line = format!("{cookie}; __Host-sid=good; x=1");
        assert_eq!(read(&sid(), &[line]), ["sid=good; x=1"], "{cookie}");
    }
}

#[test]
fn an_escaped_quote_does_not_remove_the_line_of_a_guarded_cookie() {
    // The parser of the crate `headers` does not support escapes.
    assert_eq!(read(&sid(), &["a=\"x\\\"y\"; b=1"]), ["a=\"x\\\"y\"; b=1"]);
    assert_eq!(read(&sid(), &["a=\"x\\\"y\"; b=1; __Host-sid=good"]), ["b=1; sid=good"]);
    let even = "a=\"x\\\"y\\\"\"; sid=good";
    assert_eq!(read(&sid(), &[even.replace("sid", "__Host-sid")]), [even]);
}

#[test]
fn strict_hands_on_cookie_values_of_rfc_6265_and_nothing_else() {
    let strict = sid().reject_ambiguous();
    for cookie in [
        "a=1",
        "a=",
        "a=\"\"",
        "a=\"b\"",
        "a=b64+/==",
        "a=%7B%22x%22%7D",
        "a=[x]{y}<z>(w)",
        "a='b'",
        "a=b=c",
        "a=!#$%&'*+-.^_`|~",
    ] {
        assert_eq!(read(&strict, &[cookie]), [cookie]);
        let guarded = format!("__Host-s{}", cookie.replacen('a', "id", 1));
        assert_eq!(read(&strict, &[guarded]), [cookie.replacen('a', "sid", 1)]);
    }
    for byte in (b'\t'..=0xFF).filter(|byte| matches!(byte, b'\t' | b' '..=b'~' | 0x80..)) {
        let octet = matches!(byte, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E);
        for line in [[b"a=b", &[byte][..], b"c"].concat(), [b"a=\"b", &[byte][..], b"c\""].concat()]
        {
            let kept = if octet { 1 } else { 0 };
            if byte != b';' {
                assert_eq!(read(&strict, &[&line]).len(), kept, "{}", line.escape_ascii());
                let guarded = [b"__Host-sid=", &line[2..]].concat();
                assert_eq!(read(&strict, &[&guarded]).len(), kept, "{}", line.escape_ascii());
            }
        }
    }
    for cookie in [
        "a b=1",
        "a =1",
        "a= 1",
        "a\t=\t1",
        "Path=/",
        "expires=GMT",
        "SECURE=1",
        "max-age=1",
        "cart[1]=x",
        "a:b=1",
        "=a",
        "a",
        "$a=1",
        "a=\"b",
        "a=b\"c\"",
        "a=\"b\"\"c\"",
    ] {
        assert_eq!(read(&strict, &[format!("{cookie}; b=1")]).join(""), "b=1", "{cookie}");
    }
}
