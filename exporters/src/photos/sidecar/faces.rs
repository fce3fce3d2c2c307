//! Where faces are, as the Metadata Working Group has it: the centre and the size in fractions of the picture as it is
//! *stored*, from its upper left corner. The library knows them in the picture as it is *seen*, so that a photo that is
//! stored lying on its side has them turned.

use std::io::{Cursor, Read as _};

use corer_schemas::Source;
use corer_schemas::photos::{Asset, AssetFile, Frame, Region, Role, Stored};

use super::xml_text::xml_text;
use crate::convert::Content;

/// The size of a picture as it is stored, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub width: u32,
    pub height: u32,
}

/// A face with a name, as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NamedFace {
    pub name: String,
    pub region: Region,
}

/// The faces with a name and a place in a file, and the size of it. `file` is what the file itself says about how it is
/// stored, where it was asked.
///
/// Where an edit cut or turned the picture, a face that was found in the one is elsewhere in the other: there it is left
/// out.
pub(super) fn named_faces(asset: &Asset, role: Role, file: Option<Stored>) -> (Option<Size>, Vec<NamedFace>) {
    let frame = match role {
        Role::Original | Role::AlternateRaw | Role::AlternateImage => Frame::Original,
        _ => Frame::Shown,
    };
    let is_moved = is_moved(asset);
    let (upright, orientation) = match frame {
        Frame::Original => {
            // What is not known of the original is known of what is shown where no edit lies between them.
            let shown = asset.dimensions.filter(|_| !is_moved);
            let known = asset.orientation.filter(|_| !asset.is_edited);
            (asset.original.upright().or(shown), asset.original.orientation.or(known))
        }
        // Edits and copies are stored upright.
        Frame::Shown => (asset.dimensions, Some(1)),
    };
    let orientation = file.and_then(|file| file.orientation).or(orientation);
    // Where neither says so, it stands upright.
    let orientation = orientation.or_else(|| (file.is_some() || !asset.is_edited).then_some(1));
    let (Some(upright), Some(orientation)) = (upright, orientation) else { return (None, Vec::new()) };
    let turned = |(width, height): (u32, u32)| if orientation >= 5 { (height, width) } else { (width, height) };
    let stored = file.and_then(|file| file.dimensions);
    if stored.is_some_and(|stored| !is_alike(turned(stored), upright)) {
        return (None, Vec::new());
    }
    let (width, height) = stored.unwrap_or_else(|| turned(upright));
    let spot = |face: &corer_schemas::photos::Face| {
        let region = face.region.filter(|_| !is_moved || face.frame == frame).filter(is_inside)?;
        Some(NamedFace { name: xml_text(face.name.as_deref())?, region: as_stored(region, orientation) })
    };
    (Some(Size { width, height }), asset.faces.iter().filter_map(spot).collect())
}

/// Whether an edit moved what is seen, or may have.
pub(super) fn is_moved(asset: &Asset) -> bool {
    asset.is_edited && asset.is_reframed != Some(false)
}

/// Whether there is a face to be placed.
pub(super) fn has_named_faces(asset: &Asset) -> bool {
    asset.faces.iter().any(|face| face.region.is_some() && face.name.is_some())
}

/// Whether two pictures have the same shape, to within a twentieth.
fn is_alike(one: (u32, u32), other: (u32, u32)) -> bool {
    let (left, right) = (u64::from(one.0) * u64::from(other.1), u64::from(other.0) * u64::from(one.1));
    left.abs_diff(right) <= left.max(right) / 20
}

/// What a JPEG or PNG says about how it is stored. HEIC files say so in several places, of which the library knows more.
pub(super) fn stored(source: &dyn Source, file: &AssetFile) -> Option<Stored> {
    const BEGINNING: u64 = 256 << 10;
    let mut beginning = Vec::new();
    source.open(file.entry()?).ok()?.reader.take(BEGINNING).read_to_end(&mut beginning).ok()?;
    if !matches!(Content::of(&beginning), Some(Content::Jpeg | Content::Png)) {
        return None;
    }
    let size = imagesize::blob_size(&beginning).ok()?;
    let dimensions = u32::try_from(size.width).ok().zip(u32::try_from(size.height).ok());
    let orientation = exif::Reader::new().read_from_container(&mut Cursor::new(&beginning)).ok().and_then(|exif| {
        let turn = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0)?;
        u8::try_from(turn).ok().filter(|turn| (1..=8).contains(turn))
    });
    Some(Stored { dimensions, orientation })
}

fn is_inside(region: &Region) -> bool {
    let Region { x, y, width, height } = *region;
    [x, y, width, height].iter().all(|value| (0.0..=1.0).contains(value)) && width > 0.0 && height > 0.0
}

/// A region of the picture as it is seen, in the picture as it is stored.
fn as_stored(region: Region, orientation: u8) -> Region {
    let Region { x, y, width, height } = region;
    let (x, y) = match orientation {
        2 => (1.0 - x, y),
        3 => (1.0 - x, 1.0 - y),
        4 => (x, 1.0 - y),
        5 => (y, x),
        6 => (y, 1.0 - x),
        7 => (1.0 - y, 1.0 - x),
        8 => (1.0 - y, x),
        _ => (x, y),
    };
    if orientation >= 5 { Region { x, y, width: height, height: width } } else { Region { x, y, width, height } }
}

#[cfg(test)]
mod tests {
    use image::metadata::Orientation;
    use image::{DynamicImage, Rgb, RgbImage};

    use super::*;

    /// Paints a dot into a stored picture, turns it as programs do, and asks where the dot was.
    #[test]
    fn regions_are_where_the_face_is_before_the_picture_is_turned() {
        let (width, height) = (40, 20);
        for orientation in 1..=8 {
            let mut stored = RgbImage::new(width, height);
            stored.put_pixel(30, 4, Rgb([255, 255, 255]));
            let mut seen = DynamicImage::ImageRgb8(stored);
            seen.apply_orientation(Orientation::from_exif(orientation).unwrap());
            let seen = seen.into_rgb8();
            let (x, y, _) = seen.enumerate_pixels().find(|(_, _, pixel)| pixel.0[0] == 255).unwrap();
            let fraction = |at: u32, of: u32| (f64::from(at) + 0.5) / f64::from(of);
            let region =
                Region { x: fraction(x, seen.width()), y: fraction(y, seen.height()), width: 0.2, height: 0.1 };
            let region = as_stored(region, orientation);
            let expected = (fraction(30, width), fraction(4, height));
            assert!((region.x - expected.0).abs() + (region.y - expected.1).abs() < 1e-9, "{orientation} {region:?}");
            assert_eq!(region.width > region.height, orientation < 5);
        }
    }
}
