//! Limits the rate of attempts for each key, in a table of limited size.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// The maximum number of entries of each table. The entry that expires first makes room for a new one.
pub(crate) const LARGEST: usize = 4096;

/// Allows `at_once` attempts, and then one in each period.
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    pub(crate) at_once: u32,
    pub(crate) every: Duration,
}

/// Records the time at which each key may use its whole rate again.
pub(crate) struct Table<K>(HashMap<K, Instant>);

impl<K: Hash + Eq + Clone> Table<K> {
    /// Returns the time until the next attempt is allowed, or `None` if it is allowed now.
    pub(crate) fn wait(&self, key: &K, rate: Rate) -> Option<Duration> {
        let ahead = self.0.get(key)?.saturating_duration_since(Instant::now());
        let wait = (ahead + rate.every).saturating_sub(rate.every * rate.at_once);
        (!wait.is_zero()).then_some(wait)
    }

    pub(crate) fn count(&mut self, key: K, rate: Rate) {
        let now = Instant::now();
        let forgiven = self.0.get(&key).map_or(now, |forgiven| now.max(*forgiven));
        self.insert(key, forgiven + rate.every);
    }

    pub(crate) fn forgive(&mut self, key: &K, rate: Rate) {
        let now = Instant::now();
        if let Some(forgiven) = self.0.get_mut(key) {
            *forgiven = forgiven.checked_sub(rate.every).unwrap_or(now);
        }
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.0.contains_key(key)
    }

    pub(crate) fn insert(&mut self, key: K, at: Instant) {
        if self.0.len() >= LARGEST && !self.0.contains_key(&key) {
            let first = self.0.iter().min_by_key(|(_, at)| **at).map(|(key, _)| key.clone());
            first.map(|first| self.0.remove(&first));
        }
        self.0.insert(key, at);
    }
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}
