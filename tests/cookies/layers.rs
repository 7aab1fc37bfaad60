//! Tests several layers around one application: two that guard the same cookie, and one that
//! rejects duplicates.

use std::time::{Duration, SystemTime};

use axum::{Router, routing::get};
use http::{HeaderMap, StatusCode, header};
use tower_hardening::{
    Hardening, HardeningLayer, HostCookieLayer, HostCookies,
    cookie::{
        CookiePrefix, DuplicateCookies, LegacyCookies, RejectDuplicateCookiesLayer, ScopeAction,
    },
};

use crate::{
    browser::Jar,
    client::{Client, Version, serve},
    exchange::Apply,
    policy::{read, request, sent, sent_after, sid, text},
};

/// Returns the cookies that the application reads behind two policies, the outer one first.
fn read_behind(outer: &HostCookies, inner: &HostCookies, lines: &[&str]) -> Vec<String> {
    let mut request = request(lines);
    outer.on_request(&mut request);
    inner.on_request(&mut request);
    text(request.headers(), &header::COOKIE)
}

#[test]
fn a_layer_twice_equals_once_if_the_outer_one_records_its_cookies() {
    let outer = HostCookies::new(["sid", "app_*"]).unwrap().allow_nested_layers();
    for lines in [
        &["__Host-sid=1"][..],
        &["sid=evil; __Host-sid=1; a=2"],
        &["a=1", "__Host-sid=1; __Host-app_x=2", "__Host-app_y=3"],
        &["__Host-sid=1; __Host-sid=2; __Host-app_x=1; __Host-app_x=2"],
        &["sid=evil; app_x=evil; __HOST-sid=evil"],
        &["__Host-sid=1; app_x=evil"],
        &["a=1"],
    ] {
        let once = read(&outer, lines);
        assert_eq!(read_behind(&outer, &outer, lines), once, "{lines:?}");
        let thrice = {
            let mut request = request(lines);
            for _ in 0..3 {
                outer.on_request(&mut request);
            }
            text(request.headers(), &header::COOKIE)
        };
        assert_eq!(thrice, once, "{lines:?}");
    }
}

#[test]
fn an_inner_layer_accepts_only_the_plain_names_that_the_outer_one_recorded() {
    let outer = sid().allow_nested_layers();
    let both = HostCookies::new(["sid", "other"]).unwrap();
    // The inner layer guards more names.
    assert_eq!(
        read_behind(&outer, &both, &["__Host-sid=1; other=evil; __Host-other=2"]),
        ["sid=1; other=2"]
    );
    // Browsers enforce other rules for another prefix.
    let secure = sid().prefix(CookiePrefix::Secure).allow_nested_layers();
    assert_eq!(read_behind(&secure, &sid(), &["__Secure-sid=1; a=2"]), ["a=2"]);
    // Without the outer layer's record, the inner layer drops the cookie.
    assert_eq!(read_behind(&sid(), &sid(), &["__Host-sid=1; a=2"]), ["a=2"]);
    // The records of several outer layers are combined.
    let mut request = request(&["__Host-sid=1; __Host-other=2"]);
    let other = HostCookies::new(["other"]).unwrap().allow_nested_layers();
    for policy in [&outer, &other, &both] {
        policy.on_request(&mut request);
    }
    assert_eq!(text(request.headers(), &header::COOKIE), ["sid=1; other=2"]);
    // Different names need no record.
    let other = HostCookies::new(["other"]).unwrap();
    assert_eq!(read_behind(&sid(), &other, &["__Host-sid=1; __Host-other=2"]), ["sid=1; other=2"]);
}

#[test]
fn a_line_is_sent_the_same_through_two_layers() {
    for line in [
        "sid=1",
        "sid=1; path=/; Domain=a.example; Max-Age=1h",
        "__HOST-sid=1",
        "a=1",
        "sid=; Max-Age=0",
    ] {
        let once = sent(&sid(), &[line]);
        assert_eq!(sent(&sid(), &once), once, "{line}");
    }
    // A line that is kept unchanged is also sent once.
    let policy = sid().domain_attribute(ScopeAction::DowngradeToSecure).secure_other_cookies();
    let once = sent(&policy, &["sid=1; Domain=a.example"]);
    assert_eq!(once, ["__Secure-sid=1; Domain=a.example; Secure"]);
    assert_eq!(sent(&policy, &once), once);
    assert_eq!(sent(&policy, &["__Secure-sid=1"]), ["__Secure-sid=1; Secure"]);
}

#[test]
fn the_records_of_two_layers_are_combined() {
    let until = SystemTime::now() + Duration::from_secs(60);
    let remember = HostCookies::new(["remember"]).unwrap().migrate_until(until);
    let [outer, inner] = [sid().migrate_until(until), remember];
    let told = |lines: &[&str]| {
        let mut request = request(lines);
        outer.on_request(&mut request);
        inner.on_request(&mut request);
        request.into_parts().0.extensions
    };
    let extensions = told(&["sid=old; remember=old"]);
    let legacy: &LegacyCookies = extensions.get().unwrap();
    assert!(legacy.contains("sid") && legacy.contains("remember"));
    let extensions = told(&["__Host-sid=1; __Host-sid=2; __Host-remember=1; __Host-remember=2"]);
    let duplicates: &DuplicateCookies = extensions.get().unwrap();
    assert_eq!(duplicates.names().collect::<Vec<_>>(), ["remember", "sid"]);
}

