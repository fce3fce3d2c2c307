//! Conversion: real photos of five iPhones, and files that no camera writes.
#![cfg(feature = "heic")]

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use corer_exporters::convert::{
    ConvertError, ConvertTarget, Converter, Decoder, Format, Limits, Metadata, Picture, Pixels,
};
use exif::{Exif, In, Reader, Tag};
use heifer::heifer_isobmff::HeifFile;
use heifer::heifer_isobmff::writer::{HeifWriter, ImageSpec};
use heifer::{EncodeOptions, Image};
use image::ImageDecoder as _;
use proptest::prelude::*;

/// Every real HEIC file, where the data is at hand; each with its size as it is seen.
fn photos() -> Vec<(PathBuf, (u32, u32))> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("CORER_SHARED").map_or_else(beside, PathBuf::from).join("data/photos");
    if !shared.is_dir() {
        assert!(std::env::var_os("CI").is_none(), "no test data in {}", shared.display());
        eprintln!("skipped: no test data in {}", shared.display());
        return Vec::new();
    }
    let photos = [
        ("heic/IMG_3092.heic", (3024, 4032)),
        ("heic/IMG_1853.HEIC", (3024, 4032)),
        ("heic/IMG_E1853.heic", (3024, 4032)),
        ("live/IMG_3582.HEIC", (4284, 5712)),
        ("live/IMG_4394.HEIC", (3024, 4032)),
        ("adjustments/IMG_3582_edited.heic", (4284, 5712)),
    ];
    photos.map(|(name, size)| (shared.join(name), size)).to_vec()
}

/// A picture of bands, with a hole in the middle where it is to be transparent.
fn drawn(width: u32, height: u32, has_alpha: bool) -> Image {
    let mut image = Image::filled(width, height, 8, [0, 0, 0, 255]);
    for (place, pixel) in (0..).zip(image.data.chunks_exact_mut(4)) {
        let (x, y) = (place % width, place / width);
        let hole = has_alpha && x.abs_diff(width / 2) < width / 4 && y.abs_diff(height / 2) < height / 4;
        let band = |at: u32, of: u32| u16::try_from(at / 16 * 16 * 255 / of.max(1)).unwrap().min(255);
        pixel.copy_from_slice(&[band(x, width), band(y, height), 128, if hole { 0 } else { 255 }]);
    }
    image.has_alpha = has_alpha;
    image
}

fn heic(image: &Image) -> Vec<u8> {
    heifer::encode(image, &EncodeOptions { quality: 95, ..EncodeOptions::default() }).unwrap()
}

fn exif_of(jpeg: &[u8]) -> Exif {
    Reader::new().read_from_container(&mut Cursor::new(jpeg)).unwrap()
}

#[test]
fn real_photos_keep_what_they_say_and_stand_upright() {
    let converter = Converter::default();
    for (path, (width, height)) in photos() {
        let heic = fs::read(&path).unwrap();
        let before = exif_of(&heic);
        let converted = converter.convert(heic.clone(), ConvertTarget::Jpeg).unwrap();
        assert_eq!((converted.format, converted.width, converted.height), (Format::Jpeg, width, height), "{path:?}");
        let after = exif_of(&converted.bytes);
        let number = |tag| after.get_field(tag, In::PRIMARY).and_then(|field| field.value.get_uint(0));
        assert_eq!(number(Tag::Orientation), Some(1));
        assert_eq!(number(Tag::PixelXDimension).zip(number(Tag::PixelYDimension)), Some((width, height)));
        let lie = [Tag::Orientation, Tag::PixelXDimension, Tag::PixelYDimension];
        for field in before.fields().filter(|field| !lie.contains(&field.tag)) {
            let kept = after.get_field(field.tag, field.ifd_num).map(|field| field.display_value().to_string());
            assert_eq!(kept, Some(field.display_value().to_string()), "{path:?} {}", field.tag);
        }
        let mut decoder = image::codecs::jpeg::JpegDecoder::new(Cursor::new(&converted.bytes)).unwrap();
        let profile = heifer::read_metadata(&heic).unwrap().icc_profile;
        assert_eq!((decoder.dimensions(), decoder.icc_profile().unwrap()), ((width, height), profile), "{path:?}");
    }
}

