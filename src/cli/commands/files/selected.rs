//! The entries that the patterns of a command take.

use std::fmt;

use corer_schemas::{EntryKind, Skipped};
use serde::Serialize;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::input::items::{self, Item, Unlisted};
use crate::cli::input::patterns::Patterns;
use crate::cli::input::session::Session;
use crate::cli::sentence::with_full_stop;
use crate::cli::terminal::console::Console;
use crate::cli::terminal::human;

/// How many entries there are of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Files.
    pub files: u64,
    /// Directories.
    pub directories: u64,
    /// Symbolic links.
    pub links: u64,
}

impl Counts {
    fn add(&mut self, kind: EntryKind) {
        match kind {
            EntryKind::File => self.files += 1,
            EntryKind::Directory => self.directories += 1,
            EntryKind::Symlink => self.links += 1,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { files, directories, links } = *self;
        write!(f, "{}, ", human::count(files, "file", "files"))?;
        write!(f, "{}, ", human::count(directories, "directory", "directories"))?;
        f.write_str(&human::count(links, "link", "links"))
    }
}

/// What a walk over the entries found.
pub struct WalkSummary {
    /// How many were taken.
    pub counts: Counts,
    /// What was asked for and could not be listed.
    pub problems: Vec<Skipped>,
    /// What could not be listed, and nobody can say whether it was asked for: not even its name can be read.
    pub doubts: Vec<Skipped>,
}

impl WalkSummary {
    /// The exit code of a command that only looks. Says what could not be listed.
    pub fn conclude(&self, console: &Console) -> Exit {
        for Skipped { item, why, .. } in &self.problems {
            console.detail(format_args!("{item}: {why}"));
        }
        for Skipped { item, why, .. } in &self.doubts {
            console.note(format_args!("{item}: {why}. Whether it was asked for cannot be told."));
        }
        if self.problems.is_empty() {
            return Exit::Done;
        }
        let records = human::count(self.problems.len() as u64, "record", "records");
        console.warn(format_args!("{records} could not be read (-v says which)."));
        Exit::Incomplete
    }
}

/// Calls `each` with every entry that the patterns take, and its name, in order.
///
/// # Errors
/// What `each` fails with, and [`Exit::NothingMatched`] when there was nothing to call it with.
pub fn for_each<'s>(
    session: &'s Session,
    patterns: &[String],
    console: &Console,
    mut each: impl FnMut(&str, &Item<'s>) -> Result<(), Failure>,
) -> Result<WalkSummary, Failure> {
    let mut patterns = Patterns::new(patterns)?;
    let (items, lost) = items::all(session);
    let mut walk = WalkSummary { counts: Counts::default(), problems: Vec::new(), doubts: Vec::new() };
    let mut name = String::new();
    for item in items {
        item.write_name(&mut name);
        if patterns.take(&name) {
            walk.counts.add(item.kind);
            each(&name, &item)?;
        }
    }
    for Unlisted { skipped, name, is_folder } in lost {
        let is_asked =
            |name: &str, patterns: &mut Patterns| patterns.take(name) || (is_folder && patterns.may_be_below(name));
        match name {
            Some(name) if is_asked(&name, &mut patterns) => walk.problems.push(skipped),
            Some(_) => {}
            None if patterns.take_everything() => walk.problems.push(skipped),
            None => walk.doubts.push(skipped),
        }
    }
    if walk.counts == Counts::default() {
        return Err(nothing_taken(&walk, session));
    }
    for pattern in patterns.without_match() {
        console.warn(format_args!("Nothing matches {pattern}"));
    }
    Ok(walk)
}

/// Nothing was there to be taken: because nothing matches, or because what matches could not be listed.
fn nothing_taken(walk: &WalkSummary, session: &Session) -> Failure {
    match walk.problems.first() {
        Some(Skipped { item, why, .. }) => Failure::new(Exit::Incomplete, "What matches cannot be read.")
            .because(with_full_stop(&format!("{item}: {why}")))
            .hint("corer verify tells more."),
        // Every name that is lost can be read, and none is asked for.
        None if walk.doubts.is_empty() => nothing_matched(),
        None => session.or_unreadable(nothing_matched()),
    }
}

fn nothing_matched() -> Failure {
    Failure::new(Exit::NothingMatched, "Nothing in this backup matches.")
        .hint("To see what there is: corer files ls")
        .hint("Patterns are `Domain/path`; put them in quotes, or the shell takes them for its own.")
}