#[test]
fn the_outer_layer_keeps_the_lines_with_which_an_inner_one_expires_a_plain_cookie() {
    let until = SystemTime::now() + Duration::from_secs(60);
    let policy =
        sid().legacy_domain("a.example").unwrap().migrate_until(until).allow_nested_layers();
    for set in [&["sid=new"][..], &["sid=; Max-Age=0", "sid=new"]] {
        let mut jar = Jar::default();
        for old in ["sid=old; Path=/", "sid=old; Domain=a.example; Path=/"] {
            assert!(jar.receive(old.as_bytes()));
        }
        let mut request = request(&[jar.line()]);
        let [outer, inner] = [(); 2].map(|()| policy.on_request(&mut request));
        assert_eq!(text(request.headers(), &header::COOKIE), ["sid=old"]);
        for line in sent_after(&policy, outer, &sent_after(&policy, inner, set)) {
            assert!(jar.receive(line.as_bytes()), "{line}");
        }
        assert_eq!(jar.line(), b"__Host-sid=new", "{set:?}");
    }
    // Without an earlier wire name, a deletion deletes the guarded cookie.
    assert_eq!(
        sent(&sid(), &["__Host-sid=1", "sid=2", "a=1; Max-Age=0"]),
        ["__Host-sid=1; Path=/; Secure", "__Host-sid=2; Path=/; Secure", "a=1; Max-Age=0"]
    );
    assert_eq!(
        sent(&sid(), &["sid=; Max-Age=0", "__Host-sid=1"]),
        ["__Host-sid=; Max-Age=0; Path=/; Secure", "__Host-sid=1; Path=/; Secure"]
    );
    // A pattern with a star may match another name.
    let open = HostCookies::new(["app_*"]).unwrap();
    assert_eq!(
        sent(&open, &["__Host-app_a=1", "app_b=; Max-Age=0"]),
        ["__Host-app_a=1; Path=/; Secure", "__Host-app_b=; Max-Age=0; Path=/; Secure"]
    );
}

fn duplicates(lines: &[&str]) -> Vec<String> {
    let policy = HostCookies::new(["sid", "app_*"]).unwrap();
    let mut request = request(lines);
    policy.on_request(&mut request);
    let found = request.extensions().get::<DuplicateCookies>();
    found.map(|found| found.names().map(str::to_owned).collect()).unwrap_or_default()
}

#[test]
fn adv_073_duplicates_are_named() {
    for (lines, names) in [
        (&["__Host-sid=1; __Host-sid=2"][..], &["sid"][..]),
        (&["__Host-sid=1", "a=1", "__Host-sid=1"], &["sid"]),
        (
            &["__Host-app_x=1; __Host-sid=1; __Host-app_x=2; __Host-sid=2; __Host-sid=3"],
            &["app_x", "sid"],
        ),
        // A look-alike does not count as a duplicate, since anyone can plant it.
        (&["__Host-sid=1; sid=evil; __HOST-sid=evil; __Host-si%64=evil"], &[]),
        (&["__Host-sid=1; __Host-app_x=2"], &[]),
        (&["a=1; a=2"], &[]),
        (&[], &[]),
    ] {
        assert_eq!(duplicates(lines), names, "{lines:?}");
    }
}

#[tokio::test]
async fn adv_073_a_request_with_duplicates_is_answered_with_400_where_that_is_asked_for() {
    let read = async |headers: HeaderMap| text(&headers, &header::COOKIE).join("|");
    let router = || Router::new().route("/", get(read));
    let refusing = || router().layer(RejectDuplicateCookiesLayer::new());
    let hardening = HardeningLayer::new(Hardening::empty().with(sid()));
    for (router, status) in [
        (router().layer(HostCookieLayer::new(sid())), StatusCode::OK),
        (refusing().layer(HostCookieLayer::new(sid())), StatusCode::BAD_REQUEST),
        (refusing().layer(hardening), StatusCode::BAD_REQUEST),
    ] {
        let server = serve(router).await;
        for version in Version::BOTH {
            let mut client = Client::connect(server, version).await;
            let answer = client.get("/", &["__Host-sid=1; __Host-sid=2"]).await;
            assert_eq!((answer.status, answer.body.is_empty()), (status, status != StatusCode::OK));
            for planted in ["sid=evil", "__HOST-sid=evil", "__Host-si%64=evil"] {
                let answer = client.get("/", &[format!("{planted}; __Host-sid=1")]).await;
                assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "sid=1"));
            }
        }
    }
}
