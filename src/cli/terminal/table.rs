//! Tables for people: columns that line up in any script.

use unicode_width::UnicodeWidthStr;

use crate::cli::terminal::color::Paint;
use crate::cli::terminal::printable::Printable;

/// Spaces between two columns.
const GAP: usize = 2;

/// The fewest columns that are worth a cell that is cut.
const SHORTEST: usize = 10;

/// A column: its title, and on which side its cells line up.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    title: &'static str,
    right: bool,
}

impl Column {
    /// A column of words.
    pub const fn left(title: &'static str) -> Self {
        Self { title, right: false }
    }

    /// A column of numbers.
    pub const fn right(title: &'static str) -> Self {
        Self { title, right: true }
    }
}

/// Rows of cells below titles. Cells may hold anything: what a terminal could obey becomes visible.
#[derive(Debug, Clone)]
pub struct Table<const N: usize> {
    columns: [Column; N],
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// An empty table.
    pub fn new(columns: [Column; N]) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row.
    pub fn push(&mut self, row: [String; N]) {
        self.rows.push(row.map(|cell| Printable(cell).to_string()));
    }

    /// The lines to print, without spaces at their ends.
    pub fn lines(&self, paint: Paint) -> Vec<String> {
        let titles = self.columns.map(|column| column.title.to_owned());
        let widths = self.widths(&titles);
        let head = paint.head(&self.line(&titles, &widths));
        std::iter::once(head).chain(self.rows.iter().map(|row| self.line(row, &widths))).collect()
    }

    /// The same, the last column cut where a line would be longer than `width`. What stands before it stays complete.
    pub fn lines_within(&self, width: usize, paint: Paint) -> Vec<String> {
        let mut cut = self.clone();
        let widths = self.widths(&self.columns.map(|column| column.title.to_owned()));
        let before: usize = widths.iter().take(N.saturating_sub(1)).map(|width| width + GAP).sum();
        let room = width.saturating_sub(before).max(SHORTEST);
        for cell in cut.rows.iter_mut().filter_map(|row| row.last_mut()) {
            *cell = within(cell, room);
        }
        cut.lines(paint)
    }

    fn widths(&self, titles: &[String; N]) -> [usize; N] {
        let mut widths = [0; N];
        for row in std::iter::once(titles).chain(&self.rows) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        widths
    }

    fn line(&self, row: &[String; N], widths: &[usize; N]) -> String {
        let mut line = String::new();
        for ((cell, column), width) in row.iter().zip(&self.columns).zip(widths) {
            let padding = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = if column.right { (padding.as_str(), "") } else { ("", padding.as_str()) };
            line.extend([before, cell, after, &" ".repeat(GAP)]);
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// The beginning of a text that has room in so many columns.
fn within(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        cut.push(c);
        if cut.width() >= room {
            cut.pop();
            break;
        }
    }
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_is_cut_where_a_line_has_no_room() {
        let mut table = Table::new([Column::left("Title"), Column::left("People")]);
        table.push(["A title that stays whole".into(), "Anna, 安娜的手机, Ben".into()]);
        let lines = table.lines_within(36, Paint::off());
        assert_eq!(lines[1], "A title that stays whole  Anna, 安…");
        assert!(lines[1].width() <= 36);
        assert_eq!(table.lines_within(200, Paint::off()), table.lines(Paint::off()));
        assert_eq!(table.lines_within(0, Paint::off())[1], "A title that stays whole  Anna, 安…");
    }

    #[test]
    fn columns_line_up_in_any_script() {
        let mut table = Table::new([Column::left("Device"), Column::right("Size"), Column::left("Date")]);
        table.push(["Anna".into(), "1.20 GB".into(), "2024-01-31".into()]);
        table.push(["安娜的手机".into(), "9 B".into(), "-".into()]);
        assert_eq!(
            table.lines(Paint::off()),
            ["Device         Size  Date", "Anna        1.20 GB  2024-01-31", "安娜的手机      9 B  -"]
        );
    }

    #[test]
    fn cells_cannot_break_the_table() {
        let mut table = Table::new([Column::left("Name")]);
        table.push(["a\nb\u{1b}".into()]);
        assert_eq!(table.lines(Paint::off()), ["Name", "a\\u{a}b\\u{1b}"]);
    }
}
