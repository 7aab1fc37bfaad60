//! Finds the red files of the rows in a screenshot.

use anyhow::{Result, bail};
use png::{ColorType, Decoder, Transformations};

#[derive(Debug)]
pub(crate) struct Picture {
    width: usize,
    channels: usize,
    bytes: Vec<u8>,
}

/// Holds the red pixels of a picture and the rectangle around them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Red {
    pub(crate) pixels: usize,
    pub(crate) left: usize,
    pub(crate) right: usize,
}

impl Picture {
    pub(crate) fn decode(png: &[u8]) -> Result<Self> {
        let mut decoder = Decoder::new(std::io::Cursor::new(png));
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info()?;
        let mut bytes = vec![0; reader.output_buffer_size().unwrap_or_default()];
        let info = reader.next_frame(&mut bytes)?;
        let channels = match info.color_type {
            ColorType::Rgb => 3,
            ColorType::Rgba => 4,
            other => bail!("a screenshot in {other:?}"),
        };
        Ok(Self { width: info.width as usize, channels, bytes })
    }

    pub(crate) fn red(&self) -> Option<Red> {
        let mut found: Option<Red> = None;
        for (index, pixel) in self.bytes.chunks_exact(self.channels).enumerate() {
            // Films are not as red as pictures.
            if pixel[0] > 200 && pixel[1] < 60 && pixel[2] < 60 {
                let column = index % self.width;
                let red = found.get_or_insert(Red { pixels: 0, left: column, right: column });
                red.pixels += 1;
                red.left = red.left.min(column);
                red.right = red.right.max(column);
            }
        }
        found
    }

    /// Returns `true` if what is red is in the middle, from left to right.
    pub(crate) fn is_centred(&self) -> bool {
        self.red().is_some_and(|red| (red.left + red.right).abs_diff(self.width) < 40)
    }
}
