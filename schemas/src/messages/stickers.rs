//! What made a sticker, and how it looks.
//!
//! `sticker_user_info` names by `pid` what made it, `attribution_info` names the app. How a sticker cut out of a photo
//! looks stands in its own file, in the metadata: `stickerEffect:type="stroke"`.

use std::io::Read;

use memchr::memmem;

use super::apps::own_bundle;
use super::model::{AttachmentContent, SourceApp, Sticker, StickerEffect, StickerSource};
use crate::formats::plist;
use crate::source::{Presence, Source};

/// What the name of the look follows in the file.
const EFFECT: &[u8] = b"stickerEffect:type=\"";
/// The metadata lies before the picture itself.
const HEAD: u64 = 256 << 10;
/// The longest name of a look.
const LONGEST: usize = 64;

/// Reads what the row of an attachment says. `description`: what a Genmoji shows.
pub(super) fn read(user_info: Option<&[u8]>, attribution: Option<&[u8]>, description: Option<&str>) -> Sticker {
    let pack = user_info.and_then(|info| word(info, "pid"));
    let app = attribution.and_then(|info| word(info, "name"));
    let source = match pack.as_deref().map(own_bundle) {
        Some("com.apple.messages.genmoji") => StickerSource::Genmoji { prompt: description.map(str::to_owned) },
        Some("com.apple.Animoji.StickersApp.MessagesExtension" | "com.apple.Jellyfish.Animoji") => {
            StickerSource::Memoji
        }
        Some("com.apple.Stickers.UserGenerated.MessagesExtension") => StickerSource::UserMade,
        Some(_) => StickerSource::App { name: app },
        None if app.is_some() => StickerSource::App { name: app },
        None => StickerSource::Unknown,
    };
    Sticker { source, pack, effect: None }
}

/// Reads which app a file came from.
pub(super) fn app(attribution: &[u8]) -> Option<Box<SourceApp>> {
    let list = plist::read(attribution).ok()?;
    let list = list.as_dictionary()?;
    let word = |key: &str| list.get(key)?.as_str().filter(|word| !word.is_empty()).map(str::to_owned);
    let number = |key: &str| list.get(key)?.to_i64().filter(|number| *number != 0).map(|number| number.to_string());
    let store_id = number("adam-id").or_else(|| word("adam-id"));
    let own = SourceApp { name: word("name"), bundle_id: word("bundle-id"), store_id };
    (own != SourceApp::default()).then(|| Box::new(own))
}

fn word(list: &[u8], key: &str) -> Option<String> {
    let list = plist::read(list).ok()?;
    list.as_dictionary()?.get(key)?.as_str().filter(|word| !word.is_empty()).map(str::to_owned)
}

/// Looks into the file of a sticker for how it was made to look. A file that cannot be read says nothing: whoever saves it
/// will find that out.
pub(super) fn look_into(mut sticker: Box<Sticker>, content: &AttachmentContent, source: &dyn Source) -> Box<Sticker> {
    if sticker.source != StickerSource::UserMade {
        return sticker;
    }
    if let AttachmentContent::File(entry) = content
        && entry.presence == Presence::Present
        && let Ok(opened) = source.open(entry)
    {
        let mut head = Vec::new();
        if opened.reader.take(HEAD).read_to_end(&mut head).is_ok() {
            sticker.effect = Some(effect(&head));
        }
    }
    sticker
}

fn effect(head: &[u8]) -> StickerEffect {
    let Some(at) = memmem::find(head, EFFECT) else { return StickerEffect::Normal };
    let name = head.get(at + EFFECT.len()..).unwrap_or_default();
    let length = name.iter().take(LONGEST).position(|byte| *byte == b'"').unwrap_or(0);
    match String::from_utf8_lossy(name.get(..length).unwrap_or_default()).as_ref() {
        "" => StickerEffect::Normal,
        "stroke" => StickerEffect::Outline,
        "comic" => StickerEffect::Comic,
        "puffy" => StickerEffect::Puffy,
        "iridescent" => StickerEffect::Shiny,
        other => StickerEffect::Other(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(key: &str, value: &str) -> Vec<u8> {
        format!("<plist><dict><key>{key}</key><string>{value}</string></dict></plist>").into_bytes()
    }

    #[test]
    fn what_made_it_comes_from_the_row() {
        let of =
            |pid: &str| read(Some(&list("pid", pid)), Some(&list("name", "Bakery")), Some("a cat in space")).source;
        assert_eq!(of("com.apple.messages.genmoji"), StickerSource::Genmoji { prompt: Some("a cat in space".into()) });
        let plugin = "com.apple.messages.MSMessageExtensionBalloonPlugin:0000000000:";
        assert_eq!(of(&format!("{plugin}com.apple.Animoji.StickersApp.MessagesExtension")), StickerSource::Memoji);
        assert_eq!(of(&format!("{plugin}com.apple.Stickers.UserGenerated.MessagesExtension")), StickerSource::UserMade);
        assert_eq!(of("com.example.Bakery.stickers"), StickerSource::App { name: Some("Bakery".into()) });
        assert_eq!(read(None, None, None).source, StickerSource::Unknown);
        assert_eq!(read(Some(b"no list"), Some(b""), None).source, StickerSource::Unknown);
    }

    #[test]
    fn how_it_looks_comes_from_its_file() {
        assert_eq!(effect(b"... stickerEffect:type=\"stroke\"/> ..."), StickerEffect::Outline);
        assert_eq!(effect(b"stickerEffect:type=\"iridescent\""), StickerEffect::Shiny);
        assert_eq!(effect(b"stickerEffect:type=\"wool\""), StickerEffect::Other("wool".into()));
        assert_eq!(effect(b"stickerEffect:type=\""), StickerEffect::Normal);
        assert_eq!(effect(b"a picture"), StickerEffect::Normal);
    }
}
