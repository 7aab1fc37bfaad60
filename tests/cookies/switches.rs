//! Tests the options of the policy, the lines around a cookie, and every status.

use std::{convert::Infallible, future::ready};

use axum::{Router, extract::Path, routing::get};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use tower::{Layer, Service, service_fn};
use tower_hardening::{
    Hardening, HardeningLayer, HostCookieLayer, HostCookies,
    connection::{ConnectionInfo, Scheme},
    cookie::{CookiePrefix, SameSite, ScopeAction},
};

use crate::{
    client::{Client, Version, serve},
    exchange::Apply,
    now::now,
    policy::{read, request, sent, sid, text},
};

/// Returns a response with this status and these cookies, through both layers.
fn answered(policy: &HostCookies, status: StatusCode, cookies: &[&str]) -> [Vec<String>; 2] {
    fn through<S>(mut service: S) -> Vec<String>
    where
        S: Service<Request<()>, Response = Response<()>, Error = Infallible>,
    {
        let response = now(service.call(Request::new(()))).unwrap();
        text(response.headers(), &header::SET_COOKIE)
    }
    let mut response = Response::new(());
    *response.status_mut() = status;
    for cookie in cookies {
        response.headers_mut().append(header::SET_COOKIE, cookie.parse().unwrap());
    }
    let inner = service_fn(move |_| ready(Ok(response.clone())));
    let all = HardeningLayer::new(Hardening::empty().with(policy.clone()));
    [through(HostCookieLayer::new(policy.clone()).layer(inner.clone())), through(all.layer(inner))]
}

#[test]
fn every_status_is_treated_equally() {
    for status in 100..1000 {
        let status = StatusCode::from_u16(status).unwrap();
        for lines in answered(&sid(), status, &["a=1", "sid=1", "b=2"]) {
            assert_eq!(lines, ["a=1", "__Host-sid=1; Path=/; Secure", "b=2"], "{status}");
        }
    }
}

#[tokio::test]
async fn redirects_and_errors_carry_the_cookie_over_a_socket() {
    let answer = async |Path(status): Path<u16>| {
        (StatusCode::from_u16(status).unwrap(), [(header::SET_COOKIE, "sid=1")])
    };
    let router = Router::new().route("/{status}", get(answer));
    let server = serve(router.layer(HostCookieLayer::new(sid()))).await;
    for version in Version::BOTH {
        let mut client = Client::connect(server, version).await;
        for status in [200, 204, 302, 304, 401, 404, 500, 503] {
            let answer = client.get::<&str>(&format!("/{status}"), &[]).await;
            assert_eq!(answer.status.as_u16(), status);
            assert_eq!(answer.cookies(), ["__Host-sid=1; Path=/; Secure"], "{status}");
        }
    }
    let upgrade = client_upgrade(server).await;
    assert_eq!(upgrade, "set-cookie: __Host-sid=1; Path=/; Secure");
}

/// Returns the cookie of a 101 on the wire.
async fn client_upgrade(server: std::net::SocketAddr) -> String {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let mut stream = tokio::net::TcpStream::connect(server).await.unwrap();
    let request = "GET /101 HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    assert_eq!(lines.next_line().await.unwrap().unwrap(), "HTTP/1.1 101 Switching Protocols");
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.starts_with("set-cookie") || line.is_empty() {
            return line;
        }
    }
    panic!("there is no end of the head");
}

#[test]
fn lines_keep_their_order_their_bytes_and_whether_they_are_sensitive() {
    let mut headers = HeaderMap::new();
    headers.append("x-a", HeaderValue::from_static("1"));
    for (index, line) in
        ["z=1;Path=/x", "sid=2", "\u{fc}=3 ; Secure", "remember=4", "sid=5"].iter().enumerate()
    {
        let mut line = HeaderValue::from_bytes(line.as_bytes()).unwrap();
        line.set_sensitive(index % 2 == 1);
        headers.append(header::SET_COOKIE, line);
    }
    let policy = HostCookies::new(["sid", "remember"]).unwrap();
    policy.on_response(policy.idle(), &mut headers);
    assert_eq!(
        text(&headers, &header::SET_COOKIE),
        [
            "z=1;Path=/x",
            "__Host-sid=2; Path=/; Secure",
            "\u{c3}\u{bc}=3 ; Secure",
            "__Host-remember=4; Path=/; Secure",
            "__Host-sid=5; Path=/; Secure",
        ]
    );
    let lines = headers.get_all(header::SET_COOKIE).iter();
    let sensitive: Vec<bool> = lines.map(HeaderValue::is_sensitive).collect();
    assert_eq!(sensitive, [false, true, false, true, false]);
    assert_eq!(headers["x-a"], "1");
}

