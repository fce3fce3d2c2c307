//! A database of any bytes: the reader of pages gives the rows that SQLite gives, or leaves them to it.

use crate::databases::agree;

pub fn run(bytes: &[u8]) {
    agree(bytes.to_vec(), None);
}
