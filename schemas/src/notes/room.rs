//! How much memory a note may take.

/// How much the pieces of the text and the cells of one note may take, in bytes: more than 250,000 pieces.
const MOST: usize = 128 << 20;

/// What is left of it. A short text with a long link in each of its letters would take all memory otherwise.
#[derive(Debug)]
pub(super) struct Room {
    left: usize,
    is_short: bool,
}

impl Default for Room {
    fn default() -> Self {
        Self { left: MOST, is_short: false }
    }
}

impl Room {
    /// Takes so many bytes. Where fewer are left, nobody gets any more.
    pub(super) fn take(&mut self, bytes: usize) -> bool {
        match self.left.checked_sub(bytes) {
            Some(left) => self.left = left,
            None => self.end(),
        }
        !self.is_short
    }

    /// Says that something has to go without its style.
    pub(super) fn end(&mut self) {
        (self.left, self.is_short) = (0, true);
    }

    /// Whether something went without what it asked for.
    pub(super) fn is_short(&self) -> bool {
        self.is_short
    }
}
