//! Tests Clear-Site-Data.

use tower_hardening::header::{ClearSiteData, HeaderPolicy, SiteData};

use super::refused;

#[test]
fn adv_102_a_sign_out_deletes_no_cache_and_deleting_it_is_linted() {
    assert_eq!(ClearSiteData::logout().to_string(), "\"cookies\", \"storage\"");
    assert!(ClearSiteData::logout().lints().is_empty());
    let with_cache = ClearSiteData::logout().and(SiteData::CACHE).and(SiteData::CACHE);
    assert_eq!(with_cache.to_string(), "\"cookies\", \"storage\", \"cache\"");
    assert_eq!(with_cache.lints()[0].id(), "clear-site-data-cache");
    assert_eq!(ClearSiteData::only(SiteData::ALL).lints()[0].id(), "clear-site-data-cache");
}

#[test]
fn a_kind_that_browsers_do_not_know_is_an_error() {
    for (text, error) in [
        ("cookies, storage", "byte 0: expected a string; write \"cookies\" in double quotes"),
        (
            "\"cookies\", \"Storage\"",
            "byte 11: browsers delete nothing for 'Storage'; did you mean 'storage'?",
        ),
        ("\"cookies\", \"cookies\"", "byte 11: duplicate kind \"cookies\"; write one"),
        ("", "byte 0: there is no kind of data; write \"cookies\", \"storage\""),
    ] {
        let found = refused::<ClearSiteData>(text);
        assert_eq!(found, format!("clear-site-data, {error}"), "{text}");
    }
    let all = "\"cookies\", \"storage\", \"cache\", \"clientHints\", \"prefetchCache\", \"prerenderCache\", \"executionContexts\", \"*\"";
    assert_eq!(all.parse::<ClearSiteData>().unwrap().to_string(), all);
}
