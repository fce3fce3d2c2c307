//! Reading from front to back, in pieces.

use crate::backup::bytes::ReadAt;

/// How much is read at once, in bytes.
const PIECE: usize = 64 << 10;

/// A position in a file.
pub(super) struct Reader<'b> {
    bytes: &'b dyn ReadAt,
    position: u64,
    piece: Vec<u8>,
    start: u64,
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b dyn ReadAt) -> Self {
        Self { bytes, position: 0, piece: Vec::new(), start: 0 }
    }

    pub(super) fn skip(&mut self, bytes: u64) {
        self.position = self.position.saturating_add(bytes);
    }

    /// Goes back over a marker of two bytes.
    pub(super) fn step_back(&mut self) {
        self.position = self.position.saturating_sub(2);
    }

    /// Whether more was skipped than there is.
    pub(super) fn is_beyond_end(&self) -> bool {
        self.position > self.bytes.size()
    }

    /// What lies from here on, as much as was read at once; empty at the end.
    fn ahead(&mut self) -> &[u8] {
        let known = |start: u64, len: usize, position: u64| {
            position.checked_sub(start).and_then(|inside| usize::try_from(inside).ok()).filter(|inside| *inside < len)
        };
        if known(self.start, self.piece.len(), self.position).is_none() {
            self.piece.resize(PIECE, 0);
            let read = self.bytes.read_at(self.position, &mut self.piece).unwrap_or(0);
            self.piece.truncate(read);
            self.start = self.position;
        }
        let inside = known(self.start, self.piece.len(), self.position).unwrap_or(self.piece.len());
        self.piece.get(inside..).unwrap_or_default()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let byte = self.ahead().first().copied()?;
        self.position += 1;
        Some(byte)
    }

    /// Goes behind the next byte of this value. Says whether there is one.
    pub(super) fn find(&mut self, value: u8) -> bool {
        loop {
            let ahead = self.ahead();
            if ahead.is_empty() {
                return false;
            }
            match ahead.iter().position(|byte| *byte == value) {
                Some(place) => {
                    self.position += place as u64 + 1;
                    return true;
                }
                None => self.position += ahead.len() as u64,
            }
        }
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut array = [0; N];
        for place in &mut array {
            *place = self.byte()?;
        }
        Some(array)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }
}
