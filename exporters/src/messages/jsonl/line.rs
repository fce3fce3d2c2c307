//! The records of conversations and messages.

use std::cell::Cell;

use corer_schemas::messages::{
    Announcement, Attachment, Chat, Deleted, Delivery, DetectedKind, Edit, Filtered, Message, MessageKind, Part,
    PartContent, Reaction, Reply, Schedule, Sender, Service, Sharing, Sorted, Span, Sticker, StickerEffect,
    StickerSource, Style, Tapback, Vote,
};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};

use super::app::AppRecord;
use super::person::Person;
use crate::clock::exact;
use crate::messages::attachment::{Fate, sticker_fates};
use crate::messages::title::title;
use crate::output::hex;

#[derive(Serialize)]
pub(super) struct ChatRecord<'a> {
    id: i64,
    guid: &'a str,
    identifier: &'a str,
    name: Option<&'a str>,
    title: String,
    service: Option<&'a str>,
    participants: Vec<Person<'a>>,
    is_group: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    merged: Vec<MergedRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filtered: Option<Value>,
    #[serde(skip_serializing_if = "is_false")]
    is_archived: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_muted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_handle: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_receipts: Option<bool>,
    #[serde(skip_serializing_if = "is_false")]
    is_forced_to_sms: bool,
    #[serde(skip_serializing_if = "is_false")]
    has_background: bool,
}

#[derive(Serialize)]
struct MergedRecord<'a> {
    id: i64,
    guid: &'a str,
    identifier: &'a str,
    service: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct MessageRecord<'a> {
    id: i64,
    guid: Option<&'a str>,
    chat_id: i64,
    date: Option<String>,
    date_read: Option<String>,
    date_delivered: Option<String>,
    date_edited: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_played: Option<String>,
    is_from_me: bool,
    sender: Option<Person<'a>>,
    service: Option<&'a str>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<Box<AppRecord<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    announcement: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tapback: Option<TapbackRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vote: Option<VoteRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<&'a str>,
    subject: Option<&'a str>,
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attributed_text: Option<&'a str>,
    parts: Vec<PartRecord<'a>>,
    attachments: Vec<AttachmentRecord<'a>>,
    tapbacks: Vec<TapbackRecord<'a>>,
    reply_to: Option<ReplyRecord<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    replies: &'a [i64],
    edits: Vec<EditRecord<'a>>,
    effect: Option<&'a str>,
    deleted: Option<DeletedRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    translation: Option<TranslationRecord<'a>>,
    #[serde(skip_serializing_if = "DeliveryRecord::is_plain")]
    delivery: DeliveryRecord<'a>,
}

#[derive(Serialize)]
struct PartRecord<'a> {
    index: u32,
    kind: &'static str,
    /// Where it stands in the text of the message, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<SpanRecord<'a>>,
    /// Which of the attachments.
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
}

#[derive(Serialize)]
struct SpanRecord<'a> {
    start: usize,
    end: usize,
    style: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Value>,
}

#[derive(Serialize)]
struct AttachmentRecord<'a> {
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

#[derive(Serialize)]
struct TapbackRecord<'a> {
    id: i64,
    guid: Option<&'a str>,
    date: Option<String>,
    is_from_me: bool,
    sender: Option<Person<'a>>,
    reaction: &'static str,
    emoji: Option<&'a str>,
    part: u32,
    removed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sticker: Option<AttachmentRecord<'a>>,
}

#[derive(Serialize)]
struct VoteRecord<'a> {
    target: Option<&'a str>,
    options: &'a [String],
}

#[derive(Serialize)]
struct ReplyRecord<'a> {
    guid: &'a str,
    id: Option<i64>,
    part: u32,
    date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_from_me: Option<bool>,
    sender: Option<Person<'a>>,
    excerpt: Option<&'a str>,
}

#[derive(Serialize)]
struct EditRecord<'a> {
    part: u32,
    versions: Vec<VersionRecord<'a>>,
}

