//! The places of faces and of the focus in an XMP packet (`mwg-rs:Regions`), which are fractions of the picture as it is
//! stored: in a copy that stands upright they are elsewhere.

use std::ops::Range;

/// The most regions that are turned. Packets with more lose them.
const REGIONS: usize = 1000;

/// Turns the regions of a packet as the picture is turned that was stored with `orientation` (EXIF). Regions that cannot be
/// read are taken out: none is better than a wrong one.
pub(super) fn turn(packet: &mut Vec<u8>, orientation: u32) {
    let Some(all) = element(packet, 0, "mwg-rs:Regions") else { return };
    if !(2..=8).contains(&orientation) {
        return;
    }
    match edits(packet, &all, orientation) {
        Some(mut edits) => {
            edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
            edits.into_iter().for_each(|(place, text)| drop(packet.splice(place, text.into_bytes())));
        }
        None => drop(packet.drain(all)),
    }
}

type Edits = Vec<(Range<usize>, String)>;

/// What becomes of the numbers in the regions; `None` where one of them is no number.
fn edits(packet: &[u8], all: &Range<usize>, orientation: u32) -> Option<Edits> {
    let mut edits = Vec::new();
    let mut from = all.start;
    while let Some(area) = element(packet, from, "mwg-rs:Area").filter(|area| area.end <= all.end) {
        from = area.end;
        let place = |name: &str| value(packet, &area, name);
        let (x, y, w, h) = (place("stArea:x")?, place("stArea:y")?, place("stArea:w"), place("stArea:h"));
        let number = |place: &Range<usize>| {
            let text = std::str::from_utf8(packet.get(place.clone())?).ok()?;
            text.trim().parse::<f64>().ok().filter(|number| number.is_finite())
        };
        let (right, down) = seen(number(&x)?, number(&y)?, orientation);
        edits.extend([(x, short(right)), (y, short(down))]);
        if let (Some(w), Some(h), 5..) = (w, h, orientation) {
            let (width, height) = (number(&w)?, number(&h)?);
            edits.extend([(w, short(height)), (h, short(width))]);
        }
        if edits.len() > REGIONS * 4 {
            return None;
        }
    }
    if orientation >= 5 {
        let (w, h) = (value(packet, all, "stDim:w")?, value(packet, all, "stDim:h")?);
        let text = |place: &Range<usize>| Some(std::str::from_utf8(packet.get(place.clone())?).ok()?.to_owned());
        let (width, height) = (text(&w)?, text(&h)?);
        edits.extend([(w, height), (h, width)]);
    }
    Some(edits)
}

/// A place of the picture as it is stored, in the picture as it is seen.
fn seen(x: f64, y: f64, orientation: u32) -> (f64, f64) {
    match orientation {
        2 => (1.0 - x, y),
        3 => (1.0 - x, 1.0 - y),
        4 => (x, 1.0 - y),
        5 => (y, x),
        6 => (1.0 - y, x),
        7 => (1.0 - y, 1.0 - x),
        8 => (y, 1.0 - x),
        _ => (x, y),
    }
}

fn short(number: f64) -> String {
    format!("{number:.6}")
}

/// Where the first element of a name is, from `from` on, with its tags.
fn element(packet: &[u8], from: usize, name: &str) -> Option<Range<usize>> {
    let start = from + find(packet.get(from..)?, format!("<{name}").as_bytes())?;
    let tag = start + find(packet.get(start..)?, b">")?;
    if packet.get(tag.checked_sub(1)?) == Some(&b'/') {
        return Some(start..tag + 1);
    }
    let closing = format!("</{name}>");
    let end = tag + find(packet.get(tag..)?, closing.as_bytes())? + closing.len();
    Some(start..end)
}

/// Where the value of a property is, as an attribute or as an element.
fn value(packet: &[u8], within: &Range<usize>, name: &str) -> Option<Range<usize>> {
    let inside = packet.get(within.clone())?;
    let start = find(inside, name.as_bytes())? + name.len();
    let opening =
        inside.get(start..)?.iter().take_while(|byte| matches!(byte, b'=' | b'"' | b'\'' | b'>' | b' ')).count();
    let start = start + opening;
    let length = inside.get(start..)?.iter().position(|byte| matches!(byte, b'"' | b'\'' | b'<'))?;
    (opening > 0 && length > 0).then(|| within.start + start..within.start + start + length)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use image::metadata::Orientation;
    use image::{DynamicImage, Rgb, RgbImage};
    use proptest::prelude::*;

    use super::*;

    fn turned(packet: &str, orientation: u32) -> String {
        let mut bytes = packet.as_bytes().to_vec();
        turn(&mut bytes, orientation);
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_place_is_where_turning_the_picture_takes_it() {
        for orientation in 1..=8_u8 {
            let mut stored = RgbImage::new(40, 20);
            stored.put_pixel(30, 4, Rgb([255, 255, 255]));
            let mut upright = DynamicImage::ImageRgb8(stored);
            upright.apply_orientation(Orientation::from_exif(orientation).unwrap());
            let upright = upright.into_rgb8();
            let (x, y, _) = upright.enumerate_pixels().find(|(_, _, pixel)| pixel.0[0] == 255).unwrap();
            let fraction = |at: u32, of: u32| (f64::from(at) + 0.5) / f64::from(of);
            let (right, down) = seen(fraction(30, 40), fraction(4, 20), u32::from(orientation));
            let (x, y) = (fraction(x, upright.width()), fraction(y, upright.height()));
            assert!((right - x).abs() + (down - y).abs() < 1e-9, "{orientation}");
        }
    }

    #[test]
    fn regions_are_turned_in_both_forms_of_xmp() {
        let elements = "<mwg-rs:Regions><mwg-rs:Area rdf:parseType='Resource'><stArea:y>0.565</stArea:y><stArea:w>0.1</stArea:w>\
            <stArea:x>0.48</stArea:x><stArea:h>0.2</stArea:h></mwg-rs:Area><mwg-rs:AppliedToDimensions><stDim:h>4284</stDim:h>\
            <stDim:w>5712</stDim:w></mwg-rs:AppliedToDimensions></mwg-rs:Regions>";
        let expected = elements.replace("0.565", "0.480000").replace("<stArea:x>0.48<", "<stArea:x>0.435000<");
        let expected = expected.replace("w>0.1<", "w>0.200000<").replace("h>0.2<", "h>0.100000<");
        let expected = expected.replace("4284", "?").replace("5712", "4284").replace('?', "5712");
        assert_eq!(turned(elements, 6), expected);
        assert_eq!(turned(elements, 1), elements);
        let attributes = "a<mwg-rs:Regions><mwg-rs:Area stArea:x=\"0.25\" stArea:y=\"0.5\"/></mwg-rs:Regions>b";
        assert_eq!(turned(attributes, 3), attributes.replace("0.25", "0.750000").replace("0.5\"", "0.500000\""));
        let odd = "a<mwg-rs:Regions><mwg-rs:Area stArea:x=\"left\" stArea:y=\"0.5\"/></mwg-rs:Regions>b";
        assert_eq!(turned(odd, 3), "ab");
        assert_eq!(turned("<a/>", 6), "<a/>");
    }

    proptest! {
        #[test]
        fn damaged_packets_harm_nothing(text in "[<>/a-z\"'=.0-9 ]{0,80}", orientation in 0..10_u32) {
            turned(&format!("<mwg-rs:Regions>{text}<mwg-rs:Area stArea:x=\"{text}</mwg-rs:Regions>"), orientation);
        }
    }
}
