//! Small pictures for pages.

use image::imageops::thumbnail;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, RgbaImage};
use std::io::Cursor;

use super::{ConvertError, Limits, Metadata, Picture, Pixels};

/// The longest colour profile that a small picture carries, in bytes. Apple's have about 550.
const PROFILE: usize = 4096;

/// Decodes a JPEG or PNG, upright.
pub(super) fn decode(file: &[u8], limits: &Limits) -> Result<Picture, ConvertError> {
    decode_turned(file, limits, None)
}

/// The same, turned by `orientation` instead of what the file says.
pub(super) fn decode_turned(
    file: &[u8],
    limits: &Limits,
    orientation: Option<Orientation>,
) -> Result<Picture, ConvertError> {
    let undecodable = |e: image::ImageError| ConvertError::Undecodable(e.to_string());
    let mut reader = ImageReader::new(Cursor::new(file))
        .with_guessed_format()
        .map_err(|e| ConvertError::Undecodable(e.to_string()))?;
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.memory);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(undecodable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(ConvertError::TooLarge(format!("it has {width} × {height} pixels")));
    }
    let orientation = orientation.or_else(|| decoder.orientation().ok()).unwrap_or(Orientation::NoTransforms);
    let icc = decoder.icc_profile().ok().flatten();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(undecodable)?;
    picture.apply_orientation(orientation);
    let has_alpha = picture.color().has_alpha();
    let rgba = picture.into_rgba8();
    let pixels = Pixels { width: rgba.width(), height: rgba.height(), rgba: rgba.into_raw(), has_alpha };
    Ok(Picture { pixels, metadata: Metadata { icc, ..Metadata::default() } })
}

/// Makes a picture so small that neither side is longer than `side`. Smaller ones stay as they are.
pub(super) fn shrink(mut picture: Picture, side: u32) -> Result<Picture, ConvertError> {
    let Pixels { width, height, .. } = picture.pixels;
    let longest = width.max(height);
    picture.metadata = Metadata { icc: picture.metadata.icc.filter(|icc| icc.len() <= PROFILE), ..Metadata::default() };
    picture.pixels.flatten();
    if longest <= side {
        return Ok(picture);
    }
    let scaled = |length: u32| {
        let length = (u64::from(length) * u64::from(side) + u64::from(longest) / 2) / u64::from(longest).max(1);
        u32::try_from(length).unwrap_or(side).clamp(1, side)
    };
    let rgba = std::mem::take(&mut picture.pixels.rgba);
    let Some(whole) = RgbaImage::from_raw(width, height, rgba) else {
        return Err(ConvertError::Undecodable("its pixels are not all there".to_owned()));
    };
    let small = thumbnail(&whole, scaled(width), scaled(height));
    picture.pixels = Pixels { width: small.width(), height: small.height(), rgba: small.into_raw(), has_alpha: false };
    Ok(picture)
}
