//! What is said of a note: the same words in every format for people.

use corer_schemas::notes::{Attachment, AttachmentKind, Body, Note, Place, Scheme, State};
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

/// What stands in the place of an attachment that is not there, or that nobody knows here.
pub(super) fn placeholder(attachment: &Attachment) -> String {
    let missing = attachment.files.iter().find_map(|file| match &file.place {
        Place::Missing { why, .. } => Some(why.as_str()),
        Place::Stored(_) => None,
    });
    let uti = attachment.uti.as_deref().unwrap_or("without a type");
    let own = attachment.title.as_deref().map(|title| format!(" \u{201c}{title}\u{201d}")).unwrap_or_default();
    match (attachment.kind, missing) {
        (AttachmentKind::Unknown, Some(why)) => format!("[unknown attachment{own} ({uti}): {why}]"),
        (AttachmentKind::Unknown, None) => format!("[unknown attachment{own} ({uti})]"),
        (kind, Some(why)) => format!("[{}{own}: {why}]", self::kind(kind)),
        (kind, None) => format!("[{}{own}: the backup has nothing of it but its name]", self::kind(kind)),
    }
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
