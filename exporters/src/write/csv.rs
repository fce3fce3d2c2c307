//! Tables as CSV (RFC 4180), for people who open them in a spreadsheet and for programs that read a fixed layout.
//!
//! A spreadsheet runs what looks like a formula (OWASP, *CSV injection*), so text from a backup gets a `'` in front
//! where it begins with `= + - @`, a tab or a carriage return. Telephone numbers stay as they are: a value of `+`,
//! digits, spaces and `()-` alone computes nothing that anybody could misuse.

use std::borrow::Cow;
use std::io::{self, Write};

/// What makes Excel read a file as UTF-8. Every other spreadsheet knows it too.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A table that is being written, one row at a time. Lines end with CR LF, cells are quoted where they must be.
pub struct CsvTable<W: Write> {
    writer: csv::Writer<W>,
    is_for_people: bool,
}

impl<W: Write> CsvTable<W> {
    /// Begins a table for people: with a byte order mark, and with every cell safe to open in a spreadsheet.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn for_people(mut writer: W, header: &[&str]) -> io::Result<Self> {
        writer.write_all(BYTE_ORDER_MARK.as_bytes())?;
        Self::begin(writer, header, true)
    }

    /// Begins a table in a layout that programs read: values stay exactly what they are.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn for_programs(writer: W, header: &[&str]) -> io::Result<Self> {
        Self::begin(writer, header, false)
    }

    /// Goes on with a table for people whose beginning is elsewhere: rows alone.
    pub fn continuing(writer: W) -> Self {
        Self { writer: lines(writer), is_for_people: true }
    }

    fn begin(writer: W, header: &[&str], is_for_people: bool) -> io::Result<Self> {
        let mut writer = lines(writer);
        writer.write_record(header)?;
        Ok(Self { writer, is_for_people })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> io::Result<()> {
        for cell in cells {
            match self.is_for_people {
                true => self.writer.write_field(&*safe_cell(cell.as_ref()))?,
                false => self.writer.write_field(cell.as_ref())?,
            }
        }
        // A record without fields ends the one that its fields have begun.
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// Hands on the rows that are still gathered.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    /// Where the rows go. Those since the last [`flush`](Self::flush) may not be there yet.
    pub fn writer(&self) -> &W {
        self.writer.get_ref()
    }

    /// Ends the table and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(|error| error.into_error())
    }
}

fn lines<W: Write>(writer: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(writer)
}

/// A cell that no spreadsheet takes for a formula.
pub fn safe_cell(text: &str) -> Cow<'_, str> {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    match is_formula && !is_number(text) {
        true => Cow::Owned(format!("'{text}")),
        false => Cow::Borrowed(text),
    }
}

/// Whether a value is made of what telephone numbers are made of, and holds a digit.
fn is_number(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '(' | ')' | '-');
    text.chars().all(is_part) && text.contains(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(csv: impl FnOnce(Vec<u8>) -> io::Result<CsvTable<Vec<u8>>>, rows: &[&[&str]]) -> String {
        let mut csv = csv(Vec::new()).unwrap();
        rows.iter().for_each(|row| csv.row(*row).unwrap());
        String::from_utf8(csv.finish().unwrap()).unwrap()
    }

    #[test]
    fn what_looks_like_a_formula_becomes_text() {
        for formula in ["=1+1", "+SUM(A1)", "-2+3*cmd", "@x", "\tx", "\rx", "-", "+1 555 010=1"] {
            assert_eq!(safe_cell(formula), format!("'{formula}"));
        }
        for plain in ["+49 (170) 123-45", "-1", "Anna", "", " =1", "'x", "1-2"] {
            assert_eq!(safe_cell(plain), plain);
        }
    }

    #[test]
    fn cells_keep_their_text_through_a_reader() {
        let hostile: &[&str] = &["a\"b", "c,d", "e\r\nf", "", "Zoë 🎈", "+4917012345"];
        let text = rows(|writer| CsvTable::for_people(writer, &["1", "2", "3", "4", "5", "6"]), &[hostile]);
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap();
        let read: Vec<_> = csv::Reader::from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].iter().collect::<Vec<_>>(), hostile);
    }

    #[test]
    fn a_layout_for_programs_is_left_alone() {
        let text = rows(|writer| CsvTable::for_programs(writer, &["a", "b"]), &[&["=1", "-x"], &["", ""]]);
        assert_eq!(text, "a,b\r\n=1,-x\r\n,\r\n");
    }
}
