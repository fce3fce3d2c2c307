//! Walking through the trees of a database: every page once.

use super::super::Pages;
use super::layout::{self, Cell, Layout, u16_at, u32_at};

/// The deepest tree that is followed. One of ten levels holds more rows than there are numbers for pages.
const MAX_DEPTH: usize = 20;
/// The longest record that is put together, in bytes. A longer one is left to SQLite.
const MAX_RECORD: usize = 4 << 20;
const MAGIC: &[u8] = b"SQLite format 3\0";
/// How much of the file says what it is, in bytes.
const HEAD: usize = 100;

/// Takes what a tree holds, in its order.
pub(super) trait Visit {
    /// Takes a row with its number, or an entry of an index. Gives what is wrong with it.
    fn visit(&mut self, row: Option<i64>, record: &[u8]) -> Option<String>;
}

/// Takes nothing.
pub(super) struct Nothing;

impl Visit for Nothing {
    fn visit(&mut self, _row: Option<i64>, _record: &[u8]) -> Option<String> {
        None
    }
}

/// A walk through a database.
pub(super) struct Walk<'w> {
    pages: &'w mut dyn Pages,
    most: usize,
    pub(super) page_size: usize,
    pub(super) usable: usize,
    /// How many pages the database has.
    pub(super) count: u32,
    /// The first page of the list of free ones, and how many there are.
    pub(super) free: (u32, u32),
    /// Which pages were met, counted from 0.
    used: Vec<bool>,
    pub(super) complaints: Vec<String>,
    pub(super) is_for_sqlite: bool,
    extents: Vec<(usize, usize)>,
}

/// What is known of a tree while it is walked through.
struct Tree<'t> {
    name: &'t str,
    is_table: bool,
    visit: &'t mut dyn Visit,
    /// How deep the leaves lie, once one was met.
    depth: Option<usize>,
    is_sound: bool,
}

impl<'w> Walk<'w> {
    /// Reads the head of a database. `None` when it is of a kind that only SQLite can check.
    pub(super) fn begin(pages: &'w mut dyn Pages, most: usize) -> Result<Option<Self>, String> {
        let mut head = [0; HEAD];
        let is_read = pages.read(0, &mut head).is_ok_and(|read| read == HEAD);
        if !is_read || !head.starts_with(MAGIC) {
            return Err("it does not begin as a database".to_owned());
        }
        let number = |at| u32_at(&head, at).unwrap_or(0);
        let page_size = match u16_at(&head, 16) {
            Some(1) => 65_536,
            size => usize::from(size.unwrap_or(0)),
        };
        let usable = page_size.saturating_sub(usize::from(head.get(20).copied().unwrap_or(0)));
        if !page_size.is_power_of_two() || page_size < 512 || usable < 480 {
            return Err("its head is damaged".to_owned());
        }
        let there = u32::try_from(pages.size() / page_size as u64).unwrap_or(u32::MAX);
        // The number is only good if it was written by who wrote the last change.
        let count = if number(28) != 0 && number(24) == number(92) { number(28) } else { there };
        if count > there || count == 0 {
            return Err(format!("{} of its {count} pages are missing", count - there.min(count)));
        }
        // Such databases keep a map of who belongs to whom.
        let keeps_map = number(52) != 0;
        Ok((!keeps_map).then(|| Self {
            pages,
            most,
            page_size,
            usable,
            count,
            free: (number(32), number(36)),
            used: vec![false; count as usize],
            complaints: Vec::new(),
            is_for_sqlite: false,
            extents: Vec::new(),
        }))
    }

