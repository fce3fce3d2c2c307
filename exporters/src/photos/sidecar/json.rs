//! The JSON that exiftool writes with `-json -G` and takes with `-json=FILE`: an array of one object whose names are
//! group and tag.

use serde_json::{Map, Value, json};

use super::facts::Facts;

/// The document of a file.
pub(super) fn render(facts: &Facts<'_>) -> String {
    let mut tags = Map::new();
    let mut put = |name: &str, value: Value| drop(tags.insert(name.to_owned(), value));
    put("SourceFile", json!(facts.file));
    if let Some(taken) = &facts.taken {
        let (clock, offset) = (taken.strftime("%Y:%m:%d %H:%M:%S"), taken.strftime("%:z"));
        put("EXIF:DateTimeOriginal", json!(clock.to_string()));
        put("EXIF:CreateDate", json!(clock.to_string()));
        put("EXIF:OffsetTimeOriginal", json!(offset.to_string()));
        put("EXIF:OffsetTimeDigitized", json!(offset.to_string()));
        put("XMP:DateCreated", json!(format!("{clock}{offset}")));
    }
    if let Some((latitude, longitude)) = facts.coordinates {
        put("EXIF:GPSLatitude", json!(latitude.abs()));
        put("EXIF:GPSLatitudeRef", json!(if latitude < 0.0 { "S" } else { "N" }));
        put("EXIF:GPSLongitude", json!(longitude.abs()));
        put("EXIF:GPSLongitudeRef", json!(if longitude < 0.0 { "W" } else { "E" }));
    }
    let texts = [
        ("XMP:Title", &facts.title),
        ("XMP:Description", &facts.caption),
        ("EXIF:ImageDescription", &facts.caption),
        ("XMP:AltTextAccessibility", &facts.accessibility),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            put(name, json!(text));
        }
    }
    let place = facts.place;
    let places = [
        ("XMP:City", &place.city),
        ("XMP:State", &place.region),
        ("XMP:Country", &place.country),
        ("XMP:CountryCode", &place.country_code),
    ];
    for (name, text) in places {
        if let Some(text) = text {
            put(name, json!(text));
        }
    }
    for (name, list) in [("XMP:Subject", &facts.keywords), ("XMP:PersonInImage", &facts.people)] {
        if !list.is_empty() {
            put(name, json!(list));
        }
    }
    if let Some(regions) = regions(facts) {
        put("XMP:RegionInfo", regions);
    }
    if let Some(rating) = facts.rating {
        put("XMP:Rating", json!(rating));
    }
    let mut text = serde_json::to_string_pretty(&Value::Array(vec![Value::Object(tags)])).unwrap_or_default();
    text.push('\n');
    text
}

/// The faces, as exiftool has structures.
fn regions(facts: &Facts<'_>) -> Option<Value> {
    let size = facts.size.filter(|_| !facts.faces.is_empty())?;
    let rounded = |value: f64| (value * 1e6).round() / 1e6;
    let face = |spot: &super::faces::NamedFace| {
        json!({
            "Area": {
                "X": rounded(spot.region.x),
                "Y": rounded(spot.region.y),
                "W": rounded(spot.region.width),
                "H": rounded(spot.region.height),
                "Unit": "normalized",
            },
            "Name": spot.name,
            "Type": "Face",
        })
    };
    Some(json!({
        "AppliedToDimensions": { "W": size.width, "H": size.height, "Unit": "pixel" },
        "RegionList": facts.faces.iter().map(face).collect::<Vec<_>>(),
    }))
}
