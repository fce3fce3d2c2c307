//! The list of contents of a HEIC or AVIF picture: where its items lie (`iloc`, ISO/IEC 14496-12, 8.11.3).

use super::boxes::child;

/// Whether a brand is one of pictures, which always have a list of contents.
pub(super) fn is_brand(brand: &[u8; 4]) -> bool {
    matches!(brand, b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" | b"mif2" | b"avif")
}

/// Whether all items lie within a file of this size, by the list of contents (`meta`). One that cannot be understood
/// shows nothing.
pub(super) fn fits(meta: &[u8], size: u64) -> bool {
    let places = meta.get(4..).and_then(|inside| child(inside, b"iloc"));
    places.and_then(furthest).is_none_or(|end| end <= size)
}

/// Where the last item ends.
fn furthest(iloc: &[u8]) -> Option<u64> {
    let mut rest = iloc;
    let version = take(&mut rest, 1)?;
    take(&mut rest, 3)?;
    let sizes = take(&mut rest, 2)?;
    let [of_offset, of_length, of_base, of_index] = [12, 8, 4, 0].map(|shift| (sizes >> shift & 15) as usize);
    let of_index = if version == 0 { 0 } else { of_index };
    let of_number = if version < 2 { 2 } else { 4 };
    let mut furthest = 0;
    for _ in 0..take(&mut rest, of_number)? {
        take(&mut rest, of_number)?;
        let method = if version == 0 { 0 } else { take(&mut rest, 2)? & 15 };
        let file = take(&mut rest, 2)?;
        let base = take(&mut rest, of_base)?;
        for _ in 0..take(&mut rest, 2)? {
            take(&mut rest, of_index)?;
            let offset = take(&mut rest, of_offset)?;
            let length = take(&mut rest, of_length)?;
            // Method 0: counted from the beginning of the file, this one (0).
            if method == 0 && file == 0 {
                furthest = furthest.max(base.saturating_add(offset).saturating_add(length));
            }
        }
    }
    Some(furthest)
}

/// Takes a number of so many bytes.
fn take(rest: &mut &[u8], bytes: usize) -> Option<u64> {
    let (number, behind) = rest.split_at_checked(bytes)?;
    *rest = behind;
    Some(number.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}
