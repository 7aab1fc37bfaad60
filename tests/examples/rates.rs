//! Tests the tables of addresses that the limits of the example keep, without the example.

use std::time::Duration;

use rate::{LARGEST, Rate, Table};

#[path = "../../examples/pleroma/rate.rs"]
mod rate;

const RATE: Rate = Rate { at_once: 10, every: Duration::from_secs(60) };

#[test]
fn a_table_of_addresses_keeps_its_largest_size_and_forgets_the_mildest_first() {
    let mut table = Table::default();
    // Somebody who has used up all guesses.
    for _ in 0..10 {
        table.count(0_u32, RATE);
    }
    assert!(table.wait(&0, RATE).is_some());
    let all = 3 * u32::try_from(LARGEST).unwrap();
    for address in 1..=all {
        table.count(address, RATE);
    }
    let kept = (0..=all).filter(|address| table.contains(address)).count();
    assert_eq!(kept, LARGEST);
    // A flood of other addresses does not make the table forget.
    assert!(table.wait(&0, RATE).is_some_and(|wait| wait > Duration::from_secs(50)));
    assert!(table.contains(&all) && !table.contains(&1));
}

#[test]
fn ten_at_once_are_allowed_and_a_right_one_does_not_count() {
    let mut table = Table::default();
    for _ in 0..10 {
        assert_eq!(table.wait(&"alice", RATE), None);
        table.count("alice", RATE);
    }
    let wait = table.wait(&"alice", RATE).unwrap();
    assert!(wait > Duration::from_secs(59) && wait <= Duration::from_secs(60), "{wait:?}");
    table.forgive(&"alice", RATE);
    assert_eq!(table.wait(&"alice", RATE), None);
    assert_eq!(table.wait(&"bob", RATE), None);
}
