//! Bodies for tests, put together without anything that reads them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A message with these fields: bytes, or numbers.
pub fn message(fields: &[(u8, Field<'_>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (number, field) in fields {
        match field {
            Field::Number(value) => {
                varint(u64::from(*number) << 3, &mut bytes);
                varint(*value, &mut bytes);
            }
            Field::Bytes(value) => {
                varint(u64::from(*number) << 3 | 2, &mut bytes);
                varint(value.len() as u64, &mut bytes);
                bytes.extend_from_slice(value);
            }
        }
    }
    bytes
}

/// The value of a field.
pub enum Field<'a> {
    /// A number.
    Number(u64),
    /// Text, bytes or a message.
    Bytes(&'a [u8]),
}

fn varint(mut value: u64, bytes: &mut Vec<u8>) {
    while value > 127 {
        bytes.push((value & 127) as u8 | 128);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// A run of so many units of UTF-16 with an attachment.
pub fn attached(length: u64, identifier: &str, uti: &str) -> Vec<u8> {
    let info = message(&[(1, Field::Bytes(identifier.as_bytes())), (2, Field::Bytes(uti.as_bytes()))]);
    message(&[(1, Field::Number(length)), (12, Field::Bytes(&info))])
}

/// A run of so many units of UTF-16 without a style.
pub fn plain(length: u64) -> Vec<u8> {
    message(&[(1, Field::Number(length))])
}

/// A packed body.
pub fn body(text: &str, runs: &[Vec<u8>]) -> Vec<u8> {
    let runs = runs.iter().map(|run| (5, Field::Bytes(run)));
    let fields: Vec<_> = std::iter::once((2, Field::Bytes(text.as_bytes()))).chain(runs).collect();
    let document = message(&[(3, Field::Bytes(&message(&fields)))]);
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(&message(&[(2, Field::Bytes(&document))])).unwrap();
    packer.finish().unwrap()
}

/// Bytes as SQL writes them.
pub fn literal(bytes: &[u8]) -> String {
    format!("x'{}'", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
}
