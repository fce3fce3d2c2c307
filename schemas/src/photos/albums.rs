//! Albums, the folders that they are in, and their order.
//!
//! `ZGENERICALBUM.ZKIND`: 2 made by a person, 1505 shared, 4000 a folder; 3998 and 3999 are the roots above all, 1506
//! what was imported together, 3571 to 3573 and 16xx the system's own (osxphotos; the numbers are the same from iOS 9
//! to macOS 26). Since macOS 26 a shared album may be a row of `ZSHARE` that assets refer to.

use std::collections::HashMap;

use super::catalog::{Catalog, Joined};
use super::details::Index;
use super::model::{Album, AlbumKind, Asset};
use super::rows::Rows;
use crate::database::{Column as _, columns};

const USER: i64 = 2;
const SHARED: i64 = 1505;
const FOLDER: i64 = 4000;

/// The deepest nesting of folders that is followed.
const DEEPEST: usize = 32;

columns! {
    /// The columns of `ZGENERICALBUM`.
    enum Stored {
        AssetKind = "ZKIND",
        Title = "ZTITLE",
        Uuid = "ZUUID",
        Parent = "ZPARENTFOLDER",
        IsTrashed = "ZTRASHEDSTATE",
        SortKey = "ZCUSTOMSORTKEY",
        IsSortAscending = "ZCUSTOMSORTASCENDING",
        Owner = "ZCLOUDOWNERFULLNAME",
    }

    /// Which share an asset is in.
    enum Member { Share = "ZCOLLECTIONSHARE" }

    /// The columns of `ZSHARE`.
    enum Share { Title = "ZTITLE", Uuid = "ZUUID", IsTrashed = "ZTRASHEDSTATE" }
}

/// What the owner has an album sorted by.
#[derive(Clone, Copy, PartialEq)]
enum Sorting {
    Hand,
    Date { is_ascending: bool },
    Title,
}

/// A row of the table, before its folders are known.
struct Row {
    album: Album,
    parent: Option<i64>,
    sorting: Sorting,
}

/// A title as people sort it: "Day 2" before "Day 10".
fn natural(title: &str) -> Vec<(String, u64)> {
    let mut parts = vec![(String::new(), 0_u64)];
    let mut was_digit = false;
    for letter in title.chars() {
        let digit = letter.to_digit(10);
        if was_digit && digit.is_none() {
            parts.push((String::new(), 0));
        }
        if let Some((words, number)) = parts.last_mut() {
            match digit {
                Some(digit) => *number = number.saturating_mul(10).saturating_add(u64::from(digit)),
                None => words.extend(letter.to_lowercase()),
            }
        }
        was_digit = digit.is_some();
    }
    parts
}

/// Reads the albums, and tells each asset which it is in.
pub(super) fn read(rows: &mut Rows<'_>, catalog: &Catalog, assets: &mut [Asset], index: &Index) -> Vec<Album> {
    let (mut found, folders) = listed(rows);
    members(rows, catalog, &mut found);
    let mut albums: Vec<Album> = found
        .into_values()
        .map(|Row { mut album, parent, sorting }| {
            album.folders = path(parent, &folders);
            album.members.retain(|id| index.asset(assets, Some(*id)).is_some());
            sort(&mut album.members, sorting, assets, index);
            album
        })
        .collect();
    albums.append(&mut collections(rows, catalog));
    albums.sort_by_cached_key(|album| {
        let folders: Vec<_> = album.folders.iter().map(|folder| natural(folder)).collect();
        (folders, natural(&album.title), album.id)
    });
    for album in &albums {
        for member in &album.members {
            if let Some(asset) = index.asset(assets, Some(*member)) {
                asset.albums.push(album.id);
            }
        }
    }
    albums
}

type Folders = HashMap<i64, (String, Option<i64>)>;

