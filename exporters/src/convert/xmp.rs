//! The orientation in an XMP packet.

/// The property that says how a picture is to be turned.
const ORIENTATION: &[u8] = b"tiff:Orientation";

/// Sets every orientation of a packet to 1, as an attribute or as an element, and leaves every other byte.
pub(super) fn set_upright(packet: &mut [u8]) {
    let mut from = 0;
    while let Some(found) = position(packet.get(from..).unwrap_or_default(), ORIENTATION) {
        from += found + ORIENTATION.len();
        let value = packet.get(from..).map(digit_after_opening);
        if let Some(Some(at)) = value
            && let Some(digit) = packet.get_mut(from + at)
        {
            *digit = b'1';
        }
    }
}

/// The first orientation that a packet names.
pub(super) fn orientation(packet: &[u8]) -> Option<u32> {
    let after = packet.get(position(packet, ORIENTATION)? + ORIENTATION.len()..)?;
    char::from(*after.get(digit_after_opening(after)?)?).to_digit(10)
}

/// Where the digit is in `="6"`, `='6'` and `>6<`.
fn digit_after_opening(rest: &[u8]) -> Option<usize> {
    let opening = rest.iter().take_while(|byte| matches!(byte, b'=' | b'"' | b'\'' | b'>' | b' ')).count();
    let is_one_digit = rest.get(opening)?.is_ascii_digit() && !rest.get(opening + 1)?.is_ascii_digit();
    (opening > 0 && is_one_digit).then_some(opening)
}

fn position(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_orientation_changes() {
        let packet =
            r#"<a tiff:Orientation="6" b="6"/><tiff:Orientation>8</tiff:Orientation><c tiff:Orientation='12'/>"#;
        let mut bytes = packet.as_bytes().to_vec();
        set_upright(&mut bytes);
        let expected = packet.replace("\"6\" b", "\"1\" b").replace(">8<", ">1<");
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
        let mut cut = b"tiff:Orientation=".to_vec();
        set_upright(&mut cut);
        assert_eq!(cut, b"tiff:Orientation=");
    }
}
