//! Boxes (ISO/IEC 14496-12).
//!
//! A box is its size, its kind, its content; size 1: the size follows in 8 bytes; size 0: it goes to the end.

use crate::backup::bytes::ReadAt;

/// A box: its kind, and where its content lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct BackupPart {
    pub(super) kind: [u8; 4],
    pub(super) start: u64,
    pub(super) end: u64,
}

/// The box at a place; `None` where there is none: at the end, or where zeros fill it.
pub(super) fn header(bytes: &dyn ReadAt, position: u64) -> Option<BackupPart> {
    let mut head = [0; 16];
    let read = bytes.read_at(position, &mut head).ok()?;
    let size = u32::from_be_bytes(*head.first_chunk()?);
    let kind: [u8; 4] = *head.get(4..)?.first_chunk()?;
    if read < 8 || kind == [0; 4] {
        return None;
    }
    let (start, size) = match size {
        0 => (8, bytes.size() - position),
        1 if read == 16 => (16, u64::from_be_bytes(*head.get(8..)?.first_chunk()?)),
        size => (8, u64::from(size)),
    };
    (size >= start).then(|| BackupPart { kind, start: position + start, end: position.saturating_add(size) })
}

/// The boxes inside of a box, as far as they make sense.
pub(super) fn inside(content: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = content;
    std::iter::from_fn(move || {
        let size = usize::try_from(u32::from_be_bytes(*rest.first_chunk()?)).ok()?;
        let kind = *rest.get(4..)?.first_chunk()?;
        let size = if size == 0 { rest.len() } else { size };
        let inner = rest.get(8..size)?;
        rest = rest.get(size..)?;
        Some((kind, inner))
    })
}

/// The first box of a kind inside of a box.
pub(super) fn child<'c>(content: &'c [u8], kind: &[u8; 4]) -> Option<&'c [u8]> {
    inside(content).find(|(found, _)| found == kind).map(|(_, inner)| inner)
}
