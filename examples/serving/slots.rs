//! Limits a resource for each client and for all clients together.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex};

use super::seats::lock;

/// Holds two limits on the slots in use. Clones share the count.
pub(crate) struct Slots<K> {
    taken: Arc<Mutex<HashMap<K, usize>>>,
    each: usize,
    all: usize,
}

/// Represents the reason for which no slot is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Full {
    /// This client has reached its limit.
    Each,
    /// All clients together have reached the limit.
    All,
}

/// Holds a slot that becomes free when the value is dropped.
pub(crate) struct Slot<K: Hash + Eq> {
    taken: Arc<Mutex<HashMap<K, usize>>>,
    key: Option<K>,
}

impl<K: Hash + Eq + Clone> Slots<K> {
    /// Allows at most `each` for one client, and `all` together.
    pub(crate) fn new(each: usize, all: usize) -> Self {
        Self { taken: Arc::default(), each, all }
    }

    pub(crate) fn take(&self, key: K) -> Result<Slot<K>, Full> {
        let mut taken = lock(&self.taken);
        if taken.get(&key).is_some_and(|count| *count >= self.each) {
            return Err(Full::Each);
        }
        if taken.values().sum::<usize>() >= self.all {
            return Err(Full::All);
        }
        *taken.entry(key.clone()).or_default() += 1;
        Ok(Slot { taken: Arc::clone(&self.taken), key: Some(key) })
    }
}

impl<K> Clone for Slots<K> {
    fn clone(&self) -> Self {
        Self { taken: Arc::clone(&self.taken), each: self.each, all: self.all }
    }
}

impl<K: Hash + Eq> Drop for Slot<K> {
    fn drop(&mut self) {
        let Some(key) = self.key.take() else { return };
        let mut taken = lock(&self.taken);
        match taken.get_mut(&key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(taken.remove(&key)),
        }
    }
}
