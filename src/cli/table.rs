//! Tables for people: columns that line up in any script.

use unicode_width::UnicodeWidthStr;

use super::color::Paint;
use super::printable::Printable;

/// Spaces between two columns.
const GAP: usize = 2;

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

#[cfg(test)]
mod tests {
    use super::*;

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
