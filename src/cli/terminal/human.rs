//! Numbers for people.

use indicatif::DecimalBytes;

/// An amount of bytes as phones and Finder count them, in powers of ten: `1.20 GB`.
pub fn size(bytes: u64) -> String {
    DecimalBytes(bytes).to_string()
}

/// A number and its noun: `1 file`, `2 files`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
