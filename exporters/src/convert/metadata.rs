//! What a file says about its picture.

use super::exif::{fit, orientation, set_upright};
use super::{regions, xmp};

/// What a file says about its picture, as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The EXIF data, from its TIFF header on.
    pub exif: Option<Vec<u8>>,
    /// The XMP packet.
    pub xmp: Option<Vec<u8>>,
    /// The colour profile (ICC).
    pub icc: Option<Vec<u8>>,
}

impl Metadata {
    /// Makes it true for pixels that stand upright and are `width` by `height`, and short enough for `room` bytes of EXIF.
    pub(super) fn for_upright(mut self, width: u32, height: u32, room: usize) -> Self {
        let before = self.exif.as_deref().and_then(orientation);
        self.exif = self.exif.and_then(|mut tiff| {
            set_upright(&mut tiff, width, height);
            fit(tiff, room)
        });
        if let Some(packet) = &mut self.xmp {
            if let Some(before) = before.or_else(|| xmp::orientation(packet)) {
                regions::turn(packet, before);
            }
            xmp::set_upright(packet);
        }
        self
    }
}
