//! Conversations as tables: `messages.csv` for people, and layouts that other programs read.
//!
//! The layouts are those of the tables that iMazing writes, a file for each conversation, as several public importers
//! read them: moments of the wall clock without a zone, the owner without a sender.

use std::io::{self, Write};

use corer_schemas::messages::{Attachment, Chat, Message, MessageKind, Schedule, Service};

use super::attachment::WriteOutcome;
use super::labels::{GONE, plain, reactions, remarks, said};
use super::marks::length;
use super::people::ChatPeople;
use super::streamed::{Streamed, each_message};
use super::title::title;
use super::whatsapp_text::DateForm;
use super::{Conversations, Options};
use crate::clock::{Moment, exact};
use crate::output::{KindReport, SafePath};
use crate::saved::Kept;
use crate::write::csv::CsvTable;

/// The columns of `messages.csv`.
pub(super) const HEADER: [&str; 16] = [
    "Conversation",
    "Date",
    "From",
    "Number or address",
    "Service",
    "Kind",
    "Subject",
    "Text",
    "In reply to",
    "Reactions",
    "Remarks",
    "Edited",
    "Read",
    "Attachments",
    "Files",
    "GUID",
];

/// A layout of tables that other programs read. The number is that of its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Layout {
    /// The oldest.
    #[cfg_attr(feature = "cli", value(name = "imazing-12"))]
    Imazing12,
    /// With reactions.
    #[cfg_attr(feature = "cli", value(name = "imazing-13"))]
    Imazing13,
    /// With the times of delivery and reading.
    #[cfg_attr(feature = "cli", value(name = "imazing-14"))]
    Imazing14,
    /// With the times of delivery, reading and editing: the newest.
    #[cfg_attr(feature = "cli", value(name = "imazing"))]
    Imazing15,
    /// That of WhatsApp chats.
    #[cfg_attr(feature = "cli", value(skip))]
    ImazingWhatsApp,
    /// No table, but the text that WhatsApp itself exports, with dates as in Britain and most of the world.
    #[cfg_attr(feature = "cli", value(name = "whatsapp"))]
    WhatsApp,
    /// The same, as in the United States.
    #[cfg_attr(feature = "cli", value(name = "whatsapp-us"))]
    WhatsAppUs,
    /// The same, as in Germany.
    #[cfg_attr(feature = "cli", value(name = "whatsapp-de"))]
    WhatsAppDe,
    /// The same, as in France.
    #[cfg_attr(feature = "cli", value(name = "whatsapp-fr"))]
    WhatsAppFr,
    /// The same, as in the Netherlands.
    #[cfg_attr(feature = "cli", value(name = "whatsapp-nl"))]
    WhatsAppNl,
}

/// A column of such a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Session,
    Date,
    Delivered,
    Read,
    Edited,
    Service,
    Type,
    SenderId,
    SenderName,
    Status,
    ReplyingTo,
    Subject,
    Text,
    Reactions,
    Attachment,
    AttachmentType,
    Sent,
    Forwarded,
    AttachmentInfo,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "Chat Session",
            Self::Date => "Message Date",
            Self::Delivered => "Delivered Date",
            Self::Read => "Read Date",
            Self::Edited => "Edited Date",
            Self::Service => "Service",
            Self::Type => "Type",
            Self::SenderId => "Sender ID",
            Self::SenderName => "Sender Name",
            Self::Status => "Status",
            Self::ReplyingTo => "Replying to",
            Self::Subject => "Subject",
            Self::Text => "Text",
            Self::Reactions => "Reactions",
            Self::Attachment => "Attachment",
            Self::AttachmentType => "Attachment type",
            Self::Sent => "Sent Date",
            Self::Forwarded => "Forwarded",
            Self::AttachmentInfo => "Attachment info",
        }
    }
}

impl Layout {
    fn columns(self) -> Vec<Column> {
        use Column as C;
        if self == Self::ImazingWhatsApp {
            let first = [C::Session, C::Date, C::Sent, C::Type, C::SenderId, C::SenderName, C::Status, C::Forwarded];
            let then = [C::ReplyingTo, C::Text, C::Reactions, C::Attachment, C::AttachmentType, C::AttachmentInfo];
            return [&first[..], &then].concat();
        }
        let times: &[Column] = match self {
            Self::Imazing14 => &[C::Delivered, C::Read],
            Self::Imazing15 => &[C::Delivered, C::Read, C::Edited],
            _ => &[],
        };
        let reactions: &[Column] = if self == Self::Imazing13 { &[C::Reactions] } else { &[] };
        let middle = [C::Service, C::Type, C::SenderId, C::SenderName, C::Status, C::ReplyingTo, C::Subject, C::Text];
        [&[C::Session, C::Date], times, &middle, reactions, &[C::Attachment, C::AttachmentType]].concat()
    }

    /// The layout of a kind of conversations: WhatsApp's have other columns.
    #[must_use]
    pub fn of_kind(self, kind: &str) -> Self {
        match self {
            Self::Imazing12 | Self::Imazing13 | Self::Imazing14 | Self::Imazing15 if kind == "whatsapp" => {
                Self::ImazingWhatsApp
            }
            other => other,
        }
    }