#[test]
fn small_pictures_look_like_the_photo() {
    let converter = Converter::default();
    // One with a small copy inside, and one without.
    for (path, (width, height)) in photos().into_iter().skip(1).take(2) {
        let small = converter.thumbnail(fs::read(&path).unwrap(), 320).unwrap();
        assert!(small.bytes.len() < 60_000, "{path:?} {}", small.bytes.len());
        assert!((160..=320).contains(&small.height), "{path:?} {}", small.height);
        let (shape, expected) =
            (f64::from(small.width) / f64::from(small.height), f64::from(width) / f64::from(height));
        assert!((shape - expected).abs() < 0.02, "{path:?} {shape}");
    }
}

#[test]
fn stickers_keep_their_holes_for_pages_and_lie_on_white_as_jpeg() {
    for (width, height) in [(64, 48), (700, 640)] {
        let sticker = heic(&drawn(width, height, true));
        let converter = Converter::default();
        let png = converter.convert(sticker.clone(), ConvertTarget::Web).unwrap();
        assert_eq!((png.format, png.width, png.height), (Format::Png, width, height));
        let pixels = image::load_from_memory(&png.bytes).unwrap().into_rgba8();
        assert_eq!(pixels.get_pixel(width / 2, height / 2).0[3], 0);
        assert_eq!(pixels.get_pixel(1, 1).0[3], 255);
        let jpeg = converter.convert(sticker, ConvertTarget::Jpeg).unwrap();
        assert_eq!(jpeg.format, Format::Jpeg);
        let middle = image::load_from_memory(&jpeg.bytes).unwrap().into_rgb8().get_pixel(width / 2, height / 2).0;
        assert!(middle.iter().all(|channel| *channel > 245), "{middle:?}");
    }
    let opaque = Converter::default().convert(heic(&drawn(64, 48, false)), ConvertTarget::Web).unwrap();
    assert_eq!((opaque.format.extension(), opaque.format.mime()), ("jpg", "image/jpeg"));
}

#[test]
fn what_is_beyond_the_limits_is_refused_before_it_is_decoded() {
    let file = heic(&drawn(700, 640, false));
    let refused = |limits: Limits| Converter::new(limits).convert(file.clone(), ConvertTarget::Jpeg).unwrap_err();
    assert!(matches!(refused(Limits { pixels: 100_000, ..Limits::default() }), ConvertError::TooLarge(_)));
    assert!(matches!(refused(Limits { memory: 100_000, ..Limits::default() }), ConvertError::TooLarge(_)));
    let converter = Converter::new(Limits { bytes: 10, ..Limits::default() });
    assert!(matches!(converter.read(Cursor::new([0; 11])), Err(ConvertError::TooLarge(_))));
    assert_eq!(converter.read(Cursor::new([7; 10])), Ok(vec![7; 10]));
}

