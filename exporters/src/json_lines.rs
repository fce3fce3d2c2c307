//! JSON Lines: a record on each line.

use std::io::{self, Write};

use serde::Serialize;

/// Writes one record. It is put together first, because most writers are slow with the small pieces that JSON consists of.
///
/// # Errors
/// Those of `to`.
pub(crate) fn line<T: Serialize>(to: &mut dyn Write, record: &T) -> io::Result<()> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    to.write_all(&line)
}
