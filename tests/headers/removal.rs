//! Headers that describe the server.

use http::{HeaderValue, Response};
use tower_hardening::{
    Hardening, HardeningLayer, ReferrerPolicy,
    header::{RemoveHeaders, RemoveHeadersLayer, StaticHeader},
};

use super::answered;

fn talkative() -> Response<()> {
    let mut response = Response::new(());
    for (name, value) in [
        ("server", "nginx/1.2"),
        ("x-powered-by", "PHP"),
        ("x-powered-by", "Express"),
        ("x-varnish-server", "a"),
        ("content-type", "text/html"),
        ("set-cookie", "a=1"),
    ] {
        response.headers_mut().append(name, HeaderValue::from_static(value));
    }
    response
}

fn names(response: &Response<()>) -> Vec<&str> {
    let mut names: Vec<&str> = response.headers().keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    names
}

#[test]
fn what_describes_the_server_goes_and_all_else_stays() {
    let some = RemoveHeadersLayer::new(RemoveHeaders::server());
    let response = answered(&some, talkative());
    assert_eq!(names(&response), ["content-type", "set-cookie", "x-varnish-server"]);
    let all = RemoveHeadersLayer::new(RemoveHeaders::owasp());
    assert_eq!(names(&answered(&all, talkative())), ["content-type", "set-cookie"]);
}

#[test]
fn a_hardening_removes_them_too_and_sends_its_own() {
    let hardening = Hardening::empty()
        .with(RemoveHeaders::server().and(RemoveHeaders::new(["X-Varnish-Server"]).unwrap()))
        .with(StaticHeader::from_static("server", "mine"))
        .with(ReferrerPolicy::ORIGIN);
    let response = answered(&HardeningLayer::new(hardening), talkative());
    assert_eq!(names(&response), ["content-type", "referrer-policy", "server", "set-cookie"]);
    assert_eq!(response.headers()["server"], "mine");
}

#[test]
fn the_list_is_that_of_owasp_and_needed_headers_are_not_removed() {
    assert_eq!(RemoveHeaders::OWASP.len(), 87);
    assert_eq!(RemoveHeaders::owasp().names().len(), 87);
    assert_eq!(
        RemoveHeaders::new(["Server", "set-cookie"]).unwrap_err().to_string(),
        "remove headers, byte 0: a response cannot be read without 'set-cookie'; remove it from the list"
    );
    assert!(RemoveHeaders::new(["a b"]).is_err());
    assert!(RemoveHeaders::new([""; 0]).is_err());
}
