//! A policy in two lines means what it means in one, judged by the engine of a browser.
//!
//! Random policies with nonces meet random loads. The crate `content-security-policy`, which Servo
//! uses, decides on each, once with the policy and once with its two lines: the decisions are equal,
//! and so are the violations that are reported, with their directives and the places to report to.

use std::cell::Cell;

use content_security_policy::{
    CheckResult, CspList, Destination, Directive, Element, Initiator, NavigationCheckType, Origin,
    ParserMetadata, PolicyDisposition, PolicySource, Request, Response, Url, Violation, url::Host,
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use tower_hardening::{Hardening, Nonce};

use super::split_loads::{Fetch, Load, NONCE, load, policy};

const POLICIES: u32 = 1000;
const LOADS: usize = 50;

/// Represents the page that loads: its origin.
fn origin(scheme: &str) -> Origin {
    let port = if scheme == "https" { 443 } else { 80 };
    Origin::Tuple(scheme.to_owned(), Host::Domain("own.example".to_owned()), port)
}

fn request(url: &str, scheme: &str) -> Request {
    Request {
        url: Url::parse(url).unwrap(),
        current_url: Url::parse(url).unwrap(),
        origin: origin(scheme),
        redirect_count: 0,
        destination: Destination::Document,
        initiator: Initiator::None,
        nonce: String::new(),
        integrity_metadata: String::new(),
        parser_metadata: ParserMetadata::None,
    }
}

/// Returns the decision on a load, and the violations.
fn decide(list: &CspList, load: &Load, scheme: &str) -> (CheckResult, Vec<Violation>) {
    match load {
        Load::Fetch(fetch) => decide_fetch(list, fetch, scheme),
        Load::Inline { kind, nonce, source } => {
            let element = Element { nonce: nonce.map(Into::into) };
            list.should_elements_inline_type_behavior_be_blocked(&element, *kind, source)
        }
        Load::Eval => list.is_js_evaluation_allowed("1 + 1"),
        Load::Wasm => list.is_wasm_evaluation_allowed(),
        Load::ScriptLink => {
            let mut request = request("javascript:other()", scheme);
            let kept = |text: &str| Some(text.to_owned());
            list.should_navigation_request_be_blocked(
                &mut request,
                NavigationCheckType::Other,
                kept,
            )
        }
        Load::Base(url) => {
            list.is_base_allowed_for_document(&Url::parse(url).unwrap(), &origin(scheme))
        }
        Load::Form(url) => {
            let mut request = request(url, scheme);
            let kind = NavigationCheckType::FormSubmission;
            list.should_navigation_request_be_blocked(&mut request, kind, |_| None)
        }
        Load::FrameIn(parent) => decide_framing(list, parent, scheme),
        Load::TrustedTypes(name) => list.is_trusted_type_policy_creation_allowed(name, &["one"]),
        Load::Sink => list.should_sink_type_mismatch_violation_be_blocked_by_csp(
            "Element innerHTML",
            "'script'",
            "<b>",
        ),
        Load::Sandbox => {
            let flags = list.get_sandboxing_flag_set_for_document();
            let is_none = flags.is_none_or(|flags| flags.is_empty());
            (if is_none { CheckResult::Allowed } else { CheckResult::Blocked }, Vec::new())
        }
    }
}

fn decide_framing(list: &CspList, parent: &str, scheme: &str) -> (CheckResult, Vec<Violation>) {
    let url = Url::parse("https://own.example/").unwrap();
    let response = Response { url, redirect_count: 0 };
    let parents = vec![Url::parse(parent).unwrap()];
    let own = origin(scheme);
    list.should_navigation_response_to_navigation_request_be_blocked(&response, &own, &parents)
}

fn decide_fetch(list: &CspList, fetch: &Fetch, scheme: &str) -> (CheckResult, Vec<Violation>) {
    let request = Request {
        destination: fetch.destination,
        initiator: fetch.initiator,
        nonce: fetch.nonce.to_owned(),
        integrity_metadata: fetch.integrity.to_owned(),
        parser_metadata: fetch.parser,
        ..request(fetch.url, scheme)
    };
    let (result, mut violations) = list.should_request_be_blocked(&request);
    violations.extend(list.report_violations_for_request(&request));
    let Some(url) = fetch.redirected.filter(|_| result == CheckResult::Allowed) else {
        return (result, violations);
    };
    let response = Response { url: Url::parse(url).unwrap(), redirect_count: 1 };
    let (result, more) = list.should_response_to_request_be_blocked(&request, &response);
    violations.extend(more);
    (result, violations)
}

/// Returns the parts of a violation that a report shows, and the places that it is sent to.
fn report(violation: &Violation) -> (String, String, Vec<Directive>) {
    let places = violation.policy.directive_set.iter();
    let places = places.filter(|one| ["report-uri", "report-to"].contains(&&*one.name)).cloned();
    let name = violation.directive.name.clone();
    (name, format!("{:?}", violation.resource), places.collect())
}

fn parse<'a>(lines: impl IntoIterator<Item = &'a str>, disposition: PolicyDisposition) -> CspList {
    let lines =
        lines.into_iter().map(|line| CspList::parse(line, PolicySource::Header, disposition));
    CspList(lines.flat_map(|list| list.0).collect())
}