#[test]
fn requests_keep_their_order_their_bytes_and_whether_they_are_sensitive() {
    let mut request = Request::new(());
    for (line, sensitive) in
        [("a=1;b=2 ", true), ("__Host-sid=1", true), ("sid=evil", true), ("c=3", false)]
    {
        let mut line = HeaderValue::from_static(line);
        line.set_sensitive(sensitive);
        request.headers_mut().append(header::COOKIE, line);
    }
    sid().on_request(&mut request);
    let lines: Vec<_> = request.headers().get_all(header::COOKIE).iter().collect();
    assert_eq!(lines, ["a=1;b=2 ", "sid=1", "c=3"]);
    let sensitive: Vec<bool> = lines.into_iter().map(HeaderValue::is_sensitive).collect();
    assert_eq!(sensitive, [true, true, false]);
}

#[test]
fn a_cookie_that_is_not_guarded_keeps_its_bytes() {
    for line in ["a=1", " a = 1 ;; b", "a", "=", "", "__Host-x=1", "a=1; Domain=.x; Path", "SID=1"]
    {
        assert_eq!(sent(&sid(), &[line]), [line]);
    }
    for line in ["a=1", "a=1;b=2", " a=1 ;; b ;", "", ";", "__Host-x=1", "\t", "a=__Hos"] {
        assert_eq!(read(&sid(), &[line]), [line]);
    }
}

#[test]
fn a_header_without_a_remaining_cookie_is_removed() {
    let mut request = Request::new(());
    request.headers_mut().insert(header::COOKIE, HeaderValue::from_static("sid=evil; $a"));
    request.headers_mut().insert(header::HOST, HeaderValue::from_static("a.example"));
    sid().reject_ambiguous().on_request(&mut request);
    assert!(!request.headers().contains_key(header::COOKIE));
    assert_eq!(request.headers().len(), 1);
}

#[test]
fn every_prefix_is_kept_in_both_directions() {
    for prefix in
        [CookiePrefix::Host, CookiePrefix::Secure, CookiePrefix::Http, CookiePrefix::HostHttp]
    {
        let policy = sid().prefix(prefix);
        let line = sent(&policy, &["sid=1; Domain=a.example; Path=/x"]).remove(0);
        let (pair, attributes) = line.split_once("; ").unwrap();
        assert_eq!(pair, format!("{prefix}sid=1"));
        let host = prefix.as_str().starts_with("__Host-");
        let http = prefix.as_str().ends_with("Http-");
        let scope = if host { "Path=/; Secure" } else { "Domain=a.example; Path=/x; Secure" };
        assert_eq!(attributes, format!("{scope}{}", if http { "; HttpOnly" } else { "" }));

        assert_eq!(read(&policy, &[pair]), ["sid=1"]);
        for other in ["__Host-", "__Secure-", "__Http-", "__Host-Http-"] {
            let cookie = format!("{other}sid=evil");
            // Some parser reads the cookie under each of the other prefixes.
            let expected: &[&str] = if other == prefix.as_str() { &["sid=evil"] } else { &[] };
            assert_eq!(read(&policy, &[&cookie]), expected, "{prefix}");
            let unguarded = format!("{other}other=1");
            assert_eq!(read(&policy, &[&unguarded]), [unguarded], "{prefix}");
        }
        assert_eq!(read(&policy, &["sid=evil", &prefix.as_str().to_lowercase()]), [""; 0]);
    }
}

