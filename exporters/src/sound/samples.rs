//! Plain samples (PCM), as they lie in one file and are written into another.

/// Plain samples, whole ones alone.
#[derive(Debug)]
pub struct Samples<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) layout: Layout,
    pub(super) is_little: bool,
}

/// How samples lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    /// Samples a second.
    pub(super) rate: u32,
    pub(super) channels: u16,
    /// Bytes of a sample of one channel.
    pub(super) width: u16,
    /// Whether they are fractions and no whole numbers.
    pub(super) is_float: bool,
}
