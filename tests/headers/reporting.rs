//! Reporting-Endpoints.

use tower_hardening::{
    csp::EndpointName,
    header::{HeaderPolicy, ReportingEndpoints},
};

use super::refused;

#[test]
fn endpoints_are_named_once_and_have_an_address_that_browsers_use() {
    let text = "main=\"https://reports.example.tld/csp?x=1\", default=\"/reports\"";
    let endpoints: ReportingEndpoints = text.parse().unwrap();
    assert_eq!(endpoints.to_string(), text);
    assert_eq!(endpoints.get("default"), Some("/reports"));
    assert_eq!(endpoints.get("other"), None);
    let names = endpoints.defined_endpoints();
    assert_eq!(names.iter().map(EndpointName::as_str).collect::<Vec<_>>(), ["main", "default"]);
    for local in ["http://localhost:3000/r", "http://127.0.0.1/r", "http://[::1]:3000/r"] {
        let main = EndpointName::from_static("main");
        assert_eq!(ReportingEndpoints::new(main, local).unwrap().get("main"), Some(local));
    }
}

#[test]
fn adv_005_an_endpoint_that_browsers_skip_or_that_breaks_out_is_an_error() {
    for (text, error) in [
        (
            "main=\"http://reports.example.tld/\"",
            "byte 5: browsers ignore 'http://reports.example.tld/', which is not https; write an https URL",
        ),
        (
            "main=https://a.example",
            "byte 5: the address of 'main' is not a string; write main=\"https://…\"",
        ),
        ("Main=\"https://a.example\"", "byte 0: expected a key in lower case"),
        ("a=\"/a\", a=\"/b\"", "byte 10: duplicate endpoint 'a'; write one address for it"),
        ("a=\"/a\";x=1", "byte 7: browsers ignore the parameter 'x'; remove it"),
        ("", "byte 0: there is no endpoint; write main=\"https://…\""),
        ("a=\"/a\",", "byte 6: a comma at the end makes browsers drop the header; remove it"),
    ] {
        let found = refused::<ReportingEndpoints>(text);
        assert_eq!(found, format!("reporting-endpoints, {error}"), "{text}");
    }
    let main = EndpointName::from_static("main");
    for url in
        ["//a.example/", "/a\", b=\"x", "/a\\", "/\u{fc}", "https://a.example/\"", "a", "", "/a b"]
    {
        assert!(ReportingEndpoints::new(main.clone(), url).is_err(), "{url}");
    }
}
