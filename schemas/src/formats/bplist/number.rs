//! Numbers of a property list, and the lengths of what has one.

use super::malformed::Malformed;

/// One of a row of big-endian numbers of `size` bytes each. Nearly all lists have numbers of one or two bytes.
#[inline]
pub(super) fn nth(bytes: &[u8], size: usize, index: usize) -> Option<u64> {
    if size == 1 {
        return bytes.get(index).map(|byte| u64::from(*byte));
    }
    let at = index.checked_mul(size)?;
    bytes.get(at..at.checked_add(size)?).map(big_endian)
}

/// The last eight bytes at most, as an unsigned number.
#[inline]
pub(super) fn big_endian(bytes: &[u8]) -> u64 {
    match *bytes {
        [a] => u64::from(a),
        [a, b] => u64::from(u16::from_be_bytes([a, b])),
        _ => bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)),
    }
}

/// Integers of up to four bytes are unsigned, of eight bytes signed, of sixteen signed too (for large unsigned ones).
#[inline]
pub(super) fn integer(low: u8, rest: &[u8]) -> Result<i128, Malformed> {
    let bytes = |size| rest.get(..size).ok_or(Malformed::OutOfRange);
    match low {
        0..=2 => Ok(i128::from(big_endian(bytes(1 << low)?))),
        3 => Ok(i128::from(big_endian(bytes(8)?).cast_signed())),
        4 => {
            let wide = bytes(16)?.first_chunk::<16>().ok_or(Malformed::OutOfRange)?;
            Ok(i128::from_be_bytes(*wide))
        }
        _ => Err(Malformed::UnknownKind),
    }
}

/// Floating-point numbers of four and eight bytes.
#[inline]
pub(super) fn real(low: u8, rest: &[u8]) -> Result<f64, Malformed> {
    match low {
        2 => rest.first_chunk().map(|bytes| f64::from(f32::from_be_bytes(*bytes))).ok_or(Malformed::OutOfRange),
        3 => rest.first_chunk().map(|bytes| f64::from_be_bytes(*bytes)).ok_or(Malformed::OutOfRange),
        _ => Err(Malformed::UnknownKind),
    }
}

/// The bytes of an object that counts units of `unit` bytes.
#[inline]
pub(super) fn sized(low: u8, unit: usize, rest: &[u8]) -> Result<&[u8], Malformed> {
    let (count, rest) = length(low, rest)?;
    let size = usize::try_from(count).ok().and_then(|count| count.checked_mul(unit));
    size.and_then(|size| rest.get(..size)).ok_or(Malformed::OutOfRange)
}

/// The count of an object, and the bytes after it.
#[inline]
pub(super) fn length(low: u8, rest: &[u8]) -> Result<(u64, &[u8]), Malformed> {
    if low < 0x0f {
        return Ok((u64::from(low), rest));
    }
    let (marker, rest) = rest.split_first().ok_or(Malformed::OutOfRange)?;
    if !(0x10..=0x13).contains(marker) {
        return Err(Malformed::UnknownKind);
    }
    let (count, rest) = rest.split_at_checked(1 << (marker & 0x0f)).ok_or(Malformed::OutOfRange)?;
    Ok((big_endian(count), rest))
}