#[derive(Serialize)]
struct VersionRecord<'a> {
    date: Option<String>,
    text: &'a str,
}

#[derive(Serialize)]
struct DeletedRecord<'a> {
    date: Option<String>,
    is_whole: bool,
    parts: Vec<DeletedPartRecord<'a>>,
}

#[derive(Serialize)]
struct DeletedPartRecord<'a> {
    index: u32,
    date: Option<String>,
    text: Option<&'a str>,
}

#[derive(Serialize)]
struct TranslationRecord<'a> {
    language: Option<&'a str>,
    text: &'a str,
}

/// Only what is out of the ordinary, so that most messages need none of it.
#[derive(Default, Serialize, PartialEq)]
struct DeliveryRecord<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    schedule: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    is_delivered: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_read: bool,
    #[serde(skip_serializing_if = "is_false")]
    by_satellite: bool,
    #[serde(skip_serializing_if = "is_false")]
    waits_for_satellite: bool,
    #[serde(skip_serializing_if = "is_false")]
    was_downgraded: bool,
    #[serde(skip_serializing_if = "is_false")]
    was_quiet: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_auto_reply: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_audio: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_played: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_expirable: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_sos: bool,
    #[serde(skip_serializing_if = "is_false")]
    is_spam: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<(i64, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_handle: Option<&'a str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on references")]
fn is_false(value: &bool) -> bool {
    !value
}

impl<'a> ChatRecord<'a> {
    pub(super) fn new(chat: &'a Chat) -> Self {
        let merged = chat.merged.iter().map(|origin| MergedRecord {
            id: origin.id,
            guid: &origin.guid,
            identifier: &origin.identifier,
            service: origin.service.as_ref().map(Service::as_str),
        });
        Self {
            id: chat.id,
            guid: &chat.guid,
            identifier: &chat.identifier,
            name: chat.display_name.as_deref(),
            title: title(chat),
            service: chat.service.as_ref().map(Service::as_str),
            participants: chat.participants.iter().map(Person::new).collect(),
            is_group: chat.is_group,
            merged: merged.collect(),
            filtered: filtered(chat.filtered),
            is_archived: chat.properties.is_archived,
            is_muted: chat.properties.is_muted,
            own_handle: chat.properties.own_handle.as_deref(),
            read_receipts: chat.properties.read_receipts,
            is_forced_to_sms: chat.properties.is_forced_to_sms,
            has_background: chat.properties.has_background,
        }
    }
}

fn filtered(filtered: Filtered) -> Option<Value> {
    Some(match filtered {
        Filtered::No => return None,
        Filtered::UnknownSender => json!("unknown_sender"),
        Filtered::Spam => json!("spam"),
        Filtered::Blocked => json!("blocked"),
        Filtered::Other(list) => json!(list),
    })
}

impl<'a> MessageRecord<'a> {
    pub(super) fn new(message: &'a Message, fates: &'a [Fate], zone: &TimeZone) -> Self {
        let mut record = Self {
            id: message.id,
            guid: message.guid.as_deref(),
            chat_id: message.chat_id,
            date: exact(message.date, zone),
            date_read: exact(message.date_read, zone),
            date_delivered: exact(message.date_delivered, zone),
            date_edited: exact(message.date_edited, zone),
            date_played: exact(message.date_played, zone),
            is_from_me: message.is_from_me,
            sender: Person::of(&message.sender),
            service: message.service.as_ref().map(Service::as_str),
            kind: "normal",
            bundle_id: None,
            app: None,
            announcement: None,
            tapback: None,
            vote: None,
            what: None,
            subject: message.subject.as_deref(),
            text: message.text.as_deref(),
            attributed_text: message.attributed_text.as_deref(),
            parts: parts(message, zone),
            attachments: message
                .attachments
                .iter()
                .zip(fates)
                .map(|(a, fate)| AttachmentRecord::new(a, fate))
                .collect(),
            tapbacks: tapbacks(message, fates, zone),
            reply_to: message.reply_to.as_deref().map(|reply| ReplyRecord::new(reply, zone)),
            replies: &message.replies,
            edits: message.edits.iter().map(|edit| EditRecord::new(edit, zone)).collect(),
            effect: message.effect.as_ref().map(corer_schemas::messages::Effect::name),
            deleted: message.deleted.as_deref().map(|deleted| DeletedRecord::new(deleted, zone)),
            translation: message
                .translation
                .as_deref()
                .map(|own| TranslationRecord { language: own.language.as_deref(), text: &own.text }),
            delivery: DeliveryRecord::new(&message.delivery),
        };
        record.take_kind(message, fates, zone);
        record
    }

    fn take_kind(&mut self, message: &'a Message, fates: &'a [Fate], zone: &TimeZone) {
        match &message.kind {
            MessageKind::Normal => {}
            MessageKind::Tapback(tapback) => {
                self.kind = "tapback";
                self.tapback = Some(TapbackRecord::new(tapback, sticker_fates(message, fates).first(), zone));
            }
            MessageKind::Vote(vote) => {
                self.kind = "vote";
                self.vote = Some(VoteRecord::new(vote));
            }
            MessageKind::Announcement(own) => {
                self.kind = "announcement";
                self.announcement = Some(announcement(own));
            }
            MessageKind::App(app) => {
                self.kind = "app";
                self.bundle_id = Some(&app.bundle_id);
                self.app = Some(Box::new(AppRecord::new(app, zone)));
            }
            MessageKind::Unsupported { what } => {
                self.kind = "unsupported";
                self.what = Some(what);
            }
        }
    }
}

/// Counts characters up to places in a text, each place counted on from the one before: a text may have thousands.
struct Characters<'a> {
    text: &'a str,
    is_ascii: bool,
    /// The last place, in bytes, and the characters before it.
    last: Cell<(usize, usize)>,
}

