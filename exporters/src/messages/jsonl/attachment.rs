//! The record of an attachment.

use corer_schemas::messages::{Attachment, Sticker, StickerEffect, StickerSource};
use serde::Serialize;
use serde_json::{Value, json};

use super::is_false;
use crate::messages::attachment::WriteOutcome;
use crate::output::hex;

#[derive(Serialize)]
pub(super) struct AttachmentRecord<'a> {
    id: i64,
    guid: Option<&'a str>,
    name: &'a str,
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    converted: Option<&'a str>,
    mime: Option<&'a str>,
    size: Option<u64>,
    sha256: Option<String>,
    status: &'static str,
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transcription: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sticker: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<Value>,
    #[serde(skip_serializing_if = "is_false")]
    is_hidden: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_sensitive: bool,
}

impl<'a> AttachmentRecord<'a> {
    pub(super) fn new(attachment: &'a Attachment, outcome: &'a WriteOutcome) -> Self {
        let (status, reason) = match outcome {
            WriteOutcome::Saved { .. } => ("saved", None),
            WriteOutcome::Linked { .. } => ("linked", None),
            WriteOutcome::Present => ("present", None),
            WriteOutcome::Missing { why, .. } => ("missing", Some(&**why)),
            WriteOutcome::Unreadable { why } => ("unreadable", Some(&**why)),
        };
        let (path, size, sha256, converted) = match outcome {
            WriteOutcome::Saved { path, bytes, sha256, converted, .. } => {
                (Some(path.as_str()), Some(*bytes), Some(sha256), converted.as_ref().map(|path| path.as_str()))
            }
            WriteOutcome::Linked { place } => (Some(&**place), None, None, None),
            _ => (None, None, None, None),
        };
        Self {
            id: attachment.id,
            guid: attachment.guid.as_deref(),
            name: &attachment.name,
            path,
            converted,
            mime: attachment.mime.as_deref(),
            size: size.or(attachment.size),
            sha256: sha256.map(|sha256| hex(sha256)),
            status,
            reason,
            transcription: attachment.transcription.as_deref(),
            description: attachment.description.as_deref(),
            sticker: attachment.sticker.as_deref().map(sticker),
            app: attachment
                .app
                .as_deref()
                .map(|app| json!({ "name": app.name, "bundle_id": app.bundle_id, "store_id": app.store_id })),
            is_hidden: attachment.is_hidden,
            is_sensitive: attachment.is_sensitive,
        }
    }
}

fn sticker(sticker: &Sticker) -> Value {
    let (source, words) = match &sticker.source {
        StickerSource::Genmoji { prompt } => ("genmoji", prompt.as_deref()),
        StickerSource::Memoji => ("memoji", None),
        StickerSource::UserMade => ("user_made", None),
        StickerSource::App { name } => ("app", name.as_deref()),
        StickerSource::Unknown => ("unknown", None),
    };
    let effect = sticker.effect.as_ref().map(|effect| match effect {
        StickerEffect::Normal => "normal",
        StickerEffect::Outline => "outline",
        StickerEffect::Comic => "comic",
        StickerEffect::Puffy => "puffy",
        StickerEffect::Shiny => "shiny",
        StickerEffect::Other(name) => name,
    });
    json!({ "source": source, "words": words, "pack": sticker.pack, "effect": effect })
}
