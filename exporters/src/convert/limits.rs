//! What a picture may cost.

use std::time::Duration;

/// What a picture may cost. The defaults are far above what phones make: 48 megapixels, panoramas of 63, 30 MB.
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
        Self { bytes: 128 << 20, pixels: 128_000_000, memory: 2 << 30, time: Duration::from_secs(120) }
    }
}
