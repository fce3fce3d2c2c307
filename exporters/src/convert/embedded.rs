//! The small copy that cameras put into the EXIF data of a JPEG: 160 by 120 pixels, a thousandth of the work.

use std::io::Cursor;

use exif::{Exif, In, Reader, Tag};
use image::metadata::Orientation;

/// How many bytes of a file are enough to look for the copy: a segment of EXIF data has 64 KB, and the size of the picture
/// stands in a later one.
pub(super) const BEGINNING: usize = 128 << 10;

/// The shortest longer side of a copy that pages can show, in pixels.
const SIDE: usize = 150;

/// A small copy.
pub(super) struct Embedded {
    /// A JPEG.
    pub(super) file: Vec<u8>,
    /// How it is to be turned.
    pub(super) orientation: Orientation,
}

/// The small copy in a JPEG that begins so. `None` where there is none, where it is too small, and where it has another
/// shape than the picture: programs that crop often leave the copy as it was.
pub(super) fn embedded(beginning: &[u8]) -> Option<Embedded> {
    let exif = Reader::new().read_from_container(&mut Cursor::new(beginning)).ok()?;
    let number = |tag, directory| exif.get_field(tag, directory)?.value.get_uint(0);
    let start = usize::try_from(number(Tag::JPEGInterchangeFormat, In::THUMBNAIL)?).ok()?;
    let length = usize::try_from(number(Tag::JPEGInterchangeFormatLength, In::THUMBNAIL)?).ok()?;
    let file = exif.buf().get(start..start.checked_add(length)?)?;
    let (picture, copy) = (imagesize::blob_size(beginning).ok()?, imagesize::blob_size(file).ok()?);
    let is_enough = file.starts_with(b"\xff\xd8\xff") && copy.width.max(copy.height) >= SIDE;
    (is_enough && is_alike(picture, copy)).then(|| Embedded { file: file.to_vec(), orientation: orientation(&exif) })
}

/// Whether two pictures have the same shape, to within a twentieth.
fn is_alike(one: imagesize::ImageSize, other: imagesize::ImageSize) -> bool {
    let (left, right) = (one.width.saturating_mul(other.height), one.height.saturating_mul(other.width));
    left.abs_diff(right) <= left.max(right) / 20
}

fn orientation(exif: &Exif) -> Orientation {
    let number = exif.get_field(Tag::Orientation, In::PRIMARY).and_then(|field| field.value.get_uint(0));
    let known = number.and_then(|number| Orientation::from_exif(u8::try_from(number).ok()?));
    known.unwrap_or(Orientation::NoTransforms)
}
