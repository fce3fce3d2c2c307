//! The rows of a table, found without SQL.

use std::io;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

use super::page::{self, Cell, Child, PageKind};

/// The deepest tree that is followed. One of ten levels holds more rows than there are numbers for pages.
const MAX_DEPTH: usize = 20;
/// The longest record that is put together, in bytes. A longer one is left to SQLite.
const MAX_RECORD: usize = 4 << 20;
/// What every database begins with.
const MAGIC: &[u8] = b"SQLite format 3\0";
/// How much of the file says what it is, in bytes.
const HEAD: usize = 100;

/// The bytes of a database as all its connections see them.
pub trait Pages: Send {
    /// How many bytes there are: really, whatever the database says of itself.
    fn size(&self) -> u64;

    /// Reads from `offset` into `buffer` until it is full or the bytes end; returns how many were read.
    ///
    /// # Errors
    /// What the system says, or a cipher.
    fn read(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
}

/// Where the rows of a table lie.
pub struct Table {
    page_size: usize,
    /// How many bytes of each page may be used.
    usable: usize,
    /// The pages that hold rows, in the order of their numbers.
    leaves: Vec<Child>,
    is_complete: bool,
}

impl Table {
    /// Finds the pages of the table whose tree begins on the page `root`, reading only those that lead to others. `None`
    /// when the bytes are no database that can be read, or one whose text is not UTF-8.
    pub fn find(pages: &mut dyn Pages, root: u32) -> Option<Self> {
        let mut head = [0; HEAD];
        (pages.read(0, &mut head).ok()? == HEAD && head.starts_with(MAGIC)).then_some(())?;
        let number = |at: usize| Some(u16::from_be_bytes(*head.get(at..)?.first_chunk()?));
        let page_size = match number(16)? {
            1 => 65_536,
            size => usize::from(size),
        };
        (page_size.is_power_of_two() && page_size >= 512).then_some(())?;
        let usable = page_size - usize::from(*head.get(20)?);
        let is_utf8 = number(56)? == 0 && matches!(number(58)?, 0 | 1);
        // The first page begins with the head of the file, and belongs to the table of tables.
        (usable >= 480 && is_utf8 && root > 1).then_some(())?;
        let mut table = Self { page_size, usable, leaves: Vec::new(), is_complete: true };
        let left = pages.size() / page_size as u64;
        let root = Child { page: root, first: i64::MIN, last: i64::MAX };
        Search { table: &mut table, pages, left }.follow(root, 0);
        Some(table)
    }
}

/// Looking for the leaves of a tree.
struct Search<'s> {
    table: &'s mut Table,
    pages: &'s mut dyn Pages,
    /// How many more pages there may be: a sound tree has each once.
    left: u64,
}

impl Search<'_> {
    /// Follows a page down to its leaves. Says whether it is a leaf itself.
    fn follow(&mut self, at: Child, depth: usize) -> bool {
        let mut page = vec![0; self.table.page_size];
        let mut children = Vec::new();
        let kind = self.read(at.page, &mut page).filter(|_| depth < MAX_DEPTH);
        match kind {
            Some(PageKind::Leaf) => {
                self.table.leaves.push(at);
                return true;
            }
            Some(PageKind::Inner) if page::children(&page, at.first, at.last, &mut children).is_some() => {
                let mut children = children.into_iter();
                // All leaves are equally deep: where the first child is one, the others need not be looked at.
                if !children.next().is_some_and(|first| self.follow(first, depth + 1)) {
                    children.for_each(|child| _ = self.follow(child, depth + 1));
                } else if self.take(children.len()).is_some() {
                    self.table.leaves.extend(children);
                } else {
                    self.table.is_complete = false;
                }
            }
            _ => self.table.is_complete = false,
        }
        false
    }

    fn take(&mut self, pages: usize) -> Option<()> {
        self.left = self.left.checked_sub(pages as u64)?;
        Some(())
    }

    fn read(&mut self, number: u32, page: &mut [u8]) -> Option<PageKind> {
        self.take(1)?;
        read(self.pages, number, page)?;
        page::kind(page)
    }
}

/// Reads a page, counted from 1.
fn read(pages: &mut dyn Pages, number: u32, page: &mut [u8]) -> Option<()> {
    let offset = u64::from(number.checked_sub(1)?) * page.len() as u64;
    (pages.read(offset, page).ok()? == page.len()).then_some(())
}

/// Reads rows of a table, best in the order of their numbers.
pub struct Rows {
    table: Arc<Table>,
    pages: Box<dyn Pages>,
    /// The leaf that was read last, by its position, whether it is sound, and if so, its rows.
    leaf: Option<usize>,
    is_sound: bool,
    page: Vec<u8>,
    cells: Vec<Cell>,
    /// The row that was found last, by its position on the leaf.
    cell: usize,
    record: Vec<u8>,
    overflow: Vec<u8>,
    /// How many more pages may be read on which records go on, from one call to the next: in a sound table each belongs to
    /// one record.
    overflows: u64,
}

