//! The names of notes: their titles, made legal everywhere and each given once.

use std::borrow::Cow;

use corer_schemas::notes::Note;

use super::labels::title;
use super::{Context, Format};
use crate::formats::Format as _;
use crate::output::{SafePath, Tree, UniqueNames, split_extension};
use crate::write::FileSource;

/// How much of a title becomes a name, in characters.
const MOST_CHARS: usize = 80;

/// What the longest name of a note's files ends in.
const LONGEST: &str = ".html";

/// What lies beside the notes.
const REPORTS: &[&str] = &["report.json", "report.txt", "SHA256SUMS"];

/// Where notes go that no folder has.
const NO_FOLDER: &str = "Notes";

/// Gives each note its place.
pub(super) struct Places<'a> {
    files: &'a dyn FileSource,
    context: &'a Context,
    tree: &'a Tree,
    names: UniqueNames,
}

impl<'a> Places<'a> {
    pub(super) fn new(files: &'a dyn FileSource, context: &'a Context, tree: &'a Tree) -> Self {
        let mut names = UniqueNames::new();
        for place in files.taken_places() {
            // A note has one name in all formats.
            for format in Format::ALL {
                names.reserve(&SafePath::new(&format!("{}.{}", stem(&place), format.extension())));
            }
            names.reserve(&place);
        }
        for own in [super::RECORDS, super::START, super::ATTACHMENTS].iter().chain(REPORTS) {
            names.reserve(&SafePath::new(own));
        }
        Self { files, context, tree, names }
    }

    /// The place of a note without what its name ends in, from the folder of notes on: where an earlier run put it, else a new one.
    pub(super) fn of(&mut self, note: &Note) -> SafePath {
        if let Some(kept) = self.files.place_of(&note.page) {
            return SafePath::new(stem(&kept));
        }
        let account = note.account.iter().map(String::as_str);
        let folders = note.folder.iter().map(String::as_str);
        let mut names: Vec<String> = account.chain(folders).map(folder_name).collect();
        if names.is_empty() {
            names.push(NO_FOLDER.to_owned());
        }
        let folder = self.names.folder(names.iter().map(String::as_str));
        let (identity, name) = (note.identifier.as_deref().unwrap_or_default(), legal(title(note)));
        loop {
            // A name that is as long as may be has room for the longest of its endings.
            let path = self.names.fresh_in(&folder, &format!("{name}{LONGEST}"), identity);
            let stem = SafePath::new(stem(&path));
            // A name that a file of somebody else has is no name for this one.
            let is_free = Format::ALL.iter().all(|format| {
                let path = self.context.base.then(&with_ending(&stem, *format));
                !self.tree.is_there(&path) || self.tree.is_own(&path)
            });
            if is_free {
                return stem;
            }
        }
    }

    /// A place for a file of a note.
    pub(super) fn of_file(&mut self, name: &str, identity: &str) -> SafePath {
        let (stem, extension) = split_extension(name);
        let name = format!("{}{}", legal(stem), extension.replace(|c| FORBIDDEN.contains(&c), "-"));
        loop {
            let path = self.names.fresh_in(&SafePath::new(super::ATTACHMENTS), &name, identity);
            let place = self.context.base.then(&path);
            if !self.tree.is_there(&place) || self.tree.is_own(&place) {
                return path;
            }
        }
    }
}

/// The file of a note in a format.
pub(super) fn with_ending(stem: &SafePath, format: Format) -> SafePath {
    SafePath::new(&format!("{}.{}", stem.as_str(), format.extension()))
}

fn stem(path: &SafePath) -> &str {
    let path = path.as_str();
    Format::ALL.iter().find_map(|format| path.strip_suffix(&format!(".{}", format.extension()))).unwrap_or(path)
}

/// Letters that mean something in links of Obsidian and other programs, though file systems take them.
const FORBIDDEN: [char; 6] = ['[', ']', '#', '^', '|', '%'];

/// A title as a name: one line, without the letters that mean something in links. File systems' own rules come later.
fn legal(title: &str) -> String {
    let letter = |c: char| match c {
        '[' => '(',
        ']' => ')',
        c if FORBIDDEN.contains(&c) => '-',
        c if c.is_whitespace() || c.is_control() => ' ',
        c => c,
    };
    let name: String = title.chars().map(letter).collect();
    let name: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST_CHARS).collect();
    let name = name.trim_matches(|c: char| c == ' ' || c == '.');
    if name.is_empty() { "Untitled note".to_owned() } else { name.to_owned() }
}

/// The name of a folder; never one that a note's file could have.
fn folder_name(name: &str) -> String {
    let name = legal(name);
    let ends_as_file = Format::ALL.iter().any(|format| {
        let ending: Cow<'_, str> = format!(".{}", format.extension()).into();
        name.to_lowercase().ends_with(ending.as_ref())
    });
    if ends_as_file { format!("{name}_") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names_that_links_can_hold() {
        assert_eq!(legal(" a [b] #c ^d |e 100% "), "a (b) -c -d -e 100-");
        assert_eq!(legal("two\nlines\u{2028}three"), "two lines three");
        assert_eq!((legal("..."), legal("")), ("Untitled note".into(), "Untitled note".into()));
        assert_eq!(legal(&"ü".repeat(500)).chars().count(), 80);
        assert_eq!(
            (folder_name("a.md"), folder_name("b.HTML"), folder_name("c")),
            ("a.md_".into(), "b.HTML_".into(), "c".into())
        );
    }
}
