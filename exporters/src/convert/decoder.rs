//! The seam behind which decoders stand.

use super::{ConvertError, Limits, Metadata};

/// Reads pictures of one format.
pub trait Decoder: Send + Sync {
    /// Whether this is a file of the format, by its first bytes (at least 64, where the file has so many).
    fn recognises(&self, beginning: &[u8]) -> bool;

    /// About how much memory decoding will need, in bytes, and whether it stays within the limits. Cheap: no pixel is
    /// decoded.
    ///
    /// # Errors
    /// [`ConvertError::TooLarge`] beyond the limits, [`ConvertError::Undecodable`] for what is damaged.
    fn estimate(&self, file: &[u8], limits: &Limits) -> Result<u64, ConvertError>;

    /// Decodes the picture, which [`estimate`](Self::estimate) has let pass.
    ///
    /// # Errors
    /// [`ConvertError::Undecodable`].
    fn decode(&self, file: &[u8], limits: &Limits) -> Result<Picture, ConvertError>;

    /// Decodes the small copy that the file holds of its picture, if it holds one.
    ///
    /// # Errors
    /// As for [`decode`](Self::decode).
    fn preview(&self, file: &[u8], limits: &Limits) -> Result<Option<Picture>, ConvertError>;
}

/// A decoded picture and what its file says about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// What is seen.
    pub pixels: Pixels,
    /// What is said.
    pub metadata: Metadata,
}

/// Pixels from the upper left corner, row by row, as they are seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pixels {
    /// The width in pixels.
    pub width: u32,
    /// The height in pixels.
    pub height: u32,
    /// Red, green, blue and opacity of each, in the colour space that the profile of the metadata names, else sRGB.
    pub rgba: Vec<u8>,
    /// Whether not all of it is opaque.
    pub has_alpha: bool,
}

impl Pixels {
    /// Lays the picture on white, as paper would.
    pub(super) fn flatten(&mut self) {
        if !std::mem::take(&mut self.has_alpha) {
            return;
        }
        for pixel in self.rgba.chunks_exact_mut(4) {
            let [red, green, blue, alpha] = pixel else { continue };
            for channel in [red, green, blue] {
                let (over, opacity) = (u32::from(*channel), u32::from(*alpha));
                *channel = u8::try_from((over * opacity + 255 * (255 - opacity) + 127) / 255).unwrap_or(u8::MAX);
            }
            *alpha = u8::MAX;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_transparent_becomes_white() {
        let rgba = vec![10, 20, 30, 255, 0, 0, 0, 0, 255, 0, 0, 128];
        let mut pixels = Pixels { width: 3, height: 1, rgba, has_alpha: true };
        pixels.flatten();
        assert_eq!(pixels.rgba, [10, 20, 30, 255, 255, 255, 255, 255, 255, 127, 127, 255]);
        assert!(!pixels.has_alpha);
    }
}
