//! Lists in lists.
//!
//! Each level of a list is indented to where the text of the one around it begins. A level that a note leaves out is a list whose
//! line holds nothing but the next list (`- - text`), so that the depth is read back. A list that begins anew right behind another one
//! gets the other mark, or a comment between.

use corer_schemas::notes::{Paragraph, ParagraphKind};

/// The lists that are open, the outermost first.
#[derive(Default)]
pub(super) struct Lists {
    open: Vec<Level>,
}

/// A list that is open.
struct Level {
    kind: ParagraphKind,
    /// The number of its last line.
    number: u64,
    /// Whether its numbers end in `)` instead of `.`.
    is_bracket: bool,
    /// Where the text of its lines begins, counted from that of the list around it.
    width: usize,
}

impl Lists {
    /// The marks with which a line begins, how far what follows in it is indented, and whether an empty line must come before it: a list
    /// that does not begin with 1 begins nowhere else.
    pub(super) fn line(&mut self, paragraph: &Paragraph) -> (String, usize, bool) {
        let depth = paragraph.indent as usize;
        self.open.truncate(depth + 1);
        let is_same = |level: &Level| level.kind.mark() == paragraph.kind.mark();
        let mut last = None;
        if self.open.len() == depth + 1 {
            last = self.open.pop();
        }
        let indent: usize = self.open.iter().map(|level| level.width).sum();
        let mut marks = " ".repeat(indent);
        while self.open.len() < depth {
            let level = Level::new(paragraph.kind, 1, false);
            marks.push_str(&level.mark(None));
            self.open.push(level);
        }
        let last = last.filter(is_same);
        let goes_on = last.is_some() && paragraph.start.is_none();
        let level = match last {
            Some(last) => {
                let number = paragraph.start.map_or(last.number.saturating_add(1), u64::from);
                let is_bracket = last.is_bracket != paragraph.start.is_some();
                Level::new(paragraph.kind, number, is_bracket)
            }
            None => Level::new(paragraph.kind, paragraph.start.map_or(1, u64::from), false),
        };
        let check = match paragraph.kind {
            ParagraphKind::Check { done } => Some(done),
            _ => None,
        };
        marks.push_str(&level.mark(check));
        let is_apart = level.kind == ParagraphKind::Numbered && level.number != 1 && !goes_on;
        self.open.push(level);
        (marks, self.open.iter().map(|level| level.width).sum(), is_apart)
    }
}

trait Mark {
    fn mark(self) -> char;
}

impl Mark for ParagraphKind {
    /// What tells lists of one kind from those of another.
    fn mark(self) -> char {
        match self {
            Self::Bullet => '*',
            Self::Numbered => '1',
            _ => '-',
        }
    }
}

impl Level {
    fn new(kind: ParagraphKind, number: u64, is_bracket: bool) -> Self {
        // More digits are no number of a list.
        let number = number.min(999_999_999);
        let width = if kind == ParagraphKind::Numbered { number.to_string().len() + 2 } else { 2 };
        Self { kind, number, is_bracket, width }
    }

    fn mark(&self, check: Option<bool>) -> String {
        let mark = match self.kind {
            ParagraphKind::Numbered => format!("{}{} ", self.number, if self.is_bracket { ')' } else { '.' }),
            kind => format!("{} ", kind.mark()),
        };
        match check {
            Some(done) => format!("{mark}[{}] ", if done { 'x' } else { ' ' }),
            None => mark,
        }
    }
}
