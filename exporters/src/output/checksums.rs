//! `SHA256SUMS`, as `sha256sum --check` of GNU coreutils reads it: `HASH  PATH`, one line each, ordered by path. A path
//! with a backslash or a line end would be escaped and its line begun with a backslash; safe names hold neither, other
//! callers' names may.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::safe_name::SafePath;
use super::unique_names::hex;

/// The name of the list, at the root of a tree.
pub const SHA256SUMS: &str = "SHA256SUMS";

/// Which files of a tree are hashed and listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Checksums {
    /// None: nothing is hashed, copying runs at the speed of the disk.
    None,
    /// Those that pass through this program anyway, but not those that the kernel copies.
    #[default]
    Written,
    /// All.
    All,
}

/// One line of the list, for any name.
pub fn sum_line(sha256: &[u8], path: &str) -> String {
    let sum = hex(sha256);
    if path.contains(['\\', '\n', '\r']) {
        let path = path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        return format!("\\{sum}  {path}\n");
    }
    format!("{sum}  {path}\n")
}

pub(super) fn write_sums(sums: &BTreeMap<SafePath, [u8; 32]>) -> String {
    sums.iter().fold(String::new(), |mut list, (path, sum)| {
        let _ = list.write_str(&sum_line(sum, path.as_str()));
        list
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_coreutils() {
        assert_eq!(sum_line(&[0xab, 0x01], "a b.txt"), "ab01  a b.txt\n");
        assert_eq!(sum_line(&[0], "a\\b\nc"), "\\00  a\\\\b\\nc\n");
    }
}