impl Rows {
    /// Reads rows from these pages, in which the table was found.
    pub fn new(table: Arc<Table>, pages: Box<dyn Pages>) -> Self {
        let page = vec![0; table.page_size];
        let (cells, record, overflow) = (Vec::new(), Vec::new(), Vec::new());
        Self { table, pages, leaf: None, is_sound: false, page, cells, cell: 0, record, overflow, overflows: 0 }
    }

    /// The record of a row. `None` when there is no such row, or when it lies on damaged pages.
    pub fn record(&mut self, row: i64) -> Option<&[u8]> {
        let is_here = |leaf: &Child| (leaf.first..=leaf.last).contains(&row);
        let leaves = &self.table.leaves;
        // Often it is on the same leaf as the one before, or on the next one.
        let near = self.leaf.map_or(0..0, |leaf| leaf..leaves.len().min(leaf + 2));
        let near = near.clone().zip(leaves.get(near)?).find(|(_, leaf)| is_here(leaf)).map(|(position, _)| position);
        let leaf = match near {
            Some(leaf) => leaf,
            None => {
                let leaf = leaves.partition_point(|leaf| leaf.last < row);
                leaves.get(leaf).filter(|leaf| is_here(leaf)).map(|_| leaf)?
            }
        };
        self.allow_overflows();
        self.turn_to(leaf);
        self.cell = self.cells.binary_search_by_key(&row, |cell| cell.row).ok()?;
        self.present()
    }

    /// The most rows that there can be, if each takes so many bytes.
    pub fn at_most(&self, bytes: usize) -> usize {
        let leaves = self.table.leaves.len().saturating_mul(self.table.page_size) as u64;
        usize::try_from(leaves.min(self.pages.size())).unwrap_or(usize::MAX) / bytes.max(1)
    }

    /// Hands on the rows whose numbers are in a range, in their order: the number and the record. What lies on damaged
    /// pages is left out. Says whether nothing was.
    pub fn each(&mut self, range: RangeInclusive<i64>, each: &mut dyn FnMut(i64, &[u8]) -> ControlFlow<()>) -> bool {
        self.allow_overflows();
        let table = Arc::clone(&self.table);
        let mut is_complete = table.is_complete;
        let first = table.leaves.partition_point(|leaf| leaf.last < *range.start());
        let leaves = table.leaves.iter().enumerate().skip(first).take_while(|(_, leaf)| leaf.first <= *range.end());
        for (position, _) in leaves {
            is_complete &= self.turn_to(position);
            for cell in 0..self.cells.len() {
                self.cell = cell;
                let Some(row) = self.cells.get(cell).map(|cell| cell.row).filter(|row| range.contains(row)) else {
                    continue;
                };
                match self.present() {
                    Some(record) if each(row, record).is_break() => return is_complete,
                    Some(_) => {}
                    None => is_complete = false,
                }
            }
        }
        is_complete
    }

    fn allow_overflows(&mut self) {
        self.overflows = self.pages.size() / self.table.page_size as u64;
    }

    /// Reads a leaf, if it is not the present one. Says whether it is sound.
    fn turn_to(&mut self, leaf: usize) -> bool {
        if self.leaf != Some(leaf) {
            self.leaf = Some(leaf);
            self.is_sound = self.read_leaf(leaf).is_some();
            if !self.is_sound {
                self.cells.clear();
            }
        }
        self.is_sound
    }

    fn read_leaf(&mut self, leaf: usize) -> Option<()> {
        let leaf = self.table.leaves.get(leaf)?;
        read(&mut *self.pages, leaf.page, &mut self.page)?;
        (page::kind(&self.page)? == PageKind::Leaf).then_some(())?;
        page::rows(&self.page, self.table.usable, leaf.first, leaf.last, &mut self.cells)?;
        // Only a table without rows has a leaf without any.
        (!self.cells.is_empty() || self.table.leaves.len() == 1).then_some(())
    }

    /// The record of the present row, put together where it goes on elsewhere.
    fn present(&mut self) -> Option<&[u8]> {
        let cell = self.cells.get(self.cell)?;
        let local = self.page.get(cell.local.clone())?;
        let Some(mut next) = cell.overflow else { return Some(local) };
        (cell.length <= MAX_RECORD).then_some(())?;
        self.record.clear();
        self.record.extend_from_slice(local);
        self.overflow.resize(self.table.page_size, 0);
        while self.record.len() < cell.length {
            self.overflows = self.overflows.checked_sub(1)?;
            read(&mut *self.pages, next, &mut self.overflow)?;
            next = u32::from_be_bytes(*self.overflow.first_chunk()?);
            let missing = cell.length - self.record.len();
            let here = self.overflow.get(4..self.table.usable)?;
            self.record.extend_from_slice(here.get(..missing).unwrap_or(here));
        }
        Some(&self.record)
    }
}
