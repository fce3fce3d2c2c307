//! Binary property lists built byte by byte, for tests: sound ones and ones that no writer would make.

/// Puts objects, an offset table and a trailer together. References and offsets take two and four bytes.
pub fn list(objects: &[Vec<u8>], root: u64) -> Vec<u8> {
    let mut bytes = b"bplist00".to_vec();
    let mut offsets = Vec::new();
    for object in objects {
        offsets.push(bytes.len() as u32);
        bytes.extend(object);
    }
    let table = bytes.len() as u64;
    offsets.iter().for_each(|offset| bytes.extend(offset.to_be_bytes()));
    bytes.extend([0, 0, 0, 0, 0, 0, 4, 2]);
    for number in [objects.len() as u64, root, table] {
        bytes.extend(number.to_be_bytes());
    }
    bytes
}

/// The marker of an object with its count.
pub fn head(kind: u8, count: u64) -> Vec<u8> {
    if count < 15 {
        return vec![kind << 4 | count as u8];
    }
    let mut bytes = vec![kind << 4 | 0x0f, 0x13];
    bytes.extend(count.to_be_bytes());
    bytes
}

/// An array of references.
pub fn array(refs: &[u16]) -> Vec<u8> {
    let mut bytes = head(0xa, refs.len() as u64);
    refs.iter().for_each(|reference| bytes.extend(reference.to_be_bytes()));
    bytes
}

/// A dictionary of references.
pub fn dictionary(pairs: &[(u16, u16)]) -> Vec<u8> {
    let mut bytes = head(0xd, pairs.len() as u64);
    pairs.iter().for_each(|(key, _)| bytes.extend(key.to_be_bytes()));
    pairs.iter().for_each(|(_, value)| bytes.extend(value.to_be_bytes()));
    bytes
}

/// A string in one byte for each character.
pub fn ascii(text: &str) -> Vec<u8> {
    [head(0x5, text.len() as u64), text.as_bytes().to_vec()].concat()
}

/// A string in UTF-16.
pub fn utf16(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [head(0x6, units.len() as u64), units.iter().flat_map(|unit| unit.to_be_bytes()).collect()].concat()
}

/// Raw bytes.
pub fn data(bytes: &[u8]) -> Vec<u8> {
    [head(0x4, bytes.len() as u64), bytes.to_vec()].concat()
}

/// An integer of eight bytes.
pub fn integer(number: i64) -> Vec<u8> {
    [vec![0x13], number.to_be_bytes().to_vec()].concat()
}

/// A reference into `$objects`.
pub fn uid(index: u8) -> Vec<u8> {
    vec![0x80, index]
}
