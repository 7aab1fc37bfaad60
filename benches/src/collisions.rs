//! Creates header names whose hashes are equal, as an attacker does.

use std::hash::{Hash, Hasher};

use http::HeaderName;

/// The low bits of a name's hash that choose its place in a `HeaderMap` of any size.
const HASH_BITS: u64 = (1 << 15) - 1;

/// Creates 256 names with the hash of `target`, as an attacker does.
///
/// Each of eight steps has two pieces of text that lead to the same state of the hash. One common
/// end leads from the last state to the hash of the target.
pub(crate) fn colliding_names(target: &HeaderName) -> Vec<HeaderName> {
    let mut names = vec![String::from("x-")];
    for _ in 0..8 {
        let (one, other) = same_state(&names[0]);
        names = names
            .iter()
            .flat_map(|name| [format!("{name}{one}"), format!("{name}{other}")])
            .collect();
    }
    let wanted = map_hash(target);
    let end = (0..1 << 20)
        .map(|number| format!("{number:05x}"))
        .find(|end| map_hash(&name(&format!("{}{end}", names[0]))) == wanted)
        .expect("32 times more ends than hashes");
    names.iter().map(|start| name(&format!("{start}{end}"))).collect()
}

pub(crate) fn name(text: &str) -> HeaderName {
    text.parse().expect("a token")
}

fn same_state(start: &str) -> (String, String) {
    let ends = || (0..0x1000).map(|number| format!("{number:03x}"));
    let mut seen = std::collections::HashMap::new();
    for end in ends() {
        if let Some(other) = seen.insert(map_hash(&name(&format!("{start}{end}"))), end.clone()) {
            return (other, end);
        }
    }
    unreachable!("4,096 of 32,768 hashes without one twice");
}

fn map_hash(name: &HeaderName) -> u64 {
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    name.hash(&mut hasher);
    hasher.finish() & HASH_BITS
}

/// Computes FNV-1a, which `http` uses until it suspects an attack on the map.
struct Fnv(u64);

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guide::CROSS_DOMAIN;

    #[test]
    fn names_that_are_made_to_collide_have_equal_hashes() {
        let names = colliding_names(&CROSS_DOMAIN);
        let distinct: std::collections::HashSet<_> = names.iter().collect();
        assert_eq!(distinct.len(), 256);
        assert!(names.iter().all(|name| map_hash(name) == map_hash(&CROSS_DOMAIN)));
    }
}
