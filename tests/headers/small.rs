//! Tests Cache-Control and X-Robots-Tag.

use tower_hardening::header::{CacheControl, RobotsTag};

use super::refused;

#[test]
fn cache_control_has_the_directives_of_the_standards_and_no_misspelt_one() {
    for (text, printed) in [
        ("no-store", "no-store"),
        ("No-Store ,\tMAX-AGE=0", "no-store, max-age=0"),
        (
            "public, s-maxage=60, stale-while-revalidate=30",
            "public, s-maxage=60, stale-while-revalidate=30",
        ),
        ("private=\"set-cookie,x-a\", no-cache", "private=\"set-cookie, x-a\", no-cache"),
    ] {
        assert_eq!(text.parse::<CacheControl>().unwrap().to_string(), printed);
    }
    for (text, error) in [
        (
            "no-stor",
            "byte 0: 'no-stor' is not a directive of this header; did you mean 'no-store'?",
        ),
        ("private, max-age=-1", "byte 9: '-1' is not a number of seconds; write max-age=3600"),
        ("max-age", "byte 0: 'max-age' needs a number of seconds; write max-age=3600"),
        ("no-store=1", "byte 0: 'no-store' takes no value; write it alone"),
        (
            "private=set-cookie",
            "byte 0: 'private' lists names of headers; write private=\"set-cookie\"",
        ),
        ("no-store,", "byte 9: '' is not a directive of this header; write one like no-store"),
        (
            "no-store no-cache",
            "byte 0: 'no-store no-cache' is not a directive of this header; write one like no-store",
        ),
        ("public, public", "byte 8: duplicate directive 'public'; write one"),
    ] {
        assert_eq!(refused::<CacheControl>(text), format!("cache-control, {error}"), "{text}");
    }
}

#[test]
fn a_rule_for_search_engines_is_a_known_one() {
    for (text, printed) in [
        ("NOINDEX , nofollow", "noindex, nofollow"),
        ("GoogleBot:noindex, max-snippet:-1", "googlebot: noindex, max-snippet:-1"),
        ("otherbot: max-image-preview:large", "otherbot: max-image-preview:large"),
        (
            "unavailable_after: 25 Jun 2027 15:00:00 GMT",
            "unavailable_after: 25 Jun 2027 15:00:00 GMT",
        ),
    ] {
        let read: RobotsTag = text.parse().unwrap();
        assert_eq!(read.to_string(), printed);
        assert_eq!(printed.parse(), Ok(read));
    }
    for (text, error) in [
        ("no-index", "byte 0: 'no-index' is not a rule; did you mean 'noindex'?"),
        ("noindex,", "byte 8: '' is not a rule; write one like noindex"),
        ("max-snippet", "byte 0: '' is not a value of max-snippet; write max-snippet:20"),
        ("max-snippet:many", "byte 0: 'many' is not a value of max-snippet; write max-snippet:20"),
        ("a b: noindex", "byte 0: 'a b' is not the name of a crawler; write one like googlebot"),
        ("a: b: noindex", "byte 0: 'b' is not a rule with a value; write one like max-snippet:20"),
        (
            "unavailable_after: tomorrow",
            "byte 0: 'tomorrow' is not a value of unavailable_after; write unavailable_after: 2027-01-31",
        ),
    ] {
        assert_eq!(refused::<RobotsTag>(text), format!("x-robots-tag, {error}"), "{text}");
    }
    assert!("a:".repeat(1 << 16).parse::<RobotsTag>().is_err());
}
