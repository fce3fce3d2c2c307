//! Notes as plain text: for files, and for the terminal.

use corer_schemas::notes::{Attachment, AttachmentKind, Note, Paragraph, ParagraphKind, Span, Table};
use jiff::tz::TimeZone;

use super::content::{Content, DEEPEST, is_inline};
use super::files::{SavedFile, without_writing};
use super::labels;
use crate::clock::{Moment, exact};
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
    let body = body(note, &without_writing(note));
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
    let content = Content::new(note, files);
    for paragraph in note.paragraphs() {
        text.push_str(&"> ".repeat(paragraph.quote as usize));
        text.push_str(&mark(paragraph, &mut numbers));
        text.push_str(&line(&content, paragraph, false));
        text.push('\n');
    }
    for attachment in content.rest() {
        text.push_str(attached(&content, attachment, 0).trim_start_matches('\n'));
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

/// The text of a line; whether it is one in a table, in which tables and breaks have no place.
fn line(content: &Content<'_>, paragraph: &Paragraph, is_cell: bool) -> String {
    let piece = |span: &Span| match &span.style.attachment {
        None => match span.style.link.as_deref().filter(|link| *link != span.text) {
            Some(link) => format!("{} <{link}>", span.text),
            None => span.text.clone(),
        },
        Some(identifier) => match content.attachment(identifier) {
            Some(inner) if is_cell && inner.table.is_some() => labels::below(inner),
            Some(attachment) => attached(content, attachment, 0),
            None => labels::lost(span.style.attachment_type.as_deref()),
        },
    };
    paragraph.spans.iter().map(piece).collect()
}

fn attached<'n>(content: &Content<'n>, attachment: &'n Attachment, depth: usize) -> String {
    if !content.begin(attachment) {
        return labels::again(attachment);
    }
    let mut parts = own(content, attachment);
    if depth < DEEPEST {
        parts.extend(content.children(attachment).map(|child| attached(content, child, depth + 1)));
    }
    let words = attachment.recognised.as_deref().filter(|_| attachment.kind == AttachmentKind::Audio);
    let words = words.into_iter().flat_map(str::lines).map(|line| format!("\n    {line}"));
    parts.join(" ") + &words.collect::<String>()
}

/// What is attached without what is in it.
fn own(content: &Content<'_>, attachment: &Attachment) -> Vec<String> {
    if let Some(table) = &attachment.table {
        return vec![format!("\n{}", rows(content, table))];
    }
    if let Some(text) = attachment.text.as_ref().filter(|_| is_inline(attachment.kind)) {
        return vec![text.clone()];
    }
    let kind = labels::kind(attachment.kind);
    let mut parts: Vec<String> =
        content.saved(attachment).into_iter().map(|(_, path)| format!("[{kind}: {}]", path.as_str())).collect();
    if parts.is_empty() && content.is_there(attachment) {
        parts.push(format!("[{kind}: {}]", labels::name(attachment)));
    }
    if parts.is_empty() && !attachment.children.is_empty() {
        parts.push(format!("[{kind} of {} parts]", attachment.children.len()));
    }
    let lead = attachment.target.clone().or_else(|| labels::map_address(attachment));
    parts.extend(lead.map(|lead| format!("{} <{lead}>", labels::name(attachment))));
    parts.extend(content.gap(attachment, !parts.is_empty()));
    parts
}

/// The rows of a table, with tabs between the cells.
fn rows(content: &Content<'_>, table: &Table) -> String {
    let cell = |paragraphs: &Vec<Paragraph>| {
        paragraphs.iter().map(|paragraph| line(content, paragraph, true)).collect::<Vec<_>>().join(" / ")
    };
    let row = |row: &Vec<Vec<Paragraph>>| row.iter().map(cell).collect::<Vec<_>>().join("\t");
    table.rows.iter().map(row).collect::<Vec<_>>().join("\n")
}
