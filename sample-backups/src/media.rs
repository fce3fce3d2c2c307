//! Tiny but valid pictures, sounds and videos.

use std::io::Cursor;

use image::{ExtendedColorType, ImageEncoder, RgbImage};

use crate::error::Result;
use crate::seed::Seed;

/// A picture of soft stripes whose colours follow from its name.
fn picture(name: &str, width: u32, height: u32) -> RgbImage {
    let [r, g, b, step, ..]: [u8; 8] = Seed::new("picture").bytes(name);
    let step = u32::from(step % 5) + 1;
    RgbImage::from_fn(width, height, |x, y| {
        let shade = ((x * step + y * 3) % 64) as u8;
        image::Rgb([r.wrapping_add(shade), g ^ (shade / 2), b.saturating_add(shade)])
    })
}

/// A JPEG of the given size in pixels.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn jpeg(name: &str, width: u32, height: u32) -> Result<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 60);
    encoder.write_image(&picture(name, width, height), width, height, ExtendedColorType::Rgb8)?;
    Ok(out.into_inner())
}

/// A JPEG with the camera's date (`2019:05:11 14:03:22`) and, where known, latitude and longitude in its EXIF.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn photo(name: &str, taken: &str, place: Option<(f64, f64)>) -> Result<Vec<u8>> {
    let plain = jpeg(name, 48, 36)?;
    let (start, rest) = plain.split_at(2);
    let exif = exif(taken, place);
    let mut out = start.to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((exif.len() as u16 + 2).to_be_bytes());
    out.extend(exif);
    out.extend(rest);
    Ok(out)
}

/// A PNG of the given size in pixels.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn png(name: &str, width: u32, height: u32) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let encoder = image::codecs::png::PngEncoder::new(&mut out);
    encoder.write_image(&picture(name, width, height), width, height, ExtendedColorType::Rgb8)?;
    Ok(out)
}

/// One directory of EXIF tags: big-endian entries, values of more than four bytes behind them.
struct ExifDirectory {
    entries: Vec<(u16, u16, u32, Vec<u8>)>,
}

impl ExifDirectory {
    fn encode(mut self, at: u32) -> Vec<u8> {
        self.entries.sort_by_key(|entry| entry.0);
        let mut values_at = at + 2 + 12 * self.entries.len() as u32 + 4;
        let (mut out, mut values) = ((self.entries.len() as u16).to_be_bytes().to_vec(), Vec::new());
        for (tag, kind, count, mut value) in self.entries {
            out.extend(tag.to_be_bytes());
            out.extend(kind.to_be_bytes());
            out.extend(count.to_be_bytes());
            if value.len() <= 4 {
                value.resize(4, 0);
                out.extend(value);
            } else {
                value.resize(value.len().next_multiple_of(2), 0);
                out.extend(values_at.to_be_bytes());
                values_at += value.len() as u32;
                values.extend(value);
            }
        }
        out.extend([0; 4]);
        out.extend(values);
        out
    }
}

const ASCII: u16 = 2;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

fn exif(taken: &str, place: Option<(f64, f64)>) -> Vec<u8> {
    let text = |tag: u16, value: &str| (tag, ASCII, value.len() as u32 + 1, [value.as_bytes(), b"\0"].concat());
    let link = |tag: u16, at: u32| (tag, LONG, 1, at.to_be_bytes().to_vec());
    let main = |exif_at: u32, gps_at: u32| {
        let mut entries = vec![text(0x010f, "Apple"), text(0x0110, "iPhone 14 Pro"), link(0x8769, exif_at)];
        entries.extend(place.map(|_| link(0x8825, gps_at)));
        ExifDirectory { entries }.encode(8)
    };
    let exif_at = 8 + main(0, 0).len() as u32;
    let detail = ExifDirectory { entries: vec![text(0x9003, taken), text(0x9011, "+00:00")] }.encode(exif_at);
    let gps_at = exif_at + detail.len() as u32;
    let mut out = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    out.extend(main(exif_at, gps_at));
    out.extend(detail);
    if let Some((latitude, longitude)) = place {
        let entries = vec![
            (0x0001, ASCII, 2, if latitude < 0.0 { b"S\0" } else { b"N\0" }.to_vec()),
            (0x0002, RATIONAL, 3, degrees(latitude)),
            (0x0003, ASCII, 2, if longitude < 0.0 { b"W\0" } else { b"E\0" }.to_vec()),
            (0x0004, RATIONAL, 3, degrees(longitude)),
        ];
        out.extend(ExifDirectory { entries }.encode(gps_at));
    }
    out
}

fn degrees(value: f64) -> Vec<u8> {
    let seconds = (value.abs() * 360_000.0).round() as u32;
    let parts = [(seconds / 360_000, 1), (seconds / 6_000 % 60, 1), (seconds % 6_000, 100)];
    parts.iter().flat_map(|(top, bottom): &(u32, u32)| [top.to_be_bytes(), bottom.to_be_bytes()].concat()).collect()
}

/// Silence as a narrow-band AMR file: 50 frames a second, each "no data".
pub fn amr(seconds: usize) -> Vec<u8> {
    let mut out = b"#!AMR\n".to_vec();
    out.extend(std::iter::repeat_n(0x7c, seconds * 50));
    out
}

/// A box of an ISO media file.
pub fn media_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let mut out = (content.len() as u32 + 8).to_be_bytes().to_vec();
    out.extend(kind);
    out.extend(content);
    out
}

/// A media file of the given brand and length with a header and no track.
fn media(brand: &[u8; 4], milliseconds: u32) -> Vec<u8> {
    let mut header = vec![0; 12];
    header.extend(1000u32.to_be_bytes());
    header.extend(milliseconds.to_be_bytes());
    header.extend([0, 1, 0, 0, 1, 0]);
    header.extend([0; 10]);
    for value in [0x0001_0000u32, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000, 0, 0, 0, 0, 0, 0, 2] {
        header.extend(value.to_be_bytes());
    }
    let mut out = media_box(b"ftyp", &[brand.as_slice(), &[0; 4], brand].concat());
    out.extend(media_box(b"moov", &media_box(b"mvhd", &header)));
    out
}

/// A QuickTime video without a picture.
pub fn mov(milliseconds: u32) -> Vec<u8> {
    media(b"qt  ", milliseconds)
}

/// An M4A recording without a sound.
pub fn m4a(milliseconds: u32) -> Vec<u8> {
    media(b"M4A ", milliseconds)
}
