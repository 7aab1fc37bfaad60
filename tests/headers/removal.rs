//! Tests headers that describe the server.

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
fn headers_that_describe_the_server_are_removed_and_all_others_stay() {
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
    for name in [
        "content-disposition",
        "content-security-policy",
        "Cross-Origin-Resource-Policy",
        "permissions-policy",
        "strict-transport-security",
        "x-content-type-options",
        "x-frame-options",
    ] {
        let problem = RemoveHeaders::new(["server", name]).unwrap_err().to_string();
        let end =
            "protects files and pages, and uploads would lose it too; remove it from the list";
        assert!(problem.ends_with(end), "{problem}");
    }
    for name in ["nel", "report-to", "Reporting-Endpoints"] {
        let problem = RemoveHeaders::new([name]).unwrap_err().to_string();
        let end =
            "makes browsers send reports, and uploads would lose it too; remove it from the list";
        assert!(problem.ends_with(end), "{problem}");
    }
    for obsolete in ["expect-ct", "x-xss-protection", "x-download-options"] {
        assert!(RemoveHeaders::new([obsolete]).is_ok(), "{obsolete}");
    }
    assert!(RemoveHeaders::new(["a b"]).is_err());
    assert!(RemoveHeaders::new([""; 0]).is_err());
}

#[test]
fn a_misspelt_name_to_remove_has_a_lint_with_the_name_that_was_meant() {
    for (name, meant) in [
        ("servr", "server"),
        ("Sever", "server"),
        ("x-powerd-by", "x-powered-by"),
        ("x-poweredby", "x-powered-by"),
        ("x-aspnet-versions", "x-aspnet-version"),
        ("X-Genrator", "x-generator"),
    ] {
        let hardening = Hardening::empty().with(RemoveHeaders::new([name]).unwrap());
        let lints: Vec<String> =
            hardening.lints().iter().map(|lint| lint.message().to_owned()).collect();
        let lower = name.to_lowercase();
        let expected =
            format!("remove_headers: no known software sends '{lower}'; did you mean '{meant}'?");
        assert_eq!(lints, [expected]);
    }
    for name in ["server", "service", "via", "x-varnish", "x-served-by", "x-my-server", "etag"] {
        let hardening = Hardening::empty().with(RemoveHeaders::new([name]).unwrap());
        assert_eq!(hardening.lints(), [], "{name}");
    }
    assert_eq!(Hardening::empty().with(RemoveHeaders::owasp()).lints(), []);
}

#[test]
fn a_pattern_of_names_to_remove_is_an_error() {
    assert_eq!(
        RemoveHeaders::new(["x-powered-*"]).unwrap_err().to_string(),
        "remove headers, byte 0: 'x-powered-*' matches only a header of that name; write each name in full"
    );
}
