//! Prints the name, allocations, reallocations and bytes of each case per exchange.
//!
//! `allocations list` prints only the names. `allocations hosts COUNT` measures virtual hosts, and
//! `allocations layers` measures the layers of [`LAYERS`].

use std::{alloc::System, env, time::Instant};

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_hardening::HardeningLayer;
use tower_hardening_bench::{
    case::{self, Case},
    deployed,
    tenants::{LAYERS, Layer},
};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const EXCHANGES: usize = 64;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => case::all().iter().for_each(count),
        ["list"] => case::all().iter().for_each(|case| println!("{}", case.id())),
        ["layers"] => LAYERS.iter().for_each(layer),
        ["hosts", count] => hosts(count.parse().expect("a number")),
        _ => panic!("usage: allocations [list | layers | hosts COUNT]"),
    }
}

fn count(case: &Case) {
    let mut client = case.client();
    (0..EXCHANGES).for_each(|_| client.exchange());
    let region = Region::new(ALLOCATOR);
    (0..EXCHANGES).for_each(|_| client.exchange());
    let change = region.change();
    let (all, again, bytes) = (change.allocations, change.reallocations, change.bytes_allocated);
    println!("{}\t{}\t{}\t{}", case.id(), all / EXCHANGES, again / EXCHANGES, bytes / EXCHANGES);
}

/// Prints the bytes that this many virtual hosts hold, and the seconds that their set-up takes.
fn hosts(count: usize) {
    let region = Region::new(ALLOCATOR);
    let start = Instant::now();
    let layer = deployed::virtual_hosts(count);
    let seconds = start.elapsed().as_secs_f64();
    let change = region.change();
    println!("{}\t{seconds}", change.bytes_allocated - change.bytes_deallocated);
    drop(layer);
}

/// Prints the memory that one layer holds: its name, bytes and allocations.
fn layer(layer: &Layer) {
    let policies = (layer.policies)();
    let region = Region::new(ALLOCATOR);
    let made = HardeningLayer::new(policies.clone());
    let change = region.change();
    let bytes = change.bytes_allocated as isize - change.bytes_deallocated as isize
        + change.bytes_reallocated;
    println!("{}\t{bytes}\t{}", layer.name, change.allocations - change.deallocations);
    drop(made);
}
