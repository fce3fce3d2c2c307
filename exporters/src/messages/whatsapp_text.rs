//! A conversation as WhatsApp's own "Export chat" writes it on an iPhone, for programs that read that:
//!
//! ```text
//! [31/12/2023, 23:59:59] Anna Berg: Hello
//! <LRM>[31/12/2023, 23:59:59] Anna Berg: <LRM><attached: photo-3ecf8afc.jpg>
//! ```
//!
//! A mark of direction (U+200E) stands before what the app itself says. Dates are written as phones of a region write them.

use std::io::{self, Write};

use corer_schemas::messages::{AppContent, Attachment, Chat, Message, MessageKind};

use super::Options;
use super::attachment::WriteOutcome;
use super::card::AppCard;
use super::labels::{is_unsent, plain, said};
use super::people::ChatPeople;
use super::title::title;
use crate::clock::Moment;

/// Stands before what the app itself says.
const MARK: char = '\u{200e}';

/// How phones of a region write dates and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateForm {
    /// `[31/12/2023, 23:59:59]`
    British,
    /// `[12/31/23, 11:59:59 PM]`
    American,
    /// `[31.12.23, 23:59:59]`
    German,
    /// `[31/12/2023 23:59:59]`
    French,
    /// `[31-12-2023 23:59:59]`
    Dutch,
}

impl DateForm {
    fn pattern(self) -> &'static str {
        match self {
            Self::British => "[%d/%m/%Y, %H:%M:%S]",
            Self::American => "[%-m/%-d/%y, %-I:%M:%S\u{202f}%p]",
            Self::German => "[%d.%m.%y, %H:%M:%S]",
            Self::French => "[%d/%m/%Y %H:%M:%S]",
            Self::Dutch => "[%d-%m-%Y %H:%M:%S]",
        }
    }
}

/// The text of a conversation, in its folder.
pub(super) const CHAT_TEXT: &str = "_chat.txt";

/// Writes a message: its words, and each of its files on a line of its own.
pub(super) fn write(
    to: &mut impl Write,
    form: DateForm,
    chat: &Chat,
    message: &Message,
    outcomes: &[WriteOutcome],
    options: &Options,
) -> io::Result<()> {
    let who = ChatPeople::new(chat, options.owner.as_deref());
    let when = message.date.and_then(|date| Moment::new(date, &options.zone));
    // What has no date is no line of its own there, and is left to the other formats.
    let Some(when) = when.map(|moment| moment.formatted(form.pattern())) else { return Ok(()) };
    let name = match message.kind {
        MessageKind::Announcement(_) => title(chat),
        _ => who.sent(message).to_owned(),
    };
    let name = one_line(&name);
    let files = message.attachments.iter().zip(outcomes).filter(|(attachment, _)| !attachment.is_hidden);
    let mut has_any = false;
    for (attachment, outcome) in files {
        writeln!(to, "{MARK}{when} {name}: {MARK}{}", attached(attachment, outcome))?;
        has_any = true;
    }
    let words = words(message, &who, options);
    if words.is_empty() && has_any {
        return Ok(());
    }
    let mark = if is_of_app(message) { MARK.to_string() } else { String::new() };
    writeln!(to, "{when} {name}: {mark}{}", words.replace("\r\n", "\n"))
}

fn is_of_app(message: &Message) -> bool {
    is_unsent(message) || !matches!(message.kind, MessageKind::Normal)
}

fn words(message: &Message, who: &ChatPeople<'_>, options: &Options) -> String {
    if is_unsent(message) {
        return match message.is_from_me {
            true => "You deleted this message.".to_owned(),
            false => "This message was deleted.".to_owned(),
        };
    }
    match &message.kind {
        MessageKind::App(app) => match &app.content {
            AppContent::Place(place) => match place.coordinates {
                Some((latitude, longitude)) => format!("Location: https://maps.google.com/?q={latitude},{longitude}"),
                None => "Location".to_owned(),
            },
            // The text has the link itself.
            AppContent::Link(_) => plain(message.text.as_deref().unwrap_or_default()).into_owned(),
            AppContent::Poll(poll) => {
                let options = poll.options.iter().map(|option| {
                    format!(
                        "OPTION: {} ({MARK}{})",
                        option.text,
                        crate::page::plural(option.voters.len() as u64, "vote")
                    )
                });
                let question = poll.title.iter().cloned();
                ["POLL:".to_owned()].into_iter().chain(question).chain(options).collect::<Vec<_>>().join("\n")
            }
            _ => AppCard::new(app, &options.zone).words().collect::<Vec<_>>().join("\n"),
        },
        _ => said(message, who, &options.zone),
    }
}

/// A file as the app names it: by its name, or by what was left out.
fn attached(attachment: &Attachment, outcome: &WriteOutcome) -> String {
    match outcome {
        WriteOutcome::Saved { path, .. } => format!("<attached: {}>", path.name()),
        WriteOutcome::Linked { .. } | WriteOutcome::Present => format!("<attached: {}>", one_line(&attachment.name)),
        WriteOutcome::Missing { .. } | WriteOutcome::Unreadable { .. } => {
            let mime = attachment.mime.as_deref().unwrap_or_default();
            let what = match mime.split('/').next().unwrap_or_default() {
                _ if attachment.sticker.is_some() => "sticker",
                "image" => "image",
                "video" => "video",
                "audio" => "audio",
                _ => "document",
            };
            format!("{what} omitted")
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
