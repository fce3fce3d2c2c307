//! Counting what was written, and noting what was not.

use std::collections::BTreeSet;

use corer_schemas::messages::{Attachment, Chat, Message};
use corer_schemas::skipped::noted;
use corer_schemas::{Skipped, SourceError};
use serde::Serialize;

use super::attachment::{WriteOutcome, files};
use super::title::title;
use crate::convert::Converter;
use crate::output::report::{MissingItem, SkippedItem};
use crate::output::{ExportInfo, KindReport, SafePath};
use crate::page::plural;

/// How many messages a note names.
const NAMED: usize = 20;

/// What an export holds: the content of the last record of `messages.jsonl`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Conversations.
    pub chats: u64,
    /// Conversations that the device keeps and in which no message is. They are not among the others.
    #[serde(skip_serializing_if = "is_zero")]
    pub chats_without_messages: u64,
    /// Messages.
    pub messages: u64,
    /// Attachments that the messages speak of.
    pub attachments: u64,
    /// Those among them whose content is not there or could not be read.
    pub attachments_missing: u64,
    /// Items that could not be read.
    pub skipped: u64,
}

impl Totals {
    /// Adds those of another part.
    pub(super) fn add(&mut self, other: &Self) {
        self.chats += other.chats;
        self.chats_without_messages += other.chats_without_messages;
        self.messages += other.messages;
        self.attachments += other.attachments;
        self.attachments_missing += other.attachments_missing;
        self.skipped += other.skipped;
    }
}

/// The totals, and the list of what is not there.
#[derive(Debug, Default)]
pub(super) struct RunTotals {
    pub(super) totals: Totals,
    skipped: Vec<SkippedItem>,
    /// How many of them are messages, or conversations, and no parts of messages that were written.
    lost: u64,
    missing: Vec<MissingItem>,
    notes: Vec<String>,
    /// Animated pictures that have a copy, which does not move. One that was sent often is there once.
    stills: BTreeSet<SafePath>,
    /// How many messages are stored twice with different words, and the first of them.
    twice: u64,
    twice_named: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands on references")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl RunTotals {
    /// Counts a message in.
    pub(super) fn message(&mut self, chat: &Chat, message: &Message, outcomes: &[WriteOutcome]) {
        self.totals.messages += 1;
        if message.attributed_text.is_some() {
            self.twice += 1;
            if self.twice_named.len() < NAMED {
                self.twice_named.push(format!("message {} in \u{201c}{}\u{201d}", message.id, title(chat)));
            }
        }
        for (attachment, outcome) in files(message).zip(outcomes) {
            self.totals.attachments += 1;
            match outcome {
                WriteOutcome::Saved { unconverted: Some(why), .. } => {
                    let item = item(chat, message, attachment);
                    self.notes.push(format!("{item} was not converted: {why}"));
                    continue;
                }
                WriteOutcome::Saved { partial: Some(why), .. } => {
                    let item = item(chat, message, attachment);
                    self.notes.push(format!("{item} does not play whole: {why}"));
                    continue;
                }
                WriteOutcome::Saved { path, converted: Some(_), .. } => {
                    if Converter::is_animated(path.name()) {
                        self.stills.insert(path.clone());
                    }
                    continue;
                }
                WriteOutcome::Saved { .. } | WriteOutcome::Linked { .. } | WriteOutcome::Present => continue,
                WriteOutcome::Missing { why, expected } => {
                    let item = item(chat, message, attachment);
                    self.missing.push(MissingItem { item, why: why.clone(), expected: *expected });
                }
                WriteOutcome::Unreadable { why } => {
                    let item = item(chat, message, attachment);
                    self.skipped.push(SkippedItem { item, why: why.clone() });
                }
            }
            self.totals.attachments_missing += 1;
        }
    }

    /// Notes how reading a conversation went.
    pub(super) fn read(&mut self, chat: &Chat, read: Result<Vec<Skipped>, SourceError>) {
        let whole = |error: SourceError| vec![Skipped::new("conversation", error)];
        for Skipped { item, why, is_part } in read.unwrap_or_else(whole) {
            self.lost += u64::from(!is_part);
            self.skipped.push(SkippedItem { item: noted(format!("{item} in \u{201c}{}\u{201d}", title(chat))), why });
            self.totals.skipped += 1;
        }
    }

    /// Counts a conversation in, and says whether it is listed: one without a message is only counted, if nothing narrowed
    /// the choice. One of which no message could be read is no such one.
    pub(super) fn end_chat(&mut self, about: &ExportInfo) -> bool {
        let counts = self.totals.messages > 0 || self.totals.skipped > 0 && about.filters.is_empty();
        self.totals.chats += u64::from(counts);
        self.totals.chats_without_messages += u64::from(!counts && about.filters.is_empty());
        counts
    }

    /// Adds what came after.
    pub(super) fn merge(&mut self, next: Self) {
        self.totals.add(&next.totals);
        self.skipped.extend(next.skipped);
        self.lost += next.lost;
        self.missing.extend(next.missing);
        self.notes.extend(next.notes);
        self.stills.extend(next.stills);
        self.twice += next.twice;
        let room = NAMED.saturating_sub(self.twice_named.len());
        self.twice_named.extend(next.twice_named.into_iter().take(room));
    }

    /// The report of it all.
    pub(super) fn report(mut self, kind: &str) -> KindReport {
        if !self.stills.is_empty() {
            let pictures = plural(self.stills.len() as u64, "animated picture");
            let copies = if self.stills.len() == 1 { "copy" } else { "copies" };
            let show = if self.stills.len() == 1 { "shows" } else { "show" };
            self.notes.push(format!("The {copies} of {pictures} {show} one moment; originals stay as they are."));
        }
        if self.totals.chats_without_messages > 0 {
            let empty = plural(self.totals.chats_without_messages, "conversation");
            self.notes.push(format!("{empty} without a message: not listed."));
        }
        if self.twice > 0 {
            let messages = plural(self.twice, "message");
            let some = self.twice_named.join(", ");
            self.notes
                .push(format!("Stored twice, with different words: {messages} ({some}). Both stand in the data."));
        }
        KindReport {
            found: self.totals.messages + self.lost,
            exported: self.totals.messages,
            skipped: self.skipped,
            missing: self.missing,
            notes: self.notes,
            ..KindReport::new(kind)
        }
    }
}

/// Which attachment, so that a person finds it: `IMG_1.HEIC of message 12 in “Anna”`.
fn item(chat: &Chat, message: &Message, attachment: &Attachment) -> String {
    noted(format!("{} of message {} in \u{201c}{}\u{201d}", attachment.name, message.id, title(chat)))
}
