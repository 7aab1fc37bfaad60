//! Checks that every contender sends the headers that it claims, whatever headers the response has.
//!
//! The bench itself checks the responses that it measures. A contender that is correct for those
//! only could leave out the work that other responses need.

use std::cell::RefCell;

use http::{HeaderMap, HeaderName, HeaderValue, header};
use proptest::{
    collection::vec, prelude::*, sample::select, test_runner::Config, test_runner::TestRunner,
};
use tower_hardening_bench::{case, contender::Contender, guide::GUIDE, ours, traffic::Traffic};

thread_local! {
    /// The headers of the inner service's response.
    static RESPONSE: RefCell<HeaderMap> = RefCell::default();
}

/// Traffic with the headers of `RESPONSE`.
fn traffic(reads_nonce: bool) -> Traffic {
    Traffic {
        name: "random",
        request: |_| {},
        response: |headers| RESPONSE.with_borrow(|response| headers.extend(response.clone())),
        reads_nonce,
    }
}

/// Creates headers with names of the guide and of applications, with one or several lines each.
fn response() -> impl Strategy<Value = HeaderMap> {
    let guide = GUIDE.iter().map(|(name, _)| name.clone());
    let own = [
        header::CONTENT_TYPE,
        header::CONTENT_LENGTH,
        header::VARY,
        header::ETAG,
        header::SERVER,
        header::SET_COOKIE,
        HeaderName::from_static("x-a"),
    ];
    let name =
        select(guide.chain(own.iter().cloned()).chain(own.iter().cloned()).collect::<Vec<_>>());
    let value = select(vec!["a", "", "1", "img-src 'self'", "theme=dark; Secure"]);
    vec((name, value.prop_map(HeaderValue::from_static)), 0..14).prop_map(|lines| {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        headers
    })
}

fn sends_what_it_claims(contender: Contender) {
    let mut runner =
        TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let result = runner.run(&(response(), any::<bool>()), |(response, reads_nonce)| {
        RESPONSE.set(response);
        contender.check(traffic(reads_nonce)).map_err(TestCaseError::fail)
    });
    if let Err(error) = result {
        panic!("{}: {error}", contender.name);
    }
}

#[test]
fn every_contender_sends_what_it_claims_on_random_responses() {
    let mut names = Vec::new();
    for contender in [case::senders(), case::mixed(), vec![ours::COOKIES]].concat() {
        if !names.contains(&contender.name) {
            names.push(contender.name);
            sends_what_it_claims(contender);
        }
    }
    assert!(names.len() >= 7, "{names:?}");
}
