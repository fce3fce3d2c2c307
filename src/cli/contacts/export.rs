//! Contacts as files.

use std::ops::ControlFlow;

use corer_exporters::contacts::{self, Options, export};
use corer_exporters::output::{Report, SafePath};

use super::{ContactsArgs, Format, Job, preview};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::interrupt::Stoppable;
use crate::cli::kind::Beside;
use crate::cli::output::{Output, conclude};
use crate::cli::progress::Unit;
use crate::cli::{human, interrupt};

/// Every format, in the order in which they are named.
const ALL: [Format; 4] = [Format::Vcf, Format::Csv, Format::Html, Format::Jsonl];

/// Writes the contacts.
///
/// # Errors
/// When the output cannot be written.
pub fn run(
    args: &ContactsArgs,
    job: &Job,
    output: &Output,
    beside: Beside,
    console: &Console,
) -> Result<Exit, Failure> {
    if output.is_stdout() || output.is_single() {
        let format = one_format(args, output, console)?;
        return match (args.output.dry_run, output.is_stdout()) {
            (true, _) => dry_run(job, output, console),
            (_, true) => preview::stream(args, format, job, beside, console),
            (_, false) => to_file(args, format, job, output, beside, console),
        };
    }
    if args.output.dry_run {
        output.check()?;
        return dry_run(job, output, console);
    }
    to_tree(args, job, output, beside, console)
}

/// Writes a folder or an archive.
fn to_tree(
    args: &ContactsArgs,
    job: &Job,
    output: &Output,
    beside: Beside,
    console: &Console,
) -> Result<Exit, Failure> {
    // From here on, an interruption ends the work in order, so that no temporary file stays.
    let hold = interrupt::hold();
    let tree = output.tree()?;
    let progress = console.progress("Contacts", Unit::Items, Some(job.contacts.len() as u64));
    let told = |done: u64| {
        progress.reach(done);
        if interrupt::requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let mut kind = export(job.book(), &options(args, job), &tree, &told)?;
    beside.add_to(&mut kind);
    let mut report = Report::new(job.about.clone());
    report.kinds.push(kind);
    report.write(&tree)?;
    interrupt::check()?;
    tree.finish()?;
    drop((progress, hold));
    tell_merged(job, console);
    conclude(&report, output, args.output.strict, console)
}

/// Writes one file.
fn to_file(
    args: &ContactsArgs,
    format: Format,
    job: &Job,
    output: &Output,
    beside: Beside,
    console: &Console,
) -> Result<Exit, Failure> {
    output.check()?;
    let hold = interrupt::hold();
    let mut file = Stoppable(output.single()?);
    let written = contacts::single(job.book(), kind_of(format), &options(args, job), &mut file);
    interrupt::check()?;
    let mut kind = written.map_err(|error| Failure::io(format!("{} could not be written.", output.place()), &error))?;
    file.0.finish()?;
    drop(hold);
    beside.add_to(&mut kind);
    let mut report = Report::new(job.about.clone());
    report.kinds.push(kind);
    tell_merged(job, console);
    conclude(&report, output, args.output.strict, console)
}

/// What the exporters are told.
pub fn options(args: &ContactsArgs, job: &Job) -> Options {
    let formats = if args.format.is_empty() { &ALL[..] } else { &args.format };
    Options {
        about: job.about.clone(),
        zone: job.zone.time_zone().clone(),
        base: SafePath::root(),
        formats: formats.iter().copied().map(kind_of).collect(),
        version: args.vcard.into(),
        is_split: args.split,
        layout: args.layout.into(),
    }
}

/// The format as the exporters call it.
pub fn kind_of(format: Format) -> contacts::Format {
    match format {
        Format::Vcf => contacts::Format::Vcard,
        Format::Csv => contacts::Format::Csv,
        Format::Html => contacts::Format::Html,
        Format::Jsonl => contacts::Format::Jsonl,
    }
}

/// Says which contacts were merged.
pub fn tell_merged(job: &Job, console: &Console) {
    for merged in &job.merged {
        let of: Vec<String> = merged.of.iter().map(|(name, id)| format!("{name} (card {id})")).collect();
        console.note(format_args!("Merged into {}: {}.", merged.name, of.join(", ")));
    }
}

/// The one format of one file or stream: that of its name, else the one that was asked for.
fn one_format(args: &ContactsArgs, output: &Output, console: &Console) -> Result<Format, Failure> {
    let named = ALL.into_iter().find(|format| output.extension().as_deref() == Some(extension(*format)));
    let asked = match args.format.as_slice() {
        [one] => Some(*one),
        [] if output.is_stdout() && console.is_json() => Some(Format::Jsonl),
        [] if output.is_stdout() => Some(Format::Vcf),
        [] => named,
        _ => None,
    };
    let format = asked.filter(|asked| named.is_none_or(|named| named == *asked));
    format.filter(|_| !args.split).ok_or_else(|| {
        Failure::usage("This is one file, and takes one format.")
            .hint("For every format, or a file for each card: corer contacts -o FOLDER")
            .hint("For one: corer contacts -o contacts.vcf, or -f csv -o -")
    })
}

fn extension(format: Format) -> &'static str {
    match format {
        Format::Vcf => "vcf",
        Format::Csv => "csv",
        Format::Html => "html",
        Format::Jsonl => "jsonl",
    }
}

fn dry_run(job: &Job, output: &Output, console: &Console) -> Result<Exit, Failure> {
    if !output.is_stdout() {
        output.check()?;
    }
    let mut answer = console.answer();
    let contacts = job.contacts.len() as u64;
    if console.is_json() {
        answer.json_document("plan", &Plan { contacts })?;
    } else {
        let contacts = human::count(contacts, "contact", "contacts");
        answer.line(format_args!("Would write {contacts} to {}.", output.place()))?;
    }
    answer.finish()?;
    Ok(Exit::Done)
}

/// What would be written, for programs.
#[derive(serde::Serialize)]
struct Plan {
    contacts: u64,
}