impl Characters<'_> {
    fn before(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        if self.is_ascii || !self.text.is_char_boundary(byte) {
            return byte;
        }
        let (from, count) = self.last.get();
        let between = |start: usize, end: usize| self.text.get(start..end).unwrap_or_default().chars().count();
        let count = match from <= byte {
            true => count + between(from, byte),
            false => count.saturating_sub(between(byte, from)),
        };
        self.last.set((byte, count));
        count
    }
}

fn parts<'a>(message: &'a Message, zone: &TimeZone) -> Vec<PartRecord<'a>> {
    let text = message.text.as_deref().unwrap_or_default();
    let characters = Characters { text, is_ascii: text.is_ascii(), last: Cell::new((0, 0)) };
    message.parts.iter().map(|part| PartRecord::new(part, &characters, zone)).collect()
}

impl<'a> PartRecord<'a> {
    fn new(part: &'a Part, characters: &Characters<'_>, zone: &TimeZone) -> Self {
        let mut record = Self {
            index: part.index,
            kind: "app",
            start: None,
            end: None,
            spans: Vec::new(),
            attachment: None,
            date: None,
        };
        match &part.content {
            PartContent::Text { range, spans } => {
                record.kind = "text";
                record.start = Some(characters.before(range.start));
                record.end = Some(characters.before(range.end));
                record.spans = spans.iter().map(|span| SpanRecord::new(span, characters)).collect();
            }
            PartContent::Attachment(index) => {
                record.kind = "attachment";
                record.attachment = *index;
            }
            PartContent::App => {}
            PartContent::Unsent { date } => {
                record.kind = "unsent";
                record.date = exact(*date, zone);
            }
        }
        record
    }
}

