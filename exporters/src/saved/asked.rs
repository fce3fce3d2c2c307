//! What a run asks of the folder that it writes into.

use std::path::Path;

use corer_schemas::Kind;

use super::error::Losses;
use super::head::Taken;
use super::record::IdentifiedFeed;
use crate::output::AppliedFilter;

/// What a run asks of the folder that it writes into.
#[derive(Clone)]
pub struct Asked<'a> {
    /// The version of corer.
    pub corer_version: &'a str,
    /// The backup.
    pub backup: Taken,
    /// The arguments that choose records and say how they are written.
    pub choice: Vec<AppliedFilter>,
    /// What to do with what is there.
    pub mode: Mode<'a>,
    /// Whether a backup of another device is of the same person.
    pub is_same_person: bool,
}

/// What to do with what a folder holds.
#[derive(Clone, Copy)]
pub enum Mode<'a> {
    /// It holds nothing yet.
    New,
    /// It is kept, and what is new is added.
    Update,
    /// It is written anew, if nothing is lost by that.
    Overwrite,
    /// It is made equal to the backup, once somebody agrees to lose what the backup lacks.
    Mirror(&'a dyn Fn(&Losses) -> bool),
}

/// What the records of a kind need to be remembered.
pub struct Subject<'a, R> {
    /// The kind.
    pub kind: &'static Kind,
    /// Those that are asked for.
    pub chosen: &'a dyn IdentifiedFeed<R>,
    /// All of them, where not all are asked for.
    pub all: Option<&'a dyn IdentifiedFeed<R>>,
    /// A record in a line of text.
    pub describe: &'a dyn Fn(&R) -> String,
    /// The records that an older corer wrote into a folder, where it remembers nothing.
    pub adopt: &'a dyn Fn(&Path) -> Option<Vec<R>>,
}
