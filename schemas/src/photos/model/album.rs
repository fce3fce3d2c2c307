//! Albums.

use serde::{Deserialize, Serialize};

/// An album.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// The row number in the database.
    pub id: i64,
    /// The identifier that stays the same across backups.
    pub uuid: String,
    /// The title. Two albums may have the same one.
    pub title: String,
    /// What sort of album it is.
    pub kind: AlbumKind,
    /// The titles of the folders that it is in, the outermost first.
    pub folders: Vec<String>,
    /// The assets, by [`Asset::id`](super::Asset::id), in the order that its owner gave them.
    pub members: Vec<i64>,
    /// Who shares it, of shared albums.
    pub owner: Option<String>,
}

/// What sort of album it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlbumKind {
    /// Made by a person.
    User,
    /// Shared with others.
    Shared,
}
