//! What the tables of this database are called.
//!
//! Core Data numbers its kinds anew with every version, and puts the numbers into the names of join tables and their
//! columns: the albums of iOS 9 are joined by `Z_15ASSETS (Z_15ALBUMS, Z_22ASSETS)`, those of iOS 18 by
//! `Z_30ASSETS (Z_30ALBUMS, Z_3ASSETS)`. So a join is known by the words at the ends of its columns. `Z_PRIMARYKEY`
//! names the same numbers; where both disagree, the columns are right.

use crate::database::{Schema, columns};

/// The tables whose names change.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Catalog {
    /// The table of assets.
    pub(super) assets: &'static str,
    /// Which asset is in which album: album, asset, place in the album.
    pub(super) in_albums: Option<Join>,
    /// Which keyword belongs to which attributes: attributes, keyword.
    pub(super) has_keywords: Option<Join>,
}

columns! {
    /// The columns of a table that joins two others, by what [`Join`] calls them.
    pub(super) enum Joined { Left = "left", Right = "right", Order = "order" }
}

/// A table that joins two others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Join {
    pub(super) table: String,
    pub(super) left: String,
    pub(super) right: String,
    pub(super) order: Option<String>,
}

impl Catalog {
    /// Finds the tables; `None` where there is no table of assets.
    pub(super) fn discover(schema: &Schema) -> Option<Self> {
        let assets = ["ZASSET", "ZGENERICASSET"]
            .into_iter()
            .find(|table| schema.has_any_column(table, &["ZUUID", "ZFILENAME", "ZDIRECTORY"]))?;
        Some(Self {
            assets,
            in_albums: Join::find(schema, "albums", "assets"),
            has_keywords: Join::find(schema, "assetattributes", "keywords"),
        })
    }
}

impl Join {
    fn find(schema: &Schema, left: &str, right: &str) -> Option<Self> {
        schema.tables_ending_in(right).find_map(|table| {
            numbered(table, "z_")?;
            let column = |prefix: &str, word: &str| {
                let mut columns = schema.columns_ending_in(table, word);
                columns.find(|column| numbered(column, prefix) == Some(word)).map(str::to_owned)
            };
            let (left, right_column) = (column("z_", left)?, column("z_", right)?);
            Some(Self { table: table.to_owned(), left, right: right_column, order: column("z_fok_", right) })
        })
    }

    /// What its columns are called here.
    pub(super) fn names(&self) -> Vec<(Joined, &str)> {
        let order = self.order.as_deref().map(|order| (Joined::Order, order));
        [(Joined::Left, &*self.left), (Joined::Right, &*self.right)].into_iter().chain(order).collect()
    }
}

/// The word behind the number of a name such as `z_26assets`. The whole rest counts: `z_3keyassets` is another thing.
fn numbered<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let rest = name.strip_prefix(prefix)?;
    let word = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (word.len() < rest.len() && word.bytes().all(|b| b.is_ascii_lowercase())).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::Connection;

    fn schema(sql: &str) -> Schema {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(sql).unwrap();
        Schema::probe(&connection).unwrap()
    }

    #[test]
    fn joins_are_known_by_the_ends_of_their_columns() {
        let schema = schema(
            "CREATE TABLE ZASSET (Z_PK, ZUUID); CREATE TABLE ZGENERICASSET (Z_PK, ZUUID);
             CREATE TABLE Z_29KEYASSETS (Z_29ALBUMSBEINGKEYASSETS, Z_3KEYASSETS, Z_FOK_3KEYASSETS);
             CREATE TABLE Z_29ALBUMLISTS (Z_29ALBUMS, Z_2ALBUMLISTS, Z_FOK_29ALBUMS);
             CREATE TABLE Z_30ASSETS (Z_30ALBUMS, Z_3ASSETS, Z_FOK_3ASSETS);
             CREATE TABLE Z_1KEYWORDS (Z_1ASSETATTRIBUTES, Z_47KEYWORDS)",
        );
        let catalog = Catalog::discover(&schema).unwrap();
        let albums = catalog.in_albums.unwrap();
        assert_eq!((catalog.assets, albums.table.as_str()), ("ZASSET", "z_30assets"));
        assert_eq!((albums.left.as_str(), albums.right.as_str()), ("z_30albums", "z_3assets"));
        assert_eq!(albums.order.as_deref(), Some("z_fok_3assets"));
        assert_eq!(catalog.has_keywords.unwrap().right, "z_47keywords");
    }

    #[test]
    fn without_assets_there_is_no_library() {
        assert_eq!(Catalog::discover(&schema("CREATE TABLE Z_30ASSETS (Z_30ALBUMS, Z_3ASSETS)")), None);
        let bare = Catalog::discover(&schema("CREATE TABLE ZGENERICASSET (Z_PK, ZFILENAME)")).unwrap();
        assert_eq!(bare, Catalog { assets: "ZGENERICASSET", in_albums: None, has_keywords: None });
    }
}
