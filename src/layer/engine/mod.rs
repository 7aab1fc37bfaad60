//! Implements the services, futures and traits behind every layer.
//!
//! There is one trait for rules and one for gates, a service and a future for each, and header maps
//! that are prepared before the first request.
//!
//! A request passes through [`service`], then the rule's `on_request`. Its response passes through
//! [`future`], then the rule's `on_response`. A gate ([`gate`]) answers a request itself, with a
//! [`gate_body`].

pub(super) mod future;
pub(super) mod gate;
pub(super) mod gate_body;
mod grpc;
pub(super) mod prepared_headers;
mod prepared_map;
pub(super) mod rule;
pub(super) mod service;
