//! Content that does not compress and differs from file to file, faster than any disk.

use std::io::Read;

use crate::seed::Seed;

const POOL: usize = 1 << 20;

/// A pool of noise from which every file is cut.
#[derive(Debug)]
pub struct Filler(Vec<u8>);

impl Filler {
    /// Draws the pool.
    pub fn new(seed: &Seed) -> Self {
        let mut pool = vec![0; POOL];
        // Reading from a stream of numbers cannot fail.
        let _ = seed.stream("filler").read_exact(&mut pool);
        Self(pool)
    }

    /// The content of a file: its number, then noise from a place of its own.
    pub fn file(&self, index: u64, size: u64) -> impl Read {
        let start = (index as usize).wrapping_mul(7919) % POOL;
        let head = std::io::Cursor::new(index.to_le_bytes());
        head.chain(Noise { pool: &self.0, at: start }).take(size)
    }
}

struct Noise<'a> {
    pool: &'a [u8],
    at: usize,
}

impl Read for Noise<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let rest = self.pool.get(self.at..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..length), rest.get(..length)) {
            to.copy_from_slice(from);
        }
        self.at = (self.at + length) % self.pool.len();
        Ok(length)
    }
}
