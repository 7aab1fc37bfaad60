//! Draws random bytes for several nonces at a time.
//!
//! Asking the operating system for bytes costs more than everything else that a nonce needs, so a
//! thread asks once for [`AT_A_TIME`] nonces. These invariants hold:
//!
//! - Bytes are returned once. They leave the pool when they are returned, and zeros take their
//!   place, so a copy of the memory holds no nonce of an earlier response.
//! - A thread has its own pool, so nothing locks and no two threads share bytes.
//! - If the operating system returns an error, the pool is empty, and the next call asks again.
//!
//! A process that forks copies the pool of the forking thread. The pool does not detect this: the
//! number of the process is a system call away, and costs as much as the random bytes. A server
//! that forks must do so before it reads its first nonce, as servers with worker processes do;
//! otherwise both processes send up to [`AT_A_TIME`] nonces of the same text. The same is true
//! of a snapshot of a virtual machine that is resumed more than once.

use std::cell::RefCell;

/// Sets the number of random bytes for a nonce, which has as many characters.
///
/// A character takes six bits of its byte. The nonce has 144 random bits; CSP3 section 7.1 asks for
/// at least 128.
pub(super) const RANDOM_BYTES: usize = 24;

/// Sets the number of nonces for which a thread draws bytes at a time: 672 bytes.
const AT_A_TIME: usize = 28;

/// Returns random bytes that no other call returns, or `None` if the operating system returns an
/// error.
pub(super) fn draw() -> Option<[u8; RANDOM_BYTES]> {
    thread_local! {
        static POOL: RefCell<Pool> = const { RefCell::new(Pool::EMPTY) };
    }
    // A signal handler that interrupts a draw finds the pool borrowed, and gets an error.
    POOL.with(|pool| pool.try_borrow_mut().ok()?.draw(getrandom::fill))
}

/// Holds the bytes of one thread that were drawn and not yet returned.
struct Pool {
    /// The first `left` entries are random; all others are zeros.
    bytes: [[u8; RANDOM_BYTES]; AT_A_TIME],
    left: usize,
}

impl Pool {
    const EMPTY: Self = Self { bytes: [[0; RANDOM_BYTES]; AT_A_TIME], left: 0 };

    fn draw<E>(
        &mut self,
        fill: impl FnOnce(&mut [u8]) -> Result<(), E>,
    ) -> Option<[u8; RANDOM_BYTES]> {
        if self.left == 0 {
            if fill(self.bytes.as_flattened_mut()).is_err() {
                // Some of the bytes may have been written.
                *self = Self::EMPTY;
                return None;
            }
            self.left = AT_A_TIME;
        }
        self.left -= 1;
        self.bytes.get_mut(self.left).map(std::mem::take)
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, thread};

    use super::*;

    /// Fills bytes with numbers that never repeat, in place of random ones.
    fn count(bytes: &mut [u8], next: &mut u64) -> Result<(), ()> {
        for nonce in bytes.chunks_mut(RANDOM_BYTES) {
            *next += 1;
            nonce.fill(0xFF);
            nonce[..8].copy_from_slice(&next.to_be_bytes());
        }
        Ok(())
    }

    #[test]
    fn no_bytes_are_returned_twice_within_a_thread_or_between_threads() {
        let draw_many = || (0..5 * AT_A_TIME).map(|_| draw().unwrap()).collect::<Vec<_>>();
        let threads: Vec<_> = (0..8).map(|_| thread::spawn(draw_many)).collect();
        let drawn = threads.into_iter().flat_map(|thread| thread.join().unwrap());
        let drawn: Vec<_> = drawn.chain(draw_many()).collect();
        let distinct: HashSet<_> = drawn.iter().collect();
        assert_eq!(distinct.len(), drawn.len());
        assert!(!distinct.contains(&[0; RANDOM_BYTES]));
    }

    #[test]
    fn returned_bytes_are_wiped_and_the_system_is_asked_once_for_all() {
        let (mut pool, mut next, mut calls) = (Pool::EMPTY, 0, 0);
        for drawn in 1..=3 * AT_A_TIME {
            let bytes = pool.draw(|bytes| {
                calls += 1;
                count(bytes, &mut next)
            });
            assert_eq!(calls, drawn.div_ceil(AT_A_TIME));
            assert_ne!(bytes, Some([0; RANDOM_BYTES]));
            assert!(!pool.bytes.contains(&bytes.unwrap()));
            assert!(pool.bytes[pool.left..].iter().all(|bytes| *bytes == [0; RANDOM_BYTES]));
        }
    }

    #[test]
    fn a_failure_returns_nothing_leaves_nothing_and_the_next_call_asks_again() {
        let (mut pool, mut next) = (Pool::EMPTY, 0);
        for _ in 0..AT_A_TIME {
            assert!(pool.draw(|bytes| count(bytes, &mut next)).is_some());
        }
        let fail = |bytes: &mut [u8]| {
            bytes[..100].fill(7);
            Err(())
        };
        for _ in 0..3 {
            assert_eq!(pool.draw(fail), None);
            assert_eq!((pool.left, pool.bytes), (0, Pool::EMPTY.bytes));
        }
        assert!(pool.draw(|bytes| count(bytes, &mut next)).is_some());
        // Bytes that were drawn before need no system.
        assert!(pool.draw(fail).is_some());
    }
}
