//! Pictures that other programs can show: HEIC to JPEG or PNG, and small pictures for pages.
//!
//! - [`Converter`]: one for a run, used by all of its threads.
//! - [`Decoder`]: what reads the format of phones. Behind the feature `heic` (on by default) stands `heifer`, which is
//!   written in safe Rust; without it, HEIC files are refused in words.
//!
//! What is kept: the pixels as they are seen (cropped, turned and mirrored as the file says), the colour profile, and
//! the EXIF and XMP data with everything in it, but for the few numbers that describe how the pixels lie: the orientation
//! becomes 1, because the pixels stand upright now. Depth maps and gain maps are not part of the picture and are left
//! out.
//!
//! A decoder is fed by strangers. It runs within [`Limits`] of bytes, pixels, memory and time, and on a thread of its
//! own, so that a fault in it costs one picture. `docs/security.md` says what that covers.

mod converter;
mod decoder;
mod embedded;
mod exif;
#[cfg(feature = "heic")]
mod heif;
mod isolated;
mod jpeg;
mod limits;
mod memory;
mod memory_budget;
mod metadata;
mod png;
mod regions;
mod thumbnail;
mod xmp;

pub use converter::{ConvertTarget, Converted, Converter, Format};
pub use decoder::{Decoder, Picture, Pixels};
pub use isolated::is_decoding;
pub use limits::Limits;
pub use metadata::Metadata;

pub use corer_schemas::formats::content::Content;

/// Why a picture cannot be converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// It is nothing that a decoder of this build reads.
    #[error("it is no picture that can be converted")]
    Unknown,
    /// It is larger than [`Limits`] allow.
    #[error("{0}")]
    TooLarge(String),
    /// It is damaged, or uses what the decoder does not know.
    #[error("it cannot be decoded: {0}")]
    Undecodable(String),
    /// The decoder gave up in an orderly way no program should.
    #[error("the decoder failed on it")]
    Crashed,
    /// The decoder took too long.
    #[error("decoding it takes too long")]
    TooSlow,
    /// The picture cannot be written in the format that was asked for.
    #[error("it cannot be encoded: {0}")]
    Unencodable(String),
}
