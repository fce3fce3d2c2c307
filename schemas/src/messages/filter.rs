//! Which messages were asked for.

use super::model::{AppContent, Chat, Filtered, Message, MessageKind, PartContent, Schedule, Service, Sorted, Style};
use crate::selection::Selection;

/// A choice of messages. The default chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// When, and with whom.
    pub common: Selection,
    /// Only messages that travelled by one of these.
    pub services: Vec<Service>,
    /// Only messages with a file.
    pub with_attachment: bool,
    /// Only messages that are any of these.
    pub only: Vec<Category>,
    /// No message that is any of these.
    pub skip: Vec<Category>,
}

/// What a message is, as people sort them. One message may be several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Category {
    /// It has words.
    Text,
    /// It has a file.
    Attachment,
    /// It has a picture or film.
    Media,
    /// It has a sound, or is an audio message.
    Audio,
    /// It is a sticker.
    Sticker,
    /// It leads to the web.
    Link,
    /// It is the content of an app other than a link.
    App,
    /// It is a poll.
    Poll,
    /// It is a reaction whose message is not there.
    Tapback,
    /// It is said in the middle of a conversation.
    Announcement,
    /// It answers another one.
    Reply,
    /// It was changed, or a part of it was taken back.
    Edited,
    /// It was deleted and could still be recovered, or was deleted for everyone.
    Deleted,
    /// It was taken for unwanted, or its conversation is kept apart.
    Filtered,
    /// It could not be sent.
    Failed,
    /// It waits to be sent.
    Scheduled,
    /// This version does not know what it is.
    Unsupported,
}

impl Category {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Text,
        Self::Attachment,
        Self::Media,
        Self::Audio,
        Self::Sticker,
        Self::Link,
        Self::App,
        Self::Poll,
        Self::Tapback,
        Self::Announcement,
        Self::Reply,
        Self::Edited,
        Self::Deleted,
        Self::Filtered,
        Self::Failed,
        Self::Scheduled,
        Self::Unsupported,
    ];

    /// The word for it, as typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Attachment => "attachment",
            Self::Media => "media",
            Self::Audio => "audio",
            Self::Sticker => "sticker",
            Self::Link => "link",
            Self::App => "app",
            Self::Poll => "poll",
            Self::Tapback => "tapback",
            Self::Announcement => "announcement",
            Self::Reply => "reply",
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Filtered => "filtered",
            Self::Failed => "failed",
            Self::Scheduled => "scheduled",
            Self::Unsupported => "unsupported",
        }
    }

    /// Whether a message of a conversation is this.
    pub fn holds(self, message: &Message, chat: &Chat) -> bool {
        let mime = |wanted: &str| {
            let mut mimes = message.attachments.iter().filter_map(|attachment| attachment.mime.as_deref());
            mimes.any(|mime| mime.starts_with(wanted))
        };
        let app = match &message.kind {
            MessageKind::App(app) => Some(&app.content),
            _ => None,
        };
        match self {
            Self::Text => has_words(message),
            Self::Attachment => message.attachments.iter().any(|attachment| !attachment.is_hidden),
            Self::Media => mime("image/") || mime("video/"),
            Self::Audio => message.delivery.is_audio || mime("audio/"),
            Self::Sticker => message.attachments.iter().any(|attachment| attachment.sticker.is_some()),
            Self::Link => app.is_some_and(is_link) || has_link(message),
            Self::App => app.is_some_and(|app| !is_link(app)),
            Self::Poll => matches!(app, Some(AppContent::Poll(_))),
            Self::Tapback => matches!(message.kind, MessageKind::Tapback(_) | MessageKind::Vote(_)),
            Self::Announcement => matches!(message.kind, MessageKind::Announcement(_)),
            Self::Reply => message.reply_to.is_some(),
            Self::Edited => message.date_edited.is_some() || !message.edits.is_empty(),
            Self::Deleted => {
                message.deleted.is_some() || message.marks.as_deref().is_some_and(|marks| marks.is_revoked)
            }
            Self::Filtered => {
                let is_sorted_out = !matches!(message.delivery.sorted(), None | Some(Sorted::Allowed));
                message.delivery.is_spam || is_sorted_out || chat.filtered != Filtered::No
            }
            Self::Failed => message.delivery.error.is_some(),
            Self::Scheduled => message.delivery.schedule == Some(Schedule::Pending),
            Self::Unsupported => matches!(message.kind, MessageKind::Unsupported { .. }),
        }
    }
}

impl Filter {
    /// Whether a message is one of those asked for, whenever and with whomever it was.
    pub(crate) fn includes(&self, message: &Message, chat: &Chat) -> bool {
        let service = || message.service.as_ref().is_some_and(|service| self.services.contains(service));
        (self.services.is_empty() || service())
            && (!self.with_attachment || Category::Attachment.holds(message, chat))
            && (self.only.is_empty() || self.only.iter().any(|category| category.holds(message, chat)))
            && !self.skip.iter().any(|category| category.holds(message, chat))
    }
}

fn is_link(content: &AppContent) -> bool {
    matches!(content, AppContent::Link(_) | AppContent::Music(_) | AppContent::Software(_) | AppContent::Place(_))
}

fn has_words(message: &Message) -> bool {
    let words = |text: &String| text.chars().any(|c| c != '\u{fffc}' && !c.is_whitespace());
    message.kind == MessageKind::Normal && message.text.as_ref().or(message.subject.as_ref()).is_some_and(words)
}

fn has_link(message: &Message) -> bool {
    message.parts.iter().any(|part| match &part.content {
        PartContent::Text { spans, .. } => spans.iter().any(|span| matches!(span.style, Style::Link(_))),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_chosen_by_what_they_are() {
        let chat = Chat::default();
        let text = Message { text: Some("hi".into()), service: Some(Service::Sms), ..Message::default() };
        let only = |category| Filter { only: vec![category], ..Filter::default() };
        let skip = |category| Filter { skip: vec![category], ..Filter::default() };
        assert!(only(Category::Text).includes(&text, &chat) && !skip(Category::Text).includes(&text, &chat));
        assert!(!only(Category::Media).includes(&text, &chat) && skip(Category::Media).includes(&text, &chat));
        let service = |service| Filter { services: vec![service], ..Filter::default() };
        assert!(service(Service::Sms).includes(&text, &chat) && !service(Service::Rcs).includes(&text, &chat));
        assert!(!Filter { with_attachment: true, ..Filter::default() }.includes(&text, &chat));
    }
}
