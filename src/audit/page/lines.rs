//! Converts positions in a text to lines and columns.

/// Holds a page with the line ends that the HTML parser gives it, and the start of each line.
#[derive(Debug)]
pub(super) struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    /// Reads a page. Bytes that are not UTF-8 are replaced.
    pub(super) fn new(html: &[u8]) -> Self {
        let text = String::from_utf8_lossy(html).replace("\r\n", "\n").replace('\r', "\n");
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text, starts }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line and the column of a byte, both from 1. A column counts characters.
    pub(super) fn position(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.text.as_bytes().get(start..at.min(self.text.len())).unwrap_or_default();
        // A line of 10 MiB is not counted for each of its elements.
        let column = match before.len() {
            0..=4096 => before.iter().filter(|byte| (**byte as i8) >= -0x40).count(),
            long => long,
        };
        (line, column + 1)
    }
}
