//! What an export remembers, as the command line asks for it: what was chosen before, what is kept, what may be lost.

use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use corer_exporters::output::AppliedFilter;
use corer_exporters::saved::{Asked, Losses, Memory, Mode, Taken};

use crate::cli::failure::Failure;
use crate::cli::input::args::{KeepArgs, OutputArgs};
use crate::cli::input::zone::Zone;
use crate::cli::terminal::console::Console;

/// The argument that names the zone of all times.
pub const ZONE: &str = "tz";

/// What becomes of what an earlier run wrote.
#[derive(Debug, Clone, Default)]
pub struct Keep {
    /// What to do with it.
    pub existing: Existing,
    /// Whether a backup of another device is of the same person.
    pub is_same_person: bool,
    /// Whether it is agreed that what the backup lacks goes.
    pub is_agreed: bool,
    /// Whether somebody was asked already, and agreed.
    pub was_asked: bool,
    /// What was typed that has a bearing on which records are written and how.
    pub choice: Vec<AppliedFilter>,
}

/// What to do with what an earlier run wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Existing {
    /// There is nothing.
    #[default]
    None,
    /// It is brought up to date.
    Update,
    /// It is written anew, if nothing is lost by that.
    Overwrite,
    /// It is made equal to the backup.
    Mirror,
}

impl Keep {
    /// What was asked for.
    pub fn new(output: &OutputArgs, keep: &KeepArgs, typed: &[AppliedFilter], zone: &Zone) -> Self {
        let existing = match (output.update, output.overwrite, keep.mirror) {
            (true, _, _) => Existing::Update,
            (_, true, _) => Existing::Overwrite,
            (_, _, true) => Existing::Mirror,
            _ => Existing::None,
        };
        let mut choice = typed.to_vec();
        // The times of an export are those of one zone, wherever it is brought up to date.
        if !choice.iter().any(|word| word.name == ZONE) {
            choice.push(AppliedFilter::new(ZONE, zone.name()));
            choice.sort_by(|one, other| (&one.name, &one.value).cmp(&(&other.name, &other.value)));
        }
        Self { existing, is_same_person: keep.same_person, is_agreed: keep.yes, was_asked: false, choice }
    }
}

impl Keep {
    /// What to do with what is there, once it is known what would be lost.
    fn mode<'a>(&self, agrees: &'a dyn Fn(&Losses) -> bool) -> Mode<'a> {
        match self.existing {
            Existing::None => Mode::New,
            Existing::Update => Mode::Update,
            Existing::Overwrite => Mode::Overwrite,
            Existing::Mirror => Mode::Mirror(agrees),
        }
    }

    /// What a run with this backup asks of the folder that it writes into.
    pub fn asked<'a>(&self, corer_version: &'a str, backup: Taken, agrees: &'a dyn Fn(&Losses) -> bool) -> Asked<'a> {
        let (choice, is_same_person) = (self.choice.clone(), self.is_same_person);
        Asked { corer_version, backup, choice, mode: self.mode(agrees), is_same_person }
    }

    /// Lists what would be lost, and asks.
    pub fn agrees(&self, losses: &Losses, console: &Console) -> bool {
        if self.was_asked {
            return true;
        }
        console.warn(format_args!("This would remove {losses}:"));
        losses.examples.iter().for_each(|example| console.warn(format_args!("  {example}")));
        let more = losses.records.saturating_sub(losses.examples.len() as u64);
        if more > 0 {
            console.warn(format_args!("  and {more} more"));
        }
        if self.is_agreed {
            return true;
        }
        if console.is_unattended() || !io::stdin().is_terminal() {
            console.warn("Nobody can be asked here; --yes answers the question.");
            return false;
        }
        console.warn("Type yes to remove them for good.");
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer).is_ok_and(|_| answer.trim().eq_ignore_ascii_case("yes"))
    }
}

/// What the folder of a kind is of, where it remembers that.
///
/// # Errors
/// When it is damaged or cannot be read.
pub fn head_of(folder: &Path) -> Result<Option<corer_exporters::saved::Head>, Failure> {
    Ok(Memory::head_of(folder)?)
}

/// Whether the folder of a kind remembers any record.
pub fn remembers(folder: &Path) -> bool {
    folder.join(corer_exporters::saved::FOLDER).join(corer_exporters::saved::FILE).is_file()
}
