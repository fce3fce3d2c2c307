//! Tables of an SQLite database, read from its pages: for reading a whole table once, several times as fast as through
//! SQL, and for what SQL does not show.
//!
//! Only what is sound is given. What is not is left to SQLite, whose word on damage counts. Layout, all integers
//! big-endian (<https://www.sqlite.org/fileformat2.html>):
//!
//! ```text
//! file       "SQLite format 3\0" · at 16 page size (1: 65536) · at 20 bytes left free on each page · at 56 encoding of text
//! page       kind · first free block · number of cells · start of cells · loose bytes · of inner ones: last child;
//!            then where each cell is, in the order of row numbers
//! inner (05) cell: child, varint: largest row number in it
//! leaf  (0d) cell: varint: bytes of the record, varint: row number, record, and where it goes on if it does not fit
//! overflow   next page or 0, then bytes of the record
//! record     varint: length of what comes before the values, a varint for each value: what it is; then the values
//! varint     seven bits a byte, highest first, as long as the highest bit is set; the ninth byte gives eight
//! ```

pub mod check;
mod page;
mod record;
mod table;

pub use record::{ValuePosition, ValuePositions};
pub use table::{Pages, Rows, Table};

/// Takes a variable-length integer from the front of `bytes`.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for position in 0..9 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        if position == 8 {
            return Some(number << 8 | u64::from(*byte));
        }
        number = number << 7 | u64::from(byte & 0x7F);
        if *byte < 0x80 {
            break;
        }
    }
    Some(number)
}

#[cfg(test)]
mod tests;
