//! A note as Markdown: CommonMark with tables, task lists and struck text, and front matter in YAML (`front_matter`).
//!
//! What CommonMark has no mark for is HTML inside of it: underlined, raised, marked and coloured text. Emphasis is marked with
//! asterisks only where every parser takes them for that, else with tags (`inline`). Lists keep their depth, also where a level is
//! left out (`lists`). Text is escaped so that it is read back as it is, in Obsidian too, where `#`, `==`, `%%` and `$` mean something.

mod blocks;
mod escape;
mod front_matter;
mod inline;
mod lists;
mod tables;

use corer_schemas::notes::Note;
use jiff::tz::TimeZone;

use super::content::Content;
use super::files::SavedFile;
use super::labels;
use super::links::NoteLinks;
use crate::output::SafePath;
use crate::saved::Kept;

/// What the text of a note is written with.
pub struct Surroundings<'a> {
    /// The files of the note.
    pub files: &'a [SavedFile],
    /// Where other notes are.
    pub links: &'a NoteLinks,
    /// The folder that the file of the note is in.
    pub folder: &'a SafePath,
}

/// The whole file of a note.
pub fn page(note: &Kept<Note>, around: &Surroundings<'_>, zone: &TimeZone) -> String {
    let mut page = front_matter::front_matter(note, zone);
    if let Some(gap) = labels::gap(note) {
        page.push_str("\n> ");
        page.push_str(&escape::line(&gap));
        page.push('\n');
    }
    let text = text(note, around);
    if !text.is_empty() {
        page.push('\n');
        page.push_str(&text);
    }
    page
}

/// The text of a note alone.
pub fn text(note: &Note, around: &Surroundings<'_>) -> String {
    blocks::Writer::new(&Content::new(note, around.files), around).note()
}

#[cfg(test)]
mod tests;
