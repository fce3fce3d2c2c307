//! What kind a row of the table of everything is of.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::database::{Schema, each_row, integer, text};

/// The kinds that make notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Account,
    Folder,
    Note,
    Attachment,
    /// A tag, mention or link in the text.
    Inline,
    Media,
    Preview,
    Other,
}

/// The kinds by their numbers.
#[derive(Debug, Default)]
pub(super) struct Kinds(BTreeMap<i64, Kind>);

impl Kinds {
    /// Reads their names.
    pub(super) fn read(connection: &Connection, schema: &Schema) -> Self {
        let mut kinds = BTreeMap::new();
        if schema.has_column("Z_PRIMARYKEY", "Z_NAME") {
            // Without the names, each row is known by what it holds.
            let _ = each_row(connection, "SELECT Z_ENT, Z_NAME FROM Z_PRIMARYKEY", [], &mut |row| {
                kinds.extend(integer(row, 0).zip(text(row, 1).map(|name| Self::named(&name))));
            });
        }
        if !kinds.values().any(|kind| *kind == Kind::Note) {
            kinds.clear();
        }
        Self(kinds)
    }

    fn named(name: &str) -> Kind {
        match name {
            "ICAccount" => Kind::Account,
            "ICFolder" => Kind::Folder,
            "ICNote" => Kind::Note,
            "ICAttachment" => Kind::Attachment,
            "ICInlineAttachment" => Kind::Inline,
            "ICMedia" => Kind::Media,
            "ICAttachmentPreviewImage" => Kind::Preview,
            _ => Kind::Other,
        }
    }

    /// The kind of a number; `None` where nobody says.
    pub(super) fn of(&self, entity: Option<i64>) -> Option<Kind> {
        self.0.get(&entity?).copied()
    }
}
