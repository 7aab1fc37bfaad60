//! Collects the kept parts of a line and joins them with semicolons.

use std::ops::Range;

/// Holds the kept ranges of one line, in order; adjacent unchanged ranges are
/// merged.
pub(super) struct Pieces<'a> {
    line: &'a [u8],
    few: [Range<usize>; FEW],
    more: Vec<Range<usize>>,
    count: usize,
}

/// The number of ranges kept on the stack: a line usually has one more than it
/// has cookies to rename or drop.
const FEW: usize = 6;

const SEPARATOR: &[u8] = b"; ";

impl<'a> Pieces<'a> {
    pub(super) fn of(line: &'a [u8]) -> Self {
        Self { line, few: [const { 0..0 }; FEW], more: Vec::new(), count: 0 }
    }

    /// Adds a range, which has to come after all ranges added before.
    #[inline]
    pub(super) fn push(&mut self, piece: Range<usize>) {
        let last = match self.more.last_mut() {
            None => self.few[..self.count].last_mut(),
            last => last,
        };
        if let Some(last) = last.filter(|last| self.line[last.end..piece.start] == *SEPARATOR) {
            last.end = piece.end;
            return;
        }
        match self.few.get_mut(self.count) {
            Some(slot) => {
                *slot = piece;
                self.count += 1;
            }
            None => self.more.push(piece),
        }
    }

    /// Joins the ranges into a line, allocated with its exact length.
    pub(super) fn join(&self) -> Vec<u8> {
        if let ([only], []) = (&self.few[..self.count], &*self.more) {
            return self.line[only.clone()].to_vec();
        }
        let all = [&self.few[..self.count], &self.more];
        let count = self.count + self.more.len();
        let separators = SEPARATOR.len() * count.saturating_sub(1);
        let length: usize = all.iter().copied().flatten().map(Range::len).sum();
        let mut line = Vec::with_capacity(length + separators);
        for pieces in all {
            for piece in pieces {
                if !line.is_empty() {
                    line.extend_from_slice(SEPARATOR);
                }
                line.extend_from_slice(&self.line[piece.clone()]);
            }
        }
        line
    }
}
