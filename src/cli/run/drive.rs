//! Carrying out a command of one kind once its records are chosen: shown in the terminal, as a stream for programs, as one
//! file, or as a tree of files with its report.

use std::io::{self, Write};
use std::ops::ControlFlow;

use corer_exporters::output::report::About;
use corer_exporters::output::{ExportError, KindReport, Report, SafePath, Tree};
use corer_schemas::Kind;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::args::OutputArgs;
use crate::cli::run::kind::Beside;
use crate::cli::run::output::{Output, conclude, exit_of};
use crate::cli::terminal::console::{Answer, Console};
use crate::cli::terminal::human;
use crate::cli::terminal::interrupt::{self, Stoppable};
use crate::cli::terminal::json::Lines;
use crate::cli::terminal::progress::{Progress, Unit};

/// The format that `--json` prints.
const JSON_LINES: &str = "jsonl";

/// Who hears how many records are done, and can stop the writing.
pub type Told<'t> = dyn Fn(u64) -> ControlFlow<()> + Sync + 't;

/// Records of one kind that can be written into a tree.
pub trait Records {
    /// How many there are, where that is known without reading them; of a choice it shows only at the end.
    fn total(&self) -> Option<u64>;

    /// Whether names come from the address book, so that the report says what of it is not there.
    fn takes_names(&self) -> bool {
        true
    }

    /// Writes them into a folder of a tree. `told` hears how many are done, and can stop it.
    ///
    /// # Errors
    /// When the tree cannot be written, and when it was stopped.
    fn write(&self, base: &SafePath, tree: &Tree, told: &Told<'_>) -> Result<KindReport, ExportError>;
}

/// Chosen records of one kind, in everything that a command does with them.
pub trait Job: Records {
    /// The kind that they are of.
    fn kind(&self) -> &'static Kind;

    /// What the run is about.
    fn about(&self) -> &About;

    /// Prints them for people.
    ///
    /// # Errors
    /// Those of writing to stdout.
    fn show(&self, answer: &mut Answer) -> Result<KindReport, Failure>;

    /// Writes them in a format of one stream, known by its extension.
    ///
    /// # Errors
    /// Those of `to`.
    fn stream(&self, format: &str, to: &mut (dyn Write + Send)) -> io::Result<KindReport>;

    /// Says that no record matches.
    fn nothing_matched(&self) -> Failure;
}

/// How the records are wanted.
pub struct How<'a> {
    /// Where they go; nowhere is the terminal.
    pub output: Option<Output>,
    /// What was typed about it.
    pub args: &'a OutputArgs,
    /// The formats that were asked for, by their extensions.
    pub formats: Vec<&'static str>,
    /// The formats that are one file each.
    pub one_file: &'static [&'static str],
}

/// Shows or writes what was chosen.
///
/// # Errors
/// When nothing matched, and when it cannot be written.
pub fn carry_out(job: &dyn Job, how: How<'_>, beside: Beside, console: &Console) -> Result<Exit, Failure> {
    let strict = how.args.strict;
    let Some(output) = &how.output else { return preview(job, beside, strict, console) };
    let is_stream = output.is_stdout() || output.is_single();
    let format = if is_stream { Some(how.one_format(output, console)?) } else { None };
    if how.args.dry_run {
        if !output.is_stdout() {
            output.check()?;
        }
        return dry_run(job, output, console);
    }
    match format {
        Some(format) if output.is_stdout() => to_stdout(job, format, beside, strict, console),
        Some(format) => to_file(job, format, output, beside, strict, console),
        None => to_tree(job, output, beside, strict, console),
    }
}

impl How<'_> {
    /// The one format that goes to a stream: that of the file's name, or the one that was asked for.
    fn one_format(&self, output: &Output, console: &Console) -> Result<&'static str, Failure> {
        let known = |name: &str| self.one_file.iter().find(|known| **known == name).copied();
        let named = output.extension().and_then(|extension| known(&extension));
        match (self.formats.as_slice(), named) {
            ([], Some(named)) => Ok(named),
            ([asked], Some(named)) if *asked == named => Ok(named),
            ([asked], None) if known(asked).is_some() => Ok(*asked),
            ([], None) if console.is_json() => Ok(JSON_LINES),
            (_, Some(named)) => Err(Failure::usage(format!("The name ends in .{named}, and -f says something else."))),
            _ => Err(Failure::usage("One stream takes one format that is one file.")
                .hint(format!("Say which with -f: {}", self.one_file.join(", ")))),
        }
    }
}

