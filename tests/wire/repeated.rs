//! The application's other headers keep their bytes, their order and their sensitivity.

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName, Request, Response};
use tower::{Layer, ServiceExt, service_fn};

use crate::{
    guide::{self, GUIDE, assert_covered},
    server,
    wire::Wire,
};

/// Numbers around the limits at which the engine uses another method.
const NUMBERS: [usize; 11] = [0, 1, 2, 3, 4, 5, 6, 7, 12, 20, 200];

const REPEATED: [(&str, &[u8]); 9] = [
    ("set-cookie", b"a=1; Path=/a;HttpOnly"),
    ("link", b"</a.css>; rel=preload; as=style"),
    ("set-cookie", b"b=\x80\xFF; Path=/"),
    ("vary", b"accept"),
    ("set-cookie", b"a=2"),
    ("set-cookie", b"a=1; Path=/a;HttpOnly"),
    ("link", b"</\xE9\xA0.js>; rel=preload,  </c>;rel=\"x\""),
    ("vary", b"Origin,accept , *"),
    ("x-text", b"\x80\x81\xFE\xFF"),
];

/// Returns the lines that neither the guide nor the server added, by name, in order.
fn foreign(headers: &HeaderMap) -> BTreeMap<String, Vec<(Vec<u8>, bool)>> {
    let mut lines = BTreeMap::<_, Vec<_>>::new();
    for (name, value) in headers {
        let guide = GUIDE.iter().any(|(guide, _)| guide == name);
        if !guide && !["date", "content-length"].contains(&name.as_str()) {
            let line = (value.as_bytes().to_vec(), value.is_sensitive());
            lines.entry(name.to_string()).or_default().push(line);
        }
    }
    lines
}

/// Returns every kind of response, with this many headers before and after the repeated ones.
fn responses() -> impl Iterator<Item = (String, HeaderMap)> {
    NUMBERS.into_iter().flat_map(|number| {
        let repeated = || server::headers(REPEATED);
        let mut before = server::fillers(number);
        before.extend(repeated());
        let mut after = repeated();
        after.extend(server::fillers(number));
        [
            (format!("{number} others alone"), server::fillers(number)),
            (format!("{number} others before"), before),
            (format!("{number} others after"), after),
            (format!("{number} lines of one name"), {
                let lines: Vec<_> = (0..number).map(|index| format!("c{index}=1")).collect();
                server::headers(lines.iter().map(|line| ("set-cookie", line.as_bytes())))
            }),
        ]
    })
}

#[tokio::test]
async fn lines_of_the_application_arrive_byte_for_byte_and_in_order() {
    for (case, headers) in responses() {
        let server = server::with_headers(&guide::layer(), &headers).await;
        for wire in Wire::BOTH {
            let response = wire.get(server, "/").await;
            assert_eq!(foreign(response.headers()), foreign(&headers), "{case}, {wire:?}");
            assert_covered(response.headers(), &case);
        }
    }
}

#[tokio::test]
async fn a_line_marked_sensitive_stays_so() {
    for (case, mut headers) in responses() {
        for (index, value) in headers.values_mut().enumerate() {
            value.set_sensitive(index % 2 == 0);
        }
        let mut cookie = http::HeaderValue::from_static("pleroma_key=v; Path=/; Secure");
        cookie.set_sensitive(true);
        headers.append("set-cookie", cookie);
        let mut own = http::HeaderValue::from_static("SAMEORIGIN");
        own.set_sensitive(true);
        headers.insert("x-frame-options", own);
        let mut expected = foreign(&headers);
        let renamed = expected.get_mut("set-cookie").unwrap().last_mut().unwrap();
        renamed.0.splice(..0, *b"__Host-");

        let service = service_fn(move |request: Request<HeaderMap>| {
            let mut response = Response::new(());
            *response.headers_mut() = request.into_body();
            std::future::ready(Ok::<_, std::convert::Infallible>(response))
        });
        let response = guide::layer().layer(service).oneshot(Request::new(headers)).await.unwrap();
        assert_eq!(foreign(response.headers()), expected, "{case}");
        let own = HeaderName::from_static("x-frame-options");
        let kept: Vec<_> = response.headers().get_all(own).iter().collect();
        assert!(
            matches!(kept[..], [kept] if kept == "SAMEORIGIN" && kept.is_sensitive()),
            "{case}"
        );
    }
}
