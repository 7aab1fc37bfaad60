//! Prints what each case allocates per exchange: its name, allocations, reallocations and bytes.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower_hardening_bench::case;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const EXCHANGES: usize = 64;

fn main() {
    for case in case::all() {
        let mut client = case.client();
        (0..EXCHANGES).for_each(|_| client.exchange());
        let region = Region::new(ALLOCATOR);
        (0..EXCHANGES).for_each(|_| client.exchange());
        let change = region.change();
        let (all, again, bytes) =
            (change.allocations, change.reallocations, change.bytes_allocated);
        println!(
            "{}\t{}\t{}\t{}",
            case.id(),
            all / EXCHANGES,
            again / EXCHANGES,
            bytes / EXCHANGES
        );
    }
}