    pub(super) fn complain(&mut self, why: String) {
        if !self.is_full() {
            self.complaints.push(why);
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.complaints.len() >= self.most
    }

    /// Whether a page was met.
    pub(super) fn is_used(&self, number: u32) -> bool {
        (number as usize).checked_sub(1).and_then(|place| self.used.get(place)).copied().unwrap_or(true)
    }

    /// Takes a page for one purpose. Says whether it is there and nobody's yet.
    pub(super) fn claim(&mut self, number: u32) -> bool {
        let used = (number as usize).checked_sub(1).and_then(|place| self.used.get_mut(place));
        used.is_some_and(|used| !std::mem::replace(used, true))
    }

    /// Takes a page and reads it.
    pub(super) fn take(&mut self, number: u32, page: &mut Vec<u8>) -> bool {
        if !self.claim(number) {
            return false;
        }
        page.resize(self.page_size, 0);
        let offset = u64::from(number - 1) * self.page_size as u64;
        self.pages.read(offset, page).is_ok_and(|read| read == self.page_size)
    }

    /// Walks through a tree. Says whether it is sound.
    pub(super) fn tree(&mut self, name: &str, root: u32, is_table: bool, visit: &mut dyn Visit) -> bool {
        let mut tree = Tree { name, is_table, visit, depth: None, is_sound: true };
        self.follow(&mut tree, root, (i64::MIN, i64::MAX), 0);
        tree.is_sound
    }

    fn report(&mut self, tree: &mut Tree<'_>, why: &dyn std::fmt::Display) {
        tree.is_sound = false;
        self.complain(format!("{}: {why}", tree.name));
    }

    /// Follows a page whose rows have numbers from the first to the second of `range`.
    fn follow(&mut self, tree: &mut Tree<'_>, number: u32, range: (i64, i64), depth: usize) {
        if self.is_full() {
            tree.is_sound = false;
            return;
        }
        let mut page = Vec::new();
        if depth >= MAX_DEPTH || !self.take(number, &mut page) {
            return self.report(tree, &format_args!("page {number} is missing, or belongs to something else"));
        }
        let head = if number == 1 { HEAD } else { 0 };
        let mut extents = std::mem::take(&mut self.extents);
        let layout = layout::read(&page, head, self.usable, &mut extents);
        self.extents = extents;
        let Some(layout) = layout.filter(|layout| layout.kind.is_table == tree.is_table) else {
            return self.report(tree, &format_args!("page {number} is damaged"));
        };
        if layout.kind.is_leaf && *tree.depth.get_or_insert(depth) != depth {
            self.report(tree, &format_args!("page {number} lies at another depth than the others"));
        }
        self.cells(tree, number, &page, &layout, range, depth);
    }

    fn cells(
        &mut self,
        tree: &mut Tree<'_>,
        number: u32,
        page: &[u8],
        layout: &Layout,
        (first, last): (i64, i64),
        depth: usize,
    ) {
        let mut next = Some(first);
        for cell in &layout.cells {
            let begin = next.unwrap_or(i64::MAX);
            if let Some(row) = cell.row {
                if next.is_none_or(|next| row < next) || row > last {
                    return self.report(tree, &format_args!("page {number} has its rows in the wrong order"));
                }
                next = row.checked_add(1);
            }
            if let Some(child) = cell.child {
                self.follow(tree, child, (begin, cell.row.unwrap_or(last)), depth + 1);
            }
            if layout.kind.is_leaf || !tree.is_table {
                self.record(tree, number, page, cell);
            }
        }
        if let Some(child) = layout.last_child {
            self.follow(tree, child, (next.unwrap_or(i64::MAX), last), depth + 1);
        }
    }

    fn record(&mut self, tree: &mut Tree<'_>, number: u32, page: &[u8], cell: &Cell) {
        let local = page.get(cell.start..cell.start + cell.local).unwrap_or_default();
        let whole = match cell.overflow {
            None => Some(None),
            Some(first) => self.overflow(first, local, cell.length),
        };
        let problem = match &whole {
            None => Some(format!("a record on page {number} goes on where it should not")),
            Some(Some(record)) if record.len() < cell.length => {
                self.is_for_sqlite = true;
                None
            }
            Some(record) => tree.visit.visit(cell.row, record.as_deref().unwrap_or(local)),
        };
        if let Some(why) = problem {
            self.report(tree, &why);
        }
    }

    /// Follows the pages on which a record goes on. Gives the record, or its beginning if it is very long.
    fn overflow(&mut self, first: u32, local: &[u8], length: usize) -> Option<Option<Vec<u8>>> {
        let each = self.usable - 4;
        let mut missing = length - local.len();
        let mut record = local.to_vec();
        let mut page = Vec::new();
        let mut next = first;
        (missing.div_ceil(each) <= self.count as usize).then_some(())?;
        while missing > 0 {
            self.take(next, &mut page).then_some(())?;
            next = u32_at(&page, 0)?;
            let here = missing.min(each);
            if length <= MAX_RECORD {
                record.extend_from_slice(page.get(4..4 + here)?);
            }
            missing -= here;
        }
        (next == 0).then_some(Some(record))
    }
}
