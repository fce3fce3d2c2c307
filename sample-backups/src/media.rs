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
    Ok(with_exif(&jpeg(name, 48, 36)?, &Exif { taken, place, thumbnail: None }))
}

/// What a camera notes in a picture.
#[derive(Debug, Clone, Copy)]
pub struct Exif<'a> {
    /// When it was taken: `2019:05:11 14:03:22`.
    pub taken: &'a str,
    /// Latitude and longitude.
    pub place: Option<(f64, f64)>,
    /// A small JPEG of the same picture.
    pub thumbnail: Option<&'a [u8]>,
}

/// A JPEG with what its camera noted.
pub fn with_exif(plain: &[u8], exif: &Exif<'_>) -> Vec<u8> {
    let (start, rest) = plain.split_at(2);
    let exif = exif.encode();
    let mut out = start.to_vec();
    out.extend([0xff, 0xe1]);
    out.extend((exif.len() as u16 + 2).to_be_bytes());
    out.extend(exif);
    out.extend(rest);
    out
}

/// A landscape as somebody might photograph it, as a JPEG of the given size in pixels: a sky, a sun, three ranges of hills.
///
/// # Errors
/// Passes on errors of the encoder.
pub fn landscape(name: &str, width: u32, height: u32) -> Result<Vec<u8>> {
    let seed: [u8; 16] = Seed::new("landscape").bytes(name);
    let dial = |at: usize| f64::from(seed.get(at).copied().unwrap_or_default()) / 255.0;
    let (sky, land) = (dial(0) * 6.0, dial(1) * 6.0);
    let (sun_x, sun_y, sun) = (dial(2), 0.12 + dial(3) * 0.35, 0.03 + dial(4) * 0.05);
    let hue = |turn: f64, light: f64, strength: f64| {
        let channel = |shift: f64| light * (1.0 - strength + strength * (0.5 + 0.5 * (turn + shift).cos()));
        [channel(0.0), channel(2.1), channel(4.2)].map(|value| (value * 255.0).clamp(0.0, 255.0) as u8)
    };
    let picture = RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (f64::from(x) / f64::from(height), f64::from(y) / f64::from(height));
        let ranges = (0..3).rev().find(|range| {
            let (range, phase) = (f64::from(*range), dial(5 + *range as usize) * 6.0);
            let wave =
                (x * (3.0 + range * 2.0) + phase).sin() * 0.07 + (x * (11.0 + range) + phase * 3.0).sin() * 0.018;
            y > 0.5 + range * 0.14 + wave
        });
        image::Rgb(match ranges {
            Some(range) => hue(land + f64::from(range) * 0.35, 0.85 - f64::from(range) * 0.22 - y * 0.1, 0.6),
            None if (x - sun_x * 1.33).hypot(y - sun_y) < sun => [255, 248, 226],
            None => hue(sky + y * 0.9, 0.78 + y * 0.35, 0.45),
        })
    });
    let mut out = Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 80);
    encoder.write_image(&picture, width, height, ExtendedColorType::Rgb8)?;
    Ok(out.into_inner())
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
    /// Encodes it for the place `at`; the next directory is at `next`, or there is none.
    fn encode(mut self, at: u32, next: u32) -> Vec<u8> {
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
        out.extend(next.to_be_bytes());
        out.extend(values);
        out
    }
}

const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;

fn exif_text(tag: u16, value: &str) -> (u16, u16, u32, Vec<u8>) {
    (tag, ASCII, value.len() as u32 + 1, [value.as_bytes(), b"\0"].concat())
}

fn exif_number(tag: u16, value: u32) -> (u16, u16, u32, Vec<u8>) {
    (tag, LONG, 1, value.to_be_bytes().to_vec())
}

impl Exif<'_> {
    fn encode(&self) -> Vec<u8> {
        let main = |exif_at: u32, gps_at: u32, next: u32| {
            let mut entries = vec![exif_text(0x010f, "Apple"), exif_text(0x0110, "iPhone 14 Pro")];
            entries.push(exif_number(0x8769, exif_at));
            entries.extend(self.place.map(|_| exif_number(0x8825, gps_at)));
            ExifDirectory { entries }.encode(8, next)
        };
        let exif_at = 8 + main(0, 0, 0).len() as u32;
        let entries = vec![exif_text(0x9003, self.taken), exif_text(0x9011, "+00:00")];
        let detail = ExifDirectory { entries }.encode(exif_at, 0);
        let gps_at = exif_at + detail.len() as u32;
        let gps = self.place.map(|place| gps(place, gps_at)).unwrap_or_default();
        let thumbnail_at = gps_at + gps.len() as u32;
        let next = self.thumbnail.map_or(0, |_| thumbnail_at);
        let mut out = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
        out.extend(main(exif_at, gps_at, next));
        out.extend(detail);
        out.extend(gps);
        out.extend(self.thumbnail.map(|thumbnail| small_copy(thumbnail, thumbnail_at)).unwrap_or_default());
        out
    }
}

/// The directory of the place.
fn gps((latitude, longitude): (f64, f64), at: u32) -> Vec<u8> {
    let entries = vec![
        (0x0001, ASCII, 2, if latitude < 0.0 { b"S\0" } else { b"N\0" }.to_vec()),
        (0x0002, RATIONAL, 3, degrees(latitude)),
        (0x0003, ASCII, 2, if longitude < 0.0 { b"W\0" } else { b"E\0" }.to_vec()),
        (0x0004, RATIONAL, 3, degrees(longitude)),
    ];
    ExifDirectory { entries }.encode(at, 0)
}

/// The directory of the small copy, and the copy.
fn small_copy(thumbnail: &[u8], at: u32) -> Vec<u8> {
    let directory = |from: u32| {
        let entries = vec![
            (0x0103, SHORT, 1, 6u16.to_be_bytes().to_vec()),
            exif_number(0x0201, from),
            exif_number(0x0202, thumbnail.len() as u32),
        ];
        ExifDirectory { entries }.encode(at, 0)
    };
    let mut out = directory(at + directory(0).len() as u32);
    out.extend(thumbnail);
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
