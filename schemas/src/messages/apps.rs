//! The content of apps: `balloon_bundle_id` says whose it is, `payload_data` holds it.
//!
//! Most payloads are keyed archives. Those of message extensions (`MSMessageTemplateLayout`) hold a card: `userInfo` with
//! the words, `URL` with what the app itself makes of it, `an` its name, `ldtext` the words that stand for it. Links have
//! `richLinkMetadata`; handwriting and Digital Touch are protocol buffers. The identifier of an extension has the form
//! `com.apple.messages.MSMessageExtensionBalloonPlugin:TEAM:BUNDLE`.

use std::borrow::Cow;

use super::model::app::CheckIn;
use super::model::{App, AppContent, Card};
use crate::formats::keyed_archive::{Archive, Node};
use crate::formats::protobuf;
use crate::time::AppleTime;

mod business;
mod handwriting;
mod link;
pub(super) mod poll;
mod touch;

/// Reads the content of an app. What cannot be read is [`AppContent::Unreadable`].
pub(crate) fn read(bundle_id: String, payload: Option<&[u8]>) -> App {
    let Some(payload) = payload else {
        let content = AppContent::Unreadable("the message holds no content".into());
        return App { bundle_id, content, ..App::default() };
    };
    let drawn = match own_bundle(&bundle_id) {
        "com.apple.Handwriting.HandwritingProvider" => Some(handwriting::read(payload).map(AppContent::Handwriting)),
        "com.apple.DigitalTouchBalloonProvider" => Some(touch::read(payload).map(AppContent::Touch)),
        _ => None,
    };
    match drawn {
        Some(Ok(content)) => App { bundle_id, content, ..App::default() },
        Some(Err(error)) => App { bundle_id, content: AppContent::Unreadable(error.to_string()), ..App::default() },
        None => archived(bundle_id, payload),
    }
}

/// The identifier of the app itself: the last part of that of an extension.
pub(super) fn own_bundle(bundle_id: &str) -> &str {
    bundle_id.splitn(3, ':').nth(2).unwrap_or(bundle_id)
}

fn archived(bundle_id: String, payload: &[u8]) -> App {
    let archive = match Archive::new(payload) {
        Ok(archive) => archive,
        Err(error) => return App { bundle_id, content: AppContent::Unreadable(error.to_string()), ..App::default() },
    };
    let root = match archive.root() {
        Ok(root) => root,
        Err(error) => return App { bundle_id, content: AppContent::Unreadable(error.to_string()), ..App::default() },
    };
    let mut card = card(&root);
    let content = match own_bundle(&bundle_id) {
        "com.apple.messages.URLBalloonProvider" => link::read(&root),
        "com.apple.PassbookUIService.PeerPaymentMessagesExtension" => AppContent::Payment,
        "com.apple.ActivityMessagesApp.MessagesExtension" => AppContent::Fitness,
        "com.apple.mobileslideshow.PhotosMessagesApp" => AppContent::Slideshow,
        "com.apple.SafetyMonitorApp.SafetyMonitorMessages" => AppContent::CheckIn(check_in(card.url.as_deref())),
        "com.apple.findmy.FindMyMessagesApp" => AppContent::FindMy,
        "com.apple.messages.Polls" => poll::read(card.url.as_deref()).map_or(AppContent::Other, AppContent::Poll),
        "com.apple.icloud.apps.messages.business.extension" => {
            business::read(&root, &card).map_or(AppContent::Other, AppContent::Business)
        }
        _ => AppContent::Other,
    };
    // The address of a poll is the poll itself, and leads nowhere.
    if matches!(content, AppContent::Poll(_)) {
        card.url = None;
    }
    App { bundle_id, name: text(&root, "an"), card, content, updates: None }
}

/// The words of a template, whatever the app.
fn card(root: &Node<'_, '_>) -> Card {
    let info = child(root, "userInfo");
    let word = |key: &str| info.as_ref().and_then(|info| text(info, key)).map(yours);
    Card {
        url: text(root, "URL"),
        image_title: word("image-title"),
        image_subtitle: word("image-subtitle"),
        caption: word("caption"),
        subcaption: word("subcaption"),
        trailing_caption: word("secondary-subcaption"),
        trailing_subcaption: word("tertiary-subcaption"),
        summary: text(root, "ldtext").map(yours),
    }
}

/// Fitness names the receiver by a mark that the phone replaces when it shows the words: `$(kIMTranscript…Receiver…)`.
fn yours(words: String) -> String {
    let Some((before, rest)) = words.split_once("$(kIMTranscript") else { return words };
    match rest.split_once(')') {
        Some((mark, after)) if mark.contains("Receiver") => format!("{before}You{after}"),
        _ => words,
    }
}

/// Times stand in the address as seconds since 1970.
fn check_in(url: Option<&str>) -> CheckIn {
    let query = url.and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
    let moment = |name: &str| {
        let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
        let seconds: f64 = value.parse().ok()?;
        // Casting saturates, and a moment that is none gives nothing.
        seconds.is_finite().then(|| AppleTime::from_unix_seconds(seconds as i64))?
    };
    let (expected, overdue) = (moment("estimatedEndTime"), moment("triggerTime"));
    // Every kind of check-in has the time of sending, also the one that starts a timer: it says nothing of an arrival.
    CheckIn { expected, overdue, sent: moment("sendDate") }
}

/// A field of an object or a key of a dictionary.
fn child<'b, 'a>(node: &Node<'b, 'a>, name: &str) -> Option<Node<'b, 'a>> {
    node.field(name).ok().flatten().or_else(|| node.get(name).ok().flatten())
}

/// The text of a field or key, `None` where it is empty. Rich links keep some texts in one more object.
fn text(node: &Node<'_, '_>, name: &str) -> Option<String> {
    let value = child(node, name)?;
    let inner = || value.field("URL").ok().flatten().and_then(|url| url.text());
    let text = value.text().or_else(inner).map(Cow::into_owned);
    text.filter(|text| !text.is_empty())
}

/// Why a drawing was not read.
#[derive(Debug, thiserror::Error)]
enum DrawingError {
    #[error(transparent)]
    Protobuf(#[from] protobuf::ProtobufError),
    #[error("the drawing is damaged")]
    Damaged,
    #[error("the drawing is packed in a way that is not known")]
    Packing,
    #[error("the drawing is larger than any that a hand makes")]
    TooLarge,
}

#[cfg(test)]
mod tests;
