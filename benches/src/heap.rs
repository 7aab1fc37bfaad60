//! Defines the states of the heap in which exchanges are counted.
//!
//! A map that grows is either copied or extended in place. That depends on its neighbours in the
//! heap, and so on every earlier allocation. The difference is up to a fifth of the cost of some
//! cases. Each case is therefore counted in several heaps, together with the bare service in the
//! same heap, and the lowest result is used. A change elsewhere does not affect that result.
//!
//! The bins of `glibc` matter as much: a block above 1,032 bytes, as a prepared map is, costs about 250
//! instructions less where a free block of the same size has no free neighbour. The set-up of a
//! program decides by chance whether there is one, so a heap has one of every size.

use std::{hint::black_box, mem};

/// The size of a hole in bytes.
const HOLE: usize = 8 << 10;

/// The size of a block in use between two free ones: no other block of this size is free.
const FENCE: usize = 1024;

#[derive(Clone, Copy, Debug)]
pub enum Heap {
    /// The heap has no holes, so large blocks have free space behind them.
    Filled,
    /// The heap has one hole.
    Holed,
    /// The heap has free blocks of every large size, each between blocks in use.
    Fitting,
}

impl Heap {
    pub const ALL: [Self; 3] = [Self::Filled, Self::Holed, Self::Fitting];

    /// Returns the name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Filled => "filled",
            Self::Holed => "holed",
            Self::Fitting => "fitting",
        }
    }

    /// Creates the measured value in this heap.
    pub fn around<T>(self, set_up: impl FnOnce() -> T) -> T {
        let hole = match self {
            Self::Holed => block(HOLE),
            Self::Filled | Self::Fitting => Vec::new(),
        };
        let made = set_up();
        match self {
            Self::Holed => {}
            Self::Filled => fill(),
            Self::Fitting => {
                fill();
                free_of_every_size();
            }
        }
        drop(hole);
        made
    }
}

/// Fills the holes of the heap.
fn fill() {
    // Large blocks come first; small blocks fill the rest.
    let sizes = (16..8192).step_by(16).rev();
    sizes.for_each(|size| (0..16).for_each(|_| mem::forget(block(size))));
    // Small allocations reuse these blocks, and not the space behind the large ones.
    drop((16..1024).step_by(16).map(|size| [block(size), block(size)]).collect::<Vec<_>>());
}

/// Frees blocks of every size that `glibc` does not keep for the thread. Each has a block in use behind
/// it.
fn free_of_every_size() {
    let between = || mem::forget(block(FENCE));
    between();
    let fenced = |size: usize| {
        let large = block(size);
        between();
        large
    };
    let sizes = (1024..8192).step_by(16);
    drop(sizes.flat_map(|size| [fenced(size), fenced(size)]).collect::<Vec<_>>());
}

fn block(size: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(size))
}
