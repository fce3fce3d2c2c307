//! PNG files, for pictures that are not opaque.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _, ImageError};

use super::{ConvertError, Metadata, Pixels};

/// The longest EXIF data that is kept, in bytes: no program writes more.
const EXIF: usize = 1 << 20;

/// Encodes a picture with its opacity and its metadata.
pub(super) fn encode(pixels: &Pixels, metadata: &Metadata) -> Result<Vec<u8>, ConvertError> {
    let metadata = metadata.clone().for_upright(pixels.width, pixels.height, EXIF);
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    // This encoder takes both; one that would not still makes the picture.
    if let Some(icc) = metadata.icc {
        let _ = encoder.set_icc_profile(icc);
    }
    if let Some(exif) = metadata.exif {
        let _ = encoder.set_exif_metadata(exif);
    }
    encoder
        .write_image(&pixels.rgba, pixels.width, pixels.height, ExtendedColorType::Rgba8)
        .map_err(|e: ImageError| ConvertError::Unencodable(e.to_string()))?;
    Ok(file)
}
