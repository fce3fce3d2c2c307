//! The record of a message.

use corer_schemas::messages::{Effect, Message, MessageKind, Reply, Service, Vote};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use super::announcement::announcement;
use super::app::AppRecord;
use super::attachment::AttachmentRecord;
use super::changes::{DeletedRecord, EditRecord};
use super::delivery::DeliveryRecord;
use super::marks::MarksRecord;
use super::part::{PartRecord, parts};
use super::person::Person;
use super::tapback::{TapbackRecord, tapbacks};
use crate::clock::exact;
use crate::messages::attachment::{WriteOutcome, sticker_outcomes};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    marks: Option<MarksRecord<'a>>,
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
struct TranslationRecord<'a> {
    language: Option<&'a str>,
    text: &'a str,
}

impl<'a> MessageRecord<'a> {
    pub(super) fn new(message: &'a Message, outcomes: &'a [WriteOutcome], zone: &TimeZone) -> Self {
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
                .zip(outcomes)
                .map(|(a, outcome)| AttachmentRecord::new(a, outcome))
                .collect(),
            tapbacks: tapbacks(message, outcomes, zone),
            reply_to: message.reply_to.as_deref().map(|reply| ReplyRecord::new(reply, zone)),
            replies: &message.replies,
            edits: message.edits.iter().map(|edit| EditRecord::new(edit, zone)).collect(),
            effect: message.effect.as_ref().map(Effect::name),
            deleted: message.deleted.as_deref().map(|deleted| DeletedRecord::new(deleted, zone)),
            translation: message
                .translation
                .as_deref()
                .map(|own| TranslationRecord { language: own.language.as_deref(), text: &own.text }),
            delivery: DeliveryRecord::new(&message.delivery),
            marks: message.marks.as_deref().map(|marks| MarksRecord::new(marks, zone)),
        };
        record.take_kind(message, outcomes, zone);
        record
    }

    fn take_kind(&mut self, message: &'a Message, outcomes: &'a [WriteOutcome], zone: &TimeZone) {
        match &message.kind {
            MessageKind::Normal => {}
            MessageKind::Tapback(tapback) => {
                self.kind = "tapback";
                self.tapback = Some(TapbackRecord::new(tapback, sticker_outcomes(message, outcomes).first(), zone));
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
            is_from_me: reply.is_known().then_some(reply.is_from_me),
            sender: Person::of(&reply.sender),
            excerpt: reply.excerpt.as_deref(),
        }
    }
}
