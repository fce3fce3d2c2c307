//! HEIC and HEIF files, by way of the crate `heifer`.
//!
//! Measured on real photos of five iPhones (6s to 15 Pro) against libheif 1.23: the same bits for two of six, 44.9 to
//! 60.3 dB for the others, where only the way differs in which colour is brought to full resolution. `heic-rs` 0.1 gave
//! 27 to 29 dB on the same files.

mod cost;

use heifer::heifer_isobmff::{BoxIter, HeifFile};
use heifer::{Error, Options};

use super::decoder::{Decoder, Picture, Pixels};
use super::{ConvertError, Limits, Metadata};

/// The brands of files that hold HEVC pictures, alone or as a still image beside a sequence.
const BRANDS: [&[u8; 4]; 8] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"];

/// The longest description of a file that is read, in bytes. Those of iPhones have about 20,000; reading one takes time
/// that grows with its square.
const DESCRIPTION: usize = 1 << 20;

/// The decoder.
pub(super) struct Heifer;

impl Decoder for Heifer {
    fn recognises(&self, beginning: &[u8]) -> bool {
        let brand = beginning.get(4..12).and_then(|bytes| bytes.strip_prefix(b"ftyp"));
        brand.is_some_and(|brand| BRANDS.iter().any(|known| brand == *known))
    }

    fn estimate(&self, file: &[u8], limits: &Limits) -> Result<u64, ConvertError> {
        Ok(cost::estimate(&parse(file)?, limits)?.memory())
    }

    fn decode(&self, file: &[u8], limits: &Limits) -> Result<Picture, ConvertError> {
        let parsed = parse(file)?;
        let cost = cost::estimate(&parsed, limits)?;
        let options = Options { max_threads: 1, max_pixels: cost.most_pixels() };
        let metadata = heifer::item_metadata(&parsed, parsed.primary_id).map_err(undecodable)?;
        drop(parsed);
        // With a profile the picture keeps its own colours, and whoever shows it converts them; without, they are
        // brought to sRGB.
        let image = match metadata.icc_profile {
            Some(_) => heifer::decode_rgba8(file, &options),
            None => heifer::decode_srgb_rgba8(file, &options),
        };
        let image = image.map_err(undecodable)?;
        let (width, height, has_alpha) = (image.width, image.height, image.has_alpha);
        Ok(Picture {
            pixels: Pixels { width, height, rgba: image.data, has_alpha },
            metadata: Metadata { exif: metadata.exif, xmp: metadata.xmp, icc: metadata.icc_profile },
        })
    }

    fn preview(&self, file: &[u8], limits: &Limits) -> Result<Option<Picture>, ConvertError> {
        let parsed = parse(file)?;
        if !cost::preview_is_small(&parsed, limits) {
            return Ok(None);
        }
        let icc = parsed.icc_profile(parsed.primary_id).ok().flatten().map(<[u8]>::to_vec);
        let image = heifer::decode_thumbnail(file).map_err(undecodable)?;
        Ok(image.map(|image| Picture {
            pixels: Pixels {
                width: image.width,
                height: image.height,
                has_alpha: image.has_alpha,
                rgba: image.to_rgba8(),
            },
            metadata: Metadata { icc, ..Metadata::default() },
        }))
    }
}

/// Reads what the file says about itself, unless that is longer than any camera writes.
fn parse(file: &[u8]) -> Result<HeifFile<'_>, ConvertError> {
    for part in BoxIter::new(file) {
        let part = part.map_err(|e| ConvertError::Undecodable(e.to_string()))?;
        if part.header.box_type.0 == *b"meta" && part.content.len() > DESCRIPTION {
            return Err(ConvertError::TooLarge(format!("its description has {} bytes", part.content.len())));
        }
    }
    HeifFile::parse(file).map_err(|e| ConvertError::Undecodable(e.to_string()))
}

fn undecodable(error: Error) -> ConvertError {
    ConvertError::Undecodable(error.to_string())
}
