//! Tests accounts, and the cookie on the wire.

use http::StatusCode;

use crate::client::{get, text, values};
use crate::guide::GUIDE;
use crate::pleroma::{cookie, ephemeral, form, with_settings};
use crate::{client::assert_headers, process::Server};

async fn sign_in(server: &Server, password: &str) -> http::Response<hyper::body::Bytes> {
    server.ask(form("/api/v1/sign_in", "", &format!("name=alice&password={password}"))).await
}

/// Returns the attributes of the only cookie that is set, sorted.
fn attributes(response: &http::Response<hyper::body::Bytes>) -> Vec<&str> {
    let [set] = values(response.headers(), "set-cookie")[..] else {
        panic!("not one cookie: {response:?}");
    };
    let mut attributes: Vec<&str> = set.split("; ").skip(1).collect();
    attributes.sort_unstable();
    attributes
}

#[tokio::test]
async fn signing_in_sets_a_host_cookie_that_posts() {
    let server = ephemeral();
    server.register("alice").await;
    let response = sign_in(&server, "correct+horse").await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_headers(response.headers(), &GUIDE, "sign in");
    let expected = ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure"];
    assert_eq!(attributes(&response), expected);
    let cookie = cookie(&response);
    assert!(cookie.starts_with("__Host-pleroma_key="), "{cookie}");

    assert_eq!(server.post(&cookie, "hello").await, StatusCode::CREATED);
    let among_others = format!("theme=dark; {cookie}; tracker=1");
    assert_eq!(server.post(&among_others, "again").await, StatusCode::CREATED);
    assert_eq!(server.timeline().await, ["again", "hello"]);
}

#[tokio::test]
async fn registering_sets_the_same_cookie() {
    let server = ephemeral();
    let request = form("/api/v1/accounts", "", "name=alice&password=correct+horse");
    let response = server.ask(request).await;
    let expected = ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure"];
    assert_eq!(attributes(&response), expected);
    assert!(cookie(&response).starts_with("__Host-pleroma_key="));
}

#[tokio::test]
async fn a_wrong_password_or_a_taken_name_sets_no_cookie() {
    let server = ephemeral();
    server.register("alice").await;
    let wrong = sign_in(&server, "wrong+horse").await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    let request = form("/api/v1/sign_in", "", "name=nobody&password=correct+horse");
    let unknown = server.ask(request).await;
    assert_eq!(unknown.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(text(&unknown), text(&wrong));
    let request = form("/api/v1/accounts", "", "name=ALICE&password=correct+horse");
    let taken = server.ask(request).await;
    assert_eq!(taken.status(), StatusCode::BAD_REQUEST);
    for response in [wrong, unknown, taken] {
        assert_eq!(values(response.headers(), "set-cookie"), [""; 0]);
    }
}

/// The time of a refusal does not tell which names exist.
#[tokio::test]
async fn a_sign_in_to_an_unknown_account_takes_as_long_as_a_wrong_password() {
    let server = ephemeral();
    server.register("alice").await;
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..7 {
        for (name, times) in ["alice", "nobody"].iter().zip(&mut times) {
            let start = std::time::Instant::now();
            let body = format!("name={name}&password=wrong+horse");
            let refused = server.ask(form("/api/v1/sign_in", "", &body)).await;
            assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
            times.push(start.elapsed());
        }
    }
    // The fastest of each: a busy machine slows single ones down.
    let [known, unknown] = times.map(|times| times.into_iter().min().unwrap());
    assert!(unknown > known / 2 && known > unknown / 2, "{known:?} {unknown:?}");
}

#[tokio::test]
async fn no_other_spelling_of_the_cookie_s_name_is_a_session() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    let value = cookie.strip_prefix("__Host-pleroma_key=").unwrap();
    let names = [
        "pleroma_key",
        "__HOST-pleroma_key",
        "__host-pleroma_key",
        "%5F_Host-pleroma_key",
        "__Host-Pleroma_key",
        "__Secure-pleroma_key",
        "__Host-__Host-pleroma_key",
    ];
    for name in names {
        let status = server.post(&format!("{name}={value}"), "planted").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{name}");
    }
    let both = format!("pleroma_key=planted; {cookie}");
    assert_eq!(server.post(&both, "mine").await, StatusCode::CREATED);
    assert_eq!(server.timeline().await, ["mine"]);
}

#[tokio::test]
async fn two_session_cookies_are_rejected_unless_the_settings_allow_them() {
    // Some engines let a sibling domain set a second cookie.
    let server = ephemeral();
    let cookie = server.register("alice").await;
    for both in [format!("__Host-pleroma_key=evil; {cookie}"), format!("{cookie}; {cookie}")] {
        let response = server.ask(form("/api/v1/statuses", &both, "status=planted")).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert_headers(response.headers(), &GUIDE, "twice");
    }
    assert_eq!(server.timeline().await, [""; 0]);

    let server = with_settings("[cookies]\nreject_duplicates = false");
    let cookie = server.register("alice").await;
    let both = format!("{cookie}; __Host-pleroma_key=evil");
    assert_eq!(server.post(&both, "mine").await, StatusCode::CREATED);
}

#[tokio::test]
async fn signing_out_deletes_the_cookie_there_and_the_session_here() {
    let server = ephemeral();
    let signed_in = server.register("alice").await;
    let response = server.ask(form("/api/v1/sign_out", &signed_in, "")).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert_eq!(cookie(&response), "__Host-pleroma_key=");
    let attributes = attributes(&response);
    for attribute in ["Max-Age=0", "Path=/", "Secure"] {
        assert!(attributes.contains(&attribute), "{attributes:?}");
    }
    assert!(!attributes.iter().any(|attribute| attribute.starts_with("Domain")));

    assert_eq!(server.post(&signed_in, "still here").await, StatusCode::UNAUTHORIZED);
    let again = server.ask(form("/api/v1/sign_out", "", "")).await;
    assert_eq!(again.status(), StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn signing_in_again_ends_the_browser_s_session_before() {
    let server = ephemeral();
    let before = server.register("alice").await;
    let body = "name=alice&password=correct+horse";
    let after = cookie(&server.ask(form("/api/v1/sign_in", &before, body)).await);
    assert_ne!(before, after);
    assert_eq!(server.post(&before, "before").await, StatusCode::UNAUTHORIZED);
    assert_eq!(server.post(&after, "after").await, StatusCode::CREATED);
}

#[tokio::test]
async fn another_site_cannot_post_with_the_cookie() {
    let server = ephemeral();
    let cookie = server.register("alice").await;
    let forged = [
        ("sec-fetch-site", "cross-site", StatusCode::FORBIDDEN),
        ("sec-fetch-site", "same-site", StatusCode::FORBIDDEN),
        ("origin", "https://attacker.example", StatusCode::FORBIDDEN),
        ("origin", "null", StatusCode::FORBIDDEN),
        ("sec-fetch-site", "same-origin", StatusCode::CREATED),
        ("origin", "https://example.tld", StatusCode::CREATED),
    ];
    for (name, value, expected) in forged {
        let mut request = form("/api/v1/statuses", &cookie, "status=forged");
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(server.ask(request).await.status(), expected, "{name}: {value}");
    }
}

#[tokio::test]
async fn without_the_secure_cookie_flag_the_cookie_is_plain() {
    let server = with_settings("secure_cookie_flag = false");
    let cookie = server.register("alice").await;
    assert!(cookie.starts_with("pleroma_key="), "{cookie}");
    assert_eq!(server.post(&cookie, "hello").await, StatusCode::CREATED);
    assert_headers(server.ask(get("/")).await.headers(), &GUIDE, "/");
}
