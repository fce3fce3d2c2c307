//! File IDs: the names of payloads.

use std::fmt;

use sha1::{Digest, Sha1};

/// The name of a payload: 20 bytes, written as 40 lowercase hexadecimal digits. The device computes it as the SHA-1 of
/// `domain-relativePath`; a reader takes the one that the manifest gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId([u8; 20]);

impl FileId {
    /// The file ID that a device gives to a path.
    pub fn of(domain: &str, path: &str) -> Self {
        let mut hash = Sha1::new();
        hash.update(domain);
        hash.update("-");
        hash.update(path);
        Self(hash.finalize().into())
    }

    /// Reads 40 lowercase hexadecimal digits, and nothing else: the text becomes a file name.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let mut id = [0; 20];
        let (pairs, rest) = text.as_chunks::<2>();
        if pairs.len() != id.len() || !rest.is_empty() {
            return None;
        }
        for (byte, [high, low]) in id.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(id))
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_file_ids() {
        let sms = FileId::of("HomeDomain", "Library/SMS/sms.db");
        assert_eq!(sms.to_string(), "3d0d7e5fb2ce288813306e4d4636395e047a3d28");
        assert_eq!(FileId::parse(sms.to_string().as_bytes()), Some(sms));
    }

    #[test]
    fn only_forty_lowercase_digits_are_a_file_id() {
        for text in ["", "a", "../../etc/passwd", &"A".repeat(40), &"a".repeat(41), &"a".repeat(42), &"é".repeat(20)] {
            assert_eq!(FileId::parse(text.as_bytes()), None, "{text}");
        }
    }
}
