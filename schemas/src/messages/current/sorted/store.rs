//! Where sorted rows wait: shelves, whose rows lie in pieces of files.

use std::collections::VecDeque;
use std::fs::File;
use std::io;

use super::file::Shared;

/// How much all threads together gather before they sort and write it, in bytes. The more, the longer the pieces.
const GATHERED: usize = 16 << 20;

/// How much is written at once, in bytes.
const WRITTEN: usize = 256 << 10;

/// How long a piece may be, in bytes: it is read at once.
const PIECE: usize = 256 << 10;

/// How many pieces a reader keeps: rows that were sent long before they came lie among later ones.
const KEPT: usize = 4;

/// The bytes before a row: its number, and how many bytes follow.
const HEAD: usize = 12;

/// Rows on shelves.
pub(super) struct SortedStore {
    files: Vec<Shared>,
    /// How long each file may become, in bytes.
    longest: u64,
    buckets: Vec<Bucket>,
}

/// Rows that are asked for together, ascending by row number.
type Bucket = Vec<Piece>;

/// A part of a file: some rows of one shelf, each with its number and its length before it.
#[derive(Clone, Copy)]
struct Piece {
    /// The number of its first row.
    first: i64,
    file: usize,
    start: u64,
    length: usize,
}

impl SortedStore {
    /// Empty shelves, whose rows go into empty files. None of them becomes longer than so many bytes.
    pub(super) fn new(files: Vec<File>, buckets: usize, longest: u64) -> Self {
        let buckets = vec![Bucket::new(); buckets];
        Self { files: files.into_iter().map(Shared::new).collect(), longest, buckets }
    }

    /// What sorts rows into one of the files.
    pub(super) fn sorter(&self, file: usize) -> Option<Sorter<'_>> {
        let capacity = GATHERED / self.files.len().max(1);
        Some(Sorter {
            number: file,
            file: self.files.get(file)?,
            rows: Vec::with_capacity(capacity),
            places: Vec::new(),
            capacity,
            longest: self.longest,
            buckets: vec![Bucket::new(); self.buckets.len()],
            is_broken: false,
        })
    }

    /// Takes over what was sorted of one part of the table after another.
    pub(super) fn take(&mut self, part: SortedPart) {
        for (bucket, own) in self.buckets.iter_mut().zip(part.0) {
            bucket.extend(own);
        }
    }

    /// Reads what is on a shelf.
    pub(super) fn reader(&self, bucket: usize) -> Option<Reader<'_>> {
        let bucket = self.buckets.get(bucket)?;
        Some(Reader { files: &self.files, bucket, kept: VecDeque::new() })
    }
}

/// What was sorted of one part of the table.
pub(super) struct SortedPart(Vec<Bucket>);

/// Sorts the rows of one part of the table: they are gathered as they come, and written shelf by shelf.
pub(super) struct Sorter<'s> {
    number: usize,
    file: &'s Shared,
    /// What is not written yet.
    rows: Vec<u8>,
    /// Where in it which row lies, and for which shelf.
    places: Vec<RowPosition>,
    capacity: usize,
    longest: u64,
    buckets: Vec<Bucket>,
    is_broken: bool,
}

struct RowPosition {
    bucket: usize,
    id: i64,
    begin: usize,
    end: usize,
}

impl Sorter<'_> {
    /// Puts a row on a shelf. They come in ascending order.
    pub(super) fn add(&mut self, bucket: usize, id: i64, record: &[u8]) {
        // A record that is too long is looked up instead: a few pieces are kept in memory for each shelf that is read.
        let Some(length) = u32::try_from(record.len()).ok().filter(|_| record.len() <= PIECE) else { return };
        if self.is_broken {
            return;
        }
        if self.rows.len() + HEAD + record.len() > self.capacity {
            self.write();
        }
        let begin = self.rows.len();
        self.rows.extend_from_slice(&id.to_le_bytes());
        self.rows.extend_from_slice(&length.to_le_bytes());
        self.rows.extend_from_slice(record);
        self.places.push(RowPosition { bucket, id, begin, end: self.rows.len() });
    }

    /// Whether the file took no more, or would become longer than it may. What was sorted is then of no use.
    pub(super) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Writes what is left. `None` when the file did not take everything.
    pub(super) fn end(mut self) -> Option<SortedPart> {
        self.write();
        (!self.is_broken).then_some(SortedPart(self.buckets))
    }

    fn write(&mut self) {
        let is_too_long = self.file.end().saturating_add(self.rows.len() as u64) > self.longest;
        self.is_broken |= is_too_long || self.try_write().is_err();
        self.rows.clear();
        self.places.clear();
    }

    fn try_write(&mut self) -> io::Result<()> {
        // The rows of a shelf stay in their order.
        self.places.sort_by_key(|place| place.bucket);
        let mut out = Vec::with_capacity(WRITTEN.min(self.rows.len()));
        let mut start = self.file.end();
        for rows in self.places.chunk_by(|one, next| one.bucket == next.bucket) {
            let mut piece: Option<Piece> = None;
            for place in rows {
                let row = self.rows.get(place.begin..place.end).unwrap_or_default();
                if out.len() + row.len() > WRITTEN {
                    self.file.append(&out)?;
                    out.clear();
                }
                out.extend_from_slice(row);
                match &mut piece {
                    Some(piece) if piece.length + row.len() <= PIECE => piece.length += row.len(),
                    piece => {
                        let next = Piece { first: place.id, file: self.number, start, length: row.len() };
                        let whole = piece.replace(next);
                        self.buckets.get_mut(place.bucket).into_iter().for_each(|bucket| bucket.extend(whole));
                    }
                }
                start += row.len() as u64;
            }
            let bucket = rows.first().and_then(|place| self.buckets.get_mut(place.bucket));
            bucket.into_iter().for_each(|bucket| bucket.extend(piece));
        }
        self.file.append(&out)
    }
}

