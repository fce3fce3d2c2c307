//! A conversation as WhatsApp's own "Export chat" writes it on an iPhone, for programs that read that:
//!
//! ```text
//! [31/12/2023, 23:59:59] Anna Berg: Hello
//! <LRM>[31/12/2023, 23:59:59] Anna Berg: What it shows <LRM><attached: photo-3ecf8afc.jpg>
//! ```
//!
//! A mark of direction (U+200E) stands before what the app itself says. Dates are written as phones of a region write them.

use std::io::{self, Write};

use corer_schemas::messages::{App, AppContent, Attachment, Chat, Message, MessageKind};

use super::Options;
use super::attachment::WriteOutcome;
use super::card::AppCard;
use super::labels::{is_revoked, is_unsent, plain, said};
use super::people::ChatPeople;
use super::title::title;
use crate::clock::Moment;

/// Stands before what the app itself says.
const MARK: char = '\u{200e}';

/// Is not seen, and stands in a date that is no head of a message.
const JOINER: char = '\u{2060}';

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

/// Writes a message under one head: its words, then its files, each but the first on a line of its own.
///
/// What has no date has no head, without which no program takes it for a message: it stands before all others for people to read.
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
    let when = when.map(|moment| format!("{} ", moment.formatted(form.pattern()))).unwrap_or_default();
    let name = match message.kind {
        MessageKind::Announcement(_) => title(chat),
        _ => who.sent(message).to_owned(),
    };
    let files = message.attachments.iter().zip(outcomes).filter(|(attachment, _)| !attachment.is_hidden);
    let files: Vec<String> =
        files.map(|(attachment, outcome)| format!("{MARK}{}", attached(attachment, outcome))).collect();
    let words = headless(&words(message, &who, options));
    let files = files.join("\n");
    let body: Vec<&str> = [words.as_str(), &files].into_iter().filter(|part| !part.is_empty()).collect();
    let of_app = if is_of_app(message) { MARK.to_string() } else { String::new() };
    let before = if files.is_empty() { "" } else { "\u{200e}" };
    writeln!(to, "{before}{when}{}: {of_app}{}", one_line(&name), body.join(" "))
}

fn is_of_app(message: &Message) -> bool {
    is_unsent(message) || !matches!(message.kind, MessageKind::Normal)
}

/// What a message says: what the app makes of it, and all that was written.
fn words(message: &Message, who: &ChatPeople<'_>, options: &Options) -> String {
    let text = plain(message.text.as_deref().unwrap_or_default());
    let mut lines: Vec<String> = match &message.kind {
        _ if is_unsent(message) || is_revoked(message) => vec!["This message was deleted.".to_owned()],
        MessageKind::App(app) => app_lines(app, options),
        _ => return said(message, who, &options.zone),
    };
    // The text has the link itself.
    let is_link = matches!(&message.kind, MessageKind::App(app) if matches!(app.content, AppContent::Link(_)));
    if is_link && !text.is_empty() {
        lines.clear();
    }
    if !text.is_empty() && !lines.iter().any(|line| *line == text) {
        lines.push(text.into_owned());
    }
    lines.join("\n")
}

fn app_lines(app: &App, options: &Options) -> Vec<String> {
    let card = AppCard::new(app, &options.zone);
    let own = card.words().map(str::to_owned);
    match &app.content {
        AppContent::Place(place) => {
            let map =
                place.coordinates.map(|(north, east)| format!("Location: https://maps.google.com/?q={north},{east}"));
            own.chain(std::iter::once(map.unwrap_or_else(|| "Location".to_owned()))).collect()
        }
        AppContent::Poll(poll) => {
            let options = poll.options.iter().map(|option| {
                let votes = crate::page::plural(option.voters.len() as u64, "vote");
                format!("OPTION: {} ({MARK}{votes})", option.text)
            });
            ["POLL:".to_owned()].into_iter().chain(poll.title.iter().cloned()).chain(options).collect()
        }
        _ => own.chain(card.url.map(str::to_owned)).collect(),
    }
}

/// A text in which no program finds the head of a message: somebody may have written one, or pasted a whole chat.
fn headless(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut parts = text.split('[');
    let mut safe = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        safe.push('[');
        if begins_with_date(part) {
            safe.push(JOINER);
        }
        safe.push_str(part);
    }
    safe
}

/// Whether a text begins as dates in heads do: one to four digits, a sign, a digit.
fn begins_with_date(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let mut signs = rest.chars();
    (1..=4).contains(&(text.len() - rest.len()))
        && signs.next().is_some_and(|sign| matches!(sign, '/' | '.' | '-'))
        && signs.next().is_some_and(|digit| digit.is_ascii_digit())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_has_a_head_of_its_own() {
        for head in ["[31/12/2023, 23:59:59] A: b", "[3/8/23, 8:26:40\u{202f}PM] A: b", "[08.03.23, 20:26:40] A: b"] {
            let safe = headless(&format!("see\r\n{head}"));
            assert_eq!(safe.replace(JOINER, ""), format!("see\n{head}"));
            assert!(!safe.contains(head), "{safe}");
        }
        for text in ["[1] a note", "[x]", "a[12]", "[2023"] {
            assert_eq!(headless(text), text);
        }
    }
}
