//! What is said of a note: the same words in every format for people.

use corer_schemas::notes::{Attachment, AttachmentKind, Body, FileRole, Note, Scheme, State};
use jiff::tz::TimeZone;

use crate::clock::{Moment, date_in_words};
use crate::saved::{Kept, words};

/// The title of a note; of one without a title, its first words.
pub(super) fn title(note: &Note) -> &str {
    let own = note.title.as_deref().or(note.snippet.as_deref());
    own.map(str::trim).filter(|title| !title.is_empty()).unwrap_or("Untitled note")
}

/// What an attachment is, in words.
pub(super) fn kind(kind: AttachmentKind) -> &'static str {
    match kind {
        AttachmentKind::Hashtag => "tag",
        AttachmentKind::Mention => "mention",
        AttachmentKind::NoteLink => "link to a note",
        AttachmentKind::Calculation => "calculation",
        AttachmentKind::Table => "table",
        AttachmentKind::Image => "picture",
        AttachmentKind::Drawing => "drawing",
        AttachmentKind::Scan => "scan",
        AttachmentKind::Pdf => "PDF",
        AttachmentKind::Audio => "recording",
        AttachmentKind::Video => "video",
        AttachmentKind::Web => "web page",
        AttachmentKind::Map => "place",
        AttachmentKind::Contact => "contact",
        AttachmentKind::Event => "event",
        AttachmentKind::File => "file",
        AttachmentKind::Unknown => "unknown attachment",
    }
}

/// What an attachment is called: its own name, else what it is.
pub(super) fn name(attachment: &Attachment) -> String {
    let own = attachment.title.as_deref().or(attachment.text.as_deref()).map(str::trim);
    own.filter(|name| !name.is_empty()).map_or_else(|| kind(attachment.kind).to_owned(), str::to_owned)
}

/// What a file of an attachment is called: the attachment's name, or what it is of it.
pub(super) fn file_name(attachment: &Attachment, role: FileRole) -> String {
    let name = name(attachment);
    match role {
        FileRole::Original => name,
        FileRole::Picture | FileRole::Preview => format!("picture of {name}"),
        FileRole::Document => format!("{name} (PDF)"),
    }
}

/// The address of the place that an attachment is of.
pub(super) fn map_address(attachment: &Attachment) -> Option<String> {
    let (latitude, longitude) = attachment.place.filter(|_| attachment.kind == AttachmentKind::Map)?;
    Some(format!("https://maps.apple.com/?ll={latitude},{longitude}"))
}

/// The longest name that is said again, in characters.
const MOST_CHARS: usize = 80;

/// An attachment in a few words: what it is, and what it is called.
fn subject(attachment: &Attachment) -> String {
    let name =
        attachment.title.as_deref().or(attachment.text.as_deref()).map(str::trim).filter(|name| !name.is_empty());
    let name = name.map(|name| name.chars().take(MOST_CHARS).collect::<String>());
    let name = name.map(|name| format!(" \u{201c}{name}\u{201d}")).unwrap_or_default();
    match (attachment.kind, attachment.uti.as_deref()) {
        (AttachmentKind::Unknown, Some(uti)) => format!("unknown attachment{name} ({uti})"),
        (AttachmentKind::Unknown, None) => format!("unknown attachment{name} (without a type)"),
        (kind, _) => format!("{}{name}", self::kind(kind)),
    }
}

/// What stands in the place of an attachment that is not there, or that nobody knows here; `why` its file is not.
pub(super) fn placeholder(attachment: &Attachment, why: Option<&str>) -> String {
    let subject = subject(attachment);
    let has_name = attachment.title.as_ref().or(attachment.text.as_ref()).is_some();
    match (attachment.kind, why) {
        (_, Some(why)) => format!("[{subject}: {why}]"),
        (AttachmentKind::Unknown, None) => format!("[{subject}]"),
        (AttachmentKind::Table, None) => format!("[{subject}: its cells are not here]"),
        (_, None) if has_name => format!("[{subject}: nothing more of it is in the backup]"),
        (_, None) => format!("[{subject}: nothing of it is in the backup but that it was here]"),
    }
}

/// What is said of one of which there is only a small picture; `why` there is no more.
pub(super) fn only_preview(attachment: &Attachment, why: Option<&str>) -> String {
    let why = why.unwrap_or("the file itself is not in it");
    format!("[{}: only a small picture of it is in this backup: {why}]", subject(attachment))
}

/// What stands in the place of one that was written already.
pub(super) fn again(attachment: &Attachment) -> String {
    format!("[{}: see above]", subject(attachment))
}

/// What stands in the place of a table in a table.
pub(super) fn below(attachment: &Attachment) -> String {
    format!("[{}: see below]", subject(attachment))
}

/// What stands in the place of something in the text of which there is no row.
pub(super) fn lost(uti: Option<&str>) -> String {
    format!("[attachment ({}): the backup has no row of it]", uti.unwrap_or("without a type"))
}

/// Why a note has no text; `None` for one that has.
pub(super) fn gap(note: &Note) -> Option<String> {
    let Body::Missing { why, .. } = &note.body else { return None };
    let hint = note.lock.as_ref().and_then(|lock| lock.hint.as_ref());
    let hint = hint.map(|hint| format!(" Its hint: \u{201c}{hint}\u{201d}.")).unwrap_or_default();
    Some(format!("The text of this note is not here: {why}.{hint}"))
}

/// Where it stands, where that is not simply in its folder.
pub(super) fn state(state: State) -> Option<&'static str> {
    match state {
        State::Kept => None,
        State::RecentlyDeleted => Some("recently deleted"),
        State::Removed => Some("deleted"),
    }
}

/// How it is locked.
pub(super) fn scheme(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Classic => "classic",
        Scheme::Neo => "neo",
        Scheme::Device => "device",
        Scheme::Unknown => "unknown",
    }
}

/// What there is to say of a note beside what it says, in a few words each.
pub(super) fn notes(note: &Kept<Note>, zone: &TimeZone) -> Vec<String> {
    let lock = note.lock.as_ref().map(|lock| if lock.is_open { "locked, opened with its password" } else { "locked" });
    let own = state(note.state).into_iter().chain(lock).map(str::to_owned);
    own.chain(remembered(note, zone)).collect()
}

/// What an update found, and what makes no sense.
pub(super) fn remembered(note: &Kept<Note>, zone: &TimeZone) -> Vec<String> {
    let version = |earlier: &Note| {
        let moment = earlier.modified.and_then(|date| Moment::new(date, zone));
        moment
            .map_or_else(|| "another text".to_owned(), |moment| format!("the text of {}", date_in_words(moment.date())))
    };
    words::notes(note, zone, version).into_iter().chain(note.odd.iter().cloned()).collect()
}
