//! One page of a tree: its cells lie beside each other, and every byte of it is accounted for.

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageType {
    pub(super) is_table: bool,
    pub(super) is_leaf: bool,
}

/// Where a cell's parts lie on its page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    /// The page with what comes before it, on inner pages.
    pub(super) child: Option<u32>,
    /// The row number, in tables.
    pub(super) row: Option<i64>,
    /// How long the record is, and the part of it on the page.
    pub(super) length: usize,
    pub(super) start: usize,
    pub(super) local: usize,
    /// Where the record goes on.
    pub(super) overflow: Option<u32>,
}

/// A page that was taken apart.
pub(super) struct Layout {
    pub(super) kind: PageType,
    pub(super) last_child: Option<u32>,
    pub(super) cells: Vec<Cell>,
}

/// Takes a page apart. `head`: where its own head begins. `None` when it is not sound.
pub(super) fn read(page: &[u8], head: usize, usable: usize, extents: &mut Vec<(usize, usize)>) -> Option<Layout> {
    let page = page.get(..usable)?;
    let kind = match *page.get(head)? {
        0x02 => PageType { is_table: false, is_leaf: false },
        0x05 => PageType { is_table: true, is_leaf: false },
        0x0A => PageType { is_table: false, is_leaf: true },
        0x0D => PageType { is_table: true, is_leaf: true },
        _ => return None,
    };
    let count = usize::from(u16_at(page, head + 3)?);
    let list = head + if kind.is_leaf { 8 } else { 12 };
    let content = match usize::from(u16_at(page, head + 5)?) {
        0 => 65_536,
        content => content,
    };
    (list + 2 * count <= content && content <= usable).then_some(())?;
    extents.clear();
    let mut cells = Vec::with_capacity(count);
    for number in 0..count {
        let start = usize::from(u16_at(page, list + 2 * number)?);
        (start >= content).then_some(())?;
        let (cell, end) = cell(page, start, kind)?;
        cells.push(cell);
        extents.push((start, end.max(start + 4)));
    }
    free_blocks(page, head, content, extents)?;
    let loose = usize::from(*page.get(head + 7)?);
    (loose == unused(extents, content, usable)?).then_some(())?;
    let last_child = if kind.is_leaf { None } else { Some(u32_at(page, head + 8)?) };
    Some(Layout { kind, last_child, cells })
}

/// Reads a cell, and says where it ends.
fn cell(page: &[u8], start: usize, kind: PageType) -> Option<(Cell, usize)> {
    let usable = page.len();
    let child = if kind.is_leaf { None } else { Some(u32_at(page, start)?) };
    let mut rest = page.get(start + if kind.is_leaf { 0 } else { 4 }..)?;
    let has_record = kind.is_leaf || !kind.is_table;
    let length = if has_record { usize::try_from(super::super::varint(&mut rest)?).ok()? } else { 0 };
    let row = if kind.is_table { Some(super::super::varint(&mut rest)?.cast_signed()) } else { None };
    let start = usable - rest.len();
    let local = local(length, usable, kind);
    let overflow = if local < length { Some(u32_at(page, start + local)?) } else { None };
    let end = start + local + if overflow.is_some() { 4 } else { 0 };
    (end <= usable).then_some((Cell { child, row, length, start, local, overflow }, end))
}

/// How many bytes of a record of this length stand on the page itself.
fn local(length: usize, usable: usize, kind: PageType) -> usize {
    let most = if kind.is_table { usable - 35 } else { (usable - 12) * 64 / 255 - 23 };
    if length <= most {
        return length;
    }
    let least = (usable - 12) * 32 / 255 - 23;
    let even = least + (length - least) % (usable - 4);
    if even <= most { even } else { least }
}

/// Follows the list of free blocks, which lie in the order of their places.
fn free_blocks(page: &[u8], head: usize, content: usize, extents: &mut Vec<(usize, usize)>) -> Option<()> {
    let mut at = usize::from(u16_at(page, head + 1)?);
    let mut least = content;
    while at != 0 {
        let (next, size) = (usize::from(u16_at(page, at)?), usize::from(u16_at(page, at + 2)?));
        (at >= least && size >= 4 && at + size <= page.len()).then_some(())?;
        extents.push((at, at + size));
        least = at + size;
        at = next;
    }
    Some(())
}

/// How many bytes of the content belong to nothing; `None` where something lies over something else.
fn unused(extents: &mut [(usize, usize)], content: usize, usable: usize) -> Option<usize> {
    extents.sort_unstable();
    let mut reached = content;
    let mut unused = 0;
    for (start, end) in extents.iter() {
        unused += start.checked_sub(reached)?;
        reached = *end;
    }
    Some(unused + usable.checked_sub(reached)?)
}

pub(super) fn u16_at(page: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*page.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(page: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*page.get(at..)?.first_chunk()?))
}
