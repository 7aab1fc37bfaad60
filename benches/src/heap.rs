//! The heap that exchanges are counted in.
//!
//! A map that grows is copied, or grows in place: that depends on its neighbours in the heap,
//! and so on anything that was allocated before. It is up to a fifth of what some cases cost. So
//! each case is counted in several heaps, with the bare service in the same heap, and the cheapest
//! counts, which no change elsewhere moves.

use std::{hint::black_box, mem};

/// Bytes of a hole.
const HOLE: usize = 8 << 10;

#[derive(Clone, Copy, Debug)]
pub enum Heap {
    /// As setting up leaves it.
    AsIs,
    /// Without holes, so that what is large has room behind it.
    Filled,
    /// With a hole.
    Holed,
}

impl Heap {
    pub const ALL: [Self; 3] = [Self::AsIs, Self::Filled, Self::Holed];

    /// As it is called on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::AsIs => "as-is",
            Self::Filled => "filled",
            Self::Holed => "holed",
        }
    }

    /// Sets up what is to be measured in this heap.
    pub fn around<T>(self, set_up: impl FnOnce() -> T) -> T {
        let hole = match self {
            Self::Holed => block(HOLE),
            Self::AsIs | Self::Filled => Vec::new(),
        };
        let made = set_up();
        if let Self::Filled = self {
            // The large first: what they leave is filled by the small.
            let sizes = (16..8192).step_by(16).rev();
            sizes.for_each(|size| (0..16).for_each(|_| mem::forget(block(size))));
            // Kept for those who ask for little, so that they do not take the room behind what is large.
            drop((16..1024).step_by(16).map(|size| [block(size), block(size)]).collect::<Vec<_>>());
        }
        drop(hole);
        made
    }
}

fn block(size: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(size))
}
