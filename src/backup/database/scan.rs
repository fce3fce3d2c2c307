//! Whether a write-ahead log is complete: does what stands behind the last frame that fits belong there?
//!
//! Behind it lie frames of earlier rounds of the log, each round with a first salt one higher than the round before, and
//! frames of a transaction of this round that was given up, which never end with a commit. Anything else was damaged.

use std::io;

use super::image::page_size_of_wal;
use super::log::{FRAME_HEAD, HEAD, Sum, VERSION, word};
use crate::backup::bytes::ReadAt;

/// How many rounds ago a frame may have been written that is still there.
const MOST_ROUNDS: u32 = 1 << 20;

/// What a log looks like as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scan {
    /// Everything in it fits, or is left from before.
    Whole,
    /// It has no head that fits: SQLite takes nothing from it.
    Headless,
    /// Frames of this round do not fit: SQLite takes nothing from there on.
    Torn,
}

impl Scan {
    /// Reads a log from front to back.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(wal: &dyn ReadAt) -> io::Result<Self> {
        if wal.size() == 0 {
            return Ok(Self::Whole);
        }
        let mut head = [0; HEAD];
        if wal.read_at(0, &mut head)? < HEAD {
            return Ok(Self::Headless);
        }
        let Some(mut frames) = Frames::of(wal, &head) else { return Ok(Self::Headless) };
        let mut fits = true;
        loop {
            match frames.next(wal, fits)? {
                Next::End => return Ok(Self::Whole),
                Next::Fits => {}
                Next::LeftOver => fits = false,
                Next::Torn => return Ok(Self::Torn),
            }
        }
    }
}

enum Next {
    End,
    Fits,
    LeftOver,
    Torn,
}

struct Frames {
    sum: Sum,
    salts: [u8; 8],
    frame: Vec<u8>,
    offset: u64,
}

impl Frames {
    fn of(wal: &dyn ReadAt, head: &[u8; HEAD]) -> Option<Self> {
        let page_size = page_size_of_wal(wal)?;
        let mut sum = Sum::new(head)?;
        sum.add(head.get(..24)?);
        (word(head, 4)? == VERSION && sum.is(head.get(24..)?)).then_some(())?;
        let salts = *head.get(16..)?.first_chunk()?;
        Some(Self { sum, salts, frame: vec![0; FRAME_HEAD + page_size], offset: HEAD as u64 })
    }

    /// Looks at the next frame; `fits` says whether all before it did.
    fn next(&mut self, wal: &dyn ReadAt, fits: bool) -> io::Result<Next> {
        let mut frame = std::mem::take(&mut self.frame);
        let read = wal.read_at(self.offset, &mut frame);
        let next = read.map(|read| {
            self.offset += read as u64;
            let is_cut = read < frame.len();
            self.judge(frame.get(..read).unwrap_or_default(), is_cut, fits)
        });
        self.frame = frame;
        next
    }

    fn judge(&mut self, frame: &[u8], is_cut: bool, fits: bool) -> Next {
        if frame.is_empty() {
            return Next::End;
        }
        let salts = frame.get(8..16);
        let is_older = salts.is_some_and(|salts| self.is_older(salts));
        if is_cut {
            // Cut within a frame: of this round, or too short to say.
            return if is_older { Next::End } else { Next::Torn };
        }
        if fits && self.fits(frame) {
            return Next::Fits;
        }
        let is_of_this_round = salts == Some(&self.salts);
        let is_commit = word(frame, 4) != Some(0);
        let is_page = word(frame, 0) != Some(0);
        match (is_of_this_round, is_older) {
            _ if !is_page => Next::Torn,
            (true, _) if is_commit => Next::Torn,
            (true, _) | (false, true) => Next::LeftOver,
            (false, false) => Next::Torn,
        }
    }

    fn fits(&mut self, frame: &[u8]) -> bool {
        let Some((head, page)) = frame.split_at_checked(FRAME_HEAD) else { return false };
        self.sum.add(head.get(..8).unwrap_or_default());
        self.sum.add(page);
        let has_salts = head.get(8..16) == Some(&self.salts);
        word(head, 0) != Some(0) && has_salts && self.sum.is(head.get(16..).unwrap_or_default())
    }

    fn is_older(&self, salts: &[u8]) -> bool {
        let rounds = word(&self.salts, 0).zip(word(salts, 0)).map(|(now, then)| now.wrapping_sub(then));
        // The second salt is another one at random.
        let is_other = word(&self.salts, 4) != word(salts, 4);
        is_other && rounds.is_some_and(|rounds| (1..=MOST_ROUNDS).contains(&rounds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backup::bytes::MemoryBytes;
    use rusqlite::Connection;

    fn scan(log: &[u8]) -> Scan {
        Scan::of(&MemoryBytes(log.to_vec())).unwrap()
    }

    /// The log of a database to which so many transactions were written.
    fn log(work: impl FnOnce(&Connection)) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let writer = Connection::open(&path).unwrap();
        writer.execute_batch("PRAGMA page_size=512; PRAGMA journal_mode=WAL; CREATE TABLE t(x)").unwrap();
        work(&writer);
        std::fs::read(folder.path().join("a.db-wal")).unwrap()
    }

    #[test]
    fn logs_as_sqlite_leaves_them_are_whole() {
        let insert = |writer: &Connection| {
            for _ in 0..20 {
                writer.execute_batch("INSERT INTO t VALUES (randomblob(300))").unwrap();
            }
        };
        assert_eq!(scan(&[]), Scan::Whole);
        assert_eq!(scan(&log(insert)), Scan::Whole);
        let restarted = log(|writer| {
            insert(writer);
            writer.execute_batch("PRAGMA wal_checkpoint(RESTART); INSERT INTO t VALUES (1)").unwrap();
        });
        assert!(restarted.len() > 10 * 536);
        assert_eq!(scan(&restarted), Scan::Whole, "what an earlier round left");
        let given_up = log(|writer| {
            insert(writer);
            writer.execute_batch("PRAGMA cache_size=2; BEGIN").unwrap();
            insert(writer);
            writer.execute_batch("ROLLBACK; INSERT INTO t VALUES (1)").unwrap();
        });
        assert_eq!(scan(&given_up), Scan::Whole, "what a transaction that was given up left");
    }

    #[test]
    fn every_damaged_byte_and_every_cut_within_a_frame_is_told() {
        let whole = log(|writer| {
            for _ in 0..6 {
                writer.execute_batch("INSERT INTO t VALUES (randomblob(200))").unwrap();
            }
        });
        let frame = FRAME_HEAD + 512;
        let mut untold = Vec::new();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            if scan(&damaged) == Scan::Whole {
                untold.push(at);
            }
        }
        assert_eq!(untold, Vec::<usize>::new(), "of {} bytes", whole.len());
        for length in 1..whole.len() {
            let is_at_frame = length >= HEAD && (length - HEAD).is_multiple_of(frame);
            assert_eq!(scan(&whole[..length]) == Scan::Whole, is_at_frame, "{length}");
        }
        for tail in (frame..whole.len() - HEAD).step_by(frame) {
            let mut zeroed = whole.clone();
            let start = zeroed.len() - tail;
            zeroed[start..].fill(0);
            assert_eq!(scan(&zeroed), Scan::Torn);
        }
    }
}
