//! What happened to a message since it was sent: the property list in `message_summary_info`.
//!
//! `ec` holds the versions of edited parts by part number, each with its time (`d`, seconds since 2001 as a real) and its
//! text (`t`, a typed stream); `rp` lists the parts that were taken back; `otr` lists the parts that the message had, each
//! with its range. `tmp` is an archive with the translation of iOS 26. Other keys (`ust`, `amc`, `ams` …) repeat what the
//! row says.

use memchr::memmem;

use super::body;
use super::model::{Edit, Translation, Version};
use crate::formats::keyed_archive::Archive;
use crate::formats::plist::{self, Dictionary, Value};
use crate::time::AppleTime;

/// How much of a text that should be a time is said, in characters.
const SAID: usize = 40;

/// What the property list says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Summary {
    pub(super) edits: Vec<Edit>,
    /// The parts that were taken back, ascending.
    pub(super) unsent: Vec<u32>,
    pub(super) translation: Option<Translation>,
    /// Why some of it could not be read.
    pub(super) damage: Option<String>,
}

/// Whether the list of a message that was not edited may hold anything of interest, without reading it.
pub(super) fn may_matter(bytes: &[u8]) -> bool {
    [&b"translat"[..], b"tmp", b"otr"].iter().any(|word| memmem::find(bytes, word).is_some())
}

/// Reads the list.
pub(super) fn read(bytes: &[u8]) -> Summary {
    match plist::read(bytes) {
        Ok(Value::Dictionary(list)) => of(&list),
        Ok(_) => Summary { damage: Some("it is no dictionary".into()), ..Summary::default() },
        Err(error) => Summary { damage: Some(error.to_string()), ..Summary::default() },
    }
}

fn of(list: &Dictionary) -> Summary {
    let mut own = Summary::default();
    let edited = list.get("ec").and_then(Value::as_dictionary);
    for (part, versions) in edited.into_iter().flat_map(Dictionary::iter) {
        let Ok(part) = part.parse() else { continue };
        let version = |stored| version(stored, &mut own.damage);
        let versions: Vec<_> = versions.as_array().unwrap_or_default().iter().map(version).collect();
        if versions.iter().any(Option::is_none) {
            own.damage = Some("a version before an edit cannot be read".into());
        }
        own.edits.push(Edit { part, versions: versions.into_iter().flatten().collect() });
    }
    own.edits.retain(|edit| !edit.versions.is_empty());
    own.edits.sort_by_key(|edit| edit.part);
    let unsent = list.get("rp").and_then(Value::as_array).unwrap_or_default();
    own.unsent = unsent.iter().filter_map(|part| u32::try_from(part.to_i64()?).ok()).collect();
    own.unsent.sort_unstable();
    own.unsent.dedup();
    own.translation = list.get("tmp").and_then(Value::as_data).and_then(translation);
    own
}

/// Reads a version. A time that is none is said in `damage`.
fn version(stored: &Value, damage: &mut Option<String>) -> Option<Version> {
    let stored = stored.as_dictionary()?;
    let body = body::read_alone(stored.get("t")?.as_data()?);
    let date = stored.get("d").and_then(|date| {
        let moment = match date {
            Value::Date(_) => date.as_date(),
            other => other.as_f64().and_then(AppleTime::from_seconds),
        };
        if moment.is_none() {
            *damage = Some(format!("the time of a version before an edit is no moment ({})", in_words(date)));
        }
        moment
    });
    let spans = body.pieces.into_iter().flat_map(|piece| piece.spans).collect();
    match (body.text, body.damage) {
        (None, Some(_)) => None,
        (text, _) => Some(Version { date, text: text.unwrap_or_default(), spans }),
    }
}

fn in_words(value: &Value) -> String {
    let number = value.as_f64().map(|number| number.to_string());
    let text = || value.as_str().map(|text| text.chars().take(SAID).collect());
    number.or_else(text).unwrap_or_else(|| "neither a number nor a date".to_owned())
}

/// The archive holds for each part a list of translations; the first of the first is shown.
fn translation(archive: &[u8]) -> Option<Translation> {
    let archive = Archive::new(archive).ok()?;
    let first = archive.root().ok()?.get("0").ok()??;
    let list = first.get("0").ok()??;
    let found = list.members().next()?.ok()?;
    let text = found.get("translatedText").ok().flatten().or(found.field("translatedText").ok().flatten())?;
    let text = match text.text() {
        Some(text) => text.into_owned(),
        None => text.field("NSString").ok()??.text()?.into_owned(),
    };
    let language = found.get("translationLanguage").ok().flatten().and_then(|language| language.text());
    let text = text.replace(body::PLACEHOLDER, "");
    Some(Translation { language: language.map(std::borrow::Cow::into_owned), text })
}

#[cfg(test)]
mod tests;
