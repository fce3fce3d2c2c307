//! Where sorted rows wait: shelves, whose rows lie in pieces of a file.

use std::collections::VecDeque;
use std::fs::File;
use std::io;

use super::file::Shared;

/// How long a piece grows before it is written, in bytes.
const PIECE: usize = 32 << 10;

/// How much all threads together keep in memory of what is not written, in bytes.
const UNWRITTEN: usize = 6 << 20;

/// How many pieces a reader keeps: rows that were sent long before they came lie among later ones.
const KEPT: usize = 4;

/// Rows on shelves.
pub(super) struct Store {
    file: Shared,
    shelves: Vec<Shelf>,
}

/// Rows that are asked for together, ascending by row number.
type Shelf = Vec<Piece>;

/// A part of the file: some rows of one shelf, each with its number and its length before it.
#[derive(Clone, Copy)]
struct Piece {
    /// The number of its first row.
    first: i64,
    start: u64,
    length: u32,
}

/// The bytes before a row: its number, and how many bytes follow.
const HEAD: usize = 12;

impl Store {
    /// Empty shelves, whose rows go into an empty file.
    pub(super) fn new(file: File, shelves: usize) -> Self {
        let shelves = vec![Shelf::new(); shelves];
        Self { file: Shared::new(file), shelves }
    }

    /// One of so many sorters that write into the file.
    pub(super) fn sorter(&self, threads: usize) -> Sorter<'_> {
        let growing = self.shelves.iter().map(|_| Growing::default()).collect();
        Sorter { file: &self.file, growing, room: UNWRITTEN / threads.max(1), unwritten: 0, is_broken: false }
    }

    /// Takes over what was sorted of one part of the table after another.
    pub(super) fn take(&mut self, part: Part) {
        for (shelf, own) in self.shelves.iter_mut().zip(part.0) {
            shelf.extend(own);
        }
    }

    /// Reads what is on a shelf.
    pub(super) fn reader(&self, shelf: usize) -> Option<Reader<'_>> {
        let shelf = self.shelves.get(shelf)?;
        Some(Reader { file: &self.file, shelf, kept: VecDeque::new() })
    }
}

/// What was sorted of one part of the table.
pub(super) struct Part(Vec<Shelf>);

/// Sorts the rows of one part of the table.
pub(super) struct Sorter<'s> {
    file: &'s Shared,
    growing: Vec<Growing>,
    /// How much may wait.
    room: usize,
    unwritten: usize,
    is_broken: bool,
}

/// A shelf, and its last rows, which are not written yet.
#[derive(Default)]
struct Growing {
    shelf: Shelf,
    first: i64,
    bytes: Vec<u8>,
}

impl Sorter<'_> {
    /// Puts a row on a shelf. They come in ascending order.
    pub(super) fn add(&mut self, shelf: usize, id: i64, record: &[u8]) {
        let Some(growing) = self.growing.get_mut(shelf) else { return };
        // A record that is too long is looked up instead.
        let Ok(length) = u32::try_from(record.len()) else { return };
        if growing.bytes.is_empty() {
            growing.first = id;
        }
        growing.bytes.extend_from_slice(&id.to_le_bytes());
        growing.bytes.extend_from_slice(&length.to_le_bytes());
        growing.bytes.extend_from_slice(record);
        self.unwritten += HEAD + record.len();
        if growing.bytes.len() >= PIECE {
            self.write(shelf);
        } else if self.unwritten >= self.room {
            (0..self.growing.len()).for_each(|shelf| self.write(shelf));
        }
    }

    /// Whether the file took no more. What was sorted is then of no use.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Writes what is left. `None` when the file did not take everything.
    pub(super) fn end(mut self) -> Option<Part> {
        (0..self.growing.len()).for_each(|shelf| self.write(shelf));
        let shelves = self.growing.into_iter().map(|growing| growing.shelf).collect();
        (!self.is_broken).then_some(Part(shelves))
    }

    fn write(&mut self, shelf: usize) {
        let Some(growing) = self.growing.get_mut(shelf).filter(|growing| !growing.bytes.is_empty()) else {
            return;
        };
        match append(self.file, growing.first, &growing.bytes) {
            Ok(piece) => growing.shelf.push(piece),
            Err(_) => self.is_broken = true,
        }
        self.unwritten -= growing.bytes.len();
        growing.bytes.clear();
    }
}

