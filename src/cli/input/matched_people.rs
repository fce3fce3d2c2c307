//! Whom `--with` means: said on the screen and in the report, and whom it may have meant where it means nobody.

use std::collections::BTreeSet;

use corer_schemas::Selection;
use corer_schemas::handles::HandleQuery;
use corer_schemas::people::{Directory, Person};

use crate::cli::failure::Failure;
use crate::cli::input::nearest::{nearest, quoted};
use crate::cli::terminal::console::Console;

/// How many people are named before the rest is counted.
const NAMED: usize = 10;

/// What `--with` takes.
pub const HINT: &str =
    "--with takes the beginnings of words of a name or address, or a number with or without its country code.";

/// Whom a selection means, and whom it may.
pub struct MatchedPeople {
    flag: &'static str,
    /// One line for each thing that was typed.
    notes: Vec<String>,
    /// What was typed and means nobody, with the names that are near to it.
    unknown: Vec<(String, Vec<String>)>,
}

impl MatchedPeople {
    /// Looks for the people whom `selection` means; `None` where it asks for nobody in particular. `others` are the numbers and
    /// addresses that the records have.
    pub fn of(selection: &Selection, directory: &Directory, others: impl FnOnce() -> BTreeSet<String>) -> Option<Self> {
        (!selection.with.is_empty()).then(|| Self::new(selection, directory, &others()))
    }

    /// Looks for the people whom `selection` means in a directory, and among the other names, numbers and addresses that the
    /// records have.
    fn new(selection: &Selection, directory: &Directory, others: &BTreeSet<String>) -> Self {
        let mut own = Self::nobody("--with");
        let people = directory.asked_for(selection);
        for (asked, meant) in people.meant() {
            let mut names: Vec<String> = meant.map(named).collect();
            // Who has no card is known by a number or address alone.
            let is_new = |other: &&String| asked.means(other) && directory.person_of(other).is_none();
            names.extend(others.iter().filter(is_new).cloned());
            // Only who is in the records: what is suggested must find something.
            let known = others.iter().filter_map(|other| directory.name_of(other));
            own.add(asked, names, known.chain(others.iter().map(String::as_str)));
        }
        own
    }

    /// The same of names alone, such as those of faces. `flag`: what they were asked for by.
    pub fn of_names(flag: &'static str, typed: &[String], names: &BTreeSet<String>) -> Self {
        let mut own = Self::nobody(flag);
        for asked in typed.iter().map(|typed| HandleQuery::new(typed)) {
            let meant = names.iter().filter(|name| asked.means(name)).cloned().collect();
            own.add(&asked, meant, names.iter().map(String::as_str));
        }
        own
    }

    /// Nobody yet. `flag`: what people are asked for by.
    pub fn nobody(flag: &'static str) -> Self {
        Self { flag, notes: Vec::new(), unknown: Vec::new() }
    }

    /// What is said of a flag that names something else than people.
    pub fn said(flag: &'static str, notes: Vec<String>) -> Self {
        Self { notes, ..Self::nobody(flag) }
    }

    /// Adds whom one thing that was typed means; `names` are all that it could have meant.
    pub fn add<'n>(&mut self, asked: &HandleQuery, mut meant: Vec<String>, names: impl Iterator<Item = &'n str>) {
        let mut seen = BTreeSet::new();
        meant.retain(|name| seen.insert(name.clone()));
        let typed = asked.typed();
        if meant.is_empty() {
            self.unknown.push((typed.to_owned(), nearest(typed, names)));
            self.notes.push(nobody(self.flag, typed));
            return;
        }
        let rest = meant.len().saturating_sub(NAMED);
        meant.truncate(NAMED);
        if rest > 0 {
            meant.push(format!("{rest} more"));
        }
        self.notes.push(format!("{} {typed}: {}", self.flag, meant.join(", ")));
    }

    /// What means nobody may be the name of a group.
    pub fn with_groups(mut self, names: &BTreeSet<String>) -> Self {
        let (flag, notes) = (self.flag, &mut self.notes);
        self.unknown.retain(|(typed, _)| {
            let asked = HandleQuery::new(typed);
            let meant: Vec<&str> = names.iter().filter(|name| asked.means_words(name)).map(String::as_str).collect();
            if meant.is_empty() {
                return true;
            }
            let nobody = nobody(flag, typed);
            let said = notes.iter_mut().filter(|note| **note == nobody);
            said.for_each(|note| *note = format!("{flag} {typed}: nobody, but the group {}", meant.join(", ")));
            false
        });
        self
    }

    /// Whether people were asked for, and nothing else.
    pub fn is_of_people(&self) -> bool {
        matches!(self.flag, "--with" | "--person")
    }

    /// Says it.
    pub fn say(&self, console: &Console) {
        self.notes.iter().for_each(|note| console.note(note));
    }

    /// The same for the report.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Adds whom somebody may have meant to what is said where nothing matched: those names that find something.
    pub fn suggest(&self, mut failure: Failure, finds: &dyn Fn(&str) -> bool) -> Failure {
        for name in self.unknown.iter().flat_map(|(_, near)| near).filter(|name| finds(name)) {
            failure = failure.hint(format!("Did you mean: {} {}", self.flag, quoted(name)));
        }
        failure
    }
}

fn nobody(flag: &str, typed: &str) -> String {
    format!("{flag} {typed}: nobody")
}

/// A person with what tells one Anna from the other.
fn named(person: &Person) -> String {
    match person.handles.first().filter(|handle| **handle != person.name) {
        Some(handle) => format!("{} ({handle})", person.name),
        None => person.name.clone(),
    }
}
