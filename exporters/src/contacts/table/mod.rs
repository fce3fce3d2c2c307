//! Contacts as a table: for people (`people`), and in the layouts that other programs import.

mod google;
mod imazing;
mod outlook;
mod people;

use std::io::{self, Write};

use corer_schemas::contacts::{Contact, Label, Labelled};
use jiff::tz::TimeZone;

use crate::saved::Kept;
use crate::write::csv::CsvTable;

/// More values of a kind than this share the last cell.
const MOST: usize = 12;

/// Who the table is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Layout {
    /// People: safe to open in a spreadsheet, with everything.
    #[default]
    People,
    /// Google Contacts.
    Google,
    /// Outlook.
    Outlook,
    /// Programs that read what iMazing writes.
    Imazing,
}

/// A table that is being written.
pub struct Table<W: Write> {
    csv: CsvTable<W>,
    layout: Layout,
    widths: Widths,
    zone: TimeZone,
}

/// How many values of a kind the fullest contact has: so many columns there are.
#[derive(Debug, Clone, Copy, Default)]
struct Widths {
    phones: usize,
    emails: usize,
    addresses: usize,
    urls: usize,
    dates: usize,
    related: usize,
    others: usize,
}

impl Widths {
    fn of(contacts: &[Kept<Contact>]) -> Self {
        let most = |count: fn(&Contact) -> usize| {
            contacts.iter().map(|contact| count(contact)).max().unwrap_or_default().min(MOST)
        };
        Self {
            phones: most(|contact| contact.phones.len()),
            emails: most(|contact| contact.emails.len()),
            addresses: most(|contact| contact.addresses.len()),
            urls: most(|contact| contact.urls.len()),
            dates: most(|contact| contact.dates.len()),
            related: most(|contact| contact.related.len()),
            others: most(|contact| google::custom(contact).len()),
        }
    }
}

impl<W: Write> Table<W> {
    /// Begins the table of these contacts.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn begin(writer: W, layout: Layout, contacts: &[Kept<Contact>], zone: &TimeZone) -> io::Result<Self> {
        let widths = Widths::of(contacts);
        let header = match layout {
            Layout::People => people::header(widths),
            Layout::Google => google::header(widths),
            Layout::Outlook => outlook::HEADER.map(str::to_owned).to_vec(),
            Layout::Imazing => imazing::HEADER.map(str::to_owned).to_vec(),
        };
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let csv = match layout {
            Layout::People => CsvTable::for_people(writer, &header)?,
            _ => CsvTable::for_programs(writer, &header)?,
        };
        Ok(Self { csv, layout, widths, zone: zone.clone() })
    }

    /// Writes the row of a contact; `photos` is where its pictures lie, its own first.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn contact(&mut self, contact: &Contact, photos: &[&str]) -> io::Result<()> {
        let row = match self.layout {
            Layout::People => people::row(contact, self.widths, photos, &self.zone),
            Layout::Google => google::row(contact, self.widths),
            Layout::Outlook => outlook::row(contact),
            Layout::Imazing => imazing::row(contact),
        };
        self.csv.row(row)
    }

    /// Ends the table and gives the writer back.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(self) -> io::Result<W> {
        self.csv.finish()
    }
}

/// A text or nothing.
fn some(text: &Option<String>) -> String {
    text.clone().unwrap_or_default()
}

/// So many values of a kind as label and text; what is too much shares the last, `between` them.
fn pairs<'v, T>(
    values: &'v [Labelled<T>],
    width: usize,
    between: &str,
    text: impl Fn(&T) -> String,
) -> Vec<(Option<&'v Label>, String)> {
    let mut pairs: Vec<(Option<&'v Label>, String)> = Vec::with_capacity(width);
    for value in values {
        let is_full = pairs.len() == width;
        match pairs.last_mut() {
            Some((_, last)) if is_full => {
                last.push_str(between);
                last.push_str(&text(&value.value));
            }
            _ => pairs.push((value.label.as_ref(), text(&value.value))),
        }
    }
    pairs.resize_with(width.max(pairs.len()), || (None, String::new()));
    pairs
}