fn append(file: &Shared, first: i64, bytes: &[u8]) -> io::Result<Piece> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    Ok(Piece { first, start: file.append(bytes)?, length })
}

/// Reads the rows of one shelf, best in ascending order.
pub(super) struct Reader<'s> {
    file: &'s Shared,
    shelf: &'s Shelf,
    /// The pieces that were read last, the newest in front.
    kept: VecDeque<Kept>,
}

/// A piece that was read.
struct Kept {
    number: usize,
    bytes: Vec<u8>,
    /// Where the row begins that was found last.
    at: usize,
}

impl Reader<'_> {
    /// Finds a row by its number. `None` when it is not here or cannot be read.
    pub(super) fn row(&mut self, id: i64) -> Option<&[u8]> {
        let number = self.shelf.partition_point(|piece| piece.first <= id).checked_sub(1)?;
        self.piece(number)?.row(id)
    }

    fn piece(&mut self, number: usize) -> Option<&mut Kept> {
        match self.kept.iter().position(|kept| kept.number == number) {
            Some(0) => {}
            Some(at) => self.kept.swap(0, at),
            None => {
                let piece = self.shelf.get(number)?;
                let mut bytes = if self.kept.len() < KEPT { Vec::new() } else { self.kept.pop_back()?.bytes };
                bytes.resize(piece.length as usize, 0);
                self.file.read(piece.start, &mut bytes).ok()?;
                self.kept.push_front(Kept { number, bytes, at: 0 });
            }
        }
        self.kept.front_mut()
    }
}

impl Kept {
    /// Finds a row from the one that was found last on, or from the beginning.
    fn row(&mut self, id: i64) -> Option<&[u8]> {
        if self.row_at(self.at)?.0 > id {
            self.at = 0;
        }
        loop {
            let (found, length) = self.row_at(self.at)?;
            if found >= id {
                let begin = self.at + HEAD;
                return if found == id { self.bytes.get(begin..begin + length) } else { None };
            }
            self.at += HEAD + length;
        }
    }

    /// The number of the row that begins there, and its length. `None` at the end.
    fn row_at(&self, at: usize) -> Option<(i64, usize)> {
        let (id, rest) = self.bytes.get(at..)?.split_first_chunk()?;
        let length = rest.first_chunk()?;
        Some((i64::from_le_bytes(*id), u32::from_le_bytes(*length) as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_in_any_order_and_no_others_do() {
        let mut store = Store::new(tempfile::tempfile().unwrap(), 2);
        let record = |id: i64| format!("{id} {}", "x".repeat(500));
        let parts: Vec<Part> = [0..1000_i64, 1000..2000]
            .map(|part| {
                let mut sorter = store.sorter(1);
                part.for_each(|id| sorter.add((id % 2) as usize, 2 * id, record(id).as_bytes()));
                sorter.end().unwrap()
            })
            .into();
        parts.into_iter().for_each(|part| store.take(part));
        assert!(store.shelves[0].len() > KEPT, "the rows of a shelf fill several pieces");
        let jumping = (0..2000).map(|step| step * 7 % 2000);
        for (shelf, id) in (0..2000).chain((0..2000).rev()).chain(jumping).map(|id| ((id % 2) as usize, id)) {
            let mut reader = store.reader(shelf).unwrap();
            assert_eq!(reader.row(2 * id).unwrap(), record(id).as_bytes());
            assert!(reader.row(2 * id + 1).is_none() && reader.row(2 * id + 2).is_none());
        }
        for shelf in [0, 1] {
            let mut reader = store.reader(shelf).unwrap();
            for id in (0..2000).filter(|id| *id as usize % 2 == shelf) {
                assert_eq!(reader.row(2 * id).unwrap(), record(id).as_bytes());
            }
            assert!(reader.row(-1).is_none() && reader.row(i64::MAX).is_none());
        }
    }
}
