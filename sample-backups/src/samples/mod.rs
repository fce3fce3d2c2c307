//! The backups that are checked in, by name.

mod good;
mod imazing;
mod interrupted;
mod odd;

use std::path::Path;

use crate::error::Result;

/// The password of the encrypted samples.
pub const PASSWORD: &str = "mira-1961";

/// The password of `odd-encrypted`: its last letter may be typed as one character or as two.
pub const ODD_PASSWORD: &str = "Havet 1961 \u{2013} \u{e6}\u{f8}\u{e5}";

/// Rounds of the first derivation where nothing is proven by more.
const FEW_ROUNDS: u32 = 1_000;

/// One checked-in sample.
pub struct Sample {
    /// The folder under `sample-backups/`.
    pub name: &'static str,
    /// Writes it into that folder, which must not exist.
    pub write: fn(&Path) -> Result<()>,
}

/// Every sample.
pub const ALL: &[Sample] = &[
    Sample { name: "ios18", write: good::ios18 },
    Sample { name: "ios18-encrypted", write: good::ios18_encrypted },
    Sample { name: "ios10.1-encrypted", write: good::ios10_1_encrypted },
    Sample { name: "ios9", write: good::ios9 },
    Sample { name: "ios9-encrypted", write: good::ios9_encrypted },
    Sample { name: "ios5", write: good::ios5 },
    Sample { name: "ios7", write: good::ios7 },
    Sample { name: "ios15-encrypted", write: good::ios15_encrypted },
    Sample { name: "ios26-encrypted", write: good::ios26_encrypted },
    Sample { name: "ios18-cloud", write: good::ios18_cloud },
    Sample { name: "odd-encrypted", write: odd::encrypted },
    Sample { name: "odd-missing", write: odd::missing },
    Sample { name: "interrupted", write: interrupted::uploading },
    Sample { name: "interrupted-moving", write: interrupted::moving },
    Sample { name: "interrupted-first", write: interrupted::first },
    Sample { name: "imazing", write: imazing::versions },
    Sample { name: "hostile", write: crate::hostile::write_all },
];