/// A PNG whose header claims this size, with `data` for pixels and a colour profile that is `profile`, both packed.
fn png(side: u32, data: &[u8], profile: &[u8]) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8; 4], content: &[u8]| {
        let body = [kind.as_slice(), content].concat();
        let mut crc = flate2::Crc::new();
        crc.update(&body);
        file.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        file.extend(&body);
        file.extend(crc.sum().to_be_bytes());
    };
    chunk(b"IHDR", &[&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 2, 0, 0, 0]].concat());
    chunk(b"iCCP", &[b"x\0\0", &*packed(profile)].concat());
    chunk(b"IDAT", &packed(data));
    chunk(b"IEND", b"");
    file
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// A JPEG header of this size, and nothing behind it.
fn jpeg_header(side: u16) -> Vec<u8> {
    let [high, low] = side.to_be_bytes();
    let frame = [0xff, 0xc0, 0, 17, 8, high, low, high, low, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    [&[0xff, 0xd8][..], &frame, &[0xff, 0xd9]].concat()
}

/// A HEIC of one picture whose description claims this size.
fn heic_header(side: u32) -> Vec<u8> {
    let plain = heic(&drawn(64, 48, false));
    let parsed = HeifFile::parse(&plain).unwrap();
    let config = parsed.hevc_config(parsed.primary_id).unwrap().unwrap().clone();
    let mut writer = HeifWriter::new();
    let picture = writer.add_image(&ImageSpec::new(side, side, config, &[vec![0x26, 0x01, 0xaf]]));
    writer.set_primary(picture);
    writer.finish()
}

#[test]
fn small_files_that_claim_to_be_huge_pictures_are_refused_unseen() {
    let converter = Converter::default();
    let bombs =
        [("JPEG", jpeg_header(u16::MAX)), ("PNG", png(60_000, &[0; 1_000_000], b"")), ("HEIC", heic_header(60_000))];
    for (name, bomb) in bombs {
        assert!(bomb.len() < 10_000, "{name}: {} bytes", bomb.len());
        assert!(matches!(converter.thumbnail(bomb, 320), Err(ConvertError::TooLarge(_))), "{name}");
    }
    // What is not decoded at all cannot burst.
    let gif = [b"GIF89a", &[0xff; 4][..], &[0xf7, 0, 0], &[0; 768], b";"].concat();
    assert!(!converter.knows(&gif));
    assert!(converter.thumbnail(gif.clone(), 320).is_err());
    assert_eq!(converter.convert(gif, ConvertTarget::Web), Err(ConvertError::Unknown));
}

#[test]
fn a_profile_that_unpacks_without_end_costs_the_profile_or_the_picture() {
    let pixels: Vec<u8> = (0..8).flat_map(|_| [0].into_iter().chain([200; 24])).collect();
    let bomb = png(8, &pixels, &vec![0; 256 << 20]);
    assert!(bomb.len() < 300_000, "{}", bomb.len());
    let limits = Limits { memory: 4 << 20, ..Limits::default() };
    let small = Converter::new(limits).thumbnail(bomb, 320);
    assert!(small.as_ref().is_err() || small.as_ref().is_ok_and(|small| small.bytes.len() < 4_000), "{small:?}");
}

/// A JPEG of this size with a small copy of the size in its EXIF data, to be turned as `orientation` says.
fn with_copy(size: (u32, u32), copy: (u32, u32), orientation: u8) -> Vec<u8> {
    let jpeg = |(width, height)| {
        let mut file = Cursor::new(Vec::new());
        image::RgbImage::from_pixel(width, height, image::Rgb([10, 120, 200]))
            .write_to(&mut file, image::ImageFormat::Jpeg)
            .unwrap();
        file.into_inner()
    };
    let small = jpeg(copy);
    let mut tiff = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 26, 0, 2]);
    tiff.extend(b"\x02\x01\0\x04\0\0\0\x01\0\0\0\x38\x02\x02\0\x04\0\0\0\x01");
    tiff.extend(u32::try_from(small.len()).unwrap().to_be_bytes());
    tiff.extend([0; 4]);
    assert_eq!(tiff.len(), 0x38);
    let segment = [b"Exif\0\0", &*tiff, &small].concat();
    let length = u16::try_from(segment.len() + 2).unwrap().to_be_bytes();
    let whole = jpeg(size);
    [&whole[..2], &[0xff, 0xe1], &length, &segment, &whole[2..]].concat()
}

#[test]
fn the_small_copy_that_a_camera_made_is_taken_upright_where_it_is_of_the_picture() {
    let converter = Converter::default();
    let size = |bytes: Vec<u8>| {
        let small = image::load_from_memory(&bytes).unwrap();
        (small.width(), small.height())
    };
    let embedded = |size, copy, orientation| converter.embedded(&with_copy(size, copy, orientation));
    assert_eq!(embedded((640, 480), (160, 120), 1).map(size), Some((160, 120)));
    assert_eq!(embedded((640, 480), (160, 120), 6).map(size), Some((120, 160)));
    assert_eq!(embedded((640, 480), (160, 160), 1), None, "cropped since");
    assert_eq!(embedded((640, 480), (80, 60), 1), None, "too small");
    assert_eq!(converter.embedded(&with_copy((640, 480), (160, 120), 1)[..400]), None, "cut off");
}

