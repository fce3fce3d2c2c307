//! A row as bytes, for the time that it waits: one byte for what a value is, then the value.

use rusqlite::types::ValueRef;

use super::super::columns::Values;

const NULL: u8 = 0;
const ZERO: u8 = 1;
const ONE: u8 = 2;
const INTEGER: u8 = 3;
const REAL: u8 = 4;
const TEXT: u8 = 5;
const BLOB: u8 = 6;

/// Appends a row.
pub(super) fn pack(values: &Values<'_>, to: &mut Vec<u8>) {
    for value in values.all() {
        match value {
            ValueRef::Null => to.push(NULL),
            ValueRef::Integer(0) => to.push(ZERO),
            ValueRef::Integer(1) => to.push(ONE),
            ValueRef::Integer(number) => fixed(INTEGER, number.to_le_bytes(), to),
            ValueRef::Real(number) => fixed(REAL, number.to_le_bytes(), to),
            ValueRef::Text(bytes) => long(TEXT, bytes, to),
            ValueRef::Blob(bytes) => long(BLOB, bytes, to),
        }
    }
}

fn fixed(kind: u8, bytes: [u8; 8], to: &mut Vec<u8>) {
    to.push(kind);
    to.extend_from_slice(&bytes);
}

fn long(kind: u8, bytes: &[u8], to: &mut Vec<u8>) {
    fixed(kind, (bytes.len() as u64).to_le_bytes(), to);
    to.extend_from_slice(bytes);
}

/// Reads a row at the beginning of `bytes`. What is not a row that was packed is `NULL`.
pub(super) fn unpack(bytes: &[u8]) -> Values<'_> {
    let mut rest = bytes;
    Values::collect(std::iter::from_fn(|| next(&mut rest)).fuse())
}

fn next<'b>(rest: &mut &'b [u8]) -> Option<ValueRef<'b>> {
    let (kind, after) = rest.split_first()?;
    *rest = after;
    Some(match *kind {
        ZERO => ValueRef::Integer(0),
        ONE => ValueRef::Integer(1),
        INTEGER => ValueRef::Integer(i64::from_le_bytes(eight(rest)?)),
        REAL => ValueRef::Real(f64::from_le_bytes(eight(rest)?)),
        TEXT => ValueRef::Text(counted(rest)?),
        BLOB => ValueRef::Blob(counted(rest)?),
        _ => ValueRef::Null,
    })
}

fn eight(rest: &mut &[u8]) -> Option<[u8; 8]> {
    let (bytes, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(*bytes)
}

fn counted<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let count = usize::try_from(u64::from_le_bytes(eight(rest)?)).ok()?;
    let (bytes, after) = rest.split_at_checked(count)?;
    *rest = after;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_and_a_cut_off_row_ends_in_nulls() {
        let values = [
            ValueRef::Null,
            ValueRef::Integer(0),
            ValueRef::Integer(1),
            ValueRef::Integer(i64::MIN),
            ValueRef::Real(-0.5),
            ValueRef::Text("Zoë".as_bytes()),
            ValueRef::Blob(&[0, 255]),
            ValueRef::Text(b""),
        ];
        let mut bytes = Vec::new();
        pack(&Values::collect(values.into_iter()), &mut bytes);
        let back = unpack(&bytes);
        assert_eq!(back.all()[..values.len()], values);
        assert!(back.all()[values.len()..].iter().all(|value| *value == ValueRef::Null));
        for cut in 0..bytes.len() {
            let short = unpack(&bytes[..cut]);
            let same = short.all().iter().zip(back.all()).take_while(|(short, whole)| short == whole).count();
            assert!(short.all()[same..].iter().all(|value| *value == ValueRef::Null));
        }
    }
}