#[test]
fn a_star_guards_all_names_with_that_start() {
    let policy = HostCookies::new(["app_*", "sid"]).unwrap();
    assert_eq!(
        sent(&policy, &["app_a=1", "app_=2", "app=3", "xapp_=4", "sid2=5", "__HOST-app_b=6"]),
        [
            "__Host-app_a=1; Path=/; Secure",
            "__Host-app_=2; Path=/; Secure",
            "app=3",
            "xapp_=4",
            "sid2=5",
            "__Host-app_b=6; Path=/; Secure",
        ]
    );
    let line =
        "app_a=evil; __Host-app_b=1; app=2; APP_c=evil; %61pp_d=evil; sid2=3; __host-app_e=evil";
    assert_eq!(read(&policy, &[line]), ["app_b=1; app=2; sid2=3"]);
    assert_eq!(policy.names().collect::<Vec<_>>(), ["app_", "sid"]);
}

#[test]
fn other_cookies_are_secured_on_request_and_exceptions_get_secure_alone() {
    let policy = sid().secure_other_cookies_except(["theme", "lang"]).unwrap();
    for (line, expected) in [
        ("a=1", "a=1; Secure; HttpOnly; SameSite=Lax"),
        ("a=1; secure; httponly; samesite=none", "a=1; secure; httponly; samesite=none"),
        ("a=1; Domain=x; Path=/y", "a=1; Domain=x; Path=/y; Secure; HttpOnly; SameSite=Lax"),
        ("theme=1", "theme=1; Secure"),
        ("lang=1; Secure", "lang=1; Secure"),
        ("Theme=1", "Theme=1; Secure; HttpOnly; SameSite=Lax"),
        ("a=; Max-Age=0", "a=; Max-Age=0; Secure; HttpOnly; SameSite=Lax"),
        ("sid=1", "__Host-sid=1; Path=/; Secure"),
        ("nameless", "nameless"),
        ("__host-x=1; Domain=a", "__host-x=1; Secure; Path=/; HttpOnly; SameSite=Lax"),
    ] {
        let sorted = |line: &str| {
            let mut attributes: Vec<_> = line.split("; ").map(str::to_owned).collect();
            attributes[1..].sort_unstable();
            attributes
        };
        let lines = sent(&policy, &[line]);
        assert_eq!(sorted(&lines[0]), sorted(expected), "{line}");
        assert_eq!(sent(&policy, &lines), lines, "twice");
    }
    // An exception alone also enables it.
    assert_eq!(
        sid().secure_other_cookies_except(["theme"]),
        sid().secure_other_cookies().secure_other_cookies_except(["theme"])
    );
    let error = sid().secure_other_cookies_except(["the me"]).unwrap_err().to_string();
    assert_eq!(
        error,
        "host cookies, byte 3: ' ' is not allowed in a cookie's name; write letters, digits, '-' and '_'"
    );
    assert_eq!(sent(&sid(), &["a=1"]), ["a=1"]);
}

#[test]
fn a_scope_that_the_prefix_does_not_allow_is_rewritten_or_dropped() {
    let refusing = sid().domain_attribute(ScopeAction::Drop).path_attribute(ScopeAction::Drop);
    for (line, conflicts) in [
        ("sid=1", false),
        ("sid=1; Path=/", false),
        ("sid=1; Path=/x; Path=/", false),
        ("sid=1; Domain=", false),
        ("sid=1; Path=/app", true),
        ("sid=1; Path=/; Path=/x", true),
        ("sid=1; Domain=a.example", true),
        ("sid=1; Domain=a.example; Domain=", true),
        ("sid=; Max-Age=0; Path=/app", true),
    ] {
        assert_eq!(
            sent(&refusing, &["a=1", line, "b=2"]).len(),
            3 - usize::from(conflicts),
            "{line}"
        );
        assert_eq!(sent(&sid(), &["a=1", line, "b=2"]).len(), 3, "{line}");
        assert_eq!(
            sent(&refusing.clone().prefix(CookiePrefix::Secure), &[line]).len(),
            1,
            "{line}"
        );
    }
    assert_eq!(sent(&refusing, &["a=1; Path=/x; Domain=b"]), ["a=1; Path=/x; Domain=b"]);
}

#[test]
fn same_site_and_http_only_are_added_if_the_application_does_not_set_them() {
    let policy = sid().same_site(SameSite::Strict).http_only();
    assert_eq!(
        sent(&policy, &["sid=1", "sid=1; SameSite=None; HttpOnly", "a=1"]),
        [
            "__Host-sid=1; Path=/; Secure; HttpOnly; SameSite=Strict",
            "__Host-sid=1; SameSite=None; HttpOnly; Path=/; Secure",
            "a=1"
        ]
    );
}