    /// Whether a kind of conversations can be written so: only WhatsApp's programs read what WhatsApp exports.
    pub fn suits(self, kind: &str) -> bool {
        !self.is_text() || kind == "whatsapp"
    }

    /// Whether it is one of texts and not of tables.
    pub fn is_text(self) -> bool {
        self.dates().is_some()
    }

    /// How a layout of texts writes dates.
    pub(super) fn dates(self) -> Option<DateForm> {
        Some(match self {
            Self::WhatsApp => DateForm::British,
            Self::WhatsAppUs => DateForm::American,
            Self::WhatsAppDe => DateForm::German,
            Self::WhatsAppFr => DateForm::French,
            Self::WhatsAppNl => DateForm::Dutch,
            _ => return None,
        })
    }

    /// Begins a table.
    pub(super) fn begin<W: Write>(self, to: W) -> io::Result<CsvTable<W>> {
        let names: Vec<&str> = self.columns().into_iter().map(Column::name).collect();
        CsvTable::for_programs(to, &names)
    }

    /// Writes a message: a row for each of its files, one at least.
    pub(super) fn rows<W: Write>(
        self,
        table: &mut CsvTable<W>,
        chat: &Chat,
        message: &Message,
        outcomes: &[WriteOutcome],
        options: &Options,
    ) -> io::Result<()> {
        let columns = self.columns();
        let row = Row { chat, message, who: ChatPeople::new(chat, options.owner.as_deref()), options };
        let files: Vec<(&Attachment, &WriteOutcome)> =
            message.attachments.iter().zip(outcomes).filter(|(attachment, _)| !attachment.is_hidden).collect();
        if files.is_empty() {
            return table.row(columns.iter().map(|column| row.cell(*column, None, true)));
        }
        files.into_iter().enumerate().try_for_each(|(index, file)| {
            table.row(columns.iter().map(|column| row.cell(*column, Some(file), index == 0)))
        })
    }
}

/// The table of a conversation whose folder is this one.
pub(super) fn place(folder: &SafePath) -> SafePath {
    SafePath::new("csv").join(&format!("Messages - {}.csv", folder.name()))
}

struct Row<'a> {
    chat: &'a Chat,
    message: &'a Message,
    who: ChatPeople<'a>,
    options: &'a Options,
}

impl Row<'_> {
    fn cell(&self, column: Column, file: Option<(&Attachment, &WriteOutcome)>, is_first: bool) -> String {
        let message = self.message;
        let zone = &self.options.zone;
        let time = |time| Moment::new(time, zone).map(|moment| moment.plain()).unwrap_or_default();
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        match column {
            Column::Session => title(self.chat),
            Column::Date => message.date.map(time).unwrap_or_default(),
            // What WhatsApp's database calls so: when the server took what the owner wrote, or when what others wrote came.
            Column::Sent => match message.is_from_me {
                true => message.marks.as_deref().and_then(|marks| marks.sent),
                false => message.date_delivered,
            }
            .map(time)
            .unwrap_or_default(),
            Column::Forwarded => match message.marks.as_ref().and_then(|marks| marks.forwarded) {
                Some(_) => "Yes".to_owned(),
                None => String::new(),
            },
            Column::AttachmentInfo => {
                let seconds = message.marks.as_ref().and_then(|marks| marks.seconds).filter(|_| file.is_some());
                seconds.map(length).unwrap_or_default()
            }
            Column::Delivered => message.date_delivered.map(time).unwrap_or_default(),
            Column::Read => message.date_read.map(time).unwrap_or_default(),
            Column::Edited => message.date_edited.map(time).unwrap_or_default(),
            Column::Service => text(message.service.as_ref().map(Service::as_str)),
            Column::Type => match message.kind {
                MessageKind::Announcement(_) => "Notification".to_owned(),
                _ if message.is_from_me => "Outgoing".to_owned(),
                _ => "Incoming".to_owned(),
            },
            Column::SenderId => text(message.sender.as_deref().map(|sender| &*sender.address)),
            Column::SenderName if message.is_from_me => text(self.options.owner.as_deref()),
            Column::SenderName => self.who.sent(message).to_owned(),
            Column::Status => self.status().to_owned(),
            Column::ReplyingTo => text(message.reply_to.as_ref().and_then(|reply| reply.excerpt.as_deref())),
            Column::Subject => text(message.subject.as_deref()),
            Column::Text if is_first => said(message, &self.who, zone),
            Column::Text => String::new(),
            Column::Reactions => reactions(message, &self.who),
            Column::Attachment => file.map(file_name).unwrap_or_default(),
            Column::AttachmentType => file.map(|(attachment, _)| file_type(attachment)).unwrap_or_default().to_owned(),
        }
    }

    fn status(&self) -> &'static str {
        let delivery = &self.message.delivery;
        match (self.message.date_read, self.message.date_delivered) {
            (Some(_), _) => "Read",
            _ if delivery.is_read => "Read",
            (None, Some(_)) if self.message.is_from_me => "Delivered",
            _ if self.message.is_from_me && delivery.is_delivered => "Delivered",
            _ if delivery.error.is_some() || delivery.schedule == Some(Schedule::Pending) => "",
            _ if delivery.waits_for_satellite => "",
            _ if self.message.is_from_me => "Sent",
            _ => "",
        }
    }
}

