//! One copy of a rule for each thread, so that threads do not wait for one another.
//!
//! A response's future counts among its rule's users, and so does a response among those of a header
//! value that was made at run time. Where cores share such a count, each request of the one waits
//! for those of the other, and two threads do the work of one. So a rule has copies that share no
//! count, and a thread uses its own.

use std::{
    array,
    ops::Deref,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Threads beyond so many share copies.
const COPIES: usize = 32;

/// What can be copied so that the copies share no count.
pub(super) trait Unshared: Clone {
    /// Such a copy: of what counts nothing, a clone.
    fn unshared(&self) -> Self {
        self.clone()
    }
}

/// A value, and the copies of it that threads use; one pointer.
#[derive(Clone, Debug)]
pub(super) struct PerThread<T>(Arc<Node<T>>);

#[derive(Debug)]
struct Node<T> {
    value: T,
    /// Made when a thread first asks; a copy has none of its own.
    copies: Option<Copies<T>>,
}

type Copies<T> = Box<[OnceLock<PerThread<T>>; COPIES]>;

impl<T: Unshared> PerThread<T> {
    pub(super) fn new(value: T) -> Self {
        Self(Arc::new(Node::new(value)))
    }

    /// This thread's copy.
    #[inline]
    pub(super) fn local(&self) -> Self {
        match &self.0.copies {
            Some(copies) => copies[slot()].get_or_init(|| self.unshared()).clone(),
            None => self.clone(),
        }
    }

    /// The value, to be changed before threads use it.
    pub(super) fn edit(&mut self) -> &mut T {
        let node = Arc::make_mut(&mut self.0);
        node.copies = none_yet();
        &mut node.value
    }
}

impl<T: Unshared> Unshared for PerThread<T> {
    #[cold]
    fn unshared(&self) -> Self {
        Self(Arc::new(Node { value: self.0.value.unshared(), copies: None }))
    }
}

impl<T> Deref for PerThread<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T> Node<T> {
    fn new(value: T) -> Self {
        Self { value, copies: none_yet() }
    }
}

impl<T: Clone> Clone for Node<T> {
    fn clone(&self) -> Self {
        Self::new(self.value.clone())
    }
}

fn none_yet<T>() -> Option<Copies<T>> {
    Some(Box::new(array::from_fn(|_| OnceLock::new())))
}

/// Which copy is this thread's.
#[inline]
fn slot() -> usize {
    static THREADS: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static SLOT: usize = THREADS.fetch_add(1, Ordering::Relaxed) % COPIES;
    }
    SLOT.with(|slot| *slot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug)]
    struct Counted(Arc<String>);

    impl Unshared for Counted {
        fn unshared(&self) -> Self {
            Self(Arc::new(self.0.to_string()))
        }
    }

    #[test]
    fn a_thread_gets_the_same_copy_each_time_and_another_thread_another() {
        let shared = PerThread::new(Counted(Arc::new("policy".into())));
        let here = shared.local();
        assert!(Arc::ptr_eq(&here.0, &shared.local().0) && Arc::ptr_eq(&here.0, &here.local().0));
        let there = std::thread::scope(|scope| scope.spawn(|| shared.local()).join().unwrap());
        assert!(!Arc::ptr_eq(&here.0.value.0, &there.0.value.0));
        assert_eq!([here.0.value.0.as_str(), &there.0.value.0], ["policy"; 2]);
    }

    #[test]
    fn an_edit_reaches_the_copies() {
        let mut shared = PerThread::new(Counted(Arc::new("before".into())));
        let before = shared.local();
        shared.edit().0 = Arc::new("after".into());
        assert_eq!([before.0.value.0.as_str(), &shared.local().0.value.0], ["before", "after"]);
    }
}
