//! Contacts in the terminal.

use corer_exporters::contacts::text;
use corer_schemas::contacts::Contact;

use crate::cli::failure::Failure;
use crate::cli::terminal::console::Answer;
use crate::cli::terminal::printable::Printable;
use crate::cli::terminal::table::{Column, Table};

/// A choice of so many contacts at most is shown card by card; more are a table.
const CARDS: usize = 20;

/// The widest that the names of fields are set.
const WIDEST: usize = 24;

/// Prints contacts: a few in full, many as a table.
///
/// # Errors
/// Those of writing to stdout.
pub fn show(contacts: &[Contact], is_choice: bool, answer: &mut Answer) -> Result<(), Failure> {
    if is_choice && contacts.len() <= CARDS {
        return contacts.iter().try_for_each(|contact| card(contact, answer));
    }
    let mut table = Table::new(["Name", "Phone", "Mail", "Organisation"].map(Column::left));
    for contact in contacts {
        let [phone, mail, organization] = text::summary(contact);
        table.push([text::title(contact), phone, mail, organization]);
    }
    answer.table(&table)
}

/// Prints one contact: its name, and a line for each field.
fn card(contact: &Contact, answer: &mut Answer) -> Result<(), Failure> {
    let title = Printable(text::title(contact)).to_string();
    answer.line(answer.paint().head(&title))?;
    let card = text::card(contact);
    let width = card.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default().min(WIDEST);
    for (name, value) in card {
        let mut name = Printable(name).to_string();
        for line in value.lines().map(|line| line.replace('\t', "    ")) {
            answer.line(format_args!("  {name:width$}  {}", Printable(line)))?;
            name.clear();
        }
    }
    answer.line("")
}
