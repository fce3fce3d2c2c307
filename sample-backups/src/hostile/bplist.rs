//! Binary property lists put together object by object, so that they can lie.
//!
//! ```text
//! "bplist00", objects, offset of each object, trailer:
//! 6 zero bytes, size of an offset, size of a reference, u64 BE count of objects, u64 BE top object, u64 BE offset table
//! ```

/// A list under construction. References are two bytes wide, offsets four.
#[derive(Debug, Clone, Default)]
pub(super) struct Bplist {
    objects: Vec<Vec<u8>>,
}

/// What the trailer claims.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trailer {
    pub(super) offset_size: u8,
    pub(super) reference_size: u8,
    pub(super) count: u64,
    pub(super) top: u64,
    pub(super) table: u64,
}

impl Bplist {
    /// Adds an object as it is encoded.
    pub(super) fn raw(&mut self, bytes: &[u8]) -> u16 {
        self.objects.push(bytes.to_vec());
        (self.objects.len() - 1) as u16
    }

    /// Adds an array of references.
    pub(super) fn array(&mut self, references: &[u16]) -> u16 {
        let bytes = collection(0xa0, references.len(), references);
        self.raw(&bytes)
    }

    /// Adds a dictionary: references to keys, then to values.
    pub(super) fn dictionary(&mut self, keys: &[u16], values: &[u16]) -> u16 {
        let bytes = collection(0xd0, keys.len(), &[keys, values].concat());
        self.raw(&bytes)
    }

    /// Adds a short ASCII string.
    pub(super) fn text(&mut self, text: &str) -> u16 {
        let mut bytes = marker(0x50, text.len());
        bytes.extend(text.as_bytes());
        self.raw(&bytes)
    }

    /// Adds a UID.
    pub(super) fn uid(&mut self, value: u32) -> u16 {
        let mut bytes = vec![0x83];
        bytes.extend(value.to_be_bytes());
        self.raw(&bytes)
    }

    /// Ends the list with an honest trailer.
    pub(super) fn finish(self, top: u16) -> Vec<u8> {
        self.finish_with(|trailer| trailer.top = u64::from(top))
    }

    /// Ends the list with a trailer that may lie.
    pub(super) fn finish_with(self, lie: impl FnOnce(&mut Trailer)) -> Vec<u8> {
        let mut out = b"bplist00".to_vec();
        let mut offsets = Vec::new();
        let count = self.objects.len() as u64;
        for object in self.objects {
            offsets.push(out.len() as u32);
            out.extend(object);
        }
        let mut trailer = Trailer { offset_size: 4, reference_size: 2, count, top: 0, table: out.len() as u64 };
        for offset in offsets {
            out.extend(offset.to_be_bytes());
        }
        lie(&mut trailer);
        out.extend([0, 0, 0, 0, 0, 0, trailer.offset_size, trailer.reference_size]);
        for value in [trailer.count, trailer.top, trailer.table] {
            out.extend(value.to_be_bytes());
        }
        out
    }
}

fn marker(kind: u8, length: usize) -> Vec<u8> {
    if length < 15 {
        vec![kind | length as u8]
    } else {
        let mut out = vec![kind | 15, 0x11];
        out.extend((length as u16).to_be_bytes());
        out
    }
}

fn collection(kind: u8, length: usize, references: &[u16]) -> Vec<u8> {
    let mut out = marker(kind, length);
    out.extend(references.iter().flat_map(|reference| reference.to_be_bytes()));
    out
}

/// Forty arrays, each holding the next one twice: a trillion of nodes in four hundred bytes.
pub fn laughs() -> Vec<u8> {
    let mut list = Bplist::default();
    for level in 0..40 {
        list.array(&[level + 1, level + 1]);
    }
    list.text("ha");
    list.finish(0)
}

/// An array that holds itself.
pub(super) fn cycle() -> Vec<u8> {
    let mut list = Bplist::default();
    list.array(&[1, 0]);
    list.array(&[0]);
    list.finish(0)
}

/// Data and arrays that claim to be larger than any disk.
pub(super) fn claims() -> Vec<u8> {
    let mut list = Bplist::default();
    list.array(&[1, 2, 3]);
    for (kind, claim) in [(0x4f, 1u64 << 60), (0xaf, 1 << 40), (0x6f, u64::MAX)] {
        let mut bytes = vec![kind, 0x13];
        bytes.extend(claim.to_be_bytes());
        list.raw(&bytes);
    }
    list.finish(0)
}

/// Arrays nested deeper than a stack.
pub(super) fn deep(levels: u16) -> Vec<u8> {
    let mut list = Bplist::default();
    for level in 0..levels {
        list.array(&[level + 1]);
    }
    list.text("bottom");
    list.finish(0)
}

/// A trailer that claims more objects than bytes, in a table behind the end.
pub(super) fn huge_table() -> Vec<u8> {
    let mut list = Bplist::default();
    list.text("x");
    list.finish_with(|trailer| (trailer.count, trailer.table) = (1 << 61, u64::MAX - 8))
}

/// Offsets and references of no width.
pub(super) fn no_width() -> Vec<u8> {
    let mut list = Bplist::default();
    list.array(&[1]);
    list.text("x");
    list.finish_with(|trailer| (trailer.offset_size, trailer.reference_size) = (0, 0))
}

/// A dictionary whose keys are numbers, arrays, and twice the same.
pub(super) fn odd_keys() -> Vec<u8> {
    let mut list = Bplist::default();
    let (a, b, c) = (1, 2, 3);
    list.dictionary(&[a, b, c, c], &[a, a, a, b]);
    list.raw(&[0x10, 0x07]);
    list.array(&[1]);
    list.text("IsEncrypted");
    list.finish(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_honest_list_is_read_by_others() {
        let mut list = Bplist::default();
        list.dictionary(&[1], &[2]);
        list.text("key");
        list.array(&[1, 1]);
        let value = plist::Value::from_reader(std::io::Cursor::new(list.finish(0))).unwrap();
        assert_eq!(value.as_dictionary().unwrap()["key"].as_array().unwrap().len(), 2);
    }
}
