//! The record of a reaction.

use corer_schemas::messages::{Message, Reaction, Tapback};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::attachment::AttachmentRecord;
use super::person::Person;
use crate::clock::exact;
use crate::messages::attachment::{WriteOutcome, sticker_outcomes};

#[derive(Serialize)]
pub(super) struct TapbackRecord<'a> {
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

/// The reactions to a message.
pub(super) fn tapbacks<'a>(
    message: &'a Message,
    outcomes: &'a [WriteOutcome],
    zone: &TimeZone,
) -> Vec<TapbackRecord<'a>> {
    let mut stickers = sticker_outcomes(message, outcomes).iter();
    let record = |tapback: &'a Tapback| {
        let outcome = matches!(tapback.reaction, Reaction::Sticker(Some(_))).then(|| stickers.next()).flatten();
        TapbackRecord::new(tapback, outcome, zone)
    };
    message.tapbacks.iter().map(record).collect()
}

impl<'a> TapbackRecord<'a> {
    pub(super) fn new(tapback: &'a Tapback, outcome: Option<&'a WriteOutcome>, zone: &TimeZone) -> Self {
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
            Reaction::Sticker(Some(own)) => outcome.map(|outcome| AttachmentRecord::new(own, outcome)),
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
