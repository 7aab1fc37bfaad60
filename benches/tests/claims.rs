//! Checks that every contender sends the headers that it claims, whatever headers the response has.
//!
//! The bench itself checks the responses that it measures. A contender that is correct for those
//! only could leave out the work that other responses need.

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    fs,
    path::Path,
};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use proptest::{
    collection::vec, prelude::*, sample::select, test_runner::Config, test_runner::TestRunner,
};
use tower_hardening_bench::{
    case::{self, Case},
    guide::GUIDE,
    ours, tenants,
    traffic::{SESSION_SET, Traffic, USUAL},
};

const RESPONSES: u32 = 200;

thread_local! {
    /// The headers of the response of the service inside.
    static RESPONSE: RefCell<HeaderMap> = RefCell::default();
    /// The response that the contender is measured with.
    static MEASURED: Cell<fn(&mut HeaderMap)> = Cell::new(|_| {});
    /// Set if the content type is that of the measured response.
    static KEEPS_TYPE: Cell<bool> = const { Cell::new(false) };
}

/// Returns traffic with the headers of `RESPONSE`.
fn traffic(measured: Traffic, reads_nonce: bool) -> Traffic {
    fn respond(headers: &mut HeaderMap) {
        RESPONSE.with_borrow(|response| headers.extend(response.clone()));
        if KEEPS_TYPE.get() {
            let mut measured = HeaderMap::new();
            MEASURED.get()(&mut measured);
            headers.remove(header::CONTENT_TYPE);
            headers.extend(
                measured.remove(header::CONTENT_TYPE).map(|own| (header::CONTENT_TYPE, own)),
            );
        }
    }
    Traffic { name: "random", request: measured.request, response: respond, reads_nonce }
}

/// Generates lines of names of the guide, of its lack, and of applications.
fn response() -> impl Strategy<Value = HeaderMap> {
    let guide = GUIDE.iter().map(|(name, _)| name.clone());
    let own = [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::VARY,
        header::ETAG,
        header::SERVER,
        HeaderName::from_static("x-a"),
    ];
    let name =
        select(guide.chain(own.iter().cloned()).chain(own.iter().cloned()).collect::<Vec<_>>());
    let line = (name, select(vec!["a", "", "1", "img-src 'self'", "theme=dark; Secure"]));
    let cookie = select(vec!["theme=dark; Secure", "a=b", "", SESSION_SET]);
    let cookie = cookie.prop_map(|line| (header::SET_COOKIE, line));
    (vec(line, 0..12), vec(cookie, 0..3)).prop_map(|(lines, cookies)| {
        let mut headers = HeaderMap::new();
        for (name, value) in lines.into_iter().chain(cookies) {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    })
}

fn sends_what_it_claims(Case { contender, traffic: measured, .. }: Case) {
    let config = Config { cases: RESPONSES, failure_persistence: None, ..Config::default() };
    MEASURED.set(measured.response);
    // The layer for files claims what it does with one content type.
    KEEPS_TYPE.set(contender.name.starts_with("tower-hardening, media"));
    RESPONSE.take();
    let mut clients =
        [false, true].map(|reads_nonce| (contender.around)(traffic(measured, reads_nonce)));
    // Its second response is what it claims, and the others are for other tenants.
    let is_new = contender.name == tenants::TENANTS.name;
    let clients = RefCell::new(&mut clients);
    let result =
        TestRunner::new(config).run(&(response(), any::<bool>()), |(response, reads_nonce)| {
            RESPONSE.set(response);
            let traffic = traffic(measured, reads_nonce);
            let client = &mut clients.borrow_mut()[usize::from(reads_nonce)];
            let checked = match is_new {
                true => contender.check(traffic),
                false => contender.check_next(&mut **client, traffic),
            };
            checked.map_err(TestCaseError::fail)
        });
    if let Err(error) = result {
        panic!("{}: {error}", contender.name);
    }
}

/// Returns a case of every contender that is measured.
fn contenders() -> Vec<Case> {
    let others = [ours::COOKIES, ours::NONCES_IN_SECOND_LINE, tenants::NESTED_BY_HAND];
    let others = others.map(|one| Case::new(one, USUAL));
    let mut names = HashSet::new();
    let all = case::all().into_iter().chain(others);
    all.filter(|case| names.insert(case.contender.name)).collect()
}

#[test]
fn every_contender_sends_what_it_claims_on_random_responses() {
    contenders().into_iter().for_each(sends_what_it_claims);
}

#[test]
fn every_contender_in_the_code_is_among_them() {
    let checked: Vec<&str> = contenders().iter().map(|case| case.contender.name).collect();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = 0;
    for file in fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()) {
        let text = fs::read_to_string(&file).unwrap_or_default();
        let lines = text.split("\nconst ").flat_map(|part| part.split("\npub const "));
        for item in lines.filter(|item| item.split('=').next().unwrap().contains("Contender")) {
            for name in names(item) {
                assert!(checked.contains(&name), "{}: '{name}' is not checked", file.display());
                found += 1;
            }
        }
    }
    assert_eq!(found, checked.len(), "{checked:#?}");
}

/// Returns the names of the contenders of a constant: the first text of each.
fn names(item: &str) -> Vec<&str> {
    let item = item.split("\n};").next().unwrap();
    let is_name = |before: &str| {
        let before = before.trim_end();
        before.ends_with("name:") || before.ends_with("ours(")
    };
    let starts = item.match_indices('"').filter(|(at, _)| is_name(&item[..*at]));
    starts.filter_map(|(at, _)| item[at + 1..].split('"').next()).collect()
}