impl<'a> SpanRecord<'a> {
    fn new(span: &'a Span, characters: &Characters<'_>) -> Self {
        let (style, value, attachment, fields) = match &span.style {
            Style::Bold => ("bold", None, None, None),
            Style::Italic => ("italic", None, None, None),
            Style::Underline => ("underline", None, None, None),
            Style::Strikethrough => ("strikethrough", None, None, None),
            Style::Effect(effect) => ("effect", effect.name(), None, None),
            Style::Link(url) => ("link", Some(&**url), None, None),
            Style::Mention(address) => ("mention", Some(&**address), None, None),
            Style::OneTimeCode => ("one_time_code", None, None, None),
            Style::Detected(found) => {
                let fields = found.fields.iter().map(|(name, value)| (name.clone(), json!(value)));
                ("detected", Some(detected(&found.kind)), None, Some(Value::Object(fields.collect())))
            }
            Style::Picture(index) => ("picture", None, *index, None),
        };
        let (start, end) = (characters.before(span.range.start), characters.before(span.range.end));
        Self { start, end, style, value, attachment, fields }
    }
}

fn detected(kind: &DetectedKind) -> &str {
    match kind {
        DetectedKind::Address => "address",
        DetectedKind::Date => "date",
        DetectedKind::PhoneNumber => "phone_number",
        DetectedKind::Email => "email",
        DetectedKind::Money => "money",
        DetectedKind::Quantity => "quantity",
        DetectedKind::Tracking => "tracking",
        DetectedKind::Flight => "flight",
        DetectedKind::Link => "link",
        DetectedKind::Other(name) => name,
    }
}

impl<'a> AttachmentRecord<'a> {
    fn new(attachment: &'a Attachment, fate: &'a Fate) -> Self {
        let (status, reason) = match fate {
            Fate::Saved { .. } => ("saved", None),
            Fate::Linked { .. } => ("linked", None),
            Fate::Present => ("present", None),
            Fate::Missing { why, .. } => ("missing", Some(&**why)),
            Fate::Unreadable { why } => ("unreadable", Some(&**why)),
        };
        let (path, size, sha256, converted) = match fate {
            Fate::Saved { path, bytes, sha256, converted, .. } => {
                (Some(path.as_str()), Some(*bytes), Some(sha256), converted.as_ref().map(|path| path.as_str()))
            }
            Fate::Linked { place } => (Some(&**place), None, None, None),
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

fn tapbacks<'a>(message: &'a Message, fates: &'a [Fate], zone: &TimeZone) -> Vec<TapbackRecord<'a>> {
    let mut stickers = sticker_fates(message, fates).iter();
    let record = |tapback: &'a Tapback| {
        let fate = matches!(tapback.reaction, Reaction::Sticker(Some(_))).then(|| stickers.next()).flatten();
        TapbackRecord::new(tapback, fate, zone)
    };
    message.tapbacks.iter().map(record).collect()
}

impl<'a> TapbackRecord<'a> {
    fn new(tapback: &'a Tapback, fate: Option<&'a Fate>, zone: &TimeZone) -> Self {
        let reaction = match &tapback.reaction {
            Reaction::Loved => "loved",
            Reaction::Liked => "liked",
            Reaction::Disliked => "disliked",
            Reaction::Laughed => "laughed",
            Reaction::Emphasized => "emphasized",
            Reaction::Questioned => "questioned",
            Reaction::Emoji(_) => "emoji",
            Reaction::Sticker(_) => "sticker",
            Reaction::Other(_) => "other",
        };
        let sticker = match &tapback.reaction {
            Reaction::Sticker(Some(own)) => fate.map(|fate| AttachmentRecord::new(own, fate)),
            _ => None,
        };
        Self {
            id: tapback.id,
            guid: tapback.guid.as_deref(),
            date: exact(tapback.date, zone),
            is_from_me: tapback.is_from_me,
            sender: Person::of(&tapback.sender),
            reaction,
            emoji: tapback.reaction.emoji(),
            part: tapback.part,
            removed: tapback.removed,
            target: tapback.target.as_deref(),
            sticker,
        }
    }
}

impl<'a> VoteRecord<'a> {
    fn new(vote: &'a Vote) -> Self {
        Self { target: vote.target.as_deref(), options: &vote.options }
    }
}

impl<'a> ReplyRecord<'a> {
    fn new(reply: &'a Reply, zone: &TimeZone) -> Self {
        Self {
            guid: &reply.guid,
            id: reply.id,
            part: reply.part,
            date: exact(reply.date, zone),
            is_from_me: reply.id.map(|_| reply.is_from_me),
            sender: Person::of(&reply.sender),
            excerpt: reply.excerpt.as_deref(),
        }
    }
}

impl<'a> EditRecord<'a> {
    fn new(edit: &'a Edit, zone: &TimeZone) -> Self {
        let version = |version: &'a corer_schemas::messages::Version| VersionRecord {
            date: exact(version.date, zone),
            text: &version.text,
        };
        Self { part: edit.part, versions: edit.versions.iter().map(version).collect() }
    }
}

impl<'a> DeletedRecord<'a> {
    fn new(deleted: &'a Deleted, zone: &TimeZone) -> Self {
        let part = |part: &'a corer_schemas::messages::DeletedPart| DeletedPartRecord {
            index: part.index,
            date: exact(part.date, zone),
            text: part.text.as_deref(),
        };
        Self {
            date: exact(deleted.date, zone),
            is_whole: deleted.is_whole,
            parts: deleted.parts.iter().map(part).collect(),
        }
    }
}

