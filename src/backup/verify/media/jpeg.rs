//! JPEG: markers from the start to the end of the image (ITU-T T.81, annex B).

use super::Form;
use super::reader::Reader;

/// Follows the markers. What comes behind the end of the image (more pictures, depth, a movement) is not looked at.
pub(super) fn form(reader: &mut Reader<'_>) -> Form {
    reader.skip(2);
    loop {
        match reader.byte() {
            None => return cut(),
            Some(0xFF) => {}
            // Some writers leave a few bytes between segments; readers look for the next marker.
            Some(_) if reader.find(0xFF) => {}
            Some(_) => return cut(),
        }
        match marker(reader) {
            None => return cut(),
            Some(0xD9) => return Form::Sound,
            Some(0x00 | 0x01 | 0xD0..=0xD8) => {}
            Some(kind) => {
                let Some(length) = reader.u16() else { return cut() };
                reader.skip(u64::from(length).saturating_sub(2));
                if reader.is_beyond_end() {
                    return cut();
                }
                if kind == 0xDA && !skip_scan(reader) {
                    return cut();
                }
            }
        }
    }
}

fn cut() -> Form {
    Form::cut("its end of image is missing")
}

/// The kind of a marker, behind any number of filling bytes.
fn marker(reader: &mut Reader<'_>) -> Option<u8> {
    loop {
        match reader.byte()? {
            0xFF => {}
            kind => return Some(kind),
        }
    }
}

/// Goes through the coded bytes of a scan, to just before the marker that ends it.
fn skip_scan(reader: &mut Reader<'_>) -> bool {
    while reader.find(0xFF) {
        match marker(reader) {
            None => return false,
            Some(0x00 | 0xD0..=0xD7) => {}
            Some(_) => {
                reader.step_back();
                return true;
            }
        }
    }
    false
}
