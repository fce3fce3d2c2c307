//! Files on a page: pictures, films, sounds, links, and what is not there.

use corer_schemas::messages::{Attachment, Sticker, StickerEffect, StickerSource};

use crate::convert::Content;
use crate::messages::attachment::WriteOutcome;
use crate::messages::unplayable::is_unplayable;
use crate::output::extension;
use crate::page::{LinkTarget, Links, size};

/// The most that a picture takes on a page, in pixels: width and height.
const MOST: (u32, u32) = (440, 400);

/// The most that a sticker takes.
const MOST_OF_STICKER: (u32, u32) = (140, 140);

/// A file that a message came with.
pub(super) enum File {
    /// It can be opened.
    SavedFile(SavedFile),
    /// It is not there: its name, and why.
    Gone { name: String, why: String },
}

/// A file that can be opened.
pub(super) struct SavedFile {
    pub(super) href: String,
    /// The original, where `href` is a picture made of it for browsers.
    pub(super) original: Option<String>,
    pub(super) name: String,
    /// What it shows, in words.
    pub(super) alt: String,
    /// Its size.
    pub(super) facts: String,
    pub(super) shown: FileDisplay,
    /// For a picture: the width and height at which it is shown.
    pub(super) room: Option<(u32, u32)>,
    /// Why it does not play, or not all of it.
    pub(super) note: Option<String>,
    /// What an audio message says.
    pub(super) transcription: Option<String>,
    pub(super) is_sticker: bool,
    /// Whether it is covered until somebody asks for it.
    pub(super) is_sensitive: bool,
}

/// How a file is shown. Anything that a browser would run, as SVG and HTML, is a link only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileDisplay {
    /// As a picture.
    Image,
    /// As a picture with its name beside, because not every browser can show it.
    Caption,
    /// With the controls of a film.
    Video,
    /// With the controls of a sound.
    Audio,
    /// As a link.
    Link,
}

impl File {
    /// How an attachment is shown whose fate this is.
    pub(super) fn new(attachment: &Attachment, outcome: &WriteOutcome, links: &dyn Links) -> Self {
        let name = if attachment.name.trim().is_empty() { "Attachment" } else { &attachment.name };
        let gone = |why: &str| Self::Gone { name: name.to_owned(), why: why.to_owned() };
        let href = |saved| links.href(LinkTarget::Attachment { id: attachment.id, saved });
        let (href, bytes) = match outcome {
            WriteOutcome::Missing { why, .. } | WriteOutcome::Unreadable { why } => return gone(why),
            WriteOutcome::Saved { path, bytes, .. } => (href(Some(path)), Some(*bytes)),
            WriteOutcome::Linked { place } => (Some(place.clone()), attachment.size),
            WriteOutcome::Present => (href(None), attachment.size),
        };
        let Some(href) = href else { return gone("not included") };
        let (picture, shown_instead) = match outcome {
            WriteOutcome::Saved { picture, converted, .. } => (*picture, converted.as_ref()),
            _ => (None, None),
        };
        let converted =
            shown_instead.and_then(|path| links.href(LinkTarget::Attachment { id: attachment.id, saved: Some(path) }));
        let extension = match (outcome, shown_instead) {
            (_, Some(path)) | (WriteOutcome::Saved { path, .. }, None) => path.extension(),
            _ => extension(name),
        };
        let is_sticker = attachment.sticker.is_some();
        let shown = match (outcome, shown_instead) {
            (WriteOutcome::Saved { content, .. }, None) => held(*content, &extension),
            _ => shown(&extension),
        };
        let (shown, note) = played(shown, &extension, outcome);
        let (href, original) = match converted {
            Some(converted) => (converted, Some(href)),
            None => (href, None),
        };
        Self::SavedFile(SavedFile {
            href,
            original,
            name: name.to_owned(),
            alt: alt(attachment, name),
            facts: bytes.map(size).unwrap_or_default(),
            shown,
            note,
            room: picture.map(|sides| display_size(sides, if is_sticker { MOST_OF_STICKER } else { MOST })),
            transcription: attachment.transcription.clone(),
            is_sticker,
            is_sensitive: attachment.is_sensitive,
        })
    }

    /// It, if it is a picture that browsers show.
    pub(super) fn picture(self) -> Option<SavedFile> {
        match self {
            Self::SavedFile(there) if there.shown == FileDisplay::Image => Some(there),
            _ => None,
        }
    }
}

/// What a picture shows, in words; its name where nobody says.
fn alt(attachment: &Attachment, name: &str) -> String {
    match (&attachment.description, &attachment.sticker) {
        (Some(description), _) => description.clone(),
        (None, Some(sticker)) => sticker_words(sticker),
        (None, None) => name.to_owned(),
    }
}

