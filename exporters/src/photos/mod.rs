//! Photos as plain folders.
//!
//! - [`Companion`]: the seam for what is written beside the files.

mod companion;

pub use companion::{Companion, Placed, PlacedFile};
