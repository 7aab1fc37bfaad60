//! The machinery behind every layer: one trait for rules, one for gates, a service and a future for
//! each, and header maps that are prepared before the first request.
//!
//! A request passes [`service`], then the rule's `on_request`; its response passes [`future`], then
//! the rule's `on_response`. A gate ([`gate`]) answers a request itself, with a [`gate_body`].

pub(super) mod future;
pub(super) mod gate;
pub(super) mod gate_body;
pub(super) mod prepared_headers;
pub(super) mod rule;
pub(super) mod service;
