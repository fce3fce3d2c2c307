//! What the record of a file in the manifest says about it: extended attributes that `assetsd` writes, so that a library
//! can be built anew from files alone.
//!
//! Names and encodings seen on 62 originals in a backup of iOS 14.3: flags are two bytes and offsets four (little
//! endian), dates are property lists of one date, identifiers 16 raw bytes, names text.

use std::fmt::Write as _;

use super::details::importer;
use super::model::zone::sound;
use super::model::{Asset, Burst, DateSource};
use super::rows::is_plausible;
use crate::formats::plist::{self, Value};
use crate::time::AppleTime;

const PREFIX: &str = "com.apple.assetsd.";

/// Takes over what the attributes say.
pub(super) fn apply(asset: &mut Asset, attributes: &[(String, Vec<u8>)]) {
    let value = |name: &str| {
        let named = |known: &&(String, Vec<u8>)| known.0.strip_prefix(PREFIX) == Some(name);
        attributes.iter().find(named).map(|(_, value)| value.as_slice())
    };
    let word = |name| value(name).and_then(text);
    let is_set = |name| value(name).is_some_and(|flag| flag.iter().any(|byte| *byte != 0));
    if let Some(uuid) = word("cloudAsset.UUID").or_else(|| value("UUID").and_then(uuid)) {
        asset.uuid = uuid;
    }
    asset.original_name = word("originalFilename").or(asset.original_name.take());
    asset.is_favorite |= is_set("favorite");
    asset.is_hidden |= is_set("hidden");
    asset.is_trashed |= is_set("trashed");
    if let Some(date) = value("customCreationDate").and_then(date).filter(|date| is_plausible(*date)) {
        (asset.date, asset.date_source) = (Some(date), Some(DateSource::Library));
    }
    asset.added = value("addedDate").and_then(date).or(asset.added);
    let offset = value("timeZoneOffset").and_then(|bytes| bytes.first_chunk::<4>());
    let offset = offset.and_then(|bytes| sound(i64::from(i32::from_le_bytes(*bytes))));
    asset.zone.offset = offset.or(asset.zone.offset);
    asset.zone.name = word("timeZoneName").or(asset.zone.name.take());
    asset.title = word("title").or(asset.title.take());
    asset.importer =
        importer(word("creatorBundleID").or_else(|| word("importedByBundleIdentifier")), word("importedByDisplayName"));
    if let Some(series) = value("avalanche.UUID").and_then(uuid) {
        let pick = value("avalanche.type").and_then(|flags| flags.first().copied()).unwrap_or_default();
        asset.burst = Some(Burst { uuid: series, is_picked: pick & 12 != 0, is_key: pick & 16 != 0 });
    }
}

fn text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?.trim_end_matches('\0');
    (!text.is_empty()).then(|| text.to_owned())
}

fn date(bytes: &[u8]) -> Option<AppleTime> {
    match plist::read(bytes).ok()? {
        Value::Date(seconds) => AppleTime::from_seconds(seconds),
        _ => None,
    }
}

/// An identifier of 16 bytes in its usual form; as text, it stays what it is.
fn uuid(bytes: &[u8]) -> Option<String> {
    let Ok(raw) = <&[u8; 16]>::try_from(bytes) else { return text(bytes) };
    let mut uuid = String::with_capacity(36);
    for (at, byte) in raw.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            uuid.push('-');
        }
        let _ = write!(uuid, "{byte:02X}");
    }
    Some(uuid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_a_real_original_are_understood() {
        // Taken from the manifest of a public backup of iOS 14.3; the date is that of its `addedDate`.
        let mut date = b"bplist003A\xc3\t\xb7\xe0\x08i'\x08".to_vec();
        date.extend(
            b"\x00\x00\x00\x00\x00\x00\x01\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00",
        );
        date.extend(b"\x00\x00\x00\x00\x00\x00\x00\x11");
        let named = |name: &str, value: &[u8]| (format!("{PREFIX}{name}"), value.to_vec());
        let attributes = [
            named("favorite", b"\x01\x00"),
            named("hidden", b"\x00\x00"),
            named("timeZoneOffset", b"\x10\x0e\x00\x00"),
            named("timeZoneName", b"Europe/London"),
            named("originalFilename", b"IMG_0034.PNG"),
            named("UUID", b"\xf2S\x10~9MO;\xb2\xfcX@\x9e\xef\xc8\xc6"),
            named("addedDate", &date),
            ("com.apple.TextEncoding".to_owned(), b"utf-8;134217984".to_vec()),
        ];
        let mut asset = Asset::default();
        apply(&mut asset, &attributes);
        assert_eq!(asset.uuid, "F253107E-394D-4F3B-B2FC-58409EEFC8C6");
        assert_eq!((asset.is_favorite, asset.is_hidden, asset.zone.offset), (true, false, Some(3600)));
        assert_eq!(asset.original_name.as_deref(), Some("IMG_0034.PNG"));
        assert_eq!(asset.added.unwrap().timestamp().unwrap().as_second(), 1_617_115_200);
    }

    #[test]
    fn odd_values_change_nothing() {
        let attributes = ["UUID", "addedDate", "timeZoneOffset", "originalFilename", "favorite"]
            .map(|name| (format!("{PREFIX}{name}"), Vec::new()));
        let mut asset = Asset { uuid: "x".into(), ..Asset::default() };
        apply(&mut asset, &attributes);
        assert_eq!(asset, Asset { uuid: "x".into(), ..Asset::default() });
    }
}
