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
const HEAD: usize = 32;
const FRAME_HEAD: usize = 24;

/// The version that all logs have.
const VERSION: u32 = 3_007_000;

/// Where pages lie in a log.
pub struct Log {
    page_size: usize,
    /// How many bytes the database has.
    size: u64,
    /// By page, counted from 0: where in the log.
    places: HashMap<u64, u64>,
}

impl Log {
    /// Reads a log from front to back. `None` when nothing of it counts.
    pub fn read(wal: &dyn ReadAt) -> Option<Self> {
        let page_size = page_size_of_wal(wal)?;
        let mut head = [0; HEAD];
        (wal.read_at(0, &mut head).ok()? == HEAD).then_some(())?;
        let mut sum = Sum { is_big_endian: word(&head, 0)? & 1 == 1, sums: [0; 2] };
        sum.add(head.get(..24)?);
        (word(&head, 4)? == VERSION && sum.is(head.get(24..)?)).then_some(())?;
        let salts = head.get(16..24)?;
        let mut log = Self { page_size, size: 0, places: HashMap::new() };
        let mut uncommitted = Vec::new();
        let mut frame = vec![0; FRAME_HEAD + page_size];
        let mut offset = HEAD as u64;
        while wal.read_at(offset, &mut frame).is_ok_and(|read| read == frame.len()) {
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
        (log.size > 0).then_some(log)
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The running sum over everything before a frame's end.
struct Sum {
    is_big_endian: bool,
    sums: [u32; 2],
}

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
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
    fn is(&self, bytes: &[u8]) -> bool {
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
}

impl Pages for Overlaid {
    fn size(&self) -> u64 {
        self.over.as_ref().map_or(self.main.size(), |(log, _)| log.size)
    }

    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let Some((log, wal)) = &mut self.over else { return self.main.read(offset, buffer) };
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
