//! What the device found in a text: archives of `DDScannerResult`.
//!
//! Each result has a type (`T`), the text that it matched (`MS`), where that is not its value the value (`V`), and the
//! results that it is made of (`SR`). Seen in the captured bodies: `FullAddress` with `Street`, `City`, `State` …,
//! `PhysicalAmount`, `AuthCode`, `PhoneNumber`, `Email`, `HttpURL`, days and times, flights and parcels; in bodies that
//! others published, `Money` with `Currency`, whose value lists all that the sign may stand for.

use super::super::model::{Detected, DetectedKind};
use crate::formats::keyed_archive::{Archive, Node};

/// The most parts that one finding is asked for.
const MOST_FIELDS: usize = 64;

/// How deep they may nest. Addresses nest three deep.
const MAX_DEPTH: usize = 8;

/// Reads an archive. `None` for one that is damaged or that says nothing beyond a link or code, which have attributes of
/// their own.
pub(super) fn read(archive: &[u8]) -> Option<Detected> {
    let archive = Archive::new(archive).ok()?;
    let result = match archive.top("dd-result").ok()? {
        Some(result) => result,
        None => archive.root().ok()?,
    };
    let kind = kind(&text(&result, "T")?);
    let mut fields = Vec::new();
    collect(&result, 0, &mut fields);
    if fields.is_empty() {
        fields.extend(text(&result, "V").or_else(|| text(&result, "MS")).map(|value| ("Value".to_owned(), value)));
    }
    Some(Detected { kind, fields, date: date(&result) })
}

fn text(result: &Node<'_, '_>, field: &str) -> Option<String> {
    let text = result.field(field).ok()??.text()?.into_owned();
    Some(text).filter(|text| !text.is_empty())
}

/// The parts that have no parts themselves.
fn collect(result: &Node<'_, '_>, depth: usize, fields: &mut Vec<(String, String)>) {
    let Ok(Some(parts)) = result.field("SR") else { return };
    for part in parts.members().flatten() {
        if depth >= MAX_DEPTH || fields.len() >= MOST_FIELDS {
            return;
        }
        let before = fields.len();
        collect(&part, depth + 1, fields);
        let own = text(&part, "T").zip(text(&part, "V").or_else(|| text(&part, "MS")));
        // A part whose parts were not worth naming is named itself; a street is more than its number.
        if fields.len() == before || matches!(own.as_ref(), Some((name, _)) if name == "Street") {
            fields.truncate(before);
            fields.extend(own);
        }
    }
}

/// The moment that the device worked out, where it kept it.
fn date(result: &Node<'_, '_>) -> Option<crate::time::AppleTime> {
    ["D", "date", "Date"].into_iter().find_map(|field| result.field(field).ok()??.date())
}

fn kind(name: &str) -> DetectedKind {
    let has = |word: &str| name.contains(word);
    match name {
        "FullAddress" | "Address" => DetectedKind::Address,
        "Email" => DetectedKind::Email,
        "Money" => DetectedKind::Money,
        "PhysicalAmount" => DetectedKind::Quantity,
        _ if has("PhoneNumber") => DetectedKind::PhoneNumber,
        _ if has("Flight") => DetectedKind::Flight,
        _ if has("Tracking") || has("Parcel") => DetectedKind::Tracking,
        _ if has("URL") => DetectedKind::Link,
        _ if has("Date") || has("Time") || has("Event") => DetectedKind::Date,
        other => DetectedKind::Other(other.to_owned()),
    }
}
