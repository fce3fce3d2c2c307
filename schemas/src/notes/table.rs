//! Tables, as Notes keeps them so that several devices can change them at once: entries of a graph ([`mergeable`](super::mergeable)).
//!
//! ```text
//! entry   16 ordered set { 1 ordering { 1 array { 2 places* { 2 uuid } } · 2 aliases: a dictionary } }
//! ```
//!
//! The entry whose type is `com.apple.notes.ICTable` has `crRows`, `crColumns` (ordered sets), `cellColumns` (a dictionary of columns, each
//! a dictionary of rows, each a text) and `crTableColumnDirection`. The array of a set gives the order by UUID; cells refer to
//! rows and columns by other UUIDs, which the aliases tie to those, in either direction. Rows and columns that no set has were deleted.
//! Sources: apple_cloud_notes_parser (MIT), whose three tables are in the tests.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::body;
use super::mergeable::{Graph, message, messages};
use super::model::Table;
use super::room::Room;
use crate::formats::protobuf::{MAX_INPUT, Message};

/// The most cells of a table.
const MOST_CELLS: usize = 250_000;
/// The type of the entry that everything starts from.
const TABLE: &str = "com.apple.notes.ICTable";

/// A table as it was read.
#[derive(Debug)]
pub(super) struct Read {
    pub table: Table,
    /// How many of its cells cannot be read.
    pub lost: usize,
}

/// The table of an attachment as it is stored.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) fn packed(bytes: &[u8], room: &mut Room) -> Result<Read, String> {
    read(&body::unpacked(bytes, MAX_INPUT)?, room)
}

/// The same of one that is unpacked.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) fn read(bytes: &[u8], room: &mut Room) -> Result<Read, String> {
    Graph::read(bytes)?.table(room)
}

/// Which row or column an UUID means, by its place in the list of UUIDs.
type Places = BTreeMap<u64, usize>;

impl<'a> Graph<'a> {
    /// The order of rows or columns, and how many there are.
    fn places(&self, entry: u64) -> Option<(Places, usize)> {
        let set = Message::read(self.entry(entry)?.bytes(16)?).ok()?;
        let ordering = message(&set, 1)?;
        let array = message(&ordering, 1)?;
        let known: BTreeMap<&[u8], u64> = self.uuids.iter().copied().zip(0..).collect();
        let (mut places, mut count) = (Places::new(), 0);
        for place in messages(&array, 2) {
            if let Some(uuid) = place.bytes(2).and_then(|uuid| known.get(uuid)) {
                places.insert(*uuid, count);
            }
            count += 1;
        }
        let aliases = message(&ordering, 2).map(|aliases| Self::dictionary(&aliases)).unwrap_or_default();
        self.take_aliases(&mut places, &aliases);
        Some((places, count))
    }

    /// Gives aliases the place of what they stand for, whichever of the two has one.
    fn take_aliases(&self, places: &mut Places, aliases: &[(u64, u64)]) {
        let mut tied: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for (one, other) in aliases {
            let (Some(one), Some(other)) = (self.uuid(*one), self.uuid(*other)) else { continue };
            tied.entry(one).or_default().push(other);
            tied.entry(other).or_default().push(one);
        }
        let mut waiting: Vec<(u64, usize)> = places.iter().map(|(uuid, place)| (*uuid, *place)).collect();
        while let Some((uuid, place)) = waiting.pop() {
            for other in tied.remove(&uuid).unwrap_or_default() {
                if let Entry::Vacant(vacant) = places.entry(other) {
                    vacant.insert(place);
                    waiting.push((other, place));
                }
            }
        }
    }

    fn is_right_to_left(&self, entry: u64) -> bool {
        // The value itself, or the newest of several.
        let target = self.entry(entry).and_then(|entry| message(&message(&entry, 1)?, 2)?.integer(6));
        let values = self.map(target.unwrap_or(entry)).unwrap_or_default();
        values.iter().any(|(_, value)| value.text(4).is_some_and(|text| text.contains("RightToLeft")))
    }

