//! What somebody calls themselves, as a message of theirs has it: `ZPUSHNAME`. Old versions keep the name there; newer ones a
//! protocol buffer in base64, which begins with the seconds of a date and has no name (the real store of iOS 15.3.1).

use crate::formats::protobuf::Message as Buffer;

/// The dates that such buffers have: 2001 to 2100, in seconds since 1970.
const DATES: std::ops::Range<u64> = 978_307_200..4_102_444_800;

/// The name, where there is one.
pub(super) fn push_name(stored: &str) -> Option<&str> {
    let name = stored.trim();
    let is_buffer = || decoded(name).is_some_and(|bytes| is_dated(&bytes));
    (!name.is_empty() && !is_buffer()).then_some(name)
}

fn is_dated(bytes: &[u8]) -> bool {
    Buffer::read(bytes).is_ok_and(|buffer| buffer.integer(1).is_some_and(|seconds| DATES.contains(&seconds)))
}

/// The bytes that stand in base64. `None` where it is none.
fn decoded(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) || text.len() > 4096 {
        return None;
    }
    let digits = text.trim_end_matches('=');
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
            held &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_told_from_a_buffer() {
        for name in ["Anna", "Caroline", "CHRISTOPHERS", "Ben Holm", "ÄÖÜ", "Zoë ☀️"] {
            assert_eq!(push_name(name), Some(name));
        }
        // Of the real store.
        for buffer in ["CO/kxKIGIAA=", "CJLJk6MGIABIAQ==", "CJrMk6MGGhoxOTE5NTc5NDY3NEBzLndoYXRzYXBwLm5ldCAB"] {
            assert_eq!(push_name(buffer), None, "{buffer}");
        }
        assert_eq!(push_name(" "), None);
    }
}
