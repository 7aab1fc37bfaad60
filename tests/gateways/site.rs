//! Tests the site through nginx: the example behind the shipped nginx.conf.

use futures_util::StreamExt;
use http::{HeaderMap, Request, Response, StatusCode, Version, header};
use http_body_util::Full;
use hyper::body::Bytes;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::{client_async, tungstenite::Message};

use crate::client::{VERSIONS, ask, get, text, values};
use crate::pleroma::{cookie, form, upload};
use crate::refusals::{assert_guide_in_clear_text, assert_plain};
use crate::shipped::{Gateway, Instance, SITE};
use crate::{GUIDE, echo};

impl Instance {
    pub(crate) async fn ask(
        &self,
        version: Version,
        request: Request<Full<Bytes>>,
    ) -> Response<Bytes> {
        self.gateway.ask(version, SITE, request).await
    }

    /// Creates an account, and returns its cookie.
    pub(crate) async fn register(&self, name: &str) -> String {
        let body = format!("name={name}&password=correct+horse");
        let response = self.ask(VERSIONS[0], form("/api/v1/accounts", "", &body)).await;
        assert_eq!(response.status(), StatusCode::CREATED, "{response:?}");
        cookie(&response)
    }
}

impl Gateway {
    pub(crate) async fn ask(
        &self,
        version: Version,
        host: &str,
        request: Request<Full<Bytes>>,
    ) -> Response<Bytes> {
        self.authority.ask(self.https, version, host, request).await
    }
}

#[track_caller]
pub(crate) fn assert_guide(headers: &HeaderMap, context: &str) {
    for (name, value) in GUIDE {
        assert_eq!(
            values(headers, name),
            [value.replace("example.tld", SITE)],
            "{context}: {name}"
        );
    }
    for name in headers.keys().filter(|name| *name != header::VARY) {
        assert_eq!(headers.get_all(name).iter().count(), 1, "{context}: {name}");
    }
    assert_eq!(values(headers, "server"), ["nginx"]);
}

#[tokio::test]
async fn every_answer_of_the_instance_has_each_header_once() {
    let Some(instance) = Instance::start() else { return };
    for version in VERSIONS {
        for (path, status) in [
            ("/", StatusCode::OK),
            ("/static/instance.css", StatusCode::OK),
            ("/api/v1/timeline", StatusCode::OK),
            ("/nothing", StatusCode::NOT_FOUND),
            ("/media/a.png", StatusCode::TEMPORARY_REDIRECT),
        ] {
            let response = instance.ask(version, get(path)).await;
            assert_eq!(response.status(), status, "{path}");
            assert_guide(response.headers(), path);
        }
        let unsigned = instance.ask(version, form("/api/v1/statuses", "", "status=a")).await;
        assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);
        assert_guide(unsigned.headers(), "401");
    }
}

#[tokio::test]
async fn http_goes_to_https_without_strict_transport_security() {
    let Some(instance) = Instance::start() else { return };
    let address = instance.gateway.http;
    for host in [SITE, "unknown.example", "evil.example:80"] {
        let mut request = form("/api/v1/sign_in?a=b", "", "name=a");
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        let response = ask(address, Version::HTTP_11, request).await;
        assert_plain(&response, StatusCode::PERMANENT_REDIRECT, "this is at https\n");
        assert_guide_in_clear_text(response.headers(), host);
        let to = format!("https://{SITE}/api/v1/sign_in?a=b");
        assert_eq!(values(response.headers(), "location"), [to]);
        for name in ["strict-transport-security", "expect-ct", "set-cookie"] {
            assert_eq!(values(response.headers(), name), [""; 0]);
        }
    }
    let https = instance.ask(Version::HTTP_11, get("/")).await;
    let sent = values(https.headers(), "strict-transport-security");
    assert_eq!(sent, ["max-age=31536000; includeSubDomains"]);
}

#[tokio::test]
async fn the_cookie_makes_the_round_trip() {
    let Some(instance) = Instance::start() else { return };
    let registered =
        instance.ask(VERSIONS[0], form("/api/v1/accounts", "", "name=a&password=correct+horse"));
    let registered = registered.await;
    let [set] = values(registered.headers(), "set-cookie")[..] else { panic!("{registered:?}") };
    assert!(set.starts_with("__Host-pleroma_key="), "{set}");
    for attribute in ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"] {
        assert!(set.split("; ").any(|found| found == attribute), "{set}");
    }
    let cookie = cookie(&registered);
    for version in VERSIONS {
        let posted = instance.ask(version, form("/api/v1/statuses", &cookie, "status=a")).await;
        assert_eq!(posted.status(), StatusCode::CREATED, "{version:?}");
        let planted = cookie.replace("__Host-", "");
        let posted = instance.ask(version, form("/api/v1/statuses", &planted, "status=a")).await;
        assert_eq!(posted.status(), StatusCode::UNAUTHORIZED, "{version:?}");
    }
}

