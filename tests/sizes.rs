//! Tests the sizes of a layer, its service and its future.

use std::{
    convert::Infallible,
    future::{Ready, ready},
};

use http::{Request, Response};
use tower::{Layer, Service, service_fn};
use tower_hardening::{Hardening, HardeningLayer, service::Hardened};

const POINTER: usize = size_of::<usize>();

#[test]
fn the_layer_for_all_policies_and_its_service_are_one_pointer() {
    assert_eq!(size_of::<HardeningLayer>(), POINTER);
    assert_eq!(size_of::<Hardened<(), HardeningLayer>>(), POINTER);
}

#[test]
fn the_future_adds_at_most_64_bytes_to_the_inner_one() {
    type Inner = Ready<Result<Response<()>, Infallible>>;
    let inner = service_fn(|_: Request<()>| ready(Ok::<_, Infallible>(Response::new(()))));
    let mut service = HardeningLayer::new(Hardening::empty()).layer(inner);
    let future = service.call(Request::new(()));
    assert!(size_of_val(&future) <= size_of::<Inner>() + 64, "{}", size_of_val(&future));
}
