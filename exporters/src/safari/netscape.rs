//! `bookmarks.html`: bookmarks and the reading list in the form that every browser imports.
//!
//! Netscape's, of 1996: <https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/platform-apis/aa753582(v=vs.85)>.
//! Folders are lists within lists; `ADD_DATE` counts seconds since 1970, `PERSONAL_TOOLBAR_FOLDER` marks the favourites. A bookmark
//! is in the folder whose identifier it names. Where that is gone, it is in one of the same name, so that it still has its place.

use std::collections::HashMap;
use std::io::{self, Write};

use corer_schemas::AppleTime;
use corer_schemas::safari::{Mark, MarkKind, SafariRecord};

/// Before the bookmarks. Nothing in the file may run or be loaded when somebody looks at it, as in what browsers themselves write.
const BEGINNING: &str = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n\
    <META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n\
    <META HTTP-EQUIV=\"Content-Security-Policy\" CONTENT=\"default-src 'none'\">\n\
    <TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n";

/// What is in so many folders, or more, names no more of them, and stands at the top.
const DEEPEST: usize = 32;

/// Safari's own folder of favourites.
const FAVORITES: i64 = 1;

/// Bookmarks that are to be written.
#[derive(Default)]
pub struct Bookmarks {
    folders: Vec<Entry>,
    links: Vec<Entry>,
    left_out: u64,
}

/// A folder or a bookmark, and where it belongs.
struct Entry {
    place: i64,
    /// The identifiers of a folder, and of the one that it is in.
    uuid: Option<String>,
    above: Option<String>,
    path: Vec<String>,
    /// The name of a folder.
    name: String,
    /// What is written of it.
    line: String,
}

/// A folder with what is in it. The first one of all is the whole.
#[derive(Default)]
struct Folder {
    line: String,
    /// How many folders it is in.
    depth: usize,
    /// The place of each among the others.
    children: Vec<(i64, Child)>,
}

enum Child {
    Folder(usize),
    Link(String),
}

impl Bookmarks {
    /// Adds a bookmark, a folder or a page on the reading list. Other records have no place here.
    pub fn add(&mut self, record: &SafariRecord) {
        let SafariRecord::Mark(mark) = record else { return };
        let line = match mark.kind {
            MarkKind::Root => return,
            _ if mark.is_deleted => None,
            MarkKind::Folder => Some(folder_line(mark)),
            MarkKind::Bookmark | MarkKind::Reading => link_line(mark),
            MarkKind::Unknown(_) => None,
        };
        let Some(line) = line else {
            self.left_out += 1;
            return;
        };
        let entry = Entry {
            place: mark.place.unwrap_or(i64::MAX),
            uuid: mark.uuid.clone(),
            above: mark.folder.clone(),
            path: mark.path.clone(),
            name: mark.title.clone().unwrap_or_default(),
            line,
        };
        if mark.kind == MarkKind::Folder { self.folders.push(entry) } else { self.links.push(entry) }
    }

    /// How many it leaves out, as they are deleted or have no address.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn write(self, to: &mut dyn Write) -> io::Result<()> {
        to.write_all(BEGINNING.as_bytes())?;
        let mut tree = Tree { folders: vec![Folder::default()], ..Tree::default() };
        let mut folders = self.folders;
        // A folder comes after the one that it is in.
        folders.sort_by_key(|folder| folder.path.len());
        folders.into_iter().for_each(|folder| tree.add_folder(folder));
        self.links.into_iter().for_each(|link| tree.add_link(link));
        tree.write(to, 0, 0)
    }
}

/// Folders, and how each is found.
#[derive(Default)]
struct Tree {
    folders: Vec<Folder>,
    given: HashMap<String, usize>,
    /// By the folder that it is in, and its name: the first of several.
    named: HashMap<(usize, String), usize>,
}

impl Tree {
    fn add_folder(&mut self, entry: Entry) {
        let depth = entry.path.len();
        // One that is not where it says it is could be in itself.
        let given = self.given(entry.above.as_ref()).filter(|above| self.depth(*above) == depth);
        let above = given.unwrap_or_else(|| self.called(&entry.path));
        let own = self.insert(above, entry.place, entry.name, entry.line);
        if let Some(uuid) = entry.uuid {
            self.given.entry(uuid).or_insert(own);
        }
    }

    fn add_link(&mut self, entry: Entry) {
        let above = self.given(entry.above.as_ref()).unwrap_or_else(|| self.called(&entry.path));
        if let Some(folder) = self.folders.get_mut(above) {
            folder.children.push((entry.place, Child::Link(entry.line)));
        }
    }