    fn table(&self, room: &mut Room) -> Result<Read, String> {
        let root = self.root().ok_or("it has no table")?;
        // A name that comes again stands for what it led to last; to look at each would take for ever.
        let entry = |wanted: &[u8]| {
            let is_so = |key: u64| usize::try_from(key).ok().and_then(|key| self.keys.get(key)) == Some(&wanted);
            root.iter().rev().filter(|(key, _)| is_so(*key)).find_map(|(_, value)| value.integer(6))
        };
        let rows = entry(b"crRows").and_then(|rows| self.places(rows)).ok_or("it has no rows")?;
        let columns = entry(b"crColumns").and_then(|columns| self.places(columns)).ok_or("it has no columns")?;
        let right_to_left = entry(b"crTableColumnDirection").is_some_and(|entry| self.is_right_to_left(entry));
        if rows.1.saturating_mul(columns.1) > MOST_CELLS {
            return Err(format!("it has {} rows and {} columns, too many to be a table", rows.1, columns.1));
        }
        let table = Table { rows: vec![vec![Vec::new(); columns.1]; rows.1], right_to_left };
        let mut read = Read { table, lost: 0 };
        if let Some(cells) = entry(b"cellColumns") {
            self.fill(&mut read, cells, (&rows.0, &columns.0), room);
        }
        if right_to_left {
            read.table.rows.iter_mut().for_each(|row| row.reverse());
        }
        Ok(read)
    }

    /// The pairs of the entry that everything starts from.
    fn root(&self) -> Option<Vec<(u64, Message<'a>)>> {
        (0..self.entries.len() as u64).find_map(|number| {
            let map = Message::read(self.entry(number)?.bytes(13)?).ok()?;
            let kind = usize::try_from(map.integer(1)?).ok().and_then(|kind| self.types.get(kind))?;
            (*kind == TABLE.as_bytes()).then(|| self.map(number)).flatten()
        })
    }

