//! Defines the states of the heap in which exchanges are counted.
//!
//! A map that grows is either copied or extended in place. That depends on its neighbours in the
//! heap, and so on every earlier allocation. The difference is up to a fifth of the cost of some
//! cases. Each case is therefore counted in several heaps, together with the bare service in the
//! same heap, and the lowest result is used. A change elsewhere does not affect that result.

use std::{hint::black_box, mem};

/// The size of a hole in bytes.
const HOLE: usize = 8 << 10;

#[derive(Clone, Copy, Debug)]
pub enum Heap {
    /// The heap is as the set-up leaves it.
    AsIs,
    /// The heap has no holes, so large blocks have free space behind them.
    Filled,
    /// The heap has one hole.
    Holed,
}

impl Heap {
    pub const ALL: [Self; 3] = [Self::AsIs, Self::Filled, Self::Holed];

    /// Returns the name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::AsIs => "as-is",
            Self::Filled => "filled",
            Self::Holed => "holed",
        }
    }

    /// Creates the measured value in this heap.
    pub fn around<T>(self, set_up: impl FnOnce() -> T) -> T {
        let hole = match self {
            Self::Holed => block(HOLE),
            Self::AsIs | Self::Filled => Vec::new(),
        };
        let made = set_up();
        if let Self::Filled = self {
            // Large blocks come first; small blocks fill the rest.
            let sizes = (16..8192).step_by(16).rev();
            sizes.for_each(|size| (0..16).for_each(|_| mem::forget(block(size))));
            // Small allocations reuse these blocks, and not the space behind the large ones.
            drop((16..1024).step_by(16).map(|size| [block(size), block(size)]).collect::<Vec<_>>());
        }
        drop(hole);
        made
    }
}

fn block(size: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(size))
}
