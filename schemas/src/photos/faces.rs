//! The faces that the device found, and the people whom they belong to.

use std::collections::HashMap;

use super::details::Index;
use super::model::{Asset, Face, Frame, Region};
use super::rows::Rows;

/// Both names that a column had: that of iOS 17 and later first.
const COLUMNS: [&str; 9] = [
    "ZASSETFORFACE",
    "ZASSET",
    "ZPERSONFORFACE",
    "ZPERSON",
    "ZCENTERX",
    "ZCENTERY",
    "ZSIZE",
    "ZSOURCEWIDTH",
    "ZSOURCEHEIGHT",
];

/// A person of the library.
struct Person {
    name: Option<String>,
    uuid: Option<String>,
}

/// Adds the faces to the assets.
pub(super) fn add(rows: &mut Rows<'_>, assets: &mut [Asset], index: &Index) {
    let people = people(rows);
    rows.each("ZDETECTEDFACE", &COLUMNS, &mut |_, row| {
        let (asset, before) = (row.integer(), row.integer());
        let (person, person_before) = (row.integer(), row.integer());
        let Some(asset) = index.asset(assets, asset.or(before)) else { return };
        let circle = (row.real(), row.real(), row.real());
        let source = row.real().zip(row.real());
        let frame = frame(asset, source);
        let size = match frame {
            Frame::Shown => asset.dimensions,
            Frame::Original => asset.original.upright(),
        };
        let region = region(circle, size.map(real).or(source));
        asset.faces.push(face(people.get(&person.or(person_before).unwrap_or_default()), region, frame));
    });
    // iOS 8 and 9 know faces from a computer alone: who, but not where.
    rows.each("ZPERSONREFERENCE", &["ZASSETATTRIBUTES", "ZPERSON"], &mut |_, row| {
        let Some(asset) = index.owner(assets, row.integer()) else { return };
        let person = row.integer().and_then(|id| people.get(&id));
        if person.is_some_and(|person| !asset.faces.iter().any(|face| face.person_uuid == person.uuid)) {
            asset.faces.push(face(person, None, Frame::default()));
        }
    });
}

fn people(rows: &mut Rows<'_>) -> HashMap<i64, Person> {
    let mut people = HashMap::new();
    rows.each("ZPERSON", &["ZFULLNAME", "ZDISPLAYNAME", "ZPERSONUUID"], &mut |id, row| {
        let (full, short) = (row.name(), row.name());
        people.insert(id, Person { name: full.or(short), uuid: row.name() });
    });
    people
}

/// Which picture a face was found in: the size that its own row names tells, where an edit gave the picture another shape.
fn frame(asset: &Asset, source: Option<(f64, f64)>) -> Frame {
    let (Some(source), Some(shown), Some(original)) =
        (source.filter(|_| asset.is_edited), asset.dimensions.map(real), asset.original.upright().map(real))
    else {
        return Frame::Shown;
    };
    match (is_alike(source, shown), is_alike(source, original)) {
        (false, true) => Frame::Original,
        (true, true) if source == original && source != shown => Frame::Original,
        _ => Frame::Shown,
    }
}

fn real((width, height): (u32, u32)) -> (f64, f64) {
    (f64::from(width), f64::from(height))
}

/// Whether two pictures have the same shape, to within a fiftieth.
fn is_alike(one: (f64, f64), other: (f64, f64)) -> bool {
    let (left, right) = (one.0 * other.1, one.1 * other.0);
    (left - right).abs() <= left.max(right) / 50.0
}

fn face(person: Option<&Person>, region: Option<Region>, frame: Frame) -> Face {
    let name = person.and_then(|person| person.name.clone());
    Face { name, person_uuid: person.and_then(|person| person.uuid.clone()), region, frame }
}

/// The square around the circle that the library stores: its centre from the lower left corner, its diameter as a
/// fraction of the longer side (after osxphotos).
fn region(circle: (Option<f64>, Option<f64>, Option<f64>), picture: Option<(f64, f64)>) -> Option<Region> {
    let (Some(x), Some(y), Some(size)) = circle else { return None };
    let (width, height) = picture.filter(|(width, height)| *width > 0.0 && *height > 0.0)?;
    let side = size * width.max(height);
    let is_inside = |value: f64| (0.0..=1.0).contains(&value);
    let is_sound = is_inside(x) && is_inside(y) && size > 0.0 && size <= 1.0;
    is_sound.then_some(Region { x, y: 1.0 - y, width: side / width, height: side / height })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_is_a_square_seen_from_the_upper_left() {
        let region = |x, y, size| region((Some(x), Some(y), Some(size)), Some((2000.0, 1000.0)));
        assert_eq!(region(0.25, 0.75, 0.1), Some(Region { x: 0.25, y: 0.25, width: 0.1, height: 0.2 }));
        assert_eq!(region(f64::NAN, 0.5, 0.1), None);
        assert_eq!(region(0.5, 0.5, 0.0), None);
        assert_eq!(super::region((Some(0.5), Some(0.5), Some(0.5)), Some((0.0, 9.0))), None);
    }
}
