//! Tests the evaluator with the rules of CSP3, with vectors, and with the engine of Servo.

mod cases;
mod disagreements;
mod inline;
mod loads;
mod oracle;
mod policies;
mod servo;
mod urls;
mod vectors;

use tower_hardening::{
    Origin,
    csp::{Destination, Evaluator, Load, ReceivedPolicy},
};

pub(crate) const NONCE: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4";

fn page(origin: &str) -> Origin {
    origin.parse().unwrap()
}

/// Returns an evaluator for `https://own.example` that enforces a header's policies.
fn held_to(header: &str) -> Evaluator {
    enforcing(Evaluator::new(page("https://own.example")), header)
}

fn enforcing(evaluator: Evaluator, header: impl AsRef<[u8]>) -> Evaluator {
    ReceivedPolicy::parse_list(header.as_ref()).into_iter().fold(evaluator, Evaluator::enforcing)
}

fn fetch(destination: Destination, url: &str) -> Load {
    Load::fetch(destination, url).unwrap()
}

#[track_caller]
fn assert_answer(header: &str, load: &Load, answer: &str) {
    assert_eq!(held_to(header).allows(load).to_string(), answer, "{header}: {load:?}");
}