/// Returns the lines of a response whose nonce was read.
fn lines(hardening: &Hardening) -> Vec<String> {
    let headers = hardening.headers_with_nonce(&Nonce::from_value(NONCE).unwrap());
    let lines = headers.into_iter().filter(|(name, _)| name == "content-security-policy");
    lines.map(|(_, value)| value.to_str().unwrap().to_owned()).collect()
}

/// Checks that one line and two decide alike, and counts the decisions.
fn compare(
    [one, two]: [&[String]; 2],
    loads: &[Load],
    scheme: &str,
    count: impl Fn(&Load, CheckResult),
) -> Result<(), TestCaseError> {
    for disposition in [PolicyDisposition::Enforce, PolicyDisposition::Report] {
        let parsed = |lines: &[String]| parse(lines.iter().map(|line| &**line), disposition);
        let (list, split) = (parsed(one), parsed(two));
        // The scheme of an application is known to the policies that list it.
        let knows_app = two[1].contains("app:");
        for load in loads.iter().filter(|load| knows_app || !load.is_of_app()) {
            let (expected, violations) = decide(&list, load, scheme);
            let (found, found_violations) = decide(&split, load, scheme);
            prop_assert_eq!(&found, &expected, "{:?}\n{:?}\n{:?}", load, one, two);
            let reports = violations.iter().map(report).collect::<Vec<_>>();
            let found_reports = found_violations.iter().map(report).collect::<Vec<_>>();
            prop_assert_eq!(found_reports, reports, "{:?}\n{:?}\n{:?}", load, one, two);
            count(load, expected);
        }
    }
    Ok(())
}

#[test]
fn two_lines_decide_and_report_as_the_one_line_does() {
    let config = Config { cases: POLICIES, failure_persistence: None, ..Config::default() };
    let (blocked, allowed, by_nonce) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let count = |load: &Load, result: CheckResult| {
        let counter = if result == CheckResult::Blocked { &blocked } else { &allowed };
        counter.set(counter.get() + 1);
        let has_nonce = matches!(load, Load::Fetch(fetch) if fetch.nonce == NONCE);
        by_nonce.set(by_nonce.get() + usize::from(has_nonce));
    };
    let strategy = (policy(), vec(load(), LOADS), select(vec!["https", "http"]));
    let result = TestRunner::new(config).run(&strategy, |(policy, loads, scheme)| {
        let one = Hardening::empty().with(policy);
        let two = lines(&one.clone().nonce_in_second_line().unwrap());
        let one = lines(&one);
        prop_assert_eq!((one.len(), two.len()), (1, 2));
        prop_assert!(!two[0].contains("nonce-") && two[1].contains(NONCE), "{two:?}");
        compare([&one, &two], &loads, scheme, count)
    });
    result.unwrap_or_else(|error| panic!("{error}"));
    let counts = [&blocked, &allowed, &by_nonce].map(Cell::get);
    assert!(counts.iter().all(|count| *count > 5_000), "{counts:?}");
    assert!(counts[0] + counts[1] > 50_000, "{counts:?}");
    println!("{} blocked, {} allowed, {} with the nonce", counts[0], counts[1], counts[2]);
}
