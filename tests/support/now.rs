//! Runs futures that never wait: the layers of this crate add no await.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

/// Returns the output of a future that is ready at once.
#[track_caller]
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a ready future became pending"),
    }
}
