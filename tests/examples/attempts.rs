//! Tests guesses of passwords and floods of accounts, and other clients that are still served.

use std::time::Duration;

use http::{Response, StatusCode, Version};
use hyper::body::Bytes;
use tokio::net::{TcpSocket, TcpStream};

use crate::client::{ask_on, assert_headers, text, values};
use crate::guide::GUIDE;
use crate::pleroma::{ephemeral, form, with_settings};
use crate::process::Server;

/// Returns a connection from that address of loopback.
async fn connect(server: &Server, from: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(server.address).await.unwrap()
}

async fn send(server: &Server, from: &str, path: &str, body: &str) -> Response<Bytes> {
    ask_on(connect(server, from).await, Version::HTTP_11, form(path, "", body)).await
}

async fn sign_in(server: &Server, from: &str, name: &str, password: &str) -> Response<Bytes> {
    let body = format!("name={name}&password={password}");
    send(server, from, "/api/v1/sign_in", &body).await
}

const RIGHT: &str = "correct+horse";

#[tokio::test]
async fn guesses_of_a_password_are_refused_after_ten_with_an_event_for_each() {
    let server = ephemeral();
    let alice = server.register("alice").await;
    server.register("bob").await;
    let mut statuses = Vec::new();
    for guess in 0..40 {
        let name = if guess % 2 == 0 { "alice" } else { "ALICE" };
        let response = sign_in(&server, "127.0.0.1", name, &format!("guess+{guess}")).await;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            assert!(text(&response).starts_with("too many wrong passwords; try again in "));
            let [after] = values(response.headers(), "retry-after")[..] else { panic!() };
            assert!((1..=61).contains(&after.parse::<u32>().unwrap()), "{after}");
            assert_headers(response.headers(), &GUIDE, "429");
        }
        statuses.push(response.status());
    }
    assert_eq!(statuses[..10], [StatusCode::UNAUTHORIZED; 10]);
    assert_eq!(statuses[10..], [StatusCode::TOO_MANY_REQUESTS; 30]);
    // Now even the right password is rejected. Signed-in users and other accounts are not affected.
    let refused = sign_in(&server, "127.0.0.1", "alice", RIGHT).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(server.post(&alice, "still+here").await, StatusCode::CREATED);
    let bob = sign_in(&server, "127.0.0.1", "bob", RIGHT).await;
    assert_eq!(bob.status(), StatusCode::NO_CONTENT);

    let said = server.stop(Duration::from_secs(10)).stderr;
    let count = |words: &str| said.lines().filter(|line| line.contains(words)).count();
    assert_eq!(count("a sign-in failed: wrong name or password"), 10, "{said}");
    assert_eq!(count("a guess is refused: too many wrong passwords"), 31, "{said}");
    assert!(!said.contains("guess+") && !said.contains("guess 1"), "a password is logged: {said}");
}