/// Reads the rows of one shelf, best in ascending order.
pub(super) struct Reader<'s> {
    files: &'s [Shared],
    bucket: &'s Bucket,
    /// The pieces that were read last, the newest in front.
    kept: VecDeque<LoadedPiece>,
}

/// A piece that was read.
struct LoadedPiece {
    number: usize,
    bytes: Vec<u8>,
    /// Where the last search ended.
    at: usize,
}

impl Reader<'_> {
    /// Finds a row by its number. `None` when it is not here or cannot be read.
    pub(super) fn row(&mut self, id: i64) -> Option<&[u8]> {
        let number = self.bucket.partition_point(|piece| piece.first <= id).checked_sub(1)?;
        self.piece(number)?.row(id)
    }

    fn piece(&mut self, number: usize) -> Option<&mut LoadedPiece> {
        match self.kept.iter().position(|kept| kept.number == number) {
            Some(0) => {}
            Some(at) => self.kept.swap(0, at),
            None => {
                let piece = self.bucket.get(number)?;
                let mut bytes = if self.kept.len() < KEPT { Vec::new() } else { self.kept.pop_back()?.bytes };
                bytes.resize(piece.length, 0);
                self.files.get(piece.file)?.read(piece.start, &mut bytes).ok()?;
                self.kept.push_front(LoadedPiece { number, bytes, at: 0 });
            }
        }
        self.kept.front_mut()
    }
}

impl LoadedPiece {
    /// Finds a row from the one that was found last on, or from the beginning.
    fn row(&mut self, id: i64) -> Option<&[u8]> {
        if self.row_at(self.at).is_none_or(|(found, _)| found > id) {
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
        let files = [(); 2].map(|()| tempfile::tempfile().unwrap());
        let mut store = SortedStore::new(files.into(), 2, 10_000_000);
        let record = |id: i64| format!("{id} {}", "x".repeat(500));
        let parts: Vec<SortedPart> = [0..1000_i64, 1000..2000]
            .into_iter()
            .enumerate()
            .map(|(file, part)| {
                let mut sorter = store.sorter(file).unwrap();
                // More than one gathering.
                sorter.capacity = 100_000;
                part.for_each(|id| sorter.add((id % 2) as usize, 2 * id, record(id).as_bytes()));
                sorter.end().unwrap()
            })
            .collect();
        parts.into_iter().for_each(|part| store.take(part));
        assert!(store.buckets[0].len() > KEPT, "the rows of a shelf fill several pieces");
        let jumping = (0..2000).map(|step| step * 7 % 2000);
        for (bucket, id) in (0..2000).chain((0..2000).rev()).chain(jumping).map(|id| ((id % 2) as usize, id)) {
            let mut reader = store.reader(bucket).unwrap();
            assert_eq!(reader.row(2 * id).unwrap(), record(id).as_bytes());
            assert!(reader.row(2 * id + 1).is_none() && reader.row(2 * id + 2).is_none());
        }
        for bucket in [0, 1] {
            let mut reader = store.reader(bucket).unwrap();
            for id in (0..2000).filter(|id| *id as usize % 2 == bucket) {
                assert_eq!(reader.row(2 * id).unwrap(), record(id).as_bytes());
            }
            assert!(reader.row(-1).is_none() && reader.row(i64::MAX).is_none());
            assert_eq!(reader.row(2 * bucket as i64).unwrap(), record(bucket as i64).as_bytes());
        }
    }

    #[test]
    fn files_do_not_become_longer_than_they_may() {
        let store = SortedStore::new(vec![tempfile::tempfile().unwrap()], 1, 1000);
        let mut sorter = store.sorter(0).unwrap();
        sorter.capacity = 500;
        (0..100).for_each(|id| sorter.add(0, id, &[0; 100]));
        assert!(sorter.is_broken() && store.files[0].end() <= 1000);
        assert!(sorter.end().is_none());
    }
}
