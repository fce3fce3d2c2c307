//! Determined randomness: every key, salt, identifier and filler is derived from a name.
//!
//! Deriving by name (instead of drawing from one stream) keeps everything else as it is when a row is added.

use sha2::{Digest, Sha256};

/// The root of all values of one backup.
#[derive(Debug, Clone)]
pub struct Seed(String);

impl Seed {
    /// Makes the root named `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Gives the `N` bytes named `label`.
    pub fn bytes<const N: usize>(&self, label: &str) -> [u8; N] {
        let mut out = [0; N];
        for (counter, chunk) in out.chunks_mut(32).enumerate() {
            let hash = Sha256::digest(format!("{}\0{label}\0{counter}", self.0));
            for (to, from) in chunk.iter_mut().zip(hash) {
                *to = from;
            }
        }
        out
    }

    /// Gives the number named `label`.
    pub fn number(&self, label: &str) -> u64 {
        u64::from_le_bytes(self.bytes(label))
    }

    /// Gives the identifier named `label`, in the usual form of a random UUID in capitals.
    pub fn uuid(&self, label: &str) -> String {
        let mut bytes: [u8; 16] = self.bytes(label);
        let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
        *version = (*version & 0x0f) | 0x40;
        *variant = (*variant & 0x3f) | 0x80;
        let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        let (mut rest, mut parts) = (hex.as_str(), Vec::new());
        for length in [8, 4, 4, 4, 12] {
            let (part, tail) = rest.split_at(length);
            parts.push(part);
            rest = tail;
        }
        parts.join("-")
    }

    /// Gives an endless stream of numbers named `label`: splitmix64, fast enough to fill gigabytes.
    pub fn stream(&self, label: &str) -> Stream {
        Stream(self.number(label))
    }
}

/// An endless stream of determined numbers.
#[derive(Debug, Clone)]
pub struct Stream(u64);

impl Stream {
    /// Gives the next number.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Gives a number below `bound` (0 when `bound` is 0).
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next_u64().checked_rem(bound).unwrap_or(0)
    }

    /// Gives a number from 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
}

impl std::io::Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        for chunk in buffer.chunks_mut(8) {
            for (to, from) in chunk.iter_mut().zip(self.next_u64().to_le_bytes()) {
                *to = from;
            }
        }
        Ok(buffer.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_gives_the_same_value() {
        let seed = Seed::new("a");
        assert_eq!(seed.bytes::<40>("key"), Seed::new("a").bytes::<40>("key"));
        assert_ne!(seed.bytes::<40>("key"), seed.bytes::<40>("kez"));
        let uuid = seed.uuid("chat");
        assert_eq!(uuid.len(), 36);
        assert_eq!(&uuid[14..15], "4");
        assert!("89AB".contains(&uuid[19..20]));
    }
}
