//! Where sorted rows wait: shelves, whose rows lie in pieces of a file.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use super::super::columns::Values;
use super::pack::{pack, unpack};

/// How long a piece grows before it is written, in bytes.
const PIECE: usize = 32 << 10;

/// How much all threads together keep in memory of what is not written, in bytes.
const UNWRITTEN: usize = 12 << 20;

/// How many pieces a reader keeps: rows that were sent long before they came lie among later ones.
const KEPT: usize = 4;

/// Rows on shelves.
pub(super) struct Store {
    file: Mutex<File>,
    shelves: Vec<Shelf>,
}

/// Rows that are asked for together.
#[derive(Default)]
struct Shelf {
    pieces: Vec<Piece>,
    /// Ascending by row number.
    rows: Vec<Place>,
}

/// A part of the file.
#[derive(Clone, Copy)]
struct Piece {
    start: u64,
    length: u32,
}

/// Where a row is.
#[derive(Clone, Copy)]
struct Place {
    id: i64,
    piece: u32,
    at: u32,
}

impl Store {
    /// Empty shelves, whose rows go into an empty file.
    pub(super) fn new(file: File, shelves: usize) -> Self {
        let shelves = std::iter::repeat_with(Shelf::default).take(shelves).collect();
        Self { file: Mutex::new(file), shelves }
    }

    /// One of so many sorters that write into the file.
    pub(super) fn sorter(&self, threads: usize) -> Sorter<'_> {
        let growing = self.shelves.iter().map(|_| Growing::default()).collect();
        Sorter { file: &self.file, growing, room: UNWRITTEN / threads.max(1), unwritten: 0, is_broken: false }
    }

    /// Takes over what was sorted of one part of the table after another.
    pub(super) fn take(&mut self, part: Part) {
        for (shelf, own) in self.shelves.iter_mut().zip(part.0) {
            shelf.rows.reserve_exact(own.rows.len());
            let before = u32::try_from(shelf.pieces.len()).unwrap_or(u32::MAX);
            shelf.pieces.extend(own.pieces);
            let moved = |place: Place| Place { piece: place.piece.saturating_add(before), ..place };
            shelf.rows.extend(own.rows.into_iter().map(moved));
        }
    }

    /// Reads what is on a shelf.
    pub(super) fn reader(&self, shelf: usize) -> Option<Reader<'_>> {
        let shelf = self.shelves.get(shelf)?;
        Some(Reader { file: &self.file, shelf, next: 0, kept: VecDeque::new() })
    }
}

/// What was sorted of one part of the table.
pub(super) struct Part(Vec<Shelf>);

/// Sorts the rows of one part of the table.
pub(super) struct Sorter<'s> {
    file: &'s Mutex<File>,
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
    bytes: Vec<u8>,
}

impl Sorter<'_> {
    /// Puts a row on a shelf. They come in ascending order.
    pub(super) fn add(&mut self, shelf: usize, id: i64, values: &Values<'_>) {
        let Some(growing) = self.growing.get_mut(shelf) else { return };
        let before = growing.bytes.len();
        let piece = growing.shelf.pieces.len();
        // Row numbers and pieces are counted in 32 bits; a row that cannot be is looked up instead.
        if let (Ok(piece), Ok(at)) = (u32::try_from(piece), u32::try_from(before)) {
            growing.shelf.rows.push(Place { id, piece, at });
            pack(values, &mut growing.bytes);
        }
        self.unwritten += growing.bytes.len() - before;
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
        match append(self.file, &growing.bytes) {
            Ok(piece) => growing.shelf.pieces.push(piece),
            Err(_) => self.is_broken = true,
        }
        self.unwritten -= growing.bytes.len();
        growing.bytes.clear();
    }
}

fn append(file: &Mutex<File>, bytes: &[u8]) -> io::Result<Piece> {
    let length = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    let start = file.seek(SeekFrom::End(0))?;
    file.write_all(bytes)?;
    Ok(Piece { start, length })
}

/// Reads the rows of one shelf, best in ascending order.
pub(super) struct Reader<'s> {
    file: &'s Mutex<File>,
    shelf: &'s Shelf,
    /// The position of the row behind the last one.
    next: usize,
    /// The pieces that were read last, the newest in front.
    kept: VecDeque<(u32, Vec<u8>)>,
}

impl Reader<'_> {
    /// Finds a row by its number. `None` when it is not here or cannot be read.
    pub(super) fn row(&mut self, id: i64) -> Option<Values<'_>> {
        let rows = &self.shelf.rows;
        let at = match rows.get(self.next) {
            Some(place) if place.id == id => self.next,
            _ => rows.binary_search_by_key(&id, |place| place.id).ok()?,
        };
        let place = rows.get(at)?;
        self.next = at + 1;
        let piece = self.piece(place.piece)?;
        Some(unpack(piece.get(place.at as usize..)?))
    }

    fn piece(&mut self, number: u32) -> Option<&[u8]> {
        match self.kept.iter().position(|(kept, _)| *kept == number) {
            Some(0) => {}
            Some(at) => self.kept.swap(0, at),
            None => {
                let piece = self.shelf.pieces.get(number as usize)?;
                let mut bytes = if self.kept.len() < KEPT { Vec::new() } else { self.kept.pop_back()?.1 };
                read(self.file, *piece, &mut bytes).ok()?;
                self.kept.push_front((number, bytes));
            }
        }
        self.kept.front().map(|(_, bytes)| bytes.as_slice())
    }
}

fn read(file: &Mutex<File>, piece: Piece, bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.resize(piece.length as usize, 0);
    let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
    file.seek(SeekFrom::Start(piece.start))?;
    file.read_exact(bytes)
}
