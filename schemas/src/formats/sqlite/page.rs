//! One page of a table's tree.

use std::ops::Range;

use super::varint;

/// The kind of an inner page, and of a leaf, of a table.
const INNER: u8 = 0x05;
const LEAF: u8 = 0x0D;

/// What a page of a table holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PageKind {
    /// Other pages.
    Inner,
    /// Rows.
    Leaf,
}

/// The kind of a page; `None` when it is no page of a table.
pub(super) fn kind(page: &[u8]) -> Option<PageKind> {
    match *page.first()? {
        INNER => Some(PageKind::Inner),
        LEAF => Some(PageKind::Leaf),
        _ => None,
    }
}

/// A child of an inner page, with the smallest and the largest row number that may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Child {
    pub(super) page: u32,
    pub(super) first: i64,
    pub(super) last: i64,
}

/// A row on a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) row: i64,
    /// The bytes of its complete record.
    pub(super) length: usize,
    /// Where the beginning of it lies on the page.
    pub(super) local: Range<usize>,
    /// The page on which it goes on.
    pub(super) overflow: Option<u32>,
}

/// Reads the children of an inner page whose rows have numbers from `first` to `last`, in their order. `None` when the
/// page is not sound: SQLite, which searches, could come to another result than who reads from front to back.
pub(super) fn children(page: &[u8], first: i64, last: i64, to: &mut Vec<Child>) -> Option<()> {
    to.clear();
    let mut next = first;
    for cell in cells(page, 12)? {
        let mut cell = page.get(cell?..)?;
        let page = u32::from_be_bytes(*cell.split_off(..4)?.first_chunk()?);
        let key = varint(&mut cell)?.cast_signed();
        if key < next || key >= last {
            return None;
        }
        to.push(Child { page, first: next, last: key });
        next = key.checked_add(1)?;
    }
    let rightmost = u32::from_be_bytes(*page.get(8..)?.first_chunk()?);
    to.push(Child { page: rightmost, first: next, last });
    // Without a cell it would be no use, and many of them could stand for each other.
    (to.len() > 1).then_some(())
}

/// Reads the rows of a leaf, with numbers from `first` to `last`, in their order. `usable`: how many bytes of a page may be
/// used. `None` when the page is not sound.
pub(super) fn rows(page: &[u8], usable: usize, first: i64, last: i64, to: &mut Vec<Cell>) -> Option<()> {
    to.clear();
    let mut next = Some(first);
    for cell in cells(page, 8)? {
        let start = cell?;
        let mut rest = page.get(start..usable)?;
        let length = usize::try_from(varint(&mut rest)?).ok()?;
        let row = varint(&mut rest)?.cast_signed();
        if next.is_none_or(|next| row < next) || row > last {
            return None;
        }
        next = row.checked_add(1);
        let here = local(length, usable);
        let begin = usable - rest.len();
        let overflow = match here < length {
            true => Some(u32::from_be_bytes(*rest.get(here..)?.first_chunk()?)),
            false => None,
        };
        (here <= rest.len()).then_some(())?;
        to.push(Cell { row, length, local: begin..begin + here, overflow });
    }
    Some(())
}

/// Where the cells of a page begin. `head`: how many bytes come before the list of them.
fn cells(page: &[u8], head: usize) -> Option<impl Iterator<Item = Option<usize>>> {
    let count = usize::from(u16::from_be_bytes(*page.get(3..)?.first_chunk()?));
    let end = head + 2 * count;
    let list = page.get(head..end)?;
    let place = |place: &[u8]| Some(usize::from(u16::from_be_bytes(*place.first_chunk()?)));
    Some(list.chunks_exact(2).map(move |bytes| place(bytes).filter(|start| *start >= end)))
}

/// How many bytes of a record of this length stand on the leaf itself.
fn local(length: usize, usable: usize) -> usize {
    let most = usable - 35;
    if length <= most {
        return length;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let even = least + (length - least) % (usable - 4);
    if even <= most { even } else { least }
}
