//! Answers every request with the same response.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};

use http::Response;
use tower_service::Service;

/// Represents a service that answers every request with the same response.
#[derive(Clone)]
pub(crate) struct Fixed<B>(pub(crate) Response<B>);

impl<R, B: Clone> Service<R> for Fixed<B> {
    type Response = Response<B>;
    type Error = Infallible;
    type Future = Ready<Result<Response<B>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: R) -> Self::Future {
        ready(Ok(self.0.clone()))
    }
}
