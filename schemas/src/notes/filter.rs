//! Which notes were asked for.

use super::model::Note;
use crate::handles::folded;
use crate::people::PersonFilter;
use crate::selection::Selection;

/// A choice of notes. The default chooses everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// When they were last changed, and with whom they are shared or whom they mention.
    pub common: Selection,
    /// Only notes of folders that are called so, or of folders in those: a name, or a path of names. Empty: of all.
    pub folders: Vec<String>,
    /// Only notes with one of these hashtags, with or without the `#`. Empty: all.
    pub tags: Vec<String>,
    /// Only notes whose title or text has all of these words. Empty: all.
    pub words: Vec<String>,
}

impl Filter {
    /// Whether it can be told without reading a note whether it is asked for.
    pub(super) fn needs_no_text(&self) -> bool {
        self.tags.is_empty() && self.words.is_empty() && self.common.with.is_empty() && self.folders.is_empty()
    }
}

/// What is asked for, as it is compared.
pub(super) struct Wanted<'f> {
    selection: &'f Selection,
    people: PersonFilter<'f>,
    folders: Vec<String>,
    tags: Vec<String>,
    words: Vec<String>,
}

impl<'f> Wanted<'f> {
    pub(super) fn new(filter: &'f Filter, people: PersonFilter<'f>) -> Self {
        let tags = filter.tags.iter().map(|tag| folded(tag.trim_start_matches('#'))).collect();
        let words = filter.words.iter().flat_map(|typed| typed.split_whitespace()).map(folded).collect();
        let folders = filter.folders.iter().map(|typed| folded(typed.trim_matches('/'))).collect();
        Self { selection: &filter.common, people, folders, tags, words }
    }

    /// Whether a note is asked for.
    pub(super) fn includes(&mut self, note: &Note) -> bool {
        self.selection.includes_time(note.modified.or(note.created))
            && self.is_in_folder(note)
            && (self.tags.is_empty() || note.tags.iter().any(|tag| self.tags.contains(&folded(tag))))
            && self.has_words(note)
            && self.is_with(note)
    }

    fn is_in_folder(&self, note: &Note) -> bool {
        if self.folders.is_empty() {
            return true;
        }
        let names: Vec<String> = note.account.iter().chain(&note.folder).map(|name| folded(name)).collect();
        // Any stretch of the way to the note, so that a folder is named with those around it, or without.
        (0..names.len()).any(|from| {
            let mut path = String::new();
            names.iter().skip(from).any(|name| {
                path.push_str(if path.is_empty() { "" } else { "/" });
                path.push_str(name);
                self.folders.contains(&path)
            })
        })
    }

    fn has_words(&self, note: &Note) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let said = note.attachments.iter().flat_map(|attachment| {
            let cells = attachment.table.iter().flat_map(|table| table.rows.iter().flatten().flatten());
            let cells = cells.flat_map(|paragraph| &paragraph.spans).map(|span| span.text.clone());
            let own = [&attachment.title, &attachment.text, &attachment.recognised].map(|text| text.clone());
            own.into_iter().flatten().chain(cells)
        });
        let text: Vec<String> = note.title.clone().into_iter().chain([note.text()]).chain(said).collect();
        let text = folded(&text.join("\n"));
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    fn is_with(&mut self, note: &Note) -> bool {
        if self.people.is_everybody() {
            return true;
        }
        let sharing = note.shared_with.iter().filter(|person| !person.is_self);
        let handles = sharing.flat_map(|person| [&person.name, &person.address]).flatten();
        handles.chain(&note.mentions).any(|handle| self.people.includes(handle))
    }
}

impl AsRef<Selection> for Filter {
    fn as_ref(&self) -> &Selection {
        &self.common
    }
}