#[tokio::test]
async fn a_websocket_gets_what_is_posted() {
    let Some(instance) = Instance::start() else { return };
    let cookie = instance.register("alice").await;
    let gateway = &instance.gateway;
    let stream = gateway.authority.connect(gateway.https, SITE, "http/1.1", &[&TLS13]).await;
    let url = format!("wss://{SITE}/api/v1/streaming");
    let (mut socket, response) = client_async(url, stream.unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::SWITCHING_PROTOCOLS);
    let posted = instance.ask(VERSIONS[0], form("/api/v1/statuses", &cookie, "status=hello")).await;
    assert_eq!(posted.status(), StatusCode::CREATED);
    let status = loop {
        if let Message::Text(text) = socket.next().await.unwrap().unwrap() {
            break text;
        }
    };
    assert!(status.contains("\"hello\""), "{status}");
}

/// Headers with which a client pretends to be another client, or names another host or scheme.
const SPOOFED: [(&str, &str); 12] = [
    ("forwarded", "for=192.0.2.1;proto=http;host=evil.example"),
    ("front-end-https", "off"),
    ("x-forwarded-for", "192.0.2.1"),
    ("x-forwarded-host", "evil.example"),
    ("x-forwarded-port", "80"),
    ("x-forwarded-proto", "http"),
    ("x-forwarded-proto", "https, http"),
    ("x-forwarded-scheme", "http"),
    ("x-forwarded-ssl", "off"),
    ("x-real-ip", "192.0.2.1"),
    ("x-url-scheme", "http"),
    ("x_forwarded_proto", "http"),
];

fn spoofed(path: &str) -> Request<Full<Bytes>> {
    let mut request = get(path);
    for (name, value) in SPOOFED {
        request.headers_mut().append(name, value.parse().unwrap());
    }
    request
}

