//! What a picture may cost.

use std::time::Duration;

use super::memory_budget::decoder_memory;

/// What a picture may cost. The defaults are far above what phones make (48 megapixels, panoramas of 63, 30 MB), where
/// there is as much memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest file that is read, in bytes.
    pub bytes: u64,
    /// The most pixels of the picture, and of all its tiles together.
    pub pixels: u64,
    /// How much memory all decoders of a [`Converter`](super::Converter) may need at a time, in bytes. A picture that
    /// needs more than that by itself is refused; one for which there is no room now waits.
    pub memory: u64,
    /// How long one picture may take.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let memory = decoder_memory();
        // Several files are in memory at a time, and those of phones have 30 MB.
        let bytes = (memory / 8).clamp(32 << 20, 128 << 20);
        Self { bytes, pixels: 128_000_000, memory, time: Duration::from_secs(120) }
    }
}
