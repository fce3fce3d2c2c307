//! Where faces are, as the Metadata Working Group has it: the centre and the size in fractions of the picture as it is
//! *stored*, from its upper left corner. The library knows them in the picture as it is *seen*, so that a photo that is
//! stored lying on its side has them turned.

use corer_schemas::photos::{Asset, Region};

use super::facts::said;

/// The size of a picture as it is stored, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub width: u32,
    pub height: u32,
}

/// A face with a name, as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    pub name: String,
    pub region: Region,
}

/// The faces with a name and a place, and the picture that they refer to, stored with `orientation` (EXIF, 1 to 8).
pub(super) fn spots(asset: &Asset, orientation: u8) -> (Option<Size>, Vec<Spot>) {
    let size = asset.dimensions.filter(|(width, height)| *width > 0 && *height > 0).map(|(width, height)| {
        if orientation >= 5 { Size { width: height, height: width } } else { Size { width, height } }
    });
    if size.is_none() {
        return (None, Vec::new());
    }
    let spot = |face: &corer_schemas::photos::Face| {
        let region = face.region.filter(is_inside)?;
        Some(Spot { name: said(face.name.as_deref())?, region: as_stored(region, orientation) })
    };
    (size, asset.faces.iter().filter_map(spot).collect())
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
