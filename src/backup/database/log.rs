//! The write-ahead log of a database, for readers of pages: which page it holds in its newest committed form, and where.
//!
//! SQLite finds that out for itself; what is here is for what goes below SQL. The form of the log, and when a frame of it
//! counts: <https://www.sqlite.org/walformat.html>.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use corer_schemas::formats::sqlite::Pages;

use super::image::{Image, Layered, page_size_of_wal};
use crate::backup::bytes::ReadAt;

/// The bytes before the first frame, and before the page in each frame.
pub(super) const HEAD: usize = 32;
pub(super) const FRAME_HEAD: usize = 24;

/// The version that all logs have.
pub(super) const VERSION: u32 = 3_007_000;

/// Where pages lie in a log.
pub struct Log {
    page_size: usize,
    /// How many bytes the database has, by its own word.
    size: u64,
    /// By page, counted from 0: where in the log.
    places: HashMap<u64, u64>,
}

impl Log {
    /// Reads a log from front to back. `None` when nothing of it counts.
    ///
    /// # Errors
    /// When it cannot be read: what counts of it is not known then.
    pub fn read(wal: &dyn ReadAt) -> io::Result<Option<Self>> {
        let mut head = [0; HEAD];
        match wal.read_at(0, &mut head)? {
            HEAD => Self::read_frames(wal, &head).transpose(),
            _ => Ok(None),
        }
    }

    fn read_frames(wal: &dyn ReadAt, head: &[u8; HEAD]) -> Option<io::Result<Self>> {
        let page_size = page_size_of_wal(wal)?;
        let mut sum = Sum::new(head)?;
        sum.add(head.get(..24)?);
        (word(head, 4)? == VERSION && sum.is(head.get(24..)?)).then_some(())?;
        let salts = head.get(16..24)?;
        let mut log = Self { page_size, size: 0, places: HashMap::new() };
        let mut uncommitted = Vec::new();
        let mut frame = vec![0; FRAME_HEAD + page_size];
        let mut offset = HEAD as u64;
        loop {
            match wal.read_at(offset, &mut frame) {
                Ok(read) if read == frame.len() => {}
                Ok(_) => break,
                Err(error) => return Some(Err(error)),
            }
            let (head, page) = frame.split_at_checked(FRAME_HEAD)?;
            sum.add(head.get(..8)?);
            sum.add(page);
            let number = word(head, 0)?;
            if number == 0 || head.get(8..16) != Some(salts) || !sum.is(head.get(16..)?) {
                break;
            }
            uncommitted.push((u64::from(number - 1), offset + FRAME_HEAD as u64));
            let pages = word(head, 4)?;
            if pages != 0 {
                log.places.extend(uncommitted.drain(..));
                log.size = u64::from(pages) * page_size as u64;
            }
            offset += frame.len() as u64;
        }
        (log.size > 0).then_some(Ok(log))
    }
}

pub(super) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The running sum over everything before a frame's end.
pub(super) struct Sum {
    is_big_endian: bool,
    sums: [u32; 2],
}

impl Sum {
    /// The sum of nothing, for a log with this head.
    pub(super) fn new(head: &[u8]) -> Option<Self> {
        Some(Self { is_big_endian: word(head, 0)? & 1 == 1, sums: [0; 2] })
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        let read = if self.is_big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
        let [mut first, mut second] = self.sums;
        for pair in bytes.as_chunks::<8>().0 {
            let [a, b, c, d, e, f, g, h] = *pair;
            first = first.wrapping_add(read([a, b, c, d])).wrapping_add(second);
            second = second.wrapping_add(read([e, f, g, h])).wrapping_add(first);
        }
        self.sums = [first, second];
    }

    /// Whether these are its bytes.
    pub(super) fn is(&self, bytes: &[u8]) -> bool {
        bytes.get(..8).is_some_and(|bytes| [word(bytes, 0), word(bytes, 4)] == self.sums.map(Some))
    }
}

/// The pages of a database with what its log says about them.
pub struct Overlaid {
    main: Layered,
    over: Option<(Arc<Log>, Layered)>,
}

impl Overlaid {
    /// One reader of them; `log` is what was read of the image's own log.
    pub fn new(image: &Image, log: Option<Arc<Log>>) -> Self {
        let main = Layered::over(Some(Arc::clone(&image.main)));
        Self { main, over: log.map(|log| (log, Layered::over(image.wal.clone()))) }
    }

    /// Whether the database says that its pages are as large as those of its log.
    pub fn is_consistent(&mut self) -> bool {
        let Some(in_log) = self.over.as_ref().map(|(log, _)| log.page_size) else { return true };
        let mut size = [0; 2];
        let is_read = self.read(16, &mut size).is_ok_and(|read| read == size.len());
        let in_head = match u16::from_be_bytes(size) {
            1 => 65_536,
            size => usize::from(size),
        };
        is_read && in_head == in_log
    }
}

impl Pages for Overlaid {
    fn size(&self) -> u64 {
        let together = |wal: &Layered| self.main.size().saturating_add(wal.size());
        self.over.as_ref().map_or(self.main.size(), |(log, wal)| log.size.min(together(wal)))
    }

    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let Some((log, wal)) = &mut self.over else { return self.main.read(offset, buffer) };
        let there = usize::try_from(log.size.saturating_sub(offset)).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = buffer.get_mut(..there).unwrap_or_default();
        let mut read = 0;
        while read < buffer.len() {
            let at = offset + read as u64;
            let (page, inside) = (at / log.page_size as u64, at % log.page_size as u64);
            let on_page = log.page_size - inside as usize;
            let piece = buffer.get_mut(read..).and_then(|rest| rest.get_mut(..rest.len().min(on_page)));
            let piece = piece.unwrap_or_default();
            let here = match log.places.get(&page) {
                Some(place) => wal.read(place + inside, piece)?,
                None => self.main.read(at, piece)?,
            };
            read += here;
            if here < piece.len() {
                break;
            }
        }
        Ok(read)
    }
}
