//! Why an export cannot be brought up to date.

use std::io;
use std::path::PathBuf;

/// Why what an export remembers cannot be used, or must not be lost. Nothing was touched then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SavedError {
    /// It is damaged, in this line.
    #[error("{}, line {line}: {why}", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// A newer version of corer wrote it.
    #[error("{} was written by corer {version}, which is newer than this one", .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version.
        version: String,
    },
    /// It cannot be read.
    #[error("{} cannot be read: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The folder is of another kind.
    #[error("the folder holds {there}, not {here}")]
    OtherKind {
        /// The kind of the folder.
        there: String,
        /// The kind that was asked for.
        here: String,
    },
    /// The folder is of another device.
    #[error("the folder holds what was on {there}, and this backup is of {here}")]
    OtherDevice {
        /// The device of the folder.
        there: String,
        /// That of the backup.
        here: String,
    },
    /// The folder is of another choice.
    #[error("the folder was made with {there}, and this run asks for {here}")]
    OtherChoice {
        /// The arguments of the folder.
        there: String,
        /// Those of the run.
        here: String,
    },
    /// The folder holds what the backup lacks, and would lose it.
    #[error("the folder holds {0}")]
    WouldLose(Losses),
    /// The folder holds files, and nothing in them that could be remembered.
    #[error("the folder holds nothing that could be brought up to date")]
    NothingKnown,
    /// The backup has less than it had a moment ago.
    #[error("the backup changed while it was read")]
    Changed,
    /// Nobody agreed to lose what the backup lacks.
    #[error("nothing was changed")]
    Declined,
    /// What is to be remembered cannot be written.
    #[error("what the export remembers cannot be written: {0}")]
    Unwritten(#[from] io::Error),
}

/// What would be lost.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    /// How many records.
    pub records: u64,
    /// How many earlier versions of records.
    pub versions: u64,
    /// Of how many records a part, such as a file or a reaction.
    pub parts: u64,
    /// What a record of the kind is called: one, several.
    pub nouns: (&'static str, &'static str),
    /// Some of the records, as lines of text.
    pub examples: Vec<String>,
}

impl Losses {
    /// Whether nothing would be lost.
    pub fn is_nothing(&self) -> bool {
        self.records == 0 && self.versions == 0 && self.parts == 0
    }
}

/// `3 calls, 1 earlier version and parts (such as files or reactions) of 2 calls that this backup lacks`.
impl std::fmt::Display for Losses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count =
            |number: u64, (one, many): (&str, &str)| format!("{number} {}", if number == 1 { one } else { many });
        let parts = count(self.parts, self.nouns);
        let all = [
            (self.records, count(self.records, self.nouns)),
            (self.versions, count(self.versions, ("earlier version", "earlier versions"))),
            (self.parts, format!("parts (such as files or reactions) of {parts}")),
        ];
        let mut words = all.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect::<Vec<_>>();
        let last = words.pop().unwrap_or_else(|| "nothing".to_owned());
        match words.as_slice() {
            [] => write!(f, "{last} that this backup lacks"),
            before => write!(f, "{} and {last} that this backup lacks", before.join(", ")),
        }
    }
}
