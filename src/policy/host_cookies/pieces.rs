//! A line put together from pieces of another: measured as it grows, and then written at once.

/// Slices in order: on the stack for as many as a browser's line has, as a rule.
pub(super) struct Pieces<'a> {
    few: [&'a [u8]; FEW],
    more: Vec<&'a [u8]>,
    count: usize,
    length: usize,
}

const FEW: usize = 24;

impl<'a> Pieces<'a> {
    pub(super) fn new() -> Self {
        Self { few: [b""; FEW], more: Vec::new(), count: 0, length: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds a piece; its number is for [`clear`](Self::clear).
    #[inline]
    pub(super) fn push(&mut self, piece: &'a [u8]) -> usize {
        match self.few.get_mut(self.count) {
            Some(slot) => *slot = piece,
            None => self.more.push(piece),
        }
        self.length += piece.len();
        self.count += 1;
        self.count - 1
    }

    /// Takes a piece out again.
    pub(super) fn clear(&mut self, number: usize) {
        let slot = match self.few.get_mut(number) {
            Some(slot) => slot,
            None => &mut self.more[number - FEW],
        };
        self.length -= std::mem::take(slot).len();
    }

    /// The line, in just the room that it takes.
    pub(super) fn join(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(self.length);
        for piece in self.few.iter().take(self.count).chain(&self.more) {
            line.extend_from_slice(piece);
        }
        line
    }
}
