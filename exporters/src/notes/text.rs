//! Notes as plain text: for files, and for the terminal.

use corer_schemas::notes::{Attachment, AttachmentKind, Note, Paragraph, ParagraphKind, Table};
use jiff::tz::TimeZone;

use super::files::{SavedFile, path_of};
use super::labels;
use crate::clock::{Moment, exact};
use crate::output::SafePath;
use crate::saved::Kept;

/// A note for the terminal: a line with when, where and what it is called, and its text below.
pub(super) fn lines(note: &Note, zone: &TimeZone) -> Vec<String> {
    let when = note.modified.or(note.created).and_then(|date| Moment::new(date, zone));
    let when = when.map_or_else(|| "no date".to_owned(), |moment| moment.short());
    let folder = note.folder.join("/");
    let marks = [note.pinned.then_some("pinned"), labels::state(note.state), note.lock.as_ref().map(|_| "locked")];
    let marks = marks.into_iter().flatten().map(|mark| format!("  ({mark})")).collect::<String>();
    let head = format!("{when:16}  {}  [{folder}]{marks}", labels::title(note));
    let gap = labels::gap(note).map(|gap| format!("    {gap}"));
    let body = body(note, &[]);
    let mut body: Vec<String> = body.lines().map(|line| format!("    {line}").trim_end().to_owned()).collect();
    // The title stands above.
    if body.first().is_some_and(|line| line.trim() == labels::title(note)) {
        body.remove(0);
    }
    let body = body.into_iter().skip_while(|line| line.is_empty());
    let mut lines: Vec<String> = std::iter::once(head).chain(gap).chain(body).chain(note.odd.iter().cloned()).collect();
    while lines.pop_if(|line| line.is_empty()).is_some() {}
    lines.push(String::new());
    lines
}

/// The file of a note.
pub(super) fn page(note: &Kept<Note>, files: &[SavedFile], zone: &TimeZone) -> String {
    let mut page = String::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            page.push_str(&format!("{name}: {}\n", value.replace(['\n', '\r'], " ")));
        }
    };
    put("Title", Some(labels::title(note).to_owned()));
    put("Created", exact(note.created, zone));
    put("Changed", exact(note.modified, zone));
    let place: Vec<&str> = note.account.iter().chain(&note.folder).map(String::as_str).collect();
    put("Folder", Some(place.join("/")).filter(|place| !place.is_empty()));
    put("Tags", Some(note.tags.join(", ")).filter(|tags| !tags.is_empty()));
    labels::notes(note, zone).into_iter().for_each(|words| put("Note", Some(words)));
    put("Missing", labels::gap(note));
    page.push('\n');
    page.push_str(&body(note, files));
    page
}

/// The text of a note.
fn body(note: &Note, files: &[SavedFile]) -> String {
    let mut numbers: Vec<u64> = Vec::new();
    let mut text = String::new();
    for paragraph in note.paragraphs() {
        text.push_str(&"> ".repeat(paragraph.quote as usize));
        text.push_str(&mark(paragraph, &mut numbers));
        text.push_str(&line(note, paragraph, files));
        text.push('\n');
    }
    text
}

/// What stands before a line of a list.
fn mark(paragraph: &Paragraph, numbers: &mut Vec<u64>) -> String {
    let depth = paragraph.indent as usize;
    if !paragraph.kind.is_list() {
        numbers.clear();
        return String::new();
    }
    numbers.truncate(depth + 1);
    numbers.resize(depth + 1, 0);
    let own = match paragraph.kind {
        ParagraphKind::Bullet => "• ".to_owned(),
        ParagraphKind::Dash => "– ".to_owned(),
        ParagraphKind::Check { done: true } => "[x] ".to_owned(),
        ParagraphKind::Check { done: false } => "[ ] ".to_owned(),
        _ => {
            let number = numbers.last().copied().unwrap_or_default().saturating_add(1);
            let number = paragraph.start.map_or(number, u64::from);
            numbers.last_mut().into_iter().for_each(|last| *last = number);
            format!("{number}. ")
        }
    };
    "  ".repeat(depth) + &own
}

fn line(note: &Note, paragraph: &Paragraph, files: &[SavedFile]) -> String {
    let piece = |span: &corer_schemas::notes::Span| match &span.style.attachment {
        None => match span.style.link.as_deref().filter(|link| *link != span.text) {
            Some(link) => format!("{} <{link}>", span.text),
            None => span.text.clone(),
        },
        Some(identifier) => match note.attachment(identifier) {
            Some(attachment) => attached(note, attachment, files),
            None => labels::lost(span.style.attachment_type.as_deref()),
        },
    };
    paragraph.spans.iter().map(piece).collect()
}

fn attached(note: &Note, attachment: &Attachment, files: &[SavedFile]) -> String {
    if let Some(table) = &attachment.table {
        return format!("\n{}", rows(note, table));
    }
    let inline = matches!(
        attachment.kind,
        AttachmentKind::Hashtag | AttachmentKind::Mention | AttachmentKind::NoteLink | AttachmentKind::Calculation
    );
    if let Some(text) = attachment.text.as_ref().filter(|_| inline) {
        return text.clone();
    }
    let words = attachment.recognised.as_deref().filter(|_| attachment.kind == AttachmentKind::Audio);
    let words = words.map(|words| format!("\n    {words}")).unwrap_or_default();
    let path: Option<&SafePath> = path_of(files, &attachment.identifier);
    let is_there = attachment.files.iter().any(|file| matches!(file.place, corer_schemas::notes::Place::Stored(_)));
    match (path, &attachment.target) {
        (Some(path), _) => format!("[{}: {}]{words}", labels::kind(attachment.kind), path.as_str()),
        (None, Some(target)) => format!("{} <{target}>", labels::name(attachment)),
        (None, None) if is_there => format!("[{}: {}]{words}", labels::kind(attachment.kind), labels::name(attachment)),
        (None, None) if !attachment.children.is_empty() => {
            format!("[{} of {} parts]", labels::kind(attachment.kind), attachment.children.len())
        }
        (None, None) => labels::placeholder(attachment) + &words,
    }
}

/// The rows of a table, with tabs between the cells. What is attached in a cell is named.
fn rows(note: &Note, table: &Table) -> String {
    let cell = |paragraphs: &Vec<Paragraph>| {
        let piece = |span: &corer_schemas::notes::Span| {
            let attachment = span.style.attachment.as_ref().and_then(|identifier| note.attachment(identifier));
            attachment.map_or_else(|| span.text.clone(), labels::name)
        };
        let line = |paragraph: &Paragraph| paragraph.spans.iter().map(piece).collect::<String>();
        paragraphs.iter().map(line).collect::<Vec<_>>().join(" / ")
    };
    let row = |row: &Vec<Vec<Paragraph>>| row.iter().map(cell).collect::<Vec<_>>().join("\t");
    table.rows.iter().map(row).collect::<Vec<_>>().join("\n")
}