/// A file of two coded pictures, each of which claims to be made of the other.
fn cycle() -> Vec<u8> {
    let plain = heic(&drawn(64, 48, false));
    let parsed = HeifFile::parse(&plain).unwrap();
    let config = parsed.hevc_config(parsed.primary_id).unwrap().unwrap().clone();
    let slices = vec![vec![0x26, 0x01, 0xaf]];
    let mut writer = HeifWriter::new();
    let first = writer.add_image(&ImageSpec::new(64, 48, config.clone(), &slices));
    let second = writer.add_image(&ImageSpec::new(64, 48, config, &slices));
    writer.add_reference(*b"dimg", first, &[second]);
    writer.add_reference(*b"dimg", second, &[first]);
    writer.set_primary(first);
    writer.finish()
}

#[test]
fn pictures_that_are_made_of_each_other_end_nothing() {
    let converter = Converter::default();
    assert!(matches!(converter.convert(cycle(), ConvertTarget::Jpeg), Err(ConvertError::Undecodable(_))));
    assert!(matches!(converter.thumbnail(cycle(), 320), Err(ConvertError::Undecodable(_))));
}

/// A decoder as bad as they come.
struct Odd;

impl Decoder for Odd {
    fn recognises(&self, beginning: &[u8]) -> bool {
        beginning.starts_with(b"odd")
    }

    fn estimate(&self, _: &[u8], _: &Limits) -> Result<u64, ConvertError> {
        Ok(1)
    }

    fn decode(&self, file: &[u8], _: &Limits) -> Result<Picture, ConvertError> {
        match file.last() {
            Some(b'1') => std::thread::sleep(Duration::from_secs(20)),
            Some(b'2') => assert_eq!(file[1000], 0),
            _ => {}
        }
        let pixels = Pixels { width: 1, height: 1, rgba: vec![9, 9, 9, 255], has_alpha: false };
        Ok(Picture { pixels, metadata: Metadata::default() })
    }

    fn preview(&self, _: &[u8], _: &Limits) -> Result<Option<Picture>, ConvertError> {
        Ok(None)
    }
}

#[test]
fn a_decoder_that_fails_or_hangs_costs_one_picture() {
    let convert = |file: &str, time| {
        let limits = Limits { memory: 1 << 20, time, ..Limits::default() };
        let converter = Converter::with_decoders(limits, vec![Arc::new(Odd)]);
        converter.convert(file.as_bytes().to_vec(), ConvertTarget::Jpeg)
    };
    let (brief, long) = (Duration::from_millis(300), Duration::from_secs(60));
    assert_eq!(convert("odd 2", long), Err(ConvertError::Crashed));
    assert_eq!(convert("odd 1", brief), Err(ConvertError::TooSlow));
    assert!(convert("odd 0", long).is_ok());
    assert_eq!(convert("else", long), Err(ConvertError::Unknown));
}

#[test]
fn other_pictures_become_small_ones_upright() {
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(900, 300, image::Rgb([200, 10, 10]))
        .write_to(&mut png, image::ImageFormat::Png)
        .unwrap();
    let converter = Converter::default();
    let small = converter.thumbnail(png.into_inner(), 320).unwrap();
    assert_eq!((small.width, small.height), (320, 107));
    assert_eq!(converter.thumbnail(b"no picture".to_vec(), 320), Err(ConvertError::Unknown));
    assert_eq!(converter.convert(b"\xff\xd8\xff\xe0".to_vec(), ConvertTarget::Jpeg), Err(ConvertError::Unknown));
}

static STICKER: LazyLock<Vec<u8>> = LazyLock::new(|| heic(&drawn(64, 48, true)));

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn damaged_files_end_with_a_word(place in 0..4000_usize, byte: u8, cut in 0..4000_usize) {
        let mut file = STICKER.clone();
        file.truncate(file.len().saturating_sub(cut % file.len()));
        if let Some(there) = file.get_mut(place) { *there = byte; }
        let converter = Converter::new(Limits { pixels: 1_000_000, ..Limits::default() });
        // Whatever comes out, it is said and nothing ends.
        let _ = converter.convert(file.clone(), ConvertTarget::Web);
        let _ = converter.thumbnail(file, 32);
    }
}