fn listed(rows: &mut Rows<'_>) -> (HashMap<i64, Row>, Folders) {
    let (mut albums, mut folders) = (HashMap::new(), HashMap::new());
    rows.each("ZGENERICALBUM", &mut |id, row| {
        let title = row.some_text(Stored::Title).unwrap_or_default();
        let (parent, is_trashed) = (row.integer(Stored::Parent), row.truth(Stored::IsTrashed));
        let kind = match row.integer(Stored::AssetKind) {
            Some(USER) if !is_trashed => AlbumKind::User,
            Some(SHARED) if !is_trashed => AlbumKind::Shared,
            Some(FOLDER) => {
                folders.insert(id, (title, parent));
                return;
            }
            _ => return,
        };
        let sorting = sorting(row.integer(Stored::SortKey), row.integer(Stored::IsSortAscending));
        let (uuid, owner) = (row.some_text(Stored::Uuid).unwrap_or_default(), row.some_text(Stored::Owner));
        let album = Album { id, uuid, title, kind, folders: Vec::new(), members: Vec::new(), owner };
        albums.insert(id, Row { album, parent, sorting });
    });
    (albums, folders)
}

fn sorting(key: Option<i64>, ascending: Option<i64>) -> Sorting {
    match key {
        Some(1) => Sorting::Date { is_ascending: ascending != Some(0) },
        Some(5) => Sorting::Title,
        _ => Sorting::Hand,
    }
}

/// Fills the albums in the order that their owner gave them.
fn members(rows: &mut Rows<'_>, catalog: &Catalog, albums: &mut HashMap<i64, Row>) {
    let Some(join) = &catalog.in_albums else { return };
    let mut places: Vec<(i64, i64, i64, i64)> = Vec::new();
    rows.each_joined(join, &mut |id, row| {
        if let (Some(album), Some(asset)) = (row.integer(Joined::Left), row.integer(Joined::Right)) {
            places.push((album, row.integer(Joined::Order).unwrap_or(i64::MAX), id, asset));
        }
    });
    places.sort_unstable();
    for (album, _, _, asset) in places {
        if let Some(row) = albums.get_mut(&album) {
            row.album.members.push(asset);
        }
    }
}

fn sort(members: &mut [i64], sorting: Sorting, assets: &mut [Asset], index: &Index) {
    match sorting {
        Sorting::Hand => {}
        Sorting::Date { is_ascending } => {
            members.sort_by_cached_key(|id| index.asset(assets, Some(*id)).and_then(|asset| asset.date));
            if !is_ascending {
                members.reverse();
            }
        }
        Sorting::Title => members.sort_by_cached_key(|id| {
            let asset = index.asset(assets, Some(*id));
            asset.map(|asset| asset.title.clone().unwrap_or_else(|| asset.name().to_owned()))
        }),
    }
}

/// The titles of the folders from the outermost on.
fn path(parent: Option<i64>, folders: &Folders) -> Vec<String> {
    let above = |id: &i64| folders.get(id).and_then(|(_, parent)| *parent);
    let chain = std::iter::successors(parent, above).take(DEEPEST);
    let mut titles: Vec<String> = chain.filter_map(|id| folders.get(&id).map(|(title, _)| title.clone())).collect();
    titles.reverse();
    titles
}

/// Shared albums that are shares. Their numbers are made negative: those of albums are a table's of their own.
fn collections(rows: &mut Rows<'_>, catalog: &Catalog) -> Vec<Album> {
    if !rows.schema.has_column(catalog.assets, Member::Share.name()) {
        return Vec::new();
    }
    let mut members: HashMap<i64, Vec<i64>> = HashMap::new();
    rows.each(catalog.assets, &mut |id, row| {
        if let Some(share) = row.integer(Member::Share) {
            members.entry(share).or_default().push(id);
        }
    });
    let mut albums = Vec::new();
    rows.each("ZSHARE", &mut |id, row| {
        let title = row.name(Share::Title).unwrap_or_default();
        let uuid = row.some_text(Share::Uuid).unwrap_or_default();
        if let (false, Some(members)) = (row.truth(Share::IsTrashed), members.remove(&id)) {
            let (kind, folders) = (AlbumKind::Shared, Vec::new());
            albums.push(Album { id: id.saturating_neg(), uuid, title, kind, folders, members, owner: None });
        }
    });
    albums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_titles_count_as_numbers() {
        let mut titles = ["Day 10", "day 2", "Day 2 again", "Zoo", "2019", "Day", "\u{c9}t\u{e9} 2018"];
        titles.sort_by_key(|title| natural(title));
        assert_eq!(titles, ["2019", "Day", "day 2", "Day 2 again", "Day 10", "Zoo", "\u{c9}t\u{e9} 2018"]);
        assert_eq!(natural(&"9".repeat(40)), [(String::new(), u64::MAX)]);
    }
}
