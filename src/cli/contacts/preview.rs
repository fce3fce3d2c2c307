//! Contacts in the terminal, or as a stream for programs.

use corer_exporters::contacts::{self, text};
use corer_exporters::output::{KindReport, Report};
use corer_schemas::contacts::Contact;

use super::export::{kind_of, options, tell_merged};
use super::{ContactsArgs, Format, Job, nothing_matched};
use crate::cli::console::{Answer, Console};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json::Lines;
use crate::cli::kind::Beside;
use crate::cli::output::exit_of;
use crate::cli::printable::Printable;
use crate::cli::table::{Column, Table};

/// A choice of so many contacts at the most is shown card by card; more are a table.
const CARDS: usize = 20;

/// Prints the contacts.
///
/// # Errors
/// Those of writing to stdout, and [`Exit::NothingMatched`].
pub fn run(args: &ContactsArgs, job: &Job, beside: Beside, console: &Console) -> Result<Exit, Failure> {
    if console.is_json() {
        return stream(args, Format::Jsonl, job, beside, console);
    }
    let mut answer = console.answer();
    let is_choice = !job.about.filters.is_empty() && job.contacts.len() <= CARDS;
    if is_choice {
        job.contacts.iter().try_for_each(|contact| show(contact, &mut answer))?;
    } else {
        let mut table = Table::new(["Name", "Phone", "Mail", "Organisation"].map(Column::left));
        for contact in &job.contacts {
            let [phone, mail, organization] = text::summary(contact);
            table.push([text::title(contact), phone, mail, organization]);
        }
        let lines = table.lines(answer.paint());
        lines.iter().try_for_each(|line| answer.line(line))?;
    }
    answer.finish()?;
    tell_merged(job, console);
    let mut kind = KindReport::new("contacts");
    (kind.found, kind.exported) = (job.contacts.len() as u64, job.contacts.len() as u64);
    conclude(args, job, kind, beside, console)
}

/// Writes one format to stdout.
///
/// # Errors
/// As for [`run`].
pub fn stream(
    args: &ContactsArgs,
    format: Format,
    job: &Job,
    beside: Beside,
    console: &Console,
) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    let options = options(args, job);
    let written = match format {
        Format::Jsonl => {
            let mut lines = Lines::new(answer.stream());
            contacts::single(job.book(), kind_of(format), &options, &mut lines)
        }
        _ => contacts::single(job.book(), kind_of(format), &options, answer.stream()),
    };
    let kind = written.map_err(|error| Failure::stdout(&error))?;
    answer.finish()?;
    tell_merged(job, console);
    conclude(args, job, kind, beside, console)
}

/// Prints one contact: its name, and a line for each field.
fn show(contact: &Contact, answer: &mut Answer) -> Result<(), Failure> {
    let title = Printable(text::title(contact)).to_string();
    answer.line(answer.paint().head(&title))?;
    let card = text::card(contact);
    let width = card.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default().min(24);
    for (name, value) in card {
        let mut name = Printable(name).to_string();
        for line in value.lines().map(|line| line.replace('\t', "    ")) {
            answer.line(format_args!("  {name:width$}  {}", Printable(line)))?;
            name.clear();
        }
    }
    answer.line("")
}

fn conclude(
    args: &ContactsArgs,
    job: &Job,
    mut kind: KindReport,
    beside: Beside,
    console: &Console,
) -> Result<Exit, Failure> {
    if let Some(pictures) = beside.names.as_ref().filter(|_| args.output.output.is_some()) {
        console.warn(format_args!("{}: {}", pictures.item, pictures.why));
    }
    beside.add_to(&mut kind);
    for item in &kind.skipped {
        console.warn(format_args!("{}: {}", item.item, item.why));
    }
    let mut report = Report::new(job.about.clone());
    report.kinds.push(kind);
    match exit_of(&report, args.output.strict) {
        Exit::NothingMatched => Err(nothing_matched(args)),
        exit => Ok(exit),
    }
}
