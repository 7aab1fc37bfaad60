//! Readiness and the cost of a clone are those of the inner service.

use std::{
    cell::Cell,
    convert::Infallible,
    future::{Ready, ready},
    mem::{size_of, size_of_val},
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use http::{Request, Response, StatusCode};
use tokio::sync::Notify;
use tower::{
    BoxError, Layer, Service, ServiceBuilder, ServiceExt, load_shed::error::Overloaded, service_fn,
};
use tower_hardening::{
    hosts::{AllowedHosts, AllowedHostsLayer},
    service::{Gated, Hardened},
};

use crate::{
    guide::{self, assert_covered},
    now::now,
};

/// Holds a service that is pending, then ready, then fails; it counts the polls.
#[derive(Clone)]
struct Fickle {
    asked: usize,
    error: Rc<str>,
}

impl Service<Request<()>> for Fickle {
    type Response = Response<()>;
    type Error = Rc<str>;
    type Future = Ready<Result<Response<()>, Rc<str>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Rc<str>>> {
        self.asked += 1;
        match self.asked {
            1 | 2 => Poll::Pending,
            3 => Poll::Ready(Ok(())),
            _ => Poll::Ready(Err(self.error.clone())),
        }
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(Response::new(())))
    }
}

#[track_caller]
fn assert_passed_through<S>(mut service: S, inner: fn(&S) -> &Fickle)
where
    S: Service<Request<()>, Error = Rc<str>>,
{
    let mut context = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut context).is_pending());
    assert!(service.poll_ready(&mut context).is_pending());
    assert!(matches!(service.poll_ready(&mut context), Poll::Ready(Ok(()))));
    drop(service.call(Request::new(())));
    assert_eq!(inner(&service).asked, 3, "the call asked for readiness once more");
    let Poll::Ready(Err(passed)) = service.poll_ready(&mut context) else {
        panic!("the error is lost")
    };
    assert!(Rc::ptr_eq(&passed, &inner(&service).error));
}

#[test]
fn readiness_and_its_failure_are_passed_through() {
    let fickle = || Fickle { asked: 0, error: "broken".into() };
    assert_passed_through(guide::layer().layer(fickle()), Hardened::get_ref);
    assert_passed_through(gate().layer(fickle()), Gated::get_ref);
}

fn gate() -> AllowedHostsLayer {
    AllowedHostsLayer::new(AllowedHosts::new(["example.tld"]).unwrap())
}

#[test]
fn a_gate_calls_the_service_for_what_it_lets_pass_alone() {
    let calls = Cell::new(0);
    let mut service = gate().layer(service_fn(|_: Request<()>| {
        calls.set(calls.get() + 1);
        ready(Err::<Response<()>, _>("the service's own"))
    }));
    let mut ask = |host: &str| {
        let request = Request::builder().header("host", host).body(()).unwrap();
        let answer = now(service.call(request));
        (answer.map(|response| response.status()), calls.get())
    };
    assert_eq!(ask("evil.example"), (Ok(StatusCode::MISDIRECTED_REQUEST), 0));
    assert_eq!(ask("example.tld"), (Err("the service's own"), 1));
}

#[tokio::test]
async fn a_request_that_a_gate_answers_keeps_no_permit_of_a_concurrency_limit() {
    let echo = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new("inside")));
    let mut first = ServiceBuilder::new().layer(gate()).concurrency_limit(1).service(echo);
    let mut second = first.clone();
    let request = |host| Request::builder().header("host", host).body(()).unwrap();
    for _ in 0..3 {
        let refused = first.ready().await.unwrap().call(request("evil.example")).await.unwrap();
        assert_eq!(refused.status(), StatusCode::MISDIRECTED_REQUEST);
        assert_eq!(refused.into_body().into_inner(), None);
        // The first service still exists, and is idle.
        let passed = second.ready().await.unwrap().call(request("example.tld")).await.unwrap();
        assert_eq!(passed.into_body().into_inner(), Some("inside"));
    }
    // A request that passes holds its permit until it is done.
    let running = first.ready().await.unwrap().call(request("example.tld"));
    let mut context = Context::from_waker(Waker::noop());
    assert!(second.poll_ready(&mut context).is_pending());
    drop(running.await);
    assert!(second.poll_ready(&mut context).is_ready());
}

#[tokio::test]
async fn a_concurrency_limit_inside_holds_and_lets_go() {
    let finish = Arc::new(Notify::new());
    let notified = finish.clone();
    let slow = service_fn(move |_: Request<()>| {
        let finish = notified.clone();
        async move {
            finish.notified().await;
            Ok::<_, Infallible>(Response::new(()))
        }
    });
    let mut first = ServiceBuilder::new().layer(guide::layer()).concurrency_limit(1).service(slow);
    let mut second = first.clone();
    let running = first.ready().await.unwrap().call(Request::new(()));
    let mut context = Context::from_waker(Waker::noop());
    assert!(second.poll_ready(&mut context).is_pending());
    finish.notify_one();
    assert_covered(running.await.unwrap().headers(), "the first");
    let running = second.ready().await.unwrap().call(Request::new(()));
    finish.notify_one();
    assert_covered(running.await.unwrap().headers(), "the second");
}

#[tokio::test]
async fn load_shed_inside_fails_with_its_own_error() {
    let service = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(())));
    let service = ServiceBuilder::new()
        .layer(guide::layer())
        .load_shed()
        .concurrency_limit(0)
        .service(service);
    let error: BoxError = service.oneshot(Request::new(())).await.unwrap_err();
    assert!(error.is::<Overloaded>(), "{error}");
}

#[tokio::test]
async fn a_clone_costs_a_pointer_and_both_clones_work() {
    let service = service_fn(async |_: Request<()>| Ok::<_, Infallible>(Response::new(())));
    assert_eq!(size_of_val(&service), 0);
    let one = guide::layer().layer(service);
    assert_eq!(size_of_val(&one), size_of::<usize>());
    let two = one.clone();
    for service in [one, two.clone(), two] {
        let response = service.oneshot(Request::new(())).await.unwrap();
        assert_covered(response.headers(), "a clone");
    }
}