    fn given(&self, uuid: Option<&String>) -> Option<usize> {
        self.given.get(uuid?).copied()
    }

    /// How many folders something is in that is in this one.
    fn depth(&self, folder: usize) -> usize {
        self.folders.get(folder).map_or(0, |folder| folder.depth)
    }

    /// The folder of these names, which is made where there is none.
    fn called(&mut self, path: &[String]) -> usize {
        let mut at = 0;
        for name in path.iter().take_while(|_| path.len() < DEEPEST) {
            at = match self.named.get(&(at, name.clone())) {
                Some(known) => *known,
                None => self.insert(at, i64::MAX, name.clone(), format!("<H3>{}</H3>", one_line(name))),
            };
        }
        at
    }

    fn insert(&mut self, above: usize, place: i64, name: String, line: String) -> usize {
        let own = self.folders.len();
        self.folders.push(Folder { line, depth: self.depth(above) + 1, children: Vec::new() });
        if let Some(above) = self.folders.get_mut(above) {
            above.children.push((place, Child::Folder(own)));
        }
        self.named.entry((above, name)).or_insert(own);
        own
    }

    fn write(&mut self, to: &mut dyn Write, folder: usize, depth: usize) -> io::Result<()> {
        let indent = "    ".repeat(depth);
        let mut children =
            self.folders.get_mut(folder).map(|own| std::mem::take(&mut own.children)).unwrap_or_default();
        children.sort_by_key(|(place, _)| *place);
        writeln!(to, "{indent}<DL><p>")?;
        for (_, child) in children {
            match child {
                Child::Link(line) => writeln!(to, "{indent}    <DT>{line}")?,
                Child::Folder(own) => {
                    let line = self.folders.get_mut(own).map(|own| std::mem::take(&mut own.line)).unwrap_or_default();
                    writeln!(to, "{indent}    <DT>{line}")?;
                    self.write(to, own, depth + 1)?;
                }
            }
        }
        writeln!(to, "{indent}</DL><p>")
    }
}

fn folder_line(mark: &Mark) -> String {
    let toolbar = if mark.special == Some(FAVORITES) { " PERSONAL_TOOLBAR_FOLDER=\"true\"" } else { "" };
    let name = one_line(mark.title.as_deref().unwrap_or_default());
    format!("<H3{}{toolbar}>{name}</H3>", seconds("LAST_MODIFIED", mark.changed))
}

/// A bookmark. `None` for one without an address, which no browser takes.
fn link_line(mark: &Mark) -> Option<String> {
    let url = mark.url.as_deref().map(str::trim).filter(|url| !url.is_empty())?;
    let title = mark.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(url);
    let dates = [seconds("ADD_DATE", mark.added.or(mark.changed)), seconds("LAST_MODIFIED", mark.changed)].concat();
    let preview = mark.preview.as_deref().map(|preview| format!("\n<DD>{}", one_line(preview))).unwrap_or_default();
    Some(format!("<A HREF=\"{}\"{dates}>{}</A>{preview}", address(url), one_line(title)))
}

/// An attribute with a moment in seconds since 1970.
fn seconds(name: &str, date: Option<AppleTime>) -> String {
    let seconds = date.and_then(AppleTime::timestamp).map(|date| date.as_second()).filter(|seconds| *seconds > 0);
    seconds.map(|seconds| format!(" {name}=\"{seconds}\"")).unwrap_or_default()
}

/// Text on one line, with everything in it escaped.
fn one_line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    escaped(&words.collect::<Vec<_>>().join(" "))
}

/// An address. What cannot stand in one is written as browsers write it, `%20`, so that every reader of lines finds the whole of it.
fn address(url: &str) -> String {
    let mut whole = String::with_capacity(url.len());
    for c in url.chars() {
        if c.is_whitespace() || c.is_control() {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().for_each(|byte| whole.push_str(&format!("%{byte:02X}")));
        } else {
            whole.push(c);
        }
    }
    escaped(&whole)
}

/// Escapes with the five that everything which imports bookmarks knows. Some take others, such as `&#38;`, for text.
fn escaped(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => whole.push_str("&amp;"),
            '<' => whole.push_str("&lt;"),
            '>' => whole.push_str("&gt;"),
            '"' => whole.push_str("&quot;"),
            '\'' => whole.push_str("&#39;"),
            other => whole.push(other),
        }
    }
    whole
}
