//! Protocol buffers, without knowing what they are of: fields by number, as the wire has them.
//!
//! ```text
//! field      varint (number << 3 | type), then by type: 0 varint · 1 eight bytes · 2 varint length and bytes · 5 four bytes
//! ```
//!
//! The reader borrows, and reads one level: a message inside of another is bytes until it is read itself. Groups (types 3
//! and 4), which nobody has written for years, end it.

/// The largest message that is read, in bytes.
pub const MAX_INPUT: usize = 64 << 20;
/// The most fields of one message.
pub const MAX_FIELDS: usize = 1_000_000;

/// Why a message was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtobufError {
    /// The bytes end inside of a field.
    #[error("the protocol buffer ends early")]
    Truncated,
    /// A number is longer than 64 bits, or a type or field number does not exist.
    #[error("the protocol buffer is damaged")]
    Damaged,
    /// More than [`MAX_INPUT`] or [`MAX_FIELDS`].
    #[error("the protocol buffer is too large")]
    TooLarge,
}

/// The fields of a message, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Message<'a> {
    fields: Vec<(u32, Field<'a>)>,
}

/// The value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// A whole number, a boolean or one of an enumeration.
    Varint(u64),
    /// Eight bytes: a number of fixed length.
    Fixed64(u64),
    /// Text, bytes, a message or packed numbers.
    Bytes(&'a [u8]),
    /// Four bytes: a number of fixed length.
    Fixed32(u32),
}

impl<'a> Message<'a> {
    /// Reads the fields of a message.
    ///
    /// # Errors
    /// See [`ProtobufError`].
    pub fn read(bytes: &'a [u8]) -> Result<Self, ProtobufError> {
        if bytes.len() > MAX_INPUT {
            return Err(ProtobufError::TooLarge);
        }
        let mut wire = Wire(bytes);
        let mut fields = Vec::new();
        while !wire.0.is_empty() {
            if fields.len() >= MAX_FIELDS {
                return Err(ProtobufError::TooLarge);
            }
            fields.push(wire.field()?);
        }
        Ok(Self { fields })
    }

    /// All values of a field that may repeat, in their order.
    pub fn all(&self, number: u32) -> impl Iterator<Item = Field<'a>> {
        self.fields.iter().filter(move |(own, _)| *own == number).map(|(_, field)| *field)
    }

    /// The value of a field: where it repeats, the last one counts, as for every reader.
    pub fn field(&self, number: u32) -> Option<Field<'a>> {
        self.fields.iter().rev().find(|(own, _)| *own == number).map(|(_, field)| *field)
    }

    /// The bytes of a field.
    pub fn bytes(&self, number: u32) -> Option<&'a [u8]> {
        match self.field(number)? {
            Field::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text of a field, where it is text.
    pub fn text(&self, number: u32) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(number)?).ok()
    }

    /// The whole number of a field.
    pub fn integer(&self, number: u32) -> Option<u64> {
        match self.field(number)? {
            Field::Varint(value) | Field::Fixed64(value) => Some(value),
            Field::Fixed32(value) => Some(value.into()),
            Field::Bytes(_) => None,
        }
    }

    /// All whole numbers of a field that may repeat, in their order: each by itself, or several packed into bytes. What is no whole
    /// number is left out.
    pub fn varints(&self, number: u32) -> impl Iterator<Item = u64> {
        self.all(number).flat_map(|field| match field {
            Field::Varint(value) | Field::Fixed64(value) => vec![value],
            Field::Fixed32(value) => vec![value.into()],
            Field::Bytes(bytes) => {
                let mut wire = Wire(bytes);
                std::iter::from_fn(|| (!wire.0.is_empty()).then(|| wire.varint().ok()).flatten()).collect()
            }
        })
    }

    /// The number of a field that is a `float`. `None` where it is none that counts.
    pub fn real(&self, number: u32) -> Option<f32> {
        match self.field(number)? {
            Field::Fixed32(bits) => Some(f32::from_bits(bits)).filter(|value| value.is_finite()),
            _ => None,
        }
    }
}

/// What is left to read.
struct Wire<'a>(&'a [u8]);

impl<'a> Wire<'a> {
    fn field(&mut self) -> Result<(u32, Field<'a>), ProtobufError> {
        let key = self.varint()?;
        let number = u32::try_from(key >> 3).ok().filter(|number| *number > 0).ok_or(ProtobufError::Damaged)?;
        let field = match key & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(u64::from_le_bytes(self.array()?)),
            2 => {
                let length = usize::try_from(self.varint()?).map_err(|_| ProtobufError::Truncated)?;
                Field::Bytes(self.take(length)?)
            }
            5 => Field::Fixed32(u32::from_le_bytes(self.array()?)),
            _ => return Err(ProtobufError::Damaged),
        };
        Ok((number, field))
    }

    fn varint(&mut self) -> Result<u64, ProtobufError> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit.
            if shift == 63 && bits > 1 {
                return Err(ProtobufError::Damaged);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(ProtobufError::Damaged)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ProtobufError> {
        let (array, rest) = self.0.split_first_chunk::<N>().ok_or(ProtobufError::Truncated)?;
        self.0 = rest;
        Ok(*array)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], ProtobufError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(ProtobufError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_type_of_the_wire_is_read() {
        // 1: 150 · 2: "testing" · 3: a float · 4: a double · 1 again: 1
        let mut bytes = b"\x08\x96\x01\x12\x07testing\x1d\x00\x00\x20\x41\x21\x01\0\0\0\0\0\0\0\x08\x01".to_vec();
        let message = Message::read(&bytes).unwrap();
        assert_eq!((message.integer(1), message.text(2)), (Some(1), Some("testing")));
        assert_eq!((message.real(3), message.integer(4)), (Some(10.0), Some(1)));
        assert_eq!(message.all(1).collect::<Vec<_>>(), [Field::Varint(150), Field::Varint(1)]);
        assert_eq!((message.bytes(1), message.field(5)), (None, None));
        bytes.pop();
        assert_eq!(Message::read(&bytes), Err(ProtobufError::Truncated));
    }

    #[test]
    fn what_no_writer_writes_is_refused() {
        let error = |bytes: &[u8]| Message::read(bytes).unwrap_err();
        assert_eq!(error(b"\x0b"), ProtobufError::Damaged);
        assert_eq!(error(b"\x00\x00"), ProtobufError::Damaged);
        assert_eq!(error(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"), ProtobufError::Damaged);
        assert_eq!(error(b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), ProtobufError::Damaged);
        assert_eq!(error(b"\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01a"), ProtobufError::Truncated);
        let largest = b"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01";
        assert_eq!(Message::read(largest).unwrap().integer(1), Some(u64::MAX));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            if let Ok(message) = Message::read(&bytes) {
                prop_assert!(message.fields.len() <= bytes.len());
            }
        }
    }
}