fn localhost(policy: &HostCookies, host: Option<&str>, uri: &str) -> (Vec<String>, Vec<String>) {
    let mut request = Request::builder().uri(uri).body(()).unwrap();
    if let Some(host) = host {
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
    }
    let line = HeaderValue::from_static("sid=plain; __Host-sid=guarded; a=1");
    request.headers_mut().insert(header::COOKIE, line);
    let exchange = policy.on_request(&mut request);
    let lines = crate::policy::sent_after(policy, exchange, &["sid=1; HttpOnly"]);
    (text(request.headers(), &header::COOKIE), lines)
}

#[test]
fn plain_cookies_on_localhost_are_off_by_default_and_for_that_host_alone() {
    let plain =
        (vec!["sid=plain; __Host-sid=guarded; a=1".to_owned()], vec!["sid=1; HttpOnly".to_owned()]);
    let guarded = (
        vec!["sid=guarded; a=1".to_owned()],
        vec!["__Host-sid=1; HttpOnly; Path=/; Secure".to_owned()],
    );
    let policy = sid().dangerous_plain_on_localhost();
    for host in ["localhost", "localhost:3000", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:1"] {
        assert_eq!(localhost(&policy, Some(host), "/"), plain, "{host}");
        assert_eq!(localhost(&policy, None, &format!("http://{host}/")), plain, "{host}");
        assert_eq!(localhost(&sid(), Some(host), "/"), guarded, "{host}");
    }
    for host in [
        "a.example",
        "localhost.a.example",
        "a.localhost",
        "127.0.0.1.a.example",
        "127.0.0.2",
        "0.0.0.0",
        "10.0.0.1",
        "localhost/",
        "localhost\u{a0}",
        "",
    ] {
        let host = HeaderValue::from_bytes(host.as_bytes()).unwrap();
        let host = String::from_utf8(host.as_bytes().to_vec()).unwrap();
        if host.parse::<HeaderValue>().is_ok() {
            assert_eq!(localhost(&policy, Some(&host), "/"), guarded, "{host}");
        }
    }
    assert_eq!(localhost(&policy, None, "/"), guarded);
    let known = |scheme, host: &str| {
        let mut request = request(&["sid=plain"]);
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        let host = host.parse().unwrap();
        request.extensions_mut().insert(ConnectionInfo::new(scheme).with_host(host));
        policy.on_request(&mut request);
        text(request.headers(), &header::COOKIE)
    };
    for host in ["localhost:3000", "127.0.0.1", "[::1]:1"] {
        assert_eq!(known(Scheme::Http, host), ["sid=plain"], "{host}");
        assert_eq!(known(Scheme::Https, host), [""; 0], "{host}");
    }
    // A proxy has replaced `Host` by its own name for the server.
    assert_eq!(known(Scheme::Http, "a.example"), [""; 0]);
    // The host of the request line takes precedence over the header.
    assert_eq!(localhost(&policy, Some("localhost"), "http://a.example/"), guarded);
    let lints = Hardening::empty().with(policy).lints();
    assert!(lints.iter().any(|lint| lint.id() == "cookies-plain-on-localhost"));
}

#[tokio::test]
async fn plain_cookies_on_localhost_work_in_both_directions_over_a_socket() {
    let router = Router::new()
        .route("/set", get(async || [(header::SET_COOKIE, "sid=1")]))
        .route("/read", get(async |headers: HeaderMap| text(&headers, &header::COOKIE).join("|")));
    for (policy, set, seen) in [
        (sid(), "__Host-sid=1; Path=/; Secure", ""),
        (sid().dangerous_plain_on_localhost(), "sid=1", "sid=1"),
    ] {
        let server = serve(router.clone().layer(HostCookieLayer::new(policy))).await;
        for version in Version::BOTH {
            let mut client = Client::connect(server, version).await;
            assert_eq!(client.get("/set", &["a=1"]).await.cookies(), [set]);
            assert_eq!(client.get("/read", &["sid=1"]).await.body, seen);
        }
    }
}