    fn fill(&self, read: &mut Read, cells: u64, (rows, columns): (&Places, &Places), room: &mut Room) {
        // Each text belongs to one cell: a hundred thousand cells that share one are no table.
        let mut used = BTreeSet::new();
        let dictionary = |entry| message(&self.entry(entry)?, 6).map(|dictionary| Self::dictionary(&dictionary));
        for (column, column_cells) in dictionary(cells).unwrap_or_default() {
            if !used.insert(column_cells) {
                continue;
            }
            let Some(cells) = dictionary(column_cells) else {
                read.lost += 1;
                continue;
            };
            let column = self.uuid(column);
            for (row, cell) in cells {
                let (Some(column), Some(row)) = (column, self.uuid(row)) else {
                    read.lost += 1;
                    continue;
                };
                let place = rows.get(&row).and_then(|row| read.table.rows.get_mut(*row));
                let place = place.and_then(|row| row.get_mut(*columns.get(&column)?));
                // One of a row or column that was deleted has no place.
                let Some(place) = place.filter(|_| used.insert(cell)) else { continue };
                let text = self.entry(cell).and_then(|entry| entry.bytes(10));
                match text.map(|text| body::note(text, room)) {
                    // Two texts of one cell come from two devices; neither is dropped.
                    Some(Ok(text)) => place.extend(text),
                    _ => read.lost += 1,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::notes::made::Field::{Bytes, Number};
    use crate::notes::made::message;
    use crate::notes::model::Paragraph;
    use crate::testing::shared_data;

    fn text(cell: &[Paragraph]) -> String {
        let lines: Vec<String> =
            cell.iter().map(|line| line.spans.iter().map(|span| span.text.as_str()).collect()).collect();
        lines.join("\n")
    }

    fn packed(bytes: &[u8]) -> Result<Table, String> {
        super::packed(bytes, &mut Room::default()).map(|read| read.table)
    }

    fn texts(table: &Table) -> Vec<Vec<String>> {
        table.rows.iter().map(|row| row.iter().map(|cell| text(cell)).collect()).collect()
    }

    #[test]
    fn tables_have_the_cells_that_another_tool_expects_of_them() {
        let Some(folder) = shared_data("notes-blobs") else { return };
        let wanted: Value = serde_json::from_slice(&fs::read(folder.join("expected/tables.json")).unwrap()).unwrap();
        let read = |name: &str| packed(&fs::read(folder.join(format!("exported_blobs/{name}.bin"))).unwrap()).unwrap();
        for name in ["table_gzipped", "right_to_left_table_gzipped"] {
            let wanted: Vec<Vec<String>> = serde_json::from_value(wanted[name].clone()).unwrap();
            assert_eq!(texts(&read(name)), wanted, "{name}");
        }
        assert!(read("right_to_left_table_gzipped").right_to_left);
        let formats = read("table_formats_gzipped");
        assert_eq!((formats.rows.len(), formats.rows[0].len()), (3, 2));
        let spans: Vec<_> = formats.rows.iter().flatten().flatten().flat_map(|line| &line.spans).collect();
        let styled = |text: &str| {
            let span = spans.iter().find(|span| span.text == text).unwrap();
            (span.style.bold, span.style.italic, span.style.underlined)
        };
        assert_eq!(styled("Bold"), (true, false, false));
        assert_eq!(styled("Italics"), (false, true, false));
        assert_eq!(styled("Underline"), (false, false, true));
        assert_eq!(styled("Bold italics"), (true, true, false));
        assert_eq!(formats.rows.iter().flatten().filter(|cell| text(cell).is_empty()).count(), 1);
    }

    /// A list of entries with a table in it, whose columns are named by `column` and whose one row is named by another UUID than its place
    /// says, tied to it by the pair `alias`.
    fn made(alias: (u64, u64), names: usize) -> Vec<u8> {
        let number = |number: u8, value: u64| message(&[(number, Number(value))]);
        let bytes = |number: u8, value: &[u8]| message(&[(number, Bytes(value))]);
        let to = |entry: u64| number(6, entry);
        let pair = |key: u64, value: u64| bytes(1, &message(&[(1, Bytes(&to(key))), (2, Bytes(&to(value)))]));
        // Entries that stand for the UUID of this place.
        let stands_for = |uuid: u64| bytes(13, &bytes(3, &message(&[(1, Number(9)), (2, Bytes(&number(2, uuid)))])));
        let place = |uuid: &[u8]| bytes(1, &bytes(2, &bytes(2, uuid)));
        let set = |uuid: &[u8], aliases: &[u8]| bytes(16, &bytes(1, &[place(uuid), bytes(2, aliases)].concat()));
        let named = |key: u64, entry: u64| bytes(3, &message(&[(1, Number(key)), (2, Bytes(&to(entry)))]));
        let root = [number(1, 0), named(0, 1).repeat(names), named(1, 2).repeat(names), named(2, 3)].concat();
        let text = bytes(10, &bytes(2, b"cell"));
        let entries = [
            bytes(13, &root),
            set(b"row", &pair(alias.0, alias.1)),
            set(b"column", b""),
            bytes(6, &pair(6, 4)),
            bytes(6, &pair(8, 9)),
            stands_for(0),
            stands_for(1),
            stands_for(0),
            stands_for(2),
            text,
        ];
        let list: Vec<u8> = entries.iter().flat_map(|entry| bytes(3, entry)).collect();
        let keys = [&b"crRows"[..], b"crColumns", b"cellColumns"].iter().flat_map(|key| bytes(4, key)).collect();
        let uuids = [&b"row"[..], b"column", b"alias"].iter().flat_map(|uuid| bytes(6, uuid)).collect();
        bytes(2, &bytes(3, &[list, keys, bytes(5, TABLE.as_bytes()), uuids].concat()))
    }

    #[test]
    fn aliases_lead_to_their_cells_in_both_directions() {
        for alias in [(5, 8), (8, 5)] {
            assert_eq!(texts(&packed(&made(alias, 1)).unwrap()), [["cell"]], "{alias:?}");
        }
    }

    #[test]
    fn names_that_come_again_are_looked_at_once() {
        let started = std::time::Instant::now();
        assert_eq!(texts(&packed(&made((5, 8), 100_000)).unwrap()), [["cell"]]);
        // 100,000 sets, each read anew, take minutes.
        assert!(started.elapsed().as_secs() < 10);
    }

    #[test]
    fn cells_that_cannot_be_read_are_counted() {
        let mut bytes = made((5, 8), 1);
        let at = bytes.windows(4).position(|part| part == b"cell").unwrap();
        // The text as a field that ends too late.
        bytes[at - 1] = 100;
        let read = super::packed(&bytes, &mut Room::default()).unwrap();
        assert_eq!((texts(&read.table), read.lost), (vec![vec![String::new()]], 1));
    }

    #[test]
    fn a_damaged_table_is_an_error_or_a_smaller_table() {
        let Some(folder) = shared_data("notes-blobs/exported_blobs") else { return };
        let whole = body::unpacked(&fs::read(folder.join("table_gzipped.bin")).unwrap(), MAX_INPUT).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            if let Ok(table) = packed(&damaged) {
                assert!(table.rows.len() <= 4, "{at}");
            }
            let _ = (packed(&whole[..at]), crate::notes::mergeable::members(&damaged));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = packed(&bytes);
        }
    }
}