#[tokio::test]
async fn forwarding_headers_of_a_client_do_not_get_through() {
    let upstream = echo::heads("").await;
    let Some(gateway) = Gateway::start(upstream) else { return };
    for version in VERSIONS {
        let response = gateway.ask(version, SITE, spoofed("/a%2Fb?c")).await;
        let head = text(&response);
        assert!(head.starts_with("GET /a%2Fb?c HTTP/1.1\r\n"), "{head}");
        for (name, expected) in [
            ("host", SITE),
            ("x-real-ip", "127.0.0.1"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", SITE),
        ] {
            assert_eq!(echo::values(head, name), [expected], "{name}");
        }
        for (name, value) in SPOOFED {
            assert!(!echo::values(head, name).contains(&value), "{name}: {head}");
        }
        for name in ["connection", "upgrade", "forwarded", "x-forwarded-port", "x-forwarded-ssl"] {
            assert_eq!(echo::values(head, name), [""; 0], "{name}");
        }
    }
    let mut smuggled = get("/");
    for (name, value) in [("connection", "Upgrade, HTTP2-Settings"), ("upgrade", "h2c")] {
        smuggled.headers_mut().insert(name, value.parse().unwrap());
    }
    let response = gateway.ask(VERSIONS[0], SITE, smuggled).await;
    assert_eq!(echo::values(text(&response), "upgrade"), [""; 0]);
    assert_eq!(echo::values(text(&response), "connection"), [""; 0]);
}

#[tokio::test]
async fn forwarding_headers_of_a_client_have_no_effect() {
    let Some(instance) = Instance::start() else { return };
    // The instance trusts nginx, and so every client at nginx's address.
    let mut over_http = get("/");
    over_http.headers_mut().insert("x-forwarded-proto", "http".parse().unwrap());
    let believed = ask(instance.server.address, VERSIONS[0], over_http).await;
    assert_eq!(values(believed.headers(), "strict-transport-security"), [""; 0]);
    assert!(!values(believed.headers(), "content-security-policy")[0].contains("upgrade-insecure"));
    for version in VERSIONS {
        for path in ["/", "/nothing", "/media/a.png"] {
            let plain = instance.ask(version, get(path)).await;
            let claimed = instance.ask(version, spoofed(path)).await;
            assert_eq!(claimed.status(), plain.status());
            assert_eq!(claimed.body(), plain.body());
            let without_date = |response: &Response<Bytes>| {
                let mut headers = response.headers().clone();
                headers.remove(header::DATE);
                headers
            };
            assert_eq!(without_date(&claimed), without_date(&plain), "{path}");
        }
    }
}

#[tokio::test]
async fn a_host_that_is_not_ours_is_refused() {
    let Some(instance) = Instance::start() else { return };
    let Gateway { authority, https, .. } = &instance.gateway;
    assert!(authority.connect(*https, "evil.example", "http/1.1", &[&TLS13]).await.is_err());
    for host in ["evil.example", "social.test.evil.example", "127.0.0.1"] {
        let mut request = get("/");
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        let response = instance.ask(VERSIONS[0], request).await;
        assert_plain(&response, StatusCode::MISDIRECTED_REQUEST, "this host is not served here\n");
        assert_guide_in_clear_text(response.headers(), host);
    }
}

#[tokio::test]
async fn tls_is_1_2_or_1_3_and_nothing_older() {
    let Some(instance) = Instance::start() else { return };
    let Gateway { authority, https, .. } = &instance.gateway;
    for version in [&TLS12, &TLS13] {
        let stream = authority.connect(*https, SITE, "http/1.1", &[version]).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
    }
    // A ClientHello of TLS 1.1 that offers AES in CBC mode, which TLS 1.1 supports.
    let mut hello = vec![0x03, 0x02];
    hello.extend([0; 32]);
    hello.extend([0x00, 0x00, 0x06, 0xC0, 0x09, 0xC0, 0x13, 0x00, 0x2F, 0x01, 0x00]);
    let name = SITE.as_bytes();
    let length = |length: usize| (length as u16).to_be_bytes();
    let sni = [&length(name.len() + 3)[..], &[0], &length(name.len()), name].concat();
    let extensions = [&[0, 0][..], &length(sni.len()), &sni].concat();
    hello.extend(length(extensions.len()));
    hello.extend(extensions);
    let hello = [&[0x01, 0][..], &length(hello.len()), &hello].concat();
    let record = [&[0x16, 0x03, 0x01][..], &length(hello.len()), &hello].concat();
    let mut stream = tokio::net::TcpStream::connect(https).await.unwrap();
    stream.write_all(&record).await.unwrap();
    let mut alert = Vec::new();
    let _reset = stream.read_to_end(&mut alert).await;
    // A fatal alert, protocol_version (RFC 8446 section 6.2).
    assert_eq!((alert.first(), alert.get(5..7)), (Some(&0x15), Some(&[2, 70][..])), "{alert:?}");
}

#[tokio::test]
async fn an_upload_of_up_to_16_mib_is_taken_and_a_larger_one_refused_with_the_headers() {
    const MIB: usize = 1024 * 1024;
    let Some(instance) = Instance::start() else { return };
    let cookie = instance.register("alice").await;
    for version in VERSIONS {
        for (size, status) in [
            (16 * MIB, StatusCode::CREATED),
            (16 * MIB + 1, StatusCode::PAYLOAD_TOO_LARGE),
            // nginx itself accepts at most 17 MiB.
            (17 * MIB + 1, StatusCode::PAYLOAD_TOO_LARGE),
        ] {
            let file = vec![0; size];
            let response =
                instance.ask(version, upload(&cookie, "a.png", "image/png", &file)).await;
            assert_eq!(response.status(), status, "{version:?} {size}");
            assert_guide(response.headers(), "upload");
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                assert!(
                    text(&response).contains("too large: at most 16 MiB can be uploaded"),
                    "{version:?} {size}: {response:?}"
                );
                assert!(!text(&response).contains('<'), "{}", text(&response));
            }
        }
    }
}

#[tokio::test]
async fn an_answer_of_the_instance_is_not_replaced_by_words_of_nginx() {
    let Some(instance) = Instance::start() else { return };
    for (request, status, words) in [
        (get("/nothing"), StatusCode::NOT_FOUND, "there is nothing here"),
        (form("/api/v1/statuses", "", "status=a"), StatusCode::UNAUTHORIZED, "sign in first"),
    ] {
        let response = instance.ask(VERSIONS[0], request).await;
        assert_eq!((response.status(), text(&response)), (status, words));
    }
}
