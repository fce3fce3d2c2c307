//! The faces that the device found, and the people whom they belong to.

use std::collections::HashMap;

use super::details::Index;
use super::model::{Asset, Face, Frame, Region};
use super::rows::Rows;
use crate::database::columns;

columns! {
    /// The columns of `ZDETECTEDFACE`. Those that are `Old` have other names since iOS 17.
    enum Stored {
        Asset = "ZASSETFORFACE",
        OldAsset = "ZASSET",
        Person = "ZPERSONFORFACE",
        OldPerson = "ZPERSON",
        X = "ZCENTERX",
        Y = "ZCENTERY",
        Size = "ZSIZE",
        SourceWidth = "ZSOURCEWIDTH",
        SourceHeight = "ZSOURCEHEIGHT",
    }

    /// The columns of `ZPERSONREFERENCE`.
    enum Reference { Attributes = "ZASSETATTRIBUTES", Person = "ZPERSON" }

    /// The columns of `ZPERSON`.
    enum Named { Full = "ZFULLNAME", Display = "ZDISPLAYNAME", Uuid = "ZPERSONUUID" }
}

/// A person of the library.
struct Person {
    name: Option<String>,
    uuid: Option<String>,
}

/// Adds the faces to the assets.
pub(super) fn add(rows: &mut Rows<'_>, assets: &mut [Asset], index: &Index) {
    let people = people(rows);
    rows.each("ZDETECTEDFACE", &mut |_, row| {
        let either = |column, old| row.integer(column).or_else(|| row.integer(old));
        let Some(asset) = index.asset(assets, either(Stored::Asset, Stored::OldAsset)) else { return };
        let person = either(Stored::Person, Stored::OldPerson);
        let circle = (row.real(Stored::X), row.real(Stored::Y), row.real(Stored::Size));
        let source = row.real(Stored::SourceWidth).zip(row.real(Stored::SourceHeight));
        let frame = frame(asset, source);
        let size = match frame {
            Frame::Shown => asset.dimensions,
            Frame::Original => asset.original.upright(),
        };
        let region = region(circle, size.map(real).or(source));
        asset.faces.push(face(people.get(&person.unwrap_or_default()), region, frame));
    });
    // iOS 8 and 9 know faces from a computer alone: who, but not where.
    rows.each("ZPERSONREFERENCE", &mut |_, row| {
        let Some(asset) = index.owner(assets, row.integer(Reference::Attributes)) else { return };
        let person = row.integer(Reference::Person).and_then(|id| people.get(&id));
        if person.is_some_and(|person| !asset.faces.iter().any(|face| face.person_uuid == person.uuid)) {
            asset.faces.push(face(person, None, Frame::default()));
        }
    });
}

fn people(rows: &mut Rows<'_>) -> HashMap<i64, Person> {
    let mut people = HashMap::new();
    rows.each("ZPERSON", &mut |id, row| {
        let name = row.name(Named::Full).or_else(|| row.name(Named::Display));
        people.insert(id, Person { name, uuid: row.name(Named::Uuid) });
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