fn sticker_words(sticker: &Sticker) -> String {
    let what = match &sticker.source {
        StickerSource::Genmoji { prompt: Some(prompt) } => format!("Genmoji: {prompt}"),
        StickerSource::Genmoji { prompt: None } => "Genmoji".to_owned(),
        StickerSource::Memoji => "Memoji sticker".to_owned(),
        StickerSource::UserMade => "Sticker made from a photo".to_owned(),
        StickerSource::App { name: Some(name) } => format!("Sticker of {name}"),
        StickerSource::App { name: None } | StickerSource::Unknown => "Sticker".to_owned(),
    };
    let effect = match &sticker.effect {
        None | Some(StickerEffect::Normal) => return what,
        Some(StickerEffect::Outline) => "outline",
        Some(StickerEffect::Comic) => "comic",
        Some(StickerEffect::Puffy) => "puffy",
        Some(StickerEffect::Shiny) => "shiny",
        Some(StickerEffect::Other(name)) => name,
    };
    format!("{what} ({effect})")
}

/// The size at which a picture is shown: its own, or as much of it as fits.
fn display_size((width, height): (u32, u32), most: (u32, u32)) -> (u32, u32) {
    let (widest, highest) = (f64::from(most.0), f64::from(most.1));
    let scale = (widest / f64::from(width)).min(highest / f64::from(height)).min(1.0);
    let shown = |side: u32| (f64::from(side) * scale).round().max(1.0) as u32;
    (shown(width), shown(height))
}

/// How a film or sound is shown, and what is said of it: where browsers play none of it, there is no player.
fn played(shown: FileDisplay, extension: &str, outcome: &WriteOutcome) -> (FileDisplay, Option<String>) {
    if !matches!(shown, FileDisplay::Audio | FileDisplay::Video) {
        return (shown, None);
    }
    match outcome {
        WriteOutcome::Saved { partial: Some(why), .. } => (shown, Some(format!("Not all of it plays: {why}."))),
        WriteOutcome::Saved { unconverted: Some(why), .. } => {
            (FileDisplay::Link, Some(format!("It does not play here: {why}.")))
        }
        _ if is_unplayable(extension) => {
            (FileDisplay::Link, Some("Browsers do not play this kind of file.".to_owned()))
        }
        _ => (shown, None),
    }
}

/// How a file is shown that was looked into: by what it holds, because browsers look at that too when they draw a page. What
/// they would run stays a link, whatever it holds.
fn held(content: Option<Content>, extension: &str) -> FileDisplay {
    const RUN: [&str; 16] = [
        "svg", "svgz", "html", "htm", "xhtml", "xht", "shtml", "mhtml", "mht", "xml", "xsl", "pdf", "js", "mjs",
        "wasm", "swf",
    ];
    match (content, shown(extension)) {
        (_, FileDisplay::Link) if RUN.contains(&extension) => FileDisplay::Link,
        (Some(content), _) if content.is_shown() => FileDisplay::Image,
        (Some(content), by_name @ (FileDisplay::Video | FileDisplay::Audio)) if content.is_movie() => by_name,
        (Some(content), _) if content.is_movie() => FileDisplay::Video,
        (Some(_), _) => FileDisplay::Caption,
        // It is called a picture and is none.
        (None, FileDisplay::Image | FileDisplay::Caption) => FileDisplay::Link,
        (None, by_name) => by_name,
    }
}

/// Browsers go by the extension when they open a file, so do we where nobody has looked into it: the media type in the record
/// may say anything.
fn shown(extension: &str) -> FileDisplay {
    match extension {
        "jpg" | "jpeg" | "jfif" | "png" | "gif" | "webp" | "avif" | "bmp" => FileDisplay::Image,
        "heic" | "heif" | "heics" | "heifs" | "hif" | "tif" | "tiff" => FileDisplay::Caption,
        "mp4" | "m4v" | "mov" | "3gp" | "3g2" | "webm" | "mpg" | "mpeg" | "avi" => FileDisplay::Video,
        "m4a" | "m4b" | "mp3" | "aac" | "wav" | "amr" | "awb" | "caf" | "ogg" | "oga" | "opus" | "aif" | "aiff"
        | "aifc" => FileDisplay::Audio,
        _ => FileDisplay::Link,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_shown_by_what_they_hold() {
        const NAMES: [&str; 12] = ["jpg", "png", "gif", "heic", "tiff", "dng", "mov", "mp4", "m4a", "webm", "", "bin"];
        for name in NAMES {
            for content in Content::ALL {
                let expected = match content {
                    Content::Heif | Content::Tiff => FileDisplay::Caption,
                    Content::QuickTime | Content::Mpeg4 if name == "m4a" => FileDisplay::Audio,
                    Content::QuickTime | Content::Mpeg4 => FileDisplay::Video,
                    _ => FileDisplay::Image,
                };
                assert_eq!(held(Some(content), name), expected, "{content:?} called {name}");
            }
        }
        // What is nothing that is known is no picture; sounds and other movies are told elsewhere.
        for (name, expected) in [
            ("jpg", FileDisplay::Link),
            ("heic", FileDisplay::Link),
            ("webm", FileDisplay::Video),
            ("mp3", FileDisplay::Audio),
            ("txt", FileDisplay::Link),
        ] {
            assert_eq!(held(None, name), expected, "{name}");
        }
        for name in ["svg", "html", "pdf", "js"] {
            assert!(Content::ALL.into_iter().all(|content| held(Some(content), name) == FileDisplay::Link), "{name}");
        }
    }
}