fn preview(job: &dyn Job, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    if console.is_json() {
        return to_stdout(job, JSON_LINES, beside, strict, console);
    }
    let mut answer = console.answer();
    let kind = job.show(&mut answer)?;
    answer.finish()?;
    tell(job, kind, beside, strict, console)
}

fn to_stdout(job: &dyn Job, format: &str, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    let streamed = match format {
        JSON_LINES => job.stream(format, &mut Lines::new(answer.stream())),
        _ => job.stream(format, answer.stream()),
    };
    let kind = streamed.map_err(|error| Failure::stdout(&error))?;
    answer.finish()?;
    tell(job, kind, beside, strict, console)
}

/// Says what of it is not there, beside an answer on stdout.
fn tell(job: &dyn Job, mut kind: KindReport, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    if let Some(names) = &beside.names {
        console.warn(format_args!("{}: {}", names.item, names.why));
    }
    tell_notes(&kind, console);
    beside.add_to(&mut kind);
    for item in &kind.skipped {
        console.warn(format_args!("{}: {}", item.item, item.why));
    }
    let mut report = Report::new(job.about().clone());
    report.kinds.push(kind);
    match exit_of(&report, strict) {
        Exit::NothingMatched => Err(job.nothing_matched()),
        exit => Ok(exit),
    }
}

fn to_file(
    job: &dyn Job,
    format: &str,
    output: &Output,
    beside: Beside,
    strict: bool,
    console: &Console,
) -> Result<Exit, Failure> {
    // From here on, an interruption ends the work in order, so that no temporary file stays.
    let hold = interrupt::hold();
    let mut file = Stoppable(output.single()?);
    let streamed = job.stream(format, &mut file);
    interrupt::check()?;
    let cannot = |error| Failure::io(format!("{} could not be written.", output.place()), &error);
    let mut kind = streamed.map_err(cannot)?;
    file.0.finish()?;
    drop(hold);
    tell_notes(&kind, console);
    beside.add_to(&mut kind);
    let mut report = Report::new(job.about().clone());
    report.kinds.push(kind);
    conclude(&report, output, strict, console)
}

fn to_tree(job: &dyn Job, output: &Output, beside: Beside, strict: bool, console: &Console) -> Result<Exit, Failure> {
    let hold = interrupt::hold();
    let tree = output.tree()?;
    let progress = console.progress(job.kind().title, Unit::Items, job.total());
    let mut kind = job.write(&SafePath::root(), &tree, &|done| watch(&progress, done))?;
    tell_notes(&kind, console);
    beside.add_to(&mut kind);
    let mut report = Report::new(job.about().clone());
    report.kinds.push(kind);
    report.write(&tree)?;
    interrupt::check()?;
    tree.finish()?;
    drop((progress, hold));
    conclude(&report, output, strict, console)
}

/// So many pairs of records that may be the same are shown in the terminal.
const MOST_PAIRS: usize = 20;

/// Says what the records have to say of themselves, such as who was merged.
fn tell_notes(kind: &KindReport, console: &Console) {
    kind.notes.iter().for_each(|note| console.note(note));
    let pairs = &kind.may_be_same;
    for pair in pairs.iter().take(MOST_PAIRS) {
        console.note(format_args!("May be the same, and left apart: {pair}."));
    }
    if pairs.len() > MOST_PAIRS {
        let more = pairs.len() - MOST_PAIRS;
        console
            .note(format_args!("{more} more pairs may be the same; the report of an export into a folder lists them."));
    }
}

/// Shows how much is done, and stops if that was asked for.
pub fn watch(progress: &Progress, done: u64) -> ControlFlow<()> {
    progress.reach(done);
    if interrupt::requested() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

fn dry_run(job: &dyn Job, output: &Output, console: &Console) -> Result<Exit, Failure> {
    let mut answer = console.answer();
    let total = job.total();
    if console.is_json() {
        answer.json_document("plan", &Plan { records: total })?;
    } else {
        let (one, many) = job.kind().nouns;
        let records = total.map_or_else(|| many.to_owned(), |total| human::count(total, one, many));
        answer.line(format_args!("Would write at the most {records} to {}.", output.place()))?;
    }
    answer.finish()?;
    Ok(Exit::Done)
}

/// What would be written, for programs.
#[derive(serde::Serialize)]
struct Plan {
    records: Option<u64>,
}
