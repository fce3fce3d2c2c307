//! `Bookmarks.db`: bookmarks, their folders and the reading list, in one table.
//!
//! `bookmarks`: `type` is 1 for a folder and 0 for a page, `special_id` 1 the favourites, 2 the menu, 3 the reading list. `last_modified`
//! is seconds since 1970. Of a page on the reading list, `extra_attributes` is a property list with `com.apple.ReadingList`
//! (`DateAdded`, `DateLastViewed`, `PreviewText`). Columns: macOS 27, and iOS 18 by a public measurement.

use std::collections::HashMap;

use rusqlite::Connection;

use super::model::{Mark, MarkKind, SafariRecord};
use super::moment::moment;
use super::name_of;
use crate::database::{Column as _, Row, Schema, columns, each_of_table};
use crate::formats::plist::{self, Dictionary};
use crate::skipped::Skipped;
use crate::source::{Source, SourceError};

columns! {
    /// The columns of bookmarks.
    enum Column {
        Special = "special_id",
        Parent = "parent",
        Kind = "type",
        Title = "title",
        Url = "url",
        Place = "order_index",
        Uuid = "external_uuid",
        Read = "read",
        Changed = "last_modified",
        Deleted = "deleted",
        Hidden = "hidden",
        Extra = "extra_attributes",
        Local = "local_attributes",
    }
}

/// Folders within each other beyond this are not followed.
const DEEPEST: usize = 32;

/// The longest list of attributes that is read, in bytes.
const LONGEST_ATTRIBUTES: usize = 1 << 20;

/// What people call Safari's own folders, by their number.
const OWN_FOLDERS: [(i64, &str); 3] = [(1, "Favorites"), (2, "Bookmarks Menu"), (3, READING_LIST)];

const READING_LIST: &str = "Reading List";

/// All that the table holds, without the names of folders above each.
#[derive(Default)]
pub(super) struct Bookmarks {
    marks: Vec<(Mark, Option<i64>)>,
    /// Folders by their row. Without the root.
    folders: HashMap<i64, Folder>,
}

/// A folder: what it is called, its identifier, and which one it is in.
struct Folder {
    name: String,
    uuid: Option<String>,
    parent: Option<i64>,
}

impl Bookmarks {
    /// Reads all. There are few enough to hold.
    ///
    /// # Errors
    /// When the database is not there, cannot be read, or is one of something else.
    pub(super) fn read(
        source: &dyn Source,
        (domain, path): (&str, &str),
        skipped: &mut Vec<Skipped>,
    ) -> Result<Self, SourceError> {
        let connection: Connection = source.database(domain, path)?.connect()?;
        let schema = Schema::probe(&connection).map_err(|error| SourceError::unreadable(name_of(path), error))?;
        if !schema.has_column("bookmarks", Column::Url.name()) {
            return Err(SourceError::foreign(name_of(path), "it has no table of bookmarks"));
        }
        let mut own = Self::default();
        let mut reading = None;
        let read = each_of_table(&connection, &schema, "bookmarks", &mut |id, row| {
            let Some(id) = id else { return };
            let (mark, parent) = mark(id, row);
            if row.integer(Column::Special) == Some(3) {
                reading = Some(id);
            }
            if mark.kind == MarkKind::Folder {
                let name = mark.title.clone().unwrap_or_default();
                own.folders.insert(id, Folder { name, uuid: mark.uuid.clone(), parent });
            }
            own.marks.push((mark, parent));
        });
        skipped.extend(read.err().map(|error| Skipped::part("some bookmarks", error)));
        for (mark, parent) in &mut own.marks {
            let is_read_later = parent.is_some() && *parent == reading || mark.is_read.is_some();
            if mark.kind == MarkKind::Bookmark && is_read_later {
                mark.kind = MarkKind::Reading;
            }
        }
        Ok(own)
    }

    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        self.marks.len()
    }

    /// One of them with the names of the folders above it.
    pub(super) fn get(&self, place: usize) -> Option<SafariRecord> {
        let (mark, parent) = self.marks.get(place)?;
        let (path, odd) = self.path(*parent);
        let odd = mark.odd.iter().cloned().chain(odd).collect();
        let folder = parent.and_then(|parent| self.folders.get(&parent)?.uuid.clone());
        Some(SafariRecord::Mark(Mark { folder, path, odd, ..mark.clone() }))
    }

    /// The names of folders from the outermost on, and what is wrong with them.
    fn path(&self, parent: Option<i64>) -> (Vec<String>, Option<String>) {
        let (mut path, mut at, mut odd) = (Vec::new(), parent, None);
        while let Some(own) = at.filter(|own| *own != 0) {
            match self.folders.get(&own) {
                _ if path.len() >= DEEPEST => {
                    odd = Some(format!("it is in more than {DEEPEST} folders"));
                    break;
                }
                Some(folder) => {
                    path.push(crate::database::value::shortened(folder.name.clone()));
                    at = folder.parent;
                }
                None => {
                    odd = Some(format!("folder {own}"));
                    break;
                }
            }
        }
        path.reverse();
        (path, odd)
    }
}

fn mark(id: i64, row: Row<'_, Column>) -> (Mark, Option<i64>) {
    let parent = row.integer(Column::Parent);
    let special = row.integer(Column::Special).unwrap_or_default();
    let kind = match row.integer(Column::Kind) {
        Some(1) if id == 0 || parent.is_none() && special == 0 => MarkKind::Root,
        Some(1) => MarkKind::Folder,
        Some(0) | None => MarkKind::Bookmark,
        Some(other) => MarkKind::Unknown(other),
    };
    let own = OWN_FOLDERS.iter().find(|(number, _)| *number == special && kind == MarkKind::Folder);
    let (changed, odd) = moment(row.value(Column::Changed));
    let extra = attributes(row.blob(Column::Extra));
    let local = attributes(row.blob(Column::Local));
    let lists = [&extra, &local].map(|list| list.as_ref().and_then(reading_list));
    let value = |key: &str| lists.iter().flatten().find_map(|list| list.get(key));
    let mark = Mark {
        id,
        uuid: row.name(Column::Uuid),
        kind,
        special: (special != 0).then_some(special),
        folder: None,
        path: Vec::new(),
        title: own.map(|(_, name)| (*name).to_owned()).or_else(|| row.some_text(Column::Title)),
        url: row.some_text(Column::Url),
        added: value("DateAdded").and_then(|date| date.as_date()),
        changed,
        viewed: value("DateLastViewed").and_then(|date| date.as_date()),
        preview: value("PreviewText").and_then(|text| text.as_str()).map(str::to_owned),
        is_read: row.integer(Column::Read).map(|read| read != 0),
        place: row.integer(Column::Place),
        is_deleted: row.truth(Column::Deleted),
        is_hidden: row.truth(Column::Hidden),
        odd: odd.into_iter().map(|odd| format!("time {odd}")).collect(),
    };
    (mark, parent)
}

/// What a property list in a column says. Many rows have something else there, which says nothing.
pub(super) fn attributes(bytes: Option<&[u8]>) -> Option<plist::Value> {
    plist::read(bytes.filter(|bytes| bytes.len() <= LONGEST_ATTRIBUTES)?).ok()
}

fn reading_list(attributes: &plist::Value) -> Option<&Dictionary> {
    attributes.as_dictionary()?.get("com.apple.ReadingList")?.as_dictionary()
}