impl<'a> DeliveryRecord<'a> {
    fn new(delivery: &'a Delivery) -> Self {
        Self {
            error: delivery.error,
            schedule: delivery.schedule.map(|schedule| match schedule {
                Schedule::Pending => "pending",
                Schedule::Sent => "sent",
                Schedule::Other(_) => "other",
            }),
            is_delivered: delivery.is_delivered,
            is_read: delivery.is_read,
            by_satellite: delivery.by_satellite,
            waits_for_satellite: delivery.waits_for_satellite,
            was_downgraded: delivery.was_downgraded,
            was_quiet: delivery.was_quiet,
            is_auto_reply: delivery.is_auto_reply,
            is_audio: delivery.is_audio,
            is_played: delivery.is_played,
            is_expirable: delivery.is_expirable,
            is_sos: delivery.is_sos,
            is_spam: delivery.is_spam,
            filter: delivery.filter,
            filter_name: delivery.sorted().and_then(|sorted| match sorted {
                Sorted::Allowed => Some("allow"),
                Sorted::Junk => Some("junk"),
                Sorted::Promotion => Some("promotion"),
                Sorted::Transaction => Some("transaction"),
                Sorted::Other(_) => None,
            }),
            own_handle: delivery.own_handle.as_deref(),
        }
    }

    fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

fn announcement(announcement: &Announcement) -> Value {
    let person = |sender: &Sender| sender.as_deref().map(|own| json!({ "handle": own.address, "name": own.name }));
    match announcement {
        Announcement::Added(who) => json!({ "what": "added", "person": person(who) }),
        Announcement::Removed(who) => json!({ "what": "removed", "person": person(who) }),
        Announcement::NumberChanged(who) => json!({ "what": "number_changed", "person": person(who) }),
        Announcement::Left => json!({ "what": "left" }),
        Announcement::Renamed(name) => json!({ "what": "renamed", "name": name }),
        Announcement::PhotoChanged => json!({ "what": "photo_changed" }),
        Announcement::PhotoRemoved => json!({ "what": "photo_removed" }),
        Announcement::BackgroundChanged => json!({ "what": "background_changed" }),
        Announcement::BackgroundRemoved => json!({ "what": "background_removed" }),
        Announcement::Location { sharing, with } => {
            let what = match sharing {
                Some(Sharing::Started) => "location_started",
                Some(Sharing::Stopped) => "location_stopped",
                None => "location",
            };
            json!({ "what": what, "person": person(with) })
        }
        Announcement::AudioKept => json!({ "what": "audio_kept" }),
        Announcement::SharePlay => json!({ "what": "shareplay" }),
        Announcement::Unsent => json!({ "what": "unsent" }),
        Announcement::Other { item_type, action } => {
            json!({ "what": "other", "item_type": item_type, "action": action })
        }
    }
}
