//! Tables: read back as they were written, and no cell of one for people begins a formula.

use corer_exporters::write::csv::CsvTable;

/// Whether a spreadsheet takes a cell for a formula; plain phone numbers are left as they are.
fn is_formula(cell: &str) -> bool {
    let is_number = cell.chars().all(|c| c.is_ascii_digit() || "+ ()-".contains(c));
    cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number
}

pub fn run(bytes: &[u8]) {
    let text = super::text(bytes);
    let cells: Vec<&str> = text.split('\u{1}').collect();
    let header = vec!["h"; cells.len()];
    let written = |is_for_people: bool| {
        let sheet = match is_for_people {
            true => CsvTable::for_people(Vec::new(), &header),
            false => CsvTable::for_programs(Vec::new(), &header),
        };
        let mut sheet = sheet.expect("memory takes everything");
        sheet.row(&cells).expect("memory takes everything");
        sheet.finish().expect("memory takes everything")
    };
    let read = |bytes: &[u8]| -> Vec<String> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut rows = csv::ReaderBuilder::new().from_reader(bytes).into_records().map(|row| row.expect("a row"));
        let row = rows.next().expect("the row");
        assert!(rows.next().is_none(), "one row");
        row.iter().map(str::to_owned).collect()
    };
    assert_eq!(read(&written(false)), cells);
    let for_people = read(&written(true));
    for (cell, original) in for_people.iter().zip(&cells) {
        assert!(!is_formula(cell), "{cell:?}");
        assert!(cell == original || cell.strip_prefix('\'') == Some(original), "{original:?} became {cell:?}");
    }
}