/// The name of the saved file, or else that of the one that is not there.
fn file_name((attachment, outcome): (&Attachment, &WriteOutcome)) -> String {
    match outcome {
        WriteOutcome::Saved { path, .. } => path.name().to_owned(),
        _ => attachment.name.clone(),
    }
}

fn file_type(attachment: &Attachment) -> &'static str {
    let mime = attachment.mime.as_deref().unwrap_or_default();
    match mime.split('/').next().unwrap_or_default() {
        "image" => "Image",
        "video" => "Video",
        "audio" => "Audio",
        _ if mime.contains("vcard") => "Contact",
        _ => "File",
    }
}

/// Writes the table of all conversations as a stream, without saving attachments.
///
/// # Errors
/// Those of `to`.
pub fn stream(
    source: &dyn Conversations,
    chats: &[Chat],
    options: &Options,
    to: &mut dyn Write,
) -> io::Result<KindReport> {
    let mut table = CsvTable::for_people(to, &HEADER)?;
    let totals = each_message(source, chats, options, &mut |record| match record {
        Streamed::Chat(_) => Ok(()),
        Streamed::Message(chat, message, outcomes) => row(&mut table, chat, message, outcomes, options),
    })?;
    table.finish()?;
    Ok(totals.report(options.kind))
}

/// Writes a row of `messages.csv`.
pub(super) fn row<W: Write>(
    table: &mut CsvTable<W>,
    chat: &Chat,
    message: &Kept<Message>,
    outcomes: &[WriteOutcome],
    options: &Options,
) -> io::Result<()> {
    let (who, zone) = (ChatPeople::new(chat, options.owner.as_deref()), &options.zone);
    let reply = message.reply_to.as_deref().map(|reply| {
        let text = reply.excerpt.as_deref().unwrap_or_default();
        who.answered(reply).map_or_else(|| GONE.to_owned(), |name| format!("{name}: {text}"))
    });
    let shown = || message.attachments.iter().zip(outcomes).filter(|(attachment, _)| !attachment.is_hidden);
    let names: Vec<&str> = shown().map(|(attachment, _)| &*attachment.name).collect();
    let files: Vec<&str> = shown().map(|(_, outcome)| outcome.place()).collect();
    table.row([
        &*title(chat),
        &exact(message.date, zone).unwrap_or_default(),
        who.sent(message),
        message.sender.as_deref().map_or("", |sender| &sender.address),
        message.service.as_ref().map_or("", Service::as_str),
        kind(&message.kind),
        &plain(message.subject.as_deref().unwrap_or_default()),
        &said(message, &who, zone),
        &reply.unwrap_or_default(),
        &reactions(message, &who),
        &remarks(message, zone).join("; "),
        &exact(message.date_edited, zone).unwrap_or_default(),
        &exact(message.date_read, zone).unwrap_or_default(),
        &names.join("\n"),
        &files.join("\n"),
        message.guid.as_deref().unwrap_or_default(),
    ])
}

fn kind(kind: &MessageKind) -> &'static str {
    match kind {
        MessageKind::Normal => "message",
        MessageKind::Tapback(_) => "reaction",
        MessageKind::Vote(_) => "vote",
        MessageKind::Announcement(_) => "announcement",
        MessageKind::App(_) => "app",
        MessageKind::Unsupported { .. } => "unsupported",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_have_their_columns_in_their_order() {
        let header = |layout: Layout| {
            String::from_utf8(layout.begin(Vec::new()).unwrap().finish().unwrap()).unwrap().trim_end().to_owned()
        };
        let end = "Service,Type,Sender ID,Sender Name,Status,Replying to,Subject,Text";
        let files = "Attachment,Attachment type";
        assert_eq!(header(Layout::Imazing12), format!("Chat Session,Message Date,{end},{files}"));
        assert_eq!(header(Layout::Imazing13), format!("Chat Session,Message Date,{end},Reactions,{files}"));
        assert_eq!(
            header(Layout::Imazing15.of_kind("whatsapp")),
            "Chat Session,Message Date,Sent Date,Type,Sender ID,Sender Name,Status,Forwarded,Replying to,Text,Reactions,Attachment,Attachment type,Attachment info"
        );
        assert_eq!(
            header(Layout::Imazing14),
            format!("Chat Session,Message Date,Delivered Date,Read Date,{end},{files}")
        );
        assert_eq!(
            header(Layout::Imazing15),
            format!("Chat Session,Message Date,Delivered Date,Read Date,Edited Date,{end},{files}")
        );
    }
}