/// Many addresses guess for one account. Its owner can still sign in from a known address.
#[tokio::test]
async fn guesses_from_many_addresses_are_refused_and_the_owner_is_not_locked_out() {
    let server = ephemeral();
    server.register("alice").await;
    let mut tried = 0;
    for address in 2..12 {
        for guess in 0..6 {
            let from = format!("127.0.0.{address}");
            let response = sign_in(&server, &from, "alice", &format!("guess+{guess}")).await;
            tried += usize::from(response.status() == StatusCode::UNAUTHORIZED);
        }
    }
    assert!((30..=32).contains(&tried), "{tried}");
    let response = sign_in(&server, "127.0.0.1", "alice", RIGHT).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn guesses_for_many_accounts_are_refused_by_address() {
    let server = ephemeral();
    server.register("alice").await;
    let mut statuses = Vec::new();
    for name in 0..80 {
        let response = sign_in(&server, "127.0.0.2", &format!("name_{name}"), "guess+1").await;
        statuses.push(response.status());
    }
    assert_eq!(statuses[..60], [StatusCode::UNAUTHORIZED; 60]);
    assert_eq!(statuses[79], StatusCode::TOO_MANY_REQUESTS);
    let response = sign_in(&server, "127.0.0.1", "alice", RIGHT).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn right_passwords_do_not_count() {
    let server = ephemeral();
    server.register("alice").await;
    for _ in 0..30 {
        let response = sign_in(&server, "127.0.0.1", "alice", RIGHT).await;
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn accounts_of_one_address_are_limited_and_others_register_and_sign_in() {
    let server = ephemeral();
    server.register("alice").await;
    let mut made = 0;
    for name in 0..60 {
        let body = format!("name=flood_{name}&password=correct+horse");
        let response = send(&server, "127.0.0.2", "/api/v1/accounts", &body).await;
        match response.status() {
            StatusCode::CREATED => made += 1,
            status => assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{}", text(&response)),
        }
    }
    assert_eq!(made, 20);
    server.register("bob").await;
    let response = sign_in(&server, "127.0.0.2", "alice", RIGHT).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let said = server.stop(Duration::from_secs(10)).stderr;
    let refused = said.lines().filter(|line| line.contains("a registration is refused")).count();
    assert_eq!(refused, 40, "{said}");
}

/// Clients of a trusted proxy are counted separately; clients of another proxy are counted as one, with a warning.
#[tokio::test]
async fn clients_of_a_trusted_proxy_count_for_themselves() {
    let guess = async |server: &Server, client: &str, password: &str| {
        let body = format!("name=alice&password={password}");
        let mut request = form("/api/v1/sign_in", "", &body);
        request.headers_mut().insert("x-forwarded-for", client.parse().unwrap());
        request.headers_mut().insert("x-forwarded-proto", "https".parse().unwrap());
        server.ask(request).await.status()
    };
    let trusting = with_settings("[proxy]\ntrusted = [\"127.0.0.1\"]");
    let mut request = form("/api/v1/accounts", "", "name=alice&password=correct+horse");
    request.headers_mut().insert("x-forwarded-for", "192.0.2.7".parse().unwrap());
    assert_eq!(trusting.ask(request).await.status(), StatusCode::CREATED);
    for _ in 0..12 {
        guess(&trusting, "192.0.2.1", "wrong+horse").await;
    }
    let refused = guess(&trusting, "192.0.2.1", RIGHT).await;
    assert_eq!(refused, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(guess(&trusting, "192.0.2.7", RIGHT).await, StatusCode::NO_CONTENT);

    // A client of IPv6 has all addresses of its network of 64 bits, and no others.
    let mut tried = 0;
    for host in 1..=20 {
        let client = format!("2001:db8:1:2:{host:x}::{host:x}");
        let status = guess(&trusting, &client, "wrong+horse").await;
        tried += usize::from(status == StatusCode::UNAUTHORIZED);
    }
    assert_eq!(tried, 10);
    let another = guess(&trusting, "2001:db8:1:3::1", "wrong+horse").await;
    assert_eq!(another, StatusCode::UNAUTHORIZED);

    let distrusting = ephemeral();
    guess(&distrusting, "192.0.2.1", "wrong+horse").await;
    guess(&distrusting, "192.0.2.1", "wrong+horse").await;
    let said = distrusting.stop(Duration::from_secs(10)).stderr;
    assert_eq!(said.matches("limits count all clients of").count(), 1, "{said}");
}

/// FOUND K5: who looks at the log sees each of them, with the client and the reason.
#[tokio::test]
async fn each_refused_sign_in_and_registration_has_one_event() {
    let server = ephemeral();
    server.register("alice").await;
    let name_of = |status: u16, words: &str| format!("status={status} why=\"{words}\"");
    let mut expected = Vec::new();
    for (path, body, status, words) in [
        ("accounts", "name=alice&password=correct+horse", 400, "this name is taken"),
        ("accounts", "name=a+b&password=correct+horse", 400, "a name has 1 to 30 letters a-z"),
        ("accounts", "name=bob&password=short", 400, "a password has 8 to 128 bytes"),
        ("sign_in", "name=bob&name=bob", 422, "this form is malformed, or has a field twice"),
    ] {
        let response = send(&server, "127.0.0.1", &format!("/api/v1/{path}"), body).await;
        assert_eq!(response.status(), status, "{path} {body}");
        let what = if path == "accounts" { "a registration" } else { "a sign-in" };
        expected.push((what, name_of(status, words)));
    }
    let mut cross_site = form("/api/v1/sign_in", "", "name=alice&password=correct+horse");
    let evil = "https://evil.example".parse().unwrap();
    cross_site.headers_mut().insert("origin", evil);
    cross_site.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(server.ask(cross_site).await.status(), StatusCode::FORBIDDEN);
    expected.push(("a sign-in", name_of(403, "this came from another site")));

    let said = server.stop(Duration::from_secs(10)).stderr;
    for (what, field) in &expected {
        let field = field.trim_end_matches('"');
        let lines = said
            .lines()
            .filter(|line| line.contains(&format!("{what} is refused")) && line.contains(field));
        assert_eq!(lines.count(), 1, "{what} {field}: {said}");
    }
    assert_eq!(said.matches("is refused client=127.0.0.1").count(), expected.len(), "{said}");
}
